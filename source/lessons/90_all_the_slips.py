# ---
# jupyter:
#   coursekit:
#     lesson: "90"
#     title: All the slips
#     topics: []
#     minutes: 30
#     datasets: []
# ---

# %% [markdown]
# # 90 · All the slips
#
# Five sets of lecture slides, deck 000 to 004, are the source of many examples of this course. Like
# everything that people write they contain slips. Here are those of the lessons that exist: what is
# printed, what is right, and a cell that proves it. You do not need the slides, nor to read this
# from top to bottom: look up a lesson, cover the line *Right*, and try to find it yourself.
#
# Slips of three kinds are here: **wrong numbers**, **statements that are not quite so**, and places
# where two slides (or a slide and a library) mean **different things by the same word**.

# %%
import numpy as np

from coursekit import scratch
from coursekit.scratch import KERNELS, conv2d

nine = np.array(
    [
        [1 if mark == "#" else -1 for mark in row]
        for row in [".###.", ".#.#.", ".###.", "...#.", "...#.", "..#..", ".#..."]
    ]
)
face = np.array(
    [
        [int(mark) for mark in row]
        for row in ["0000000", "0100010", "0000000", "0001000", "0100010", "0011100", "0000000"]
    ]
)
flat = np.full((5, 5), 100)
print("ready")

# %% [markdown]
# ## Lesson 01 · Images are arrays

# %% [markdown]
# ### E01 · 24 million weights
#
# Deck 000, *hidden layer neurons*.
#
# - **Printed:** 6 mil * 4 mil = 24 million
# - **Right:** 24 trillion

# %%
weights = 1920 * 1080 * 3 * 4_000_000
print(f"{6_000_000 * 4_000_000:,} with rounded factors, {weights:,} exactly")
assert weights == 24_883_200_000_000

# %% [markdown]
# ### E02 · 7 by 7
#
# Deck 000, *7 by 7 grid*.
#
# - **Printed:** a grid called 7 by 7
# - **Right:** 7 rows and 8 columns, as it is printed

# %%
grid = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 87, 240, 210, 24, 0, 0, 0],
        [0, 13, 0, 101, 195, 0, 0, 0],
        [0, 35, 167, 99, 210, 0, 0, 0],
        [0, 145, 230, 240, 201, 189, 140, 0],
        [0, 0, 102, 67, 17, 13, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
)
print("shape:", grid.shape)
assert grid.shape == (7, 8)

# %% [markdown]
# ### E03 · A column without its first row
#
# Deck 000, *7 by 7 grid*.
#
# - **Printed:** a flattened column that begins 0, 87, 240, 210, 24
# - **Right:** it begins with the first row, eight zeros

# %%
print("first ten:", grid.flatten()[:10].tolist())
assert grid.flatten()[:8].tolist() == [0] * 8

# %% [markdown]
# ### E12 · The largest level
#
# Deck 001, *What is an Image?*.
#
# - **Printed:** $I_{\max - 1}$, the minus one in the index
# - **Right:** $I_{\max} - 1$: with 256 levels the largest is 255

# %%
levels = np.unique(scratch.quantize(np.arange(256, dtype="uint8")[None], 256))
print("levels:", len(levels), " largest:", levels.max())
assert levels.max() == len(levels) - 1

# %% [markdown]
# ### E30 · Two printings of one grid
#
# Deck 003, *How Does Computer See an image??*.
#
# - **Printed:** [1, 7] 57 and 37, [1, 17] 56 and 36, [2, 11] 67 and 87, [2, 15] 5 and 3, [6, 11] 67
#   and 87, [14, 18] 95 and 98
# - **Right:** 57, 56, 67, 3, 67, 98: the grid is that of Problem 11 of Project Euler

# %%
first, second, right = [57, 56, 67, 5, 67, 95], [37, 36, 87, 3, 87, 98], [57, 56, 67, 3, 67, 98]
print(
    "cells in which the printings differ:", sum(a != b for a, b in zip(first, second, strict=True))
)
print("right in the first printing:", sum(a == b for a, b in zip(first, right, strict=True)))
print("right in the second:        ", sum(a == b for a, b in zip(second, right, strict=True)))

# %% [markdown]
# ### E31 · Three readings of one digit
#
# Deck 003, *How Computer sees an image*.
#
# - **Printed:** the same 16 by 16 digit three times. Rows 0 to 2 of the second reading begin one
#   column further left than in the first, rows 13 and 14 differ in single cells, and the third has
#   17 rows and leaves the bright cells empty
# - **Right:** it cannot be settled from the slides. The second reading is the more likely one:
#   there the middle of the stroke never moves by more than a column from one row to the next

# %%
first = [
    {9: 0.9, 10: 0},
    {8: 0.3, 9: 1, 10: 0.3},
    {7: 0, 8: 1, 9: 1},
]  # rows 0 to 2
second = [{column - 1: ink for column, ink in row.items()} for row in first]
both = [{6: 0.8, 7: 1, 8: 0.6}, {5: 0.5, 6: 1, 7: 0.8}]  # rows 3 and 4
for name, rows in [("first reading", first + both), ("second reading", second + both)]:
    middles = [
        sum(c * (1 + v) for c, v in r.items()) / sum(1 + v for v in r.values()) for r in rows
    ]
    print(f"{name}: largest step of the stroke {np.abs(np.diff(middles)).max():.2f} columns")
assert np.abs(np.diff(middles)).max() < 1

# %% [markdown]
# ### E32 · 32 x 32 x 3
#
# Deck 003, *How Does Computer See an image??*.
#
# - **Printed:** a 32 x 32 x 3 array, with a grid of numbers beside it
# - **Right:** the grid has 20 rows, 20 columns, one channel: 400 numbers, not 3,072

# %%
print(f"{32 * 32 * 3:,} against {20 * 20 * 1:,}")
assert scratch.storage_bytes(32, 32, channels=3) == 3072 != 400

# %% [markdown]
# ## Lesson 02 · Convolution in one dimension

# %% [markdown]
# ### E43 · $w_{-a}$
#
# Deck 001, *The Convolution Operation - 1D*.
#
# - **Printed:** $s_t = \sum x_{t-a} w_{-a}$
# - **Right:** $s_t = \sum x_{t-a} w_a$ in the usual numbering; typed into Python as printed it
#   gives nothing sensible

# %%
x, w = [2, 4, 4, 6, 8, 8, 10], [8, 6, 4, 2, 2, 1, 1]
print("x[6 - a] * w[-a]:", sum(x[6 - a] * w[-a] for a in range(7)))
print("x[6 - a] * w[a]: ", sum(x[6 - a] * w[a] for a in range(7)))
assert scratch.convolve1d(x, w)[0] == 186

# %% [markdown]
# ### E22 · One formula twice
#
# Deck 001, *The Convolution Operation - 1D*.
#
# - **Printed:** the formula, and below it a description of its picture that repeats it in words,
#   as if there were a second one
# - **Right:** one formula: a loop over it and NumPy's `convolve` give the same numbers

# %%
looped = [sum(x[t - a] * w[a] for a in range(7)) for t in range(6, len(x))]
print("loop:", looped, " numpy:", np.convolve(x, w, mode="valid").tolist())
assert looped == np.convolve(x, w, mode="valid").tolist()

# %% [markdown]
# ## Lesson 03 · Convolution in two dimensions

# %% [markdown]
# ### E04 · A lost term
#
# Deck 000, *Loopy pattern filter*.
#
# - **Printed:** -1 + 1 + 1 - 1 - 1 - 1 + 1 + 1 = -1
# - **Right:** -1 + 1 + 1 - 1 - 1 - 1 - 1 + 1 + 1 = -1: nine terms; the eight printed ones add up to
#   0

# %%
terms = (nine[0:3, 0:3] * KERNELS["loopy"]).astype(int).flatten().tolist()
print("printed:", sum([-1, 1, 1, -1, -1, -1, 1, 1]), " right:", sum(terms), terms)
assert len(terms) == 9 and sum(terms) == -1

# %% [markdown]
# ### E05 · Three cells of a feature map
#
# Deck 000, *Feature Map*.
#
# - **Printed:** [3, 0] = -0.22, [3, 2] = -0.22, [4, 1] = -0.33
# - **Right:** -5/9 in all three
#
# A sum of nine odd numbers is odd, so -2/9 cannot be. The deck's ReLU and pooling hide all three.

# %%
right = conv2d(nine, KERNELS["loopy"], mean=True)
print("sums of the nine products:", [int((9 * right[p]).round()) for p in [(3, 0), (3, 2), (4, 1)]])
assert np.allclose([right[3, 0], right[3, 2], right[4, 1]], -5 / 9)

# %% [markdown]
# ### E08 · Cut, not rounded
#
# Deck 000, *Feature Map*.
#
# - **Printed:** -5/9 as -0.55
# - **Right:** -0.56, rounded; cutting is a habit, not an error

# %%
print("cut:", np.trunc(-500 / 9) / 100, " rounded:", round(-5 / 9, 2))

# %% [markdown]
# ### E10 · Two drawings of the 9
#
# Deck 000, *Filters for parts of a 9*.
#
# - **Printed:** a 9 on 7 rows and a 9 on 8 rows, both called *the 9*
# - **Right:** both are used, but the printed feature map belongs to the one on 7 rows: a map of a
#   3 by 3 filter has two rows less than its picture

# %%
tall = np.vstack([nine[:4], nine[3:]])  # one more row of the upright stroke
for name, picture in [("7 rows", nine), ("8 rows", tall)]:
    print(f"{name}: the map has {conv2d(picture, KERNELS['loopy']).shape[0]} rows, printed are 5")
assert conv2d(nine, KERNELS["loopy"]).shape == (5, 3) != conv2d(tall, KERNELS["loopy"]).shape

# %% [markdown]
# ### E13 · The limits of the centred formula
#
# Deck 001, *The Convolution Operation - 2D*.
#
# - **Printed:** $a$ from $[-m/2]$ to $[m/2]$, the weight in row $m/2 + a$
# - **Right:** $a$ from $-\lfloor m/2 \rfloor$ to $\lfloor m/2 \rfloor$, the weight in row $\lfloor
#   m/2 \rfloor + a$
#
# Python does not complain: an index of -1 is the last row.

# %%
image = np.array(
    [[3, 5, 2, 8, 1], [9, 7, 5, 4, 3], [2, 0, 6, 1, 6], [6, 3, 7, 9, 2], [1, 4, 9, 5, 1]]
)
kernel = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])
for name, limits in [("as printed", range(-2, 2)), ("right", range(-1, 2))]:  # -1.5, down, is -2
    terms = [image[1 - a, 1 - b] * kernel[1 + a, 1 + b] for a in limits for b in limits]
    print(f"{name}: {len(terms)} terms, sum {sum(terms)}")
assert sum(terms) == scratch.convolve2d_at(image, kernel, 1, 1, "centred") == 21

# %% [markdown]
# ### E23 · One cell of the face's map
#
# Decks 002 and 003, *Step 1 - Convolution*, and deck 004, *What is max pooling*.
#
# - **Printed:** the third row of the map is 1 0 1 2 1
# - **Right:** 1 0 0 2 1: there the nose alone is 1, and it meets the detector's centre, which is 0
#
# The pooled map and the flattened list do not change.

# %%
print("third row:", conv2d(face, KERNELS["detector1"])[2].astype(int).tolist())
assert conv2d(face, KERNELS["detector1"])[2, 2] == 0

# %% [markdown]
# ### E42 · Flipped or not
#
# Deck 001, *The Convolution Operation - 2D*, and deck 002, *Step 1 - Convolution*.
#
# - **Printed:** formulas with the flip (deck 001: one without it as well)
# - **Right:** every worked example of all five decks is without the flip, as in libraries

# %%
printed = np.array(
    [[0, 1, 0, 0, 0], [0, 1, 1, 1, 0], [1, 0, 1, 2, 1], [1, 4, 2, 1, 0], [0, 0, 1, 2, 1]]
)
for name, detector in [
    ("no flip", KERNELS["detector1"]),
    ("flip", KERNELS["detector1"][::-1, ::-1]),
]:
    print(f"{name}: {int((conv2d(face, detector) == printed).sum())} of 25 printed cells match")

# %% [markdown]
# ### E45 · Mean or sum
#
# Deck 000, *Loopy pattern filter*.
#
# - **Printed:** the products are averaged
# - **Right:** a convention: all other decks, and libraries, take the sum, here nine times as large

# %%
loopy = KERNELS["loopy"]
assert np.allclose(9 * conv2d(nine, loopy, mean=True), conv2d(nine, loopy))
print("mean at the first place:", round(conv2d(nine, loopy, mean=True)[0, 0], 2), " sum: -1")

# %% [markdown]
# ### E53 · Many names for one thing
#
# Deck 002, *Convolutional Neural Networks*, deck 003, *CNN*, and deck 004, *What is max pooling*.
#
# - **Printed:** filter, kernel, mask, feature detector, kernel matrix; feature map, response map,
#   activation map, convolved feature; pooling, subsampling, down-sampling
# - **Right:** three things. A *kernel* slides, a *feature map* is what it writes, *pooling* makes
#   the map smaller (*convoluted feature*, once printed, means a complicated one)

# %%
one_map = conv2d(face, KERNELS["detector1"])  # kernel and picture give a map
print("kernel:", KERNELS["detector1"].shape, " feature map:", one_map.shape, end="")
print("  pooled:", scratch.max_pool2d(one_map, ceil_mode=True).shape)
assert scratch.max_pool2d(one_map, ceil_mode=True).shape == (3, 3)

# %% [markdown]
# ## Lesson 04 · Kernels

# %% [markdown]
# ### E15 · The names of the Roberts kernels
#
# Deck 001, *Various filters (edge detection)*.
#
# - **Printed:** $S_x$ is 0 1 / -1 0 and $S_y$ is 1 0 / 0 -1
# - **Right:** most textbooks name them the other way round; both are differences along a diagonal

# %%
for name in ("roberts_x", "roberts_y"):
    print(name, KERNELS[name].astype(int).tolist(), " sum:", int(KERNELS[name].sum()))

# %% [markdown]
# ### E28 · An empty ring
#
# Deck 002, *Step 1 - Convolution*.
#
# - **Printed:** edge kernels in a frame of 5 by 5 whose outer ring is empty
# - **Right:** zeros: they are 3 by 3 kernels

# %%
ringed = np.pad(KERNELS["laplacian"], 1)
picture = np.random.default_rng(0).integers(0, 10, size=(8, 8))
assert np.array_equal(conv2d(picture, ringed), conv2d(picture, KERNELS["laplacian"])[1:-1, 1:-1])
print("with the ring of zeros the inner map is the same: yes")

# %% [markdown]
# ### E29 · Blur without a divisor
#
# Deck 002, *Blur*, and deck 003, *Kernel Matrix examples*.
#
# - **Printed:** nine ones; 0 1 0 / 1 4 1 / 0 1 0
# - **Right:** divided by 9 and by 8; otherwise a sky of 100 becomes 900 and 800

# %%
for name in ("ones", "gauss_weighted"):
    kernel = KERNELS[name]
    print(
        name, int(conv2d(flat, kernel)[0, 0]), "->", int(conv2d(flat, kernel / kernel.sum())[0, 0])
    )

# %% [markdown]
# ### E46 · Horizontal or vertical
#
# Deck 001, *Various filters (edge detection)*.
#
# - **Printed:** pictures captioned *horizontal* and *vertical*, beside $S_x$ and $S_y$, without
#   saying which made which
# - **Right:** $S_x$ measures change along x and finds vertical edges, $S_y$ horizontal ones

# %%
patch = np.array([[180, 187, 186], [125, 108, 121], [126, 98, 123]])  # bright above, dark below
print(
    "S_x:",
    int((patch * KERNELS["sobel_x"]).sum()),
    " S_y:",
    int((patch * KERNELS["sobel_y"]).sum()),
)

# %% [markdown]
# ### E47 · The sign of Sobel
#
# Deck 001, *Sobel*, and deck 002, *Step 1 - Convolution*.
#
# - **Printed:** -1 0 1 / -2 0 2 / -1 0 1 and 1 0 -1 / 2 0 -2 / 1 0 -1, both as Sobel
# - **Right:** the same edges with opposite signs; under a flip they change places

# %%
assert np.array_equal(KERNELS["sobel_left"], -KERNELS["sobel_x"])
assert np.array_equal(KERNELS["sobel_left"], KERNELS["sobel_x"][::-1, ::-1])
print("one is the other with all signs changed, and also turned by half a turn: yes")

# %% [markdown]
# ## Lesson 05 · Padding and stride

# %% [markdown]
# ### E14 · A size without rounding
#
# Deck 001, *Relation between i/p size, feature map size, filter size*.
#
# - **Printed:** $(W - F + 2P)/S + 1$
# - **Right:** that number rounded down
#
# The deck's own example with stride 2 makes 2, not 2.5, out of 6.

# %%
print(
    "as printed:",
    scratch.output_size_unrounded(6, 3, stride=2),
    " right:",
    scratch.output_size(6, 3, stride=2),
)
assert scratch.output_size(6, 3, stride=2) == 2

# %% [markdown]
# ### E38 · Two sums of a strided convolution
#
# Deck 004, *Strided convolution*.
#
# - **Printed:** [0, 2] = 83 and [1, 2] = 127
# - **Right:** 88 and 117

# %%
picture = np.array(
    [
        [2, 3, 7, 4, 6, 2, 9],
        [6, 6, 9, 8, 7, 4, 3],
        [3, 4, 8, 3, 8, 9, 7],
        [7, 8, 3, 6, 6, 3, 4],
        [4, 2, 1, 8, 3, 4, 6],
        [3, 2, 4, 1, 9, 8, 3],
        [0, 1, 3, 9, 2, 1, 4],
    ]
)
strided = scratch.conv2d_strided(picture, KERNELS["strided"], stride=2).astype(int)
print(strided)
assert (strided[0, 2], strided[1, 2]) == (88, 117)

# %% [markdown]
# ### E39 · Small digits between the numbers
#
# Deck 004, *Strided convolution*.
#
# - **Printed:** in the last window of the picture a small raised digit at each number: 3 with 3, 4
#   with 4, ...
# - **Right:** they are the weights of the filter, drawn over its last window, and no part of the
#   picture

# %%
raised = [[3, 4, 4], [1, 0, 2], [-1, 0, 3]]
print("the raised digits are the filter:", bool((np.array(raised) == KERNELS["strided"]).all()))
last = int((picture[4:, 4:] * raised).sum())
print("they meet the last window:", last, " last cell of the map:", strided[2, 2])
assert last == strided[2, 2] == 74

# %% [markdown]
# ### E40 · An example without its filter
#
# Deck 004, *Now you know what the convolution process is*.
#
# - **Printed:** a 4 by 4 picture and the sizes alone: a 3 by 3 filter makes 2 by 2 of it
# - **Right:** filter and map are pictures there. Any filter of 3 by 3 makes 2 by 2, but which
#   numbers, that depends on the filter: two of the line filters differ in every cell

# %%
bright_line = np.array(
    [[0.3, 0.5, 0.9, 1.0], [1.0, 1.0, 1.0, 1.0], [0.9, 0.9, 0.5, 0.3], [0.2, 0.0, 0.0, 0.0]]
)
one, other = (conv2d(bright_line, KERNELS[name]).round(2) for name in ("line_1", "line_3"))
print(one.tolist(), other.tolist())
assert one.shape == other.shape == (2, 2) and (one != other).all()

# %% [markdown]
# ### E50 · Same
#
# Deck 001, *The Convolution Operation: Summary*, and deck 004, *Padding*.
#
# - **Printed:** *same* means that the output is as large as the input
# - **Right:** only at stride 1; with stride $s$ Keras's *same* gives $n/s$, rounded up

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

layer = keras.layers.Conv2D(1, 3, strides=2, padding="same")
print("7 by 7 at stride 2:", tuple(layer(np.zeros((1, 7, 7, 1), dtype="float32")).shape[1:3]))

# %% [markdown]
# ### E51 · No stride
#
# Deck 003, *Feature Map / Response Map*.
#
# - **Printed:** *no stride (stride 1)*
# - **Right:** stride 1 is the smallest stride there is

# %%
print(
    "7 at stride 1:",
    scratch.output_size(7, 3),
    " at stride 2:",
    scratch.output_size(7, 3, stride=2),
)

# %% [markdown]
# ## Lesson 06 · Volumes and channels
#
# The second map of *The depth in convolution layer* (E34) is *Find the slip* in
# [lesson 06](06_volumes_and_channels.ipynb).

# %% [markdown]
# ### E24 · Slices in two pieces
#
# Deck 002, *Step 1 - Convolution*.
#
# - **Printed:** each slice of the volume with an empty line after its third row, as if it were two
#   grids, of three and of four rows
# - **Right:** one grid of seven rows: only that gives the printed maps their three rows

# %%
for rows in (3, 4, 7):
    print(f"{rows} rows:", scratch.output_size(rows, 3, stride=2), "rows in the map")
assert [rows for rows in (3, 4, 7) if scratch.output_size(rows, 3, stride=2) == 3] == [7]

# %% [markdown]
# ### E25 · A stride that is not said
#
# Deck 002, *Step 1 - Convolution*.
#
# - **Printed:** a volume of 7 by 7 by 3, filters of 3 by 3 by 3, maps of 3 by 3
# - **Right:** that takes stride 2; at stride 1 the maps would be 5 by 5

# %%
fits = [s for s in (1, 2, 3, 4) if scratch.output_size(7, 3, stride=s) == 3]
print("strides that make 3 of 7:", fits)
assert fits == [2]

# %% [markdown]
# ### E33 · A pile of feature maps
#
# Deck 003, *Step1-Convolution*.
#
# - **Printed:** three tables of 5 by 5, one behind the other
# - **Right:** only the third is a whole map, that of the face and its first detector (but for the
#   one cell of E23); the other two mix what is to be seen of maps that cover one another, and their
#   detectors are not given

# %%
pile = [
    ["01000", "01000", "10000", "11000", "01000"],
    ["01000", "01000", "11000", "01110", "10110"],
    ["01000", "01110", "10121", "14210", "00121"],
]
for place, table in enumerate(pile, 1):
    cells = np.array([[int(mark) for mark in row] for row in table])
    equal = int((cells == conv2d(face, KERNELS["detector1"])).sum())
    print(f"table {place}: {equal} of 25 cells are those of the first detector's map")
assert equal == 24

# %% [markdown]
# ### E52 · Height, width, depth
#
# Deck 001, *The Convolution Operation - 2D*, deck 002, *Step 1 - Convolution*, and deck 004, *RGB
# images*.
#
# - **Printed:** sizes as height x width x depth, such as 7 x 7 x 3
# - **Right:** a convention, Keras's; PyTorch and this course's NumPy versions put the depth first

# %%
volume = np.arange(7 * 7 * 3).reshape(7, 7, 3)
first = volume.transpose(2, 0, 1)  # old axis 2 first
print("depth last:", volume.shape, " depth first:", first.shape)
assert volume[4, 5, 2] == first[2, 4, 5]

# %% [markdown]
# ### E35 · Two maps in one table
#
# Deck 003, *The depth in convolution layer*.
#
# - **Printed:** the left column of the map behind, 4 5 5 5 5 5 5 5, in a table of 8 rows
# - **Right:** 4 5 3 3 3 5 3: two maps of 7 by 7 are drawn one over the other

# %%
rows = ["###..##", "##.#.##", "#..###.", ".....##", "##....#", "#..###.", "###..##"]
marks = np.array([[int(mark == "#") for mark in row] for row in rows])
left_column = conv2d(np.pad(marks, 1), KERNELS["ones"])[:, 0].astype(int).tolist()
print("left column:", left_column)
assert left_column == [4, 5, 3, 3, 3, 5, 3]

# %% [markdown]
# ## Lesson 07 · Why convolution works
#
# The two cells of the moved 9 (E06) are *Find the slip* in [lesson
# 07](07_why_convolution_works.ipynb).

# %% [markdown]
# ### E49 · Invariant or equivariant
#
# Deck 000, *Location invariant*, deck 001, *Equivariance to translation*, and deck 003,
# *Convolutional Layer*.
#
# - **Printed:** *location invariant*, *equivariant* and *translation-invariant*, all of the same
#   convolution
# - **Right:** equivariant: when the 9 moves its map moves along, and so is another map; pooling and
#   the dense layers after it make the answer more nearly invariant

# %%
moved = np.hstack([nine[:, 1:], np.full((7, 1), -1)])  # one column to the left
before, after = (conv2d(picture, KERNELS["loopy"]) for picture in (nine, moved))
print("cells that are the same in place:        ", int((before == after).sum()), "of 15")
print(
    "cells that are the same, moved by one:   ", int((before[:, 1:] == after[:, :2]).sum()), "of 10"
)
assert (before[:, 1:] == after[:, :2]).all() and (before != after).any()

# %% [markdown]
# ## Lesson 08 · ReLU and pooling
#
# The pooled map of the moved 9 (E07) is *Find the slip* in [lesson 08](08_relu_and_pooling.ipynb),
# where the missing stride of E21 is a question, too.

# %% [markdown]
# ### E09 · Stride 2
#
# Deck 000, *Pooling layer* and *Max pooling*.
#
# - **Printed:** a 2 by 2 window with stride 2 makes a 4 by 2 map out of 5 by 3
# - **Right:** that takes stride 1; stride 2 would make 2 by 1

# %%
for stride in (1, 2):
    print(f"stride {stride}:", scratch.max_pool2d(np.zeros((5, 3)), 2, stride).shape)
assert scratch.max_pool2d(np.zeros((5, 3)), 2, 1).shape == (4, 2)

# %% [markdown]
# ### E11 · Fewer parameters by pooling
#
# Deck 000, *Benefits of pooling*.
#
# - **Printed:** overfitting is reduced because there are fewer parameters
# - **Right:** pooling has none, and saves them in the dense layer after it

# %%
for name, side in [("without pooling", 28), ("with pooling", 14)]:
    print(f"{name}: {scratch.dense_parameters(side * side * 32, 10):,} in the dense layer")
assert scratch.pool_parameters(2) == 0

# %% [markdown]
# ### E44 · Rounded up or down
#
# Deck 001, *Relation between i/p size, feature map size, filter size*, deck 004, *The formula for
# the output size*, and deck 002, *Step 2 - Max Pooling*.
#
# - **Printed:** no rounding, rounding down, and an example that rounds up (5 becomes 3)
# - **Right:** down in Keras and PyTorch unless told otherwise; the example keeps incomplete windows

# %%
five = np.arange(25).reshape(5, 5)
print(
    "down:", scratch.max_pool2d(five).shape, " up:", scratch.max_pool2d(five, ceil_mode=True).shape
)

# %% [markdown]
# ## Lesson 09 · Softmax and cross-entropy
#
# The logarithm and the mean that the slide does not name (E27) are *Find the slip* in
# [lesson 09](09_softmax_and_cross_entropy.ipynb).

# %% [markdown]
# ### E26 · Two results in one
#
# Deck 002, *Cross-Entropy*.
#
# - **Printed:** 0.381.06
# - **Right:** 0.38 for the first network and 1.06 for the second

# %%
truth = [[1, 0], [0, 1], [1, 0]]
first = scratch.cross_entropy(truth, [[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]])
second = scratch.cross_entropy(truth, [[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]])
print("first:", round(first, 2), " second:", round(second, 2))
assert (round(first, 2), round(second, 2)) == (0.38, 1.06)

# %% [markdown]
# ## Lesson 13 · AlexNet and ZFNet
#
# The year of ZFNet's conference (E16) is *Find the slip* in
# [lesson 13](13_alexnet_and_zfnet.ipynb): ECCV 2014, where 2013 is printed. Something is missing in
# deck 004: its chart of top-5 errors has no numbers in the text (E41). Those of 2012 are 15.3 % and
# 26.2 %, as deck 001 says.

# %% [markdown]
# ## Lesson 14 · VGG and GoogLeNet
#
# The "12 times fewer parameters" (E19) are *Find the slip* in
# [lesson 14](14_vgg_and_googlenet.ipynb). Two slips are of names and years, which no cell can
# prove: the paper of VGG is printed as "ICLR14" and belongs to ICLR 2015 (E17), and "GoogleNet" is
# written GoogLeNet, in honour of LeNet; its challenge was in 2014, its paper at CVPR 2015 (E18).

# %% [markdown]
# ## Lesson 15 · ResNet
#
# What deck 001 gives as the reason for residual blocks, vanishing gradients and regularising (E20),
# is *Find the slip* in [lesson 15](15_resnet.ipynb). The paper's reason is degradation: a higher
# *training* error of deeper plain networks, with batch norm already in place.

# %% [markdown]
# ## Lesson 17 · Data augmentation
#
# *Translation-invariant* (E49, above under lesson 07) comes again as *Find the slip* in [lesson
# 17](17_augmentation.ipynb), with digits that are moved by 6 pixels. Invariant to turning it is
# even less: a filter that answers 3 to a diagonal line answers -1 after a quarter turn.

# %%
diagonal_filter = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
line = np.eye(3, dtype=int)
answers = [int((diagonal_filter * picture).sum()) for picture in (line, np.rot90(line))]
print("upright, turned:", answers)
assert answers == [3, -1]

# %% [markdown]
# ## Lesson 18 · Transfer learning
#
# The two meanings of "transfer learning" (E48) are *Find the slip* in
# [lesson 18](18_transfer_learning.ipynb): one slide takes it for fine-tuning, another sets it
# against fine-tuning and means feature extraction with a new classifier.

# %% [markdown]
# ## Lesson 20 · Feed-forward and recurrent networks
#
# The video with one label (E37) is *Find the slip* in [lesson 20](20_recurrent.ipynb). One slip is
# of text boxes that overlap, which no cell can prove: *Feedforward networks* of deck 003 prints
# "used between", "is a points, we re network" and "at once, i.e. turn it into a single datapoint".
# What is meant: such networks keep no state between data points, and a sequence has to be shown to
# the network at once, as one data point (E36).

# %% [markdown]
# ## Adding a slip
#
# When a lesson is new, its slips are added here under its number: a heading, what is printed, what
# is right, and a cell whose `assert` fails if we are wrong.

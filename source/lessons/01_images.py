# ---
# jupyter:
#   coursekit:
#     lesson: "01"
#     title: Images are arrays
#     topics: [T001, T002, T003, T004, T005, T006, T007, T034, T035, T036, T037, T038, T092, T110,
#       T111, T114]
#     minutes: 50
#     datasets: []
# ---

# %% [markdown]
# # 01 · Images are arrays
#
# **What does a computer get when it is given a picture, and why not feed that straight to a dense
# network?**
#
# After this lesson you can
#
# - read a picture as a grid of numbers, and a grid of numbers as a picture,
# - sample and quantise a photograph, and count the bytes it takes,
# - flatten a grid, and say what is lost by it,
# - calculate how large a dense network on a photograph would be, and name its three disadvantages.
#
# **Time:** about 50 minutes. **Before this:** [00 Welcome](00_welcome.ipynb).

# %% [markdown]
# ## See it: what you see, what the computer gets
#
# Look at the picture on the left. You know at once what it is: you learned this early in life, it
# costs you no effort, and a name jumps to mind ("a flower") before you could count a single petal.
# Deck 003 puts it like this: humans recognise at once, and we want machines to recognise patterns
# quickly too, and to generalise from what they have seen before.
#
# Now look at the right: a tiny part of the same picture, 7 rows and 8 columns of its pixels. Below
# it stands what the computer gets. (We have averaged red, green and blue to one grey number; more
# on colour below. Light cells hold large numbers; the largest one shown is drawn white.)

# %%
import numpy as np
from sklearn.datasets import load_sample_image

from coursekit import figures, predict, quiz, reveal

photo = load_sample_image("flower.jpg")  # comes with scikit-learn
grey = photo.mean(axis=2).astype("uint8")
corner = grey[200:207, 300:308]

figures.images(
    [("what we see", photo), ("a tiny part of it, enlarged", corner)],
    alt="Left: a photograph of a flower. Right: a few of its pixels enlarged, grey squares "
    "without any meaning.",
)
figures.grid(corner, title="what the computer gets: the same pixels")

# %% [markdown]
# Numbers in rows and columns, nothing else. No petal, no edge, no colour name. Everything a network
# will ever say about a picture, it has to work out from such numbers. (We are not perfect at it
# either: optical illusions show that our own eyes guess, and some of deck 002's pictures can be
# seen in two ways.)

# %% [markdown]
# ## Predict
#
# Deck 000 draws a digit 9 with two values, +1 for ink (orange) and -1 for paper (blue), on 7 rows
# and 5 columns. A program keeps it: *the stored 9*. Beside it is the same 9, moved **one column to
# the left**.

# %%
nine = np.array(
    [
        [-1, 1, 1, 1, -1],
        [-1, 1, -1, 1, -1],
        [-1, 1, 1, 1, -1],
        [-1, -1, -1, 1, -1],
        [-1, -1, -1, 1, -1],
        [-1, -1, 1, -1, -1],
        [-1, 1, -1, -1, -1],
    ]
)
moved = np.full_like(nine, -1)
moved[:, :-1] = nine[:, 1:]
figures.grids([("the stored 9", nine), ("the same 9, moved", moved)], operators=("and",))

# %% [markdown]
# A program compares the two grids cell by cell. A *blank sheet* has -1 in all 35 cells. To the
# program, which is more like the stored 9: the moved 9, or the blank sheet?

# %%
predict(
    "01-moved",
    "Which grid differs from the stored 9 in FEWER of the 35 cells?",
    options=["the moved 9", "the blank sheet", "both differ in equally many"],
)

# %% tags=["reveal"]
blank = np.full_like(nine, -1)
moved_differs = int((nine != moved).sum())
blank_differs = int((nine != blank).sum())
reveal(
    "01-moved",
    "the blank sheet",
    because=f"The moved 9 differs from the stored 9 in {moved_differs} of {nine.size} cells, the "
    f"blank sheet in only {blank_differs}.",
)

# %% [markdown]
# So comparing with a stored grid fails as soon as the digit moves. It fails for another hand, too.
# Here is a narrower, straighter 9, which nobody would call anything else:

# %%
thin_nine = np.array(
    [
        [-1, -1, -1, 1, 1],
        [-1, -1, 1, -1, 1],
        [-1, -1, 1, 1, 1],
        [-1, -1, -1, -1, 1],
        [-1, -1, -1, -1, 1],
        [-1, -1, -1, -1, 1],
        [-1, -1, -1, -1, 1],
    ]
)
figures.grids([("the stored 9", nine), ("another hand's 9", thin_nine)], operators=("and",))
print("cells in which another hand's 9 differs:", int((nine != thin_nine).sum()))
print("cells in which the blank sheet differs: ", blank_differs)

# %% [markdown]
# No list of stored grids can hold all the ways to write a 9. This variety is why we want a program
# that **learns** from examples. The first idea is a plain *artificial neural network* (ANN), also
# called a dense network. To see what that would cost, we need to know what exactly we would feed
# it.

# %% [markdown]
# ## By hand
#
# ### From light to numbers: sampling and quantising
#
# A picture in the world has no pixels. To get numbers from it, a camera does two things (deck 001,
# *What is an Image?*, with pictures by D. Hoiem):
#
# - **Sampling**: it lays a regular grid over the scene and looks only at the cells of that grid.
# - **Quantising**: it collects the light of each cell and puts the amount into one of a few equal
#   drawers, numbered by whole **levels**; what lies between two levels goes down to the lower one.
#
# What comes out is a grid, or *matrix*, of intensity values. As a formula: an image is a function
# $f(x, y)$ that gives a level for each position, where $x$ and $y$ run from $0$ to $N - 1$ (for a
# square picture of N by N pixels). Levels, too, are counted from 0: with $L$ of them the largest is
# $L - 1$. (Deck 001 writes $I_{\max}$ for our $L$; its typesetting has let the minus one fall into
# the subscript, $I_{\max - 1}$.) With 8 bits there are 256 levels, from 0, black, to 255, white.
#
# Here is the 9 by 9 grid that deck 001 labels *what a computer sees*. On paper: if each number
# takes one byte, how many bytes does this picture take? How many if it had three numbers a pixel,
# for red, green and blue? How many if both sides were twice as long?

# %%
small = np.array(
    [
        [0, 3, 2, 5, 4, 7, 6, 9, 8],
        [3, 0, 1, 2, 3, 4, 5, 6, 7],
        [2, 1, 0, 3, 2, 5, 4, 7, 6],
        [5, 2, 3, 0, 1, 2, 3, 4, 5],
        [4, 3, 2, 1, 0, 3, 2, 5, 4],
        [7, 4, 5, 2, 3, 0, 1, 2, 3],
        [6, 5, 4, 3, 2, 1, 0, 3, 2],
        [9, 6, 7, 4, 5, 2, 3, 0, 1],
        [8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]
)
figures.grid(small, title="deck 001: what a computer sees")

# %% tags=["paper"]
from coursekit.scratch import storage_bytes

print("grey, N = 9: ", storage_bytes(9, 9), "bytes")
print("RGB,  N = 9: ", storage_bytes(9, 9, channels=3), "bytes")
print("grey, N = 18:", storage_bytes(18, 18), "bytes")

# %% [markdown]
# A grey image of N by N pixels takes $N^2$ bytes, a colour image 3 bytes for each pixel. Twice the
# side means a clearer picture, and *four* times the data.
#
# ### Comparing the two nines with a pencil
#
# Go back to the stored and the moved 9, and cross every cell in which they differ. In how many of
# them did ink come in, in how many did it go away? And why must these two numbers be equal?

# %% tags=["paper"]
rows, columns = np.nonzero(nine != moved)
print("crosses in each row:", [int((rows == r).sum()) for r in range(7)])
print("ink went away in", int(((nine == 1) & (moved == -1)).sum()), "cells")
print("ink came in in  ", int(((nine == -1) & (moved == 1)).sum()), "cells")

# %% [markdown]
# ### Flattening
#
# A dense network wants one long column of numbers, not a grid. So the grid is *flattened*: the
# first row, then the second, and so on. Here is deck 000's grey digit, with values from 0 to 255.
# Before you run the second cell: what are the first eight numbers of the flattened grid?

# %%
digit = np.array(
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
figures.grid(digit, title="a grey digit")

# %% tags=["paper"]
flat = digit.flatten()
print("shape of the grid:", digit.shape, " cells:", digit.size)
print("smallest", digit.min(), " largest", digit.max())
print("first eight numbers:", flat[:8])
print("next eight numbers: ", flat[8:16])

# %% [markdown]
# Two small slips of deck 000 show here. Its caption calls the grid "7 by 7"; it is printed with 7
# rows and **8** columns. And its drawing of the flattened column starts with 0, 87, 240: the whole
# first row, eight zeros, is left out.
#
# Flattening loses something. In the grid, 87 stands right above 13. In the column they are eight
# places apart, while the last number of a row touches the first of the next. Each number is still
# there, but **who was next to whom** is gone.

# %% [markdown]
# ### How large would a dense network be?
#
# A **dense network** is made of *units*. Each unit takes **every** number of the flattened picture,
# multiplies each by a number of its own, its **weight**, and adds up. Deck 000 takes a colour
# photograph, 1920 pixels wide and 1080 high: with three numbers a pixel these are 6,220,800
# numbers, say 6 million. Its first layer has 4 million units (a little fewer units than inputs, as
# was usual). How many weights are that?

# %%
predict(
    "01-weights",
    "6 million inputs, each connected with 4 million units. How many weights?",
    options=["24 million", "24 billion", "24 trillion", "24 quadrillion"],
)

# %% tags=["reveal"]
inputs = 1920 * 1080 * 3
weights = inputs * 4_000_000
assert weights == 24_883_200_000_000
reveal(
    "01-weights",
    "24 trillion",
    because=f"6 * 4 = 24, and 10^6 * 10^6 = 10^12, a trillion. Exactly: {inputs:,} inputs give "
    f"{weights:,} weights.",
)

# %% [markdown]
# ### Find the slip
#
# The slide of deck 000 prints
#
# > 6 mil * 4 mil = **24 million** weights
#
# It is wrong by a factor of one million. How could that happen? (Read the left side aloud.) *Six
# million times four million*: the 6 and the 4 were multiplied, and of the two millions only one was
# kept. The slip makes the deck's argument weaker than it is. Stored with four bytes each, the
# weights of this *one layer* would need about a hundred terabytes.

# %%
print("inputs:", f"{inputs:,}")
print("weights with rounded factors:", f"{6_000_000 * 4_000_000:,}")
print("bytes for all weights:", f"{4 * weights:,}")

# %% [markdown]
# ## From scratch
#
# Now the two steps of a camera in code. First quantising: which of, say, 4 levels does a grey value
# from 0 to 255 belong to? Cut the 256 values into 4 equal drawers; the number of the drawer is the
# level.


# %%
def quantize_loops(image, levels):
    result = np.zeros(image.shape, dtype="int64")
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            result[r, c] = int(image[r, c]) * levels // 256
    return result


values = np.array([[0, 63, 64, 127], [128, 191, 192, 255]], dtype="uint8")
print(values)
print(quantize_loops(values, 4))

# %% [markdown]
# Why `int(...)`? The pixel is a `uint8`, a number with room for 0 to 255 only. Multiply such a
# number by another and it may run over, like the mileage counter of an old car. Watch:

# %%
print("200 * 4 in uint8:", (np.array([200], dtype="uint8") * np.uint8(4))[0])
print("200 * 4 as int:  ", int(np.array([200], dtype="uint8")[0]) * 4)

# %% [markdown]
# The same without loops, and sampling, which is one line: take every `step`-th row and column.


# %%
def quantize(image, levels):
    return image.astype("int64") * levels // 256


def sample(image, step):
    return image[::step, ::step].copy()


assert np.array_equal(quantize(grey, 5), quantize_loops(grey, 5))
print("loops and array agree on all", f"{grey.size:,}", "pixels")

# %%
levels = [256, 8, 4, 2]
figures.images(
    [(f"{n} levels", quantize(grey, n) * (255 // (n - 1))) for n in levels],
    columns=4,
    alt="The same grey flower four times. With 8 levels the flower looks the same but the "
    "background breaks into patches; with 4 the background is almost black and the petals are "
    "flat; with 2 only black and white shapes are left.",
)
for n in levels:
    bits = int(np.log2(n))  # n different levels need this many bits
    print(f"{n:3} levels: {bits} bits a pixel, {storage_bytes(*grey.shape, bits=bits):7,} bytes")

# %%
steps = [1, 4, 16, 40]
figures.images(
    [(f"step {n}", sample(grey, n)) for n in steps],
    columns=4,
    alt="The same flower four times. The larger the sampling step, the coarser the squares; at "
    "step 40 the flower can hardly be made out.",
)
for n in steps:
    height, width = sample(grey, n).shape
    print(f"step {n:2}: {height:3} x {width:3} = {storage_bytes(height, width):7,} bytes")

# %% [markdown]
# ### Colour: one more axis
#
# A grey picture of 2 by 2 pixels is a two-dimensional array. In colour it is three-dimensional:
# rows, columns, and a third axis with three numbers for each pixel, how much red, green and blue.
# The length of this axis is called the **depth**, or the number of **channels**.

# %%
grey_2x2 = np.array([[0, 255], [128, 64]])
colour_2x2 = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], dtype="uint8")
print("grey:  ", grey_2x2.ndim, "axes, shape", grey_2x2.shape)
print("colour:", colour_2x2.ndim, "axes, shape", colour_2x2.shape)
print("the pixel in row 0, column 1 is", colour_2x2[0, 1], "= no red, full green, no blue")

red, green, blue = (photo[:, :, k] for k in range(3))
figures.images(
    [("photograph", photo), ("red", red), ("green", green), ("blue", blue)],
    columns=4,
    alt="The flower in colour, and its red, green and blue channels as three grey pictures. The "
    "petals are brightest in the red channel.",
)

# %% [markdown]
# Deck 003 says that a computer sees, "for example", a 32 x 32 x 3 array. Beside it stands a grid of
# two-digit numbers: 20 rows, 20 columns, one channel. Is that a picture? Draw it and see. (The cell
# is folded, since it is long. The deck prints the grid twice, with six cells that do not agree; the
# cell has the corrections.)

# %% tags=["fold"]
grid_text = """
08 02 22 97 38 15 00 40 00 75 04 05 07 78 52 12 50 77 91 08
49 49 99 40 17 81 18 57 60 87 17 40 98 43 69 48 04 56 62 00
81 49 31 73 55 79 14 29 93 71 40 67 53 88 30 05 49 13 36 65
52 70 95 23 04 60 11 42 69 24 68 56 01 32 56 71 37 02 36 91
22 31 16 71 51 67 63 89 41 92 36 54 22 40 40 28 66 33 13 80
24 47 32 60 99 03 45 02 44 75 33 53 78 36 84 20 35 17 12 50
32 98 81 28 64 23 67 10 26 38 40 67 59 54 70 66 18 38 64 70
67 26 20 68 02 62 12 20 95 63 94 39 63 08 40 91 66 49 94 21
24 55 58 05 66 73 99 26 97 17 78 78 96 83 14 88 34 89 63 72
21 36 23 09 75 00 76 44 20 45 35 14 00 61 33 97 34 31 33 95
78 17 53 28 22 75 31 67 15 94 03 80 04 62 16 14 09 53 56 92
16 39 05 42 96 35 31 47 55 58 88 24 00 17 54 24 36 29 85 57
86 56 00 48 35 71 89 07 05 44 44 37 44 60 21 58 51 54 17 58
19 80 81 68 05 94 47 69 28 73 92 13 86 52 17 77 04 89 55 40
04 52 08 83 97 35 99 16 07 97 57 32 16 26 26 79 33 27 95 66
88 36 68 87 57 62 20 72 03 46 33 67 46 55 12 32 63 93 53 69
04 42 16 73 38 25 39 11 24 94 72 18 08 46 29 32 40 62 76 36
20 69 36 41 72 30 23 88 34 62 99 69 82 67 59 85 74 04 36 16
20 73 35 29 78 31 90 01 74 31 49 71 48 86 81 16 23 57 05 54
01 70 54 71 83 51 54 69 16 92 33 48 61 43 52 01 89 19 67 48
"""
first_printing = np.array([line.split() for line in grid_text.strip().splitlines()], dtype=int)
second_printing = first_printing.copy()
for (r, c), other in {
    (1, 7): 37,
    (1, 17): 36,
    (2, 11): 87,
    (2, 15): 3,
    (6, 11): 87,
    (14, 18): 98,
}.items():
    second_printing[r, c] = other

print(
    "shape",
    first_printing.shape,
    " smallest",
    first_printing.min(),
    " largest",
    first_printing.max(),
)
print("cells in which the printings differ:", int((first_printing != second_printing).sum()))
corrected = first_printing.copy()  # the puzzle's own grid settles the six cells
corrected[2, 15], corrected[14, 18] = 3, 98
figures.images(
    [("20 rows, 20 columns, one channel", corrected)],
    alt="A patchwork of 20 by 20 grey squares in no order: no shape, no edge, no object.",
)

# %% [markdown]
# No: it is a famous grid from a number puzzle. Every picture is a grid of numbers; not every grid
# of numbers is a picture.
#
# A last grid, also from deck 003: a handwritten digit of 16 by 16 pixels. Its numbers run from -1
# (paper) to 1 (ink), with values between at the edge of the stroke. You see: the range 0 to 255 is
# only a habit. It, too, is printed in different readings, and the text alone cannot say which one
# is right; we show the one with the smoother stroke. Which digit is it?

# %% tags=["fold"]
# fmt: off
stroke = np.array([
    [-1, -1, -1, -1, -1, -1, -1, -1, .9, 0, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, -1, -1, -1, -1, .3, 1, .3, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, -1, -1, -1, 0, 1, 1, -1, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, -1, -1, -1, .8, 1, .6, -1, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, -1, -1, .5, 1, .8, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, -1, .1, 1, .9, 0, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, 0, 1, 1, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    [-1, -1, -1, .9, 1, .3, -1, -1, -1, -1, .5, 1, .9, .1, -1, -1],
    [-1, -1, .3, 1, .9, -1, -1, -1, .1, 1, 1, 1, 1, 1, -1, -1],
    [-1, -1, .8, 1, .3, -1, -1, .4, 1, .7, 0, 0, 1, 1, -1, -1],
    [-1, -1, 1, 1, .1, -1, .1, 1, .3, -1, -1, 0, 1, .6, -1, -1],
    [-1, -1, 1, 1, .8, .3, 1, .7, -1, -1, -1, .5, 1, 0, -1, -1],
    [-1, -1, .8, 1, 1, 1, 1, .5, .2, .8, .8, 1, .9, -1, -1, -1],
    [-1, -1, 0, .8, 1, 1, 1, 1, 1, 1, 1, .1, -1, -1, -1, -1],
    [-1, -1, -1, 0, .8, 1, 1, 1, 1, 1, .2, -1, -1, -1, -1, -1],
    [-1, -1, -1, -1, -1, 0, .3, .8, 1, .5, 0, -1, -1, -1, -1, -1],
])
# fmt: on
other_reading = stroke.copy()  # the other printing: 14 cells differ
for r, c, value in [
    (0, 8, -1),
    (0, 9, 0.9),
    (0, 10, 0),
    (1, 7, -1),
    (1, 8, 0.3),
    (1, 9, 1),
    (1, 10, 0.3),
    (2, 6, -1),
    (2, 7, 0),
    (2, 9, 1),
    (13, 11, 1),
    (13, 12, 0.1),
    (14, 10, 1),
    (14, 11, 0.2),
]:
    other_reading[r, c] = value
figures.images(
    [("a handwritten digit, 16 by 16", stroke)],
    alt="A curved stroke that comes down from the upper right and closes into a loop at the "
    "bottom.",
)
print("shape", stroke.shape, " values from", stroke.min(), "to", stroke.max())
print("cells in which the two readings differ:", int((stroke != other_reading).sum()))

# %% [markdown]
# A 6. You saw it at once, in a grid that a program could only compare cell by cell.

# %% [markdown]
# ## Play
#
# A photograph is only numbers, so arithmetic on it is a way to edit it. Before you run the cell,
# say what each line will do to the picture. Then change the numbers.

# %% tags=["paper"]
figures.images(
    [
        ("255 - grey", 255 - grey),
        ("grey // 2", grey // 2),
        ("grey[::-1]", grey[::-1]),
        ("grey > 100", (grey > 100) * 255),
    ],
    columns=4,
    alt="Four versions of the flower: a negative, a darker one, one standing on its head, and one "
    "in pure black and white.",
)

# %% [markdown]
# ## A mistake people make
#
# > *"A 9 that has moved by one pixel is nearly the same input."*
#
# To **you** it is. Let us build one unit of a dense network that has learned the stored 9 by heart:
# its 35 weights are the 9 itself. For each cell that agrees with a weight it gets +1, for each that
# does not -1, and it adds up. A perfect 9 scores 35. Then come the moved 9 and an empty sheet:

# %%
unit = nine.flatten()  # 35 weights, one for each place in the flattened list
for name, sheet in [("the stored 9", nine), ("the moved 9", moved), ("an empty sheet", blank)]:
    print(
        f"{name:15} differs in {int((sheet != nine).sum()):2} cells, score {unit @ sheet.flatten()}"
    )
assert unit @ moved.flatten() < unit @ blank.flatten()

# %% [markdown]
# The empty sheet looks more like a 9 to this unit than the moved 9 does: each weight is tied to its
# place. And it cannot know which pixels are neighbours. Shuffle the 35 places, in the same way for
# the weights and for the sheets, and no score changes:

# %%
shuffled = np.random.default_rng(0).permutation(35)
for name, sheet in [("the stored 9", nine), ("the moved 9", moved), ("an empty sheet", blank)]:
    print(f"{name:15} shuffled: score {unit[shuffled] @ sheet.flatten()[shuffled]}")

# %% [markdown]
# So deck 000 lists three **disadvantages of a dense network** for pictures:
#
# 1. **Too much computation**: 24 trillion weights for one layer.
# 2. **It treats near pixels like far ones**: neighbourhood is lost in flattening.
# 3. **It is sensitive to where the object is**: the moved 9 scores less than nothing at all.
#
# The operation of the next two lessons answers all three: it looks at a few neighbouring pixels at
# a time, and in the same way everywhere.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/01_images.ipynb) you write `quantize`, `sample` and
# `storage_bytes`, and then squeeze a photograph until it is as small as you dare.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "01-q1",
    "A grey picture of 100 by 100 pixels takes 10,000 bytes. How many does one of 200 by 200 "
    "pixels take, in colour?",
    [
        (
            "20,000",
            False,
            "Both sides are doubled, so there are four times as many pixels; and each has three "
            "numbers.",
        ),
        ("40,000", False, "That is right for grey. Colour has three numbers for each pixel."),
        (
            "60,000",
            False,
            "You counted three numbers a pixel, but only twice the pixels: 200 * 200 is four "
            "times 100 * 100.",
        ),
        ("120,000", True, "Yes: 200 * 200 pixels * 3 bytes."),
    ],
)

# %%
quiz(
    "01-q2",
    "What is quantising?",
    [
        (
            "Looking at the scene only in the cells of a regular grid.",
            False,
            "That is sampling: it decides where we look.",
        ),
        (
            "Putting the light of each cell into one of a few whole levels.",
            True,
            "Yes: it decides how finely we record what we see.",
        ),
        ("Writing the rows of the grid one after the other.", False, "That is flattening."),
    ],
)

# %%
quiz(
    "01-q3",
    "What gets lost when a grid is flattened into a column?",
    [
        (
            "Some of the numbers.",
            False,
            "All of them are still there: 7 rows of 8 give 56 numbers.",
        ),
        (
            "The information which numbers were neighbours above and below.",
            True,
            "Yes. The numbers above and below a pixel are now far away in the list, and the "
            "network is not told.",
        ),
        ("The brightness.", False, "The values do not change, only their places."),
        (
            "Nothing: reshape brings it back.",
            False,
            "For you, because you know the width. The dense network is not told it: it sees a "
            "list.",
        ),
    ],
)

# %%
quiz(
    "01-q4",
    "An image has 16 levels. Which is the largest?",
    [
        ("15", True, "Yes: 0 to 15 are sixteen levels."),
        ("16", False, "Then 0 to 16 would be seventeen levels."),
        ("255", False, "That is the largest of 256 levels."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. To a computer a picture is a grid of numbers: two axes in grey, three in colour.
# 2. Sampling chooses where to look, quantising how finely to record.
# 3. A grey picture of N by N pixels takes N times N bytes, in colour three times as many.
# 4. Flattening keeps every number and loses the neighbourhood.
# 5. A dense network on photographs is too big, blind to nearness, and thrown off by a shift of one
#    pixel.

# %% [markdown]
# ## Words
#
# - **Pixel**: one cell of the grid. **Intensity**, **level**: the number in it.
# - **Sampling**, **quantising**: choosing the cells; putting the light into one of a few levels.
# - **Channel**: one layer of a colour picture. **Depth**: how many channels there are.
# - **Resolution**: how many pixels the grid has.
# - **Flattening**: writing a grid as one list, row after row.
# - **Dense network**, **fully connected network**, **ANN**: every input is connected with every
#   unit of the next layer.
# - **Weight**: the number on such a connection.

# %% [markdown]
# ## Further reading
#
# - R. C. Gonzalez and R. E. Woods, *Digital Image Processing*, Pearson, 4th edition 2018, chapter
#   2: sampling and quantising in full.
# - Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, Neural
#   Computation, 1989: why digits led to convolution.
#
# The nines, the grey digit and the dense network are from deck 000; the 9 by 9 grid and the bytes
# from deck 001; colour arrays from deck 002; the two large grids from deck 003. **Next:** [02
# Convolution in one dimension](02_convolution_1d.ipynb).

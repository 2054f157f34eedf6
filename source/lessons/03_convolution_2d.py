# ---
# jupyter:
#   coursekit:
#     lesson: "03"
#     title: Convolution in two dimensions
#     topics: [T008, T009, T010, T011, T012, T013, T039, T040, T041, T042, T095, T117]
#     minutes: 50
#     datasets: []
# ---

# %% [markdown]
# # 03 · Convolution in two dimensions
#
# **How can one small grid of weights find the same pattern anywhere in a picture?**
#
# After this lesson you can
#
# - slide a 3 by 3 kernel over a picture with pencil and paper, and read the map that comes out,
# - write a two-dimensional convolution in a few lines of Python,
# - tell three ways of writing its formula apart, and say which of them turn the kernel,
# - say what PyTorch, Keras and SciPy really calculate when you ask them for a convolution,
# - catch a wrong number in a printed feature map without recalculating it.
#
# **Time:** about 50 minutes. **Before this:** [01 Images are arrays](01_images.ipynb) and [02
# Convolution in one dimension](02_convolution_1d.ipynb).

# %% [markdown]
# ## See it: a 9 is a loop with a tail
#
# How do you know that this is a 9? Not by comparing it, cell by cell, with a 9 that you have
# stored. (Lesson 01 tried that; it failed as soon as the 9 moved by one column.) You see **parts**:
# a loop at the top, a vertical line in the middle, a diagonal line at the bottom.
#
# Deck 000 turns this into a plan: describe each part by a small grid of numbers, and look for the
# parts instead of the whole. As in lesson 01, ink is +1 and paper is -1.

# %%
import numpy as np

from coursekit import figures, predict, quiz, reveal


def drawing(text):
    """Turn a drawing made of # (ink) and . (paper) into a grid of 1 and -1."""
    return np.array([[1 if mark == "#" else -1 for mark in row] for row in text.split()])


tall_nine = drawing("""
    .###.
    .#.#.
    .###.
    ...#.
    ...#.
    ...#.
    ..#..
    .#...
""")
loop = drawing("### #.# ###")
vertical = drawing(".#. .#. .#.")
diagonal = drawing("..# .#. #..")

figures.grids(
    [("a 9", tall_nine), ("loop", loop), ("vertical line", vertical), ("diagonal line", diagonal)],
    operators=("->", "+", "+"),
)

# %% [markdown]
# Each small grid is called a **filter** (or kernel, as in lesson 02). A computer can now ask a
# simple question: *how well does this filter fit here?* It asks in every place where the filter
# fits on the picture, and writes each answer into a grid of its own. The answer is 1 for a perfect
# fit and -1 for the exact opposite. How it is calculated comes in a minute; first look at the
# answers.

# %%
from coursekit.scratch import conv2d

parts = [("loop", loop), ("vertical line", vertical), ("diagonal line", diagonal)]
maps = [(name, conv2d(tall_nine, part, mean=True)) for name, part in parts]

figures.images(
    [("the 9", tall_nine), *maps],
    signed=True,
    alt="The 9, its ink orange on blue, and beside it three maps of 6 rows and 3 columns. Each "
    "map has exactly one cell in the strongest orange: the loop's is in the top row, the "
    "vertical line's in the middle, the diagonal line's further down.",
)
for name, scores in maps:
    row, column = np.argwhere(scores == 1)[0]
    print(f"{name}: perfect fit with its corner in row {row}, column {column}")

# %% [markdown]
# Three filters, three maps, and in each map one cell lights up: *here is a loop; here is a vertical
# line; here is a diagonal*. Such a map is called a **feature map**, and that is all a filter is: a
# **feature detector**.
#
# (Deck 000 draws its 9 twice: the tall one on 8 rows, where all three parts have room, and a
# shorter one on 7 rows. It gives numbers for the loop alone; the two line filters above are ours.
# From here on we use the 9 on 7 rows, because the deck prints a feature map for it.)

# %% [markdown]
# ## Predict
#
# Now take **one** filter, the loop, exactly as it is. We show it four pictures: the 9 on 7 rows, a
# 6, an 8, and a 96 on one sheet. (Deck 000 shows the same four as pictures, without numbers. These
# grids are ours.)

# %%
nine = drawing(".###. .#.#. .###. ...#. ...#. ..#.. .#...")
six = nine[::-1, ::-1]  # a 9 turned upside down is a 6
eight = drawing("..... .###. .#.#. .###. .#.#. .###. .....")
ninety_six = np.hstack([nine, six])
pictures = [("9", nine), ("6", six), ("8", eight), ("96", ninety_six)]

figures.images(
    [(name, -picture) for name, picture in pictures],  # minus: ink dark, paper light
    alt="Four drawings in black squares: a 9, a 6, an 8, and a 9 and a 6 on one wider sheet.",
)

# %%
predict(
    "03-hits",
    "In how many places will the loop filter fit perfectly on the 6, the 8 and the 96?",
    options=[
        "6: none, 8: none, 96: one (the filter was made for the 9)",
        "6: one, 8: one, 96: one (a filter finds its pattern once in a picture)",
        "6: one, 8: two, 96: two",
        "6: none, 8: two, 96: one (the 6 is upside down)",
    ],
)

# %% tags=["reveal"]
hits = {
    name: np.argwhere(conv2d(picture, loop, mean=True) == 1).tolist() for name, picture in pictures
}
assert [len(places) for places in hits.values()] == [1, 1, 2, 2]
reveal(
    "03-hits",
    "6: one, 8: two, 96: two",
    because="The filter knows nothing of digits. Wherever a closed loop of its size lies, it "
    "fires.",
)

# %% tags=["reveal"]
for name, places in hits.items():
    print(f"{name}: {len(places)} perfect fit(s), corner in [row, column]:", places)

# A fit whose corner is in [r, c] has its middle, the hole of the loop, in [r + 1, c + 1].
figures.grids(
    pictures,
    operators=("", "", ""),
    highlight=[[(r + 1, c + 1) for r, c in hits[name]] for name, _ in pictures],
    alt="The four drawings as grids of 1 and -1. Outlined are the holes of the loops that were "
    "found: one at the top of the 9, one at the bottom of the 6, two in the 8, and in the 96 "
    "one in each digit.",
)

# %% [markdown]
# One at the top, one at the bottom, two, and one for each digit. The **place** of the hit tells a 9
# from a 6, the **number** of hits an 8 from both. Nine numbers did all this, wherever the loop was.
#
# A filter is also exactly as clever as its nine numbers. Here is a 0, whose loop is longer. Will
# the filter call it a loop?

# %% tags=["paper"]
zero = drawing(".###. .#.#. .#.#. .#.#. .#.#. .#.#. .###.")
print("best fit on the 0:", conv2d(zero, loop, mean=True).max().round(2))

# %% [markdown]
# No: it is close, but no perfect fit: 7/9, which is 0.78. The 0 needs a filter of its own. (A
# network has many filters, and finds out by itself which ones it needs.)

# %% [markdown]
# ## By hand
#
# ### How well does it fit? Nine products
#
# Lay the loop filter on the top left corner of the 9. Multiply each of the nine pixels with the
# weight that lies on it. Where the two agree (ink on ink, paper on paper) the product is +1; where
# they disagree it is -1. Take a pencil: how many agree?

# %% tags=["paper"]
patch = nine[0:3, 0:3]  # rows 0 to 2, columns 0 to 2
products = patch * loop

figures.grids(
    [("9", nine), ("patch", patch), ("filter", loop), ("products", products)],
    operators=("->", "*", "="),
    highlight={0: [(r, c) for r in range(3) for c in range(3)]},
)
agree, disagree = int((products == 1).sum()), int((products == -1).sum())
print("agree:", agree, " disagree:", disagree, " sum:", products.sum())
print("mean:", f"{products.sum()}/9 =", round(products.mean(), 2))

# %% [markdown]
# Four cells agree, five do not. The sum is -1, and the answer is the **mean of the products**,
# -1/9, or -0.11. Dividing by 9 makes the answer easy to read:
#
# - all nine agree: 9/9 = **1**, a perfect fit,
# - all nine disagree: **-1**, the exact opposite, like a photographic negative,
# - half and half: near **0**, no relation.
#
# Only deck 000 divides. All the other decks, and all the libraries, take the plain **sum** of the
# products; here that is -1. The map looks the same, with all its numbers nine times as large. From
# now on we take the sum, unless we say otherwise.
#
# Next, the filter moves one column to the right, onto the loop itself. Do this one in your head.

# %% tags=["paper"]
patch = nine[0:3, 1:4]
print("agree:", int((patch * loop == 1).sum()), " mean:", (patch * loop).mean())

# %% [markdown]
# ### Counting ones
#
# Decks 002 and 003 use pictures of 0 and 1, which makes the sum still simpler: a product is 1 only
# where both numbers are 1, and 0 otherwise. So **count the ones that meet ones**. Their picture is
# a face on 7 rows and 7 columns: two eyes, a nose and a smile. Their feature detector is below it.
#
# Fill in the first row of the map, five numbers, before you run the second cell.

# %%
face = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ]
)
detector = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 1]])
figures.grids([("input image", face), ("feature detector", detector)], operators=("*",))

# %%
first_row = [int((face[0:3, j : j + 3] * detector).sum()) for j in range(5)]
print("first row of the map:", first_row)

# %% [markdown]
# The left eye is a single 1. It meets a 1 of the detector in the second place only. (In the first
# place it lies under the detector's centre, which is 0; in the third under no cell at all.)
#
# Five numbers in a row, since a window of 3 fits in 7 - 3 + 1 = 5 places, just as in lesson 02. It
# is the same going down: a picture of 7 by 7 gives a map of 5 by 5.
#
# ### Many names, two things
#
# The decks, and the whole field, use many words. There are only two things behind them:
#
# | what slides | what comes out |
# |---|---|
# | filter, kernel, mask | feature map |
# | feature detector | response map, activation map |
# | kernel matrix | convolved feature, "convoluted" feature |
#
# We mostly say **kernel** and **feature map**.

# %% [markdown]
# ### Find the slip
#
# Three results below are printed in the decks, and each has a slip. Find it before you run the cell
# after it.
#
# **First slip.** Deck 000, *Loopy pattern filter*, writes out the nine products of the first place,
# which you know by now:
#
# > -1 + 1 + 1 - 1 - 1 - 1 + 1 + 1 = -1

# %% tags=["reveal"]
printed_terms = [-1, 1, 1, -1, -1, -1, 1, 1]
right_terms = (nine[0:3, 0:3] * loop).flatten().tolist()
print("printed:", len(printed_terms), "terms, their sum is", sum(printed_terms))
print("right:  ", len(right_terms), "terms, their sum is", sum(right_terms), " ", right_terms)

# %% [markdown]
# There are only eight terms on the slide, and they add up to 0. One of the four -1 in the middle
# was lost. The result, -1/9, is right all the same.
#
# **Second slip.** Deck 000, *Feature Map*, prints this map for the 9. Each number is a mean of nine
# products, cut after two decimals: -5/9 = -0.5555... is printed as -0.55. You do not need to
# recalculate anything.

# %%
printed_map = np.array(
    [
        [-0.11, 1, -0.11],
        [-0.55, 0.11, -0.33],
        [-0.33, 0.33, -0.33],
        [-0.22, -0.11, -0.22],
        [-0.33, -0.33, -0.33],
    ]
)
figures.grids([("the 9", nine), ("filter", loop), ("as printed in deck 000", printed_map)])

# %%
predict(
    "03-impossible",
    "One of these numbers can be no mean of nine products of +1 and -1, whatever the picture. "
    "Which one?",
    options=["-0.11", "-0.22", "-0.33", "-0.55"],
)

# %% tags=["reveal"]
possible = [agree - (9 - agree) for agree in range(10)]
assert -2 not in possible
reveal(
    "03-impossible",
    "-0.22",
    because="It is -2/9. Nine odd numbers have an odd sum: each cell that changes sides moves the "
    "sum by 2, so from 9 it goes to 7, 5, 3, 1, -1 and so on, and never to -2.",
)

# %% tags=["reveal"]
print("0 to 9 cells agree, so the sum can be:", possible)

right_map = conv2d(nine, loop, mean=True)
figures.grids(
    [("the sums", conv2d(nine, loop)), ("divided by 9", right_map)],
    operators=("->",),
    highlight={0: [(3, 0), (3, 2), (4, 1)], 1: [(3, 0), (3, 2), (4, 1)]},
)
# The deck cuts its numbers after two decimals instead of rounding them.
cut = np.trunc(right_map * 100) / 100
wrong = [(int(i), int(j)) for i, j in np.argwhere(np.abs(cut - printed_map) > 0.001)]
print("cells that are wrong in the deck:", wrong)
print("right in all three: -5/9, rounded", round(-5 / 9, 2), " cut", cut[3, 0])
assert wrong == [(3, 0), (3, 2), (4, 1)]

# %% [markdown]
# The odd-number test finds two of the three wrong cells. The third, [4, 1], is printed as -0.33,
# which *can* be a mean of nine products; only a recount shows that it is none here: 2 cells agree,
# 7 do not. All three are **-5/9**.
#
# By the way: -5/9 is -0.5555..., so rounded it is -0.56. The deck *cuts* after two decimals and
# prints -0.55. That is a habit, not an error, but do not look for a bug when you get -0.56.
#
# **Third slip.** Here is the map of the face as decks 002 and 003 print it, under *Step 1 -
# Convolution*. Deck 004 uses the same map later on. One of the 25 numbers is wrong. (A tip: look
# for the place where the detector lies right on the nose.)

# %%
printed_face_map = np.array(
    [[0, 1, 0, 0, 0], [0, 1, 1, 1, 0], [1, 0, 1, 2, 1], [1, 4, 2, 1, 0], [0, 0, 1, 2, 1]]
)
figures.grids([("face", face), ("detector", detector), ("as printed", printed_face_map)])

# %% tags=["reveal"]
face_map = conv2d(face, detector)
wrong = [tuple(int(k) for k in place) for place in np.argwhere(face_map != printed_face_map)]
print("wrong cell:", wrong, " printed", printed_face_map[2, 2], " right", face_map[2, 2])
figures.grids(
    [("under the detector", face[2:5, 2:5]), ("detector", detector), ("right map", face_map)],
    highlight={2: wrong},
)
assert wrong == [(2, 2)]

# %% [markdown]
# In the middle of the face only the nose is 1, and it meets the middle of the detector, which is 0.
# So nothing meets, and the cell is **0**. The other 24 cells are right. (The best fit is the 4: all
# four ones of the detector meet ones of the face, three at the end of the smile, one on the nose.)

# %% [markdown]
# ## From scratch
#
# Slide down, slide right, multiply, add: four loops. The two outer loops choose the place, the two
# inner ones go through the weights. Here is the example of deck 001, *The Convolution Operation -
# 2D*. It shows the picture and the kernel in numbers, and the result in an animation.
#
# Take the pencil again for the first place. The kernel has only four ones, so four pixels are added
# up.

# %%
image = np.array(
    [[3, 5, 2, 8, 1], [9, 7, 5, 4, 3], [2, 0, 6, 1, 6], [6, 3, 7, 9, 2], [1, 4, 9, 5, 1]]
)
kernel = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])


def slide(image, kernel):
    height, width = image.shape
    m, n = kernel.shape
    feature_map = np.zeros((height - m + 1, width - n + 1), dtype=int)
    for i in range(height - m + 1):  # how far down the kernel is
        for j in range(width - n + 1):  # how far to the right
            for a in range(m):
                for b in range(n):
                    feature_map[i, j] += image[i + a, j + b] * kernel[a, b]
    return feature_map


print("first place:", slide(image, kernel)[0, 0])
figures.grids([("image", image), ("kernel", kernel), ("feature map", slide(image, kernel))])

# %% [markdown]
# The line in the middle of the loops is the formula. With $I$ for the image, $K$ for the kernel of
# $m$ rows and $n$ columns, and $S$ for the map:
#
# $$S_{ij} = \sum_{a=0}^{m-1} \sum_{b=0}^{n-1} I_{i+a,\, j+b}\, K_{a,b}$$
#
# Read the two $\sum$ signs as the two inner loops: "for all $a$ and for all $b$, add up".

# %% [markdown]
# ### Three ways to number the same places
#
# Deck 001 prints **three** formulas for convolution in two dimensions, one after the other. They
# look nearly alike. They differ in which pixels they call $(i, j)$, and, less visibly, in whether
# the kernel is turned:
#
# | deck 001 says | the pixel | meets the weight | $a$ runs |
# |---|---|---|---|
# | previous pixels | $I_{i-a,\, j-b}$ | $K_{a,\, b}$ | from 0 to $m - 1$ |
# | succeeding pixels | $I_{i+a,\, j+b}$ | $K_{a,\, b}$ | from 0 to $m - 1$ |
# | centre pixel as reference | $I_{i-a,\, j-b}$ | $K_{c+a,\, d+b}$ | from $-c$ to $c$ |
#
# (The third formula is for kernels with odd sides, which have a middle. $K_{c,d}$ is the weight
# there: $c$ is $m/2$ and $d$ is $n/2$, both rounded down, so 1 and 1 for a 3 by 3 kernel. For $b$
# it is the same as for $a$, with $n$ and $d$.)
#
# To compare them, we let all three look at the *same nine pixels*, the top left corner of the
# image. The first formula calls that place (2, 2), because it looks back, up and to the left. The
# second calls it (0, 0), because it looks ahead. The third calls it (1, 1), the pixel in the
# middle.
#
# In each of the three pictures below the outlined pixel is $(i, j)$, and the outlined weight is the
# one that meets it.

# %%
corner = image[0:3, 0:3]
turned = kernel[::-1, ::-1]  # rows backwards, columns backwards: half a turn

figures.grids(
    [("pixels", corner), ("weights that meet them", turned), ("products", corner * turned)],
    highlight={0: [(2, 2)], 1: [(2, 2)]},
    alt="Previous pixels, place (2, 2). The outlined pixel is the lower right of the nine, 6. The "
    "weight on it is K[0, 0], so the kernel lies there turned by half a turn. Products: 3 0 "
    "0, 0 7 5, 0 0 6.",
)
print("previous pixels, S[2, 2]   =", (corner * turned).sum())

# %%
figures.grids(
    [("pixels", corner), ("weights that meet them", kernel), ("products", corner * kernel)],
    highlight={0: [(0, 0)], 1: [(0, 0)]},
    alt="Succeeding pixels, place (0, 0). The outlined pixel is the upper left of the nine, 3. "
    "The weight on it is K[0, 0], so the kernel lies there as it is. Products: 3 0 0, 9 7 0, "
    "0 0 6.",
)
print("succeeding pixels, S[0, 0] =", (corner * kernel).sum())

# %%
figures.grids(
    [("pixels", corner), ("weights that meet them", turned), ("products", corner * turned)],
    highlight={0: [(1, 1)], 1: [(1, 1)]},
    alt="Centre pixel, place (1, 1). The outlined pixel is the middle of the nine, 7. The weight "
    "on it is K[1, 1], the middle of the kernel, but the kernel is turned by half a turn "
    "around it. Products: 3 0 0, 0 7 5, 0 0 6.",
)
print("centre pixel, S[1, 1]      =", (corner * turned).sum())

# %% [markdown]
# 21, 25, 21. The middle one is what our loops do. The other two walk through the pixels with a
# minus sign, and through the weights with a plus sign: one forwards, the other backwards. That
# turns the kernel by **half a turn**, just as the minus sign in lesson 02 turned the list of
# weights round. The third formula turns it as well, which its friendly name does not tell you: look
# for the minus.
#
# `coursekit.scratch` has all three formulas, written as deck 001 writes them:

# %%
from coursekit.scratch import convolve2d_at

places = [("previous", 2, 2), ("succeeding", 0, 0), ("centred", 1, 1)]
results = [convolve2d_at(image, kernel, i, j, form) for form, i, j in places]
print(results)
assert results == [21, 25, 21]

# %% [markdown]
# One more thing about the third formula. Deck 001 prints its limits as $[-m/2]$ to $[m/2]$ and the
# row of its weight as $(m/2) + a$. Read the brackets as "rounded down" and take that by its word
# for $m = 3$: -1.5 rounded *down* is -2, not -1. So $a$ would take four values, and the row would
# begin at $1 - 2 = -1$. (And without rounding, row 1.5 is no row at all.) Round first, then put the
# minus: that gives the $-c$ and $c$ of our table.
#
# Python makes this slip worse, since it does not complain about an index of -1: it quietly takes
# the *last* row.

# %%
from math import floor

wrong_limits = range(floor(-3 / 2), floor(3 / 2) + 1)
right_limits = range(-floor(3 / 2), floor(3 / 2) + 1)
for limits in (wrong_limits, right_limits):
    terms = [image[1 - a, 1 - b] * kernel[1 + a, 1 + b] for a in limits for b in limits]
    print("a runs over", list(limits), " terms:", len(terms), " sum:", sum(terms))

# %% [markdown]
# 16 terms from a kernel of nine weights, and 44 instead of 21, without any error message.

# %% [markdown]
# ### Flip or no flip?
#
# So there are two operations. With the kernel turned by half a turn it is the **convolution** of
# mathematics. Without the turn it is **cross-correlation**. At the first place they give 21 and 25.

# %%
figures.grids([("kernel", kernel), ("turned by half a turn", turned)], operators=("->",))

# %%
predict(
    "03-turned",
    "The map has nine cells. In how many of them does turning the kernel change the number?",
    kind="number",
    unit="cells",
)

# %% tags=["reveal"]
plain, flipped = slide(image, kernel), slide(image, turned)
differ = [(int(i), int(j)) for i, j in np.argwhere(plain != flipped)]
reveal(
    "03-turned",
    len(differ),
    because="Compare the kernel with its turned self: only the 1 at the left of the middle row "
    "has moved, to the right of it. So a cell stays the same only where the pixels left "
    "and right of the centre are equal.",
)

# %% tags=["reveal"]
figures.grids(
    [("cross-correlation: no turn", plain), ("convolution: turned", flipped)],
    operators=("!=",),
    highlight=[differ, differ],
)

# %% [markdown]
# The one cell that stays is [1, 2]. There the two pixels in question are both 6:

# %%
print(image[1:4, 2:5])
print("no turn:", plain[1, 2], " turned:", flipped[1, 2])

# %% [markdown]
# ### Without loops
#
# As in lesson 02, NumPy can look at all windows at once. For a picture this is an array with four
# axes: `[i, j]` chooses the place, `[a, b]` the pixel in the window.

# %%
windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
print("shape of all windows:", windows.shape)
print("the window in place [0, 0]:")
print(windows[0, 0])

# %% [markdown]
# What remains is "multiply and add up". `np.einsum` does it by name: we name the axes of both
# arrays, and the axes of the result. **A letter that is missing in the result is summed over.** So
# `"ijab,ab->ij"` reads: for every place `ij`, multiply window and kernel cell by cell, and add up
# over `a` and `b`. It is the formula, typed.

# %%
rng = np.random.default_rng(3)


def slide_fast(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel)


assert np.array_equal(slide(image, kernel), slide_fast(image, kernel))
assert np.array_equal(slide(face, detector), slide_fast(face, detector))
for _ in range(20):  # and on pictures and kernels of any size
    some_image = rng.integers(-9, 10, size=rng.integers(5, 12, size=2))
    some_kernel = rng.integers(-9, 10, size=rng.integers(1, 6, size=2))
    assert np.array_equal(slide(some_image, some_kernel), slide_fast(some_image, some_kernel))
print("loops and einsum agree on 22 examples")

# %% [markdown]
# ## In the framework
#
# We ask three libraries for a convolution: PyTorch, Keras and SciPy. PyTorch and Keras want to know
# two more axes, because they always work on a *batch* of pictures with one or more *channels*. Here
# both are 1. Mind that they put them in different places.

# %%
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import scipy.signal
import torch

pixels, weights = image.astype("float64"), kernel.astype("float64")

# PyTorch: (batch, channels, height, width) and (filters, channels, height, width)
by_torch = torch.nn.functional.conv2d(
    torch.tensor(pixels)[None, None], torch.tensor(weights)[None, None]
)[0, 0].numpy()
# Keras: (batch, height, width, channels) and (height, width, channels, filters)
by_keras = keras.ops.convert_to_numpy(
    keras.ops.conv(pixels[None, :, :, None], weights[:, :, None, None], padding="valid")
)[0, :, :, 0]
by_scipy = scipy.signal.convolve2d(pixels, weights, mode="valid")

figures.grids(
    [("torch conv2d", by_torch), ("keras conv", by_keras), ("scipy convolve2d", by_scipy)],
    operators=("=", "!="),
)

# %%
assert np.abs(by_torch - plain).max() < 1e-9
assert np.abs(by_keras - plain).max() < 1e-9
assert np.abs(by_scipy - flipped).max() < 1e-9
assert np.abs(scipy.signal.correlate2d(pixels, weights, mode="valid") - plain).max() < 1e-9
print("torch and keras: no turn.  scipy convolve2d: turned.  scipy correlate2d: no turn.")
print("all agree with our loops to 9 decimals")

# %% [markdown]
# ## Play
#
# The explorer holds the example of deck 001. Walk over the feature map with the arrow keys or the
# mouse; the patch, the products and the sum light up. Things to try:
#
# 1. Find the 25. Then switch **flip** on: the same place now says 21. Which product has gone, which
#    has come?
# 2. Go to the cell that says 14. Flip, and flip back: it stays 14. Look at the products to see why.
# 3. Make the kernel a loop (eight ones around a -1), and flip. Does anything change? Then try a
#    kernel with a single 1 in one corner: what does the map look like, and what does the flip do to
#    it?

# %%
from coursekit.widgets import ConvolutionExplorer

ConvolutionExplorer(input=image, kernel=kernel)

# %% [markdown]
# ## A mistake people make
#
# > *"A convolutional network computes the convolution of mathematics: the formula with the flip."*
#
# It computes cross-correlation, and calls it convolution. So do the decks. Deck 001 prints the
# flipped formula first, and deck 002 an integral with $g(t - \tau)$, which flips as well (lesson 02
# shows why). Which of the two do they then use in their examples? The printed map of decks 002 and
# 003 can decide it: count in how many cells it agrees with each.

# %%
print("deck 001, cells that change with the turn:", int((plain != flipped).sum()), "of", plain.size)

face_turned = slide(face, detector[::-1, ::-1])
print("deck 002, cells of the printed map that are matched")
print("   without the turn:", int((face_map == printed_face_map).sum()), "of", face_map.size)
print("   with the turn:   ", int((face_turned == printed_face_map).sum()), "of", face_map.size)

loop_turned = slide(nine, loop[::-1, ::-1])
loop_differs = int((slide(nine, loop) != loop_turned).sum())
print("deck 000, cells that change with the turn:", loop_differs, "of", loop_turned.size)

# %% [markdown]
# For deck 001 the turn changes 8 of 9 cells. The printed map of deck 002 fits the unturned detector
# in 24 of 25 cells (the other is the slip you found), and the turned one in far fewer. And for the
# loop of deck 000 nothing changes at all. Why not? **The loop looks the same after half a turn.**
# For such kernels there is no difference between the two operations, on any picture.
#
# When does it matter? Not when a network *learns* its kernels: a library that flipped would simply
# learn them turned. It matters when you write a kernel yourself, when you read a formula in a book,
# or when you move weights from one program to another.

# %%
for name, grid in [("loop", loop), ("vertical line", vertical), ("diagonal line", diagonal)]:
    print(f"{name}: same after half a turn:", bool(np.array_equal(grid, grid[::-1, ::-1])))
print("kernel of deck 001: same after half a turn:", bool(np.array_equal(kernel, turned)))

# %% [markdown]
# ## Your turn
#
# Open [the exercise](../exercises/03_convolution_2d.ipynb). You write `match_score` and `conv2d`
# (no flip, as libraries do it), and then use them to read: your function will find every letter *e*
# on a page of print, even on a dirty one. The first part is half done for you.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "03-q1",
    "A kernel with 5 rows and 3 columns slides over a picture with 28 rows and 28 columns. What "
    "is the size of the feature map (rows by columns)?",
    [
        (
            "28 by 28",
            False,
            "That needs windows that hang over the edge. Here the whole kernel must lie on the "
            "picture.",
        ),
        (
            "24 by 26",
            True,
            "Yes: 28 - 5 + 1 rows and 28 - 3 + 1 columns. Each direction is counted by itself.",
        ),
        ("23 by 25", False, "Close: do not forget the + 1. The first place is place 0."),
        (
            "26 by 24",
            False,
            "You have the two directions swapped: 5 rows limit how far the kernel goes *down*.",
        ),
    ],
)

# %%
quiz(
    "03-q2",
    "Pixels and weights are +1 or -1, the kernel is 3 by 3, and a cell of the map is the mean of "
    "the nine products. The cell says -1. What lies under the kernel?",
    [
        (
            "Nothing that has to do with the kernel's pattern.",
            False,
            "That would be near 0: about as many cells agree as disagree.",
        ),
        (
            "Blank paper.",
            False,
            "Try it on the loop: the eight cells of the ring disagree, but the hole agrees. That "
            "is -7/9.",
        ),
        (
            "The exact opposite of the pattern: ink where the kernel has paper, and paper where "
            "it has ink.",
            True,
            "Yes: all nine products are -1.",
        ),
        (
            "The pattern, turned by half a turn.",
            False,
            "The loop turned by half a turn is still the loop, and fits perfectly: 1.",
        ),
    ],
)

# %%
quiz(
    "03-q3",
    "A friend reports the mean of the products of a 2 by 2 pattern (all numbers +1 or -1). Which "
    "of these values cannot be right?",
    [
        ("0", False, "Two cells agree and two do not: 2 - 2 = 0. Four is an even number of terms."),
        ("0.5", False, "Three agree, one does not: (3 - 1) / 4 = 0.5."),
        (
            "0.25",
            True,
            "Yes: that is 1/4, but the sum of four odd numbers is even: 4, 2, 0, -2 or -4.",
        ),
        ("-1", False, "All four disagree: -4/4."),
    ],
)

# %%
quiz(
    "03-q4",
    "Which kernel gives the same map with and without the flip, on every picture?",
    [
        (
            "1 2 3 / 4 5 6 / 7 8 9",
            False,
            "Half a turn makes it 9 8 7 / 6 5 4 / 3 2 1.",
        ),
        (
            "0 1 0 / 2 5 2 / 0 1 0",
            True,
            "Yes: half a turn carries each number onto an equal one.",
        ),
        (
            "1 1 1 / 0 0 0 / -1 -1 -1",
            False,
            "Half a turn brings the row of -1 to the top. (All answers change their sign.)",
        ),
        (
            "1 0 0 / 0 0 0 / 0 0 0",
            False,
            "The single 1 moves from the upper left to the lower right: the map shows another "
            "part of the picture.",
        ),
    ],
)

# %%
quiz(
    "03-q5",
    "You print `torch.nn.functional.conv2d` beside `scipy.signal.convolve2d` for the same picture "
    "and kernel, and the numbers differ. What is the most likely reason?",
    [
        (
            "One of the two has a bug.",
            False,
            "Both do what their documentation says. They use the word convolution for two "
            "operations.",
        ),
        (
            "SciPy turns the kernel by half a turn, PyTorch does not.",
            True,
            "Yes. `scipy.signal.correlate2d` gives PyTorch's numbers.",
        ),
        (
            "PyTorch has learned other weights.",
            False,
            "Nothing is learned here: you gave the kernel yourself.",
        ),
        (
            "PyTorch takes the mean of the products, SciPy the sum.",
            False,
            "Both take the sum. In the decks only deck 000 takes the mean.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. A kernel is a small grid of weights that describes a pattern. Slide it over the picture; in
#    each place multiply and add. The answers form the feature map.
# 2. With pixels of +1 and -1 a large number says: *the pattern is here*. (With plain positive
#    pixels brightness alone makes it large, too.) The same few weights find it wherever it is, and
#    as often as it is there.
# 3. A picture of $H$ by $W$ and a kernel of $m$ by $n$ give a map of $H - m + 1$ by $W - n + 1$.
# 4. $I_{i+a, j+b}$ leaves the kernel as it is (cross-correlation, what libraries do); $I_{i-a,
#    j-b}$ turns it by half a turn (the convolution of mathematics).
# 5. For a kernel that looks the same after half a turn, the two agree.

# %% [markdown]
# ## Words
#
# - **Kernel**, **filter**, **mask**, **kernel matrix**, **feature detector**: the small grid of
#   weights that slides over the picture.
# - **Patch**: the pixels under the kernel right now.
# - **Feature map**, **response map**, **activation map**, **convolved feature**: the grid of
#   answers.
# - **Half a turn**, **flip**: rows backwards and columns backwards, `kernel[::-1, ::-1]`.
# - **Cross-correlation**: the sliding sum of products, kernel as it is.
# - **Convolution**: in mathematics with the flip; in networks the same as cross-correlation.
# - **Perfect fit**: with +1 and -1, a place where the mean of the products is 1.

# %% [markdown]
# ## Further reading
#
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, arXiv, 2016:
#   pictures of every way a kernel can slide.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press, 2016, section 9.1: the
#   convolution that is not flipped.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document
#   recognition*, Proceedings of the IEEE, 1998: feature maps that read handwriting.
#
# The 9 and its loop come from deck 000, the three formulas and the 5 by 5 example from deck 001
# (which took it from developers.google.com), the face and its detector from decks 002 and 003. The
# drawings of the 6, the 8, the 96 and the 0 are ours. **Next:** [04 Kernels](04_kernels.ipynb).

# ---
# jupyter:
#   coursekit:
#     lesson: "01"
#     title: Images are arrays
#     topics: [T001, T002, T003, T004, T005, T006, T007, T034, T035, T036, T037, T038, T092, T110,
#       T111, T114]
#     minutes: 60
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
# **Time:** about 60 minutes. **Before this:** [00 Welcome](00_welcome.ipynb).

# %% [markdown]
# ## See it: what you see, what the computer gets
#
# Look at the picture on the left. You know at once what it is: you learned this early in life, it
# costs you no effort, and a name jumps to mind ("a flower") before you could count a single petal.
# We want machines to do that, too, and to generalise from what they have seen before.
#
# Now look at the right: a tiny part of the same picture, 7 rows and 8 columns of its pixels. Below
# it stands what the computer gets. (We have averaged red, green and blue to one grey number; more
# on colour below. Light cells hold large numbers; the largest one shown is drawn white.)

# %%
import numpy as np
from sklearn.datasets import load_sample_image

from coursekit import figures, predict, quiz, reveal

photo = load_sample_image("flower.jpg")  # comes with scikit-learn
# axis=2 is the third axis, the colours; `astype` changes the kind of number, here into `uint8`,
# whole numbers from 0 to 255. In shapes and indices the axes are counted from 0 (`axis=2`).
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
# will ever say about a picture, it has to work out from such numbers.

# %% [markdown]
# ## Predict
#
# Here is a digit 9, drawn with two values, +1 for ink (orange) and -1 for paper (blue), on 7 rows
# and 5 columns. A program keeps it: *the stored 9*. Beside it is the same 9, moved **one column to
# the left**.

# %% tags=["fold"]
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
# So comparing with a stored grid fails as soon as the digit moves. And people write differently.
# Here is a straighter 9 by another hand, one column further right, which nobody would call anything
# else:

# %% tags=["fold"]
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
# A picture in the world has no pixels. To get numbers from it, a camera does two things:
#
# - **Sampling**: it lays a regular grid over the scene and looks only at the cells of that grid.
#   How many cells the grid has is the resolution.
# - **Quantising**: it collects the light of each cell and puts the amount into one of a few equal
#   drawers, numbered by whole **levels**; what lies between two levels goes down to the lower one.
#
# What comes out is a grid, or *matrix*, of intensity values. As a formula: an image is a function
# $f(x, y)$ that gives a level for each position, where $x$ and $y$ run from $0$ to $N - 1$ (for a
# square picture of N by N pixels). Levels, too, are counted from 0: with $L$ of them the largest is
# $L - 1$. A **bit** is a 0 or a 1, and a **byte** is 8 bits, which can be set in 2 x 2 x ... x 2 =
# 256 ways: with 8 bits there are 256 levels, from 0, black, to 255, white.
#
# Here is a picture of 9 by 9 pixels. Take a pencil: if each number takes one byte, how many bytes
# does this picture take? How many if it had three numbers a pixel, for red, green and blue? And how
# many would a grey picture take whose sides are twice as long?

# %% tags=["fold"]
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
figures.grid(small, title="what a computer sees")

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
# them did ink appear, in how many did it disappear? (Use a pencil.) And why must these two numbers
# be equal?
#
# <details>
# <summary>Why equal</summary>
#
# Both pictures have the same number of ink cells, 12: as much as disappeared must have appeared.
# That holds as long as no ink falls off the edge.
#
# </details>

# %% tags=["paper"]
rows, columns = np.nonzero(nine != moved)
print("crosses in each row:", [int((rows == r).sum()) for r in range(7)])
print("ink cells:", int((nine == 1).sum()), "and", int((moved == 1).sum()))
print("ink disappeared in", int(((nine == 1) & (moved == -1)).sum()), "cells")
print("ink appeared in   ", int(((nine == -1) & (moved == 1)).sum()), "cells")

# %% [markdown]
# ### Flattening
#
# A dense network wants one long column of numbers, not a grid. So the grid is *flattened*: the
# first row, then the second, and so on. Here is a small grey digit, with values from 0 to 255.
# Its first row is flattened into eight zeros. Write down your answer before you look: what are the
# next eight numbers?

# %% tags=["fold"]
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
# Flattening loses something. In the grid, 87 stands right above 13. In the column they are eight
# places apart, while the last number of a row touches the first of the next. Each number is still
# there, but **who was next to whom** is gone.

# %% [markdown]
# ### How large would a dense network be?
#
# A **dense network**, or fully connected network, is made of *units*. Each unit takes **every**
# number of the flattened picture, multiplies each by a number of its own, its **weight**, and adds
# up. Take a colour photograph, 1920 pixels wide and 1080 high: with three numbers a pixel these are
# 6,220,800 numbers, say 6 million. The units stand in *layers*, each fed by the one before. Let the
# first layer have 4 million units, a third fewer than inputs. How many weights is that?

# %%
predict(
    "01-weights",
    "6 million inputs, each connected with 4 million units. How many weights?",
    options=[
        "24 million (24 and 6 zeros)",
        "24 billion (24 and 9 zeros)",
        "24 trillion (24 and 12 zeros)",
        "24 quadrillion (24 and 15 zeros)",
    ],
)

# %% [markdown]
# ### Find the slip
#
# Deck 000, *hidden layer neurons*, prints
#
# > 6 mil * 4 mil = **24 million** weights
#
# Compare it with what you wrote. Which of the two is wrong, and by what factor?

# %% tags=["reveal"]
inputs = 1920 * 1080 * 3
weights = inputs * 4_000_000
assert weights == 24_883_200_000_000 and round(4 * weights / 10**12) == 100  # terabytes
reveal(
    "01-weights",
    "24 trillion (24 and 12 zeros)",
    because=f"6 * 4 = 24, and a million times a million has 6 + 6 = 12 zeros. Exactly: {inputs:,} "
    f"inputs give {weights:,} weights. The slide multiplied the 6 and the 4, and kept only one of "
    "the two millions: it is too small by a factor of one million.",
)

# %% [markdown]
# The slip makes the argument weaker than it is. Stored with four bytes each, the weights of this
# *one layer* would need about a hundred terabytes.

# %% [markdown]
# ## From scratch
#
# You will write both steps of a camera in the exercise. Here is **one pixel**: which of 4 levels
# does a grey value from 0 to 255 belong to? Cut the 256 values into 4 equal drawers of 64; the
# number of the drawer is the level.

# %%
for value in [0, 63, 64, 200, 255]:
    print(f"{value:3} lies in drawer {value // 64}")  # // divides and rounds down

# %% [markdown]
# And **one row**: sampling with a step of 4 keeps every fourth number. In Python a slice has a
# start, an end and a step: `[::4]` leaves start and end out. A grid takes a slice for each axis:
# `grey[200:207, 300:308]` has the rows 200 to 206 and of these the columns 300 to 307. Unlike a
# slice of a list, a slice of an array is no copy: it shows the same numbers, and a change to one is
# a change to both. `.copy()` makes a copy.

# %%
row = grey[200, 300:316]
print("one row:       ", row)
print("with step 4:   ", row[::4])

# %% [markdown]
# A warning before you write your own. The pixels are `uint8`, with room for 0 to 255 only. Multiply
# such numbers and they may run over, like the mileage counter of an old car:

# %%
pixel = np.array([200], dtype="uint8")
print("200 * 4 in uint8:", (pixel * np.uint8(4))[0])
print("200 * 4 as int64:", (pixel.astype("int64") * 4)[0])

# %% [markdown]
# Now whole pictures. (`quantize` and `sample` come from the course's library; yours will do the
# same.)

# %% tags=["fold"]
from coursekit.scratch import quantize, sample

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
    print(f"{n:3} levels: bits a pixel {bits}, {storage_bytes(*grey.shape, bits=bits):7,} bytes")

# %% tags=["fold"]
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
# The range 0 to 255 is only a habit. Here is a handwritten digit of 16 by 16 pixels whose numbers
# run from -1 (paper) to 1 (ink), with values between at the edge of the stroke. A program that
# compares grids cell by cell sees nothing in it; you see it at once. (The numbers are folded.)

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
figures.images(
    [("a handwritten digit, 16 by 16", stroke)],
    alt="A curved stroke that comes down from the upper right and closes into a loop at the "
    "bottom: a six.",
)
print("shape", stroke.shape, " values from", stroke.min(), "to", stroke.max())

# %% [markdown]
# ## Play
#
# A photograph is only numbers, so arithmetic on it is a way to edit it. Before you run the cell,
# say what each line will do to the picture.
#
# 1. `255 - grey`
# 2. `grey // 2`
# 3. `grey[::-1]`

# %% tags=["paper"]
figures.images(
    [
        ("255 - grey", 255 - grey),
        ("grey // 2", grey // 2),
        ("grey[::-1]", grey[::-1]),
    ],
    columns=3,
    alt="Three versions of the flower: a negative, a darker one, and one turned upside down, as in "
    "a lake.",
)

# %% [markdown]
# <details>
# <summary>Answers (after you have guessed)</summary>
#
# 1. A negative: black and white change places.
# 2. Half as bright.
# 3. The rows in reverse order: upside down as in a lake, where left stays left.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"A 9 that has moved by one pixel is nearly the same input."*
#
# To **you** it is. Let us build one unit of a dense network that has learned the stored 9 by heart:
# its 35 weights are the 9 itself. For each cell that agrees with a weight it gets +1, for each that
# does not -1, and it adds up. A perfect 9 scores 35. Then come the moved 9 and an empty sheet:

# %%
unit = nine.flatten()  # 35 weights, one for each place; `@` multiplies pair by pair and adds up
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
shuffled = np.arange(35) * 11 % 35  # each of the 35 places once, in a jumbled order
for name, sheet in [("the stored 9", nine), ("the moved 9", moved), ("an empty sheet", blank)]:
    print(f"{name:15} shuffled: score {unit[shuffled] @ sheet.flatten()[shuffled]}")

# %% [markdown]
# So there are three **disadvantages of a dense network** for pictures:
#
# 1. **Too much computation**: 24 trillion weights for one layer.
# 2. **It treats near pixels like far ones**: neighbourhood is lost in flattening.
# 3. **It is sensitive to where the object is**: the moved 9 scores 3 of 35, an empty sheet 11.
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
    "A grid of 7 rows and 8 columns is flattened into a list of 56 numbers. What does the list "
    "alone no longer tell?",
    [
        (
            "Some of the 56 numbers of the grid.",
            False,
            "All of them are still there, and unchanged.",
        ),
        (
            "Which numbers stood above each other.",
            True,
            "Yes. They are now 8 places apart, and nothing in the list says that it was 8.",
        ),
        (
            "Which number stood in the top left corner.",
            False,
            "It is still the first of the list.",
        ),
        (
            "How bright the whole picture was.",
            False,
            "The values do not change, only their places: the mean is the same.",
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
# - **Pixel**: one cell of the grid that a picture is. **Intensity**, **level**: the number in a
#   pixel.
# - **Sampling**, **quantising**: choosing the cells; putting the light into one of a few levels.
# - **Channel**: one layer of a colour picture. **Depth**: how many channels a picture has.
# - **Resolution**: how many pixels the grid has.
# - **Flattening**: writing a grid as one list, row after row.
# - **Dense network**, **fully connected network**, **ANN**: every input is connected with every
#   unit of the next layer.
# - **Weight**: the number on a connection between two units.

# %% [markdown]
# ## Further reading
#
# - R. C. Gonzalez and R. E. Woods, *Digital Image Processing*, Pearson, 4th edition 2018, chapter
#   2: sampling and quantising in full.
# - Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, Neural
#   Computation, 1989: why digits led to convolution.
#
# The nines, the grey digit and the dense network are from deck 000 (*Location shifted*, *hidden
# layer neurons*), sampling and the 9 by 9 grid from deck 001, *What is an Image?*, colour arrays
# from deck 002, the handwritten digit from deck 003, *How computer sees an image*. Other slips in
# these slides stand in the appendix. **Next:** [02
# Convolution in one dimension](02_convolution_1d.ipynb).

# ---
# jupyter:
#   coursekit:
#     lesson: "03"
#     title: Convolution in two dimensions
#     topics: [T008, T009, T010, T011, T012, T013, T039, T040, T041, T042, T095, T117]
#     minutes: 60
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
# - read the formula of a two-dimensional convolution,
# - say which ways of writing it turn the kernel, and what PyTorch, Keras and SciPy really
#   calculate,
# - catch a wrong number in a printed feature map without recalculating it.
#
# **Time:** about 60 minutes. **Before this:** [01 Images are arrays](01_images.ipynb) and [02
# Convolution in one dimension](02_convolution_1d.ipynb).

# %% [markdown]
# ## See it: a 9 is a loop with a tail
#
# In lesson 01 a program compared a whole 9 with a stored 9, and failed as soon as the 9 moved by
# one column. You do something else: you see **parts**. A loop at the top, a vertical line in the
# middle, a diagonal line at the bottom.
#
# So describe each part by a *small* grid of numbers. Ink is +1 (orange) and paper is -1 (blue), as
# in lesson 01. The first cell reads such grids from drawings, and is folded.

# %% tags=["fold"]
import numpy as np

from coursekit import figures, predict, quiz, reveal
from coursekit.scratch import conv2d


def drawing(text):
    """Turn a drawing made of # (ink) and . (paper) into a grid of 1 and -1."""
    return np.array([[1 if mark == "#" else -1 for mark in row] for row in text.split()])


tall_nine = drawing(".###. .#.#. .###. ...#. ...#. ...#. ..#.. .#...")
loop = drawing("### #.# ###")
vertical = drawing(".#. .#. .#.")
diagonal = drawing("..# .#. #..")

figures.grids(
    [("a 9", tall_nine), ("loop", loop), ("vertical line", vertical), ("diagonal line", diagonal)],
    operators=("->", "+", "+"),
)

# %% [markdown]
# Each small grid is called a **filter** or **kernel**, as in lesson 02. The computer lays it on
# every place where it fits on the picture, asks *how well does it fit here?*, and writes each
# answer into a grid of its own. 1 is a perfect fit, -1 the exact opposite. How the answer is
# calculated comes in a minute; first look at the answers, as colours: the stronger the orange, the
# better the fit.

# %%
parts = [("loop", loop), ("vertical line", vertical), ("diagonal line", diagonal)]
part_maps = [(name, conv2d(tall_nine, part, mean=True)) for name, part in parts]
figures.images(
    part_maps,
    signed=True,
    alt="Three maps of 6 rows and 3 columns. The strongest orange is at the top in the loop's map, "
    "in the middle in the vertical line's, and at the bottom in the diagonal line's.",
)
perfect = [int((answers == 1).sum()) for _, answers in part_maps]
print("size of each map:", part_maps[0][1].shape, " perfect fits in each:", perfect)

# %% [markdown]
# Three filters, three maps of 6 rows and 3 columns, and in each map one perfect fit: *here is a
# loop; here is a vertical line; here is a diagonal*. Such a map is called a **feature map** (by
# others a response map, an activation map or a convolved feature), and the filter a **feature
# detector** (or kernel matrix, or mask). (It still compares cell by cell. What is new is that the
# grid is small, and that it **slides**.)

# %% [markdown]
# ## Predict
#
# Now take **one** filter, the loop, exactly as it is, and show it four pictures: a shorter 9, a 6,
# an 8, and a 0, whose loop is longer than the filter.

# %% tags=["fold"]
nine = drawing(".###. .#.#. .###. ...#. ...#. ..#.. .#...")
pictures = [
    ("9", nine),
    ("6", nine[::-1, ::-1]),  # a 9 turned by half a turn is a 6
    ("8", drawing("..... .###. .#.#. .###. .#.#. .###. .....")),
    ("0", drawing(".###. .#.#. .#.#. .#.#. .#.#. .#.#. .###.")),
]
figures.grids(pictures, operators=(" ", " ", " "))

# %%
predict(
    "03-hits",
    "In how many places will the loop filter fit perfectly on the 9, the 6, the 8 and the 0?",
    options=[
        "9: one, 6: none, 8: none, 0: none",
        "9: one, 6: one, 8: two, 0: none",
        "9: one, 6: one, 8: two, 0: two",
        "9: one, 6: none, 8: two, 0: one",
    ],
)

# %% tags=["reveal"]
# `np.argwhere` lists the places, [row, column], where something holds
places = {name: np.argwhere(conv2d(p, loop, mean=True) == 1).tolist() for name, p in pictures}
assert [len(found) for found in places.values()] == [1, 1, 2, 0]
on_zero = conv2d(pictures[3][1], loop, mean=True).max()
reveal(
    "03-hits",
    "9: one, 6: one, 8: two, 0: none",
    because="The filter knows nothing of digits: where a closed loop of its size lies, it fires, "
    f"and nowhere else. Its best fit on the 0 is {on_zero:.2f}: 8 of 9 cells agree.",
)
figures.grids(
    pictures,
    operators=(" ", " ", " "),
    # a fit whose corner is in [r, c] has the hole of the loop in [r + 1, c + 1]
    highlight=[[(r + 1, c + 1) for r, c in places[name]] for name, _ in pictures],
)

# %% [markdown]
# The **place** of the hit tells a 9 from a 6, the **number** of hits an 8 from both. Nine numbers
# did all this, wherever the loop was. And a filter is exactly as clever as its nine numbers: the 0
# needs a filter of its own. (A network has many filters, and finds out by itself which ones.)

# %% [markdown]
# ## By hand
#
# ### How well does it fit? Nine products
#
# Lay the loop filter on the top left corner of the 9. Multiply each of the nine pixels with the
# weight that lies on it. Where the two agree (ink meets ink, paper meets paper) the product is +1;
# where they disagree it is -1. Take a pencil: how many agree, and what is the mean of the nine
# products?

# %% tags=["paper"]
patch = nine[0:3, 0:3]  # rows 0 to 2, columns 0 to 2
products = patch * loop
figures.grids(
    [("9", nine), ("patch", patch), ("filter", loop), ("products", products)],
    operators=("->", "x", "="),
    highlight={0: [(r, c) for r in range(3) for c in range(3)]},
)
print("agree:", (products == 1).sum(), " disagree:", (products == -1).sum())
print("sum:", products.sum(), " mean:", f"{products.sum()}/9 =", round(products.mean(), 2))

# %% [markdown]
# Four cells agree, five do not, and the **mean of the products** is -1/9. All nine agreeing gives
# 1, all disagreeing -1 (a photographic negative), half and half is near 0: no relation. (In these
# pictures × multiplies two grids cell by cell. From here on ∗ between two grids says: *slide the
# right one over the left one*, as it is drawn.)
#
# The mean is easy to read. But PyTorch and Keras take the plain **sum** of the products; here that
# is -1. The map looks the same, with all its numbers nine times as large. From now on we take the
# sum, unless we say otherwise.
#
# ### Counting ones
#
# Now a picture of 0 and 1: the face of lesson 00, with a detector for the left end of a smile. A
# product is 1 only where both numbers are 1, so the sum **counts the ones that meet ones**. Write
# down row 3 of the map, five numbers: lay the detector on rows 3 to 5 of the picture, first on
# columns 0 to 2, then 1 to 3, and so on to columns 4 to 6.

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
detector = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 1]])
figures.grids([("input image", face), ("feature detector", detector)], operators=("*",))

# %% tags=["paper"]
print("row 3:", [int((face[3:6, j : j + 3] * detector).sum()) for j in range(5)])
figures.grids([("the whole map", conv2d(face, detector))], operators=())

# %% [markdown]
# The best fit of all is the 3, at the left end of the smile: all three ones of the detector meet
# ones. A picture of 7 by 7 gives a map of 5 by 5, since a window of 3 fits in 7 - 3 + 1 places, in
# each direction.
#
# **Careful:** with ink of 1 and paper of 0, or with the grey values of a photograph, a large sum
# does not have to mean that the pattern is there. Brightness alone does it, too. So give the places
# that should be dark a *negative* weight, and choose it so that all weights add up to 0:

# %%
balanced = np.where(detector == 1, 2, -1)  # 2 for each of the three ones, -1 for the six zeros
dim_pattern = 50 * detector  # the very pattern, in dim light
bright_wall = np.full((3, 3), 200)  # no pattern at all, all pixels 200
for name, weights in [("detector", detector), ("balanced", balanced)]:
    on_pattern, on_wall = ((pixels * weights).sum() for pixels in (dim_pattern, bright_wall))
    print(f"{name}: weights add up to {weights.sum()}", end="")
    print(f", dim pattern {on_pattern}, bright wall {on_wall}")
ink = np.ones((3, 3), dtype=int)
print("mean of the loop filter on solid ink:", f"{(ink * loop).sum()}/9")

# %% [markdown]
# The plain detector answers more to the wall than to its own pattern. Where the weights **add up to
# 0**, every even wall gives 0, however bright it is; lesson 04 is full of such kernels. A negative
# weight here or there is not enough: the weights of the loop filter add up to 7, and solid ink
# scores 7/9.

# %% [markdown]
# ### Find the slip
#
# Deck 000, *Feature Map*, prints this map for the 9 and the loop filter. Each number is a mean of
# nine products, cut after two decimals: -5/9 = -0.5555... is printed as -0.55. Three of the 15
# numbers are wrong, and not all of them need a recount to be caught.

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
figures.grids([("the 9", nine), ("filter", loop), ("as printed", printed_map)])

# %%
predict(
    "03-impossible",
    "One of these numbers can be no mean of nine products of +1 and -1, whatever the picture. "
    "Which one?",
    options=["0.11", "-0.22", "0.33", "-0.55"],
)

# %% tags=["reveal"]
sums = sorted({agree - (9 - agree) for agree in range(10)})
assert -2 not in sums
reveal(
    "03-impossible",
    "-0.22",
    because=f"It is -2/9. With 0 to 9 cells agreeing the sum is one of {sums}, always odd: each "
    "cell that changes sides moves it by 2. All three wrong cells, outlined below, should be -5/9.",
)
right_map = np.trunc(100 * conv2d(nine, loop, mean=True)) / 100  # cut, as the printed one
wrong = np.argwhere(np.abs(right_map - printed_map) > 0.001).tolist()
figures.grids(
    [("as printed", printed_map), ("right, cut as well", right_map)],
    operators=("->",),
    highlight=[wrong] * 2,
)
assert wrong == [[3, 0], [3, 2], [4, 1]]

# %% [markdown]
# The odd-number test finds two of the three, [3, 0] and [3, 2]. The third, the -0.33 in [4, 1],
# *can* be a mean of nine products; only a recount shows that it is none here. A plausibility test
# finds some errors, never all.

# %% [markdown]
# ## From scratch
#
# Here is one place, written as loops over the weights. You will write the loops over the *places*
# yourself, in the exercise.

# %%
image = np.array(
    [[3, 5, 2, 8, 1], [9, 7, 5, 4, 3], [2, 0, 6, 1, 6], [6, 3, 7, 9, 2], [1, 4, 9, 5, 1]]
)
kernel = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])


def one_place(image, kernel, i, j):
    total = 0
    for a in range(3):
        for b in range(3):
            total = total + image[i + a, j + b] * kernel[a, b]
    return total


figures.grids([("image", image), ("kernel", kernel)], operators=("*",))
print("place [0, 0]:", one_place(image, kernel, 0, 0))

# %% [markdown]
# The line in the middle is the formula. With $I$ for the image, $K$ for the kernel of $m$ rows and
# $n$ columns, and $S$ for the map:
#
# $$S_{ij} = \sum_{a=0}^{m-1} \sum_{b=0}^{n-1} I_{i+a,\, j+b}\, K_{a,b}$$
#
# Read the two $\sum$ as the two loops: "for all $a$ and for all $b$, add up".
#
# Without loops: `sliding_window_view`, which you know from lesson 02, gives an array with four axes
# for a picture. `windows[i, j]` is the window in place `[i, j]`. What remains is "multiply and add
# up", and `np.einsum` does that by name: name the axes of both arrays, then those of the result.
# **A letter that is missing in the result is summed over.** Here is the first row of the map, all
# `j` at once:

# %%
windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
first_row = np.einsum("jab,ab->j", windows[0], kernel)
print("shape of all windows:", windows.shape, " first row of the map:", first_row)
assert first_row.tolist() == [one_place(image, kernel, 0, j) for j in range(3)]

# %% [markdown]
# ### Flip or no flip?
#
# Books write the formula in three ways, which look nearly alike:
#
# | called | pixel | meets | where (i, j) is |
# |---|---|---|---|
# | succeeding pixels | $I_{i+a,\, j+b}$ | $K_{a,\, b}$ | upper left of the window |
# | previous pixels | $I_{i-a,\, j-b}$ | $K_{a,\, b}$ | lower right of the window |
# | centre pixel | $I_{i-a,\, j-b}$ | $K_{c+a,\, d+b}$ | middle of the window |
#
# (In the third, $a$ and $b$ run from -1 to 1 for a 3 by 3 kernel, and $K_{c,d}$ is its middle.)
# Look for the minus. It walks back through the pixels while the weights are walked forward, and
# that turns the kernel by **half a turn**, just as the minus in lesson 02 turned the list of
# weights: rows backwards and columns backwards, in Python `kernel[::-1, ::-1]`. A kernel of nine
# different numbers shows what lies on the pixels; outlined is the weight that meets pixel (i, j):

# %%
numbered = np.arange(1, 10).reshape(3, 3)  # 1 to 9
turned = numbered[::-1, ::-1]
figures.grids(
    [("succeeding: I[i+a, j+b]", numbered), ("previous: I[i-a, j-b]", turned), ("centre", turned)],
    operators=("      ", "      "),
    highlight=[[(0, 0)], [(2, 2)], [(1, 1)]],
)

# %% [markdown]
# So there are two operations. With the half turn it is the **convolution** of mathematics: 21 at
# the first place of the example. Without it, it is **cross-correlation**, which is what our loops
# do: 25.

# %%
figures.grids([("kernel", kernel), ("turned", kernel[::-1, ::-1])], operators=("->",))

# %%
predict(
    "03-turned",
    "The map of the 5 by 5 image has nine cells. In how many of them does turning this kernel "
    "change the number?",
    kind="number",
    unit="cells",
)

# %% tags=["reveal"]
plain, flipped = conv2d(image, kernel), conv2d(image, kernel[::-1, ::-1])
differ = np.argwhere(plain != flipped).tolist()
reveal(
    "03-turned",
    len(differ),
    because="Only the 1 at the left end of the middle row has moved, to its right end. So a cell "
    "stays the same only where the pixels left and right of the centre are equal: in [1, 2] both "
    "are 6.",
)
figures.grids(
    [("no turn", plain), ("turned", flipped)], operators=("!=",), highlight=[differ, differ]
)

# %% [markdown]
# ## In the framework
#
# We ask three libraries for a convolution. PyTorch and Keras want two more axes, because they work
# on a *batch* of pictures with one or more *channels*; here both are 1, added by `None` as in
# lesson 02. Mind that they put them in different places.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import scipy.signal
import torch

pixels, weights = image.astype("float64"), kernel.astype("float64")

# PyTorch: (batch, channels, height, width) and (filters, channels, height, width)
by_torch = torch.nn.functional.conv2d(
    torch.tensor(pixels)[None, None], torch.tensor(weights)[None, None]
)[0, 0].numpy()
# Keras: (batch, height, width, channels) and (height, width, channels, filters)
by_keras = keras.ops.conv(pixels[None, :, :, None], weights[:, :, None, None], padding="valid")
by_keras = by_keras[0, :, :, 0].numpy()
by_scipy = scipy.signal.convolve2d(pixels, weights, mode="valid")

figures.grids(
    [("torch conv2d", by_torch), ("keras conv", by_keras), ("scipy convolve2d", by_scipy)],
    operators=("=", "!="),
)
assert np.abs(by_torch - plain).max() < 1e-9 and np.abs(by_keras - plain).max() < 1e-9
assert np.abs(by_scipy - flipped).max() < 1e-9

# %% [markdown]
# PyTorch and Keras do not turn the kernel; SciPy's `convolve2d` does (its `correlate2d` does not).

# %% [markdown]
# ## Play
#
# The explorer holds the same example. Walk over the feature map (*Output*) with the arrow keys or
# the mouse; it shows the patch, the products and the sum.
#
# 1. Find the 25. Then tick *Flip the kernel*: the same place now says 21. Which product has gone,
#    which has come?
# 2. Make the kernel a loop (eight ones around a -1), and flip. Does anything change?
# 3. Try a kernel with a single 1 in the upper left corner: what does the map look like, and what
#    does the flip do to it?

# %%
from coursekit.widgets import ConvolutionExplorer

ConvolutionExplorer(input=image, kernel=kernel)

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. The 9, left of the centre, has gone; the 5, right of the centre, has come: 25 - 9 + 5 = 21.
# 2. Nothing changes, on any picture: the loop looks the same after half a turn.
# 3. The map is the upper left 3 by 3 piece of the image, copied. With the flip the 1 lies in the
#    lower right corner, and the map is the lower right piece.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"A convolutional network computes the convolution of mathematics: the formula with the flip."*
#
# It computes cross-correlation, and calls it convolution. So do most lectures, whatever formula
# they print first. How much that matters depends on the kernel:

# %%
for name, picture, grid in [("5 by 5 example", image, kernel), ("9 and loop", nine, loop)]:
    changed = (conv2d(picture, grid) != conv2d(picture, grid[::-1, ::-1])).sum()
    print(f"{name}: cells that change with the turn: {changed}")

# %% [markdown]
# For the one kernel nearly everything changes, for the other nothing: it looks the same after half
# a turn. It does not matter either when a network *learns* its kernels: a library that flipped
# would simply learn them turned. It matters when you write a kernel yourself, when you read a
# formula in a book, or when you move weights from one program to another.

# %% [markdown]
# ## Your turn
#
# Open [the exercise](../exercises/03_convolution_2d.ipynb). You write `match_score` and `conv2d`
# (no flip, as PyTorch and Keras do it), and then use them to read: your function will find every
# letter *e* on a page of print, even on a dirty one. The first part is half done for you.

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
            "You have the two directions swapped: 5 rows limit how far the kernel goes down.",
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
            "something that has nothing to do with the kernel's pattern",
            False,
            "That would be near 0: about as many cells agree as disagree.",
        ),
        (
            "blank paper, without any ink at all in its nine cells",
            False,
            "Try it on the loop: the eight cells of the ring disagree, but the hole agrees. That "
            "is -7/9.",
        ),
        (
            "the exact opposite: ink where the kernel has paper",
            True,
            "Yes, and paper where it has ink: all nine products are -1.",
        ),
        (
            "the kernel's pattern, turned by half a turn",
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
            "One of the two has a bug in its handling of the border.",
            False,
            "Both do what their documentation says, and both leave the border out here.",
        ),
        (
            "SciPy turns the kernel by half a turn, PyTorch does not.",
            True,
            "Yes. `scipy.signal.correlate2d` gives PyTorch's numbers.",
        ),
        (
            "PyTorch has learned other weights than SciPy.",
            False,
            "Nothing is learned here: you gave the kernel yourself.",
        ),
        (
            "PyTorch takes the mean of the products, SciPy takes their sum.",
            False,
            "Both take the sum.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. A kernel is a small grid of weights that describes a pattern. Slide it over the picture; in
#    each place multiply and add. The answers form the feature map.
# 2. With pixels and weights of +1 and -1 a mean of 1 says: *the pattern is here*. With positive
#    pixels and weights brightness alone makes the sum large; weights that add up to 0 cure that.
# 3. A picture of $H$ by $W$ and a kernel of $m$ by $n$ give a map of $H - m + 1$ by $W - n + 1$.
# 4. $I_{i+a, j+b}$ leaves the kernel as it is (cross-correlation, what PyTorch and Keras do);
#    $I_{i-a, j-b}$ turns it by half a turn (the convolution of mathematics).
# 5. For a kernel that looks the same after half a turn, the two agree.

# %% [markdown]
# ## Words
#
# - **Kernel**, **filter**, **mask**, **kernel matrix**, **feature detector**: the small grid of
#   weights that slides over the picture.
# - **Patch**, **window**: the pixels under the kernel right now.
# - **Feature map**, **response map**, **activation map**, **convolved feature**: the grid of
#   answers.
# - **Half a turn**, **flip**: rows backwards and columns backwards, `kernel[::-1, ::-1]`.
# - **Cross-correlation**: the sliding sum of products, kernel as it is.
# - **Convolution**: in mathematics with the flip; in networks the same as cross-correlation.

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
# The 9, its loop and the printed map come from deck 000 (*Loopy pattern filter*, *Feature Map*),
# the three formulas and the 5 by 5 example from deck 001, *The Convolution Operation - 2D* (which
# took the example from developers.google.com), the face from decks 002 and 003, *Step 1 -
# Convolution*. Other slips in these slides stand in the appendix. The 6, the 8, the 0, the line
# filters and the detector of the smile are ours. **Next:** [04 Kernels](04_kernels.ipynb).

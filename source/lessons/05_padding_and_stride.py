# ---
# jupyter:
#   coursekit:
#     lesson: "05"
#     title: Padding and stride
#     topics: [T047, T048, T049, T054, T056, T062, T139, T140, T141, T142]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 05 · Padding and stride
#
# **How large is the map, and which pixels does it see?**
#
# After this lesson you can
#
# - say how large a feature map will be before you compute it, for any padding and any stride,
# - explain why the formula for the size is rounded down, and what is lost by that,
# - name the pixels that a kernel never sees,
# - get the same numbers from Keras and from PyTorch where their paddings differ.
#
# **Time:** about 60 minutes. **Before this:** [03 Convolution in two
# dimensions](03_convolution_2d.ipynb) and [04 Kernels](04_kernels.ipynb). Kernels are not turned.

# %% [markdown]
# ## See it: what ten layers do to the border
#
# A network does not stop after one kernel. Here ten kernels work in a row, each on the result of
# the one before. All ten are the same gentle blur of 5 by 5, lesson 04's bell-shaped blur made
# larger, so nothing is to be found here; we only watch the **border**.
#
# On the left is the picture, 80 by 80 pixels. In the middle each kernel visits only the places
# where it lies on the picture as a whole, as in lesson 03. On the right the picture gets a frame of
# zeros before each layer.

# %% tags=["fold"]
import numpy as np
from sklearn.datasets import load_sample_image

from coursekit import figures, predict, quiz, reveal
from coursekit.scratch import KERNELS, conv2d, conv2d_vectorized, output_size, pad2d

temple = load_sample_image("china.jpg").mean(axis=2)[120:200, 230:310]
blur = KERNELS["gaussian_5x5"]

without = framed = temple
for layer in range(10):
    without = conv2d_vectorized(without, blur)
    framed = conv2d_vectorized(framed, blur, padding=2)  # two rings of zeros first

sheet = np.full((80, 80), 255.0)  # white paper, to show the small map in its true size
sheet[20:60, 20:60] = without
figures.images(
    [
        ("the picture", temple.astype("uint8")),
        ("10 layers, no frame", sheet.astype("uint8")),
        ("10 layers, frames of zeros", framed.astype("uint8")),
    ],
    alt="Left: a grey photograph of a roof. Middle: a blurred picture of half the width and half "
    "the height on white paper. Right: a blurred picture of full size whose border has become "
    "dark, darkest in the corners.",
)
print("sizes:", temple.shape, without.shape, framed.shape)

# %% [markdown]
# Without a frame the map **shrinks**: ten layers have eaten half its width and half its height, so
# three quarters of its pixels are gone. With frames of zeros it keeps its size, but a **darkness
# creeps in** from the border.
#
# Neither is free. This lesson is about that choice, and about a second one: by how many pixels the
# kernel moves.

# %% [markdown]
# ## Predict
#
# Up to now the kernel moved by one pixel at a time. Now it hops by **two**: to the right by two
# columns, and at the end of a row down by two rows. The length of a hop is called the **stride**.
#
# A kernel of 3 by 3 begins in the top left corner of a picture of 6 by 6, hops by two, and stops
# where the next hop would carry it over the edge. There is no frame.

# %%
predict(
    "05-unseen",
    "How many of the 36 pixels does the kernel never touch?",
    options=["0", "6", "11", "12"],
)

# %% tags=["reveal"]
seen = np.zeros((6, 6), dtype=int)
for top in (0, 2):  # a third hop, to 4, would need the rows 4, 5 and 6
    for left in (0, 2):
        seen[top : top + 3, left : left + 3] += 1
never = [(int(r), int(c)) for r, c in np.argwhere(seen == 0)]
assert len(never) == 11
reveal(
    "05-unseen",
    "11",
    because="The kernel is wider than its hop, so there are no gaps in between. But after columns "
    "0-2 and 2-4 it would need 4-6, and there is no column 6. So the last row and the last "
    "column, 6 + 6 - 1 pixels, are never touched.",
)

figures.grid(
    seen,
    title="how often each pixel is touched",
    highlight=never,
    alt="Grid of 6 rows and 6 columns: how often the kernel touches each pixel. The first five "
    "rows read 1 1 2 1 1 0, 1 1 2 1 1 0, 2 2 4 2 2 0, 1 1 2 1 1 0, 1 1 2 1 1 0, the last row is "
    "all 0. Outlined are the 11 zeros: the last row and the last column.",
)

# %% [markdown]
# Whatever stands in those 11 pixels, no number of the map will ever change. No error, no warning.
# If the tail of your 9 lies there, the network has no chance to see it. (With a hop longer than the
# kernel is wide, rows and columns *between* its places are skipped as well.)
#
# Even a stride of 1 does not treat all pixels alike. How often does a 3 by 3 kernel with stride 1
# touch a corner pixel, and how often a pixel in the middle? Think first, then open:
#
# <details><summary>Answer</summary>
#
# The corner once, a pixel in the middle nine times: once for each cell of the kernel.
#
# </details>
#
# So what happens at the border has less say in the map. Besides the shrinking, that is a second
# reason for a frame.

# %% [markdown]
# ## By hand
#
# ### Stride 1, and then stride 2
#
# A picture of zeros and ones, and a kernel that likes a diagonal of ones and dislikes everything
# beside it. What is the first value of the map, with the kernel in the top left corner? Only the
# ones of the picture count.

# %% tags=["fold"]
image = np.array(
    [
        [1, 0, 0, 0, 0, 1],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 1, 0, 1, 0],
    ]
)
diagonal = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
# %%
figures.grids([("image", image), ("kernel", diagonal)], operators=("*",))

# %% tags=["paper"]
every_place = conv2d(image, diagonal)
figures.grid(every_place, title="stride 1", highlight=[(0, 0)])

# %% [markdown]
# Three ones of the picture meet the three weights 1: **3**. And with stride 1 the kernel has 4
# times 4 places, so the map has 16 values. Now take stride 2.

# %%
predict(
    "05-stays",
    "Which of these 16 values make up the map of stride 2? (You need not calculate anything.)",
    options=["3 -1 / -3 1", "3 -3 / -3 0", "1 0 / -3 0", "3 -1 / 3 -1"],
)

# %% tags=["reveal"]
strided = conv2d(image, diagonal, stride=2)
assert strided.tolist() == [[3, -3], [-3, 0]]
reveal(
    "05-stays",
    "3 -3 / -3 0",
    because="The kernel stands in every second place of every second row, and computes there what "
    "it computed before.",
)

figures.grids(
    [("stride 1", every_place), ("stride 2", strided)],
    operators=("->",),
    highlight={0: [(0, 0), (0, 2), (2, 0), (2, 2)]},
)
print("values:", every_place.size, "with stride 1,", strided.size, "with stride 2")

# %% [markdown]
# A stride of 2 saves three quarters of the work. The price: the 3 in the last row, a perfect
# diagonal, is lost, since the kernel never stands there.

# %% [markdown]
# ### How many places are there?
#
# Look at one direction only: a side of $n = 8$ pixels, a kernel of $f = 3$, a stride of $s = 3$.
# Draw eight boxes in a row. How many places has the kernel, and how many boxes are left over?
#
# <details><summary>Answer</summary>
#
# Two places: boxes 0 to 2 and 3 to 5. The next one would need 6 to 8, and there is no box 8. So two
# boxes are left over, 6 and 7.
#
# </details>
#
# To get a formula, put the kernel at the left end. It takes up $f$ pixels; $n - f$ are
# left over to its right. Each hop uses up $s$ of them. So there are as many hops as $s$ goes into
# $n - f$, and the first place comes on top:
#
# $$\text{places} = \frac{n - f}{s} + 1 \qquad \text{here } \frac{8 - 3}{3} + 1 = 2.67$$
#
# 2.67 places? Two thirds of a hop cannot be made. So the division is **rounded down**, which is
# written with two brackets that have a foot only, $\lfloor 1.67 \rfloor = 1$, called the **floor**:
#
# $$\text{places} = \left\lfloor \frac{n - f}{s} \right\rfloor + 1$$
#
# In Python `//` divides and rounds down in one go: `5 // 3` is 1. With stride 1 the formula is
# lesson 03's $n - f + 1$, and nothing has to be rounded.
#
# What is rounded away are the pixels that no hop reaches. Here the remainder of 5 divided by 3 is
# 2: two columns at the right and two rows at the bottom.

# %% [markdown]
# ### A frame of zeros
#
# A picture of 4 by 4 and a kernel of 3 by 3 give a map of 2 by 2, and on that a second kernel of 3
# by 3 finds no place at all. So we put a ring of zeros around the picture first, and now the same
# kernel has 4 by 4 places: **the map is as large as the picture**. Such a frame is called
# **padding**, here **zero padding**; its width in rings is called $p$ below, and `padding=` in
# code.
#
# The kernel adds up three pixels side by side and subtracts the three above them. Calculate the
# first row of the map, four numbers. (The row above the first is the frame.)

# %%
small = np.array(
    [[0.3, 0.5, 0.9, 1.0], [1.0, 1.0, 1.0, 1.0], [0.9, 0.9, 0.5, 0.3], [0.2, 0.0, 0.0, 0.0]]
)
line_1 = KERNELS["line_1"].astype(int)
figures.grids(
    [("image", small), ("framed", pad2d(small, 1)), ("kernel", line_1)], operators=("->", "*")
)

# %% tags=["paper"]
with_frame, no_frame = conv2d(pad2d(small, 1), line_1), conv2d(small, line_1)
figures.grids(
    [("without a frame", no_frame), ("with a frame", with_frame)],
    operators=("",),
    highlight={1: [(1, 1), (1, 2), (2, 1), (2, 2)]},
)
print("first row:", with_frame[0].round(2))

# %% [markdown]
# The four numbers in the middle are the old map: a frame changes nothing there. All others need the
# frame. The first row says 0.8, 1.7, 2.4, 1.9: a bright line with darkness above it! The darkness
# is the frame: a zero is not "nothing", to a kernel it is a black pixel.
#
# How many rings does a kernel of 3 by 3 need so that the size stays? One. Of 5 by 5? Two. For a
# kernel with an odd side $f$ it is $p = (f - 1)/2$ rings: as far as it sticks out on either side of
# its middle.
#
# A frame of $p$ rings makes the side $2p$ pixels longer, and so we have the whole formula:
#
# $$\text{size} = \left\lfloor \frac{n + 2p - f}{s} \right\rfloor + 1$$
#
# Rows and columns are counted separately. Here it is for examples of this lesson, two that
# are still to come among them; the last column is what you would get without the floor.

# %%
from coursekit.scratch import output_size_unrounded

print(" n  f  p  s   size   without the floor")
for n, f, p, s in [
    (4, 3, 0, 1),
    (4, 3, 1, 1),
    (6, 3, 0, 1),
    (6, 3, 0, 2),
    (8, 3, 0, 3),
    (7, 3, 0, 2),
    (80, 5, 2, 1),
    (6, 3, 1, 2),
]:
    size, unrounded = output_size(n, f, s, p), output_size_unrounded(n, f, s, p)
    print(f"{n:2} {f:2} {p:2} {s:2} {size:6} {unrounded:10.2f}")

# %% [markdown]
# Two words that you will meet in every library: **valid** means no frame, every place is a real
# one, and what does not fit at the right and at the bottom is ignored. **Same** means as many zeros
# as it takes to keep the size. (That is how it is usually explained. Keep an eye on it.)

# %% [markdown]
# ### Find the slip
#
# Deck 004, *Strided convolution*, slides a kernel of 3 by 3 with stride 2 over a picture of 7 by 7,
# without a frame, and prints the nine numbers below. The size is right:
# $\lfloor (7 - 3)/2 \rfloor + 1 = 3$. **Two of the nine numbers are wrong.** Seven products
# a cell are enough, and with the four options below you need not do all nine cells.

# %% tags=["fold"]
big = np.array(
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
weights = np.array([[3, 4, 4], [1, 0, 2], [-1, 0, 3]])
printed = np.array([[91, 100, 83], [69, 91, 127], [44, 72, 74]])
# %%
figures.grids([("image", big), ("kernel", weights), ("as printed", printed)])

# %%
predict(
    "05-slip",
    "Which two cells [row, column] are wrong?",
    options=["[0, 1] and [0, 2]", "[0, 2] and [1, 2]", "[0, 2] and [2, 2]", "[1, 1] and [1, 2]"],
)

# %% tags=["reveal"]
right = conv2d(big, weights, stride=2)
wrong = [(int(i), int(j)) for i, j in np.argwhere(right != printed)]
assert wrong == [(0, 2), (1, 2)]
reveal(
    "05-slip",
    "[0, 2] and [1, 2]",
    because="Row by row of the kernel: 62 + 13 + 13 = 88, printed 83; and 88 + 14 + 15 = 117, "
    "printed 127.",
)

for i, j in wrong:
    rows = [
        int((big[2 * i + a, 2 * j : 2 * j + 3] * weights[a]).sum()) for a in range(3)
    ]  # one sum for each row of the kernel
    print(f"[{i}, {j}]: {' + '.join(map(str, rows))} = {right[i, j]}, printed {printed[i, j]}")
figures.grids([("as printed", printed), ("right", right)], operators=("!=",), highlight={1: wrong})

# %% [markdown]
# The other seven are right, so picture, kernel and stride were read correctly.

# %% [markdown]
# ### Optional: the kernel upside down
#
# The kernel of the 4 by 4 picture has an upside-down twin, which subtracts the row *below*. Its
# weights add up to 0, so on a flat picture it should find nothing at all (lesson 04). We give it
# two framed pictures: a flat one of ones, and the 4 by 4 picture, whose last row is nearly dark.
# On which of the two will it cry "line" more loudly, and in which row?

# %% tags=["paper"]
line_3 = KERNELS["line_3"].astype(int)
flat = np.ones((4, 4), dtype=int)
for name, picture in [("flat", flat), ("the 4 by 4 picture", small)]:
    figures.grids(
        [
            ("kernel", line_3),
            (f"{name}, no frame", conv2d(picture, line_3)),
            (f"{name}, framed", conv2d(picture, line_3, padding=1)),
        ],
        operators=("", ""),
    )

# %% [markdown]
# On the flat one, along the bottom, where there is nothing but the end of the picture. In the 4 by
# 4 picture the last row is nearly as dark as the frame below it, so it has no edge there.

# %% [markdown]
# ## From scratch
#
# One row is enough to see how it is done; the function for any picture, kernel, stride and padding
# will be yours. Here is the first row of the 3 by 3 map of the 7 by 7 picture (*Find the slip*).
# The only news is the `2 *`: output number `j` looks at the columns from `2 * j` on.

# %%
first_row = []
for j in range(3):
    total = 0
    for a in range(3):
        for b in range(3):
            total += big[a, 2 * j + b] * weights[a, b]
    first_row.append(int(total))
print("first row:", first_row)

# %% [markdown]
# Without loops: `windows[i, j]` is the window in row `i` and column `j`, as in lesson 03. A list in
# square brackets picks several of them at once, here those that begin in the columns 0, 2 and 4.

# %%
windows = np.lib.stride_tricks.sliding_window_view(big, (3, 3))
picked = windows[0, [0, 2, 4]]
fast_row = np.einsum("jab,ab->j", picked, weights)
print("shape of all windows:", windows.shape, " picked:", picked.shape, " first row:", fast_row)
assert fast_row.tolist() == first_row == right[0].tolist()

# %% [markdown]
# The frame takes two lines: a larger grid of zeros, and the picture written into its middle.
# `framed[1:5, 1:5] = ...` replaces the rows 1 to 4 and the columns 1 to 4.

# %%
framed = np.zeros((6, 6))
framed[1:5, 1:5] = small
assert np.array_equal(framed, pad2d(small, 1))
print(framed)

# %% [markdown]
# ## In the framework
#
# Both libraries take a stride and a padding, but they name them differently:
#
# | | PyTorch | Keras |
# |---|---|---|
# | stride | `stride=2` | `strides=2` |
# | no frame | `padding=0` | `padding="valid"` |
# | a given frame | `padding=1`: one ring | not there: pad first |
# | the word *same* | `padding="same"`, with stride 1 only | `padding="same"`, with any stride |
#
# First where they agree: the 7 by 7 picture. As in lesson 03, `[None, None]` adds the axes for
# batch and channel.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch


def in_torch(image, kernel, stride, padding):
    image, kernel = torch.tensor(image * 1.0)[None, None], torch.tensor(kernel * 1.0)[None, None]
    return torch.nn.functional.conv2d(image, kernel, stride=stride, padding=padding)[0, 0].numpy()


def in_keras(image, kernel, stride, padding):
    image, kernel = (image * 1.0)[None, :, :, None], (kernel * 1.0)[:, :, None, None]
    out = keras.ops.conv(image, kernel, strides=stride, padding=padding)
    return keras.ops.convert_to_numpy(out)[0, :, :, 0]


for stride, torch_padding, keras_padding in [(2, 0, "valid"), (1, 1, "same"), (2, 1, "same")]:
    ours = conv2d(big, weights, stride=stride, padding=torch_padding)
    assert np.abs(in_torch(big, weights, stride, torch_padding) - ours).max() < 1e-9
    assert np.abs(in_keras(big, weights, stride, keras_padding) - ours).max() < 1e-9
    print(f"stride {stride}, {torch_padding} in PyTorch, {keras_padding!r:7} in Keras: both ours")

# %% [markdown]
# ### Where they differ
#
# Now the picture of 6 by 6, stride 2. To see *where* each library puts the kernel, we number the
# pixels from 0 to 35 and take a kernel with a single 1 in its middle: then each number of the map
# **is** the number of the pixel under the kernel's middle. PyTorch gets one ring of zeros, Keras is
# told "same". At stride 2 that word cannot keep the size: Keras then takes $n/s$ places, rounded
# up, here 3. They need $2 + 2 + 3 = 7$ pixels, one more than there are. Where will the zeros go?

# %%
numbered = np.arange(36).reshape(6, 6)
probe = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
figures.grids([("numbered pixels", numbered), ("probe", probe)], operators=("*",))

# %%
predict(
    "05-frameworks",
    'How many of the nine numbers do PyTorch (`padding=1`) and Keras (`"same"`) have in common?',
    options=[
        "all nine",
        "the six that are not in the first row",
        "only the one in the middle",
        "none",
    ],
)

# %% tags=["reveal"]
by_torch, by_keras = in_torch(numbered, probe, 2, 1), in_keras(numbered, probe, 2, "same")
common = int((by_torch == by_keras).sum())
assert common == 0
reveal(
    "05-frameworks",
    "none",
    because="Three places need 7 pixels, one more than the side has. PyTorch puts a zero at both "
    "ends, and the last is never reached; Keras puts one at the right and the bottom only. (Of any "
    "odd number of zeros it puts the extra one there.) So every window lies one row and one column "
    "further on.",
)

figures.grids(
    [("PyTorch, padding=1", by_torch.astype(int)), ("Keras, same", by_keras.astype(int))],
    operators=("!=",),
)
# The remedy: pad by hand, right and bottom only, and ask both for no padding.
uneven = np.zeros((7, 7))
uneven[:6, :6] = numbered
assert np.array_equal(in_torch(uneven, probe, 2, 0), by_keras)
print("PyTorch on a picture that was padded at the right and the bottom: equals Keras")

# %% [markdown]
# With a kernel of 3 and stride 2 this happens for every **even** side: 224, 32, 28. Weights that
# were trained in one library and used in the other then give slightly different answers, and
# nothing tells you why.

# %% [markdown]
# ### Optional: two more questions to PyTorch
#
# Does our formula give PyTorch's sizes, floor and all? We let chance choose. And what does PyTorch
# make of the word "same" with a stride of 2? (`try` runs a piece of code; if it fails, `except`
# deals with the error instead of stopping.)

# %%
rng = np.random.default_rng(5)
for _ in range(200):
    f, s, p = (int(k) for k in rng.integers([1, 1, 0], [6, 4, 3]))
    n = int(rng.integers(f, 15))
    side = in_torch(np.ones((n, n)), np.ones((f, f)), s, p).shape[0]
    assert side == output_size(n, f, s, p)
print("200 random sizes: the formula and PyTorch agree")

try:
    in_torch(numbered, probe, 2, "same")
except RuntimeError as error:
    print("PyTorch refuses:", error)

# %% [markdown]
# ## Play
#
# The explorer holds the 6 by 6 picture and the diagonal kernel; the calculator below it puts layers
# in a row and says where one does not fit.
#
# 1. Explorer: set the stride to 2, and walk over the map. Which pixels never light up? Now add a
#    padding of 1: does the map see all pixels?
# 2. Explorer: set padding back to 0, stride to 1, and **dilation** to 2: the kernel's nine cells
#    move apart, with a gap of one pixel. How large is the map now, and why?
# 3. Calculator: make the picture 7 by 7, and add more layers of 3 by 3 with stride 2. How many fit,
#    one after the other? Work it out with the formula first.
#
# <details><summary>Answers</summary>
#
# 1. The last row and the last column never light up. With a padding of 1 the map is 3 by 3, its
#    windows begin at -1, 1 and 3, and the last one ends at 5: every pixel is seen.
# 2. 2 by 2. With the gaps the kernel reaches over 5 pixels instead of 3, and 6 - 5 + 1 is 2. In the
#    formula, put 5 for $f$; the kernel still has nine weights.
# 3. Two: 7 becomes 3, and 3 becomes 1. In a map of 1 by 1 there is no room for a third kernel.
#
# </details>

# %%
from coursekit.widgets import ConvolutionExplorer, SizeCalculator

ConvolutionExplorer(input=image, kernel=diagonal)

# %%
SizeCalculator(size=6, layers=[(3, 2)])

# %% [markdown]
# ## A mistake people make
#
# > *"Same padding keeps the size."*
#
# With stride 1 it does. Here is Keras's "same" on the 7 by 7 picture, with the strides 1, 2 and 3:

# %%
for stride in (1, 2, 3):
    print(f"same, stride {stride}: 7 by 7 becomes", in_keras(big, weights, stride, "same").shape)
print(
    "rings of zeros that keep 7 at stride 2:",
    min(p for p in range(9) if output_size(7, 3, 2, p) == 7),
)

# %% [markdown]
# The kernel stands on every second or third pixel only, so no sensible frame could keep the size:
# at stride 2 it would take four rings of zeros around the 7 by 7 picture, more than the kernel is
# wide. "Same" means: as many zeros as it takes for $n/s$ places, rounded **up** (the ceiling); 7/2
# is 3.5, so 4. From a layer with stride 2 on, maps are half as wide, "same" or not, and many
# networks use just that to become smaller.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/05_padding_and_stride.ipynb) you write `output_size`, `pad2d` and
# `conv2d_strided`, and use them to plan a network that fits its picture without losing a pixel.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "05-q1",
    "A picture of 32 by 32, a kernel of 5 by 5, padding 2, stride 2. How large is the map?",
    [
        (
            "15 by 15",
            False,
            "15 is the number of whole hops. The place where the kernel begins comes on top.",
        ),
        ("16 by 16", True, "Yes: (32 + 4 - 5)/2 is 15.5, rounded down 15, and 1 more is 16."),
        ("17 by 17", False, "You rounded up. Half a hop is not made: 15.5 becomes 15."),
        ("14 by 14", False, "You forgot the frame: (32 - 5)/2 is 13.5, so 13 + 1."),
    ],
)

# %%
quiz(
    "05-q2",
    "A kernel of 4 by 4 with stride 3 and no frame. For which size of the picture is every pixel "
    "touched?",
    [
        ("8 by 8", False, "8 - 4 is 4, one hop of 3 and a remainder of 1: a row and a column."),
        ("9 by 9", False, "A multiple of the stride, but 9 - 4 is 5: 2 are left over."),
        ("10 by 10", True, "Yes: 10 - 4 is 6, just two hops of 3. Nothing is left over."),
        ("12 by 12", False, "Divisible by 4 and by 3, but what is hopped over is 12 - 4 = 8."),
    ],
)

# %%
quiz(
    "05-q3",
    "A kernel of 3 by 3 whose weights are all 1/9 slides over a white picture (all 255) framed "
    "with one ring of zeros. What stands in a corner of the map?",
    [
        ("255, since the picture is flat", False, "That holds where the whole kernel lies on it."),
        ("about 227, eight ninths of it", False, "More than one cell lies on the frame there."),
        (
            "about 170, six ninths of it",
            False,
            "That is along a side, where three cells hang over.",
        ),
        ("about 113, four ninths of it", True, "Yes: four cells on white, five on the frame."),
    ],
)

# %%
quiz(
    "05-q4",
    "You move a network from Keras to PyTorch. One layer has a kernel of 3, stride 2 and `same`, "
    "and its input is 28 by 28. You write `padding=1`. What happens?",
    [
        (
            "The map has another size, so the next layer complains.",
            False,
            "Both give 14 by 14. If it were so, you would at least notice.",
        ),
        (
            "The size is right, but every window is shifted by a pixel.",
            True,
            "Yes: Keras pads only at the right and the bottom here. Pad by hand, then `padding=0`.",
        ),
        (
            "Nothing: with these numbers the two mean the same thing.",
            False,
            "That is so for odd sides, such as 7 or 27. Even ones need a single zero, somewhere.",
        ),
        (
            "PyTorch stops with an error, since 28 cannot be divided.",
            False,
            "PyTorch refuses only the word `same` with a stride. A number it takes.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Without a frame a map is smaller than its picture; a frame of zeros keeps the size, and looks
#    like darkness to the kernel.
# 2. $\text{size} = \lfloor (n + 2p - f)/s \rfloor + 1$: the first place, and as many whole hops as
#    there is room for.
# 3. The floor means lost pixels: what is left over at the right and at the bottom is never seen;
#    nor is what lies between the places, when the stride is larger than the kernel.
# 4. Valid: no frame. Same: as many zeros as it takes for $\lceil n/s \rceil$ places (rounded up),
#    which is $n$ only for stride 1.
# 5. For a kernel of 3, an even side and stride 2, Keras's "same" and PyTorch's `padding=1` give
#    different numbers.

# %% [markdown]
# ## Words
#
# - **Stride**: by how many pixels the kernel moves at a time. A stride of 1 is the smallest.
# - **Padding**: a frame around the picture, most often of zeros (**zero padding**).
# - **Valid**: no padding. **Same**: padding that keeps the size (at stride 1).
# - **Dilation**: a gap between the cells of a kernel, so that it reaches further (see Play).
# - **Floor** $\lfloor x \rfloor$: rounded down; in Python `//` for a division. **Ceiling**
#   $\lceil x \rceil$: rounded up.

# %% [markdown]
# ## Further reading
#
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, arXiv, 2016:
#   every padding and stride in pictures.
# - J. T. Springenberg, A. Dosovitskiy, T. Brox and M. Riedmiller, *Striving for simplicity: the all
#   convolutional net*, ICLR workshop, 2015: strides in place of pooling.
# - M. A. Islam, S. Jia and N. D. B. Bruce, *How much position information do convolutional neural
#   networks encode?*, ICLR, 2020: what a network learns from its frame of zeros.
#
# The 6 by 6 picture with the diagonal kernel comes from deck 001, *The Convolution Operation - 2D*;
# the 4 by 4 picture, the line kernels and the 7 by 7 example from deck 004, *Padding* and *Strided
# convolution*. **Next:** [06 Volumes and channels](06_volumes_and_channels.ipynb).

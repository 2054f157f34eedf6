# ---
# jupyter:
#   coursekit:
#     lesson: "08"
#     title: ReLU and pooling
#     topics: [T016, T017, T018, T019, T020, T022, T023, T024,
#       T059, T060, T061, T068, T099, T100, T101, T127]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 08 · ReLU and pooling
#
# **What do ReLU and pooling throw away, and what does the network gain?**
#
# After this lesson you can
#
# - apply ReLU, max pooling and average pooling with a pencil, at any stride,
# - say why two convolutions in a row are no more than one, until a ReLU stands between them,
# - say what a library does with a window that hangs over the border,
# - count what a shift of the picture changes before and after pooling, and tell *tolerant* from
#   *invariant*,
# - say why pooling has no weights, and where it saves weights all the same.
#
# **Time:** about 60 minutes. **Before this:** [05 Padding and
# stride](05_padding_and_stride.ipynb) (the size formula) and [07 Why convolution
# works](07_why_convolution_works.ipynb) (shifting and comparing).

# %% [markdown]
# ## See it: throw away, and still see
#
# A photograph is filtered with the Sobel kernel of lesson 04 that answers to horizontal edges. Then
# everything below zero becomes zero (**ReLU**), once; and four times over, of every square of 2 by
# 2 numbers only the largest stays (**max pooling**).

# %% tags=["fold"]
import numpy as np
from sklearn.datasets import load_sample_image

from coursekit import figures, predict, quiz, reveal
from coursekit.scratch import KERNELS, conv2d, conv2d_vectorized, max_pool2d, relu

temple = load_sample_image("china.jpg").mean(axis=2).astype("uint8")[40:360, 60:500]
answers = conv2d_vectorized(temple.astype(int), KERNELS["sobel_y"])
strength = np.percentile(np.abs(answers), 99)  # only for drawing: what counts as full colour
figures.images(
    [
        ("after the convolution", answers / strength),
        ("after ReLU", relu(answers) / strength),
    ],
    signed=True,
    alt="Two edge maps of a temple. In the first, roof edges are orange where the answer is "
    "positive and blue where it is negative; in the second only the orange ones are left.",
)

# %% tags=["fold"]
maps, x = [], relu(answers)
for step in range(4):
    x = max_pool2d(x, 2)
    maps.append((f"pooled {step + 1}x: {x.shape[0]} by {x.shape[1]}", x / strength))
figures.images(
    maps,
    columns=2,
    signed=True,
    alt="The edge map after one, two, three and four poolings, each half as high and wide. After "
    "two the temple's roofs are easily seen; after four only broad orange bands are left where "
    "they were.",
)
print("numbers before:", answers.size, " after four poolings:", x.size)
print("set to zero by ReLU: more than a third:", "yes" if (answers < 0).mean() > 1 / 3 else "no")
assert (answers < 0).mean() > 1 / 3

# %% [markdown]
# More than a third of the numbers were set to zero, then three quarters were dropped, four times
# over, and the roofs are still there: **a smaller picture still shows the object**. What was lost
# is *exactly where* an edge lies, and everything about edges of the other sign. This lesson is
# about why a network wants to lose that.

# %% [markdown]
# ## Predict
#
# Here is the 9 of lesson 03 and the same 9 moved one column to the left. Over both slides the loop
# filter; then comes ReLU; then the largest number of every 2 by 2 window is taken, with stride 1.
# What is left of each picture is a map of 4 rows and 2 columns, eight numbers.


# %%
def drawing(text):
    """Turn a drawing made of # (ink) and . (paper) into a grid of 1 and -1."""
    return np.array([[1 if mark == "#" else -1 for mark in row] for row in text.split()])


loop = drawing("### #.# ###")
nine = drawing(".###. .#.#. .###. ...#. ...#. ..#.. .#...")
moved = np.roll(nine, -1, axis=1)  # every row one place to the left
figures.grids([("9", nine), ("moved 9", moved), ("loop", loop)], operators=("", ""))

# %%
predict(
    "08-moved",
    "In how many of the eight numbers do the two results differ at the end?",
    options=[
        "0 of 8",
        "1 of 8",
        "3 of 8",
        "8 of 8",
    ],
)

# %% tags=["reveal"]
both = [("9", nine), ("moved 9", moved)]
scores = {name: conv2d(picture, loop, mean=True) for name, picture in both}
rectified = {name: relu(scores[name]) for name, _ in both}
pooled = {name: max_pool2d(rectified[name], size=2, stride=1) for name, _ in both}
assert (pooled["9"] != pooled["moved 9"]).sum() == 3
reveal(
    "08-moved",
    "3 of 8",
    because="Pooling blurs the place, it does not forget it. How the three come about you work "
    "out below, step by step.",
)

# %% [markdown]
# ## By hand
#
# ### ReLU
#
# **ReLU** (*rectified linear unit*) is the simplest function in this course: a number above 0
# stays, everything else becomes 0.
#
# $$\text{ReLU}(x) = \max(0, x)$$
#
# Here is a feature map of lesson 05: the answers of a diagonal-line filter in 16 places. How many
# of the 16 numbers are still above 0 after ReLU? Cross out the others.

# %%
feature_map = np.array([[3, -1, -3, -1], [-3, 1, 0, -3], [-3, -3, 0, 1], [3, -2, -2, -1]])
figures.grids([("a feature map", feature_map)], operators=())

# %% tags=["paper"]
figures.grids([("before", feature_map), ("after ReLU", relu(feature_map))], operators=("->",))
print("above 0:", int((relu(feature_map) > 0).sum()), "of", feature_map.size)

# %% [markdown]
# A -3 says "more against my pattern than for it", a 0 "neither". After ReLU both say the same: *not
# here*. That is what ReLU throws away. What a network gains is worth a section of its own, in a
# minute: without ReLU a hundred layers would be no better than one.
#
# ### Max pooling and average pooling
#
# **Pooling**, or subsampling, slides a window over a map, as a convolution does, but there are no
# weights: it keeps one number for what lies under the window. **Max pooling** keeps the largest,
# **average pooling** the mean. Usual is a window of 2 by 2 with **stride 2**, so that the windows
# lie side by side and each number is used once. Do both on this map; four numbers each.

# %%
square = np.array([[5, 1, 3, 4], [8, 2, 9, 2], [1, 3, 0, 1], [2, 2, 2, 0]])
figures.grids([("a map", square)], operators=(), highlight={0: [(0, 0), (0, 1), (1, 0), (1, 1)]})

# %% tags=["paper"]
from coursekit.scratch import avg_pool2d

figures.grids(
    [("max pooling", max_pool2d(square, 2)), ("average pooling", avg_pool2d(square, 2))],
    operators=("",),
)

# %% [markdown]
# The 8 and the 9 survive max pooling untouched, whatever stands beside them. In the average they
# are watered down: (5 + 1 + 8 + 2)/4 is 4. Max pooling asks *is the pattern anywhere in here?*,
# average pooling *how much of it is in here, all in all?*
#
# ### Optional: in which order?
#
# Now both steps on the map of the diagonal-line filter, with windows of 2 by 2 and stride 2. Some
# programs pool first and apply ReLU afterwards; others do it the other way round.

# %%
predict(
    "08-order",
    "For which kind of pooling does the order matter?",
    options=[
        "for both: each step changes what the other one sees",
        "for neither: both orders keep the same four places",
        "for max pooling only",
        "for average pooling only",
    ],
)

# %% tags=["reveal"]
max_orders = max_pool2d(relu(feature_map), 2), relu(max_pool2d(feature_map, 2))
avg_orders = avg_pool2d(relu(feature_map), 2), relu(avg_pool2d(feature_map, 2))
assert np.array_equal(*max_orders)
assert not np.array_equal(*avg_orders)
reveal(
    "08-order",
    "for average pooling only",
    because="The largest of four numbers is the largest whether or not the negative ones have "
    "become 0 before. A mean is another matter: without ReLU the negative numbers pull it down.",
)

figures.grids(
    [
        ("ReLU, then max", max_orders[0]),
        ("max, then ReLU", max_orders[1]),
        ("ReLU, then average", avg_orders[0]),
        ("average, then ReLU", avg_orders[1]),
    ],
    operators=("=", " ", "≠"),
)

# %% [markdown]
# So with max pooling one may pool first and save three quarters of the work of ReLU.

# %% [markdown]
# ### The whole chain, for two 9s
#
# Back to the two 9s. The filter's answers are means of nine products, as in
# lesson 03; here they are with two decimals. Do ReLU in your head, then pool with 2 by 2 and stride
# **1**: the windows overlap, and a map of 5 by 3 becomes one of 4 by 2.

# %%
figures.grids([(f"map of the {name}", scores[name]) for name, _ in both], operators=("",))

# %% tags=["paper", "fold"]
for name, _ in both:
    figures.grids(
        [(f"{name}: the map", scores[name]), ("ReLU", rectified[name]), ("pooled", pooled[name])],
        operators=("->", "->"),
    )

# %% tags=["fold"]
stages = [("the map", scores), ("after ReLU", rectified), ("after pooling", pooled)]
changed = {name: int((stage["9"] != stage["moved 9"]).sum()) for name, stage in stages}
sizes = {name: stage["9"].size for name, stage in stages}
assert changed["after pooling"] == 3
for name, count in changed.items():
    print(f"{name:14} {count:2} of {sizes[name]:2} numbers differ")

# %% [markdown]
# From 14 of 15 to 6 of 15: that was ReLU, for most of the map was below zero. From 6 of 15
# (40 %) to 3 of 8 (38 %): pooling helped only a little here. The two 9s look more alike than
# before; they do **not** look the same.
#
# ### Find the slip
#
# Deck 000 works out the same chain for the moved 9 and prints these two stages, cut to two
# decimals, under *Shifted 9 at different position*. In the map before them lesson 07 found two
# wrong cells: [1, 2] is printed as 0.33 and [2, 2] as -0.33; right is -0.11 for both. What do ReLU
# and pooling make of the two slips?

# %% tags=["fold"]
printed_relu = np.array([[1, 0, 0], [0.11, 0, 0.33], [0.33, 0, 0], [0, 0, 0], [0, 0, 0]])
printed_pooled = np.array([[1, 0.33], [0.33, 0.33], [0.33, 0], [0, 0]])
figures.grids(
    [("moved 9", moved), ("as printed: ReLU", printed_relu), ("pooled", printed_pooled)],
    operators=("->", "->"),
)

# %%
predict(
    "08-slip",
    "How many cells are wrong after ReLU, and how many after pooling (2 by 2, stride 1)?",
    options=[
        "2 after ReLU, 2 after pooling",
        "2 after ReLU, 4 after pooling",
        "1 after ReLU, 2 after pooling",
        "1 after ReLU, 1 after pooling",
    ],
)

# %% tags=["reveal"]
wrong_relu = np.argwhere(np.abs(printed_relu - rectified["moved 9"]) > 0.01).tolist()
wrong_pooled = np.argwhere(np.abs(printed_pooled - pooled["moved 9"]) > 0.01).tolist()
assert wrong_relu == [[1, 2]] and wrong_pooled == [[0, 1], [1, 1]]
assert np.allclose(max_pool2d(printed_relu, 2, 1), printed_pooled)  # the pooling itself is right
reveal(
    "08-slip",
    "1 after ReLU, 2 after pooling",
    because="-0.33 and -0.11 both become 0, so that slip is gone. The 0.33 stays, where 0 should "
    "be, and it is the largest number of two windows.",
)

print("wrong after ReLU:   ", wrong_relu)
print("wrong after pooling:", wrong_pooled)
patch = moved[1:4, 2:5]
figures.grids(
    [("patch at [1, 2]", patch), ("loop", loop), ("products", patch * loop)],
    operators=("*", "="),
)
print("sum of the nine products:", int((patch * loop).sum()), " so the mean is -1/9, ReLU gives 0")

# %% [markdown]
# At row 1, column 2 there is no loop: four cells agree and five do not, so the answer is -1/9, and
# ReLU makes it 0. Right is 1 0 / 0.33 0 / 0.33 0 / 0 0. The pooling was done rightly, on a wrong
# number, and because **max pooling passes on whatever is largest**, one false alarm reached two of
# eight results. (The slide says "stride = 2"; with stride 2 a 5 by 3 map would become 2 by 1.)
#
# ### Optional: reading window and stride off a result
#
# A slide shows a picture, beside it its max-pooled map, 5 3 / 7 4, and asks: *Stride?* Say the
# picture was 4 by 4. The size formula of lesson 05, $\lfloor (n - f)/s \rfloor + 1$, must give 2.
# Which pairs of window $f$ and stride $s$ are possible? There is more than one.

# %% tags=["paper"]
from coursekit.scratch import output_size

fitting = [(f, s) for f in (1, 2, 3, 4) for s in (1, 2, 3) if output_size(4, f, s) == 2]
print("window and stride:", fitting)

# %% [markdown]
# So the size alone does not tell. With window 1 pixels are left out; with 3 and stride 1 the
# windows overlap; only with 2 and 2 is each pixel used exactly once. That is the usual choice.
#
# ### A window that hangs over the border
#
# The face of lesson 03 gave a map of 5 by 5. Windows of 2 by 2 with stride 2 cover rows 0–1 and
# 2–3. What about row 4?

# %%
face = drawing("....... .#...#. ....... ...#... .#...#. ..###.. .......")
face = (face + 1) // 2  # ink 1, paper 0
detector = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 1]])
face_map = conv2d(face, detector)
figures.grids([("map of the face", face_map)], operators=())

# %%
predict(
    "08-border",
    "Is the size of the result settled by what has been said?",
    options=[
        "yes: 2 by 2",
        "yes: 3 by 3",
        "no: one more thing has to be said",
    ],
)

# %% tags=["reveal"]
rounded_down = max_pool2d(face_map, 2)
rounded_up = max_pool2d(face_map, 2, ceil_mode=True)
reveal(
    "08-border",
    "no: one more thing has to be said",
    because="Rounding down leaves incomplete windows out, rounding up keeps them. The slides that "
    "this example comes from draw 3 by 3; PyTorch and Keras give 2 by 2 unless you ask for more.",
)

figures.grids(
    [("the map", face_map), ("rounded down", rounded_down), ("rounded up", rounded_up)],
    operators=("->", "or"),
    highlight={0: [(r, c) for r in range(5) for c in range(5) if r == 4 or c == 4]},
)
lost = face_map.size - 16
print("numbers never looked at when rounding down:", lost, "of", face_map.size)

# %% [markdown]
# The outlined numbers are lost when rounding down. Rounding up, a window that hangs over the border
# takes what there is: the one in the lower right corner has a single number. (We said *floor* and
# *ceil* in lesson 05: $\lfloor 2.5 \rfloor = 2$, $\lceil 2.5 \rceil = 3$.)

# %% [markdown]
# ## From scratch
#
# ### Pooling with side-by-side windows
#
# In the exercise you write pooling for any window and any stride. Here is the special case in which
# the windows lie side by side, in plain loops for **one row of windows**:

# %%
top = []
for j in range(0, 4, 2):  # 0, 2: where each window begins
    largest = square[0, j]
    for a in range(2):
        for b in range(2):
            if square[a, j + b] > largest:
                largest = square[a, j + b]
    top.append(int(largest))
print("first row of windows:", top)

# %% [markdown]
# And for all windows at once, without loops. `reshape(2, 2, 2, 2)` puts the same 16 numbers into
# four axes: *which window down, which row in it, which window across, which column in it*. Then the
# largest is taken over the two axes that lie inside a window (axes are counted from 0, so these are
# 1 and 3).

# %%
side_by_side = square.reshape(2, 2, 2, 2).max(axis=(1, 3))
assert side_by_side[0].tolist() == top
assert np.array_equal(side_by_side, max_pool2d(square, 2))
print("loops, reshape and coursekit.scratch agree:", side_by_side.tolist())

# %% [markdown]
# The trick works only while no window overlaps another and none hangs over the border.
#
# ### Why ReLU: two convolutions are one
#
# Slide a 3 by 3 kernel over a picture, and a second one over the result. Is that more than a single
# convolution could do? Take two kernels of random whole numbers. If one kernel does the work of
# both, we can find it by filtering a single bright pixel: that prints the kernel around it, upside
# down and left-right reversed, since the pixel meets the kernel's *right* weight when the kernel
# stands to its *left*. `[::-1, ::-1]` reverses rows and columns.

# %%
rng = np.random.default_rng(8)
first, second = rng.integers(-3, 4, size=(2, 3, 3))  # two kernels of numbers from -3 to 3
dot = np.zeros((9, 9), dtype=int)
dot[4, 4] = 1
joined = conv2d(conv2d(dot, first), second)[::-1, ::-1]

picture = rng.integers(0, 256, size=(12, 12))
twice = conv2d(conv2d(picture, first), second)
once = conv2d(picture, joined)
assert joined.shape == (5, 5)
assert np.array_equal(twice, once)
print("two 3 by 3 kernels = one", joined.shape, "kernel, in all", once.size, "places")

# %% [markdown]
# Two layers, one kernel. It stays so for ten layers or a hundred: sums of products of sums of
# products are sums of products. Such a network is called **linear**; it can only do what one layer
# does. (We leave out the bias, which only adds a fixed number at the end, and padding, which
# disturbs the border.) Now with a ReLU between the two:

# %%
between = conv2d(relu(conv2d(picture, first)), second)
assert not np.array_equal(between, once)
bent = conv2d(relu(conv2d(-picture, first)), second)
print("without ReLU, the negative picture gives the negative answer:", end=" ")
print("yes" if np.array_equal(conv2d(conv2d(-picture, first), second), -twice) else "no")
print("with ReLU between:", "yes" if np.array_equal(bent, -between) else "no")
assert not np.array_equal(bent, -between)

# %% [markdown]
# A linear network must answer the negative of a picture with the negative of its answer: every
# product changes its sign, and no kernel can do otherwise. With one ReLU in between that law is
# broken, so **no single kernel** can do what the two layers do. The network has become *nonlinear*,
# and that is what makes depth worth having. Therefore a nonlinear function, called an
# **activation**, stands after nearly every convolution. ReLU is a cheap one: one comparison for
# each number.
#
# ### What survives a shift, counted
#
# Now we give the 9 a large sheet of paper and move it to the right, one column at a time. We count
# how many numbers differ from those of the unmoved 9: in the loop filter's map, after ReLU, after
# one and after two poolings (2 by 2, stride 2), and in the one number that is left when the largest
# of the **whole** map is taken: **global max pooling**.


# %% tags=["fold"]
def sheet_with_nine(shift):
    sheet = np.full((20, 20), -1)
    sheet[6:13, 4 + shift : 9 + shift] = nine
    return sheet


def stages_of(picture):
    scores = relu(conv2d(picture, loop))
    once = max_pool2d(scores, 2)
    return conv2d(picture, loop), scores, once, max_pool2d(once, 2), scores.max()


still = stages_of(sheet_with_nine(0))
print("shift   map  ReLU  pooled  pooled twice  global max")
for shift in (1, 2, 3, 4, 8):
    now = stages_of(sheet_with_nine(shift))
    counts = [int(np.sum(a != b)) for a, b in zip(now, still, strict=True)]
    print("{:5} {:5} {:5} {:7} {:13} {:11}".format(shift, *counts))
print("of   ", *(f"{np.size(stage):5}" for stage in still[:2]), end=" ")
print("{:7} {:13} {:11}".format(*(np.size(stage) for stage in still[2:])))

# %% [markdown]
# Fewer numbers notice the shift further down the chain, but there are also fewer numbers. After two
# poolings a shift of 1 or 2 changes *nothing here*, because every hit stays in its window; a shift
# of 3 pushes hits over a window's border, and the change is back, in 4 of only 16 numbers. Only the
# global maximum does not notice any of them: it is **invariant** to a shift (as long as the 9 stays
# on the sheet), and it has lost the place altogether.
#
# Its gentler sister is **global average pooling**: the mean of each whole map, one number for each
# map. Many networks end with it.

# %% [markdown]
# ## In the framework
#
# PyTorch and Keras round down unless told otherwise. To keep the windows that hang over the border
# say `ceil_mode=True` in PyTorch and `padding="same"` in Keras; here the two agree.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch
from torch.nn import functional as F

maps_torch = torch.tensor(face_map, dtype=torch.float32)[None, None]  # (1, 1, H, W)
maps_keras = face_map[None, :, :, None].astype("float32")  # (1, H, W, 1)


def by_keras(layer):
    return keras.ops.convert_to_numpy(layer(maps_keras))[0, :, :, 0]


compared = [
    ("max, down", rounded_down, F.max_pool2d(maps_torch, 2), keras.layers.MaxPooling2D(2)),
    (
        "max, up",
        rounded_up,
        F.max_pool2d(maps_torch, 2, ceil_mode=True),
        keras.layers.MaxPooling2D(2, padding="same"),
    ),
    (
        "average, up",
        avg_pool2d(face_map, 2, ceil_mode=True),
        F.avg_pool2d(maps_torch, 2, ceil_mode=True),
        keras.layers.AveragePooling2D(2, padding="same"),
    ),
]
for name, ours, in_torch, layer in compared:
    assert np.abs(ours - in_torch[0, 0].numpy()).max() < 1e-6
    assert np.abs(ours - by_keras(layer)).max() < 1e-6
    print(f"{name:12} {ours.shape}: scratch, PyTorch and Keras agree")
assert F.relu(maps_torch - 1)[0, 0].numpy().tolist() == relu(face_map - 1).tolist()

# %% [markdown]
# ### Optional: where they differ
#
# They do not always agree. Rounding up is *not* the same thing as "same" padding: `ceil_mode` adds
# a window only when something is left over, `"same"` makes the size $\lceil n / s \rceil$, whatever
# the window. With windows of 3 by 3 and stride 2, on 5 by 5:

# %%
in_torch = F.max_pool2d(maps_torch, 3, stride=2, ceil_mode=True)[0, 0]
in_keras = by_keras(keras.layers.MaxPooling2D(3, strides=2, padding="same"))
print("PyTorch, ceil_mode=True:", tuple(in_torch.shape))
print('Keras, padding="same": ', in_keras.shape)
assert tuple(in_torch.shape) == (2, 2) and in_keras.shape == (3, 3)

# %% [markdown]
# ### Weights: none, and where they are saved
#
# What would a pooling layer learn? There is nothing in it to learn: **0 parameters**. It saves
# parameters all the same, in the dense layer that comes later. Take 32 maps of 28 by 28 and a dense
# layer with 10 outputs:

# %%
pool = keras.layers.MaxPooling2D(2)
pool.build((None, 28, 28, 32))
print("parameters of the pooling layer:", pool.count_params())
before, after = 28 * 28 * 32, 14 * 14 * 32
print(f"dense layer without pooling: {before:6} inputs, {before * 10 + 10:7} parameters")
print(f"dense layer after pooling:   {after:6} inputs, {after * 10 + 10:7} parameters")
assert pool.count_params() == 0

# %% [markdown]
# A padded convolution with stride 1 gives a map as large as its input, and ReLU does not change a
# size. Pooling (or a larger stride) makes it smaller: a quarter of the numbers, a quarter of the
# work in every layer after it, a quarter of the weights in the dense layer. Fewer weights also mean
# less **overfitting** (learning the training pictures by heart).

# %% [markdown]
# ## Play
#
# 1. Take the example *One bright pixel*, max pooling, window 2, stride 2, and shift it to the
#    right, one cell at a time. When does the output change, and when does it not?
# 2. Take the 5 by 5 example and switch between rounding down and rounding up. Set the window to 3
#    and the stride to 2: does the switch still make a difference?

# %%
from coursekit.widgets import PoolingExplorer

PoolingExplorer()

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. At every second shift, when the pixel enters another window; then the output moves by one whole
#    cell. In between nothing changes. (The sixth shift carries the pixel out of the picture.)
# 2. No: (5 - 3)/2 is whole, so no window hangs over the border and nothing is left over.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"Pooling makes the answer the same, wherever the 9 is."*
#
# You have counted it: after pooling 3 of 8 numbers differ. A network that pools is **tolerant** of
# small shifts, not **invariant**; and how tolerant depends on where a hit lies in its window. Here
# is one bright pixel, and the same pixel moved by one column. Two starting places, one step each:

# %%
for start in (0, 1):
    row = np.zeros((2, 6), dtype=int)
    row[0, start] = 9
    shifted = np.roll(row, 1, axis=1)
    same = np.array_equal(max_pool2d(row, 2), max_pool2d(shifted, 2))
    print(f"from column {start} to {start + 1}: pooled", max_pool2d(row, 2)[0].tolist(), end=" -> ")
    print(max_pool2d(shifted, 2)[0].tolist(), " the same:", "yes" if same else "no")
assert changed["after pooling"] == 3

# %% [markdown]
# The same step of one column is invisible in one place and visible in the next. Rotation and scale
# are another matter: only as far as they move parts by a pixel or so does pooling help.
#
# A cousin of this mistake: *"pooling reduces overfitting because it has fewer parameters."* It has
# none at all; the dense layer after it has fewer.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/08_relu_and_pooling.ipynb) you write `relu`, `max_pool2d`,
# `avg_pool2d` for any window and stride, and `global_avg_pool2d`, and compare three ways of
# making a photograph small.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "08-q1",
    "A map is all negative: every place is unlike the pattern. What do ReLU and then max pooling "
    "make of it?",
    [
        ("a map of zeros", True, "Yes: ReLU says 'not here' everywhere, and the largest 0 is 0."),
        (
            "a map of the least negative numbers",
            False,
            "That would be max pooling alone. ReLU has already made all of them 0.",
        ),
        (
            "an empty map",
            False,
            "Neither step removes places because of their values; pooling only joins them.",
        ),
        (
            "the same map without its signs",
            False,
            "That is the absolute value. ReLU does not turn -3 into 3.",
        ),
    ],
)

# %%
quiz(
    "08-q2",
    "Somebody takes every ReLU out of a network of 20 convolutions (without bias and padding). "
    "What is left can do as much "
    "as ...",
    [
        (
            "20 convolutions, only more slowly",
            False,
            "It is not a matter of speed: sums of products of sums of products are sums of "
            "products.",
        ),
        ("a single convolution with a large kernel", True, "Yes. You have seen it for two."),
        (
            "10 convolutions: every second one is lost",
            False,
            "All of them collapse into one, not into half as many.",
        ),
        (
            "nothing at all: its output is 0",
            False,
            "It still computes something, namely what one kernel can compute.",
        ),
    ],
)

# %%
quiz(
    "08-q3",
    "Which of these does not change when a 9 moves by five columns on a large sheet?",
    [
        ("the feature map of the loop filter", False, "It moves along with the 9."),
        (
            "the map after one 2 by 2 max pooling",
            False,
            "A shift of five columns takes every hit into another window.",
        ),
        (
            "the map after ReLU",
            False,
            "ReLU works on each place by itself, so the map moves along with the 9.",
        ),
        (
            "the largest number of the whole feature map",
            True,
            "Yes: global max pooling asks whether there is a loop, not where.",
        ),
    ],
)

# %%
quiz(
    "08-q4",
    "A texture, such as fine sand, gives small answers nearly everywhere in a map; a scratch gives "
    "one strong answer. You want to tell how much sand is in a picture. Which pooling?",
    [
        (
            "average pooling: it adds up many small answers",
            True,
            "Yes. The maximum would be ruled by the scratch.",
        ),
        (
            "max pooling: it keeps the strongest answer",
            False,
            "It would report the scratch and forget the sand.",
        ),
        (
            "either: both look at the same numbers",
            False,
            "They look at the same numbers and keep different things of them.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. **Convolution** finds patterns with few, shared weights; **ReLU** keeps what was found and
#    makes depth worth having; **pooling** makes the map smaller.
# 2. Without an activation between them, any number of convolutions is one convolution.
# 3. Max pooling asks whether the pattern is anywhere under the window, average pooling how much of
#    it there is. Both have 0 parameters.
# 4. Rounding down drops incomplete windows, rounding up keeps them. Frameworks round down.
# 5. Pooling makes a network tolerant of small shifts. Only global pooling is invariant to them.

# %% [markdown]
# ## Words
#
# - **ReLU**: max(0, x), for each number by itself.
# - **Activation**: the function after a layer that makes the network nonlinear; ReLU is one.
# - **Linear**: made of sums of products with fixed weights, and nothing else.
# - **Pooling**, **subsampling**: one number for each window: the largest (max pooling), the mean
#   (average pooling).
# - **Global pooling**: the window is the whole map; one number for each map.
# - **Ceil mode**: keeping the windows that hang over the border.
# - **Invariant**: unchanged by a shift. **Tolerant**: changed little by a small shift.
# - **Overfitting**: doing well on the training pictures and badly on new ones.

# %% [markdown]
# ## Further reading
#
# - V. Nair and G. Hinton, *Rectified linear units improve restricted Boltzmann machines*,
#   ICML, 2010.
# - D. Scherer, A. Müller and S. Behnke, *Evaluation of pooling operations in convolutional
#   architectures for object recognition*, ICANN, 2010.
# - M. Lin, Q. Chen and S. Yan, *Network in network*, ICLR, 2014: global average pooling.
# - J. T. Springenberg, A. Dosovitskiy, T. Brox and M. Riedmiller, *Striving for simplicity: the all
#   convolutional net*, ICLR workshop, 2015: strided convolutions in place of pooling.
# - R. Zhang, *Making convolutional networks shift-invariant again*, ICML, 2019: why pooling is less
#   tolerant than it seems.
#
# The two 9s come from deck 000 (*Pooling layer*, *Shifted 9 at different position*, *There is
# average pooling also...*), the diagonal filter's map and the question about the stride from deck
# 001 (*Pooling*), the face from decks 002, 003 and 004 (*Max Pooling*). The photograph comes with
# scikit-learn. **Next:** [09 Softmax and cross-entropy](09_softmax_and_cross_entropy.ipynb).

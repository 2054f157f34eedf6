# ---
# jupyter:
#   coursekit:
#     lesson: "06"
#     title: Volumes and channels
#     topics: [T050, T051, T052, T053, T055, T057, T096, T120, T123, T124, T125, T126, T143, T144]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 06 · Volumes and channels
#
# **What happens when the picture has depth and the layer has many filters?**
#
# After this lesson you can
#
# - slide a filter over a colour picture, and say why *one* map comes out and not three,
# - stack the maps of many filters, and feed the stack to the next layer,
# - count the parameters of a convolutional layer in your head,
# - move pictures between PyTorch and Keras without scrambling them.
#
# **Time:** about 60 minutes. **Before this:** [05 Padding and stride](05_padding_and_stride.ipynb).
# Kernels are not turned.

# %% [markdown]
# ## See it: a 9 that is not there
#
# Below is a picture of dots in two colours, orange and blue, like the plates that an optician shows
# you. Lesson 01's 9 is drawn in orange. Both colours are equally bright, and each pixel was made a
# little brighter or darker by chance. To its right: the same picture in grey (the mean of red,
# green and blue), and its three channels, each one shown as a grey picture. (`np.kron` repeats each
# cell as a block of pixels.)

# %%
import numpy as np

from coursekit import figures, predict, quiz, reveal
from coursekit.scratch import conv2d, conv2d_volume, conv_parameters, pad2d


def drawing(text):
    """Turn a drawing made of # (ink) and . (paper) into a grid of 1 and 0."""
    return np.array([[int(mark == "#") for mark in row] for row in text.split()])


nine = drawing(".###. .#.#. .###. ...#. ...#. ..#.. .#...")
large = np.kron(np.pad(nine, 1), np.ones((4, 4), dtype=int))  # each cell becomes 4 by 4 pixels

orange, blue = np.array([210, 130, 50]), np.array([50, 130, 210])  # red, green, blue: mean 130
# [:, :, None] adds a third axis of length 1, so that NumPy can lay the grid over three channels.
plate = np.where(large[:, :, None] == 1, orange, blue)
rng = np.random.default_rng(6)
plate = plate + rng.integers(-40, 41, size=large.shape)[:, :, None]

figures.images(
    [
        ("in colour", plate.astype("uint8")),
        ("grey", plate.mean(axis=2).astype("uint8")),
        ("red", plate[:, :, 0].astype("uint8")),
        ("green", plate[:, :, 1].astype("uint8")),
        ("blue", plate[:, :, 2].astype("uint8")),
    ],
    alt="Five small pictures. In colour: an orange 9 on blue. Grey: only specks, no 9. Red: a "
    "bright 9 on dark. Green: only specks. Blue: a dark 9 on bright.",
)
print("shape of the picture:", plate.shape)

# %% [markdown]
# In grey the 9 has gone. All kernels of the lessons 03 to 05 work on grey pictures: none of them
# could find it, for there is nothing left to find. A network has to look at the **colours**. The
# word for this third direction is **depth**: the picture is a **volume** of 36 rows, 28 columns and
# a depth of 3, one slice for each **channel**. A kernel has to find its way on such a volume.

# %% [markdown]
# ## Predict
#
# A layer gets this colour picture, and it has a single filter of 3 by 3.

# %%
predict(
    "06-one-filter",
    "How many weights has the filter, and how many maps come out?",
    options=["9 weights, 1 map", "9 weights, 3 maps", "27 weights, 1 map", "27 weights, 3 maps"],
)

# %% tags=["reveal"]
assert conv2d_volume(np.zeros((3, 6, 6)), np.zeros((1, 3, 3, 3)), None).shape == (1, 4, 4)
reveal(
    "06-one-filter",
    "27 weights, 1 map",
    because="The filter is as deep as the picture: it has nine weights of its own for red, nine "
    "for green and nine for blue. In each place it makes all 27 products and adds up all of "
    "them: one number for a place, so one map.",
)

# %% [markdown]
# A filter is a small box, 3 by 3 **by 3**, and the box slides over the picture in two directions
# only, down and to the right. It does not slide through the colours: it is as deep as they are.
# From now on the box is the **filter**, and its slices, one for each channel, are its **kernels**.
# (With one channel the two are the same, as in the lessons before.)
#
# That is how it sees colour. Take a filter with the weight 1/9 on all of red, 0 on green, and -1/9
# on blue. What will its map show where the picture is orange, where it is blue, and on a speck,
# a pixel made brighter by the same amount in red, green and blue?
#
# <details><summary>Answer</summary>
#
# Orange has more red than blue: positive. Blue: negative. And the speck shows nothing: what was
# added to red is added to blue as well, and the filter subtracts one from the other. The map says
# *how much redder than blue* a neighbourhood is.
#
# </details>
#
# (`np.moveaxis` carries one axis of an array to another place: our filter wants the channels
# first.)

# %%
redder_than_blue = np.zeros((1, 3, 3, 3))  # (filters, channels, rows, columns)
redder_than_blue[0, 0] = 1 / 9  # red
redder_than_blue[0, 2] = -1 / 9  # blue

channels_first = np.moveaxis(plate, 2, 0)  # axis 2, the channels, becomes axis 0
found = conv2d_volume(channels_first, redder_than_blue, [0])  # [0]: no bias; more on that below
figures.images(
    [("in colour", plate.astype("uint8")), ("one filter, one map", found[0])],
    columns=3,
    signed=True,
    alt="Left the picture in colour. Right the map: a clean 9 in strong orange, positive, on "
    "strong blue, negative; the specks have gone.",
)
print("picture:", channels_first.shape, " filter:", redder_than_blue.shape, " maps:", found.shape)

# %% [markdown]
# The 9 is back, and even the specks have gone.

# %% [markdown]
# ## By hand
#
# ### 27 products and a bias
#
# Here is a volume of 7 by 7 by 3 (a picture of 5 by 5 with a ring of zeros around it), and a filter
# with its three kernels. The filter also has a **bias**, here 1: a number of its own that is added
# at the very end, once in each place. The stride is 2.
#
# Calculate the first value. The corner is full of zeros, so only a few products are left.

# %% tags=["fold"]
volume = np.array(
    [
        [
            [0, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 1, 0, 2, 0],
            [0, 1, 0, 2, 0, 1, 0],
            [0, 1, 0, 2, 2, 0, 0],
            [0, 2, 0, 0, 2, 0, 0],
            [0, 2, 1, 2, 2, 0, 0],
            [0, 0, 0, 0, 0, 0, 0],
        ],
        [
            [0, 0, 0, 0, 0, 0, 0],
            [0, 2, 1, 2, 1, 1, 0],
            [0, 2, 1, 2, 0, 1, 0],
            [0, 0, 2, 1, 0, 1, 0],
            [0, 1, 2, 2, 2, 2, 0],
            [0, 0, 1, 2, 0, 1, 0],
            [0, 0, 0, 0, 0, 0, 0],
        ],
        [
            [0, 0, 0, 0, 0, 0, 0],
            [0, 2, 1, 1, 2, 0, 0],
            [0, 1, 0, 0, 1, 0, 0],
            [0, 0, 1, 0, 0, 0, 0],
            [0, 1, 0, 2, 1, 0, 0],
            [0, 2, 2, 1, 1, 1, 0],
            [0, 0, 0, 0, 0, 0, 0],
        ],
    ]
)
w0 = np.array(
    [
        [[-1, 0, 1], [0, 0, 1], [1, -1, 1]],
        [[-1, 0, 1], [1, -1, 1], [0, 1, 0]],
        [[-1, 1, 1], [1, 1, 0], [0, -1, 0]],
    ]
)
b0 = 1

# %%
corner = [(r, c) for r in range(3) for c in range(3)]
for c in range(3):
    figures.grids(
        [(f"channel {c}", volume[c]), (f"kernel for channel {c}", w0[c])],
        operators=("*",),
        highlight={0: corner},
    )

# %% tags=["paper"]
sums = [int((volume[c, 0:3, 0:3] * w0[c]).sum()) for c in range(3)]
print("channel by channel:", sums, " with the bias:", sum(sums) + b0)

# %% [markdown]
# -1 and 1 and 1 and the bias 1: the first value is **2**. Now the last one, in the lower right
# corner of the volume (rows 4 to 6, columns 4 to 6). Many zeros again.

# %%
predict("06-last", "Which number stands in row 2 and column 2 of the map?", kind="number")

# %% tags=["reveal"]
sums = [int((volume[c, 4:7, 4:7] * w0[c]).sum()) for c in range(3)]
assert sums == [-2, -3, 1]
reveal(
    "06-last",
    sum(sums) + b0,
    because="-2 from channel 0, -3 from channel 1, 1 from channel 2, and the bias 1.",
)

# %% [markdown]
# You can do it in another order, and get the same: let each kernel slide over its own channel, as
# in lesson 05, and then **add the three maps cell by cell**, and the bias to every cell.

# %%
planes = [conv2d(volume[c], w0[c], stride=2) for c in range(3)]
first_map = conv2d_volume(volume, w0[None], [b0], stride=2)[0]
figures.grids(
    [
        *((f"channel {c}", planes[c]) for c in range(3)),
        ("bias", np.full((3, 3), b0)),
        ("map of the filter", first_map),
    ],
    operators=("+", "+", "+", "="),
)

# %% [markdown]
# Nothing else happens between the channels.
#
# ### A second filter, a second map
#
# One filter finds one thing. A layer has many of them, and each one makes its own map of the same
# picture. Lesson 05's 6 by 6 picture of ones and zeros and its diagonal kernel are back. The second
# kernel likes an upright line. What is the first row of *its* map? Count: ones under the middle
# column, minus all other ones in the window.

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
upright = np.array([[-1, 1, -1], [-1, 1, -1], [-1, 1, -1]])
# %%
figures.grids([("image", image), ("upright line", upright)], operators=("*",))

# %% tags=["paper"]
filters = np.stack([diagonal, upright])  # one behind the other: (2, 3, 3)
filters = filters[:, None]  # with an axis for the channel: (2 filters, 1 channel, 3, 3)
maps = conv2d_volume(image[None], filters, [0, 0])
figures.grids(
    [("map of the diagonal", maps[0]), ("map of the upright line", maps[1])], operators=("",)
)
print("first row:", maps[1, 0].tolist(), " shape of the stack:", maps.shape)

# %% [markdown]
# Two maps of 4 by 4, laid one behind the other: again a volume, with a depth of 2. Its two slices
# are called **channels** as well; only that they no longer mean colours, but *how diagonal* and
# *how upright* it is in each place. **As many filters, so many maps, so deep is the result.** The
# picture's own depth has been used up by the adding. Such a pile of filters, used all at once, is a
# **convolution layer**. Most networks for pictures begin with one. What it hands on has fewer
# numbers in each map, here 16 instead of 36 (just as many, with a frame), but the neighbourhoods
# stay: what lies side by side in the picture lies side by side in the maps.

# %% [markdown]
# ### Optional: the face again
#
# Lesson 03's face, with its detector and a second one:

# %%
face = drawing("....... .#...#. ....... ...#... .#...#. ..###.. .......")
detector_1 = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 1]])
detector_2 = np.array([[0, 1, 0], [0, 0, 0], [1, 1, 1]])
figures.grids(
    [("detector 1", detector_1), ("its map", conv2d(face, detector_1))], operators=("->",)
)
figures.grids(
    [("detector 2", detector_2), ("its map", conv2d(face, detector_2))], operators=("->",)
)

# %% [markdown]
# Detector 2 is a smile with a nose above it, and the 4 in its map sits just there. On empty
# paper both detectors answer 0.

# %% [markdown]
# ### Find the slip
#
# Deck 003, *The depth in convolution layer*, frames a picture of 7 by 7 with zeros and slides two
# filters over it: a kernel of nine ones, and the same with a **-1** in its middle. The frame makes
# both maps as large as the picture. The first map is printed right. This is the second one, as
# printed. Its first row is wrong, and most of its others, too.
#
# You could count it all again. But look at the two kernels: what is the difference between them,
# and what does that mean for the two maps?

# %% tags=["fold"]
picture = drawing("###..## ##.#.## #..###. .....## ##....# #..###. ###..##")
ones = np.ones((3, 3), dtype=int)
ring = np.array([[1, 1, 1], [1, -1, 1], [1, 1, 1]])
printed = np.array(
    [
        [3, 4, 3, 2, 3, 3, 3],
        [4, 5, 5, 3, 6, 5, 4],
        [2, 3, 3, 2, 5, 5, 5],
        [3, 3, 2, 2, 4, 4, 3],
        [2, 2, 2, 2, 4, 5, 3],
        [4, 6, 4, 2, 3, 4, 4],
        [2, 3, 2, 3, 4, 3, 2],
    ]
)
# %%
map_of_ones = conv2d(pad2d(picture, 1), ones)
figures.grids(
    [("picture, framed", pad2d(picture, 1)), ("map of the ones, right", map_of_ones)],
    operators=("->",),
)
figures.grids([("second kernel", ring), ("its map, as printed", printed)], operators=("->",))

# %%
predict(
    "06-slip",
    "What is the right first row of the second map?",
    options=["4 5 4 2 3 4 4", "3 4 3 1 2 3 3", "2 3 2 2 3 2 2", "2 3 2 0 1 2 2"],
)

# %% tags=["reveal"]
right = conv2d(pad2d(picture, 1), ring)
assert np.array_equal(right, map_of_ones - 2 * picture)
assert right[0].tolist() == [2, 3, 2, 2, 3, 2, 2]
reveal(
    "06-slip",
    "2 3 2 2 3 2 2",
    because="The middle weight went from 1 to -1, so each value falls by 2 times the pixel in the "
    "middle: the second map is the first map less twice the picture. The printed map is the first "
    "less the picture only once; it belongs to a kernel with a 0 in its middle.",
)

wrong = [(int(i), int(j)) for i, j in np.argwhere(right != printed)]
figures.grids([("as printed", printed), ("right", right)], operators=("!=",), highlight={1: wrong})
centre_0 = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]])
print("cells that differ:", len(wrong), "of", right.size)
print("of these the picture is 1 in:", sum(int(picture[place]) for place in wrong))
print(
    "printed equals a kernel with 0 in its middle:",
    bool(np.array_equal(conv2d(pad2d(picture, 1), centre_0), printed)),
)

# %% [markdown]
# Two filters, depth 2; with ten filters it would be 10. How deep the *input* is does not show in
# the size of the output. It shows in the number of weights.
#
# ### Optional: say the shapes
#
# Rows by columns by depth; all filters are 3 by 3 (lesson 05 has the formula for the size):
#
# | input | stride | filters | output |
# |---|---|---|---|
# | 6 by 6, the picture of the diagonal | 1 | 2 | ? |
# | 7 by 7 by 3, the volume | 2 | 2 | ? |
# | 6 by 6 by 3 | 1 | 1 | ? |
# | 6 by 6 by 3 | 1 | 2 | ? |
# | 9 by 9, the framed picture of the slip | 1 | 2 | ? |
# | 9 by 9 | 1 | 10 | ? |

# %% tags=["paper"]
from coursekit.scratch import conv_output_shape

print("6 by 6, 2 filters:               ", conv_output_shape(6, 6, 3, filters=2))
print("7 by 7 by 3, stride 2, 2 filters:", conv_output_shape(7, 7, 3, stride=2, filters=2))
print("6 by 6 by 3, 1 filter:           ", conv_output_shape(6, 6, 3, filters=1))
print("6 by 6 by 3, 2 filters:          ", conv_output_shape(6, 6, 3, filters=2))
print("9 by 9, 2 filters:               ", conv_output_shape(9, 9, 3, filters=2))
print("9 by 9, 10 filters:              ", conv_output_shape(9, 9, 3, filters=10))

# %% [markdown]
# ### How many numbers does a layer learn?
#
# A filter has a weight for each cell of its box, and one bias. The side of its square is called its
# **spatial extent**, $F$ (lesson 05's $f$); its depth is that of the input, $C$, and is not for you
# to choose. With
# $K$ filters a layer has
#
# $$K \cdot (F \cdot F \cdot C + 1) \text{ parameters.}$$
#
# For the volume above: 3 times 3 times 3 is **27** weights, with the bias 28, and a layer of two
# such filters, as in the explorer below, **56**. Now a real one: 32 filters of 3 by 3 on a colour
# picture.

# %%
predict(
    "06-parameters",
    "How many parameters has the layer, weights and biases?",
    options=["288", "320", "864", "896"],
)

# %% tags=["reveal"]
by_hand = 32 * (3 * 3 * 3 + 1)
assert by_hand == conv_parameters(in_channels=3, out_channels=32, kernel_size=3) == 896
assert conv_parameters(3, 2, 3) == 56
reveal(
    "06-parameters",
    "896",
    because="32 times 28. With 288 or 320 the filter would have no depth; with 864 the biases are "
    "missing: one for each filter, not one for each channel.",
)

# %% [markdown]
# Did you need the size of the picture? It does not occur in the formula: the same 896 numbers serve
# a picture of 32 by 32 and one of 4000 by 3000. All places of a map **share** the weights and the
# bias. (Seen as neurons, one for each pixel of the map: all have the same 28 numbers, and each
# looks at another patch.)

# %% [markdown]
# ## From scratch
#
# One place, in loops: there is a third loop now, over the channels.

# %%
total = b0
for c in range(3):
    for a in range(3):
        for b in range(3):
            total += volume[c, 0 + a, 0 + b] * w0[c, a, b]
print("first place:", int(total), " weights of the filter:", w0.size)

# %% [markdown]
# Without loops the patch is a box as well: `volume[:, 0:3, 0:3]` takes all channels (a single colon
# means "all of this axis"), three rows and three columns. Box times box, and `sum` adds up
# everything. Let us do this at all nine places, and compare with `coursekit.scratch`.

# %%
for i in range(3):
    for j in range(3):
        box = volume[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
        assert (box * w0).sum() + b0 == first_map[i, j]
assert total == first_map[0, 0]
print("nine boxes and the loops agree:", first_map.tolist())

# %% [markdown]
# That is one filter. In the exercise you write the whole layer: any number of channels, any number
# of filters.

# %% [markdown]
# ## In the framework
#
# The arithmetic is the same everywhere. The **order of the axes** is not:
#
# | | PyTorch, and our scratch | Keras |
# |---|---|---|
# | pictures | (batch, channels, rows, columns) | (batch, rows, columns, channels) |
# | weights | (filters, channels, rows, columns) | (rows, columns, channels, filters) |
# | said as | channels first | channels last |
#
# Texts and drawings (and picture files) mostly say rows, columns, depth: 7 by 7 by 3. `np.moveaxis`
# moves one axis; `transpose(2, 3, 1, 0)` puts all four in a new order, here old axis 2 first. The
# first line below follows eight filters for 3 channels, of 2 rows and 5 columns.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch

x, w, b = volume.astype("float64"), w0[None].astype("float64"), np.array([float(b0)])
by_torch = torch.nn.functional.conv2d(
    torch.tensor(x)[None], torch.tensor(w), torch.tensor(b), stride=2
)[0].numpy()

print("(8, 3, 2, 5) becomes", np.zeros((8, 3, 2, 5)).transpose(2, 3, 1, 0).shape)
x_last, w_last = np.moveaxis(x, 0, 2)[None], w.transpose(2, 3, 1, 0)
print("Keras gets a picture of shape", x_last.shape, "and weights of shape", w_last.shape)
by_keras = keras.ops.convert_to_numpy(keras.ops.conv(x_last, w_last, strides=2, padding="valid"))
by_keras = np.moveaxis(by_keras[0], 2, 0) + b[:, None, None]  # back, and the bias by hand

ours = conv2d_volume(x, w, b, stride=2)
assert np.abs(by_torch - ours).max() < 1e-9
assert np.abs(by_keras - ours).max() < 1e-9
print("PyTorch, Keras and ours agree to 9 decimals")

# %% [markdown]
# As **layers** both count their parameters themselves. The line for Keras is the one that you will
# meet in lesson 10. (`relu` comes in lesson 08; it has no parameters.)

# %%
keras_layer = keras.layers.Conv2D(
    filters=32, kernel_size=3, strides=1, padding="same", activation="relu"
)
keras_layer.build((None, None, None, 3))  # any batch, any rows, any columns, 3 channels
torch_layer = torch.nn.Conv2d(in_channels=3, out_channels=32, kernel_size=3, padding=1)

print("two filters on the volume:", conv_parameters(3, 2, 3))
print("by hand:", by_hand, "  by formula:", conv_parameters(3, 32, 3))
print("Keras:  ", keras_layer.count_params())
print("PyTorch:", sum(p.numel() for p in torch_layer.parameters()))
assert keras_layer.count_params() == by_hand == sum(p.numel() for p in torch_layer.parameters())

# %% [markdown]
# The depth of the filter is not among the arguments of Keras's layer: it takes it from the input.
# PyTorch wants to know it beforehand.

# %% [markdown]
# ### Optional: a trap
#
# Your picture is (rows, columns, 3), and PyTorch complains that it wants (3, rows, columns).
# `reshape` makes that shape, too, and the complaint stops. But `reshape` does not move axes; it
# writes all numbers in a row, and cuts the row anew:

# %%
scrambled = plate.reshape(3, *plate.shape[:2])
figures.images(
    [("red, by moveaxis", channels_first[0]), ('"red", by reshape', scrambled[0])],
    columns=3,
    alt="Left the red channel: a bright 9 on dark. Right what reshape makes: a woven "
    "pattern of light and dark specks, and no 9.",
)
print("numbers that stayed in place:", int((scrambled == channels_first).sum()), "of", plate.size)

# %% [markdown]
# The shapes are right, so no error message follows; a network trained on that only learns badly.

# %% [markdown]
# ## Play
#
# The explorer holds the volume (as a picture of 5 by 5 with padding 1: its ring of zeros is the
# frame), its filter and its bias, and a second filter of ours.
#
# 1. Press *Step by step*, and then *Next step* until the first number of the output is there. Which
#    four numbers are added?
# 2. Set the box *Filters* to 1, 2 and 3. What does one more filter cost, and what does it bring?
# 3. Choose the example *A picture in red, green and blue*. Which filter tells the red roof from the
#    white walls, though both are bright in the red channel?
#
# <details><summary>Answers</summary>
#
# 1. -1, 1 and 1 from the three channels, and the bias 1. That makes 2.
# 2. It costs 28 parameters, 3 times 3 times 3 weights and a bias. It brings one more map; the size
#    of the maps stays.
# 3. *Red against green and blue*: its kernels are positive for red and negative for the other two,
#    so that white, which has as much of all three, gives 0.
#
# </details>

# %%
from coursekit.widgets import VolumeExplorer

VolumeExplorer()

# %% [markdown]
# ## A mistake people make
#
# > *"A 3 by 3 filter has nine weights."*
#
# It has nine weights **for each channel** that it looks at. On a colour picture this makes a
# difference of three times. In the next layer it makes much more, for there the channels are the
# maps of the layer before. Let a layer of 32 filters be followed by one of 64, all of them "3 by
# 3". We count the parameters of the second one.

# %%
believed = 64 * (3 * 3 + 1)
really = torch.nn.Conv2d(in_channels=32, out_channels=64, kernel_size=3)
counted = sum(p.numel() for p in really.parameters())
print("with nine weights a filter:", believed)
print("PyTorch's layer has:       ", counted)
print(
    "one filter of it:          ",
    really.weight[0].numel(),
    "weights, shape",
    tuple(really.weight[0].shape),
)
assert counted == 64 * (3 * 3 * 32 + 1) == conv_parameters(32, 64, 3)

# %% [markdown]
# 640 against 18,496. The "3 by 3" on the box says how far the filter sees to the sides. How deep it
# is, nobody says, since it follows from the input. (And in the other direction: one filter, however
# deep, gives one map. From 6 by 6 by 3 it makes 4 by 4 by 1, not 4 by 4 by 3.)

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/06_volumes_and_channels.ipynb) you write `conv2d_volume` and
# `conv_parameters`, and with three filters at once you read a secret number from a plate on which
# no single channel shows it.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "06-q1",
    "A volume of 14 by 14 by 20 goes into a layer with 50 filters of 5 by 5, stride 1, no padding. "
    "What comes out?",
    [
        ("10 by 10 by 50", True, "Yes: 14 - 5 + 1 is 10, and each of the 50 filters gives a map."),
        ("10 by 10 by 20", False, "The depth of the input is used up by the adding."),
        ("10 by 10 by 1000", False, "A filter adds up its 20 channels to one map, not to 20."),
        ("14 by 14 by 50", False, "That needs a frame of two rings of zeros."),
    ],
)

# %%
quiz(
    "06-q2",
    "You train a layer on pictures of 64 by 64, and then use it on pictures of 128 by 128. What "
    "happens to the number of its parameters?",
    [
        ("It becomes four times as large.", False, "The maps do. The weights are shared by all."),
        (
            "It becomes twice as large.",
            False,
            "Neither the rows nor the columns are in the formula.",
        ),
        (
            "It stays exactly as it was.",
            True,
            "Yes: only F, C and K count, not the picture's size.",
        ),
        ("The layer cannot be used there.", False, "A filter slides over a picture of any size."),
    ],
)

# %%
quiz(
    "06-q3",
    "A filter on a colour picture has the kernels R: 0 0 0 / 0 1 0 / 0 0 0, G: the same, and B: 0 "
    "0 0 / 0 -2 0 / 0 0 0. Where does its map show 0?",
    [
        ("On every pixel without any blue", False, "There it shows red plus green."),
        (
            "On every grey pixel, dark or bright",
            True,
            "Yes: with R = G = B it is 1 + 1 - 2 times it.",
        ),
        ("On every pixel beside an edge", False, "It looks at a single pixel, not at neighbours."),
        ("On every pixel that is purely blue", False, "There it shows -2 times the blue."),
    ],
)

# %%
quiz(
    "06-q4",
    "A layer of Keras has weights of shape (3, 3, 16, 8). What is its input, and what its output?",
    [
        ("3 channels in, 8 maps out", False, "8 maps, yes; but the 3s say how large a filter is."),
        ("8 channels in, 16 maps out", False, "That would be PyTorch's order of the last two."),
        ("16 channels in, 8 maps out", True, "Yes: rows, columns, channels, filters."),
        ("16 channels in, 3 maps out", False, "16 channels, yes; but Keras has the filters last."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. A filter is as deep as its input. In each place it adds up all its products, over rows, columns
#    and channels, and its bias: one number.
# 2. One filter gives one map, $K$ filters give $K$ maps; stacked they are the channels of the next
#    layer's input.
# 3. A layer has $K (F^2 C + 1)$ parameters: 896 for 32 filters of 3 by 3 on a colour picture. The
#    size of the picture does not matter.
# 4. Colours that look alike once the channels are averaged can be told apart by a filter that
#    subtracts one channel from another.
# 5. PyTorch: channels first. Keras: channels last. `moveaxis` goes from one to the other.

# %% [markdown]
# ## Words
#
# - **Volume**: an array with rows, columns and depth. **Channel**: one slice of a volume.
# - **Filter**: a box of weights, as deep as its input. **Kernel**: one slice of a filter, for one
#   channel.
# - **Depth**: number of channels of an input, and so of every filter that looks at it; number of
#   maps of an output.
# - **Spatial extent** $F$: the side of a filter.
# - **Bias**: a number that a filter adds to each of its values.
# - **Parameter**: a number that a layer learns, a weight or a bias.
# - **Channels first**, **channels last**: the two orders of axes.

# %% [markdown]
# ## Further reading
#
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, arXiv, 2016.
# - K. Chellapilla, S. Puri and P. Simard, *High performance convolutional neural networks for
#   document processing*, IWFHR, 2006: the layer as one product of two matrices.
# - A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional
#   neural networks*, NeurIPS, 2012: Figure 3, filters that have learned colours.
#
# The volume comes from deck 002, *Step 1 - Convolution*; the two kernels on 6 by 6 and the layer
# with 32 filters from deck 001, *The Convolution Operation - 2D* and *Summary*; the two filters on
# 7 by 7 and the second detector from deck 003; the counts 27 and 4 by 4 from deck 004,
# *Convolutions on RGB image*. The plate is ours. **Next:** [07 Why convolution
# works](07_why_convolution_works.ipynb).

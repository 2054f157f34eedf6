# ---
# jupyter:
#   coursekit:
#     lesson: "06"
#     title: "Exercise: volumes and channels"
#     minutes: 45
#     datasets: []
# ---

# %% [markdown]
# # 06 · Exercise: volumes and channels
#
# You will write a whole convolution layer, `conv2d_volume`, and count its parameters with
# `conv_parameters`. Then your layer reads a secret number from a plate that looks like grey snow.
# `check(...)` tells you what went wrong, with the smallest example it can find. If you are stuck,
# make a new cell with `hint("conv2d_volume")`: there are three hints, each says a little more than
# the one before.
#
# Lesson: [06 Volumes and channels](../lessons/06_volumes_and_channels.ipynb). Points: 6 (4 for
# `conv2d_volume`, 2 for `conv_parameters`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A picture of 2 by 3 with two channels, one filter of 2 by 2 by 2, and the bias 5. The filter has
# two places, so the map has two values. The first is done. Replace the `None`.

# %%
x = np.array([[[1, 0, 2], [0, 3, 1]], [[2, 1, 0], [1, 0, 4]]])
w = np.array([[[1, 0], [0, -1]], [[2, 0], [0, 1]]])
figures.grids([("channel 0", x[0]), ("its kernel", w[0])], operators=("*",))
figures.grids([("channel 1", x[1]), ("its kernel", w[1])], operators=("*",))

first = (1 * 1 + 3 * -1) + (2 * 2 + 0 * 1) + 5  # channel 0, channel 1, bias: -2 + 4 + 5 = 7
### solution
second = (0 * 1 + 1 * -1) + (1 * 2 + 4 * 1) + 5  # -1 + 6 + 5 = 10
### stub
second = None
### end

# %% tags=["fold"]
if second is None:
    print("not attempted yet")
elif second == 10:
    print("right: the map is", first, second)
elif second == 5:
    print("5 is not right yet: the bias is missing")
elif second == 15:
    print("you added the bias once for each channel; it is added once for each place")
else:
    print(f"{second} is not right yet: add channel 0, channel 1 and the bias")

# %% [markdown]
# ## 2 · `conv2d_volume`: the whole layer
#
# Below is exercise 05's `conv2d_strided`, one channel and one kernel, with a frame and a stride.
# **Build the layer from it**: each filter slides its kernels over the channels, one each, adds up
# what they give, and adds its bias. The maps of all filters are stacked.


# %%
def conv2d_strided(image, kernel, stride=1, padding=0):
    """One channel and one kernel: (H, W) and (m, n) give one map."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, padding), np.shape(kernel))
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], kernel)


def conv2d_volume(x, w, b, stride=1, padding=0):
    """Slide each filter over all channels; each filter gives one map. Nothing is turned.

    x: (C, H, W), the input. w: (K, C, F, F), the filters. b: (K,), one bias a filter.
    Returns (K, H2, W2).
    """
    ### solution
    maps = []
    for kernels, bias in zip(w, b):
        planes = [conv2d_strided(x[c], kernels[c], stride, padding) for c in range(len(x))]
        maps.append(sum(planes) + bias)
    return np.array(maps)
    ### stub
    maps = []
    for kernels, bias in zip(w, b):  # one filter: its kernels (C, F, F), and its bias
        # one map from all the channels
        raise NotImplementedError
    return np.array(maps)
    ### end


# %%
conv2d_volume_result = check("conv2d_volume", conv2d_volume)

# %% [markdown]
# ## 3 · `conv_parameters`: how many numbers does the layer learn?
#
# Weights and biases of a layer with square filters. With `bias=False` the layer has no biases.


# %%
def conv_parameters(in_channels, out_channels, kernel_size, bias=True):
    """Return the number of weights and biases of a convolution layer, an int.

    in_channels: depth of the input. out_channels: number of filters. kernel_size: side of a
    filter. bias: whether each filter has a bias.
    """
    ### solution
    weights = kernel_size * kernel_size * in_channels
    return out_channels * (weights + (1 if bias else 0))
    ### stub
    raise NotImplementedError
    ### end


# %%
conv_parameters_result = check("conv_parameters", conv_parameters)

# %% [markdown]
# ## 4 · Use it: where do the parameters sit?
#
# Five layers of 3 by 3 in a row, each with more filters than the one before. Guess first where most
# of the parameters are: in the first layer, which sees the large picture, or in the last.

# %%
depths = [3, 16, 32, 64, 128, 256]
if conv_parameters_result.passed:
    counts = [
        (f"{depths[k]} to {depths[k + 1]} channels", conv_parameters(depths[k], depths[k + 1], 3))
        for k in range(5)
    ]
    figures.bars(
        counts,
        xlabel="parameters",
        alt="Bars: 448, 4,640, 18,496, 73,856 and 295,168 parameters, about four times as many "
        "from layer to layer.",
    )
else:
    print("this waits until conv_parameters is right; run its cell again after a change")

# %% [markdown]
# In the last: 295,168 of 392,608, three quarters. Twice as many filters on twice as many channels
# are four times as many weights.
#
# ## 5 · Use it again: the secret number
#
# The plate below holds a number of two digits. Its pixels are bright or dark by chance, in all
# three channels alike; and the digits, one in **red**, one in **blue**, are only 12 levels of 256
# brighter or darker. **Green** holds nothing but the chance. Try to see anything.

# %% tags=["fold"]
rows = {"red": [31, 1, 2, 4, 4, 8, 8], "blue": [14, 17, 17, 14, 17, 17, 14]}  # five bits a row


def pattern(numbers):
    bits = np.array([[n >> (4 - k) & 1 for k in range(5)] for n in numbers])
    return np.kron(np.pad(bits, 1), np.ones((6, 6), dtype=int)) * 2 - 1


chance = np.random.default_rng(66).integers(30, 226, size=pattern(rows["red"]).shape)
snow = np.stack([chance + 6 * pattern(rows["red"]), chance, chance + 6 * pattern(rows["blue"])])

# %%
channels = [(name, snow[c].astype("uint8")) for c, name in enumerate(["red", "green", "blue"])]
figures.images(
    [("in colour", np.moveaxis(snow, 0, 2).astype("uint8")), *channels],
    alt="Four pictures full of specks: in colour, and the three channels. No digit is to be seen "
    "in any of them.",
)
print("shape, channels first:", snow.shape)

# %% [markdown]
# Now a layer with **two** filters of 3 by 3 by 3. The first one measures red minus green: all nine
# weights are 1/9 for red and -1/9 for green. Write the second: blue minus green.

# %%
filters = np.zeros((2, 3, 3, 3))  # (filters, channels, rows, columns)
filters[0, 0] = 1 / 9  # the first filter, red
filters[0, 1] = -1 / 9  # the first filter, green
### solution
filters[1, 2] = 1 / 9
filters[1, 1] = -1 / 9
### stub
# the second filter: two lines
### end

if conv2d_volume_result.passed and filters[1].any():
    maps = conv2d_volume(snow, filters, [0, 0])
    figures.images(
        [("red minus green", maps[0]), ("blue minus green", maps[1])],
        columns=3,
        signed=True,
        alt="Two maps, each with one large clean digit in orange on blue, slightly blurred at its "
        "edges.",
    )
else:
    print("this waits until conv2d_volume is right and the second filter is written")

# %% [markdown]
# Two filters, two maps, a digit in each; the snow is gone from both. (Which number is it?)
#
# <details><summary>Answer</summary>
#
# 78: the 7 is in the red channel, the 8 in the blue one.
#
# </details>
#
# ## 6 · To think about (no points)
#
# What would a third filter show, red minus blue? Guess, then try it. And why can *no* filter find
# the digits in the grey picture, the mean of the three channels? (The solutions have an answer.)

# %% tags=["solution"]
third = np.zeros((1, 3, 3, 3))
third[0, 0], third[0, 2] = 1 / 9, -1 / 9
grey = snow.mean(axis=0)
figures.images(
    [("red minus blue", conv2d_volume(snow, third, [0])[0]), ("grey", grey.astype("uint8"))],
    columns=3,
    signed=True,
    alt="Left both digits at once, the 7 in orange and the 8 in blue, and nothing where they "
    "overlap. Right grey specks.",
)

# %% [markdown] tags=["solution"]
# Both digits, with opposite signs; where both are or neither is, 0. In the grey picture the digits
# are still there, at most 8 levels apart from the rest, but the chance is 196 levels wide, and
# there is no second channel to subtract it with.

# ---
# jupyter:
#   coursekit:
#     lesson: "07"
#     title: "Exercise: why convolution works"
#     minutes: 35
#     datasets: []
# ---

# %% [markdown]
# # 07 · Exercise: why convolution works
#
# You will write `dense_parameters` and `receptive_field`. With the first you see what a dense layer
# on a photograph would cost; with the second you build a network in which one unit sees a whole
# picture, and PyTorch measures whether it really does. `check(...)` tells you what went wrong, with
# the smallest example it can find. If you are stuck, make a new cell with
# `hint("receptive_field")`: there are three hints, each says a little more than the one before.
#
# Lesson: [07 Why convolution works](../lessons/07_why_convolution_works.ipynb). Points: 6 (2 for
# `dense_parameters`, 4 for `receptive_field`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# How many pixels across does one unit of the last layer see? Each layer is written as (kernel,
# stride), from the picture to the output. Replace the two `None`.

# %%
two_layers = 5 + (3 - 1) * 1  # (5, 1), (3, 1): 5 pixels, and 2 more, 7
strided = 3 + (3 - 1) * 2  # (3, 2), (3, 1): 3 pixels, and 2 steps of 2 pixels more, 7
### solution
three_layers = 3 + (3 - 1) * 2 + (3 - 1) * 4  # 15
halved = 2 + (3 - 1) * 2  # 6
### stub
three_layers = None  # (3, 2), (3, 2), (3, 1)
halved = None  # (2, 2), (3, 2)
### end

# %% tags=["fold"]
for name, mine, right in [("three_layers", three_layers, 15), ("halved", halved, 6)]:
    if mine is None:
        print(f"{name}: not attempted yet")
    elif mine == right:
        print(f"{name}: {mine} is right")
    elif (name, mine) == ("three_layers", 11):
        print("three_layers: 11 is not right yet; after two strides of 2 a step counts four times")
    elif (name, mine) in [("three_layers", 7), ("halved", 4)]:
        print(f"{name}: {mine} is not right yet; the strides before a layer are left out")
    else:
        print(f"{name}: {mine} is not right yet")

# %% [markdown]
# ## 2 · `dense_parameters`: every unit wired to every input
#
# Weights and biases of a dense layer. With `bias=False` there are no biases.


# %%
def dense_parameters(in_features, out_features, bias=True):
    """Return the number of weights and biases of a dense layer, an int.

    in_features: numbers that come in. out_features: units. bias: whether each unit has a bias.
    """
    ### solution
    return out_features * (in_features + (1 if bias else 0))
    ### stub
    raise NotImplementedError
    ### end


# %%
dense_parameters_result = check("dense_parameters", dense_parameters)

# %% [markdown]
# ## 3 · `receptive_field`: how far does a unit see?
#
# `layers` is a list of pairs, `[(kernel, stride), ...]`, from the picture to the output. Go through
# it from the beginning, and keep two numbers: how far a unit sees so far, and how many pixels apart
# two neighbouring units lie. (A unit without any layer is a pixel: it sees 1.)


# %%
def receptive_field(layers):
    """Return how many pixels of the input, along one side, one unit of the last layer sees.

    layers: a list of (kernel, stride), from input to output. Returns an int.
    """
    ### solution
    field, apart = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * apart
        apart *= stride
    return field
    ### stub
    field, apart = 1, 1
    for kernel, stride in layers:
        # what does this layer add to the field, and what does it do to the distance?
        raise NotImplementedError
    return field
    ### end


# %%
receptive_field_result = check("receptive_field", receptive_field)

# %% [markdown]
# ## 4 · Use it: the price of looking at everything
#
# A photograph of 224 by 224 pixels in colour. A dense layer of 64 units, each wired to all of it;
# and for comparison a convolution layer with 64 filters of 3 by 3, which makes 64 whole maps.

# %%
if dense_parameters_result.passed:
    convolution = 64 * (3 * 3 * 3 + 1)  # lesson 06
    figures.bars(
        [("dense, 64 units", dense_parameters(224 * 224 * 3, 64)), ("64 filters", convolution)],
        xlabel="parameters; each step of the scale is ten times the last",
        log=True,
        alt="Bars on a scale of powers of ten: 9,633,856 parameters for the dense layer, 1,792 for "
        "the 64 filters.",
    )
else:
    print("this waits until dense_parameters is right; run its cell again after a change")

# %% [markdown]
# More than 5,000 times as many, and the dense layer gives 64 numbers, while the filters give 64
# maps.
#
# ## 5 · Use it again: a network that sees the whole picture
#
# The picture has 64 by 64 pixels. Find the **fewest layers with a kernel of 3** (strides of 1 or 2)
# with which one unit of the last layer sees 64 pixels across or more. The list below is a start.

# %%
### solution
mine = [(3, 2)] * 6
### stub
mine = [(3, 1), (3, 1), (3, 2)]
### end

if receptive_field_result.passed:
    sees = receptive_field(mine)
    print(len(mine), "layers see", sees, "of 64 pixels:", "enough" if sees >= 64 else "not enough")
else:
    print("this waits until receptive_field is right; run its cell again after a change")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Six, with a stride of 2 in the first five (the last stride does not matter): the fields are 3, 7,
# 15, 31, 63 and 127. Five layers miss it by a single pixel! With strides of 1 it would take 32
# layers.
#
# </details>
#
# Does your formula tell the truth? PyTorch builds the layers, all weights 1, and asks by the
# gradient which pixels one unit depends on: yours and 20 more networks, made up by chance. (One row
# of 5,000 pixels is enough for that.)

# %% tags=["fold"]
import torch


def measured_field(layers):
    """Count, along one side, the pixels that change the middle unit: by the gradient."""
    picture = torch.zeros(1, 1, 5000, requires_grad=True)
    x = picture
    for kernel, stride in layers:
        x = torch.nn.functional.conv1d(x, torch.ones(1, 1, kernel), stride=stride)
    x[0, 0, x.shape[-1] // 2].backward()
    return int((picture.grad != 0).sum())


if receptive_field_result.passed:
    rng = np.random.default_rng(7)
    networks = [mine]
    for _ in range(20):
        sizes = zip(rng.integers(1, 6, size=4).tolist(), rng.integers(1, 4, size=4).tolist())
        # `max`: a kernel smaller than its own stride could leave pixels out (see part 6)
        networks.append([(max(kernel, stride), stride) for kernel, stride in sizes])
    agree = sum(receptive_field(layers) == measured_field(layers) for layers in networks)
    print("your formula and the gradient agree on", agree, "of", len(networks), "networks")
else:
    print("this waits until receptive_field is right; run its cell again after a change")

# %% [markdown]
# ## 6 · To think about (no points)
#
# Ten layers with a kernel of 1 by 1: how far does a unit see? And can a field have holes, pixels
# between its first and its last that change nothing? Think of (1, 3), (2, 1), and of (3, 3),
# (2, 1). (The solutions have an answer.)

# %% tags=["solution"]
print("ten layers of 1 by 1 see", receptive_field([(1, 1)] * 10), "pixel")
for first in [(1, 3), (3, 3)]:
    two = [first, (2, 1)]
    print(two, "formula:", receptive_field(two), " pixels that count:", measured_field(two))

# %% [markdown] tags=["solution"]
# One pixel, however many layers: a kernel of 1 adds nothing. And yes, a field can have holes
# where a kernel is smaller than its own stride: with (1, 3) first, the second layer sees two pixels
# that lie 3 apart. The formula gives 4, from the first to the last, and the two pixels in between
# count for nothing. With (3, 3) first its two units lie 3 apart as well, but each of them sees 3
# pixels, and nothing is left out.

# ---
# jupyter:
#   coursekit:
#     lesson: "05"
#     title: "Exercise: padding and stride"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 05 · Exercise: padding and stride
#
# You will write `output_size`, `pad2d` and `conv2d_strided`. With them you plan a network that fits
# its picture, and make a thumbnail of a photograph without the ugly patterns that lesson 01's
# `sample` makes. `check(...)` tells you what went wrong, with the smallest example it can find. If
# you are stuck, make a new cell with `hint("pad2d")`: there are three hints, each says a little
# more than the one before.
#
# Lesson: [05 Padding and stride](../lessons/05_padding_and_stride.ipynb). Points: 6 (2 for
# `output_size`, 1 for `pad2d`, 3 for `conv2d_strided`).

# %%
import numpy as np

from coursekit import check, figures, hint, scratch

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# How large is the map, along one side? The first two are done. Replace the two `None`.

# %%
plain = (9 - 3) // 1 + 1  # side 9, kernel 3: 6 hops and the first place, 7
strided = (9 - 4) // 2 + 1  # side 9, kernel 4, stride 2: 2.5 hops, so 2, and the first place: 3
### solution
padded = (9 + 4 - 5) // 1 + 1  # side 9, kernel 5, padding 2
both = (10 + 2 - 3) // 4 + 1  # side 10, kernel 3, stride 4, padding 1
### stub
padded = None  # side 9, kernel 5, padding 2
both = None  # side 10, kernel 3, stride 4, padding 1
### end

# %% tags=["fold"]
for name, mine, starts in [("padded", padded, range(-2, 7)), ("both", both, range(-1, 9, 4))]:
    if mine is None:
        print(f"{name}: not attempted yet")
    elif mine == len(starts) - 1:
        print(f"{name}: {mine} is the number of hops; the first place is missing")
    elif (name, mine) in [("padded", 7), ("both", 2.75)]:
        print(f"{name}: {mine} is not right yet; padding at both ends, and whole hops only")
    elif (name, mine) == ("both", 4):
        print("both: 4 is not right yet; a last hop that does not fit is not made")
    else:
        print(f"{name}: {mine}", "is right" if mine == len(starts) else "is not right yet")

# %% [markdown]
# ## 2 · `output_size`: the formula in Python
#
# How many places has the kernel along one side? The result is a whole number, an `int`: nobody can
# make 2.5 places.


# %%
def output_size(n, kernel_size, stride=1, padding=0):
    """Return how many places the kernel has along one side, as an int.

    n: pixels along the side. kernel_size: cells of the kernel. stride: the length of a hop.
    padding: zeros at each of the two ends. The kernel fits at least once.
    """
    ### solution
    return (n + 2 * padding - kernel_size) // stride + 1
    ### stub
    raise NotImplementedError
    ### end


# %%
output_size_result = check("output_size", output_size)

# %% [markdown]
# ## 3 · `pad2d`: the frame
#
# The lesson framed a 4 by 4 picture with one ring. Yours must work for any picture and any number
# of rings, none among them. Return a new array, and leave `image` as it is. (`np.pad` would do it
# in one call; write it yourself this time, with `np.zeros` and a slice.)


# %%
def pad2d(image, padding):
    """Return the image with `padding` rings of zeros around it.

    image: shape (H, W). padding: 0 or more. Returns (H + 2 padding, W + 2 padding).
    """
    image = np.asarray(image)
    height, width = image.shape
    ### solution
    framed = np.zeros((height + 2 * padding, width + 2 * padding), dtype=image.dtype)
    framed[padding : padding + height, padding : padding + width] = image
    return framed
    ### stub
    raise NotImplementedError
    ### end


# %%
pad2d_result = check("pad2d", pad2d)

# %% [markdown]
# ## 4 · `conv2d_strided`: hop, with a frame
#
# Below is `conv2d` from lesson 03 in its form without loops: every place, no frame, no turn. **Do
# not write it again.** Build `conv2d_strided` from it and from your `pad2d`. The lesson showed
# which of the values at stride 1 are left at stride 2; how do you pick every `stride`-th row and
# column of an array? (Exercise 01 asked for the same, for another purpose.)


# %%
def conv2d(image, kernel):
    """Every place of the kernel: (H, W) and (m, n) give (H - m + 1, W - n + 1)."""
    windows = np.lib.stride_tricks.sliding_window_view(image, np.shape(kernel))
    return np.einsum("ijab,ab->ij", windows, kernel)


def conv2d_strided(image, kernel, stride=1, padding=0):
    """Slide the kernel over the framed image, `stride` pixels at a time; it is not turned.

    image: (H, W). kernel: (m, n). Returns the sums of the products, of shape
    (output_size(H, m, stride, padding), output_size(W, n, stride, padding)).
    """
    ### solution
    return conv2d(pad2d(image, padding), kernel)[::stride, ::stride]
    ### stub
    raise NotImplementedError
    ### end


# %%
conv2d_strided_result = check("conv2d_strided", conv2d_strided)

# %% [markdown]
# ## 5 · Use it: a network that fits
#
# A well-known network (ResNet, lesson 15) takes pictures of 224 by 224 and makes them smaller by
# layers with stride 2. How large are its maps, and does any layer lose a pixel? `left over` counts
# the cells at the end, zeros of the frame among them, that no hop reaches.

# %%
layers = [("7 by 7", 7, 2, 3), ("3 by 3", 3, 2, 1), ("3 by 3", 3, 2, 1), ("3 by 3", 3, 2, 1)]

if output_size_result.passed:
    side = 224
    for name, kernel_size, stride, padding in layers:
        after = output_size(side, kernel_size, stride, padding)
        reached = (after - 1) * stride + kernel_size
        left_over = side + 2 * padding - reached
        print(f"{side:3} -> {name}, stride {stride}, padding {padding} -> {after:3}", end="")
        print(f"   left over: {left_over}, padding: {padding}")
        side = after
else:
    print("this waits until output_size is right; run its cell again after a change")

# %% [markdown]
# In every layer one cell is left over, and that one is a zero of the frame: no pixel is lost. Try
# other sizes than 224. Can you find one for which a pixel is lost? And if you set all paddings to
# 0?
#
# <details><summary>Answer</summary>
#
# No. With stride 2 at most one cell can be left over, and each layer has at least one zero there.
# Without padding, every layer with an even side loses a row and a column.
#
# </details>
#
# ## 6 · Use it again: thumbnails
#
# To make a photograph four times smaller you could take every fourth pixel. Or you slide a 4 by 4
# kernel with 16 equal weights, sixteenths, over it with stride 4: each pixel of the thumbnail is
# then the **average** of the 16 pixels that it stands for. Look at the roof tiles.

# %%
from sklearn.datasets import load_sample_image

photo = load_sample_image("china.jpg").mean(axis=2)[150:350, 170:490]
if conv2d_strided_result.passed:
    average = conv2d_strided(photo, np.full((4, 4), 1 / 16), stride=4)
    every_fourth = scratch.sample(photo, 4)
    assert average.shape == every_fourth.shape
    figures.images(
        [
            ("every fourth pixel", every_fourth.astype("uint8")),
            ("average of sixteen", average.astype("uint8")),
        ],
        alt="Two small pictures of a temple. Left, every fourth pixel: the lines of the roof are "
        "broken into specks. Right, averages: the lines are soft and whole.",
    )
    print("size:", photo.shape, "->", average.shape)
else:
    print("this waits until conv2d_strided is right; run its cell again after a change")

# %% [markdown]
# No pixel is left out of the average, since the stride is just as long as the kernel. Lesson 08
# calls this *average pooling*, and sells it as something new.
#
# ## 7 · To think about (no points)
#
# Your `conv2d_strided` computes every place and throws most of them away. What share, for stride 4?
# And how would you write it so that nothing is computed in vain? (The solutions have an answer.)

# %% [markdown] tags=["solution"]
# Of 16 places only one stays, so about 15/16, or 94 %, are thrown away. Without waste: take the
# windows first, and pick every fourth of *them* before anything is multiplied. For NumPy a window
# is only a way of looking at the picture, so picking costs nothing.

# %% tags=["solution"]
windows = np.lib.stride_tricks.sliding_window_view(photo, (4, 4))[::4, ::4]
thrifty = np.einsum("ijab,ab->ij", windows, np.full((4, 4), 1 / 16))
assert np.allclose(thrifty, conv2d_strided(photo, np.full((4, 4), 1 / 16), stride=4))
every_place = conv2d(photo, np.full((4, 4), 1 / 16)).size
print("places computed:", thrifty.size, "instead of", every_place)

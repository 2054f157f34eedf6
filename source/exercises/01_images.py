# ---
# jupyter:
#   coursekit:
#     lesson: "01"
#     title: "Exercise: images are arrays"
#     minutes: 30
#     datasets: []
# ---

# %% [markdown]
# # 01 · Exercise: images are arrays
#
# You will write `storage_bytes`, `sample` and `quantize`, and then squeeze a photograph. Run the
# cells from top to bottom, and come back to any cell as often as you like. `check(...)` tells you
# what went wrong, with the smallest example it can find. If you are stuck, make a new cell with
# `hint("quantize")`: there are three hints, each says a little more than the one before.
#
# Lesson: [01 Images are arrays](../lessons/01_images.ipynb). Points: 6 (2 for each function).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A camera has 4 levels, 0 to 3. It cuts the grey values 0 to 255 into four drawers of 64: 0 to 63
# is level 0, and so on. The first two are done. Replace the two `None`, then run the cell, and the
# folded one below it, which tells you whether you are right.

# %%
level_of_10 = 0  # 10 lies in the first drawer, 0 to 63
level_of_64 = 1  # 64 is the first value of the second drawer
### solution
level_of_127 = 1  # the last value of the second drawer
level_of_191 = 2  # the last value of the third drawer
### stub
level_of_127 = None
level_of_191 = None
### end

# %% tags=["fold"]
if level_of_127 is None and level_of_191 is None:
    print("not attempted yet")
elif level_of_127 is None or level_of_191 is None:
    print("one to go")
elif (level_of_127, level_of_191) == (1, 2):
    print("right: 0, 1, 1, 2")
else:
    print(f"you have 0, 1, {level_of_127}, {level_of_191}: write down where each drawer begins")

# %% [markdown]
# ## 2 · `storage_bytes`: how much room does a picture take?
#
# Each pixel has `channels` numbers, each number takes `bits` bits, and a byte holds 8 bits. A file
# cannot hold half a byte, so round **up** to whole bytes, once, at the end.


# %%
def storage_bytes(height, width, channels=1, bits=8):
    """Bytes that an image takes, a whole number, rounded up.

    height, width: pixels; channels: numbers a pixel; bits: bits a number. Returns an int.
    """
    ### solution
    total_bits = height * width * channels * bits
    return (total_bits + 7) // 8
    ### stub
    total_bits = height * width * channels * bits
    # how many bytes is that? Remember to round up.
    raise NotImplementedError
    ### end


# %%
check("storage_bytes", storage_bytes)

# %% [markdown]
# ## 3 · `sample`: look less often
#
# Take every `step`-th row and every `step`-th column, beginning with the first. Return a **copy**:
# whoever draws on the small picture must not change the large one.


# %%
def sample(image, step):
    """Every step-th row and column of image, from the first; a copy.

    image: (H, W) array, step: 1 or more. Returns a smaller array with the same kind of numbers.
    """
    ### solution
    return image[::step, ::step].copy()
    ### stub
    raise NotImplementedError
    ### end


# %%
check("sample", sample)

# %% [markdown]
# ## 4 · `quantize`: look less finely
#
# With `levels` drawers, pixel value `v` belongs to level `floor(v * levels / 256)`. `floor` rounds
# down to a whole number; in Python `a // b` divides and rounds down in one step. Mind the lesson's
# warning: pixels are `uint8`, and `uint8` numbers run over at 256.


# %%
def quantize(image, levels):
    """Level number of each pixel, from 0 to levels - 1.

    image: (H, W) uint8, levels: 2 to 256. Returns (H, W) int64.
    """
    ### solution
    return image.astype("int64") * levels // 256
    ### stub
    raise NotImplementedError
    ### end


# %%
check("quantize", quantize)

# %% [markdown]
# ## 5 · Use it: how small can a photograph get?
#
# The cell below waits until your three functions are right. Then it shows a photograph, sampled and
# quantised by **you**, with the bytes it takes. Change `step` and `levels` (2 to 256), and find
# the smallest version in which you still know what it is.

# %%
from sklearn.datasets import load_sample_image

step, levels = 6, 8
answers = {"storage_bytes": storage_bytes, "sample": sample, "quantize": quantize}

if all(check(name, answer).passed for name, answer in answers.items()):
    photo = load_sample_image("china.jpg").mean(axis=2).astype("uint8")
    small = quantize(sample(photo, step), levels)
    bits = int(np.ceil(np.log2(levels)))  # bits that `levels` different numbers need
    # the star hands over the two numbers of a shape, height and width, one by one
    before, after = storage_bytes(*photo.shape), storage_bytes(*small.shape, bits=bits)
    print(f"before: {before:,} bytes, after: {after:,} bytes, {before // after} times smaller")
    figures.images(
        [("before", photo), ("after", small * 255 // (levels - 1))],
        alt="Two grey pictures of a Chinese temple: the original, and the sampled and quantised "
        "one, which is coarser but can still be recognised.",
    )
else:
    print("this picture waits until all three checks pass")

# %% [markdown]
# ## 6 · To think about (no points)
#
# Quantise to 4 levels, then write the levels as 0, 85, 170, 255: most pixels change. By how much
# **at most**? And would it be better to write each level as the middle of its drawer: 32, 96, 160,
# 224?
#
# <details>
# <summary>Answer (after you have thought)</summary>
#
# With 0, 85, 170, 255 by 63 at most, with the middles of the drawers by 32: never more than half a
# drawer. The price of the middles: pure black and pure white are gone, and the picture looks flat.
# That is why pictures are shown with the ends, and measured with the middles.
#
# </details>

# %% tags=["solution"]
values = np.arange(256)
level = values * 4 // 256
ends = np.abs(values - level * 85).max()
middles = np.abs(values - (level * 64 + 32)).max()
print("largest change with 0, 85, 170, 255: ", ends)
print("largest change with 32, 96, 160, 224:", middles)

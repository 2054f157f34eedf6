# ---
# jupyter:
#   coursekit:
#     lesson: "08"
#     title: "Exercise: ReLU and pooling"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 08 · Exercise: ReLU and pooling
#
# You will write `relu`, `max_pool2d`, `avg_pool2d` and `global_avg_pool2d`: everything between two
# convolutions. The lesson pooled with windows that lie side by side; yours may overlap, leave gaps,
# and be of any size. `check(...)` tells you what went wrong, with the smallest example it can find;
# `hint("max_pool2d")` in a new cell helps, three times.
#
# Lesson: [08 ReLU and pooling](../lessons/08_relu_and_pooling.ipynb). Points: 8 (1 for `relu`, 3
# for `max_pool2d`, 3 for `avg_pool2d`, 1 for `global_avg_pool2d`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A window of 3 by 3 slides over this map with stride 1, so windows overlap. The map has 4 rows and
# 4 columns, so there are 2 by 2 places. The first row of the result is done: replace the two
# `None`.

# %%
small = np.array([[1, 0, 5, 1], [0, 3, 1, 0], [2, 1, 0, 2], [1, 0, 1, 4]])
figures.grids([("a map", small)], operators=())

first_row = [5, 5]  # the 5 lies under both windows
### solution
second_row_left = 3  # rows 1 to 3, columns 0 to 2
second_row_right = 4  # rows 1 to 3, columns 1 to 3: the 4 in the corner, and the 3 is smaller
### stub
second_row_left = None
second_row_right = None
### end

# %% tags=["fold"]
for name, value in [("left", second_row_left), ("right", second_row_right)]:
    if value is None:
        print(f"second row, {name}: not attempted yet")
    else:
        place = 0 if name == "left" else 1
        right = small[1:4, place : place + 3].max()
        print(f"second row, {name}: {value}", "is right" if value == right else "is not right yet")

# %% [markdown]
# The 5 lies under two windows and comes out twice. That is what overlapping windows do.

# %% [markdown]
# ## 2 · `relu`: not here
#
# What is below 0 becomes 0, the rest stays. The map may have any number of axes, and the map that
# you are given must not be changed: others may still need it.


# %%
def relu(x):
    """max(0, value) for each value; never changes its argument.

    x: array of any shape. Returns an array of the same shape.
    """
    ### solution
    return np.maximum(x, 0)
    ### stub
    raise NotImplementedError
    ### end


# %%
check("relu", relu)

# %% [markdown]
# ## 3 · `max_pool2d`: is it anywhere in here?
#
# The largest value under a square window with `size` rows and columns. The window moves by
# `stride`; where no stride is given (`None`), by its own size. Incomplete windows at the lower and
# right border are left out, so each side of the result is
# $\lfloor (n - \text{size}) / \text{stride} \rfloor + 1$.


# %%
def max_pool2d(x, size=2, stride=None):
    """The largest value in each window; incomplete windows are left out.

    x: (H, W). Returns (H2, W2), H2 = floor((H - size) / stride) + 1.
    """
    ### solution
    stride = size if stride is None else stride
    rows = (x.shape[0] - size) // stride + 1
    columns = (x.shape[1] - size) // stride + 1
    out = np.zeros((rows, columns), dtype=x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[i, j] = x[top : top + size, left : left + size].max()
    return out
    ### stub
    if stride is None:
        stride = size
    # how many windows are there down, and how many across?
    raise NotImplementedError
    ### end


# %%
check("max_pool2d", max_pool2d)

# %% [markdown]
# ## 4 · `avg_pool2d`: how much of it is in here?
#
# The same windows, but now the mean of what lies under each. Whole numbers can have a mean that is
# not whole.


# %%
def avg_pool2d(x, size=2, stride=None):
    """The mean of each window; incomplete windows are left out.

    x: (H, W). Returns (H2, W2), floats.
    """
    ### solution
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.mean(axis=(2, 3))
    ### stub
    raise NotImplementedError
    ### end


# %%
check("avg_pool2d", avg_pool2d)

# %% [markdown]
# ## 5 · `global_avg_pool2d`: one number for each map
#
# The input now has three axes: C maps of H rows and W columns. The result has C numbers, the mean
# of each map.


# %%
def global_avg_pool2d(x):
    """The mean of each map.

    x: (C, H, W). Returns (C,), floats.
    """
    ### solution
    return x.mean(axis=(1, 2))
    ### stub
    raise NotImplementedError
    ### end


# %%
check("global_avg_pool2d", global_avg_pool2d)

# %% [markdown]
# ## 6 · Use it: three ways to make a picture small
#
# A photograph is reduced to an eighth of its width and height in three ways: by keeping every
# eighth pixel, by max pooling and by average pooling. The cell waits until your functions are
# right. Which of the three would you send to a friend? Which one is jagged, and in which one have
# the bright spots grown?

# %%
from sklearn.datasets import load_sample_image

results = [check("max_pool2d", max_pool2d), check("avg_pool2d", avg_pool2d)]
if all(result.passed for result in results):
    photo = load_sample_image("flower.jpg").mean(axis=2).astype("uint8")
    figures.images(
        [
            ("every 8th pixel", photo[::8, ::8]),
            ("max pooling", np.array(max_pool2d(photo, 8)).astype("uint8")),
            ("average pooling", np.round(avg_pool2d(photo, 8)).astype("uint8")),
        ],
        alt="A flower in three small versions: jagged with every eighth pixel, bright and blotchy "
        "with max pooling, smooth with average pooling.",
    )
else:
    print("this picture waits until both checks pass")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Average pooling looks best: every pixel has a say. Every eighth pixel is jagged, and what is
# thinner than eight pixels may vanish altogether. Max pooling makes every bright spot as large as a
# whole window.
#
# </details>

# %% [markdown]
# ## 7 · To think about (no points)
#
# Max pooling with a 2 by 2 window and stride 1, done **twice**: is there one window that does the
# same in one go? And for average pooling? Try it with your functions. (The solutions have an
# answer.)

# %% tags=["solution"]
twice = max_pool2d(max_pool2d(small, 2, 1), 2, 1)
print("max twice:", twice.tolist(), " max 3 by 3:", max_pool2d(small, 3, 1).tolist())
twice = avg_pool2d(avg_pool2d(small, 2, 1), 2, 1)
once = avg_pool2d(small, 3, 1)
print("average twice:", twice.round(2).tolist(), " average 3 by 3:", once.round(2).tolist())

# %% [markdown] tags=["solution"]
# For the maximum a 3 by 3 window does it: the largest of the largest is the largest. For the
# average it does not: the middle of the 3 by 3 patch lies in all four windows and counts four
# times, an edge twice, a corner once. It is the weights 1 2 1 / 2 4 2 / 1 2 1 over 16, the Gaussian
# blur of lesson 04.

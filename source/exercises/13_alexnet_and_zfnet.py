# ---
# jupyter:
#   coursekit:
#     lesson: "13"
#     title: "Exercise: AlexNet and ZFNet"
#     minutes: 25
#     datasets: []
# ---

# %% [markdown]
# # 13 · Exercise: AlexNet and ZFNet
#
# You will write `dropout` for an array of any shape. The checker gives it many numbers and many
# generators, and looks at what becomes of them on the whole: how you throw your coins does not
# matter to it. If you are stuck, make a new cell with `hint("dropout")`: there are three hints.
#
# Lesson: [13 AlexNet and ZFNet](../lessons/13_alexnet_and_zfnet.ipynb). Points: 6 (for `dropout`).

# %%
import numpy as np

from coursekit import check, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# ZFNet's second layer has 256 filters of 5 by 5; each sees all 96 maps. They are 55 by 55; it moves
# by 2 and is not padded. And dropout with $p = 0.75$: what becomes of a kept 3? Replace the three
# `None`.

# %%
parameters_of_the_first = 96 * (7 * 7 * 3 + 1)  # = 14,208
### solution
parameters_of_the_second = 256 * (5 * 5 * 96 + 1)
neurons_of_the_second = 256 * 26 * 26  # (55 - 5) / 2 + 1 = 26
kept_three_becomes = 3 / (1 - 0.75)
### stub
parameters_of_the_second = None
neurons_of_the_second = None
kept_three_becomes = None
### end

# %% tags=["fold"]
right = {
    "parameters_of_the_second": 614_656,
    "neurons_of_the_second": 173_056,
    "kept_three_becomes": 12,
}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {mine:,}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `dropout`
#
# Each number of `x` becomes 0 with probability `p`, by a coin of its own; those that stay are
# divided by `1 - p`. `x` itself stays as it is. `p` goes from 0 to 1, **both included**: with 0
# nothing is dropped, with 1 everything.
#
# Chance comes from `rng`, a generator as `np.random.default_rng(seed)` makes one: whoever gives the
# same seed gets the same zeros. `rng.random(shape)` is an array of that shape, with numbers from 0
# up to 1, all equally likely. So the comparison `rng.random(shape) < 0.3` is `True` in about 30 of
# 100 places.


# %%
def dropout(x, p, rng):
    """Inverted dropout: an array of the shape of x.

    x: array of any shape. p: probability of dropping, 0 to 1. rng: numpy.random.Generator.
    """
    ### solution
    if p == 1:
        return np.zeros(x.shape)
    kept = rng.random(x.shape) >= p
    return x * kept / (1 - p)
    ### stub
    raise NotImplementedError  # your code here
    ### end


# %%
check("dropout", dropout)

# %% [markdown]
# ## 3 · Use it: the mean stays, the spread grows
#
# A neuron adds up 100 inputs, all of them 1, so its sum is 100. With your dropout before it the sum
# changes from one time to the next. The cell waits until your function is right.

# %%
if check("dropout", dropout).passed:
    rng = np.random.default_rng(0)
    for p in (0.0, 0.2, 0.5, 0.8):
        sums = dropout(np.ones((10_000, 100)), p, rng).sum(axis=1)
        print(f"p = {p}: the sum is {sums.mean():.0f} on average, its spread {sums.std():.0f}")
        assert abs(sums.mean() - 100) < 1
else:
    print("the comparison waits until the check passes")

# %% [markdown]
# <details><summary>What should come out</summary>
#
# The mean is 100 for every p; the spread is 0, 5, 10 and 20. It is the square root of
# 100 p / (1 - p).
#
# </details>

# %% [markdown]
# ## 4 · To think about (no points)
#
# Two layers in a row, each with dropout of p = 0.5. What share of the *pairs* (a neuron of the
# first, one of the second) is at work in a step? Does the network then learn as if it were that
# much smaller? (The solutions have an answer.)

# %% [markdown] tags=["solution"]
# A quarter. Each step trains a smaller network, but another one each time, and all of them share
# their weights: in use the whole network answers, much like an average of them.

# ---
# jupyter:
#   coursekit:
#     lesson: "02"
#     title: "Exercise: convolution in one dimension"
#     minutes: 30
#     datasets: []
# ---

# %% [markdown]
# # 02 · Exercise: convolution in one dimension
#
# You will write `correlate1d` and `convolve1d`, and then use them on a share price. Run the cells
# from top to bottom, and come back to any cell as often as you like. `check(...)` tells you what
# went wrong, with the smallest example it can find. If you are stuck, make a new cell with
# `hint("correlate1d")`: there are three hints, each says a little more than the one before.
#
# Lesson: [02 Convolution in one dimension](../lessons/02_convolution_1d.ipynb). Points: 5 (3 for
# `convolve1d`, 2 for `correlate1d`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# The signal is `3 1 4 1 5` and the kernel `1 0 2`. We slide the kernel along **without** turning
# it. The first value is done. Replace the two `None` by what you get on paper, then run the cell
# and the folded one below it, which tells you whether you are right.

# %%
signal = np.array([3, 1, 4, 1, 5])
kernel = np.array([1, 0, 2])

first = 3 * 1 + 1 * 0 + 4 * 2  # = 11, the kernel over 3 1 4
### solution
second = 1 * 1 + 4 * 0 + 1 * 2  # = 3, the kernel over 1 4 1
third = 4 * 1 + 1 * 0 + 5 * 2  # = 14, the kernel over 4 1 5
### stub
second = None  # the kernel over 1 4 1
third = None  # the kernel over 4 1 5
### end

# %% tags=["fold"]
if second is None or third is None:
    print("not attempted yet")
elif (second, third) == (3, 14):
    print("right: 11, 3, 14")
else:
    print(f"you have 11, {second}, {third}: look again at which readings lie under the kernel")

# %% [markdown]
# ## 2 · `correlate1d`: slide, multiply, add
#
# The same for any signal and any kernel. There are `n - f + 1` places. The window at `place` covers
# `x[place]` to `x[place + f - 1]`: multiply these `f` readings by the `f` weights, and add up.


# %%
def correlate1d(x, w):
    """Slide w along x without turning it; return the n - f + 1 sums of products.

    x: n numbers, w: f numbers, n >= f. Returns an array of n - f + 1 numbers.
    """
    n, f = len(x), len(w)
    result = np.zeros(n - f + 1)
    ### solution
    for place in range(n - f + 1):
        for a in range(f):
            result[place] = result[place] + x[place + a] * w[a]
    return result
    ### stub
    for place in range(n - f + 1):
        # add up x[...] * w[...] over the f weights, and put the sum into result[place]
        raise NotImplementedError
    return result
    ### end


# %%
check("correlate1d", correlate1d)

# %% [markdown]
# ## 3 · `convolve1d`: turn, then slide
#
# The convolution of mathematics: the first weight meets the *newest* reading of the window. You may
# write new loops, or find out how to use the function that you already have.


# %%
def convolve1d(x, w):
    """True convolution of x and w, the valid part.

    x: n numbers, w: f numbers, n >= f. Returns an array of n - f + 1 numbers.
    """
    ### solution
    return correlate1d(x, w[::-1])
    ### stub
    raise NotImplementedError
    ### end


# %%
check("convolve1d", convolve1d)

# %% [markdown]
# ## 4 · Use it: when did the price fall fastest?
#
# The share price of the lesson jumps up and down every day. When did it really rise or fall
# fastest? Here is a kernel that asks: 21 times -1, then 21 times 1, divided by 21. Slid along
# **without** a turn, it computes *the average of the next month minus the average of the last
# month*. The cell below does it with **your** functions: `convolve1d` smooths, `correlate1d` looks
# for the change. It waits until both checks pass.

# %%
from matplotlib import cbook

prices = cbook.get_sample_data("goog.npz")["price_data"]["close"]
results = [check("convolve1d", convolve1d), check("correlate1d", correlate1d)]

if all(result.passed for result in results):
    month = np.ones(21) / 21
    smooth = convolve1d(prices, month)
    change = correlate1d(prices, np.concatenate([-month, month]))
    fastest_rise, fastest_fall = int(np.argmax(change)) + 21, int(np.argmin(change)) + 21
    print("fastest rise around trading day", fastest_rise)
    print("fastest fall around trading day", fastest_fall)
    figures.signal(
        [("price", prices), ("average of 21 days", np.arange(20, len(prices)), smooth)],
        xlabel="trading day",
        ylabel="US dollars",
        alt="The share price with its 21-day average, which follows it smoothly and a little late.",
    )
    figures.signal(
        [("next month minus last month", np.arange(21, 21 + len(change)), change)],
        xlabel="trading day",
        ylabel="US dollars",
        alt="A calm line that is above zero while the price rises and below zero while it falls, "
        "with its lowest point where the price falls fastest.",
    )
else:
    print("these pictures wait until both checks pass")

# %% [markdown]
# ## 5 · To think about (no points)
#
# Smooth over 21 days, then take differences with the kernel `1 -1` (today minus yesterday): two
# convolutions in a row. Could **one** kernel do both jobs? Try to guess its 22 weights, then test
# your guess on the share price, with your own functions.
#
# <details>
# <summary>Answer (after you have guessed)</summary>
#
# Yes: convolve one kernel with the other. The first of the 22 weights is 1/21, the last is -1/21,
# and the twenty between them are zero: "the average of 21 days, minus the same average a day
# earlier" is only "today minus 21 days ago", divided by 21. All the days in between cancel.
#
# </details>

# %% tags=["solution"]
both = np.convolve(np.ones(21) / 21, [1, -1])  # a kernel convolved with a kernel
print("first and last weight:", round(both[0], 3), round(both[-1], 3))
print("the rest are zero:", bool(np.allclose(both[1:-1], 0)))
two_steps = convolve1d(convolve1d(prices, np.ones(21) / 21), [1, -1])
assert np.allclose(convolve1d(prices, both), two_steps)

# ---
# jupyter:
#   coursekit:
#     lesson: "02"
#     title: Convolution in one dimension
#     topics: [T026, T027, T028, T029, T030, T094]
#     minutes: 55
#     datasets: []
# ---

# %% [markdown]
# # 02 · Convolution in one dimension
#
# **How does a sliding weighted average clean a noisy signal?**
#
# After this lesson you can
#
# - smooth a list of numbers by hand, with pencil and paper,
# - read the formula of a one-dimensional convolution, and say what each letter in it does,
# - say what "flipping the kernel" means, and why libraries leave it out,
# - tell a weighted *sum* from a weighted *average*, and say when the difference hurts.
#
# **Time:** about 55 minutes. **Before this:** [01 Images are arrays](01_images.ipynb). You need
# Python lists and loops, and school algebra. Nothing else.

# %% [markdown]
# ## See it: a ship you cannot see clearly
#
# A spaceship drifts through space. Once a second a laser sensor reports its position: $x_0$, $x_1$,
# $x_2$, and so on. The sensor is noisy: every report is a little wrong, sometimes too high,
# sometimes too low.
#
# Below, the dots are the reports. The dashed line is where the ship really was, which the sensor
# never tells us. The solid line was computed **from the dots alone**.

# %%
import numpy as np

from coursekit import figures, predict, quiz, reveal

rng = np.random.default_rng(2)  # `default_rng(2)` makes random numbers, the same in every run
seconds = np.arange(120)
truth = 10 + 4 * np.sin(seconds / 25)  # where the ship is
# `rng.normal(0, 1, size=120)`: 120 errors, up and down around 0, mostly smaller than 1
readings = truth + rng.normal(0, 1, size=120)  # what the sensor says

weights = np.array([8, 6, 4, 2, 2, 1, 1]) / 24
smoothed = np.convolve(readings, weights, mode="valid")  # `np.convolve`: what this lesson is about

figures.signal(
    [
        # `seconds[6:]`: from second 6 on, since each value needs six reports before it
        ("computed from the reports", seconds[6:], smoothed),
        ("where the ship was", seconds, truth),
        ("reports of the sensor", seconds, readings),
    ],
    dots=["reports of the sensor"],
    xlabel="seconds",
    ylabel="position",
    alt="Noisy dots scatter around a slow wave. A solid line, computed from the dots alone, "
    "follows the wave far more closely than the dots do.",
)

# %% [markdown]
# How much closer is the solid line? Let us measure the typical error: the average distance from the
# truth.


# %%
def typical_error(line):  # `np.abs` takes the minus signs away
    return np.abs(line - truth[6:]).mean()


print("typical error of the reports:      ", round(typical_error(readings[6:]), 2))
print("typical error of the computed line:", round(typical_error(smoothed), 2))

# %% [markdown]
# More than half of the error is gone, and all we did was multiply and add. This lesson is about
# that one operation. It is the *C* in CNN.
#
# The idea in one sentence: **replace each report by a weighted average of itself and the six
# reports before it.** In an average the errors, some up and some down, partly cancel. (The ship
# moves, so a report from six seconds ago is about another place; that is why old reports get small
# weights here.)

# %% [markdown]
# ## Predict
#
# We compare three sets of seven weights, on the same ship with 200 different noises:
#
# - **the ship's**: 8 for the newest report, then 6, 4, 2, 2, 1, and 1 for the oldest;
# - **equal**: the same weight for each of the seven;
# - **turned round**: 1 for the newest report, ..., 8 for the oldest.
#
# Call two of the three errors *nearly the same* if they differ by less than 0.1, otherwise one is
# *clearly* larger. Which sentence will be true of the typical errors?

# %%
predict(
    "02-three-kernels",
    "The typical error, over 200 noises, will be ...",
    options=[
        "clearly smallest for the ship's, clearly largest for those turned round",
        "clearly smallest for equal weights, nearly the same for the other two",
        "nearly the same for the ship's and equal ones, clearly larger for those turned round",
        "nearly the same for all three",
    ],
)

# %% tags=["reveal"]
sets = {"the ship's": weights, "equal": np.ones(7) / 7, "turned round": weights[::-1]}
errors = {name: [] for name in sets}
for seed in range(200):
    noisy = truth + np.random.default_rng(seed).normal(0, 1, size=120)
    for name, kernel in sets.items():
        errors[name].append(typical_error(np.convolve(noisy, kernel, mode="valid")))
mean = {name: f"{np.mean(values):.2f}" for name, values in errors.items()}
assert mean == {"the ship's": "0.39", "equal": "0.40", "turned round": "0.55"}
reveal(
    "02-three-kernels",
    "nearly the same for the ship's and equal ones, clearly larger for those turned round",
    because="They are " + ", ".join(mean.values()) + ". Equal weights let the errors of all seven "
    "reports cancel, but half of these reports are old, and the ship has moved on since. The "
    "ship's weights rest mostly on the newest three: they come less late, but fewer errors "
    "cancel. Here gain and loss are about the same. Turned round they rest mostly on the OLDEST "
    "three, and lose twice.",
)

# %% [markdown]
# So the exact weights matter little here, and **which end of them meets the newest report** matters
# much. Keep that in mind: it is the one thing about convolution that everybody gets wrong once.

# %% [markdown]
# ## By hand
#
# Take a pencil. Here are eight reports, $x_0$ to $x_7$, and the seven weights as whole numbers,
# numbered by *how long ago* the report came: $w_0$ belongs to the newest report, $w_6$ to the one
# six seconds before it.
#
# | | $x_0$ | $x_1$ | $x_2$ | $x_3$ | $x_4$ | $x_5$ | $x_6$ | $x_7$ |
# |---|---|---|---|---|---|---|---|---|
# | report | 2 | 4 | 4 | 6 | 8 | 8 | 10 | 12 |
# | meets, for $s_6$ | $w_6$ | $w_5$ | $w_4$ | $w_3$ | $w_2$ | $w_1$ | $w_0$ | |
# | weight | 1 | 1 | 2 | 2 | 4 | 6 | 8 | |
#
# Reports are numbered forwards in time, weights **backwards** from now: the two rows of numbers run
# against each other. To get the value $s_6$, start at the newest report, $x_6$, and walk **back**
# through the reports while you walk **forward** through the weights:
#
# $$s_6 = x_6 w_0 + x_5 w_1 + x_4 w_2 + x_3 w_3 + x_2 w_4 + x_1 w_5 + x_0 w_6$$
#
# Seven products and their sum: do it before you run the cell. Then divide by the sum of the
# weights, 24, to get the average.

# %% tags=["paper"]
x = [2, 4, 4, 6, 8, 8, 10, 12]
w = [8, 6, 4, 2, 2, 1, 1]

total = 0
for a in range(7):
    product = x[6 - a] * w[a]
    total = total + product
    print(f"x[{6 - a}] * w[{a}]  =  {x[6 - a]:2} * {w[a]}  =  {product:2}    sum so far {total:3}")
print("weighted average:", total, "/", sum(w), "=", total / sum(w))

# %% [markdown]
# One second later the window **slides** one place to the right. The weights stay the same, the
# reports under them change: $x_7 = 12$ is now the newest, and $x_0$ drops out. Use your pencil once
# more: what is $s_7$?

# %% tags=["paper", "fold"]
s_7 = 12 * 8 + 10 * 6 + 8 * 4 + 8 * 2 + 6 * 2 + 4 * 1 + 4 * 1
print("s_7 =", s_7, "  average:", round(s_7 / sum(w), 2))

# %% [markdown]
# That is the whole operation: *slide, multiply, add*. As a formula, for a window of seven weights:
#
# $$s_t = \sum_{a=0}^{6} x_{t-a}\, w_a$$
#
# The sign $\sum$ is a capital sigma, a Greek S for *sum*. Read it as a `for` loop: "for each $a$
# from 0 to 6 take the product behind the sign, and add all of them up". The letter $t$ says which
# value we are after. Multiplying two lists pair by pair and adding up, as we do in each place, is
# called their **dot product**.
#
# If we never stop looking back, the sum has no last term: $s_t = \sum_{a=0}^{\infty} x_{t-a}\,
# w_a$, where $\infty$, *infinity*, says "without end". It is written $(x * w)_t$ and called the
# **convolution** of $x$ and $w$. The list $w$ is called the **kernel**, the **filter** or the
# **mask**: three words for the same thing.

# %% [markdown]
# ### Find the slip
#
# Deck 001, *The Convolution Operation - 1D*, prints the formula with a minus sign in the weight's
# index:
#
# $$s_t = \sum_{a=0}^{6} x_{t-a}\, w_{-a}$$
#
# It means the right thing: $w_{-1}$ is "the weight of one second ago", our $w_1$. But suppose you
# type it into Python as it stands, with our list `w`: `x[6 - a] * w[-a]`, summed over `a` from 0
# to 6. Would $s_6$ still be 186? With all seven weights taken from the other end, as in the ship's
# turned round, it would be 102.

# %%
predict(
    "02-typed",
    "What comes out for s_6, typed as printed?",
    options=["186", "102", "another number", "no number, but an error"],
)

# %% tags=["reveal"]
typed = sum(x[6 - a] * w[-a] for a in range(7))
other_end = sum(x[6 - a] * w[6 - a] for a in range(7))
assert (total, other_end, typed) == (186, 102, 144)
reveal(
    "02-typed",
    "another number",
    because=f"It is {typed}. In Python `w[-1]` is the last weight, `w[-2]` the last but one; but "
    "`w[-0]` is `w[0]`, the first. So the newest report still meets its 8, and all the others meet "
    "the weights from the wrong end. No error, no warning.",
)

# %% [markdown]
# Three numbers from the same two lists. **186** is right. **102** is what you get with all weights
# taken from the other end, as the ship's turned round. And 144 is nothing sensible at all.
#
# Keep the first two in mind. 186 is a **convolution**: one list is walked forward while the other
# is walked back. 102 is a **cross-correlation**: both lists are walked in the same direction.

# %% [markdown]
# ## From scratch
#
# Now for every place at once. With $n$ readings and $f$ weights the window fits in $n - f + 1$
# places. (In the example $8 - 7 + 1 = 2$, and we did get two values, $s_6$ and $s_7$.) Results
# where the window hangs over the edge are left out; this is called the **valid** part.
#
# You will write the general function in the exercise. Here is a special case in full: three equal
# weights, the *moving average* of three.


# %%
def average_of_3(x):
    result = np.zeros(len(x) - 2)  # n - 3 + 1 places
    for place in range(len(x) - 2):
        for a in range(3):
            result[place] = result[place] + x[place + a] / 3
    return result


print(average_of_3(x).round(2))

# %% [markdown]
# Two loops: the outer one is "slide", the inner one "multiply and add". NumPy can do it without
# visible loops: `sliding_window_view` lists all windows, one in each row of a table.

# %%
windows = np.lib.stride_tricks.sliding_window_view(x, 3)
print(windows)
assert np.allclose(windows.mean(axis=1), average_of_3(x))
print("the mean of each row is the moving average: yes")

# %% [markdown]
# With equal weights it does not matter at which end we begin. With others it does. The window lists
# its readings oldest first; the kernel lists its weights newest first. To make them meet in the
# right order, one of the two has to be turned round. **That turn is the "flip" of convolution.**
# Leave it out, and you have cross-correlation. `coursekit.scratch`, the course's own library of
# plain NumPy versions, has both:

# %%
from coursekit.scratch import convolve1d, correlate1d

print("convolve1d: ", convolve1d(x, w))
print("correlate1d:", correlate1d(x, w))
assert (convolve1d(x, w)[0], correlate1d(x, w)[0]) == (total, other_end)

# %% [markdown]
# ### Optional: why the formula has an integral in some books
#
# Some books introduce convolution with an integral:
#
# $$(f * g)(t) = \int_{-\infty}^{\infty} f(\tau)\, g(t - \tau)\, d\tau$$
#
# This part is for readers who have met integrals. It is the same recipe for curves instead of
# lists. Turn $g$ round (that is the minus in $t - \tau$), slide it to $t$, multiply, and add up:
# the integral is a sum over ever finer steps. Let us do it with steps of one hundredth, for two
# boxes of width 1 and height 1. You never need calculus in this course.

# %%
step = 1 / 100
box = np.ones(100)  # height 1 from 0 to 1, sampled in 100 places
padded = np.concatenate([np.zeros(99), box, np.zeros(99)])  # the box is 0 everywhere else
sliding_sum = convolve1d(padded, box) * step

figures.signal(
    [("box, slid over a box", np.arange(1, len(sliding_sum) + 1) * step, sliding_sum)],
    xlabel="t",
    ylabel="(f * g)(t)",
    alt="A triangle: it rises in a straight line from 0 to 1 while the boxes slide over each "
    "other, and falls back to 0 as they part.",
)
print("largest value:", sliding_sum.max())

# %% [markdown]
# The boxes overlap a little, then fully (area 1), then a little again: a triangle. A list of
# readings, taken at regular moments, is a *sampled* curve, just as a picture is in [lesson
# 01](01_images.ipynb).

# %% [markdown]
# ## In the framework
#
# Every library has this operation. **They do not agree on the flip.** NumPy's `convolve` turns the
# kernel, as mathematics does. The layers of PyTorch and Keras do not: what they call convolution is
# cross-correlation. For a network this makes no difference, since it *learns* its kernels and would
# simply learn them turned. For you it matters whenever you write a kernel yourself.
#
# Three things in the cell are new. `os.environ` holds settings that libraries read when they are
# imported; `KERAS_BACKEND` among them tells Keras which library shall do its arithmetic, here
# PyTorch. A **tensor** is PyTorch's name for an array. And both libraries take many signals at
# once, each with several *channels*, so they want arrays with three axes; we have one signal with
# one channel, and `None` as an index adds an axis of length 1.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch

signal = np.array(x, dtype="float64")
kernel = np.array(w, dtype="float64")

by_numpy = np.convolve(signal, kernel, mode="valid")
# PyTorch: (signals, channels, length) and (kernels, channels, length)
by_torch = torch.nn.functional.conv1d(
    torch.tensor(signal)[None, None, :], torch.tensor(kernel)[None, None, :]
)
# Keras puts the channels last: (signals, length, channels) and (length, channels, kernels)
by_keras = keras.ops.conv(signal[None, :, None], kernel[:, None, None], padding="valid")

print("numpy.convolve:", by_numpy)
print("torch conv1d:  ", by_torch[0, 0].tolist())
print("keras conv:    ", by_keras[0, :, 0].tolist())
assert np.abs(by_numpy - convolve1d(x, w)).max() < 1e-9
assert np.abs(by_torch[0, 0].numpy() - correlate1d(x, w)).max() < 1e-9
assert np.abs(by_keras[0, :, 0].numpy() - correlate1d(x, w)).max() < 1e-9

# %% [markdown]
# ### On a real series
#
# One-dimensional convolution works on anything that comes one number after the other: sound, share
# prices, heartbeats, temperatures. Here is the closing price of Google's share on 1,047 trading
# days from 2004 to 2008, which comes with Matplotlib, averaged over about a month and about a
# quarter of a year.

# %%
from matplotlib import cbook

prices = cbook.get_sample_data("goog.npz")["price_data"]["close"]
month, quarter = np.ones(21) / 21, np.ones(63) / 63

figures.signal(
    [
        ("closing price", prices),
        ("average of 21 days", np.arange(20, len(prices)), convolve1d(prices, month)),
        ("average of 63 days", np.arange(62, len(prices)), convolve1d(prices, quarter)),
    ],
    xlabel="trading day",
    ylabel="US dollars",
    alt="A jagged share price rises, then falls. The 21-day average is smooth and stays close to "
    "it. The 63-day average is smoother still, and turns visibly later than the price.",
)

# %% [markdown]
# Look at the turning points. The long window is smoother, **and late**: an average of the past 63
# days is really about the middle of that time, 31 days ago. Smoothness is paid for with delay, and
# the ship's weights only strike another bargain. In a window of a quarter the quick ups and downs
# are gone, whether they were noise or news: a filter does not know. **You** choose what to keep by
# choosing the kernel. (Later the network will choose, by learning.)

# %% [markdown]
# ## Play
#
# Drag the window along the signal, or move it with the arrow keys. One line is drawn with the flip,
# one without it.
#
# 1. Choose *Ship: the lesson's 8 reports*, take the tick off *Divide by the sum of the weights*,
#    click into the chart and press Home. In *Numbers of the signal* change the first report from 2
#    to 20, and press Enter. By how much does each of the two sums of the first window grow, and why
#    not by the same?
# 2. Choose *Sound: a low hum and a high whistle*. (One swing of the whistle takes 4 readings, one
#    of the hum 40.) Which kernel of the menu silences the whistle altogether, and why does *Fifteen
#    equal weights* leave a little of it (look closely)?
# 3. Type the weights 0 0 0 0 0 0 1 and press Enter. What do the two lines look like? Then find
#    weights that are not all equal and for which the flip changes nothing.

# %%
from coursekit.widgets import Convolution1dExplorer

Convolution1dExplorer()

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. The first report is the oldest of the window and has grown by 18. With the flip it meets the
#    smallest weight, 1, and the sum grows by 18; without it meets the largest, 8, and the sum grows
#    by 144.
# 2. Four equal weights: four readings are one whole swing of the whistle, whose ups and downs add
#    up to 0. Of fifteen readings twelve are three whole swings and cancel; three are left over.
# 3. Without the flip the line repeats the newest reading of each window, with it the oldest: the
#    signal six readings late. Weights that read the same from both ends, such as 1 2 1.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"I multiply by weights and add up, so I get a weighted average."*
#
# You get a weighted **sum**. It is an average only if the weights add up to 1. And as long as no
# weight is negative, there is a number that gives it away: such an average always lies between the
# smallest and the largest reading.

# %%
window = x[:7]
print("smallest and largest reading:", min(window), "and", max(window))
print("weighted sum:                ", total)
print("weighted average:            ", total / sum(w))
assert np.allclose(convolve1d(x, w) / sum(w), convolve1d(x, np.array(w) / sum(w)))

# %% [markdown]
# The ship is certainly not at position 186. Either divide the result by 24, the sum of the weights,
# or divide the weights by 24 beforehand: the sliding sum is the same either way (the cell checks
# it). With a negative weight the rule breaks: 2 and -1 add up to 1, and make $2 \cdot 10 - 4 = 16$
# out of 10 and 4.

# %% [markdown]
# ## Your turn
#
# Open [the exercise](../exercises/02_convolution_1d.ipynb). You write `convolve1d` and
# `correlate1d`, and the checker tells you at once what went wrong, with the smallest example that
# shows it. The first part is half done for you.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "02-q1",
    "A signal has 100 readings, the kernel 5 weights. How many values has the valid part?",
    [
        (
            "95",
            False,
            "Close. Start with the window at the far left and count: places 0, 1, ..., 95. How "
            "many is that?",
        ),
        ("96", True, "Yes: n - f + 1 = 100 - 5 + 1."),
        (
            "100",
            False,
            "That would need the window to hang over the edge in some places. The valid part "
            "leaves those out.",
        ),
        (
            "104",
            False,
            "That counts every place where the window touches the signal at all, the so-called "
            "full part.",
        ),
    ],
)

# %%
quiz(
    "02-q2",
    "What does the flip do?",
    [
        (
            "It turns the signal round, so that the result comes out backwards in time.",
            False,
            "The result keeps its order: s_6 still comes before s_7. Only the kernel is turned.",
        ),
        (
            "It lets the first weight meet the newest reading of the window.",
            True,
            "Yes. The window lists readings oldest first; turning the kernel lets w_0 meet the "
            "newest.",
        ),
        (
            "It changes the signs of the weights, as in a subtraction.",
            False,
            "No weight changes its value. They only swap places.",
        ),
        (
            "It divides by the sum of the weights, so that the result is an average.",
            False,
            "That is the business of the sum of the weights, whatever their order.",
        ),
    ],
)

# %%
quiz(
    "02-q3",
    "The kernel 2, 2, 2 is slid over a signal of tens: 10, 10, 10, 10. What comes out (valid "
    "part)?",
    [
        ("10, 10", False, "That needs weights that add up to 1. These add up to 6."),
        (
            "60, 60",
            True,
            "Yes: 2*10 + 2*10 + 2*10 = 60, in two places. Divide by 6 to get the average.",
        ),
        ("20, 20", False, "Each output adds up three products, not one."),
        ("60, 60, 60, 60", False, "The value is right. Count the places: 4 - 3 + 1 = 2."),
    ],
)

# %%
quiz(
    "02-q4",
    "For which kernels do convolution and cross-correlation give the same result on every signal?",
    [
        (
            "For none: the flip always changes something.",
            False,
            "Try 1, 2, 1. Turn it round. What has changed?",
        ),
        (
            "For kernels whose weights are positive and add up to 1.",
            False,
            "Try 1, 0, 0: it adds up to 1, and turned round it picks a different reading.",
        ),
        (
            "For kernels that read the same from both ends.",
            True,
            "Yes: 1, 2, 1 or 3, 0, 3 are the same after the turn.",
        ),
        (
            "For kernels with at most two weights.",
            False,
            "Length does not matter: 1, 0 is short and changes; 1, 2, 3, 2, 1 is longer and does "
            "not.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Slide the kernel along the signal; in each place multiply and add. That is all.
# 2. Convolution turns the kernel first; cross-correlation does not. Libraries for networks do not
#    turn it, and still say "convolution".
# 3. $n$ readings and $f$ weights give $n - f + 1$ values in the valid part.
# 4. It is an average only if the weights add up to 1.
# 5. A longer window is smoother and later. The kernel decides what counts as noise.

# %% [markdown]
# ## Words
#
# - **Signal**: numbers in order, one after the other, such as readings over time.
# - **Kernel**, **filter**, **mask**: the short list of weights that slides along.
# - **Window**: the readings under the kernel right now.
# - **Dot product**: the sum of the products of two lists, pair by pair.
# - **Convolution**: the sliding sum of products with the kernel turned round.
# - **Cross-correlation**: the sliding sum of products without the turn.
# - **Valid part**: the places where the whole window lies on the signal.

# %% [markdown]
# ## Further reading
#
# - A. Savitzky and M. J. E. Golay, *Smoothing and differentiation of data by simplified least
#   squares procedures*, Analytical Chemistry, 1964: weights that smooth without flattening peaks.
# - A. van den Oord and others, *WaveNet: a generative model for raw audio*, arXiv, 2016: stacks of
#   one-dimensional convolutions that speak.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press, 2016, chapter 9:
#   convolution, flipped and not.
#
# The spaceship and its formula come from deck 001, *The Convolution Operation - 1D*, which adapts
# them from the course CS7015 of IIT Madras; the integral is from deck 002, *Step 1 - Convolution*.
# The numbers of the hand calculation are ours: the decks have theirs only in pictures. **Next:**
# [03 Convolution in two dimensions](03_convolution_2d.ipynb).

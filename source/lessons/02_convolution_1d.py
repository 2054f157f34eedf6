# ---
# jupyter:
#   coursekit:
#     lesson: "02"
#     title: Convolution in one dimension
#     topics: [T026, T027, T028, T029, T030, T094]
#     minutes: 45
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
# - write a one-dimensional convolution in a few lines of Python,
# - say what "flipping the kernel" means, and why libraries leave it out,
# - tell a weighted *sum* from a weighted *average*, and say when the difference hurts.
#
# **Time:** about 45 minutes. **Before this:** [01 Images are arrays](01_images.ipynb). You need
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

rng = np.random.default_rng(2)
seconds = np.arange(120)
truth = 10 + 4 * np.sin(seconds / 25)  # where the ship is
readings = truth + rng.normal(0, 1, size=120)  # what the sensor says

weights = np.array([8, 6, 4, 2, 2, 1, 1])
smoothed = np.convolve(readings, weights / weights.sum(), mode="valid")

figures.signal(
    [
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
error_before = np.abs(readings - truth)[6:].mean()
error_after = np.abs(smoothed - truth[6:]).mean()
print("typical error of the reports:       ", round(error_before, 2))
print("typical error of the computed line: ", round(error_after, 2))

# %% [markdown]
# About half the noise is gone, and all we did was add and multiply. This lesson is about that one
# operation. It is the *C* in CNN.
#
# The idea in one sentence: **replace each report by a weighted average of itself and the reports
# just before it, and let recent reports count more.** Averaging lets the errors cancel. Recent
# reports count more because the ship moves: where it was six seconds ago says less about where it
# is now.

# %% [markdown]
# ## Predict
#
# Here are seven reports, and seven weights. The newest report gets the largest weight, the oldest
# the smallest:
#
# | | 6 s ago | 5 s ago | 4 s ago | 3 s ago | 2 s ago | 1 s ago | now |
# |---|---|---|---|---|---|---|---|
# | report | 2 | 4 | 4 | 6 | 8 | 8 | 10 |
# | weight | 1 | 1 | 2 | 2 | 4 | 6 | 8 |
#
# The plain average of the seven reports is 6. Do not calculate: where will the **weighted** average
# be?

# %%
predict(
    "02-average",
    "The weighted average of these seven reports will be ...",
    options=[
        "below 6",
        "exactly 6, like the plain average",
        "between 6 and 10",
        "above 10",
    ],
)

# %% tags=["reveal"]
reports = [2, 4, 4, 6, 8, 8, 10]  # oldest first
counts = [1, 1, 2, 2, 4, 6, 8]
weighted_sum = sum(r * c for r, c in zip(reports, counts))
reveal(
    "02-average",
    "between 6 and 10",
    because=f"It comes out as {weighted_sum / sum(counts)}. The large weights sit on the recent, "
    "large reports and pull the average towards them. It cannot pass 10: no average is "
    "larger than the largest number in it.",
)

# %% [markdown]
# ## By hand
#
# Take a pencil. Here are eight reports, $x_0$ to $x_7$, and the seven weights again, this time
# numbered by *how long ago* the report came: $w_0$ belongs to the newest report, $w_6$ to the one
# six seconds before it.
#
# | | $x_0$ | $x_1$ | $x_2$ | $x_3$ | $x_4$ | $x_5$ | $x_6$ | $x_7$ |
# |---|---|---|---|---|---|---|---|---|
# | report | 2 | 4 | 4 | 6 | 8 | 8 | 10 | 12 |
# | meets, for $s_6$ | $w_6$ | $w_5$ | $w_4$ | $w_3$ | $w_2$ | $w_1$ | $w_0$ | |
# | weight | 1 | 1 | 2 | 2 | 4 | 6 | 8 | |
#
# Reports are numbered forwards in time, weights **backwards** from now. Mind this: the two rows of
# numbers run against each other.
#
# To get the value $s_6$, start at the newest report, $x_6$, and walk **back** through the reports
# while you walk **forward** through the weights:
#
# $$s_6 = x_6 w_0 + x_5 w_1 + x_4 w_2 + x_3 w_3 + x_2 w_4 + x_1 w_5 + x_0 w_6$$
#
# Seven products and their sum. Do it on paper before you run the next cell. (On paper you get the
# weighted *sum*; divide by the sum of the weights, 24, to get the average.)

# %% tags=["paper"]
x = [2, 4, 4, 6, 8, 8, 10, 12]
w = [8, 6, 4, 2, 2, 1, 1]

t = 6
total = 0
for a in range(7):
    product = x[t - a] * w[a]
    total = total + product
    print(f"x[{t - a}] * w[{a}]  =  {x[t - a]:2} * {w[a]}  =  {product:2}    sum so far {total:3}")
print("weights add up to", sum(w))
print("weighted average:", total, "/", sum(w), "=", total / sum(w))

# %% [markdown]
# One second later the window **slides** one place to the right. The weights stay the same, the
# reports under them change: $x_7 = 12$ is now the newest, and $x_0$ drops out. What is $s_7$? Use
# your pencil once more.

# %% tags=["paper"]
t = 7
s_7 = sum(x[t - a] * w[a] for a in range(7))
print("s_7 =", s_7, "  average:", round(s_7 / sum(w), 2))

# %% [markdown]
# That is the whole operation: *slide, multiply, add*. In one formula, for a window of seven
# weights:
#
# $$s_t = \sum_{a=0}^{6} x_{t-a}\, w_a$$
#
# If we never stop looking back, the sum has no last term, $s_t = \sum_{a=0}^{\infty} x_{t-a}\,
# w_a$. It is written $(x * w)_t$ and called the **convolution** of $x$ and $w$. The list $w$ is
# called the **kernel**, the **filter** or the **mask**: three words for the same thing.
#
# Deck 001 calls this a sum of "element-wise dot products". It is a sum of element-wise *products*:
# the whole sum is one dot product.

# %% [markdown]
# ### Find the slip
#
# Deck 001, *The Convolution Operation - 1D*, prints the formula with a minus sign in the weight's
# index:
#
# $$s_t = \sum_{a=0}^{6} x_{t-a}\, w_{-a}$$
#
# The deck means it like this: $w_{-a}$ is the weight of the report $a$ steps before $t$. So its
# $w_{-1}$ is our $w_1$. That is a fair way to write it, but it sets a trap. Somebody who reads a
# minus sign as "count from the other end" pairs the weights the wrong way round.
#
# **Before you run the cell:** here are two pairings. In which of them does the newest report, 10,
# meet the largest weight, 8?

# %% tags=["paper"]
pairing_a = sum(x[6 - a] * w[a] for a in range(7))
pairing_b = sum(x[6 - a] * w[6 - a] for a in range(7))
print("pairing A:", pairing_a)
print("pairing B:", pairing_b)

# %% [markdown]
# **186** (pairing A) is what the story asks for: recent reports count more. The other pairing, 102,
# gives the largest weight to the oldest report.
#
# Keep both numbers in mind. 186 is a **convolution**: one list is walked forward while the other is
# walked back. 102 is a **cross-correlation**: both lists are walked in the same direction. They are
# the same sliding sum, with the kernel turned round. The text of the slide also gives the equation
# twice, once as a formula and once as a description of its picture: it is one equation.

# %% [markdown]
# ## From scratch
#
# Now for every position at once. With $n$ readings and $f$ weights the window fits in $n - f + 1$
# places. (Count them for the example: $8 - 7 + 1 = 2$, and we did get two values, $s_6$ and $s_7$.)
# Results where the window hangs over the edge are left out; this is called the **valid** part.


# %%
def convolve(x, w):
    n, f = len(x), len(w)
    s = np.zeros(n - f + 1)
    for place in range(n - f + 1):
        newest = place + f - 1  # the last reading under the window
        for a in range(f):
            s[place] = s[place] + x[newest - a] * w[a]
    return s


print(convolve(x, w))

# %% [markdown]
# The window at `place` covers `x[place]` to `x[place + f - 1]`, and the last of these is the
# newest.
#
# Two loops. The inner one is "multiply and add", the outer one is "slide". NumPy can do the same
# without visible loops: look at all windows at once, as the rows of a table, and multiply that
# table by the **turned** kernel.

# %%
windows = np.lib.stride_tricks.sliding_window_view(x, 7)
print("windows, one in each row:")
print(windows)
print("kernel, turned round:", np.array(w)[::-1])
print("products summed:", windows @ np.array(w)[::-1])


def convolve_fast(x, w):
    return np.lib.stride_tricks.sliding_window_view(x, len(w)) @ np.asarray(w)[::-1]


assert np.array_equal(convolve(x, w), convolve_fast(x, w))
assert np.allclose(convolve(readings, weights), convolve_fast(readings, weights))
print("loops and table agree")

# %% [markdown]
# Why turned? The window lists its readings oldest first; the kernel lists its weights newest first.
# To make them meet in the right order, one of the two has to be turned round. **That turn is the
# "flip" of convolution.** Leave it out, and you have cross-correlation. `coursekit.scratch`, the
# course's own library of plain NumPy versions, has both:

# %%
from coursekit.scratch import convolve1d, correlate1d

print("convolve1d: ", convolve1d(x, w))
print("correlate1d:", correlate1d(x, w))
print("correlate1d with the kernel turned by hand:", correlate1d(x, w[::-1]))
assert (convolve1d(x, w)[0], correlate1d(x, w)[0]) == (pairing_a, pairing_b) == (186, 102)

# %% [markdown]
# ### Optional: why the formula has an integral in some books
#
# Deck 002 introduces convolution with an integral:
#
# $$(f * g)(t) = \int_{-\infty}^{\infty} f(\tau)\, g(t - \tau)\, d\tau$$
#
# This part is for readers who have met integrals; skip it if you have not. It is the same recipe
# for curves instead of lists. Turn $g$ round (that is the minus in $t - \tau$), slide it to $t$,
# multiply, and add up: the integral is a sum over ever finer steps. Let us do it with steps of one
# hundredth, for two boxes of width 1 and height 1. You never need calculus in this course.

# %%
step = 1 / 100
box = np.ones(100)  # height 1 from 0 to 1, sampled in 100 places
padded = np.pad(box, 99)  # the box is 0 everywhere else
sliding_sum = convolve1d(padded, box) * step

figures.signal(
    [("box, slid over a box", np.arange(1, len(sliding_sum) + 1) * step, sliding_sum)],
    xlabel="t",
    ylabel="(f * g)(t)",
    alt="A triangle: it rises in a straight line from 0 to 1 while the boxes slide over each "
    "other, and falls back to 0 as they part.",
)
print("largest value:", sliding_sum.max(), "at t =", (sliding_sum.argmax() + 1) * step)

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

# %%
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import torch

signal = np.array(x, dtype="float64")
kernel = np.array(w, dtype="float64")

by_numpy = np.convolve(signal, kernel, mode="valid")
# PyTorch takes many signals at once, each with several channels, through several kernels: it wants
# (signals, channels, length) and (kernels, channels, kernel size). We have one of each, and None
# adds an axis of length 1.
by_torch = torch.nn.functional.conv1d(
    torch.tensor(signal)[None, None, :], torch.tensor(kernel)[None, None, :]
)[0, 0].numpy()
# Keras puts the channels last: (signals, length, channels) and (kernel size, channels, kernels)
by_keras = keras.ops.convert_to_numpy(
    keras.ops.conv(signal[None, :, None], kernel[:, None, None], padding="valid")
)[0, :, 0]

print("numpy.convolve:", by_numpy)
print("torch conv1d:  ", by_torch)
print("keras conv:    ", by_keras)

assert np.abs(by_numpy - convolve1d(x, w)).max() < 1e-9
assert np.abs(by_torch - correlate1d(x, w)).max() < 1e-9
assert np.abs(by_keras - correlate1d(x, w)).max() < 1e-9
print("numpy turns the kernel, torch and keras do not; all agree with ours to 9 decimals")

# %% [markdown]
# ### On real series
#
# One-dimensional convolution works on anything that comes one number after the other: sound, share
# prices, heartbeats, temperatures. Here are two real ones, which come with Matplotlib: the closing
# price of Google's share on 1,047 trading days from 2004 to 2008, and four seconds of an
# electroencephalogram (EEG), voltages measured on a person's scalp.

# %%
from matplotlib import cbook

prices = cbook.get_sample_data("goog.npz")["price_data"]["close"]
month = np.ones(21) / 21  # about 21 trading days; equal weights that add up to 1
quarter = np.ones(63) / 63
print("days:", len(prices), " with a window of 21:", len(convolve1d(prices, month)))

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
# days is really about the middle of that time, 31 days ago. Smoothness is paid for with delay.
# There is no window that escapes this; the ship's weights, which prefer recent reports, only choose
# a better bargain.

# %%
voltage = np.fromfile(cbook.get_sample_data("eeg.dat", asfileobj=False)).reshape(800, 4)[:320, 0]
time = np.arange(320) / 80  # 80 measurements a second
kernel_5 = np.ones(5) / 5
kernel_25 = np.ones(25) / 25

figures.signal(
    [
        ("measured", time, voltage),
        ("average of 5", time[4:], convolve1d(voltage, kernel_5)),
        ("average of 25", time[24:], convolve1d(voltage, kernel_25)),
    ],
    xlabel="seconds",
    ylabel="voltage",
    alt="A fast, jagged brain wave. The average of 5 samples keeps its larger swings and drops "
    "the finest jitter. The average of 25 samples keeps only slow swings, and they come late.",
)

# %% [markdown]
# In the EEG the quick waves *are* the message. A window of 25 throws them away with the noise. A
# filter does not know what is noise: **you** choose what to keep by choosing the kernel. (Later the
# network will choose, by learning.)

# %% [markdown]
# ## Play
#
# The explorer below is made for pictures, but a signal is a picture with one row. Its kernel is the
# ship's, as whole numbers. Things to try:
#
# 1. Walk over the outputs with the arrow keys (or the mouse) and read the products. Find 186.
# 2. Switch **flip** off. Which number appears instead, and where have you met it?
# 3. Change the kernel to `0 0 0 0 0 0 1`, with flip on and then off. One of them repeats an old
#    reading, one the newest.

# %%
from coursekit.widgets import ConvolutionExplorer

ConvolutionExplorer(input=[x], kernel=[w], flip=True)

# %% [markdown]
# ## A mistake people make
#
# > *"I multiply by weights and add up, so I get a weighted average."*
#
# You get a weighted **sum**. It is an average only if the weights add up to 1. The number that
# gives it away: an average always lies between the smallest and the largest reading.

# %%
window = x[:7]
print("smallest and largest reading:", min(window), "and", max(window))
print("weighted sum:                ", pairing_a)
print("weighted average:            ", pairing_a / sum(w))
assert pairing_a > max(window)
assert min(window) <= pairing_a / sum(w) <= max(window)

# %% [markdown]
# The ship is certainly not at position 186. Either divide the result by 24, the sum of the weights,
# or divide the weights by 24 beforehand: the sliding sum is the same either way, since it only
# multiplies and adds.

# %%
assert np.allclose(convolve1d(x, w) / sum(w), convolve1d(x, np.array(w) / sum(w)))
print("dividing before or after gives the same:", np.round(convolve1d(x, w) / sum(w), 2))

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
            "It turns the signal round, so that the result comes out backwards.",
            False,
            "The result keeps its order: s_6 still comes before s_7. Only the kernel is turned.",
        ),
        (
            "It makes the first weight of the kernel meet the newest reading of the window.",
            True,
            "Yes. The window lists readings oldest first; turning the kernel lets w_0 meet the "
            "newest.",
        ),
        (
            "It changes the signs of the weights.",
            False,
            "No weight changes its value. They only swap places.",
        ),
        (
            "It makes the result an average.",
            False,
            "That is the business of the sum of the weights, whatever their order.",
        ),
    ],
)

# %%
quiz(
    "02-q3",
    "The kernel 2, 2, 2 is slid over a signal of tens: 10, 10, 10, 10. What comes out?",
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
            "For kernels whose weights add up to 1.",
            False,
            "Try 1, 0, 0: it adds up to 1, and turned round it picks a different reading.",
        ),
        (
            "For kernels that read the same from both ends.",
            True,
            "Yes: 1, 2, 1 or 3, 0, 3 are the same after the turn.",
        ),
        (
            "For short kernels only.",
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
# - **Convolution**: the sliding sum of products with the kernel turned round.
# - **Cross-correlation**: the same without the turn.
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
# The spaceship and its formula come from deck 001, which adapts them from the course CS7015 of IIT
# Madras; the integral is from deck 002. The numbers of the hand calculation are ours: the decks
# have theirs only in pictures. **Next:** [03 Convolution in two
# dimensions](03_convolution_2d.ipynb).

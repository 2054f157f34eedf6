# ---
# jupyter:
#   coursekit:
#     lesson: "09"
#     title: "Exercise: softmax and cross-entropy"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 09 · Exercise: softmax and cross-entropy
#
# You will write `flatten`, `softmax`, `cross_entropy` and `classification_error`: the end of every
# network in this course. The lesson priced one picture at a time; yours handle a whole table of
# them, and scores of any size. `check(...)` tells you what went wrong, with the smallest example it
# can find; `hint("softmax")` in a new cell helps, three times.
#
# Lesson: [09 Softmax and cross-entropy](../lessons/09_softmax_and_cross_entropy.ipynb). Points: 8
# (1 for `flatten`, 3 for `softmax`, 3 for `cross_entropy`, 1 for `classification_error`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# Three pictures, three classes; in each row the true class is the first. The price of the first row
# is done: the true class was given 0.5, so it costs $-\ln 0.5 = 0.693$. Replace the two `None`.
# (You need no calculator: $-\ln 0.25 = 1.386$, and the third is a gift.)

# %%
answers = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [1.0, 0.0, 0.0]])
figures.grids([("answers", answers)], operators=())

first_price = 0.693
### solution
second_price = 1.386  # the true class is the first: it was given 0.25
third_price = 0.0  # -ln 1: right with certainty is free
### stub
second_price = None
third_price = None
### end

# %% tags=["fold"]
for name, value, share in [("second", second_price, 0.25), ("third", third_price, 1.0)]:
    if value is None:
        print(f"{name} price: not attempted yet")
    else:
        good = abs(value + np.log(share)) < 0.001
        print(f"{name} price: {value}", "is right" if good else "is not right yet")

# %% [markdown]
# ## 2 · `flatten`: all maps in one row
#
# The maps have three axes, (C, H, W). The result has one: the first map row by row, then the second
# map, and so on. Give a copy: whoever changes the row must not change the maps.


# %%
def flatten(maps):
    """All numbers of the maps in one row, map by map and row by row, as a copy.

    maps: (C, H, W). Returns (C * H * W,).
    """
    ### solution
    return maps.reshape(-1).copy()
    ### stub
    raise NotImplementedError
    ### end


# %%
check("flatten", flatten)

# %% [markdown]
# ## 3 · `softmax`: shares that never overflow
#
# Over the **last axis**: for one row of scores, (k,), and for a table with a row for each picture,
# (n, k). Scores up to 10,000 in size, positive or negative, must work without a warning. The lesson
# left you a question: which number can be taken off, so that no power overflows, whatever the
# scores are? `axis=-1` means the last axis, and `keepdims=True` leaves an axis of length 1 where
# NumPy would drop it, so that the result still lines up with the table:

# %%
table = np.array([[1, 2, 3], [10, 20, 30]])
print(table.sum(axis=-1).shape, table.sum(axis=-1, keepdims=True).shape)


# %%
def softmax(z):
    """e^z_j / sum of e^z_k over the last axis, without overflow.

    z: (k,) or (n, k). Returns floats of the same shape; each row adds up to 1.
    """
    ### solution
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### stub
    raise NotImplementedError
    ### end


# %%
check("softmax", softmax)

# %% [markdown]
# ## 4 · `cross_entropy`: the mean price
#
# `p` is the truth and `q` the network's answers, a row for each picture. Each row costs $-\sum_j
# p_j \ln q_j$; return the **mean over the rows**. Two things to mind: $0 \ln 0$ counts as 0 (NumPy
# says `nan`; but a *true* class that was given 0 costs infinitely much), and `p` need not be
# one-hot: a picture may be half dog, half cat.


# %%
def cross_entropy(p, q):
    """Mean over rows of -sum p ln q, with 0 ln 0 = 0.

    p: (n, k) true, q: (n, k) predicted. Returns a number.
    """
    ### solution
    logarithms = np.zeros(q.shape)
    logarithms[p > 0] = np.log(q[p > 0])  # where p is 0 nothing is paid
    return -(p * logarithms).sum(axis=1).mean()
    ### stub
    # price of each row, then their mean
    raise NotImplementedError
    ### end


# %%
check("cross_entropy", cross_entropy)

# %% [markdown]
# ## 5 · `classification_error`: the share of mistakes
#
# A row is a mistake where the largest entry of `q` stands at another place than that of `p`.
# `np.argmax` finds the place of the largest entry (of several equal ones the first).


# %%
def classification_error(p, q):
    """Share of rows whose largest entries stand at different places.

    p, q: (n, k). Returns a number from 0 to 1.
    """
    ### solution
    return np.mean(p.argmax(axis=1) != q.argmax(axis=1))
    ### stub
    raise NotImplementedError
    ### end


# %%
check("classification_error", classification_error)

# %% [markdown]
# ## 6 · Use it: how sure should a classifier be?
#
# A simple classifier has learned handwritten digits (8 by 8 pixels, they come with scikit-learn)
# and gives ten scores to each of 898 digits that it has not seen. Multiply all its scores by a
# number: **the same digits come first**, so the error cannot change. But the shares do, and so does
# the loss. The cell waits until your functions are right. Where is the loss smallest: is this
# classifier too sure of itself, or not sure enough?

# %%
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier

functions = [
    ("softmax", softmax),
    ("cross_entropy", cross_entropy),
    ("classification_error", classification_error),
]
results = [check(name, function) for name, function in functions]
if all(result.passed for result in results):
    digits = load_digits()
    x, y = digits.data / 16, digits.target
    scores = RidgeClassifier().fit(x[::2], y[::2]).decision_function(x[1::2])
    truth = np.eye(10)[y[1::2]]  # row y of the identity matrix: one-hot
    factors = np.array([0.5, 1, 2, 4, 6, 8, 12, 16, 24, 32])
    losses = [cross_entropy(truth, softmax(scores * factor)) for factor in factors]
    errors = [classification_error(truth, softmax(scores * factor)) for factor in factors]
    figures.signal(
        [("loss", factors, losses), ("error", factors, errors)],
        xlabel="all scores multiplied by",
        alt="The error is the same for every factor. The loss falls steeply at first, is smallest "
        "in the middle, and rises again slowly.",
    )
    best = factors[int(np.argmin(losses))]
    print("the error is the same for every factor:", "yes" if len(set(errors)) == 1 else "no")
    print("the classifier as it is was:", "not sure enough" if best > 1 else "too sure")
else:
    print("this picture waits until all three checks pass")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Not sure enough: multiplied by something larger than 1 its scores give a smaller loss, with the
# same mistakes. Multiplied by too much they give a larger one again, since every mistake becomes a
# sure mistake.
#
# </details>

# %% [markdown]
# ## 7 · To think about (no points)
#
# Two networks answer the same pictures. Is the cross-entropy of the *mean* of their answers ever
# larger than the mean of their two cross-entropies? Try it with random answers. (The solutions have
# an answer.)

# %% tags=["solution"]
rng = np.random.default_rng(0)
larger = 0
for trial in range(1000):
    one, other = softmax(rng.normal(size=(2, 5, 3)))
    wanted = np.eye(3)[rng.integers(0, 3, size=5)]
    together = cross_entropy(wanted, (one + other) / 2)
    larger += together > (cross_entropy(wanted, one) + cross_entropy(wanted, other)) / 2
print("larger in", int(larger), "of 1000 trials")

# %% [markdown] tags=["solution"]
# Never. The curve of $-\ln q$ bends upwards everywhere, so at the mean of two points it lies below
# the mean of their heights. This is why people average the answers of several networks (an
# *ensemble*).

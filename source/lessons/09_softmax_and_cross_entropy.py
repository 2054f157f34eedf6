# ---
# jupyter:
#   coursekit:
#     lesson: "09"
#     title: Softmax and cross-entropy
#     topics: [T093, T102, T103, T104, T105, T106, T107, T108, T112, T128]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 09 · Softmax and cross-entropy
#
# **How do maps become class probabilities, and what does a wrong answer cost?**
#
# After this lesson you can
#
# - follow a picture by hand from its pixels through convolution, pooling, flattening and full
#   connection to two scores,
# - turn scores into probabilities, and say what the probabilities do *not* tell about the scores,
# - price an answer with cross-entropy, and say which logarithm and which average a printed loss
#   used,
# - explain why two networks that make equally many mistakes are not equally good,
# - say how strongly a loss pulls at each score: predicted less true,
# - keep a softmax from overflowing.
#
# **Time:** about 60 minutes. **Before this:** [08 ReLU and pooling](08_relu_and_pooling.ipynb).
# School mathematics you need: powers of $e = 2.718...$ and the natural logarithm $\ln$, which
# undoes them: $\ln e^x = x$. Four facts will do: $e^{a+b} = e^a e^b$; $\ln(a/b) = \ln a - \ln b$;
# $\ln 1 = 0$; and below 1 the logarithm is negative.

# %% [markdown]
# ## See it: same number of mistakes
#
# Two networks look at three pictures: a dog, a cat, and another dog. Each says how likely it thinks
# a dog (first column) and a cat (second column). A row is a picture, and its two numbers add up
# to 1.

# %%
import numpy as np

from coursekit import figures, predict, quiz, reveal

truth = np.array([[1, 0], [0, 1], [1, 0]])  # dog, cat, dog
nn1 = np.array([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]])
nn2 = np.array([[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]])
figures.grids(
    [("truth", truth), ("network 1", nn1), ("network 2", nn2)],
    operators=("", ""),
    highlight={1: [(2, 1)], 2: [(2, 1)]},
)

# %% [markdown]
# Both take the first two pictures for what they are. Both take the last dog for a cat (outlined).
# One mistake of three: the **classification error** is 1/3 for both, the accuracy 2/3. Yet you
# would not trust them equally. Network 1 was sure where it was right and hesitated where it was
# wrong; network 2 hesitated where it was right and was *sure* where it was wrong. We want a number
# that sees this.

# %% [markdown]
# ## Predict
#
# Such a number is the **cross-entropy loss**; small is good. A third network comes along. It is
# right on all three pictures, but never sure: it gives the true class 0.51 each time.

# %%
nn3 = np.array([[0.51, 0.49], [0.49, 0.51], [0.51, 0.49]])
predict(
    "09-barely",
    "Network 1 makes one mistake, network 3 makes none. Which has the smaller cross-entropy loss?",
    options=[
        "network 3: it makes no mistake",
        "network 1: two sure answers outweigh one hesitant mistake",
        "they are equal: the mistake and the hesitation cancel",
    ],
)

# %% tags=["reveal"]
from coursekit.scratch import classification_error, cross_entropy, cross_entropy_rows

assert cross_entropy(truth, nn1) < cross_entropy(truth, nn3)
reveal(
    "09-barely",
    "network 1: two sure answers outweigh one hesitant mistake",
    because="Each of network 3's answers costs nearly as much as tossing a coin would. The price "
    "list comes below.",
)

# %% [markdown]
# ## By hand
#
# ### From pixels to nine numbers
#
# First the way to such an answer. Here is the whole network on the face of lesson 03: slide the
# detector, pool with 2 by 2 windows and stride 2 (windows that hang over the border count, as in
# lesson 08), then **flatten**: write the map into one row, row by row. What are the nine numbers?

# %% tags=["fold"]
from coursekit.scratch import conv2d, flatten, max_pool2d

face = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 1, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ]
)
detector = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 1]])
face_map = conv2d(face, detector)
figures.grids(
    [("image", face), ("detector", detector), ("feature map", face_map)], operators=("*", "=")
)

# %% tags=["paper"]
pooled = max_pool2d(face_map, 2, ceil_mode=True)
inputs = flatten(pooled)
figures.grids([("pooled", pooled), ("flattened", inputs[None, :])], operators=("->",))

# %% [markdown]
# (`inputs[None, :]` makes a grid of one row out of the nine numbers, only to draw it.) Flattening
# computes nothing. It forgets which number was below which: from here on the network no longer
# knows about rows and columns.
#
# ### Full connection: one score for each class
#
# The nine numbers go into a **dense** (fully connected) layer, as in lesson 01: every class has
# nine weights and one bias of its own, and its **score** is the sum of the nine products, plus the
# bias. These weights are made up, so that you can do it in your head. What are the two scores?

# %% tags=["fold"]
w_dog, b_dog = np.array([1, 0, 0, 1, -1, 0, 0, 1, -1]), -1
w_cat, b_cat = np.array([0, 1, 0, -1, 1, 1, 0, 1, 0]), -2
figures.grids(
    [
        ("inputs", inputs[:, None]),
        (f"dog, bias {b_dog}", w_dog[:, None]),
        (f"cat, bias {b_cat}", w_cat[:, None]),
    ],
    operators=("", ""),
)

# %% tags=["paper"]
scores = np.array([(inputs * w_dog).sum() + b_dog, (inputs * w_cat).sum() + b_cat])
print("dog:", scores[0], " cat:", scores[1])
print("weights and biases of this layer:", w_dog.size + w_cat.size + 2)

# %% [markdown]
# Scores (also called **logits**) may be any numbers. 3 for dog and 0 for cat: dog wins. But how
# sure is that?
#
# ### Softmax: shares of powers
#
# We want shares: positive, adding up to 1, the larger the score the larger the share. Powers of $e$
# are always positive, so take the shares of *those*. With scores $z_1, z_2, \dots$ (and $\sum_k$,
# the sum over all classes) class $j$ gets
#
# $$q_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$
#
# This is called **softmax**. For the two scores: $e^3$ is about 20.1, and $e^0 = 1$. What are the
# shares?

# %% tags=["paper"]
powers = np.exp(scores)
q = powers / powers.sum()
print("powers:", powers.round(2), " sum:", powers.sum().round(2))
print("dog:", q[0].round(2), " cat:", q[1].round(2))

# %% [markdown]
# 0.95 for dog and 0.05 for cat: the numbers on the slides from which this example comes. There the
# scores are not given. Can one go back from the answer to the scores? See what other scores do:

# %%
predict(
    "09-shift",
    "The scores were 3 and 0. What will softmax give for the scores 13 and 10?",
    options=[
        "the same: 0.95 and 0.05",
        "more certain: both scores are higher, so nearly 1.00 and 0.00",
        "less certain: 13 to 10 is nearly even, so about 0.57 and 0.43",
    ],
)

# %% tags=["reveal"]
shifted = np.exp([13, 10]) / np.exp([13, 10]).sum()
assert np.allclose(shifted, q)
reveal(
    "09-shift",
    "the same: 0.95 and 0.05",
    because="Ten more on every score multiplies every power by the same factor, and the factor "
    "cancels in the shares. Only DIFFERENCES of scores matter.",
)

# %% [markdown]
# So softmax cannot be undone. From 0.95 and 0.05 one learns only that one power is 19 times the
# other, so the scores differ by $\ln 19$:

# %%
print("0.95 / 0.05 =", round(0.95 / 0.05), " and ln 19 =", np.log(19).round(3))

# %% [markdown]
# (Not exactly 3, because 0.95 and 0.05 are rounded.) *One* possible choice of scores is always
# $z_j = \ln q_j$, since $e^{\ln q} = q$ and the shares add up to 1; adding the same number to all
# gives every other choice.
#
# With more than two classes it is the same. If a picture is a flower with 80 % and the sky with
# 15 %, all other classes together share the remaining 5 %: shares always add up to 1, even for a
# picture that shows nothing the network knows.
#
# ### Cross-entropy: the price of an answer
#
# Now the price. Let $p$ be the truth, written with a 1 at the true class and 0 elsewhere (this is
# called **one-hot**), and $q$ the network's answer. The **cross-entropy** of one picture is
#
# $$H(p, q) = -\sum_j p_j \ln q_j$$
#
# It looks worse than it is. All $p_j$ but one are 0, so a single term is left: **minus the
# logarithm of what the true class was given**. A logarithm of a number below 1 is negative; the
# minus makes the price positive.

# %% tags=["fold"]
given = np.linspace(0.02, 1, 99)
figures.signal(
    [("price: -ln q", given, -np.log(given)), ("mistake or not", given, (given < 0.5).astype(int))],
    xlabel="probability that was given to the true class, q",
    ylabel="price",
    alt="The price falls from nearly 4, where the true class was given almost nothing, to 0, where "
    "it was given everything. Beside it a step: 1 below one half, 0 above.",
)

# %% [markdown]
# Being right with certainty is free. The less the true class was given, the dearer, and a **sure
# mistake is very dear**: the curve has no upper end. The step beside it is what the classification
# error sees (for two classes): it knows one half and nothing else.
#
# Price the six answers of networks 1 and 2 with the help of these: $-\ln
# 0.9 = 0.105$, $-\ln 0.7 = 0.357$, $-\ln 0.6 = 0.511$, $-\ln 0.4 = 0.916$, $-\ln 0.1 = 2.303$.
# Which of the six is the dearest? Then take the mean of each network's three prices.

# %% tags=["paper"]
for name, answers in [("network 1", nn1), ("network 2", nn2)]:
    prices = cross_entropy_rows(truth, answers).round(3).tolist()
    print(f"{name}: prices {prices}", end="  ")
    print(f"error {classification_error(truth, answers):.2f}", end="  ")
    print(f"loss {cross_entropy(truth, answers):.2f}")

# %% [markdown]
# Here is the number that we wanted: error 0.33 for both, but a loss of **0.38** against **1.06**.
# One single answer, the cat that network 2 was so sure of, costs more than all three of network 1
# together.

# %%
print(f"network 1: loss {cross_entropy(truth, nn1):.2f}, one mistake")
print(f"network 3: loss {cross_entropy(truth, nn3):.2f}, no mistake")
print("tossing a coin costs -ln 0.5 =", -np.log(0.5).round(2))

# %% [markdown]
# So a smaller loss need not mean fewer mistakes. The loss asks *how far did you trust the truth*,
# the error only *did the truth come first*.
#
# ### Find the slip
#
# Deck 002, *Cross-Entropy*, prints the formula $H(p, q) = -\sum p \log q$ and, for the two networks
# above, the results **0.38** and **1.06** (run together on the slide: "0.381.06"). Nothing else is
# said. Two things are missing: which logarithm, and what becomes of the three pictures? Suppose
# somebody used base 2 and the sum ($\log_2 x = \ln x / \ln 2$, $\ln 2 = 0.693$): what would network
# 1 get? Then compare.

# %% tags=["reveal"]
print("logarithm      of the three   network 1  network 2")
for logarithm, scale in [("natural", 1.0), ("base 2", np.log(2)), ("base 10", np.log(10))]:
    for what in ("mean", "sum"):
        times = 3 if what == "sum" else 1
        pair = [cross_entropy(truth, answers) / scale * times for answers in (nn1, nn2)]
        match = "  <- printed" if [round(x, 2) for x in pair] == [0.38, 1.06] else ""
        print(f"{logarithm:14} {what:12} {pair[0]:11.2f} {pair[1]:10.2f}{match}")

# %% [markdown]
# Only the **natural logarithm** with the **mean** over the pictures gives 0.38 and 1.06. Libraries
# use these two as well. When you report a loss, say both. (If you worked with the rounded prices,
# your last digit may be off by one.)

# %% [markdown]
# ## From scratch
#
# In the exercise you write `flatten`, `softmax`, `cross_entropy` and `classification_error` for
# many pictures at once. Here are the parts, for one picture.
#
# ### One price, in a loop
#
# Terms with $p_j = 0$ are skipped: $0 \cdot \ln q$ counts as 0, even where $q$ is 0. (`zip` goes
# through two rows side by side; `strict=True` complains should one of them be longer.)

# %%
price = 0.0
for p_j, q_j in zip(truth[2], nn1[2], strict=True):
    if p_j > 0:
        price -= p_j * np.log(q_j)
print("third picture, network 1:", price.round(3))
assert np.isclose(price, cross_entropy_rows(truth, nn1)[2])

# %% [markdown]
# ### When powers overflow
#
# Scores of real networks can be large. $e^{1000}$ is a number with hundreds of digits, more than a
# float can hold, so NumPy says `inf`, infinite. And infinite divided by
# infinite is `nan`, *not a number*. (`np.errstate` only keeps NumPy's warnings off the page.)

# %%
large = np.array([1000.0, 997.0])
with np.errstate(over="ignore", invalid="ignore"):
    powers = np.exp(large)
    print("powers:", powers, " shares:", powers / powers.sum())

# %% [markdown]
# One `nan`, and a whole training run is lost, since everything that is computed with it becomes
# `nan` too. But you know the way out: only differences matter, so the same number may be taken off
# every score. Take off 1000:

# %%
safe = large - 1000
print("scores:", safe, " shares:", (np.exp(safe) / np.exp(safe).sum()).round(4))
assert np.allclose(np.exp(safe) / np.exp(safe).sum(), np.exp([3, 0]) / np.exp([3, 0]).sum())

# %% [markdown]
# Which number is safe for *any* scores? That is for you to find in the exercise.
#
# ### What the loss pulls at
#
# A network learns by changing its scores so that the loss gets smaller. How strongly does each
# score matter? The game of lesson 04: make one score a tiny bit larger, see how much the loss
# grows, and divide by the tiny bit. The slopes of all scores together are the **gradient**.
#
# A picture's true class is dog, but the network gave dog only 0.1. Its score rises by 0.001, so its
# power grows by the factor $e^{0.001}$, about 1.001. The other powers stay.

# %%
predict(
    "09-pull",
    "The true class was given 0.1, and its score rises by 0.001. By about how much does the loss "
    "fall?",
    options=["0.01", "0.0023", "0.0009", "0.0001"],
)


# %% tags=["reveal"]
def loss_of(scores, true_class=0):
    powers = np.exp(scores - scores.max())
    return -np.log(powers[true_class] / powers.sum())


def nudged_slopes(loss, scores, tiny=1e-6):
    slopes = []
    for j in range(len(scores)):
        more = scores.copy()
        more[j] += tiny
        slopes.append((loss(more) - loss(scores)) / tiny)
    return np.array(slopes)


unsure = np.log(np.array([0.1, 0.7, 0.2]))  # scores that give dog 0.1, cat 0.7, fox 0.2
slopes = nudged_slopes(loss_of, unsure)
q, p = np.array([0.1, 0.7, 0.2]), np.array([1, 0, 0])
assert np.abs(slopes - (q - p)).max() < 1e-4
reveal(
    "09-pull",
    "0.0009",
    because="Take 0.1 for dog and 0.9 for the others as powers. They become 0.1001 and 0.9, "
    "so dog's share is 0.1001/1.0001, or 0.10009, and the price falls from 2.3026 to 2.3017: by "
    "0.9 times the 0.001. The slope is 0.9.",
)

figures.grids(
    [
        ("predicted q", q[None, :]),
        ("true p", p[None, :]),
        ("q - p", (q - p)[None, :]),
        ("by nudging", slopes.round(3)[None, :]),
    ],
    operators=("", "", "="),
)

# %% [markdown]
# **Predicted less true**, $q - p$: there is no simpler gradient. The score of the true class is
# pulled up by what it lacks; every other score is pushed down by what it took wrongly. The pulls
# add up to 0. And a sure mistake is pulled hard, nearly by 1.
#
# ### Optional: why not the squared error?
#
# Not every loss pulls like that. The squared error $\sum_j (q_j - p_j)^2$ looks harmless. Compare
# the pull on the true class as the network becomes more and more sure of the wrong one:


# %%
def squared_error_of(scores, true_class=0):
    powers = np.exp(scores - scores.max())
    wanted = np.eye(len(scores))[true_class]  # row of the identity matrix: one-hot
    return ((powers / powers.sum() - wanted) ** 2).sum()


print("given to the true class   cross-entropy pulls   squared error pulls")
for share in (0.5, 0.1, 0.01, 0.001):
    two = np.log(np.array([share, 1 - share]))
    pulls = [-nudged_slopes(loss, two)[0] for loss in (loss_of, squared_error_of)]
    print(f"{share:23} {pulls[0]:21.3f} {pulls[1]:21.3f}")

# %% [markdown]
# Where the network is most wrong the squared error hardly pulls at all: softmax is flat there, and
# nothing makes up for it. This is why classification uses cross-entropy. And the classification
# error itself? Nudge a score by a tiny bit: nobody's answer changes, so its slope is 0 wherever
# no two scores are tied. One cannot learn from a number that does not move.

# %% [markdown]
# ## In the framework
#
# Keras can take probabilities; PyTorch's `cross_entropy` takes **scores**, and does softmax itself.
# The truth may be given as class numbers (0 for dog, 1 for cat).

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch
from torch.nn import functional as F

logits = np.log(nn1)  # scores that give network 1's probabilities
classes = torch.tensor([0, 1, 0])
by_torch = F.cross_entropy(torch.tensor(logits), classes).item()
by_keras = float(keras.losses.CategoricalCrossentropy()(truth.astype("float32"), nn1))
from_scores = keras.losses.CategoricalCrossentropy(from_logits=True)
by_keras_scores = float(from_scores(truth.astype("float32"), logits))
for name, loss in [
    ("torch, scores", by_torch),
    ("keras, probabilities", by_keras),
    ("keras, scores", by_keras_scores),
]:
    assert abs(loss - cross_entropy(truth, nn1)) < 1e-5
    print(f"{name:21} {loss:.2f}")

# %% [markdown]
# PyTorch also tells the gradient, without nudging. It agrees with *predicted less true*, divided by
# the three pictures of the mean:

# %%
watched = torch.tensor(logits, requires_grad=True)  # "keep an eye on how these matter"
F.cross_entropy(watched, classes).backward()
assert np.abs(watched.grad.numpy() - (nn1 - truth) / 3).max() < 1e-9
print("gradient by PyTorch = (q - p) / 3, in all", watched.grad.numel(), "cells")

# %% [markdown]
# ### Softmax twice
#
# What if you give PyTorch probabilities where it expects scores? There is no error message. It does
# softmax a second time. Take an answer that is **perfect**: 1 for the true class and 0 for the
# other.

# %%
perfect = torch.tensor([[1.0, 0.0]])
twice = F.cross_entropy(perfect, torch.tensor([0])).item()
print("shares after the second softmax:", F.softmax(perfect, dim=1)[0].numpy().round(2))
print("loss of a perfect answer, softmax done twice:", round(twice, 3))
assert np.isclose(twice, -np.log(np.e / (np.e + 1)))

# %% [markdown]
# The scores 1 and 0 are not far apart, so the second softmax gives 0.73 and 0.27, and the loss can
# never fall below 0.313 for two classes. If a loss stops falling at an odd place, look for this.
#
# ### Optional: the sure mistake
#
# The scores are 0 for the true class and 1000 for another. Softmax first and the logarithm
# afterwards give $-\ln 0$: infinite. Keras lifts every probability to at least $10^{-7}$, and so
# says 16.1. From the scores both find the right price, 1000, since $-\ln q_1 = \ln(e^{z_1} +
# e^{z_2}) - z_1$ needs no small share:

# %%
sure = np.array([[0.0, 1000.0]])
first_class = np.array([[1.0, 0.0]])
share = np.exp(sure - 1000) / np.exp(sure - 1000).sum()
print("scratch, probabilities:", cross_entropy(first_class, share))
print(
    "keras, probabilities:  ",
    round(float(keras.losses.CategoricalCrossentropy()(first_class, share)), 1),
)
print("torch, scores:         ", F.cross_entropy(torch.tensor(sure), torch.tensor([0])).item())
print("keras, scores:         ", float(from_scores(first_class, sure)))

# %% [markdown]
# So give a loss the scores where you can.

# %% [markdown]
# ## Play
#
# 1. Make the class with the **lowest** score the true one, and press *One step against the
#    gradient* again and again. Which score is moved most, and when do the steps become small?
# 2. Choose *Two networks, three pictures*. Drag the scores of network 2 until its mean loss is
#    below network 1's, without changing which pictures it gets right. Where is most to be gained?

# %%
from coursekit.widgets import SoftmaxExplorer

SoftmaxExplorer()

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. The score of the true class, by 1 - q, the longest bar. The steps become small as its q comes
#    near 1: predicted less true is then near 0.
# 2. At the third picture, the sure mistake: bring its dog from 0.1 near to 0.5, and make the other
#    two answers surer.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"The two networks have the same error, so they are equally good."*

# %%
ratio = cross_entropy(truth, nn2) / cross_entropy(truth, nn1)
print(f"error: {classification_error(truth, nn1):.2f} {classification_error(truth, nn2):.2f}")
print("network 2's loss is", round(ratio, 1), "times network 1's")
assert classification_error(truth, nn1) == classification_error(truth, nn2)

# %% [markdown]
# Its price is 2.8 times as high. If a doctor or a car has to act on the answer, *how sure* is part
# of the answer.
#
# A second mistake: *"softmax says 0.95, so it is right in 95 of 100 cases."* Softmax only makes
# shares that add up to 1. Whether answers with 0.95 are right 95 times out of 100 has to be counted
# on pictures that the network has not seen, and many networks are surer than they should be.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/09_softmax_and_cross_entropy.ipynb) you write `flatten`, a
# `softmax` that never overflows, `cross_entropy` and `classification_error`, and find out how sure
# a classifier of handwritten digits should be.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "09-q1",
    "Softmax of the scores 2, 2, 2, 2?",
    [
        ("0.5 each", False, "Four shares of 0.5 add up to 2; they must add up to 1."),
        ("0.25 each", True, "Yes: equal scores, equal shares, whatever the score is."),
        ("1 each", False, "Shares add up to 1, so one class can have 1 only if all others have 0."),
        (
            "that depends on how large e squared is",
            False,
            "The power is the same for all four, so it cancels.",
        ),
    ],
)

# %%
quiz(
    "09-q2",
    "An untrained network spreads its answers evenly over 10 classes. About how large is its loss?",
    [
        ("0.1", False, "0.1 is what it gives to the true class. Its price is -ln 0.1."),
        ("0.9", False, "That is how often it is wrong. The price is a logarithm."),
        ("2.3", True, "Yes: -ln 0.1 = ln 10 = 2.303. A good thing to check before training."),
        ("10", False, "It would be 10 if the price were 1/q; it is -ln q."),
    ],
)

# %%
quiz(
    "09-q3",
    "The true class is the second of three. The network gives 0.2, 0.5, 0.3. The gradient of the "
    "loss, score by score?",
    [
        ("0.2, -0.5, 0.3", True, "Yes: predicted less true; 0.5 - 1 = -0.5. The sum is 0."),
        ("0.2, 0.5, 0.3", False, "That is q alone. The truth has to be taken off: p = 0, 1, 0."),
        ("-0.2, 0.5, -0.3", False, "That is true less predicted. The loss grows where q > p."),
        ("0, -2, 0", False, "That is the slope of -ln q in q. Softmax ties all scores together."),
    ],
)

# %%
quiz(
    "09-q4",
    "During training the loss on new pictures rises, while the error on them stays the same. What "
    "may have happened?",
    [
        (
            "nothing can have: a larger loss means more mistakes",
            False,
            "You have seen a network with no mistake and a larger loss than one with a mistake.",
        ),
        (
            "the network makes the same mistakes, but is surer of them",
            True,
            "Yes, and this is common: training goes on making it surer.",
        ),
        (
            "softmax has overflowed",
            False,
            "Then the loss would be nan or infinite, and stay so.",
        ),
        (
            "the classes have been renumbered",
            False,
            "Then the error would change as well, and dramatically.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Flattening writes maps into one row; a dense layer turns the row into a score for each class.
# 2. Softmax makes shares of the powers of the scores. Only differences of scores matter, so take
#    off what you like: that also keeps it from overflowing.
# 3. Cross-entropy is minus the natural logarithm of what the true class was given, averaged over
#    the pictures.
# 4. The error counts mistakes; the loss sees how sure the network was. Same error, 0.38 against
#    1.06.
# 5. The gradient of the loss is predicted less true, $q - p$.

# %% [markdown]
# ## Words
#
# - **Flatten**: write all numbers of the maps into one row.
# - **Dense layer**, **full connection**: every output has a weight for every input.
# - **Score**, **logit**: what a class gets before softmax; any number.
# - **Softmax**: shares of the powers of $e$; positive, adding up to 1.
# - **One-hot**: 1 at the true class, 0 elsewhere.
# - **Cross-entropy**: $-\sum p \ln q$; the price of an answer.
# - **Loss**: the number that training makes small, here the mean price.
# - **Classification error**: the share of wrong answers. **Accuracy**: the share of right answers.
# - **Overflow**: a number too large for a float. **nan**: *not a number*, what comes of an
#   overflow.

# %% [markdown]
# ## Further reading
#
# - C. E. Shannon, *A mathematical theory of communication*, Bell System Technical Journal, 1948.
# - J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs*, in
#   Neurocomputing, Springer, 1990: where the name softmax comes from.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press, 2016: section 6.2 on
#   output units and their losses.
# - C. Guo, G. Pleiss, Y. Sun and K. Weinberger, *On calibration of modern neural networks*, ICML,
#   2017: networks that are surer than they should be.
#
# The face with its pooled map and the two outputs come from deck 002 (*STEP 1 Convolution ... STEP
# 4 Full Connection*, *Step 3 - Flattening*, *Softmax*), the two networks from its *Cross-Entropy*,
# the flower and the sky from deck 003 (*How Does Computer See an image??*). **Next:** [10 First
# CNN](10_fashion_mnist_keras.ipynb).

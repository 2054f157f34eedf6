# ---
# jupyter:
#   coursekit:
#     lesson: "13"
#     title: AlexNet and ZFNet
#     topics: [T070, T071, T072, T073, T074]
#     minutes: 60
#     datasets: [cifar10_jpeg_subset]
# ---

# %% [markdown]
# # 13 · AlexNet and ZFNet
#
# **What changed between LeNet-5 and the network that won in 2012?**
#
# After this lesson you can
#
# - work out AlexNet's parameters and its neurons, and say where they are,
# - read a top-1 and a top-5 error with care,
# - compute dropout with a pencil, and say why the numbers that stay grow,
# - say what ReLU, dropout and augmentation did in small runs, with their spread, and what they did
#   not.
#
# **Time:** about 60 minutes. **Before this:** [08 ReLU and pooling](08_relu_and_pooling.ipynb) and
# [12 LeNet-5](12_lenet.ipynb).

# %% [markdown]
# ## See it: fourteen years
#
# LeNet-5 read digits in 1998. Outside of digits and cheques little was heard of such networks until
# 2012, when **AlexNet** (by Alex Krizhevsky, Ilya Sutskever and Geoffrey Hinton) won a contest in
# naming photographs by a wide margin. Its parts are those that you know: convolution, pooling,
# dense layers. Here are both. (PyTorch's `"meta"` device knows the shapes of all weights, and takes
# no memory for the numbers.)

# %%
import numpy as np
import torch
from torch import nn

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load, results
from coursekit.models import AlexNet, LeNet5
from coursekit.runs import run_13
from coursekit.training import summary

# %% tags=["fold"]
with torch.device("meta"):  # shapes without numbers
    lenet = summary(LeNet5(), (1, 28, 28))
    alexnet = summary(AlexNet(), (3, 224, 224))
rows = [
    ("numbers in a picture", 28 * 28, 3 * 224 * 224),
    ("training pictures", 60_000, 1_200_000),
    ("classes", 10, 1000),
    ("parameters", lenet.parameters, alexnet.parameters),
    ("multiply-adds a picture", lenet.multiply_adds, alexnet.multiply_adds),
]
print(f"{'':25}{'LeNet-5':>12}{'AlexNet':>14}")
for name, small, large in rows:
    print(f"{name:25}{small:>12,}{large:>14,}   {large / small:>5,.0f} times")

# %% [markdown]
# Everything has grown, by twenty times at least. The pictures are from **ImageNet**: more
# than 14 million photographs, collected from the web and named by people, in 22,000 categories. The
# contest, the *ImageNet Large Scale Visual Recognition Challenge*, uses 1,000 of them. Such a
# network could be trained at all because two graphics processors (GPUs) did the multiplications,
# for five to six days.

# %% [markdown]
# ## Predict
#
# AlexNet has five convolutional layers and three dense ones. Call every number that a layer puts
# out a **neuron**. The five convolutional layers have nearly all neurons, 98.6 of 100.

# %%
predict(
    "13-share",
    "A single layer has more than half of all parameters. Which one?",
    options=[
        "the first, convolutional: it has the largest filters, 11 by 11",
        "the fourth, convolutional: 384 filters that see 192 maps each",
        "the sixth, dense: it gets all maps of the fifth at once",
        "the eighth, dense: it has a score for each of 1,000 classes",
    ],
)

# %% [markdown]
# ## By hand
#
# ### Parameters and neurons
#
# AlexNet's plan, for pictures of 224 by 224. It was split over two GPUs: in layers 2, 4 and 5 each
# half of the filters sees only the maps on its own GPU.
#
# | layer | filters | of size | each sees | moves by | padded by | sides of its maps |
# |---|---|---|---|---|---|---|
# | 1 | 96 | 11 x 11 | 3 colours | 4 | 2 | **?**, pooled 27 |
# | 2 | 256 | 5 x 5 | 48 of 96 maps | 1 | 2 | 27, pooled 13 |
# | 3 | 384 | 3 x 3 | 256 maps | 1 | 1 | 13 |
# | 4 | 384 | 3 x 3 | 192 of 384 maps | 1 | 1 | 13 |
# | 5 | 256 | 3 x 3 | 192 of 384 maps | 1 | 1 | 13, pooled 6 |
#
# Layers 6 and 7 are dense, with 4,096 neurons each, layer 8 has 1,000. Pooling takes the largest of
# 3 by 3 and moves by 2, so its windows share a row or a column: *overlapping pooling*. And after
# layers 1 and 2 comes *local response normalization* (LRN): a number is divided by more, the larger
# the numbers are that five neighbouring maps have at its place. Neither has a weight to train. (In
# the paper's tests LRN made 1.4 of 100 top-1 errors fewer, overlapping 0.4. VGG, in lesson 14,
# found no gain in LRN; batch norm, in lesson 15, has taken its place.)
#
# How many parameters has layer 1, with biases (lesson 06)? How long are the sides of its maps
# (lesson 05), and how many neurons is that? How many parameters has layer 6?

# %% tags=["paper"]
from coursekit.scratch import conv_parameters, dense_parameters, output_size

side = output_size(224, kernel_size=11, stride=4, padding=2)
first = conv_parameters(in_channels=3, out_channels=96, kernel_size=11)
sixth = dense_parameters(in_features=256 * 6 * 6, out_features=4096)
assert output_size(224, kernel_size=11, stride=4) == 54
assert output_size(227, kernel_size=11, stride=4) == side == 55
print(f"first layer: 96 x (11 x 11 x 3 + 1) = {first:,} parameters")
print(f"             96 maps of {side} x {side} = {96 * side**2:,} neurons")
print(f"sixth layer: 4,096 x (9,216 + 1) = {sixth:,} parameters, 4,096 neurons")

# %% [markdown]
# (The paper names no padding and has 55 by 55. Without padding, 54 come out of 224 pixels: so its
# pictures must have been padded, or larger, such as 227.) Now all eight layers:

# %% tags=["reveal", "fold"]
layers = [layer for layer in alexnet.layers if layer.parameters]
neurons = [int(np.prod(layer.output)) for layer in layers]
assert (alexnet.parameters, sum(neurons)) == (60_965_224, 659_272)
assert 2 * layers[5].parameters > alexnet.parameters
reveal(
    "13-share",
    "the sixth, dense: it gets all maps of the fifth at once",
    because=f"{layers[5].parameters:,} of {alexnet.parameters:,}. A filter is used at every place "
    "of a map; each neuron of a dense layer has a weight for every input.",
)
for place, (layer, count) in enumerate(zip(layers, neurons, strict=True), start=1):
    print(f"{place}  {layer.kind:7}{layer.parameters:>12,} parameters{count:>9,} neurons")
print(f"all       {alexnet.parameters:>12,}           {sum(neurons):>9,}")

# %% [markdown]
# The paper says 60 million parameters and 650,000 neurons.

# %% [markdown]
# ### Top-1 and top-5
#
# A photograph of a dog on a sofa: is "sofa" wrong? With 1,000 classes such questions come up all
# the time. So the contest lets a network name **five** classes. The **top-5 error** is the share of
# pictures whose true class is not among the five with the highest scores; the **top-1 error** is
# the usual one. Here are the scores of three pictures for eight classes. Find both errors.

# %% tags=["fold"]
scores = np.array(
    [
        [9, 1, 4, 0, 2, 3, 7, 5],
        [2, 8, 6, 1, 7, 3, 0, 4],
        [5, 3, 9, 8, 1, 7, 2, 6],
    ]
)
truth = np.array([0, 2, 4])
for row, right in zip(scores, truth, strict=True):
    print("scores:", *row, "  true class:", right, "  (classes are counted from 0)")

# %% tags=["paper"]
order = np.argsort(-scores, axis=1)  # the classes of each picture, highest score first
for most in (1, 5):
    wrong = [right not in row[:most] for row, right in zip(order, truth, strict=True)]
    print(f"top-{most}: {sum(wrong)} of 3 pictures wrong")

# %% [markdown]
# Four numbers are quoted again and again from the abstract of AlexNet's paper:
#
# | error | network | measured on |
# |---|---|---|
# | top-1 37.5 % | AlexNet | test pictures of the contest of 2010 |
# | top-5 17.0 % | AlexNet | test pictures of the contest of 2010 |
# | top-5 15.3 % | "a variant" of it | test pictures of the contest of 2012 |
# | top-5 26.2 % | the second best team | test pictures of the contest of 2012 |

# %%
predict(
    "13-errors",
    "Which of these comparisons holds?",
    options=[
        "17.0 % and 15.3 %: how much AlexNet was improved for the contest",
        "15.3 % and 26.2 %: by how much the contest was won",
        "17.0 % and 26.2 %: how much AlexNet itself was ahead of the second",
        "37.5 % and 17.0 %: how much AlexNet improved",
    ],
)

# %% tags=["reveal"]
reveal(
    "13-errors",
    "15.3 % and 26.2 %: by how much the contest was won",
    because="The same error on the same pictures. 17.0 and 15.3 belong to other pictures, and to "
    "another network: the variant averages seven networks, two of which had seen more of ImageNet. "
    "(For one network on the validation pictures of 2012 the paper gives 18.2 %.)",
)

# %% [markdown]
# ### Dropout on eight ones
#
# While AlexNet is trained, each output of its first two dense layers is set to 0 with probability
# $p = 0.5$, by a coin of its own, and by new coins for each picture. No neuron can rely on another
# one. When the network is *used*, nothing is dropped. On average only the share $1 - p$ stays, so
# in training the next layer would get smaller sums than in use. To undo that, those that stay are
# divided by $1 - p$. (The paper does it the other way round: it halves the outputs when the network
# is used. Today's way is called *inverted* dropout.)
#
# Here are eight ones and eight coins; `True` stays. What comes out with $p = 0.5$? And with
# $p = 0.2$, by the other coins?

# %% tags=["fold"]
ones = np.ones(8)
coins = {
    0.5: np.array([True, False, True, True, False, False, True, False]),
    0.2: np.array([True, True, False, True, True, True, True, True]),
}
for p, stays in coins.items():
    print(f"p = {p}:", *stays)

# %% tags=["paper"]
for p, stays in coins.items():
    out = ones * stays / (1 - p)
    print(f"p = {p}:", *out, f"  sum {out.sum():g}")

# %% [markdown]
# With $p = 0.5$ the kept ones become 2, and the sum stays 8. With $p = 0.2$ they become 1.25, and
# the sum is 8.75: chance let seven stay, not 6.4. Only *on average* does the sum stay the same.
#
# ### Find the slip
#
# A year later **ZFNet**, by Matthew Zeiler and Rob Fergus, made AlexNet better, and showed why
# (more below). Deck 001 cites its paper as "Zeiler and Fergus (2013), European Conference on
# Computer Vision, pp. 818-833". That conference takes place every second year: 2008, 2010, 2012
# ... What is wrong?

# %% tags=["paper"]
years = [year for year in range(2008, 2017) if (year - 2008) % 2 == 0]
print("conferences:", *years)
assert 2013 not in years and 2014 in years

# %% [markdown]
# There was none in 2013. The pages are those of ECCV **2014**; in 2013 the paper was a preprint.

# %% [markdown]
# ## From scratch: why not tanh?
#
# On its way back through the layers a gradient is multiplied by weights and by slopes (lesson 11
# left that to `backward`). ReLU has the slope 1 wherever its input is above 0. And tanh? Its slope
# is $1 - \tanh^2$: 1 in the middle, and next to nothing where tanh is nearly flat. It
# **saturates**. (Lesson 11's nudge, up and down by 0.001, checks the formula.)

# %%
for z in (0, 1, 2, 3):
    nudged = (np.tanh(z + 0.001) - np.tanh(z - 0.001)) / 0.002
    assert abs(nudged - (1 - np.tanh(z) ** 2)) < 1e-6
    print(f"input {z}: slope of tanh {1 - np.tanh(z) ** 2:.3f}, of ReLU {int(z > 0)}")

# %%
predict(
    "13-slopes",
    "Five layers in a row, each with an input of 2. What is left of a gradient of 1 after the five "
    "slopes of tanh?",
    options=["about 0.35", "about 0.07", "about 0.002", "about 0.000002"],
)

# %% tags=["reveal"]
left = (1 - np.tanh(2) ** 2) ** 5
assert 1e-6 < left < 3e-6
reveal("13-slopes", "about 0.000002", because="0.07 to the power of 5. With ReLU 1 is left.")

# %% [markdown]
# The paper calls ReLU a *non-saturating* neuron, and says that a small network with it reached 25 %
# training error on small photographs six times sooner than one with tanh. But an input of 2
# everywhere is *our* assumption. How large the inputs are depends on the random weights at the
# start, and today one begins with weights for which they are moderate. Does the claim still hold
# then? Let us see.

# %% [markdown]
# ## In the framework
#
# ### Optional: dropout in PyTorch and Keras
#
# Both have it as a layer. It throws coins only while the model trains:

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

torch.manual_seed(0)
keras.utils.set_random_seed(0)
in_torch, in_keras = nn.Dropout(p=0.5), keras.layers.Dropout(rate=0.5)
row = torch.ones(1, 10_000)
for name, training, used in (
    ("PyTorch", in_torch.train()(row), in_torch.eval()(row)),
    ("Keras", in_keras(row, training=True), in_keras(row, training=False)),
):
    values = sorted({float(value) for value in training.flatten()})
    print(f"{name:8} training: values {values}, used: all as before {bool((used == row).all())}")
    assert abs(float(training.mean()) - 1) < 0.05 and values == [0.0, 2.0]

# %% [markdown]
# ### Augmentation
#
# A mirrored cat is a cat, and so is one that sits two pixels further left. AlexNet hardly ever sees
# a picture twice in the same way: it is mirrored half of the time, and cut out at a random place.
# (And its colours are shifted a little. Lesson 17 has more.) The pictures here are from CIFAR-10:
# ten classes, 32 by 32 pixels.

# %% tags=["fold"]
try:
    data = load("cifar10_jpeg_subset")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with drawn shapes; the stored table is about CIFAR-10.")
    data = load("shapes")
rng = np.random.default_rng(1)
from coursekit.scratch import random_crop, random_horizontal_flip

picture = data.train[0][3].transpose(2, 0, 1)
several = np.repeat(picture[None], 5, axis=0)  # the same picture five times
changed = random_crop(random_horizontal_flip(several, rng), rng, padding=4)
figures.images(
    [("as it is", data.train[0][3])]
    + [(f"version {k + 1}", each.transpose(1, 2, 0)) for k, each in enumerate(changed)],
    columns=6,
    alt="A colour picture and five versions of it: some are mirrored, all are moved by a few "
    "pixels, with a black border where nothing was.",
)

# %% [markdown]
# ### Each idea switched off in turn
#
# Here is a small AlexNet: three convolutions, two poolings, three dense layers with dropout. To
# train it on a processor we take 1,000 pictures, and average squares of 4 by 4 pixels, so that 8 by
# 8 are left. It goes through them 36 times, from several random starts. Four runs with ReLU: "all
# ideas" has dropout and augmentation, two runs have one of them, "ReLU alone" has neither.

# %%
predict(
    "13-off",
    'From "all ideas" dropout is taken away. What happens to the errors?',
    options=[
        "fewer on training pictures, more on test pictures: that is what dropout is against",
        "more on both: dropout is a part of what made AlexNet good",
        "fewer on both: so small a network is only slowed down by it",
        "nothing that a few random starts could tell from chance",
    ],
)

# %% tags=["reveal", "fold"]
table = results("13_alexnet_and_zfnet")


def final(name, column):
    """The errors of a network at the end, in percent, one for each random start."""
    return [
        100 * float(row[column])
        for row in table
        if row["network"] == name and row["final_train_error"]
    ]


def line(name):
    """A network, its mean errors, and the spread over all starts, as a row of text."""
    both = [final(name, column) for column in ("final_train_error", "test_error")]
    cells = [f"{np.mean(e):3.0f} ({min(e):.0f} to {max(e):.0f})" for e in both]
    return f"{name:22} training {cells[0]:>14}   test {cells[1]:>14}"


names = ["all ideas", "no dropout", "no augmentation", "ReLU alone"]
for column in ("final_train_error", "test_error"):
    assert max(final("no dropout", column)) < min(final("all ideas", column))
assert max(final("no dropout", "test_error")) < min(final("ReLU alone", "test_error"))
assert min(final("all ideas", "test_error")) > max(final("no augmentation", "test_error"))
assert max(final("ReLU alone", "final_train_error")) < 5
reveal(
    "13-off",
    "fewer on both: so small a network is only slowed down by it",
    because="In so short a training there is no time to make up for it.",
)
starts = len(final("all ideas", "test_error"))
print(f"errors in 100, mean of {starts} random starts (best to worst)")
for name in names:
    print(line(name))
print("updates of the weights in each run:", 36 * int(np.ceil(1000 / 32)))
print(table[0]["command"])

# %% [markdown]
# Read it honestly:
#
# - **ReLU alone** learns its training pictures by heart: it overfits. That is what the two other
#   ideas are against, and both do keep it from that.
# - **Augmentation** without dropout pays on test pictures: compare "no dropout" (which has it) with
#   "ReLU alone". Beside dropout it costs: compare "all ideas" with "no augmentation".
# - **Both together are too much** for so small a network and 1,152 updates: "all ideas" is the
#   worst on test pictures, and on its own training pictures, too. The paper says that dropout about
#   doubles the number of steps that are needed. AlexNet's dense layers have 4,096 neurons, and its
#   training went on for days.
#
# ### And ReLU?
#
# The same network without dropout and augmentation, eight epochs, with five learning rates for each
# activation, and random weights that suit it (more in lesson 15): how many of 100 training pictures
# does it still get wrong?

# %%
predict(
    "13-relu",
    "The best rate of each: which is ahead after eight epochs?",
    options=[
        "ReLU, by far: it needs a sixth of the time",
        "ReLU, by a little",
        "neither: their spreads overlap",
        "tanh",
    ],
)

# %% tags=["reveal", "fold"]
reveal("13-relu", "tanh", because="With weights that suit it at the start, it saturates rarely.")
best = {}
for kind in ("ReLU", "tanh"):
    for lr in run_13.RATES:
        errors = final(f"{kind}, rate {lr}", "final_train_error")
        spread = f"({min(errors):.0f} to {max(errors):.0f})"
        print(f"{kind}, rate {lr:5}: {np.mean(errors):3.0f} {spread}")
        if kind not in best or np.mean(errors) < np.mean(best[kind]):
            best[kind] = errors
    assert min(errors) > 70  # with the largest rate
assert max(best["tanh"]) < min(best["ReLU"])
either = [final(f"ReLU, rate {lr}", "final_train_error") for lr in (0.003, 0.01)]
assert max(either[0]) > min(either[1]) > min(either[0])  # their spreads overlap
print("and after 36 epochs, ReLU with rate 0.01, tanh with 0.03:")
for name in ("all ideas", "tanh in place of ReLU", "ReLU alone", "none of them"):
    print(line(name))
assert max(final("tanh in place of ReLU", "test_error")) < min(final("all ideas", "test_error"))

# %% [markdown]
# So ReLU is not faster *everywhere*: in this network of six layers, which begins well, tanh is
# ahead, with dropout and augmentation at the end as well. Without ("none of them" is tanh alone)
# both learn their pictures by heart. The table of slopes above says where that may end: many
# layers, or inputs that grow. And note how much the **learning rate** matters beside it: with 0.1
# neither learns anything to speak of. (For ReLU 0.003 and 0.01 are about as good: their spreads
# overlap.)
#
# A small run of your own, with 300 pictures. In so short a run anything may happen:

# %% tags=["banded"]
train = run_13.small_pictures(*data.train, 300)
test = run_13.small_pictures(*data.test, 300)


def play(activation="relu", dropout=0.0, augmentation=False, lr=0.01, epochs=6, seed=0):
    ideas = run_13.Ideas(activation, dropout, augmentation, lr)
    _, records = run_13.train_one(ideas, train, test, seed=seed, epochs=epochs)
    measured("training errors of 100", 100 * float(records[-1]["final_train_error"]))
    measured("test errors of 100", 100 * float(records[-1]["test_error"]))


play()
print("it has run")

# %% [markdown]
# ### ZFNet: look, then change
#
# Zeiler and Fergus wanted to *see* what AlexNet's layers answer to. They ran a network backwards,
# from one number of a map to the pixels: a **deconvnet** undoes pooling by remembering where each
# largest value stood, applies ReLU, and applies the same filters, transposed. (Lesson 16 builds
# one.) In the first layer they found filters for very coarse and for very fine patterns, and few
# for those in between: so 7 by 7 in place of 11 by 11. In the second layer's maps they saw a grid
# that is in no photograph, left there by the stride of 4: so stride 2. To see what this changes we
# need an AlexNet in one stream, in which all filters see all maps, as on a single GPU:

# %% tags=["fold"]
from coursekit.models import ZFNet

with torch.device("meta"):
    zfnet = summary(ZFNet(), (3, 224, 224))
    one_stream = summary(AlexNet(groups=1), (3, 224, 224))
for name, table_of in (("AlexNet in one stream", one_stream), ("ZFNet", zfnet)):
    shape = " x ".join(map(str, table_of.layers[0].output))
    print(f"{name:21} {table_of.parameters:>13,} parameters, first maps {shape}")
    second = [layer for layer in table_of.layers if layer.parameters][1].multiply_adds
    print(f"{'':21} {table_of.multiply_adds:>13,} multiply-adds, layer 2: {second:,}")
assert zfnet.parameters == 62_357_608 and one_stream.parameters == 62_378_344

# %% [markdown]
# Hardly a parameter fewer, and a little more work: a number of weights does not say how finely a
# network looks. The sides of ZFNet's first maps are twice as long: its first layer looks at four
# times as many places, and its second layer, which also moves by 2, has a little less to do.

# %% [markdown]
# ## Play
#
# Call `play` in a cell of your own, with other arguments, and with several seeds before you believe
# anything.
#
# 1. `play(epochs=30)`: what happens to the two errors?
# 2. `play(epochs=30, augmentation=True)`, then with `dropout=0.5` as well. What becomes of the gap
#    between the two errors, and is a small gap good?
#
# <details><summary>Answers (after you have tried)</summary>
#
# 1. The training error falls to next to nothing, the test error hardly: 300 pictures are soon known
#    by heart.
# 2. It becomes smaller each time, since the training error rises. The test error hardly changes
#    with augmentation, and rises with dropout as well: 300 updates are too few for it. A small gap
#    is no aim in itself.
#
# </details>

# %% [markdown]
# ### Optional: AlexNet and ZFNet side by side
#
# The explorer of lesson 12 with both networks, layer by layer.
#
# 3. ZFNet's first layer puts out four times as many numbers. Does it do four times the work?
# 4. How many pixels does a number of `conv5` see in each of them? Why fewer in ZFNet?

# %%
from coursekit.widgets import ArchitectureExplorer

explorer = ArchitectureExplorer("AlexNet", "ZFNet")
explorer

# %% tags=["fold"]
here, there = ({row["name"]: row for row in table} for table in explorer.tables.values())
assert np.prod(there["conv1"]["shape"]) == 4 * np.prod(here["conv1"]["shape"])
assert round(there["conv1"]["multiply_adds"] / here["conv1"]["multiply_adds"], 1) == 1.6
assert (here["conv5"]["field"][0], there["conv5"]["field"][0]) == (163, 139)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 3. No, 1.6 times: each number takes 7 x 7 products a colour in place of 11 x 11, and 4 · 49 / 121
#    is 1.6.
# 4. 163 in AlexNet, 139 in ZFNet: its first kernels are smaller, and the steps that come early
#    widen all that comes later.
#
# </details>

# %% [markdown]
# ### Optional: watch it learn by heart
#
# The run of task 1, with 20 epochs and the training monitor of lesson 11.
#
# 5. Both loss curves begin to fall. Which one turns, and what does the accuracy on test pictures do
#    meanwhile?
#
# <details><summary>Answer (after you have looked)</summary>
#
# 5. The test loss: it is lowest within the first ten epochs, then rises to about twice that. The
#    test accuracy hardly moves: the network is wrong about as often, and surer each time.
#
# </details>

# %% tags=["nbval-ignore-output"] reason="Its curves differ from machine to machine."
from functools import partial

from coursekit.training import fit
from coursekit.widgets import TrainingMonitor

watched = fit(
    run_13.build(run_13.Ideas(dropout=0.0, augmentation=False), seed=0),
    train,
    test,
    epochs=20,
    batch_size=32,
    optimizer=partial(torch.optim.SGD, lr=0.01, momentum=0.9),
    seed=0,
    hooks=TrainingMonitor(),
    progress=False,
)

# %% tags=["banded"]
losses = [record["test_loss"] for record in watched.records]
measured("last test loss against the lowest", losses[-1] / min(losses), at_least=1.3)

# %% [markdown]
# ## A mistake people make
#
# > *"Where the neurons are, there are the weights."*
#
# You have counted AlexNet's first layer and its sixth. Divide:

# %%
predict(
    "13-each",
    "Layer 1 has 290,400 neurons. How many parameters does it have for each of them?",
    options=[
        "364: the 11 x 11 x 3 weights of its filter, and a bias",
        "about 92: the parameters of all layers by all neurons",
        "about 0.12: more than eight neurons for one parameter",
        "9,217: as many as in layer 6, since all are neurons",
    ],
)

# %% tags=["reveal", "fold"]
reveal(
    "13-each",
    "about 0.12: more than eight neurons for one parameter",
    because="Each is computed with 364 parameters, and shares them with the 3,024 others of its "
    "map.",
)
for place in (1, 6):
    weights, count = layers[place - 1].parameters, neurons[place - 1]
    print(f"layer {place}: {weights:>10,} / {count:>7,} = {weights / count:,.2f}")
assert round(neurons[0] / neurons[5]) == 71 and neurons[0] == 96 * 3025
assert 1000 * layers[0].parameters < layers[5].parameters
for name, part in (("convolutional", slice(0, 5)), ("dense", slice(5, 8))):
    weights, count = sum(layer.parameters for layer in layers[part]), sum(neurons[part])
    share = 100 * count / sum(neurons)
    print(f"{name:14}{count:>8,} neurons ({share:.1f} %), {weights / count:>7,.1f} parameters each")

# %% [markdown]
# The first layer has 71 times as many neurons as the sixth, and less than a thousandth of its
# parameters: in the sixth each neuron has thousands of weights for itself. Count both.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/13_alexnet_and_zfnet.ipynb) you write `dropout` for an array of any
# shape, with chance from a generator that can be repeated.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "13-q1",
    "A network names its five likeliest classes for 200 pictures. For 120 the true class comes "
    "first, for 50 more it is among the five. What are top-1 and top-5 error?",
    [
        ("40 % and 15 %", True, "Yes: 80 and 30 of 200."),
        ("60 % and 85 %", False, "That is what is right. Errors are the rest."),
        ("40 % and 25 %", False, "50 of 200 is 25 %, and these are right among the five."),
        ("60 % and 15 %", False, "120 of 200 are right at once."),
    ],
)

# %%
quiz(
    "13-q2",
    "Dropout with p = 0.2. What becomes of a 4 that is kept, while the network is trained?",
    [
        ("5", True, "Yes: 4 / 0.8."),
        ("4", False, "Then the next layer would get less in training than in use."),
        ("3.2", False, "Multiplying by 0.8 belongs to the older way, when the network is used."),
        ("20", False, "Divide by the probability of being kept, not of being dropped."),
    ],
)

# %%
quiz(
    "13-q3",
    "You evaluate a network on test pictures and have left it in training mode, with dropout. What "
    "do you see?",
    [
        (
            "other errors each time, mostly more",
            True,
            "Yes: neurons are missing by chance. Call model.eval() first.",
        ),
        (
            "the same errors as without dropout",
            False,
            "Dividing by 1 - p keeps the mean of each number, not the number.",
        ),
        (
            "fewer errors, as in training",
            False,
            "Training errors with dropout are measured with neurons missing.",
        ),
        (
            "nothing: PyTorch refuses to do it",
            False,
            "It computes what the mode says, and cannot know what you want.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. From LeNet-5 to AlexNet: more pictures, larger ones, GPUs; ReLU, dropout, augmentation;
#    overlapping pooling and LRN.
# 2. AlexNet has 60,965,224 parameters, 96 of 100 of them dense, and 659,272 neurons.
# 3. 17.0 % is one network on pictures of 2010, 15.3 % seven networks on those of 2012: not to be
#    compared.
# 4. Dropout: each number has a coin; those kept are divided by $1 - p$; in use nothing happens.
# 5. In our short runs augmentation paid without dropout, both together cost, and ReLU was not ahead
#    of tanh.

# %% [markdown]
# ## Words
#
# - **Top-1 error**, **top-5 error**: the true class is not the likeliest, or not among the five.
# - **Neuron**: one number that a layer puts out.
# - **Overlapping pooling**: pooling that moves by less than the side of its window.
# - **Local response normalization**, **LRN**: dividing by what neighbouring maps have at the same
#   place.
# - **Saturate**: to be so flat that the slope is next to 0, as tanh for large inputs.
# - **Dropout**: setting outputs to 0 by chance in training. **Inverted dropout**: those that stay
#   are divided by $1 - p$ at once.
# - **Augmentation**: changing pictures by chance in a way that leaves their class as it is.
# - **Deconvnet**: a network run backwards, from a map to pixels.

# %% [markdown]
# ## Further reading
#
# - A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional
#   neural networks*, NeurIPS 25, 2012. Table 2 has the errors of 2012.
# - M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, ECCV, 2014,
#   pages 818 to 833.
# - N. Srivastava and others, *Dropout: a simple way to prevent neural networks from overfitting*,
#   Journal of Machine Learning Research 15, 2014.
# - J. Deng and others, *ImageNet: a large-scale hierarchical image database*, CVPR, 2009.
#
# The abstract, the four errors and both networks are from deck 001 (*ImageNet Dataset*, *AlexNet
# Architecture*, *ZFNet Architecture*). **Next:** [14 VGG and
# GoogLeNet](14_vgg_and_googlenet.ipynb).

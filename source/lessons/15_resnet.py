# ---
# jupyter:
#   coursekit:
#     lesson: "15"
#     title: ResNet
#     topics: [T083, T084, T085]
#     minutes: 55
#     datasets: [cifar10_jpeg_subset]
# ---

# %% [markdown]
# # 15 · ResNet
#
# **Do more layers make a network better? And if they do not, what does?**
#
# After this lesson you can
#
# - say which error to look at when a deeper network disappoints,
# - compute a residual block with a pencil, and say what it does when all its weights are 0,
# - say what a shortcut costs, and when it needs a projection,
# - name the recipe by which ResNet was trained, and what each piece does on a small scale.
#
# **Time:** about 55 minutes. **Before this:** [11 The training loop](11_training_loop.ipynb) and
# [14 VGG and GoogLeNet](14_vgg_and_googlenet.ipynb).

# %% [markdown]
# ## See it: pictures and a plan
#
# In 2014 networks had 16 and 22 layers, and deeper seemed better. So why not 50, or 150? To find
# out on a processor we need small pictures: CIFAR-10 has ten classes, 32 by 32 pixels in colour,
# and we average squares of 4 by 4 pixels, so that 8 by 8 are left. Hard to see, and far from
# hopeless.

# %%
import numpy as np
import torch

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load, results
from coursekit.runs import run_15

try:
    data = load("cifar10_jpeg_subset")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with drawn shapes; the stored table is about CIFAR-10.")
    data = load("shapes")
train = run_15.small_pictures(*data.train, 600)
test = run_15.small_pictures(*data.test, 400)

# %% tags=["fold"]
small = (train[0][:5].transpose(0, 2, 3, 1) * 0.25 + 0.47).clip(0, 1)
figures.images(
    [(data.classes[data.train[1][k]], data.train[0][k]) for k in range(5)]
    + [("8 x 8", small[k]) for k in range(5)],
    columns=5,
    alt="Five colour pictures of 32 by 32 pixels with the names of their classes, and below each "
    "the same picture with 8 by 8 pixels.",
)

# %% [markdown]
# The networks are nearly those of the ResNet paper for small pictures: a convolution, three stages
# of blocks with two 3x3 convolutions each, global average pooling, a dense layer. With 1, 2 or 4
# blocks a stage that makes 8, 14 or 26 layers. **Plain** ones first: layer after layer, batch
# normalization and ReLU after each convolution. (**Batch norm** shifts and scales each map so that
# over a batch its mean is 0 and its spread 1, then applies a trained scale and shift: the next
# layer always gets numbers of a known size.) Each is trained from three random starts with 3,000
# pictures, eight epochs, and tested with 2,000 others. The runs are stored with this course.

# %% [markdown]
# ## Predict

# %%
predict(
    "15-deeper",
    "8 plain layers leave about 27 % errors on the training pictures. What do 26 layers, trained "
    "in the same way, leave?",
    options=[
        "fewer errors: more weights can fit more",
        "about as many: the added layers can pass on what they get",
        "more than twice as many: so many plain layers are hard to train",
        "fewer on training pictures and more on test pictures: overfitting",
    ],
)

# %% tags=["reveal", "fold"]
table = results("15_resnet")


def final(name, column="final_train_error"):
    """The errors of a network at the end, in percent, one for each random start."""
    return [
        100 * float(row[column])
        for row in table
        if row["network"] == name and row["final_train_error"]
    ]


def line(name):
    """A network, its mean errors, and the spread over three starts, as a row of text."""
    both = [final(name, column) for column in ("final_train_error", "test_error")]
    cells = [f"{np.mean(e):3.0f} ({min(e):.0f} to {max(e):.0f})" for e in both]
    return f"{name:25} training {cells[0]:>14}   test {cells[1]:>14}"


shallow, deep = (np.mean(final(f"plain, {depth} layers")) for depth in (8, 26))
assert deep > 2 * shallow
reveal(
    "15-deeper",
    "more than twice as many: so many plain layers are hard to train",
    because="And it is the error on the pictures that it was trained on: no overfitting.",
)
print("errors in 100, mean of three starts (best to worst)")
for depth in (8, 14, 26):
    print(line(f"plain, {depth} layers"))

# %% [markdown]
# This is **degradation**: the deeper plain network is worse *on its own training pictures*. An
# overfitted network would be better there and worse on new ones. The deep one does not have too
# much freedom; the optimizer does not get it to where the shallow one already is. (Eight epochs
# cannot tell if it would get there with time. The paper's runs, far longer, say that it does not.)

# %% [markdown]
# ## By hand
#
# ### Going around
#
# A **residual block** keeps the two convolutions and adds its own input to what they make:
#
# $$y = \text{ReLU}(x + F(x))$$
#
# $F$ stands for both convolutions with a ReLU between them. The line past them is the **shortcut**
# (or *skip connection*). Take the map below, all weights of both convolutions 0. What comes out of
# a plain block, ReLU(F(x)), and what of a residual block? And with other weights: where x is 2, 0,
# 1 and F(x) is -3, 1, 0, what does the residual block make of the three numbers? Write all down.

# %%
x = np.array([[2, 0, 1], [0, 3, 0], [1, 0, 2]])
figures.grids([("x, without negative numbers", x)], operators=())

# %% tags=["paper"]
from coursekit.scratch import conv2d, relu

zero = np.zeros((3, 3))


def two_layers(maps, first, second):
    """Two 3x3 convolutions, padded by 1, with a ReLU between."""
    return conv2d(np.pad(relu(conv2d(np.pad(maps, 1), first)), 1), second)


plain = relu(two_layers(x, zero, zero))
residual = relu(x + two_layers(x, zero, zero))
figures.grids([("x", x), ("plain block", plain), ("residual block", residual)], operators=("", ""))
assert not plain.any() and np.array_equal(residual, x)
print("2 0 1 and -3 1 0 make", *relu(np.array([2, 0, 1]) + np.array([-3, 1, 0])))

# %% [markdown]
# With weights of 0 a residual block **is the identity** (for an input without negative numbers, as
# it comes out of a ReLU). A plain block would have to *learn* to pass its input on. To do nothing
# is now the easiest thing, and the block has to learn only what to **change**: the *residual*. It
# may add something, or take something away.
#
# ### What it costs
#
# A block has two 3x3 convolutions of 64 to 64 maps, without biases. How many weights are these, and
# how many does the shortcut add?
#
# *He initialization* draws them at random around 0, so that numbers neither grow nor shrink much
# from layer to layer: with the **variance** $2/n$, where $n$ is how many numbers a sum has, here
# 576. (The variance is the mean of the squares of the weights, if their mean is 0. Its square root,
# the **standard deviation**, is the typical size of a weight.) Which standard deviation is that?

# %% tags=["paper"]
print(f"weights: 2 x {9 * 64 * 64:,} = {2 * 9 * 64 * 64:,}; the shortcut adds 0")
print(f"variance 2/{9 * 64} = 1/{9 * 64 // 2}, standard deviation {np.sqrt(1 / 288):.3f}")

# %% [markdown]
# Where a block changes the number of maps or their size, $x$ does not fit $F(x)$. Then the shortcut
# gets a **projection**: a 1x1 convolution with the same stride (lesson 14).
#
# ### Find the slip
#
# Deck 001 says that residual blocks mitigate vanishing or exploding gradients, and regularise. (A
# gradient **vanishes** if it becomes smaller with each layer on its way back, until nothing
# arrives; it **explodes** if it grows. To **regularise** is to work against overfitting, as dropout
# does.) Look again at the table of the plain networks. Which of its two columns could regularising
# mend, and is that where the harm is?

# %% tags=["paper"]
for depth in (8, 26):
    print(line(f"plain, {depth} layers"))

# %% [markdown]
# The test errors, where they are high beside low training errors. Here the *training* errors are
# high. And the paper checks that with batch norm the gradients of its plain networks do not vanish.
# What it sets out from is degradation, as its first figure shows. The shortcuts do give gradients a
# short way back; it is just not the paper's argument.

# %% [markdown]
# ## In the framework
#
# The same networks with shortcuts, nothing else changed:

# %%
predict(
    "15-shortcut",
    "8 layers leave about 27 % training errors if plain, 19 % if residual; 26 plain layers leave "
    "66 %. And 26 residual layers?",
    options=[
        "about 65 %: depth is what hurts",
        "about 35 %: more than half of the harm is gone",
        "about 19 %, as with 8: shortcuts lead past what hurts",
        "about 10 %: at last depth helps",
    ],
)

# %% tags=["reveal", "fold"]
plain_8, residual_8, plain_26, residual_26 = (
    np.mean(final(f"{kind}, {depth} layers")) for depth in (8, 26) for kind in ("plain", "residual")
)
assert 30 < residual_26 < 40 and residual_26 - residual_8 < (plain_26 - plain_8) / 2
reveal(
    "15-shortcut",
    "about 35 %: more than half of the harm is gone",
    because=f"From 8 to 26 layers the plain networks lose {plain_26 - plain_8:.0f} in 100, the "
    f"residual ones {residual_26 - residual_8:.0f}.",
)
for kind in ("plain", "residual"):
    for depth in (8, 14, 26):
        print(line(f"{kind}, {depth} layers"))


def curve(name):
    """Mean training error over three starts, epoch by epoch."""
    rows = [(int(r["epoch"]), 100 * float(r["train_error"])) for r in table if r["network"] == name]
    return [np.mean([e for epoch, e in rows if epoch == k]) for k in range(1, 9)]


names = [f"{kind}, {depth} layers" for kind in ("plain", "residual") for depth in (8, 26)]
figures.signal(
    [(name, np.arange(1, 9), curve(name)) for name in names],
    xlabel="epoch",
    ylabel="errors in 100, during the epoch",
    alt="Four falling curves of training error over eight epochs. The plain network of 26 layers "
    "stays highest by far; the residual one of 26 layers runs much lower, and both networks of 8 "
    "layers lie lowest, the residual one below the plain one.",
)
print("updates of the weights in each run:", 8 * int(np.ceil(3000 / 32)))
print(table[0]["command"])

# %% [markdown]
# (The curves are means *while* a network learns, epoch by epoch; the table is measured at the end,
# so its numbers are lower. All curves bend down after epoch 5: there the learning rate is divided
# by ten.) Read it honestly. After these 752 updates 26 residual layers are still behind 8. What the
# runs show is how much of the harm of depth the shortcut takes away. In the paper, with 64,000
# updates, residual networks end *lower* the deeper they are, from 20 to 110 layers; plain ones do
# not.
#
# A small run of your own, with 600 pictures and 14 layers. Bet on one of the two first:

# %% tags=["banded"]
left = {}
for kind in (False, True):
    torch.manual_seed(0)
    _, rows = run_15.train_one(run_15.Recipe(14, residual=kind), train, test, seed=0, epochs=3)
    name = "residual" if kind else "plain"
    measured(f"{name}: training errors in 100", 100 * float(rows[-1]["final_train_error"]))
    left[name] = float(rows[-1]["final_train_error"])
measured("the residual one's, by the plain one's", left["residual"] / left["plain"], at_most=0.95)

# %% [markdown]
# ### The large ones
#
# For pictures of 224 by 224 the paper has networks of 18 to 152 layers. From 50 layers on the
# blocks are **bottlenecks**: a 1x1 convolution to fewer maps, a 3x3, a 1x1 back.

# %%
from coursekit.models import VGG16, ResNet

with torch.device("meta"):  # shapes without numbers
    large = {"VGG-16": VGG16(), **{f"ResNet-{d}": ResNet(d) for d in (18, 34, 50)}}
for name, network in large.items():
    print(f"{name:9} {sum(p.numel() for p in network.parameters()):>11,} parameters")
bottleneck, plain_pair = 256 * 64 + 9 * 64 * 64 + 64 * 256, 2 * 9 * 256 * 256
print(f"a bottleneck, 256 to 64 to 256 maps: {bottleneck:,} weights")
print(f"two 3x3 on 256 maps:               {plain_pair:,} weights")
assert round(plain_pair / bottleneck) == 17

# %% [markdown]
# Fifty layers with less than a fifth of the weights of VGG-16: like GoogLeNet they end in global
# average pooling. And a bottleneck on 256 maps has about a seventeenth of the weights
# of two 3x3 convolutions.
#
# ### The bag of tricks
#
# ResNet's recipe: batch norm after every convolution, He initialization, SGD with momentum 0.9 and
# weight decay (each step also shrinks every weight a little), a learning rate that is divided by 10
# when the error stops falling, batches of 256, no dropout. Here is the residual network of 8 layers
# with one piece changed at a time. (Ours: batches of 32, rate 0.03, divided once; the rest as in
# the paper. Two pieces are changed twice, the second time with a higher rate: ten times where
# momentum is left out, eight times where batches are eight times as large. "Small random start" is
# a standard deviation of 0.01 in every layer, as AlexNet began; dropout of 0.5 stands before the
# dense layer.) Which piece do you expect to matter most?

# %% tags=["paper", "fold"]
recipe = ["residual, 8 layers", "no batch norm", "small random start", "no momentum"]
recipe += ["no momentum, rate 0.3", "batches of 256", "batches of 256, rate 0.24"]
recipe += ["no weight decay", "rate never falls", "with dropout"]
for name in recipe:
    print(line(name))
worst = {part: max(final(recipe[0], part)) for part in ("final_train_error", "test_error")}
for name in recipe[1:]:
    costs = min(final(name)) > worst["final_train_error"]
    assert costs == (name not in ("no momentum, rate 0.3", "no weight decay"))
    costs_most = min(final(name)) > max(final("with dropout"))
    most = ("no batch norm", "no momentum", "batches of 256")
    assert costs_most == (name in most)
    more_on_test = min(final(name, "test_error")) > worst["test_error"]
    assert more_on_test == (name in (*most, "rate never falls"))
for size in (32, 256):
    print(f"updates of the weights with batches of {size}: {8 * int(np.ceil(3000 / size))}")

# %% [markdown]
# Read it honestly:
#
# - Leaving out **batch norm** or **momentum**, or taking larger **batches**, leaves most errors, on
#   training and on test pictures. But compare the two lines on momentum. It adds 0.9 of each step
#   to the next one, so that steps become up to ten times as long (1 + 0.9 + 0.81 + ... = 10). With
#   ten times the *rate* in place of momentum the errors are as few as before: what counted in these
#   runs was how long the steps are.
# - **Batches of 256** are 96 updates in place of 752. Steps that are eight times as long make up
#   for most of that on training pictures, and for all of it on test pictures. Where there are
#   hundreds of thousands of updates, as in the paper, large batches cost less, and a GPU is quicker
#   with them.
# - **Weight decay** makes no difference here, beyond the spread of three starts.
# - The small start, a rate that never falls and dropout each leave more training errors. On *test*
#   pictures neither the small start nor dropout costs anything: those errors are many in any case,
#   with 3,000 pictures. That is a matter of data (lesson 17), not of depth.

# %% [markdown]
# ## Play
#
# The explorer of lesson 12 again, with the residual networks of 34 and 50 layers.
#
# 1. ResNet-50 has 16 layers more. How many times as much does it cost, in parameters and in work?
# 2. Tick *Every layer* and look for `shortcut`: these are the 1x1 convolutions past a block whose
#    shape changes. Which share of the parameters of ResNet-34 is that?
# 3. In which block of ResNet-34 does a number see all 224 pixels for the first time?

# %%
from coursekit.widgets import ArchitectureExplorer

explorer = ArchitectureExplorer("ResNet-34", "ResNet-50")
explorer

# %% tags=["fold"]
smaller, larger = explorer.tables.values()  # what stands in the answers below
for what, times in [("parameters", 1.17), ("multiply_adds", 1.12)]:
    assert round(sum(row[what] for row in larger) / sum(row[what] for row in smaller), 2) == times
past = sum(row["parameters"] for row in smaller if "shortcut" in row["name"])
assert round(past / sum(row["parameters"] for row in smaller), 3) == 0.008
first = next(row for row in smaller if row["field"][0] >= 224)
assert first["group"] == "stages.conv4_x.0" and first["field"] == [227, 227]

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. 1.17 times the parameters and 1.12 times the work: bottlenecks are cheap.
# 2. 0.8 %. Most of the ways past a block are the input itself and cost nothing.
# 3. In the first block of `conv4_x`, with 227 pixels: about the middle of the network.
#
# </details>

# %% [markdown]
# ### Optional: watch both
#
# The small run of 14 layers once more, with the training monitor of lesson 11. Run the cell, then
# change `residual` to `False` and run it again.
#
# 4. Which of the two has the lower training loss after three epochs?
#
# <details><summary>Answer (after you have looked)</summary>
#
# 4. The residual one, by a little: it begins to learn earlier. (One seed proves little: try more.)
#
# </details>

# %% tags=["nbval-ignore-output"] reason="Its curves differ from machine to machine."
from functools import partial

from coursekit.training import fit
from coursekit.widgets import TrainingMonitor

residual = True
watched = fit(
    run_15.build(run_15.Recipe(14, residual=residual), seed=0),
    train,
    test,
    epochs=3,
    batch_size=32,
    optimizer=partial(torch.optim.SGD, lr=run_15.LR, momentum=run_15.MOMENTUM),
    seed=0,
    hooks=TrainingMonitor(),
    progress=False,
)

# %% tags=["fold", "banded"]
losses = {residual: watched.records[-1]["loss"]}  # what stands in the answer
losses[not residual] = fit(
    run_15.build(run_15.Recipe(14, residual=not residual), seed=0),
    train,
    epochs=3,
    batch_size=32,
    optimizer=partial(torch.optim.SGD, lr=run_15.LR, momentum=run_15.MOMENTUM),
    seed=0,
    progress=False,
).records[-1]["loss"]
measured("training loss, the residual one's by the plain one's", losses[True] / losses[False],
         at_most=0.99)  # fmt: skip

# %% [markdown]
# ## A mistake people make
#
# > *"A deeper network can copy its input in the added layers, so depth cannot hurt."*
#
# It *can*; the question is whether training finds it. How far from a copy is a block at its random
# start? Here are both kinds of block, with He initialization, on the same maps. Their likeness is a
# **correlation**: 1 where output and input rise and fall together, 0 where they have nothing to do
# with each other.

# %%
from coursekit.models import BasicBlock, PlainBlock
from coursekit.models.resnet import start_as_he

torch.manual_seed(0)
maps = torch.rand(1, 16, 8, 8)


def likeness(block):
    """The correlation of a new block's output with its input, batch norm at work."""
    start_as_he(block)
    with torch.no_grad():
        out = block.train()(maps)
    table = np.corrcoef(out.flatten().numpy(), maps.flatten().numpy())  # 2 by 2, each with each
    return table[0, 1]


plain_like = np.mean([likeness(PlainBlock(16, 16)) for _ in range(20)])
residual_like = np.mean([likeness(BasicBlock(16, 16)) for _ in range(20)])

# %% tags=["banded"]
measured("likeness of a plain block's output to its input", plain_like, at_most=0.1)
measured("likeness of a residual block's output", residual_like, at_least=0.18)

# %% [markdown]
# After one plain block nothing of the input can be recognised: the copy exists, and is far away.
# After a residual block something of it can, at the very start.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/15_resnet.ipynb) you write `ResidualBlock`, with a projection where
# it is needed. The checker also asks whether gradients find the way past it.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "15-q1",
    "A network has 12 % training and 30 % test errors. Four deeper ones are trained in the same "
    "way. Which of them shows degradation?",
    [
        ("25 % training and 31 % test errors", True, "Yes: more on its own training pictures."),
        ("12 % training and 38 % test errors", False, "Its training errors are no more."),
        ("3 % training and 45 % test errors", False, "That is overfitting."),
        ("6 % training and 27 % test errors", False, "It is better in both."),
    ],
)

# %%
quiz(
    "15-q2",
    "All weights of a residual block are 0 and its input has no negative numbers. What comes out?",
    [
        ("the input", True, "Yes: x + 0, and ReLU changes nothing."),
        ("zeros", False, "That is the plain block. Here x is added."),
        ("twice the input", False, "The convolutions add 0, not x."),
        ("ones", False, "Nothing in the block makes ones of zeros."),
    ],
)

# %%
quiz(
    "15-q3",
    "A block turns 64 maps into 128 and halves their sides. What does its shortcut need?",
    [
        ("a 1x1 convolution, 64 to 128, stride 2", True, "Yes: 8,192 weights."),
        ("a 3x3 convolution, 64 to 128, stride 1", False, "The sizes would not fit."),
        ("nothing: the identity has no weights", False, "64 maps cannot be added to 128."),
        ("2x2 max pooling with stride 2 alone", False, "The number of maps stays 64 then."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. **Degradation**: deeper plain networks have a higher *training* error. It is not overfitting.
# 2. A residual block computes ReLU(x + F(x)); with weights of 0 it is the identity.
# 3. The shortcut has no weights; where the shape changes a 1x1 projection makes x fit.
# 4. Shortcuts took more than half of the harm of depth away in our small runs; in the paper deeper
#    is better with them, up to 110 layers.
# 5. The recipe: batch norm, He initialization, momentum, a rate that falls, no dropout.

# %% [markdown]
# ## Words
#
# - **Degradation**: a deeper network ends with a higher training error than a shallower one.
# - **Residual**: what a block adds to its input. **Shortcut**, **skip connection**: the way past a
#   block's layers.
# - **Projection**: a 1x1 convolution on the shortcut where the shape changes.
# - **Bottleneck**: 1x1 down, 3x3, 1x1 up, with a shortcut past all three.
# - **Batch norm**: mean 0 and spread 1 for each map over a batch, then a trained scale and shift.
# - **He initialization**: random weights with the variance 2/n. **Variance**: mean of the squares,
#   for a mean of 0. **Standard deviation**: its square root.

# %% [markdown]
# ## Further reading
#
# - K. He, X. Zhang, S. Ren and J. Sun, *Deep residual learning for image recognition*, CVPR, 2016,
#   pages 770 to 778. Figure 1 is degradation, table 1 the networks.
# - K. He, X. Zhang, S. Ren and J. Sun, *Delving deep into rectifiers*, ICCV, 2015: the variance.
# - S. Ioffe and C. Szegedy, *Batch normalization*, ICML, 2015.
#
# The question, the block and the recipe are from deck 001 (*ResNet Architecture*, *Skip
# Connection*, *Bag of tricks used in ResNet*). **Next:** [16 Looking
# inside](16_looking_inside.ipynb).

# ---
# jupyter:
#   coursekit:
#     lesson: "18"
#     title: Transfer learning
#     topics: [T086, T087, T088, T089, T090]
#     minutes: 60
#     datasets: [cifar10_jpeg_subset]
# ---

# %% [markdown]
# # 18 · Transfer learning
#
# **How do I use a network that others trained for pictures of my own?**
#
# After this lesson you can
#
# - put a new head on a pre-trained body, and count what is left to be trained,
# - choose between feature extraction, fine-tuning and training from scratch by the number of
#   pictures you have,
# - say what a frozen batch norm needs beside `requires_grad = False`,
# - read two sources that use the same words for different recipes.
#
# **Time:** about 60 minutes. **Before this:** [11 The training loop](11_training_loop.ipynb),
# [15 ResNet](15_resnet.ipynb) and [16 Looking inside](16_looking_inside.ipynb).

# %% [markdown]
# ## See it: pictures it has never seen
#
# The course comes with a small residual network, the **backbone** of lesson 16. It was trained on
# 12,000 photographs of six classes: airplane, automobile, bird, cat, deer and frog. It has never
# seen a dog, a horse, a ship or a truck, and has no output for them. What does it call them?

# %%
import numpy as np
import torch
from torch import nn

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load, results
from coursekit.models import load_pretrained
from coursekit.models.shipped import SHIPPED
from coursekit.runs import run_18
from coursekit.training import evaluate, fit

try:
    data = load("cifar10_jpeg_subset")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with drawn shapes; the stored table is about photographs.")
    data = load("shapes")
train, test = (run_18.of_classes(*part, data) for part in data)  # dog, horse, ship, truck

backbone = load_pretrained("backbone")
known, new = SHIPPED["backbone"].classes, run_18.CLASSES
look = (test[0][:400], test[1][:400])  # 100 pictures of each new class

# %% tags=["fold"]
figures.images(
    [
        (new[k], look[0][n].transpose(1, 2, 0))
        for k in range(4)
        for n in np.flatnonzero(look[1] == k)[:2]
    ],
    columns=8,
    alt="Eight small colour photographs, two each with the titles dog, horse, ship and truck.",
)

# %%
predict(
    "18-ships",
    "A network knows airplane, automobile, bird, cat, deer and frog. It sees 100 ships. What does "
    "it call most of them?",
    options=[
        "automobile: the other thing with an engine that stays on the ground",
        "airplane: a grey thing in front of much blue",
        "a bit of everything: it knows nothing about ships",
        "frog: the class that lives in water",
    ],
)

# %% tags=["reveal", "fold"]
with torch.no_grad():
    answers = backbone(torch.from_numpy(look[0])).argmax(dim=1).numpy()
called = np.array([[np.sum(answers[look[1] == k] == j) for j in range(6)] for k in range(4)])
reveal(
    "18-ships",
    "airplane: a grey thing in front of much blue",
    because="It has learned colours and shapes, and those of ships are nearest to its airplanes.",
)
figures.grid(
    called,
    title="rows: dog, horse, ship, truck; columns: airplane, automobile, bird, cat, deer, frog",
    alt="A table of four rows and six columns. Most dogs are called cat, most horses deer, most "
    "ships airplane, most trucks automobile.",
)

# %% tags=["banded"]
for row, name, likest in zip(called, new, ("cat", "deer", "airplane", "automobile"), strict=True):
    measured(f"of 100, {name} called {likest}", row[known.index(likest)], at_least=45)

# %% [markdown]
# The answers are wrong, and full of sense: each new class goes to the known one that looks most
# like it. What the network knows of the visual world is not in its six outputs. It is in the
# **64 numbers before them**, its *features*: the last maps, averaged (lesson 14).
# **Transfer learning** keeps what computes them,
# the **body** (or *base*, *backbone*), throws the last layer away, and puts a new **head** in its
# place.

# %% [markdown]
# ## Predict
#
# Four classes, and few pictures. **From scratch**: the same network with random weights, all of it
# trained. **Feature extraction**: the backbone's body, **frozen** (nothing in it changes), and a
# new head trained on its 64 features. Each gets about 120 updates with batches of at most 32
# pictures: of 4,000 pictures each is seen about once, of 40 (a batch of 32 and one of 8) each 60
# times.

# %%
predict(
    "18-few",
    "From scratch with 1,000 pictures of each class, or feature extraction with 10 of each: which "
    "tells new dogs, horses, ships and trucks apart better?",
    options=[
        "from scratch, by far: 100 times as many pictures",
        "from scratch, by a little",
        "feature extraction, though its body has never seen one of the four",
        "neither is much better than guessing, 25 %",
    ],
)

# %% tags=["reveal", "fold"]
table = results("18_transfer_learning")


def percent(way, count, column="test_accuracy"):
    """Accuracy in percent, one for each of three starts."""
    rows = [r for r in table if r["way"] == way and int(r["per_class"]) == count]
    return np.array([100 * float(row[column]) for row in rows])


def row_of(way, column="test_accuracy", counts=run_18.PER_CLASS):
    """A way, and its mean accuracy for each number of pictures, with lowest and highest."""
    cells = []
    for count in counts:
        found = percent(way, count, column)
        cells.append(f"{found.mean():3.0f} ({found.min():2.0f}-{found.max():2.0f})")
    return f"{way:28}" + "".join(f"{cell:>15}" for cell in cells)


heading = f"{'pictures of each class':28}" + "".join(f"{n:>15,}" for n in run_18.PER_CLASS)
few, many = percent("feature extraction", 10), percent("from scratch", 1000)
reveal(
    "18-few",
    "feature extraction, though its body has never seen one of the four",
    because=f"About {few.mean():.0f} against {many.mean():.0f} of 100, in these 120 updates.",
)
assert few.min() > many.max()
print("right of 100 new pictures: mean of three starts (lowest-highest)")
print(heading)
for way in ("from scratch", "feature extraction"):
    print(row_of(way))
print(table[0]["command"])

# %% [markdown]
# Read across: more pictures help training from scratch a great deal, and feature extraction hardly
# at all. Its 64 features are what they are, and a few pictures are enough to
# show where the classes lie among them.
#
# And be fair: 120 updates are few for a network that begins at random. With four times as
# many, and 1,000 pictures of each class:

# %% tags=["fold"]
longer = percent("from scratch, four times as long", 1000)
assert longer.min() > percent("feature extraction", 1000).max()
print(row_of("from scratch, four times as long", counts=[1000]))

# %% [markdown]
# With 4,000 pictures *and* the time it overtakes the borrowed features: its own are made for these
# four classes. With 40 pictures it knows all of them by heart (training accuracies come later).
# Borrowing pays where pictures or time are short.

# %% [markdown]
# ## By hand
#
# ### What is left to be trained
#
# GoogLeNet has 6,998,552 parameters. Its head turns 1,024 features into 1,000 classes. You want 10.
# How many parameters has the old head, the new one, and the frozen body? Which share of the new
# network is trained?

# %% tags=["paper"]
old_head, new_head = 1000 * (1024 + 1), 10 * (1024 + 1)
body = 6_998_552 - old_head
print(f"old head {old_head:,}, new head {new_head:,}, body {body:,}")
print(f"trained: {new_head:,} of {body + new_head:,}, {100 * new_head / (body + new_head):.2f} %")

# %% [markdown]
# ### What moves without any gradient
#
# One picture alone has no batch to take a mean of. So batch norm in training mode collects a
# **running mean** (and variance) of each map, and uses it after `eval()`. After each batch it
# becomes 0.9 times the old one plus 0.1 times the mean of the batch. It is no parameter; no
# gradient is needed.
# A map's running mean is 2. Two batches come, of a new kind of picture, both with a mean of 12.
# What is the running mean after the first, and after the second?

# %% tags=["paper"]
norm = nn.BatchNorm2d(1)  # in training mode, as every new layer
norm.requires_grad_(False)  # frozen, one would think
norm.running_mean.fill_(2.0)
for _ in range(2):
    norm(torch.full((4, 1, 3, 3), 12.0))
    print(f"{norm.running_mean.item():.1f}")

# %% [markdown]
# From 2 to 3 and to 3.9, although nothing in the layer can be trained. After twenty such batches
# it has forgotten nearly nine tenths of what it knew.
#
# ### Find the slip
#
# Three sentences from two slides of one deck (deck 001):
#
# 1. *Feature extraction*: "use the convolutional base" of the pre-trained model, as it is.
# 2. *Transfer learning, or fine-tuning*: add your own layers on top of the trained base, freeze the
#    base, train the new part, unfreeze some layers of the base, train both together.
# 3. *Transfer learning vs fine-tuning*: in transfer learning the feature-extraction layers are
#    frozen and only the classifier is trained; in fine-tuning the last few layers of the feature
#    extractor are trained further as well, and the first ones stay frozen.
#
# Is "transfer learning" the same thing in 2 and in 3? What is 3's transfer learning called in 1?

# %% tags=["paper"]
for recipe, way in (
    ("1, and transfer learning of 3", "feature extraction"),
    ("2 at its end, and fine-tuning of 3", "fine-tuned, last stage"),
):
    made = run_18.build(run_18.WAYS[way], seed=0)  # from our backbone
    numbers = [p for part in made for p in part.parameters()]
    trained = sum(p.numel() for p in numbers if p.requires_grad)
    print(f"{recipe:36} {trained:>6,} of {sum(p.numel() for p in numbers):,} are trained")
assert trained > 200 * 4 * (64 + 1)  # so they are not the same thing

# %% [markdown]
# No: in 2 it ends with layers of the base being trained, in 3 it does not. What 3 calls transfer
# learning is the feature extraction of 1, with a head on top. Both usages are alive. In this
# course **transfer learning** is the roof over all of it; **feature extraction** trains the head
# alone; **fine-tuning** trains layers of the body, too. Elsewhere, ask *what is trained*.

# %% [markdown]
# ## From scratch: features without training
#
# How much do the features know? A test without any training: average the features of 10 pictures
# of each new class; a new picture belongs to the class whose average is nearest. The same with the
# pixels themselves, and with what comes out of the first block. A frozen body gives a picture the
# same features every time, so they are computed once and kept:

# %%
parts = run_18.parts(backbone)  # first convolution, stages 1, 2 and 3, averaging, head
ten = run_18.some_of_each(train, 10, seed=0)
depths = {"pixels": 0, "first block": 2, "64 features": 5}


def nearest(sample, others):
    """The share of pictures that are nearest to the average of their own class."""
    (x, labels), (y, truth) = sample, others
    x, y = x.reshape(len(x), -1), y.reshape(len(y), -1)
    averages = np.stack([x[labels == k].mean(axis=0) for k in range(4)])
    distances = ((y[:, None] - averages) ** 2).sum(axis=2)  # (pictures, 4)
    return np.mean(distances.argmin(axis=1) == truth)


# %%
predict(
    "18-nearest",
    "Nearest average of 10 pictures of each class, four new classes: guessing is 25 %. What does "
    "it reach with pixels, and with the 64 features?",
    options=[
        "pixels about 25 %, features about 95 %",
        "pixels about 45 %, features about 70 %",
        "pixels about 70 %, features about 70 %: without training nothing is gained",
        "pixels about 45 %, features about 45 %: the body knows other classes",
    ],
)

# %% tags=["reveal", "fold", "banded"]
shares = {}
for name, depth in depths.items():
    sample, others = (run_18.through(parts[:depth], some) for some in (ten, look))
    shares[name] = nearest(sample, others)
reveal(
    "18-nearest",
    "pixels about 45 %, features about 70 %",
    because="The first block lies in between.",
)
measured("pixels: share right", shares["pixels"], at_least=0.35, at_most=0.55)
measured("first block: share right", shares["first block"], at_most=0.62)
measured("more than by the pixels", shares["first block"] - shares["pixels"], at_least=0.03)
measured("64 features: share right", shares["64 features"], at_least=0.66)

# %% [markdown]
# The deeper of these three, the better an average tells the classes apart, *even classes that were
# never shown*. Why should that be? Look at what the first layer has learned, and what it makes
# of a horse and of a truck:

# %% tags=["fold"]
from coursekit.attribution import layer_outputs

kernels = backbone.conv.weight.detach()
shown = kernels.abs().amax(dim=(1, 2, 3)).argsort(descending=True)[:8]
scale = kernels.abs().amax()
figures.images(
    [
        (f"filter {k}", (kernels[k] / scale / 2 + 0.5).permute(1, 2, 0).numpy())
        for k in shown.tolist()
    ],
    columns=8,
    alt="Eight filters of 3 by 3 coloured cells: some light on one side and dark on the other, "
    "some with opposite colours on two sides.",
)
two = [int(np.flatnonzero(look[1] == k)[0]) for k in (1, 3)]
maps = layer_outputs(backbone, torch.from_numpy(look[0][two]))["bn"].clamp(min=0)
figures.images(
    [
        item
        for n, row in zip(two, maps, strict=True)
        for item in [
            (new[look[1][n]], look[0][n].transpose(1, 2, 0)),
            *(
                (f"map {k}", (row[k] / row[k].max().clamp(min=1e-6)).numpy())
                for k in shown[:7].tolist()
            ),
        ]
    ],
    columns=8,
    alt="A horse and a truck, each with seven maps of the first layer, in which edges and areas of "
    "one colour are bright.",
)

# %% [markdown]
# Edges in some direction, light against dark, one colour against another: a horse is made of them
# as well as a deer. Early layers are **generic**. Later ones put them together to parts of the
# *known* classes (lesson 16). So one may keep the first layers, and want to train the last ones.

# %% [markdown]
# ## In the framework
#
# ### Feature extraction in PyTorch
#
# The body once over all pictures, then a head of 64 x 4 weights and 4 biases, which takes a moment:

# %%
features, look_features = (run_18.through(parts[:5], some) for some in (ten, look))
torch.manual_seed(0)
head = nn.Linear(backbone.fc.in_features, 4)
fit(head, features, epochs=60, batch_size=32, lr=0.01, seed=0, progress=False)
print("features of 40 pictures:", features[0].shape)

# %% tags=["banded"]
measured(
    "10 pictures of each class, share of 400 right", evaluate(head, look_features).accuracy,
    at_least=0.66,
)  # fmt: skip

# %% [markdown]
# Computing the features beforehand works while the pictures stay the same. With augmentation
# (lesson 17) each epoch has other pictures, and the body has to run each time. Then it must be
# frozen in place: each of its parameters gets `requires_grad = False` (lesson 04). For one of them:

# %%
conv = backbone.conv.weight
conv.requires_grad = False
backbone(torch.from_numpy(ten[0])).sum().backward()
print("gradient of the first convolution:", conv.grad)
print("gradient of the head:", tuple(backbone.fc.weight.grad.shape))
conv.requires_grad = True
backbone.zero_grad()

# %% [markdown]
# Do this for every parameter (in the exercise). Is the body frozen then?

# %%
predict(
    "18-frozen-norm",
    "All parameters of the backbone are frozen and there is no optimizer. In training mode it "
    "looks at 20 batches of 32 ships. On its own six classes it had about 73 % right. And now?",
    options=[
        "as many: not one parameter has changed",
        "more: it has seen more pictures",
        "clearly fewer, but far more than guessing",
        "about 17 %, as by guessing",
    ],
)

# %% tags=["reveal", "fold", "banded"]
import copy

numbers = [data.classes.index(c) if c in data.classes else k for k, c in enumerate(known)]
rows = np.flatnonzero(np.isin(data.test[1], numbers))[:600]
six = (
    data.test[0][rows].transpose(0, 3, 1, 2).astype(np.float32) / 255,
    np.array([numbers.index(label) for label in data.test[1][rows]]),
)
drifted = copy.deepcopy(backbone)  # deepcopy: a copy that shares nothing with it
drifted.requires_grad_(False)  # all parameters
drifted.train()
ships = torch.from_numpy(train[0][train[1] == 2][:640])
with torch.no_grad():
    for batch in ships.split(32):
        drifted(batch)
drifted.eval()
before, after = evaluate(backbone, six).accuracy, evaluate(drifted, six).accuracy
same = all(map(torch.equal, backbone.parameters(), drifted.parameters()))
assert same and after < before - 0.05
reveal(
    "18-frozen-norm",
    "clearly fewer, but far more than guessing",
    because="Running means and variances have moved to those of ships: they are no parameters.",
)
measured("own six classes, before", before, at_least=0.68)
measured("own six classes, after 20 batches of ships", after, at_least=0.4, at_most=0.66)

# %% [markdown]
# So a frozen body with batch norm has to be in **evaluation mode**: there its statistics are used
# and left alone. `body.eval()` does it, until somebody calls `model.train()` on the whole network,
# as every training loop does. The course's `fit` leaves parts alone that are frozen and in
# evaluation mode; in a loop of your own, call `body.eval()` after `model.train()`.
#
# How much does it matter for the *new* classes? Here both were trained as above, once with batch
# norm at rest, once moving:

# %% tags=["fold"]
print(heading)
resting, moving = (
    np.mean([percent(way, count) for count in run_18.PER_CLASS])
    for way in ("feature extraction", "frozen, batch norm moving")
)
assert 0.3 < resting - moving < 4
for way in ("feature extraction", "frozen, batch norm moving"):
    print(row_of(way))

# %% [markdown]
# Little: a point or two less. The new head learns on the moving features and moves along, and our
# new photographs resemble the old ones. What is gone is the body that was promised to stay as it
# is: its old head has become worse, and so would any other that was trained on it.
#
# ### Optional: the same in Keras
#
# Keras has one switch for both: `layer.trainable = False` keeps the weights *and* puts batch norm
# at rest, even in training mode. The two frameworks mean different things by "frozen":

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

batch = np.full((4, 3, 3, 1), 12.0, dtype="float32")
in_keras = keras.layers.BatchNormalization()
in_keras.trainable = False
in_keras(batch, training=True)
in_torch = nn.BatchNorm2d(1).requires_grad_(False).train()
in_torch(torch.from_numpy(batch).permute(0, 3, 1, 2))
print("Keras: moving mean", float(in_keras.moving_mean[0]))
print(f"PyTorch: running mean {in_torch.running_mean.item():.1f}")

# %% [markdown]
# ### Optional: large bodies
#
# Few people train a large body themselves: those trained on ImageNet (1,000 classes, 1.2 million
# pictures)
# are published, and the recipe is the same. `load_pretrained("resnet18")` fetches torchvision's
# weights (45 MB) and puts them into the ResNet of lesson 15; `mobilenet_base` is
# `keras.applications.MobileNetV2` without its head (9 MB). Both are fetched once, where a network
# allows; set `FETCH = True` to do it. Without it the shapes are the same, and the weights random.

# %%
from coursekit.errors import CourseError
from coursekit.models import ResNet, mobilenet_base

FETCH = False  # True: fetch 45 MB and 9 MB
try:
    resnet = load_pretrained("resnet18") if FETCH else ResNet(18)
    base = mobilenet_base(96, weights="imagenet" if FETCH else None)
except CourseError as problem:
    print(problem)
    resnet, base = ResNet(18), mobilenet_base(96)

# PyTorch: freeze, and rest; then a new head, which is open
resnet.requires_grad_(False).eval()
resnet.fc = nn.Linear(resnet.fc.in_features, 4)
open_ones = sum(p.numel() for p in resnet.parameters() if p.requires_grad)
print(f"ResNet-18: {open_ones:,} of {sum(p.numel() for p in resnet.parameters()):,} are trained")

# Keras: freeze; then a new head behind the base
base.trainable = False
small = keras.Sequential([base, keras.layers.Dense(4)])
open_ones = sum(int(np.prod(w.shape)) for w in small.trainable_weights)
print(f"MobileNetV2: {open_ones:,} of {small.count_params():,} are trained")

# %% [markdown]
# Two things to mind with such a body. Its pictures must be prepared as its makers did: 224 by 224,
# and from -1 to 1 for this one of Keras. For torchvision's, values from 0 to 1, less the mean of
# each colour over ImageNet, divided by that colour's spread: three fixed pairs of numbers, which
# stand with the weights. And its licence, and what it was trained on, are part of what you take
# over.
#
# ### Fine-tuning: how far down, and how fast?
#
# Now parts of the body learn as well. Four ways from the backbone, beside from scratch:
#
# - **feature extraction**: the head alone,
# - **fine-tuned, last stage**: the head, and stage 3 at a tenth of the rate,
# - **fine-tuned, body at a tenth**: everything, the body at a tenth of the head's rate,
# - **fine-tuned, one rate**: everything at the same rate.

# %%
predict(
    "18-best",
    "Feature extraction against training everything at one rate: which wins with 10 pictures of "
    "each class, and which with 1,000?",
    options=[
        "10: feature extraction; 1,000: everything",
        "10: everything; 1,000: feature extraction",
        "feature extraction both times: what is pre-trained is best left alone",
        "everything both times: more can adapt",
    ],
)

# %% tags=["reveal", "fold"]
ways = ["feature extraction", "fine-tuned, last stage", "fine-tuned, body at a tenth"]
ways += ["fine-tuned, one rate", "from scratch"]
reveal(
    "18-best",
    "10: feature extraction; 1,000: everything",
    because="Among those that begin from the backbone the order is turned around.",
)
print("right of 100 new pictures: mean of three starts (lowest-highest)")
print(heading)
means = {count: [percent(way, count).mean() for way in ways] for count in (10, 1000)}
for way in ways:
    print(row_of(way))
assert means[10][1:] == sorted(means[10][1:], reverse=True) and means[10][0] > means[10][2]
assert means[1000][:4] == sorted(means[1000][:4])  # the more, the better, if pre-trained
print("on the training pictures themselves:")
for way in ways:
    print(row_of(way, "train_accuracy"))

from matplotlib.figure import Figure

fig = Figure(figsize=(6.8, 3.8), layout="constrained")
axes = fig.add_subplot(xlabel="pictures of each class", ylabel="right of 100", xscale="log")
colours = ("#0072B2", "#009E73", "#CC79A7", "#D55E00", "#000000")
for way, colour, marker in zip(ways, colours, "osD^v", strict=True):
    found = [percent(way, count) for count in run_18.PER_CLASS]
    middle = np.array([each.mean() for each in found])
    reach = [middle - [f.min() for f in found], [f.max() for f in found] - middle]
    axes.errorbar(
        run_18.PER_CLASS, middle, reach, label=way, color=colour, marker=marker, capsize=4
    )
axes.set_xticks(run_18.PER_CLASS, [f"{n:,}" for n in run_18.PER_CLASS])
axes.legend(fontsize=8)
figures.show(
    fig,
    alt="Five lines over 10 to 1,000 pictures of each class, with error bars. Feature extraction "
    "begins at the top and stays nearly flat. Fine-tuning at one rate begins low and ends highest; "
    "the two other ways of fine-tuning rise less steeply. From scratch is lowest everywhere.",
)

# %% [markdown]
# With 10 pictures of each class, little should be trained: the head, or the last stage with it.
# With 1,000 the more is trained, and the faster, the better, as long as it begins from the
# backbone. Look at the training pictures: at 10 the network that is trained as a whole at one rate
# knows its 40 pictures by heart. The one whose last stage learns knows nearly all of its 40, too,
# and has lost nothing on new ones: what costs is not the learning by heart, but that everything
# below was changed for 40 pictures. At 1,000 it is the other way about: the features of six other
# classes hold feature extraction back, on training pictures as well.
#
# **A lower rate for the body** lies between. The new head is random at first, and its first
# gradients tear at everything before it; a tenth of the rate lets the body keep more of what it
# knows. That protects it where pictures are few, and costs a little where they are many and the
# updates few. So a recipe for a start: *first* the head alone; if
# training and test accuracy are too low, the last stage, then more, at a tenth of the rate.

# %% [markdown]
# ## Play
#
# `try_out` trains a network of your own on a few pictures, in some seconds, and says how many of
# 400 new pictures are right. The ways are called as in the tables: `"from scratch"`,
# `"feature extraction"`, `"fine-tuned, last stage"`, `"fine-tuned, body at a tenth"`,
# `"fine-tuned, one rate"`, and one more, in task 2.
#
# 1. Give feature extraction another seed, which draws other pictures:
#    `try_out("feature extraction", 10, seed=1)`. How far apart are five seeds?
# 2. `"random body, frozen"` puts a head on a body that has learned nothing. Before you run it: does
#    its head find anything in random features?


# %%
def try_out(way, per_class, seed=0, updates=120):
    """Train by a way of lesson 18; show the shares right of training and of new pictures."""
    some = run_18.some_of_each(train, per_class, seed)
    _, right = run_18.train_one(run_18.WAYS[way], some, look, updates=updates, seed=seed)
    measured(f"{way}, {per_class} of each: training", right["train_accuracy"])
    measured("new pictures", right["test_accuracy"])


# %% tags=["banded"]
try_out("feature extraction", 10)
print("trained and tested")

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. Some points apart: with 10 pictures it matters which 10. That is why the tables have three
#    starts.
# 2. Something, and how much depends on the start: the three of the table (run the cell below) lie
#    above 25 %, and far below what learned features give.
#
# </details>

# %% tags=["reveal", "fold"]
print(heading)
print(row_of("random body, frozen"))

# %% [markdown]
# ## A mistake people make
#
# > *"Transfer learning trains the network again, only for a shorter time."*
#
# How many numbers of the whole network are different after feature extraction? Put the head from
# above onto the body, and count.

# %%
whole = load_pretrained("backbone")
whole.fc = head
whole.eval()
# state_dict: every number of a network, by names; the statistics of batch norm are among them
old, now = load_pretrained("backbone").state_dict(), whole.state_dict()
kept = sum(
    v.numel() for name, v in now.items() if v.shape == old[name].shape and torch.equal(v, old[name])
)
total = sum(v.numel() for v in now.values())
learned = sum(p.numel() for p in head.parameters())
print(f"the same as before: {kept:,}; new: {total - kept:,}, the head's {learned:,}")
assert total - kept == learned == 4 * (64 + 1)

# %% [markdown]
# 260 numbers are new, and all the others are the same, bit for bit. Even where fine-tuning moves
# all of them, it does not begin anew: it begins where the body stands.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/18_transfer_learning.ipynb) you write `freeze` for any module and
# `replace_head` for any network, and tell dogs, horses, ships and trucks apart with twenty pictures
# of each.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "18-q1",
    "Somebody writes: 'We froze the convolutional base and trained a new classifier on top.' What "
    "is it called in this course?",
    [
        ("fine-tuning of the last layers", False, "No layer of the base is trained here."),
        ("feature extraction, a kind of transfer learning", True,
         "Yes: the head alone is trained. Some call just this transfer learning."),
        ("training from scratch, with a frozen start", False,
         "From scratch means that nothing learned is used."),
        ("transfer learning, in contrast to feature extraction", False,
         "Feature extraction is what they do; transfer learning is the roof over it."),
    ],
)  # fmt: skip

# %%
quiz(
    "18-q2",
    "In PyTorch all parameters of a body have requires_grad = False. The training loop begins each "
    "epoch with model.train(). What still changes in the body?",
    [
        ("nothing: without gradients nothing can change", False,
         "Running means and variances need no gradient."),
        ("scale and shift of its batch norms", False, "They are parameters, and frozen."),
        ("the weights, by weight decay alone", False,
         "An optimizer passes over a parameter without a gradient."),
        ("means and variances of its batch norms", True,
         "Yes: each batch moves them. body.eval() after model.train() stops it."),
    ],
)  # fmt: skip

# %%
quiz(
    "18-q3",
    "You have 15 pictures each of three kinds of moths, and a body trained on ImageNet. What do "
    "you try first?",
    [
        ("a new head on the frozen body", True,
         "Yes: 45 pictures can place three classes among given features, and hardly teach more."),
        ("fine-tuning of everything at one rate", False,
         "With so few pictures the body is bent to these 45."),
        ("a small network from scratch", False,
         "It would have to learn edges and colours from 45 pictures."),
        ("the old head, with three of its 1,000 classes", False,
         "Those are other classes; the features before the head are what is of use."),
    ],
)  # fmt: skip

# %%
quiz(
    "18-q4",
    "Why does the body get a lower learning rate than the head in fine-tuning?",
    [
        ("it has more parameters, and many small steps add up", False,
         "Not their number counts, but where they begin."),
        ("its gradients are larger than those of the head", False,
         "Nothing says so, and AdamW evens out their sizes."),
        ("it begins near something good, the head at random", True,
         "Yes: large steps, led by a head that knows nothing yet, would spoil it."),
        ("its layers come first and are updated first", False,
         "All parameters are updated in the same step."),
    ],
)  # fmt: skip

# %% [markdown]
# ## Recap
#
# 1. A pre-trained **body** computes features that are of use for classes it has never seen.
# 2. **Feature extraction** trains a new head on a frozen body: with few pictures hard to beat.
# 3. **Fine-tuning** trains layers of the body, too: with many pictures it goes further.
# 4. A body is frozen when its parameters *and* the statistics of its batch norms stay as they are.
# 5. Ask of every recipe what is trained: the words are used in different ways.

# %% [markdown]
# ## Words
#
# - **Pre-trained model**: one whose weights were learned before, on another and larger set.
# - **Transfer learning**: using what was learned on one task for another one.
# - **Body** (base, backbone): all layers up to the features. **Head**: what turns them into scores.
# - **Feature extraction**: the body as it is, and a new head that is trained.
# - **Frozen**: kept as it is while the rest is trained.
# - **Fine-tuning**: training layers of a pre-trained body further.
# - **Running mean**: the mean of a map that batch norm has collected, and uses in evaluation mode.

# %% [markdown]
# ## Further reading
#
# - J. Yosinski, J. Clune, Y. Bengio and H. Lipson, *How transferable are features in deep neural
#   networks?*, NeurIPS, 2014: layer by layer, from generic to special.
# - S. Kornblith, J. Shlens and Q. V. Le, *Do better ImageNet models transfer better?*, CVPR, 2019:
#   fixed features, fine-tuning and random starts on twelve sets.
# - M. Sandler and others, *MobileNetV2: Inverted residuals and linear bottlenecks*, CVPR, 2018.
#
# The recipes and both definitions are from deck 001 (*Leveraging a Pre-trained model*, *Transfer
# Learning vs Fine-Tuning*). **Next:** [19 Backpropagation](19_backpropagation.ipynb): how a
# convolution learns at all.

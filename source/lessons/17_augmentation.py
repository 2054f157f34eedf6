# ---
# jupyter:
#   coursekit:
#     lesson: "17"
#     title: Data augmentation
#     topics: [T025, T129]
#     minutes: 60
#     datasets: [mnist]
# ---

# %% [markdown]
# # 17 · Data augmentation
#
# **What does a CNN not know about turned, resized or shifted pictures, and what does augmentation
# buy?**
#
# After this lesson you can
#
# - count which changes of a picture a CNN copes with, and say what it owes to its training,
# - decide whether a change keeps the label,
# - flip and cut out pictures as arrays, and with layers of Keras and PyTorch,
# - say when augmentation helps, and when it hurts.
#
# **Time:** about 60 minutes. **Before this:** [07 Why convolution
# works](07_why_convolution_works.ipynb), [08 ReLU and pooling](08_relu_and_pooling.ipynb), [11 The
# training loop](11_training_loop.ipynb) and [13 AlexNet and ZFNet](13_alexnet_and_zfnet.ipynb),
# where augmentation has its first run.

# %% [markdown]
# ## See it: a 9 goes round
#
# The course ships a small trained network for handwritten digits, with two convolutions and
# pooling. Here is a 9 that it was not trained on, turned by 20 degrees more in each picture, and
# above each picture what the network takes it for. (The first of the two folded cells loads the
# digits and the network.)

# %% tags=["fold"]
import os

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import torch

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load, results
from coursekit.models import digit_cnn, load_pretrained
from coursekit.models.shipped import SHIPPED
from coursekit.runs import run_17

try:
    data = load("mnist")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with drawn strokes; its claims are about handwritten digits.")
    data = load("strokes")
images = torch.from_numpy(data.test[0][:1000, None] / np.float32(255))  # (N, 1, 28, 28)
labels = torch.from_numpy(data.test[1][:1000])
network = load_pretrained("digit_cnn")


def answers(pictures, model=network):
    """What a network (the shipped one, if no other is named) takes each picture for."""
    with torch.no_grad():
        return model(pictures).argmax(dim=1)


# %% tags=["fold"]
nine = images[labels == 9][3:4]
round_it_goes = [(a, run_17.turned(nine, float(a))) for a in range(0, 181, 20)]
figures.images(
    [(f"{a}°: {answers(p).item()}", p[0, 0].numpy()) for a, p in round_it_goes],
    columns=5,
    alt="A handwritten 9 in ten pictures, turned by 0 to 180 degrees in steps of 20. Above each "
    "stands the digit that the network takes it for.",
)

# %% [markdown]
# Turned by half a turn, a 9 is a 6. On the way the network names digits that nobody sees.
# (`run_17.turned` turns a whole batch; the stored runs below use it as well.)

# %% [markdown]
# ## Predict
#
# Now count, with 1,000 test digits: all moved to the right by 4 pixels, or all turned by 60
# degrees. What do you expect, after convolution (lesson 07) and pooling (lesson 08)?

# %%
predict(
    "17-turn",
    "Of 100 upright digits the network reads 99. How many of 100 does it read moved by 4 pixels, "
    "and how many turned by 60 degrees?",
    options=[
        "more than 90 moved, more than 90 turned",
        "more than 90 moved, fewer than 35 turned",
        "fewer than 35 moved, more than 90 turned",
        "fewer than 35 moved, fewer than 35 turned",
    ],
)

# %% tags=["reveal", "banded"]


def read_of_100(pictures, model=network):
    """How many of 100 pictures a network reads correctly."""
    return 100 * (answers(pictures, model) == labels).float().mean().item()


def moved_right(pixels):
    """The test digits with columns of 0 added at the left, and as many cut off at the right."""
    return torch.nn.functional.pad(images, (pixels, -pixels))


moved = moved_right(4)
measured("read of 100, upright", read_of_100(images), at_least=97)
measured("read of 100, moved by 4 pixels", read_of_100(moved), at_least=91)
measured("read of 100, turned by 60 degrees", read_of_100(run_17.turned(images, 60.0)), at_most=35)
reveal(
    "17-turn",
    "more than 90 moved, fewer than 35 turned",
    because="Its training digits were moved at random; none was turned. Nothing in a convolution "
    "knows about turning.",
)

# %% [markdown]
# ### Built in, or shown?
#
# Is it the architecture, then, that copes with 4 pixels: the same filter everywhere, and pooling?
# Look at the card of the shipped network, and let two more of the same architecture learn from 300
# digits: one from the digits as they are, one from digits that are moved at random by up to 2
# pixels.

# %% tags=["banded"]
assert "each image moved by up to 2 pixels" in " ".join(SHIPPED["digit_cnn"].card.split())
print("the card of the shipped network: each image moved by up to 2 pixels")

few = run_17.grey_digits(*data.train, 300)


def learned_from(change):
    """A digit network that has learned from 300 digits with these random changes."""
    torch.manual_seed(0)
    model = digit_cnn()
    run_17.train_one(model, few, change, updates=60, seed=0)
    return model.eval()


plain, shown = learned_from(()), learned_from(run_17.DIGIT_CHANGES["shifts"])
measured("learned as they are: read of 100, upright", read_of_100(images, plain), at_least=75)
measured("the same, moved by 4 pixels", read_of_100(moved, plain), at_most=55)
measured(
    "more read of the moved ones, of 100, if moved digits were shown",
    read_of_100(moved, shown) - read_of_100(moved, plain),
    at_least=6,
)

# %% [markdown]
# So the architecture alone does not do it: at 4 pixels the network that met no moved digits loses
# at least 20 of 100. Convolution's *map* moves along and pooling forgives a little, but then the
# network flattens the map: its dense layer has other weights for each place. The rest it has to be
# shown. (One random start each.)

# %% [markdown]
# Turning and resizing the shipped network's digits, step by step (the pixels of a turned or resized
# picture lie between those of the old one; each is a mean of its four neighbours, the nearer ones
# counting more):

# %% tags=["fold"]
angles = [0, 10, 20, 30, 40, 50, 60]
sizes = [0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6]
by_angle = [read_of_100(run_17.turned(images, float(a))) for a in angles]
by_size = [read_of_100(run_17.turned(images, 0.0, s)) for s in sizes]
figures.signal(
    [("turned", np.array(angles), np.array(by_angle))],
    xlabel="degrees",
    ylabel="read of 100",
    markers=True,
    alt="A curve that stays above 95 up to 10 degrees and then falls, to below 35 at 60 degrees.",
)
figures.signal(
    [("resized", np.array(sizes), np.array(by_size))],
    xlabel="size, 1 as written",
    ylabel="read of 100",
    markers=True,
    alt="A curve with a flat top above 95 between the sizes 0.8 and 1.2. To the left it falls "
    "steeply, to below 40 at 0.4; to the right it falls more slowly, to between 75 and 90 at 1.6.",
)

# %% [markdown]
# People write at a slant, so the network has met digits that are turned by some 10 degrees; and not
# all people write at the same size. Beyond what the training pictures hold, it has nothing to go
# by.

# %% [markdown]
# ## By hand
#
# ### Why a filter minds
#
# This is a filter for a diagonal line. Lay it on a diagonal line (ink is 1, paper 0), then on the
# same line after a quarter turn. Multiply and add, with a pencil: which two numbers come out?

# %%
diagonal_filter = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
line = np.eye(3, dtype=int)
turned_line = np.rot90(line)  # a quarter turn
figures.grids(
    [("filter", diagonal_filter), ("a line", line), ("after a quarter turn", turned_line)],
    operators=(" ", " "),
)

# %% tags=["paper"]
print("on its own line:", (diagonal_filter * line).sum())
print("on the turned line:", (diagonal_filter * turned_line).sum())
assert (diagonal_filter * line).sum() == 3 and (diagonal_filter * turned_line).sum() == -1

# %% [markdown]
# From the best possible value to one that ReLU turns into 0. To find the turned line, too, the
# network needs **another filter**, and has no reason to learn one unless turned lines are in its
# training pictures.
#
# ### Find the slip
#
# Deck 003 says that CNNs recognise a pattern that they learned in one corner in any other place,
# and calls this **translation invariance**. Move the digits by 6 pixels, and look only at those
# that lose no ink at the border. Does the shipped network read them as before? And to what in a
# network does the sentence apply? (Lesson 07 has a word for it.)

# %% tags=["paper", "banded"]
whole = images[..., -6:].sum(dim=(1, 2, 3)) == 0  # nothing in the 6 columns that are cut off
read = 100 * (answers(moved_right(6)) == labels)[whole].float().mean().item()
measured("read of 100 that lose no ink, moved by 6 pixels", read, at_most=75)
print("it applies to the map of a convolution, which moves along: translation equivariance")

# %% [markdown]
# Right is (lesson 07): the *map* of a convolution moves along, which is equivariance. How far the
# *answer* stays comes from pooling, from what follows it, and from training.
#
# ### Which changes keep the label?
#
# **Augmentation** means: make new training pictures from those that you have, by changes that keep
# the label true. Here is the 9 of lesson 03, moved by one column, mirrored, and after half a turn.
# Which of the three may keep the label *9*? And in how many of 35 cells does each differ?

# %% tags=["fold"]


def drawing(text):
    """Turn a drawing made of # (ink) and . (paper) into a grid of 1 and -1."""
    return np.array([[1 if mark == "#" else -1 for mark in row] for row in text.split()])


drawn_nine = drawing(".###. .#.#. .###. ...#. ...#. ..#.. .#...")
moved_nine = drawing("###.. #.#.. ###.. ..#.. ..#.. .#... #....")
figures.grids(
    [
        ("9", drawn_nine),
        ("moved", moved_nine),
        ("mirrored", drawn_nine[:, ::-1]),
        ("half a turn", drawn_nine[::-1, ::-1]),
    ],
    operators=(" ", " ", " "),
)

# %% tags=["paper"]
from coursekit.scratch import conv2d

loop = drawing("### #.# ###")
versions = {"9": drawn_nine, "moved": moved_nine, "mirrored": drawn_nine[:, ::-1]}
versions["half a turn"] = drawn_nine[::-1, ::-1]
for name, picture in versions.items():
    place = np.argwhere(conv2d(picture, loop, mean=True) == 1).tolist()
    differ = (drawn_nine != picture).sum()
    print(f"{name:12} {differ:2} of {picture.size} cells differ, loop at {place[0]}")

# %% [markdown]
# The moved one is a 9, and 16 of 35 cells differ: a good training picture, since a network that met
# no moved digits did badly at them. The mirrored one differs in 6 cells alone, its loop is where it
# was, and yet it is no digit at all. The turned one is a **6** (lesson 03: the loop is now at the
# bottom), and must be called 6 or left out. No rule of mathematics says which changes keep a label.
# A mirrored cat is a cat; a mirrored b is a d. You decide, for each data set.

# %% [markdown]
# ## From scratch
#
# Two changes that rarely hurt photographs, on a batch of colour pictures, (N, C, H, W). The first
# is the **horizontal flip**: a mirrored picture is its columns from right to left; `...` stands for
# *all the axes before*:

# %%
rng = np.random.default_rng(0)
batch = rng.integers(0, 10, (2, 3, 4, 4))  # two tiny pictures in three colours
mirrored = batch[..., ::-1]
print(batch[0, 0, 0], "->", mirrored[0, 0, 0])

# %% [markdown]
# The second is the **random crop**, which cuts out a part. To keep the size we first lay a border
# of zeros around the picture (`np.pad` takes for each axis how much before and after). With a
# border of 1 the piece can begin in row 0, 1 or 2 of the padded picture, and in column 0, 1 or 2.
# Here is the piece that begins in row 2, column 1:

# %%
padded = np.pad(batch, ((0, 0), (0, 0), (1, 1), (1, 1)))  # the border: on the last two axes alone
piece = padded[..., 2:6, 1:5]
figures.grids(
    [("picture", batch[0, 0]), ("padded", padded[0, 0]), ("a crop", piece[0, 0])],
    operators=("->", "->"),
    highlight=[[], [(r, c) for r in range(2, 6) for c in range(1, 5)], []],
)

# %% [markdown]
# The same piece for the whole batch is not enough: **every picture, in every epoch, draws its
# own**. That is the exercise.

# %% [markdown]
# ## In the framework
#
# In **Keras** augmentation is a layer. It can stand at the beginning of the model:

# %%
import keras

flip = keras.layers.RandomFlip("horizontal", data_format="channels_first")
pictures = np.float32(batch.repeat(50, axis=0))  # each of the two fifty times

# %%
predict(
    "17-keras",
    "The layer is called with the 100 pictures twice: flip(pictures, training=True), and "
    "flip(pictures, training=False). How many come out mirrored?",
    options=[
        "about 50 both times",
        "all 100, then none",
        "about 50, then none",
        "about 50, then the same ones again",
    ],
)

# %% tags=["reveal", "banded"]
keras.utils.set_random_seed(0)
mirror = pictures[..., ::-1]


def mirrored_in(changed):
    """How many of the pictures are mirrored; each must be as it was, or mirrored."""
    changed = keras.ops.convert_to_numpy(changed)
    same = (changed == pictures).all(axis=(1, 2, 3))
    other = (changed == mirror).all(axis=(1, 2, 3))
    assert (same | other).all()
    return int((other & ~same).sum())


measured(
    "mirrored in training", mirrored_in(flip(pictures, training=True)), at_least=30, at_most=70
)
print("mirrored otherwise:", mirrored_in(flip(pictures, training=False)))
reveal(
    "17-keras",
    "about 50, then none",
    because="Like dropout, the layer works in training alone: a test is asked about the pictures "
    "as they are.",
)

# %% [markdown]
# ### Optional: the other layers, and PyTorch's
#
# Others of its kind are `RandomTranslation`, `RandomRotation`, `RandomZoom`, `RandomBrightness` and
# `RandomContrast`. Keras has a `RandomCrop`, too, but it does not pad, and look at its places:

# %%
shift = keras.layers.RandomTranslation(
    1 / 4, 1 / 4, fill_mode="constant", data_format="channels_first"
)
cut = keras.layers.RandomCrop(3, 3, data_format="channels_first")
same_picture = pictures[:50]  # fifty times the same


def versions_in(changed):
    """How many different pictures there are in a batch."""
    return len({picture.tobytes() for picture in keras.ops.convert_to_numpy(changed)})


shifted = keras.ops.convert_to_numpy(shift(same_picture, training=False))
assert (shifted == same_picture).all()
assert versions_in(shift(same_picture, training=True)) > 25
assert versions_in(cut(same_picture, training=True)) == 1
assert cut(same_picture, training=False).shape[-2:] == (4, 4)
print("RandomTranslation: many versions of one picture in a batch; in tests as it was: yes")
print("RandomCrop: one place for the whole batch, and in tests nothing is cut: yes")

# %% [markdown]
# So for crops of a padded picture take `RandomTranslation` in Keras. (It shifts by parts of a
# pixel, too; `fill_mode="constant"` fills up with zeros.)
#
# In **PyTorch** the data are augmented on their way to the model, not in it. Most programs take the
# transforms of torchvision for that, a package of its own:
#
# | change | `torchvision.transforms.v2` | Keras layer |
# |---|---|---|
# | flip | `RandomHorizontalFlip(0.5)` | `RandomFlip("horizontal")` |
# | pad by 4, crop | `RandomCrop(32, padding=4)` | `RandomTranslation(4 / 32, 4 / 32, "constant")` |
# | turn by up to 15° | `RandomRotation(15)` | `RandomRotation(15 / 360)` |
# | resize, shift | `RandomAffine(0, translate=…, scale=…)` | `RandomZoom`, `RandomTranslation` |
# | brightness | `ColorJitter(brightness=0.2)` | `RandomBrightness(0.2)` |
#
# The numbers mean different things: degrees in one, parts of a full turn in the other; for
# brightness one multiplies and the other adds. Read the manual before you copy a number. Our `fit`
# takes `augment=[RandomCrop(4), RandomHorizontalFlip()]`, named after torchvision's. One thing
# differs: torchvision's are meant for one picture at a time, in the data set (given a batch they
# change all its pictures alike, says the manual); ours draw for each picture. With a border of 1
# every crop of ours must be one of the nine pieces that can be cut:

# %%
from coursekit.training import RandomCrop
from coursekit.training.augment import Augmentation

crop = Augmentation([RandomCrop(padding=1)], seed=0)  # what fit makes of its argument augment
crop.begin_epoch(1, len(pictures))
crops = crop(torch.from_numpy(pictures), torch.arange(len(pictures))).numpy()
wide = np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)))
pieces = [wide[..., r : r + 4, c : c + 4] for r in range(3) for c in range(3)]
fits = np.array([(crops == piece).all(axis=(1, 2, 3)) for piece in pieces])  # (9, 100)
assert fits.any(axis=0).all() and fits.any(axis=1).all()
print("each of the 100 crops is one of the 9 pieces, and each piece is there: yes")

# %% [markdown]
# ### What it buys
#
# Now the question that matters. A small residual network (lesson 15) learns the ten classes of
# CIFAR-10 from 250, 1,000 or 4,000 pictures of 16 by 16 pixels, as they are, or with crops and
# flips. All networks make about the same number of updates, so that a network with few pictures
# sees each of them more often: for 94, 24 or 6 epochs. Three random starts each. (In lesson 13
# augmentation gained in one small run and cost in another. Here you see when.)

# %%
predict(
    "17-buys",
    "What do crops and flips do to the test accuracy?",
    options=[
        "a gain of a few points for every number of pictures",
        "a gain of many points with 250 pictures, a cost of a few with 4,000",
        "a cost of a few points with 250 pictures, a gain of many points with 4,000",
        "hardly anything: a made-up picture holds nothing new",
    ],
)

# %% tags=["reveal", "fold"]
table = results("17_augmentation")


def from_table(column="test_accuracy", **wanted):
    """The numbers in a column of the rows with these values: one for each start."""
    rows = [r for r in table if all(r[name] == value for name, value in wanted.items())]
    return np.array([float(row[column]) for row in rows])


def accuracies(kind, n, column="test_accuracy"):
    return from_table(column, experiment="pictures", augmentation=kind, train_images=n)


counts = ["250", "1000", "4000"]
batches = [-(-int(n) // run_17.BATCH_SIZE) for n in counts]  # in one epoch, rounded up
assert [round(6 * batches[-1] / b) for b in batches] == [94, 24, 6]
kinds = ["as they are", "crops and flips"]
print(f"{'test accuracy in %, lowest to highest':>54}{'training loss':>16}")
for n in counts:
    for kind in kinds:
        found, lost = 100 * accuracies(kind, n), accuracies(kind, n, "train_loss")
        print(
            f"{int(n):>5,} pictures, {kind:16} {found.mean():4.1f}"
            f" ({found.min():4.1f} to {found.max():4.1f}){lost.mean():17.3f}"
        )
gains = [accuracies(kinds[1], n).mean() - accuracies(kinds[0], n).mean() for n in counts]
assert gains[0] > 0.08 and gains[1] > 0.08 and -0.04 < gains[2] < 0
assert max(accuracies(kinds[0], n, "train_loss").max() for n in counts[:2]) < 0.02
assert accuracies(kinds[0], "4000", "train_loss").min() > 1
print("to repeat it, in a terminal:", table[0]["command"])
reveal(
    "17-buys",
    "a gain of many points with 250 pictures, a cost of a few with 4,000",
    because="With 250 pictures the network has learned them all by heart; with 4,000 it has not.",
)

# %% tags=["fold"]
from matplotlib.figure import Figure

fig = Figure(figsize=(6.4, 3.4), layout="constrained")
axes = fig.add_subplot(xlabel="training pictures", ylabel="test accuracy, %", xscale="log")
for kind, colour, marker in zip(kinds, ("#0072B2", "#D55E00"), "os", strict=True):
    found = [100 * accuracies(kind, n) for n in counts]
    middle = np.array([f.mean() for f in found])
    reach = [middle - [f.min() for f in found], [f.max() for f in found] - middle]
    sizes_at = np.array(counts, dtype=float)
    axes.errorbar(sizes_at, middle, reach, label=kind, color=colour, marker=marker, capsize=4)
axes.set_xticks([250, 1000, 4000], ["250", "1,000", "4,000"])
axes.minorticks_off()
axes.legend()
figures.show(
    fig,
    alt="Two rising curves over 250, 1,000 and 4,000 training pictures, with error bars. At 250 "
    "and 1,000 pictures the one with crops and flips lies far above the other; at 4,000 it lies a "
    "little below. The bars do not overlap at any of the three.",
)

# %% [markdown]
# Each point is the mean of three starts, with a bar from the lowest to the highest. The last column
# of the table is the loss on the training pictures as the network met them: augmented, where there
# is augmentation. As they are, 250 and 1,000 pictures end with a loss near 0: the network knows
# them by heart, and test pictures it still mostly gets wrong. That is overfitting, and there
# augmentation gains more than 8 points. With 4,000 pictures it was still learning when the training
# ended (a loss above 1), and random changes cost it a little. Whether a longer training would turn
# that round, these runs do not say. So look for the illness, overfitting, before you take the
# medicine.

# %% [markdown]
# ### Optional: a small run of your own
#
# The digit network learns from the 300 digits once more, now turned by up to 30 degrees either way,
# and reads the test digits upright and turned by 30 degrees.

# %% tags=["banded"]
turning = learned_from((run_17.random_turn(30),))
test_turned = run_17.turned(images, 30.0)
for name, model in [("as they are", plain), ("turned at random", turning)]:
    measured(f"{name}: read of 100, upright", read_of_100(images, model))
    measured(f"{name}: read of 100, turned by 30 degrees", read_of_100(test_turned, model))
measured(
    "gained on turned digits, of 100",
    read_of_100(test_turned, turning) - read_of_100(test_turned, plain),
    at_least=8,
)
measured(
    "gained on upright digits, of 100",
    read_of_100(images, turning) - read_of_100(images, plain),
    at_least=0,
)

# %% [markdown]
# Much is gained on turned digits, and in this start nothing is lost on upright ones: people write
# at a slant.

# %% [markdown]
# ### When it hurts
#
# The digit network again, now trained on 1,000 digits, as they are and with one kind of change each
# (stored runs of the same command, means of three starts). Before you look: which three of these
# changes make it *worse* at upright digits than no change at all? Shifts; turns by up to 15
# degrees; any turn; sizes from 0.6 to 1.4; flips left to right; flips upside down.

# %% tags=["paper", "fold"]
digits = [r for r in table if r["experiment"] == "digits"]
changes = list(dict.fromkeys(r["augmentation"] for r in digits))
looks = ["upright", "turned by 60", "turned by 180", "size 0.6", "size 1.4"]
print("read of 100 test digits, by what the training digits went through")
print(f"{'':18}" + "".join(f"{look:>15}" for look in looks) + f"{'training loss':>15}")
final_loss = {}
for change in changes:
    found = [
        100 * from_table(experiment="digits", augmentation=change, tested_on=look).mean()
        for look in looks
    ]
    final_loss[change] = from_table("train_loss", experiment="digits", augmentation=change).mean()
    values = "".join(f"{value:15.1f}" for value in found)
    print(f"{change:18}{values}{final_loss[change]:15.3f}")
upright = {c: from_table(experiment="digits", augmentation=c, tested_on="upright") for c in changes}
worse = [c for c in changes if upright[c].max() < upright["as they are"].min() - 0.03]
print("worse on upright digits by 3 points or more, in every start:", ", ".join(worse))
assert worse == ["any turn", "left-right flips", "upside-down flips"]
assert final_loss["any turn"] > 0.3 > 0.03 > final_loss["left-right flips"]
assert final_loss["upside-down flips"] < 0.03
gained = [
    100 * (upright[c].mean() - upright["as they are"].mean())
    for c in ("shifts", "turns up to 15", "sizes 0.6 to 1.4")
]
assert min(gained) > 0.5 and max(gained) < 2.5

# %% [markdown]
# Read the table by columns. Digits turned by 60 degrees are read by the networks that met such
# turns, small ones best by the network that met small ones: a network learns the changes that it is
# shown. (One surprise: shifts help with small and large digits, too. A larger digit has its strokes
# elsewhere.)
#
# Then read the first column and the last. Changes that digits really undergo make the network
# better, by a point or two. **Flips** break the label: the network must call a mirrored 2 a 2. It
# has learned even that by heart (a loss near 0), and is worse at upright digits. With **any turn**
# two things come together. A turned 6 must be called a 6, while a 9 as written looks the same. And
# the task is larger: each digit in every direction, in as few updates; the loss is still above 0.3.
# How much is due to which, these runs do not say. Turns by up to 60 degrees cost a little: the
# label holds, but few of the test digits are turned that far. Ask the shipped network, whose
# training digits were not turned, what it takes a 6 for after half a turn:

# %% tags=["banded"]
turned_sixes = answers(run_17.turned(images, 180.0))[labels == 6]
measured(
    "taken for a 9, of 100 sixes after half a turn",
    100 * (turned_sixes == 9).float().mean().item(),
    at_least=75,
)

# %% [markdown]
# ## Play: the network at the sliders
#
# The network runs in the page. The sliders set the largest change; one picture has all of it, and
# twelve samples draw their own, as a training would.
#
# 1. Choose picture 9 and turn it to the left, step by step (positive numbers). Up to which
#    angle does the network read a 9, and from where on a 6?
# 2. Press *No change*, choose picture 2 and flip it. What is it taken for, and what should it be?

# %%
from coursekit.widgets import AugmentationExplorer

explorer = AugmentationExplorer(rotation=60)
explorer.image = explorer.images[9]
explorer

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. Up to about 60 degrees it is a 9 for the network (this one holds out long: at 60 degrees fewer
#    than 35 of 100 digits are read); from about 140 on a 6, and you would say so, too. Between the
#    two it names digits that nobody sees.
# 2. It is taken for a 5. A mirrored 2 is no digit at all, but the network has no output for that.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"With augmentation the model never sees the same picture twice."*
#
# Count. With a border of 4 the piece can begin in 9 rows and 9 columns, and it can be mirrored or
# not. How many versions of one picture are that? After how many epochs must one of them come again?
# And a guess: after about how many is it as likely as not that one already has, 16, 81 or 130?

# %% tags=["paper"]
picture = rng.integers(0, 256, (1, 3, 32, 32))
bordered = np.pad(picture, ((0, 0), (0, 0), (4, 4), (4, 4)))
versions = {
    side[..., r : r + 32, c : c + 32].tobytes()
    for side in (bordered, bordered[..., ::-1])
    for r in range(9)
    for c in range(9)
}
print("versions:", len(versions))  # a set holds each thing once
all_new, epochs = 1.0, 0
while all_new > 0.5:
    all_new *= 1 - epochs / len(versions)  # the next one, too, is none of those before
    epochs += 1
print("one comes again for certain within", len(versions) + 1, "epochs")
print("and as likely as not within", epochs)
assert len(versions) == 162 and epochs == 16

# %% [markdown]
# Why so soon? The second epoch's version is new in 161 of 162 cases, the third's in 160 of 162, and
# so on: each has more to be different from. Multiply these parts, and after 16 epochs less than a
# half is left.
#
# The versions of one picture are also much alike: the network sees the same cat, a little to the
# left. Augmentation stretches the pictures that you have. It brings no new cats.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/17_augmentation.ipynb) you write `random_horizontal_flip` and
# `random_crop` for whole batches, with a choice of its own for each picture.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "17-q1",
    "A network is to read house numbers, 0 to 9, in photographs. Which change is safe?",
    [
        ("a little brighter or darker", True, "Yes: the label stays, and streets look like that."),
        ("mirrored left for right", False, "A mirrored 2 is no 2, and no house has one."),
        ("turned by any angle", False, "6 and 9 would become each other."),
        ("upside down in one of ten", False, "A few false labels are false labels, too."),
    ],
)

# %%
quiz(
    "17-q2",
    "When does an augmentation layer of Keras change the pictures?",
    [
        ("in training alone", True, "Yes, like dropout: training=True."),
        ("in training and in tests", False, "A test asks about the pictures as they are."),
        ("in tests alone", False, "It is there to make training pictures."),
        ("once, when the data are loaded", False, "Each epoch makes new versions."),
    ],
)

# %%
quiz(
    "17-q3",
    "Training accuracy 60 %, test accuracy 58 %. What will crops and flips do first?",
    [
        ("make learning slower", True, "Yes. Nothing is learned by heart yet: no gap to close."),
        (
            "raise both by a few points",
            False,
            "They make the training pictures harder, not easier.",
        ),
        ("raise the test accuracy alone", False, "That happens where there is a gap between them."),
        ("nothing at all: they are random", False, "Random changes do change what is learned."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Convolution and pooling forgive a small shift. What goes further, and any turn or size, a CNN
#    must have been shown.
# 2. Augmentation makes new training pictures by changes that keep the label; you know which do.
# 3. Every picture draws its own change, anew in every epoch, and only in training.
# 4. It helps against overfitting: much with 250 and 1,000 pictures in our runs; it cost a little
#    where the network was still learning.
# 5. A change that breaks the label hurts: a turned 6 is a 9.

# %% [markdown]
# ## Words
#
# - **Data augmentation**: new training pictures from those one has, by changes that keep the label.
# - **Random crop**: a piece of the padded picture, of the old size, from a random place.
# - **Horizontal flip**: left for right.

# %% [markdown]
# ## Further reading
#
# - C. Shorten and T. Khoshgoftaar, *A survey on image data augmentation for deep learning*, Journal
#   of Big Data, 2019: what there is, and for which data.
# - L. Engstrom, B. Tran, D. Tsipras, L. Schmidt and A. Madry, *Exploring the landscape of spatial
#   robustness*, ICML, 2019: small turns and shifts that fool trained networks.
#
# Rotation, scale and random changes are from decks 000, 001 and 003. **Next:** [18 Transfer
# learning](18_transfer_learning.ipynb).

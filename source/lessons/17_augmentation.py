# ---
# jupyter:
#   coursekit:
#     lesson: "17"
#     title: Data augmentation
#     topics: [T025, T129]
#     minutes: 50
#     datasets: [mnist]
# ---

# %% [markdown]
# # 17 · Data augmentation
#
# **What can a CNN not know about turned, resized or shifted pictures, and what does augmentation
# buy?**
#
# After this lesson you can
#
# - say which changes of a picture a CNN copes with by itself, and show it by counting,
# - decide whether a change keeps the label,
# - flip and cut out pictures as arrays, and with layers of Keras and PyTorch,
# - say when augmentation helps, when it does nothing, and when it hurts.
#
# **Time:** about 50 minutes. **Before this:** [07 Why convolution works](07_why_convolution_works.ipynb),
# [11 The training loop](11_training_loop.ipynb) and [12 LeNet-5](12_lenet.ipynb).

# %% [markdown]
# ## See it: a 9 goes round
#
# The course ships a small trained network for handwritten digits. It has two convolutions with
# pooling and reads 99 of 100 test digits. Here is one of them, turned by 20 degrees more in each
# picture, and above it what the network takes it for:

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import torch

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.course import run_17
from coursekit.datasets import DatasetError, load, results
from coursekit.models import load_pretrained

try:
    data = load("mnist")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with drawn strokes; its claims are about handwritten digits.")
    data = load("strokes")
images = torch.from_numpy(data.test[0][:2000, None] / np.float32(255))  # (N, 1, 28, 28)
labels = torch.from_numpy(data.test[1][:2000])
network = load_pretrained("digit_cnn")


def answers(pictures):
    """What the network takes each picture for."""
    with torch.no_grad():
        return network(pictures).argmax(dim=1)


# %% tags=["fold"]
nine = images[labels == 9][1:2]
round_it_goes = [(a, run_17.turned(nine, float(a))) for a in range(0, 181, 20)]
figures.images(
    [(f"{a}°: {answers(p).item()}", p[0, 0].numpy()) for a, p in round_it_goes],
    columns=5,
    alt="A handwritten 9 in ten pictures, turned by 0 to 180 degrees in steps of 20. Above each "
    "stands the digit that the network takes it for.",
)

# %% [markdown]
# You saw a 9 lie down and become a 6. The network saw a 9, then other digits, and at the end a 6
# too. (`run_17.turned` turns a whole batch; where it comes from is in the stored runs below.)

# %% [markdown]
# ## Predict
#
# In lesson 07 a convolution's map moved along with the picture, and pooling forgave small shifts.
# Now count: all 2,000 digits, moved to the right by 4 pixels, or turned by 60 degrees.

# %%
predict(
    "17-turn",
    "Of 100 upright digits the network reads 99. How many of 100 does it read moved by 4 pixels, "
    "and how many turned by 60 degrees?",
    options=[
        "more than 90 moved, more than 90 turned: it has learned the shapes",
        "more than 90 moved, fewer than 35 turned",
        "fewer than 35 moved, more than 90 turned",
        "fewer than 35 moved, fewer than 35 turned: it knows only what it saw",
    ],
)

# %% tags=["reveal", "banded"]


def read_of_100(pictures):
    """How many of 100 pictures the network reads correctly."""
    return 100 * (answers(pictures) == labels).float().mean().item()


moved = torch.roll(images, 4, dims=3)  # four columns to the right; what falls out is black
measured("read of 100, upright", read_of_100(images), at_least=97)
measured("read of 100, moved by 4 pixels", read_of_100(moved), at_least=91)
measured("read of 100, turned by 60 degrees", read_of_100(run_17.turned(images, 60.0)), at_most=35)
reveal(
    "17-turn",
    "more than 90 moved, fewer than 35 turned",
    because="Convolution knows about shifts: the same filter lies everywhere. It knows nothing "
    "about turning.",
)

# %% [markdown]
# Turning and resizing, step by step:

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
    alt="A curve that is near 99 up to 15 degrees, then falls ever faster, to below 35 at 60.",
)
figures.signal(
    [("resized", np.array(sizes), np.array(by_size))],
    xlabel="size, 1 as written",
    ylabel="read of 100",
    markers=True,
    alt="A curve with a flat top near 99 between the sizes 0.8 and 1.2. To the left it falls "
    "steeply, to below 40 at 0.4; to the right it falls slowly, to about 80 at 1.6.",
)

# %% [markdown]
# People write at a slant, so up to 15 degrees the network has met such digits; and not all write at
# the same size. Beyond what the training pictures hold, it has nothing to go by.

# %% [markdown]
# ## By hand
#
# ### Why a filter minds
#
# This is a filter for a diagonal line. Lay it on a diagonal line (ink is 1, paper 0), then on the
# same line turned by a quarter. Multiply and add, with a pencil: which two numbers come out?

# %%
diagonal_filter = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
line = np.eye(3, dtype=int)
turned_line = np.rot90(line)  # a quarter turn
figures.grids(
    [("filter", diagonal_filter), ("a line", line), ("turned by a quarter", turned_line)],
    operators=(" ", " "),
)

# %% tags=["paper"]
print("on its own line:", (diagonal_filter * line).sum())
print("on the turned line:", (diagonal_filter * turned_line).sum())
assert (diagonal_filter * line).sum() == 3 and (diagonal_filter * turned_line).sum() == -1

# %% [markdown]
# From the best possible value to one that ReLU turns into 0. To find the turned line, too, the
# network needs **another filter**, and will learn one only if turned lines are in its training
# pictures.
#
# ### Find the slip
#
# Deck 003 says that CNNs recognise a pattern that they learned in one corner in any other place,
# and calls this **translation invariance**; from there it is a short way to "a CNN recognises it in
# any position". Read *position* as *place and direction*: which number of yours contradicts it?

# %% tags=["paper"]
print("3 on the line, -1 on the same line turned: the answer depends on the direction.")

# %% [markdown]
# Moved is not turned. (And strictly, lesson 07: the *map* of a convolution moves along,
# equivariance; that the *answer* stays comes from pooling and from training.)
#
# ### Which changes keep the label?
#
# **Augmentation** means: make new training pictures from those that you have, by changes that keep
# the label true. Here is the 9 of lesson 03, moved by one column, mirrored, and turned by half.
# Which of the three may keep the label *9*? And in how many of 35 cells does the moved one differ?

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
        ("turned by half", drawn_nine[::-1, ::-1]),
    ],
    operators=(" ", " ", " "),
)

# %% tags=["paper"]
from coursekit.scratch import conv2d

loop = drawing("### #.# ###")
print("cells that differ:", (drawn_nine != moved_nine).sum(), "of", drawn_nine.size)
for name, picture in [("9", drawn_nine), ("turned by half", drawn_nine[::-1, ::-1])]:
    place = np.argwhere(conv2d(picture, loop, mean=True) == 1).tolist()
    print(f"the loop is found at {place[0]} in: {name}")

# %% [markdown]
# The moved one is a 9, and 16 of 35 cells are new to the network: a good training picture. The
# mirrored one is no digit at all. The turned one is a **6** (lesson 03: the loop is now at the
# bottom), and must be called 6 or left out. No rule of mathematics says which changes keep a label.
# A mirrored cat is a cat; a mirrored b is a d. You decide, for each data set.

# %% [markdown]
# ## From scratch
#
# Two changes that hardly ever hurt photographs, on a batch of colour pictures, (N, C, H, W). A
# mirrored picture is its columns from right to left; `...` stands for *all the axes before*:

# %%
rng = np.random.default_rng(0)
batch = rng.integers(0, 10, (2, 3, 4, 4))  # two tiny pictures in three colours
mirrored = batch[..., ::-1]
print(batch[0, 0, 0], "->", mirrored[0, 0, 0])

# %% [markdown]
# A **crop** cuts out a part. To keep the size we first lay a border of zeros around the picture.
# With a border of 1 the piece can begin in row 0, 1 or 2 of the padded picture, and in column 0, 1
# or 2. Here is the piece that begins in row 2, column 1:

# %%
padded = np.pad(batch, ((0, 0), (0, 0), (1, 1), (1, 1)))  # the border: on the last two axes alone
piece = padded[..., 2:6, 1:5]
figures.grids(
    [("picture", batch[0, 0]), ("padded", padded[0, 0]), ("a crop", piece[0, 0])],
    operators=("->", "->"),
    highlight=[[], [(r, c) for r in range(2, 6) for c in range(1, 5)], []],
)

# %% [markdown]
# The same piece for the whole batch is not enough: **every picture, in every epoch, draws its own**.
# That is the exercise.

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
# In **PyTorch** the data are augmented on their way to the model, not in it. Most use the
# transforms of torchvision; our `fit` takes `augment=[RandomCrop(4), RandomHorizontalFlip()]`,
# which have the same names and meanings. Every crop that it makes must be one of the pieces that we
# cut by hand:

# %%
from coursekit.training import RandomCrop
from coursekit.training.augment import Augmentation

crop = Augmentation([RandomCrop(padding=1)], seed=0)
crop.begin_epoch(1, len(pictures))
crops = crop(torch.from_numpy(pictures), torch.arange(len(pictures))).numpy()
wide = np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)))
pieces = [wide[..., r : r + 4, c : c + 4] for r in range(3) for c in range(3)]
fits = np.array([(crops == piece).all(axis=(1, 2, 3)) for piece in pieces])  # (9, 100)
assert fits.any(axis=0).all() and fits.any(axis=1).all()
print("each of the 100 crops is one of the 9 pieces, and each piece is there: yes")

# %% [markdown]
# ## What it buys
#
# Now the question that matters. A small residual network (lesson 15) learns the ten classes of
# CIFAR-10 from 250, 1,000 or 4,000 pictures of 16 by 16 pixels, as they are, or with crops and
# flips. All networks make the same number of updates: one with few pictures sees each of them more
# often. Three random starts each.

# %%
predict(
    "17-buys",
    "Where do crops and flips help most, in points of test accuracy?",
    options=[
        "with 250 pictures",
        "with 4,000 pictures",
        "everywhere by about as much",
        "nowhere: a made-up picture holds nothing new",
    ],
)

# %% tags=["reveal", "fold"]
table = results("17_augmentation")


def accuracies(**wanted):
    """The test accuracies, in percent, of the rows with these values: one for each start."""
    rows = [r for r in table if all(r[name] == value for name, value in wanted.items())]
    return np.array([100 * float(row["test_accuracy"]) for row in rows])


counts = ["250", "1000", "4000"]
kinds = ["as they are", "crops and flips"]
means = {
    kind: [accuracies(augmentation=kind, train_images=n).mean() for n in counts] for kind in kinds
}
gains = np.subtract(means["crops and flips"], means["as they are"])
assert gains[0] == max(gains)
reveal(
    "17-buys",
    "with 250 pictures",
    because="The fewer pictures there are, the more they are learned by heart.",
)
print("test accuracy in percent, mean of three starts (lowest to highest)")
for n in counts:
    cells = []
    for kind in kinds:
        found = accuracies(augmentation=kind, train_images=n)
        cells.append(f"{kind}: {found.mean():4.1f} ({found.min():.1f} to {found.max():.1f})")
    print(f"{n:>5} pictures   " + "   ".join(cells))
print(table[0]["command"])

# %% tags=["fold"]
from matplotlib.figure import Figure

fig = Figure(figsize=(6.4, 3.4), layout="constrained")
axes = fig.add_subplot(xlabel="training pictures", ylabel="test accuracy, %", xscale="log")
for kind, colour, marker in zip(kinds, ("#0072B2", "#D55E00"), "os", strict=True):
    found = [accuracies(augmentation=kind, train_images=n) for n in counts]
    middle = np.array([f.mean() for f in found])
    reach = [middle - [f.min() for f in found], [f.max() for f in found] - middle]
    sizes_at = np.array(counts, dtype=float)
    axes.errorbar(sizes_at, middle, reach, label=kind, color=colour, marker=marker, capsize=4)
axes.set_xticks([250, 1000, 4000], ["250", "1,000", "4,000"])
axes.legend()
figures.show(
    fig,
    alt="Two rising curves over 250, 1,000 and 4,000 training pictures, with error bars. With 250 "
    "pictures the curve with crops and flips lies clearly above the other.",
)

# %% [markdown]
# Each point is the mean of three starts, with a bar from the lowest to the highest. With 4,000
# pictures and this short training, augmentation buys nothing: the network has not yet learned by
# heart what it has. (In a longer run it would, and then augmentation pays again: lesson 13's
# networks have seen 4,000 pictures many times.) Augmentation is medicine against overfitting. Look
# whether you have the illness.
#
# A live run of your own: 300 digits, as they are and turned at random by up to 30 degrees, looked at
# upright and turned:

# %% tags=["banded"]
from coursekit.models import digit_cnn

few = run_17.grey_digits(*data.train, 300)
for name, steps in [("as they are", ()), ("turned at random", (run_17.random_turn(30),))]:
    torch.manual_seed(0)
    model = digit_cnn()
    run_17.train_one(model, few, steps, updates=60, seed=0)
    network = model.eval()
    for degrees in (0.0, 30.0):
        measured(
            f"{name}: read of 100 at {degrees:.0f} degrees",
            read_of_100(run_17.turned(images, degrees)),
        )
network = load_pretrained("digit_cnn")
print("both have run")

# %% [markdown]
# ### When it hurts
#
# The digit network, trained on a thousand digits as they are and with one kind of change each
# (stored runs, three starts). Before you look: which of these changes will make it *worse* at
# upright digits than no augmentation at all?

# %% tags=["paper", "fold"]
changes = list(dict.fromkeys(r["augmentation"] for r in table if r["experiment"] == "digits"))
looks = ["upright", "turned by 30", "turned by 180", "size 0.6"]
print(f"{'trained on digits':20}" + "".join(f"{look:>15}" for look in looks))
for change in changes:
    found = [
        accuracies(experiment="digits", augmentation=change, tested_on=look).mean()
        for look in looks
    ]
    print(f"{change:20}" + "".join(f"{value:15.1f}" for value in found))

# %% [markdown]
# Two lessons in one table. First, the network copes with what it was shown, and *only* with that:
# turned training pictures help with turned digits and do nothing for small ones. Second, a change
# that breaks the label breaks the network: it must call a mirrored 2 a 2 and a turned 6 a 6, and
# has to spend its few weights on it. The shipped network shows why the last one cannot end well:

# %% tags=["banded"]
turned_sixes = answers(run_17.turned(images, 180.0))[labels == 6]
measured(
    "of 100 sixes turned by half, taken for a 9",
    100 * (turned_sixes == 9).float().mean().item(),
    at_least=75,
)

# %% [markdown]
# ## A mistake people make
#
# > *"With augmentation the model never sees the same picture twice."*
#
# Count. With a border of 4 the piece can begin in 9 rows and 9 columns, and it can be mirrored or
# not. How many versions of one picture are that? After how many epochs must one of them come again?
# And after how many is it as likely as not that one already has?

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

# %% [markdown]
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
        ("upside down in one of ten", False, "Also a few false labels are false labels."),
    ],
)

# %%
quiz(
    "17-q2",
    "Where does an augmentation layer of Keras change the pictures?",
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
        ("raise both by a few points", False, "They make the training pictures harder, not easier."),
        ("raise the test accuracy alone", False, "That happens where there is a gap between them."),
        ("nothing at all: they are random", False, "Random changes do change what is learned."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. A CNN copes with shifts by its build; with rotation and size only as far as training showed them.
# 2. Augmentation makes new training pictures by changes that keep the label; you know which do.
# 3. Every picture draws its own change, anew in every epoch, and only in training.
# 4. It helps against overfitting: most with few pictures, not at all where nothing is overfitted.
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
# Rotation, scale and the random changes are from decks 000, 001 and 003. **Next:** 18 Transfer
# learning.

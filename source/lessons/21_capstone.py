# ---
# jupyter:
#   coursekit:
#     lesson: "21"
#     title: "Capstone: a project of your own"
#     topics: []
#     minutes: 55
#     datasets: []
# ---

# %% [markdown]
# # 21 · Capstone: a project of your own
#
# **Can I build, train, inspect and honestly report a classifier of my own?**
#
# After this lesson you can
#
# - load a folder of your own pictures, split it once, and keep the test part shut,
# - say what a network has to beat, and by how much chance alone moves its score,
# - go from mistakes to a guess, and test the guess by changing one thing,
# - write a report whose numbers another run confirms.
#
# **Time:** about 55 minutes; your own project takes a week or two. **Before this:**
# [15 ResNet](15_resnet.ipynb) (batch normalisation), [16 Looking inside](16_looking_inside.ipynb).

# %% [markdown]
# ## See it: a folder becomes three parts
#
# A folder with a subfolder for each class is all that a project needs. We let the course draw one:
# cards with a printed shape, grainy, in all colours, 50 of each class. (`TemporaryDirectory` makes
# an empty folder, which goes when the notebook is closed; `/` joins the names of a path.) **The
# question** of our project: can a network sort such cards? The boxes are equally full and every
# mistake costs the same, so *accuracy* decides, and one mistake in ten would be good enough.

# %%
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import example_folder, from_folder
from coursekit.project import claim, show_rubric
from coursekit.training import evaluate, fit

place = tempfile.TemporaryDirectory()
folder = example_folder(Path(place.name) / "pictures")
data = from_folder(folder, size=32, seed=0)

# %%
x_train, y_train = data.train
rows = [x_train[y_train == label][:5] for label in range(len(data.classes))]
pictures = [(name, image) for name, row in zip(data.classes, rows, strict=True) for image in row]
figures.images(
    pictures,
    columns=5,
    alt="Four rows of five pictures: bright diamonds, discs, half discs and squares, each on a "
    "darker ground of another colour, at a slant and not always in the middle.",
)

# %% [markdown]
# One call read all pictures, gave every class the same share of each part, and looked for copies.
# The **training part** is for learning, the **validation part** for choosing, the **test part** for
# a single look at the end. That one is not even in memory: `data.test` knows how many there are.

# %%
print(data.test)

# %% [markdown]
# And what is wrong with a folder is said with the file's name, before any training. Here is one
# with a text file among its diamonds. (`try` and `except` catch the error, so that the notebook
# goes on.)

# %%
from coursekit.datasets import DatasetError

(folder / "diamond" / "notes.txt").write_text("remember to photograph more of these")
try:
    from_folder(folder)
except DatasetError as error:
    print(error)
(folder / "diamond" / "notes.txt").unlink()  # takes the file away again

# %% [markdown]
# ## Predict
#
# Why a test part that is opened once? Imagine 100 "networks" that have learned nothing: each gives
# to each picture one of the four classes by chance. All 100 are tried on the same 40 test pictures,
# and the best one is kept, with its score.

# %%
predict(
    "21-best-of-many",
    "Which share of the 40 test pictures does the best of the 100 have right?",
    options=["about 0.25", "about 0.30", "about 0.43", "about 0.60"],
)

# %% tags=["reveal", "fold"]
rng = np.random.default_rng(0)
right = rng.random((2000, 100, 40)) < 0.25  # 2,000 times the whole experiment
best = right.mean(axis=2).max(axis=1)
assert 0.41 < np.median(best) < 0.44
reveal(
    "21-best-of-many",
    "about 0.43",
    because="One of them is lucky, and it is the lucky one that you keep. On new pictures it has "
    "0.25 right, as all of them.",
)

# %% [markdown]
# Nobody cheated, nobody trained on the test part, and the number is still wrong by far. **Whatever
# is chosen by a score makes that score too good.** So choices are made on one part, and the number
# in the report comes from another, in which nothing was chosen.

# %% [markdown]
# ## By hand
#
# ### The measures first
#
# Before a measure judges a network, try it on numbers that you know. Three pictures of lesson 09,
# two classes, the second network of then: it gave the right class the probabilities 0.6, 0.7 and
# 0.1. Write down its error (the share of wrong answers) and its cross-entropy; the natural
# logarithms are -0.511, -0.357 and -2.303.

# %% tags=["paper"]
from coursekit.scratch import classification_error, cross_entropy

truth = [[1, 0], [0, 1], [1, 0]]
first_network = [[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]]
second_network = [[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]
print("error:", round(classification_error(truth, second_network), 2))
print("loss:", round(cross_entropy(truth, second_network), 2))

# %% [markdown]
# ### How far chance alone moves a score
#
# A network that is right with probability $p$ on each of $n$ pictures scores $p$ on average, and
# about two scores of three lie within one **standard error** of it:
#
# $$\sqrt{p\,(1 - p) / n}$$
#
# Nineteen of twenty lie within two. Work it out in your head for $p = 0.9$ and our 40 test pictures
# ($0.09 / 40 = 0.00225$, and its root is 0.047). Between which two scores may such a network end?
# And with how many pictures would the error be half as large?

# %% tags=["paper"]
error = np.sqrt(0.9 * 0.1 / 40)
print("one standard error:", error.round(3))
print("two each way:", (0.9 - 2 * error).round(2), "to", (0.9 + 2 * error).round(2))
print("with 160 pictures:", np.sqrt(0.9 * 0.1 / 160).round(3))

# %% [markdown]
# From 0.81 to 0.99, and four times the pictures for half the error. Two networks with 0.90 and 0.93
# on 40 pictures are the same as far as anybody can tell. That belongs into every report.
#
# ### Find the slip
#
# A report says: *"NN1 has a cross-entropy of 0.38, NN2 of 1.06."* Deck 002 prints these two, and
# nothing else about them, under *Cross-Entropy*. A reader computes the second by adding the three
# logarithms and gets 3.17; another one, with logarithms to base 2, gets 1.52. What is missing in
# the report?

# %% [markdown]
# <details><summary>Answer</summary>
#
# *Which* logarithm, and that it is the *mean* over the pictures: natural logarithm and mean give
# 0.38 and 1.06. Every loss in a report names both. And a number that you took from somebody else is
# marked as quoted, one that your own cell has computed as computed.
#
# </details>

# %% [markdown]
# ## From scratch
#
# ### The split
#
# What is a fair split? Every class in the same proportion, by chance, the same tomorrow and on any
# machine, and not by the names of files: whoever renames them must not get another test part. So
# `from_folder` puts the pictures of a class in the order of a **digest** of each file and takes the
# first fifth for the test. (`hashlib.sha256` makes of any bytes a text of 64 digits that looks like
# chance, and is always the same for the same bytes.) A few lines of our own must find the same:

# %%
import hashlib


def place_in_line(path, seed):
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(f"{seed} {content}".encode()).hexdigest()


for_training = set()
for name in data.classes:
    line = sorted((folder / name).glob("*.png"), key=lambda path: place_in_line(path, seed=0))
    for_training |= {f"{name}/{path.name}" for path in line[20:]}  # 10 to test, 10 to validate
assert for_training == set(data.train_files)
print("training pictures:", len(for_training), "and from_folder has the same")

# %% [markdown]
# ### A baseline
#
# What has the network to beat? Saying always the same class is right once in four here. A
# method that looks at the pictures and needs no network: the class of the training picture whose
# pixels are *nearest*, by the sum of the squared differences. Its validation accuracy is our first
# number, and we **claim** it: the number is written out, and the cell says whether the code gives
# it, within what we allow.

# %%
x_validation, y_validation = data.validation
flat_train = x_train.reshape(len(x_train), -1).astype(float)
flat_validation = x_validation.reshape(len(x_validation), -1)
nearest = [((flat_train - picture) ** 2).sum(axis=1).argmin() for picture in flat_validation]
baseline = (y_train[nearest] == y_validation).mean()
claim("validation accuracy of the baseline", baseline, at=0.325, within=0.05)

# %% [markdown]
# 13 of 40. That is hardly more than chance (two standard errors around 0.25 reach to 0.39): the
# same shape at another place is another set of pixels, lesson 01. There is room for a network.

# %% [markdown]
# ## In the framework
#
# ### The first model
#
# Small, and nothing unusual: three blocks of convolution, batch normalisation, ReLU and pooling,
# the mean over all places, a dense layer. Both functions take what we may want to change later, and
# nothing else; all random choices are seeded. (`nn.Identity` is a layer that does nothing.)


# %%
def network(pool=nn.AdaptiveAvgPool2d, norm=nn.BatchNorm2d):
    layers, before = [], 3
    for channels in (8, 16, 32):
        layers += [nn.Conv2d(before, channels, 3, padding=1), norm(channels), nn.ReLU()]
        layers.append(nn.MaxPool2d(2))
        before = channels
    return nn.Sequential(*layers, pool(1), nn.Flatten(), nn.Linear(before, len(data.classes)))


def trained(seed=1, **changes):
    torch.manual_seed(seed)
    model = network(**changes)
    fit(
        model, data.train, validation=data.validation, epochs=20, batch_size=20, lr=0.01,
        schedule="onecycle", precision="float32", device="cpu", seed=seed, progress=False,
    )  # fmt: skip
    return model, evaluate(model, data.validation, classes=data.classes)


# %% tags=["banded"]
first, found = trained()
claim("validation accuracy of the first model", found.accuracy, at=0.7, within=0.15)

# %% [markdown]
# Far above the baseline, and not good enough. (`fit` keeps the weights of the epoch that was best
# on the validation part: that, too, is a choice, and it is made where choices are made.)
#
# ### Error analysis
#
# Do not change anything yet. **Look at the mistakes** first: at the classes that are mixed up, and
# at what the pictures have in common.

# %%
found.plot_confusion(
    alt="Counts of validation pictures: true classes in four rows, answers in four columns. Most "
    "are on the diagonal; diamonds taken for discs and discs for diamonds are among the rest."
)

# %%
found.mistakes(
    5,
    alt="Five validation pictures that the network got wrong, with its answers and the truth.",
)

# %% tags=["banded"]
diamond, disc = data.classes.index("diamond"), data.classes.index("disc")
both = found.confusion[diamond, disc] + found.confusion[disc, diamond]
measured("share of mistakes between diamond and disc", both / len(found.wrong), at_least=0.15)

# %% [markdown]
# Diamonds and discs cover almost the same pixels; what tells them apart are the **corners**. These
# are few places, and our network takes the *mean* of each map over all places, in which a few
# strong answers drown. That is a guess, and it can be tested: take the *maximum*, which asks
# whether there is a corner anywhere.
#
# ### Ablation
#
# **Ablation** means taking away, or changing, one thing at a time, with all else as it was, seed
# included. We test the guess, and, while we are at it, whether batch normalisation is needed.

# %%
predict(
    "21-without-norm",
    "The network with the maximum, but without batch normalisation, is trained for the same 20 "
    "epochs at the same rate. What does it reach on the validation part?",
    options=[
        "more than with it: fewer numbers to learn",
        "about the same: 120 pictures are few either way",
        "a little less",
        "hardly more than chance",
    ],
)

# %% tags=["reveal", "banded", "fold"]
best, found_best = trained(pool=nn.AdaptiveMaxPool2d)
_, found_plain = trained(pool=nn.AdaptiveMaxPool2d, norm=nn.Identity)
reveal(
    "21-without-norm",
    "hardly more than chance",
    because="In 120 updates at this rate it does not get going. At another rate, or for longer, it "
    "may: an ablation speaks about one setting.",
)
claim("validation accuracy with the maximum", found_best.accuracy, at=0.9, within=0.1)
claim("the same without batch normalisation", found_plain.accuracy, at=0.25, within=0.12)

# %% [markdown]
# The maximum helps by more than chance: a standard error is 0.07 at an accuracy of 0.7. Is the
# *reason* right, too? The ablation says that the maximum is better, not that it is because of the
# corners; lesson 16's maps would be the next look. A report says which of the two it knows.
#
# ### The test, once
#
# The choice is made: the network with the maximum. Nothing will be changed any more, whatever comes
# now. `open` reads the pictures and writes down, in the output of the cell, that it has done so.

# %% tags=["banded"]
x_test, y_test = data.test.open()
found_test = evaluate(best, (x_test, y_test), classes=data.classes)
claim("test accuracy", found_test.accuracy, at=0.9, within=0.1)

# %% [markdown]
# ### The report
#
# > *Question.* Can a small network sort cards with four printed shapes, wrong at most once in ten?
# > *Answer.* As far as 40 cards tell: its test accuracy is 0.90, which another run may miss by
# > 0.10, and chance alone moves such a score by 0.09 either way. *How.* Three convolutions, the
# > maximum over all places, 120 cards to learn from. Nearest pixels are right for 13 cards of 40.
# > *What did not work.* The mean in place of the maximum, which mixes diamonds with discs; leaving
# > out batch normalisation. *Not for* cards with two shapes, shapes cut off, or dark print: it has
# > seen none. All numbers are computed here; none is quoted.

# %% [markdown]
# ## Play
#
# 1. Train the best network from two other starts: `trained(seed=2, pool=nn.AdaptiveMaxPool2d)`, and
#    with `seed=3`. How far do the three validation accuracies lie apart, and what does that say
#    about differences of 0.05?
# 2. Split by another seed: `from_folder(folder, seed=1)`. How many of its training pictures were
#    held out before? (Compare `train_files`.) What would that do to a project?

# %%
other_split = from_folder(folder, seed=0)  # try another seed
seen = set(other_split.train_files) - set(data.train_files)
print("trained on now, and not before:", len(seen))

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. By up to 0.2, in our runs: one start may be far worse than the others, with everything else the
#    same. A difference of 0.05 between two single runs says nothing. Whoever compares two networks
#    trains each from several starts.
# 2. 51 of 120 were in the validation or the test part before. A network trained on them has seen
#    pictures on which it is judged. So a project splits once, and `coursekit check` looks for it.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"One accuracy says it all."*
#
# The two networks of lesson 09 on the same three pictures:

# %%
for name, answers in (("NN1", first_network), ("NN2", second_network)):
    wrong, loss = classification_error(truth, answers), cross_entropy(truth, answers)
    print(f"{name}: error {wrong:.2f}, mean cross-entropy (natural logarithm) {loss:.2f}")

# %% [markdown]
# The same error, and a loss 2.8 times as large: NN2 is sure where it is wrong (0.9 for the wrong
# class), and unsure where it is right. Nor does an accuracy say *which* class is bad, what the
# pictures did not show, or how many there were. A report gives the measure that was chosen before,
# a second one, the mistakes, and $n$.

# %% [markdown]
# ## Your turn
#
# [The starter notebook](../exercises/21_capstone.ipynb) has a heading for each part. Take pictures
# of your own: photograph two or three kinds of things thirty times each, in changing light and from
# changing sides. Here is what a project is judged by:

# %%
show_rubric()

# %% [markdown]
# A person gives the points. What can be seen without judgement (are all parts there, did the cells
# run in their order, are claims kept, was the test part left shut) is said by
# `coursekit check exercises/21_capstone.ipynb`, from the saved notebook, as often as you like.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "21-q1",
    "Ten networks are compared on the validation part, the best has 0.88 there. The test part is "
    "opened for it alone: 0.81. Which number goes into the report?",
    [
        ("0.88, for it is the best that was measured", False, "It was chosen for being high."),
        ("0.81, whether one likes it or not", True, "Yes: nothing was chosen by it."),
        ("their mean, 0.845, which is fair to both", False, "Half of a score that is too good."),
        ("neither: train again until they agree", False, "Then the test part has chosen."),
    ],
)

# %%
quiz(
    "21-q2",
    "100 test pictures, accuracy 0.80. Another network has 0.83 on 100 others. What may be said?",
    [
        ("the other one is better, by three pictures", False, "A standard error is 0.04 here."),
        ("the other one is better, by 3 percent", False, "Three points, and within chance."),
        ("these pictures cannot tell the two apart", True, "Yes: 0.03 is less than 0.04."),
        ("the other one must have overfitted", False, "Nothing here speaks of that."),
    ],
)

# %%
quiz(
    "21-q3",
    "Photographs were taken in bursts: ten almost equal ones of each cup. They are split by "
    "chance, picture by picture. What is wrong with the test score?",
    [
        ("nothing: no picture is in two parts", False, "But its twin is."),
        ("it is too low: the cups are too much alike", False, "The other way round."),
        ("it is too high: a twin was trained on", True, "Yes: keep one of each burst."),
        ("it is the same, but takes ten times longer", False, "The score itself is off."),
    ],
)

# %%
quiz(
    "21-q4",
    "A variant has dropout and a higher rate and flipped pictures; it gains 0.06. What does the "
    "ablation show?",
    [
        ("that all three changes help", False, "One may have hurt, and the others made up for it."),
        ("which of them helps most", False, "They were never apart."),
        ("nothing about any single one of them", True, "Yes: change one thing at a time."),
        ("that dropout helps: it stands first", False, "The order of words decides nothing."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Question, measure and guess first; then data, one split, a baseline.
# 2. Choices are made on the validation part. Whatever is chosen by a score makes it too good.
# 3. Look at the mistakes, draw a guess from them, test it by changing one thing.
# 4. The test part is opened once, and what comes out stands, with its standard error.
# 5. A report names measure, logarithm, mean and $n$, what failed, and what is quoted.

# %% [markdown]
# ## Words
#
# - **Split**: dividing the pictures into training, validation and test part, once.
# - **Baseline**: what a method without a network reaches, and a network has to beat.
# - **Error analysis**: looking at what is wrong before changing anything.
# - **Ablation**: taking away or changing one part, with all else as it was.
# - **Claim**: a number that is written out, and that another run has to confirm.
# - **Standard error**: how far a score lies from its mean by chance, typically.

# %% [markdown]
# ## Further reading
#
# - T. Gebru and others, *Datasheets for datasets*, Communications of the ACM 64, 2021: what to say
#   about pictures.
# - M. Mitchell and others, *Model cards for model reporting*, FAT 2019: what to say about a
#   network.
# - B. Recht and others, *Do ImageNet classifiers generalize to ImageNet?*, ICML 2019: a test
#   part made anew, years later.
# - A. Karpathy, *A recipe for training neural networks*, 2019 (a blog): the same order of work.
#
# The three pictures with their error and cross-entropy are from deck 002 (*Classification Error*,
# *Cross-Entropy*). This was the last lesson.

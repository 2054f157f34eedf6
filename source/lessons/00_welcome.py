# ---
# jupyter:
#   coursekit:
#     lesson: "00"
#     title: Welcome
#     topics: [T091, T109]
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 00 · Welcome
#
# **What is a convolutional network good for, and is my machine ready for the course?**
#
# After this lesson you can
#
# - say in one sentence what a convolutional network does,
# - name the stations on the road from a picture to an answer,
# - use everything this course is made of: cells, predictions, quizzes, widgets, checks,
# - trust that your own computer is enough.
#
# **Time:** about 40 minutes. **Before this:** nothing but some Python and school algebra.

# %% [markdown]
# ### How to use these pages
#
# This page is a *notebook*: text, and between the text grey boxes with Python in them, called
# *cells*. Click into a cell and press **Shift + Enter**: the cell runs, its result appears below
# it, and the next cell is selected. Run them from top to bottom, and change anything you like: this
# is your own copy. If you break something, close the notebook and type `coursekit lab --reset 00`
# in a terminal: you get a fresh copy, and your old one is kept beside it.
#
# Try it now. The next cell loads what this lesson needs and looks at your machine.

# %% tags=["paper"]
import sys

import numpy as np
import torch

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import load

assert sys.version_info >= (3, 11), "this course needs Python 3.11 or newer"
print("Python is new enough: yes")
print("NumPy adds:", np.array([1, 2, 3]) + 1)
print("PyTorch multiplies:", (torch.arange(1, 4) * 2).tolist())
print("your machine is ready")

# %% [markdown]
# If that printed four lines, you are ready. If it printed an error instead, open a terminal (in
# JupyterLab: *File*, *New*, *Terminal*), type `coursekit doctor` and press Enter. It looks at your
# machine and says what is missing and how to get it.

# %% [markdown]
# ## See it: a network learns, now, on your machine
#
# Here are some small pictures. Each is a grid of 28 by 28 grey pixels, with one stroke or figure on
# it, drawn by a clumsy hand (in truth, by a small program with random numbers).

# %%
strokes = load("strokes")
x_train, y_train = strokes.train  # to learn from: pictures, and their names as numbers 0 to 9
x_test, y_test = strokes.test  # to be asked about later, unseen
# y_train == k is True (1) for pictures of name k, else False (0); `argmax` finds the first 1
first_of_each = [int(np.argmax(y_train == k)) for k in range(len(strokes.classes))]
figures.images(
    [(strokes.classes[k], x_train[i]) for k, i in enumerate(first_of_each)],
    columns=5,
    alt="Ten small grey pictures, one of each kind of stroke or figure, each with its name above "
    "it.",
)

# %% [markdown]
# Nobody has written a rule for what a *cross* or a *ring* looks like. Instead, the next cell builds
# a small **convolutional network** and shows it 2,000 of these pictures with their names, four
# times over. You do not need to understand the cell yet, so it is folded: the lessons take it
# apart, line by line. Run it, and give it a few seconds.

# %% tags=["fold"]
torch.manual_seed(0)
network = torch.nn.Sequential(
    torch.nn.Conv2d(1, 8, kernel_size=5),  # convolution: lessons 02 to 07
    torch.nn.ReLU(),  # drops what is negative: lesson 08
    torch.nn.MaxPool2d(4),  # pooling: lesson 08
    torch.nn.Flatten(),  # flattening: lesson 09
    torch.nn.Linear(8 * 6 * 6, len(strokes.classes)),  # full connection: lesson 09
)


def as_tensor(images):
    return torch.tensor(images).float()[:, None] / 255


optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
pictures, names = as_tensor(x_train[:2000]), torch.tensor(y_train[:2000])
for _ in range(4):
    for batch in torch.randperm(len(pictures)).split(50):
        loss = torch.nn.functional.cross_entropy(network(pictures[batch]), names[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
print("done")

# %% [markdown]
# Now we show it 500 pictures that it has **never seen**, and count how often it names them
# correctly.
# Blind guessing among ten names would be right one time in ten.

# %% tags=["banded", "fold"]
with torch.no_grad():
    guesses = network(as_tensor(x_test[:500])).argmax(dim=1).numpy()
right = guesses == y_test[:500]
measured("of 100 new pictures named correctly:", 100 * right.mean(), at_least=80)

# %% [markdown]
# This page shows only the claim; when you run the cell, your own number stands below it. Here are
# five pictures that it named correctly, and some that it got wrong. Look at the wrong ones: would
# you have known?
#
# <details>
# <summary>Our answer</summary>
#
# Most likely yes, at a glance. Two thousand pictures and four rounds are not much.
#
# </details>

# %% tags=["fold"]
shown = [*np.flatnonzero(right)[:5], *np.flatnonzero(~right)[:5]]
figures.images(
    [
        (f"{strokes.classes[y_test[i]]}: says {strokes.classes[guesses[i]]}", x_test[i])
        for i in shown
    ],
    columns=5,
    alt="Ten small pictures, each with its name and the network's guess above it: in the upper "
    "row the guesses are right, in the lower row they are wrong.",
)

# %% [markdown]
# That is what a convolutional network (a *CNN*, or *ConvNet*) is good for: **it learns to name what
# is in a picture from examples.** Photo albums use it to find your friends, shops to recommend what
# looks alike; doctors, farmers, astronomers and your phone's camera use it too.

# %% [markdown]
# ## Predict
#
# One of the first famous networks of this kind, LeNet-5 of 1998, reads handwritten digits. What
# such a network has *learned* is stored in it as numbers, its **parameters**. You will build
# LeNet-5 in lesson 12. How many numbers do you think it has?
#
# Commit to an answer: choose one and press the button. Wrong guesses cost nothing, and they make
# the answer stick. That is how every prediction in this course works: first you write it down, and
# only then the cell below it shows the answer.

# %%
predict(
    "00-parameters",
    "How many learned numbers does LeNet-5 need to read handwritten digits?",
    options=["about 600", "about 60 thousand", "about 60 million", "about 60 billion"],
)

# %% tags=["reveal"]
lenet = torch.nn.Sequential(
    torch.nn.Conv2d(1, 6, 5, padding=2),
    torch.nn.Conv2d(6, 16, 5),
    torch.nn.Linear(16 * 5 * 5, 120),
    torch.nn.Linear(120, 84),
    torch.nn.Linear(84, 10),
)
count = sum(p.numel() for p in lenet.parameters())
reveal(
    "00-parameters",
    "about 60 thousand",
    because=f"The network of 1998 had 60,000; today's usual variant, built above, has {count:,}.",
)

# %% [markdown]
# ## By hand
#
# How does a picture become an answer? In stations, like a parcel on its way. Here are the first
# ones, on a picture so small that you can follow every number. A 1 is ink, a 0 is paper, and the
# picture is a face.
#
# **Station 1, convolution.** A small grid, the *feature detector*, is laid on the top left corner
# of the picture. Multiply each pair of numbers that lie on each other, add the nine products, and
# write the sum down. Then move one step to the right and do it again. With zeros and ones this is
# only counting: *how many ones lie on ones?*
#
# Take a pencil and count: what comes out in the outlined place? (It covers rows 3 to 5 and
# columns 1 to 3. In this course, as in Python, counting starts at 0.)

# %%
from coursekit.scratch import conv2d, max_pool2d

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
figures.grids(
    [("picture, outlined: rows 3 to 5", face), ("detector", detector)],
    operators=("*",),
    highlight={0: [(r, c) for r in (3, 4, 5) for c in (1, 2, 3)]},
)

# %% tags=["paper"]
patch = face[3:6, 1:4]
print("the nine products:", (patch * detector).ravel())  # `ravel`: in one row
print("their sum:        ", (patch * detector).sum())

# %% [markdown]
# Doing that in all 25 places gives a grid of 5 by 5, the *feature map*. (Lesson 02 has more to say
# about the name *convolution*: mathematics turns the small grid round first, networks do not, and
# nor do we here.) **Station 2, pooling**, keeps only the largest number of each 2 by 2 block (where
# a block sticks out over the edge, only what is there counts). **Station 3, flattening**, writes
# what is left in one row.

# %%
feature_map = conv2d(face, detector)
pooled = max_pool2d(feature_map, size=2, ceil_mode=True)
figures.grids([("feature map", feature_map), ("pooled", pooled)], operators=("->",))
print("flattened:", pooled.ravel())
print(face.size, "pixels have become", pooled.size, "numbers")

# %% [markdown]
# Forty-nine pixels have become nine numbers, and the largest of them, 4, says: *here the detector
# found its pattern*. The last two stations, **full connection** and **softmax**, turn such numbers
# into "cross, I am 95 percent sure". Between convolution and pooling stands one more small station,
# **ReLU**, which sets negative numbers to 0. And the *cross-entropy* measures how wrong the answer
# was, so that the network can learn from it. This is the whole road, and the plan of the course:
#
# | station | what it does | lesson |
# |---|---|---|
# | picture | numbers in a grid | 01 |
# | convolution | finds a pattern wherever it is | 02 to 07 |
# | ReLU | drops what is negative | 08 |
# | pooling | keeps the strongest, makes the grid smaller | 08 |
# | flattening and full connection | weighs all the evidence | 09 |
# | softmax and cross-entropy | says how sure it is; says how wrong it was | 09 |
# | training | changes the numbers until it is right more often | 10 and 11 |
#
# After that come the famous networks (12 to 15), looking inside one (16), and more: how a
# convolution learns, in NumPy alone (19), and networks for words in order (20).

# %% [markdown]
# ## Play
#
# Besides text and cells there are *widgets*: things to play with. Run the next cell. Then move the
# mouse over the small output grid on the right, or click it once and use the arrow keys. Watch
# which numbers are multiplied. (The widget calls the detector the *kernel*, as the course will from
# lesson 03 on. Leave Stride, Padding, Dilation and Flip as they are; lessons 02, 05 and 07 explain
# them.)
#
# 1. Find a place where the output is 2. Which ones of the detector lie on ones of the picture
#    there?
# 2. Change one number of the detector, say the 0 in its middle to 1. Which outputs change?

# %%
from coursekit.widgets import ConvolutionExplorer

ConvolutionExplorer(input=face, kernel=detector)

# %% tags=["fold"]
other = detector.copy()
other[1, 1] = 1
assert (conv2d(face, other) != feature_map).sum() == face.sum() == 8  # what the answers say
assert feature_map.max() == 4 and (feature_map == 2).sum() > 1

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. There are several. In each of them two of the four ones of the detector lie on ones of the
#    picture; the largest output, 4, is where all four do.
# 2. Those in which a 1 of the picture lies under the changed place: with the middle, eight, one for
#    each 1 of the picture.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"Convolutional networks are for large companies with halls full of computers."*
#
# Some are. But look at LeNet-5, the one you just made a guess about. Each of its numbers takes four
# bytes. A photograph in memory takes three bytes a pixel; stored as a file it is packed, and a good
# deal smaller.

# %%
photo_bytes = 427 * 640 * 3  # a photograph of 427 by 640 pixels, three bytes each
print(f"one small photograph, in memory:    {photo_bytes:>9,} bytes")
print(f"LeNet-5:                            {4 * count:>9,} bytes")
print(f"the photograph, packed as a file:   {142_987:>9,} bytes")

# %% [markdown]
# The network that read the numbers on bank cheques takes about as much room as one small
# photograph: more than its file, less than its pixels. Your computer has just trained a network in
# this notebook, and it will train LeNet-5 in lesson 12, with or without a graphics card.

# %% [markdown]
# ## Your turn
#
# This lesson has no exercise. From lesson 01 on each lesson has one: you write a function, run
# `check("its_name", its_name)`, and are told at once whether it is right, and if not, *which*
# mistake you made, with the smallest example that shows it. `hint("its_name")` helps in three
# steps. Nobody sees your attempts.

# %% [markdown]
# ## Quiz
#
# Every lesson ends with a few questions. Choose an answer and read what it says, then try the wrong
# ones too: their feedback is often the best part. Your answers stay on your own machine; the box
# says where.

# %%
quiz(
    "00-q1",
    "In one sentence: what does a convolutional network do?",
    [
        (
            "It follows rules that a programmer wrote for each kind of picture.",
            False,
            "Nobody wrote a rule for a ring or a cross above. It learned from pictures with names.",
        ),
        (
            "It learns from examples to name what is in a picture.",
            True,
            "Yes. Other uses exist, and all of them rest on learning from examples.",
        ),
        (
            "It looks the picture up in a list of all pictures.",
            False,
            "The 500 test pictures were new: they were in no list.",
        ),
    ],
)

# %%
quiz(
    "00-q2",
    "Which order do the stations have on the road from a picture to an answer?",
    [
        (
            "convolution, ReLU, pooling, flattening, full connection, softmax",
            True,
            "Yes. Convolution, ReLU and pooling are often repeated several times before "
            "flattening.",
        ),
        (
            "flattening, convolution, softmax, pooling, ReLU, full connection",
            False,
            "Flattening destroys the grid, and convolution needs the grid: it must come later.",
        ),
        (
            "softmax, full connection, flattening, pooling, ReLU, convolution",
            False,
            "That is the road walked backwards. Softmax gives the final answer.",
        ),
    ],
)

# %%
quiz(
    "00-q3",
    "You changed a cell and now nothing works. What now?",
    [
        (
            "Run it again from the top, or get a fresh copy.",
            True,
            "Yes. `coursekit lab --reset 00` gets one, and keeps your old copy beside it.",
        ),
        (
            "Install the whole course again, in a new folder.",
            False,
            "Not needed: coursekit lab --reset 00 gives you a fresh copy of just this notebook.",
        ),
        (
            "Never change a cell: only read and run it.",
            False,
            "On the contrary! Changing things and watching what breaks is the best way to learn "
            "here.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. A convolutional network learns from examples to name what is in a picture.
# 2. The road: convolution, ReLU, pooling, flattening, full connection, softmax.
# 3. Convolution lays a small grid on the picture, multiplies, adds, and moves on.
# 4. LeNet-5 has about 60 thousand parameters, as much as one small photograph. Your machine is
#    enough.
# 5. Predict first, run second; change things; use the hints. Shift + Enter runs a cell.

# %% [markdown]
# ## Words
#
# - **Notebook**, **cell**: this page, and one box of Python in it.
# - **Convolutional network**, **CNN**, **ConvNet**: a network that slides small grids of learned
#   numbers over a picture.
# - **Parameter**: a number that the network learns.
# - **Feature detector**: a small grid that slides over the picture. **Feature map**: what comes out
#   when the detector has been everywhere.
# - **Class**: one of the names the network can give.

# %% [markdown]
# ## Further reading
#
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document
#   recognition*, Proceedings of the IEEE, 1998: LeNet-5.
# - Y. LeCun, Y. Bengio and G. Hinton, *Deep learning*, Nature, 2015: the field in nine pages.
#
# **Where the material comes from.** Many examples are taken from five sets of lecture slides,
# called deck 000 to 004 in these closing notes: 000, the video slides *Simple explanation of
# convolutional neural network* (codebasics); 001, *DSE 3121 Deep Learning, Convolutional Neural
# Networks* by Rohini Rao and Abhilash K Pai, MIT Manipal; 002, digipodium's *Machine Learning,
# Lecture 18*; 003, an untitled deck *Convolution Neural Network*; 004, *Deep Learning for
# beginners, session 2*. The face of this lesson is from deck 002, *Step 1 - Convolution*; who uses
# such networks from deck 003. You do not need the slides: what is used of them is quoted.
# Lecture slides contain slips, as everything does. When we find one we say so, and a cell proves
# the right value. **Next:** [01 Images are arrays](01_images.ipynb).

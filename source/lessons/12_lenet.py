# ---
# jupyter:
#   coursekit:
#     lesson: "12"
#     title: LeNet-5
#     topics: [T032, T069]
#     minutes: 60
#     datasets: [mnist]
# ---

# %% [markdown]
# # 12 · LeNet-5
#
# **What did the first widely used CNN look like, and how do its numbers come about?**
#
# After this lesson you can
#
# - read the table of a network in a paper and work out every size and every count in it,
# - say what `forward` does with a picture, layer by layer, and see that PyTorch and Keras get the
#   same ten scores,
# - train it, and judge it by more than one number: which digits it mixes up, and how sure it is
#   when it is wrong,
# - say where the weights of such a network are, and where its work is.
#
# **Time:** about 60 minutes. **Before this:** [10 First CNN](10_fashion_mnist_keras.ipynb) and [11
# The training loop](11_training_loop.ipynb).

# %% [markdown]
# ## See it: a cheque
#
# In the 1990s banks in the United States paid millions of cheques a day, and people typed in the
# amounts that other people had written by hand. Then a machine began to read them. What it read
# looked like this:

# %%
import numpy as np
import torch
from torch import nn

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load, results

try:
    digits = load("mnist")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with the drawn strokes instead; its claims are about digits.")
    digits = load("strokes")

(x_train, y_train), (x_test, y_test) = digits
classes = digits.classes
print("training:", x_train.shape, " test:", x_test.shape)

# %% tags=["fold"]
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

amount = [int(np.flatnonzero(y_test == digit)[place]) for place, digit in enumerate([1, 9, 9, 8])]
fig = Figure(figsize=(7.4, 2.6))
paper = fig.add_axes((0, 0, 1, 1), xlim=(0, 7.4), ylim=(0, 2.6))
paper.set_axis_off()
paper.add_patch(Rectangle((0.05, 0.05), 7.3, 2.5, facecolor="#F4F1E4", edgecolor="#555555"))
paper.text(0.3, 2.1, "BANK OF CONVOLUTIA", fontsize=13, weight="bold")
paper.text(0.3, 1.5, "Pay to the order of  ____________________________", fontsize=11)
paper.text(0.3, 0.45, "____________________   signature", fontsize=11)
for place, index in enumerate(amount):
    box = fig.add_axes(((4.6 + 0.62 * place) / 7.4, 0.82 / 2.6, 0.6 / 7.4, 0.6 / 2.6))
    box.imshow(255 - x_test[index], cmap="gray", vmin=0, vmax=255)
    box.set_axis_off()
figures.show(fig, alt="A drawn cheque with an amount of four handwritten digits in a row of boxes.")

# %% [markdown]
# The network that learned to read such digits is called **LeNet-5**. It was published in 1998 by
# Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner. At the end of this lesson, yours will
# read the cheque.
#
# It did not come from nowhere. D. Hubel and T. Wiesel had found cells in the visual cortex of cats
# that look at a small patch each and answer to a line in one direction. K. Fukushima built a
# network on that model in 1980, the **neocognitron**: layers of small detectors, and between them
# layers that forgive small shifts. But nobody told it how wrong it was. LeCun's networks kept the
# plan and added what you wrote in lesson 11: a loss, a gradient, a step.
#
# Here is the plan. C stands for convolution, S for subsampling (the paper's word for pooling), F
# for fully connected; the numbers count the layers, and "6 @ ? x ?" means six maps of a size that
# you will find. (C5 keeps the letter C in the paper: its filters are as large as the maps that they
# look at, so each fits in one place only. That is the same as a dense layer, and so we call it
# dense.)

# %% tags=["fold"]
stations = [
    ("picture", "28 x 28"),
    ("C1", "6 @ ? x ?"),
    ("S2", "6 @ ? x ?"),
    ("C3", "16 @ ? x ?"),
    ("S4", "16 @ ? x ?"),
    ("C5", "120"),
    ("F6", "84"),
    ("output", "10"),
]
fig = Figure(figsize=(8.8, 1.6))
axes = fig.subplots()
axes.set_axis_off()
axes.set_xlim(-0.5, 7.5)
axes.set_ylim(-0.8, 0.5)
for place, (name, shape) in enumerate(stations):
    colour = {"C1": "#E8F0F7", "C3": "#E8F0F7", "S2": "#FBEFD9", "S4": "#FBEFD9"}.get(name, "#EEE")
    look = {"boxstyle": "round,pad=0.45", "facecolor": colour, "edgecolor": "#0072B2"}
    axes.text(place, 0, name, ha="center", va="center", fontsize=11, bbox=look)
    axes.text(place, -0.65, shape, ha="center", fontsize=10)
    if place:
        arrow = {"arrowstyle": "->", "lw": 1.5}
        axes.annotate("", (place - 0.36, 0), (place - 0.64, 0), arrowprops=arrow)
figures.show(
    fig,
    alt="Eight boxes joined by arrows: picture, 28 by 28; C1 with 6 maps; S2 with 6 maps; C3 with "
    "16 maps; S4 with 16 maps; C5 with 120 numbers; F6 with 84; output with 10. The sizes of the "
    "maps are question marks.",
)

# %% [markdown]
# ## Predict
#
# The network of lesson 10 had one convolution with 32 filters, and 6,272 numbers reached its dense
# layer. LeNet-5 has **two** convolutions with 6 and 16 filters of 5 by 5, and **three** dense
# layers with 120, 84 and 10 outputs.

# %%
predict(
    "12-flat",
    "How many numbers reach its first dense layer?",
    options=["400", "784, as many as the picture has", "about 3,000", "about 12,000"],
)

# %% [markdown]
# ## By hand
#
# ### The table of the paper
#
# The rules are those of lesson 10. A filter of 5 by 5 that looks at 6 maps has 5 x 5 x 6 weights
# and a bias. Without padding a map comes out 4 pixels narrower and 4 lower; pooling halves both.
# Fill in the question marks, then run the cell.
#
# | layer | what it does | what comes out | parameters |
# |---|---|---|---|
# | C1 | 6 filters 5 x 5, padded by 2 | 6 maps of 28 x 28 | 6 x (25 + 1) = 156 |
# | S2 | average pooling 2 x 2 | 6 maps of ? x ? | 0 |
# | C3 | 16 filters 5 x 5, no padding | 16 maps of ? x ? | 16 x (? + 1) = ? |
# | S4 | average pooling 2 x 2 | 16 maps of ? x ? | 0 |
# | | flatten | ? numbers | 0 |
# | C5 | dense | 120 | 120 x (? + 1) = ? |
# | F6 | dense | 84 | 84 x (? + 1) = ? |
# | output | dense | 10 | 10 x (? + 1) = ? |

# %% tags=["paper"]
from coursekit.scratch import conv_parameters, dense_parameters, output_size

after_c1 = output_size(28, kernel_size=5, padding=2)
after_s2 = output_size(after_c1, kernel_size=2, stride=2)
after_c3 = output_size(after_s2, kernel_size=5)
after_s4 = output_size(after_c3, kernel_size=2, stride=2)
flat = 16 * after_s4 * after_s4

counts = {
    "C1": conv_parameters(in_channels=1, out_channels=6, kernel_size=5),
    "C3": conv_parameters(in_channels=6, out_channels=16, kernel_size=5),
    "C5": dense_parameters(in_features=flat, out_features=120),
    "F6": dense_parameters(in_features=120, out_features=84),
    "output": dense_parameters(in_features=84, out_features=10),
}
print("sides of the maps:", after_c1, after_s2, after_c3, after_s4, " flattened:", flat)
for layer, count in counts.items():
    print(f"{layer:7} {count:>7,}")
print(f"all     {sum(counts.values()):>7,}")

# %% tags=["reveal"]
reveal(
    "12-flat",
    "400",
    because=f"The sides go 28, 14, {after_c3}, {after_s4}, and there are 16 maps. So LeNet-5 has "
    f"no more parameters than lesson 10's network ({sum(counts.values()):,} against 63,050), "
    "although it has five layers with weights where that had two.",
)

# %% [markdown]
# ### Optional: padded 28 or 32
#
# The paper feeds pictures of 32 by 32 and does not pad. Today's pictures of digits are 28 by 28,
# and one pads by 2. The sizes are the same:

# %%
print("from 32, not padded: ", output_size(32, kernel_size=5))
print("from 28, padded by 2:", output_size(28, kernel_size=5, padding=2))

# %% [markdown]
# ### Find the slip
#
# Deck 001 says in one heading that LeNet-5 recognises *text*, in another that it recognises
# *numbers*; the paper's title says *document recognition*. Which is right? The last line of your
# table settles it: ten outputs, so it reads **one digit** at a time. (Numbers and documents take
# more: something that finds the digits one by one.)
#
# Suppose you want it to read the capital letters A to Z as well as the digits.

# %%
predict(
    "12-reads",
    "How many parameters must be added for that, of 61,706?",
    options=[
        "none: the filters see strokes, and letters are made of strokes",
        "2,184: for 26 more outputs",
        "2,210: for 26 more outputs",
        "about 160,000: 3.6 times as many classes, 3.6 times as many parameters",
    ],
)

# %% tags=["reveal"]
more = dense_parameters(in_features=84, out_features=36) - counts["output"]
assert more == 2210
reveal(
    "12-reads",
    "2,210: for 26 more outputs",
    because="Only the last layer grows: by 26 outputs, each with 84 weights and a bias. (It would "
    "also have to be trained on letters.)",
)

# %% [markdown]
# ### Where is the work?
#
# Weights take memory; multiplications take time: one for each weight, at each
# place where it is used.

# %%
predict(
    "12-work",
    "C1 and C3 together hold about 4 of 100 parameters. Which share of all multiplications do they "
    "do?",
    options=["about 4 of 100", "about a quarter", "about half", "more than 80 of 100"],
)

# %% tags=["reveal"]
work = {
    "C1": 6 * after_c1**2 * 25,  # each output needs 5 x 5 multiplications
    "C3": 16 * after_c3**2 * 25 * 6,  # 5 x 5 x 6 maps
    "C5": 120 * flat,
    "F6": 84 * 120,
    "output": 10 * 84,
}
share = (work["C1"] + work["C3"]) / sum(work.values())
assert share > 0.8
reveal(
    "12-work",
    "more than 80 of 100",
    because=f"{work['C1'] + work['C3']:,} of {sum(work.values()):,}. A weight of C1 is used at "
    "each of 28 x 28 places, one of a dense layer once.",
)

# %% [markdown]
# That is the nature of a convolution: *few weights, much work*. The dense layers are the other way
# round. Keep it in mind when a network is too slow, or too large: the cure is not in the same
# place.

# %% [markdown]
# ## From scratch
#
# ### The activation function: tanh
#
# After each layer with weights but the last, our LeNet-5 applies the hyperbolic tangent, `tanh`,
# where lesson 10 had ReLU. It leaves small numbers nearly as they are, and squeezes large ones into
# the range from -1 to 1:

# %% tags=["fold"]
xs = np.linspace(-4, 4, 81)
figures.signal(
    [("tanh", xs, np.tanh(xs)), ("ReLU (lesson 08)", xs, np.maximum(xs, 0))],
    xlabel="in",
    ylabel="out",
    alt="Two curves. The tanh curve runs from minus 1 on the left through 0 to plus 1 on the "
    "right, steepest in the middle and flat at both ends. The ReLU curve is 0 on the left and then "
    "rises as a straight line.",
)
for x in (0.1, 1, 3):
    print(f"tanh({x}) = {np.tanh(x):.3f}")

# %% [markdown]
# ### One filter of C3
#
# A filter of C3 is a block of 6 by 5 by 5 numbers and writes a single map (lesson 06). One place of
# one filter, with random numbers:

# %%
maps = np.random.default_rng(0).normal(size=(6, 14, 14))  # what comes out of S2
one_filter = np.random.default_rng(1).normal(size=(6, 5, 5))
patch = maps[:, 0:5, 0:5]  # through all six maps
answer = (patch * one_filter).sum()
print("patch:", patch.shape, " filter:", one_filter.shape, f" one number: {answer:.3f}")

by_torch = nn.functional.conv2d(torch.tensor(maps)[None], torch.tensor(one_filter)[None])
assert abs(by_torch[0, 0, 0, 0].item() - answer) < 1e-9
print("PyTorch's map:", tuple(by_torch.shape), " same number in its corner: yes")

# %% [markdown]
# ## In the framework
#
# You will write LeNet-5 yourself in the exercise. The library has one, ready to train, and a
# summary that counts for you. (A *multiply-add* is a multiplication with the addition that follows
# it. The last line is what `backward` needs: what each layer gave, 8,084 numbers of 4 bytes.)

# %%
from coursekit.models import LeNet5
from coursekit.training import summary

torch.manual_seed(0)
ready_made = LeNet5()
assert 6 * 28**2 + 6 * 14**2 + 16 * 10**2 + 16 * 5**2 + 120 + 84 == 8084
summary(ready_made, (1, 28, 28))

# %% [markdown]
# PyTorch's count is yours. And Keras? The library has a function that carries the weights over. Two
# conventions bite: Keras stores the channels last, in filters as in maps, and so it flattens the 16
# maps in another order. (The cell is folded.)

# %% tags=["fold"]
import os

os.environ["KERAS_BACKEND"] = "torch"
from coursekit.models import lenet5_to_keras

digit = x_test[amount[0]] / 255
with torch.no_grad():
    by_torch = ready_made(torch.tensor(digit[None, None], dtype=torch.float32))[0].numpy()
in_keras = lenet5_to_keras(ready_made)
by_keras = in_keras.predict(digit[None, :, :, None].astype("float32"), verbose=0)[0]
assert np.abs(by_keras - by_torch).max() < 1e-5
print("Keras and PyTorch give the same ten scores, to 5 decimals")
print("parameters in Keras:", f"{in_keras.count_params():,}")

# %% [markdown]
# ### Train
#
# `fit` runs the loop of lesson 11 with better choices than ours there: the optimizer AdamW, and a
# learning rate that first rises, then falls (*one cycle*). It takes the pictures as they are, bytes
# from 0 to 255, and divides them by 255 itself. We use 6,000 of the 60,000, so that nobody waits.

# %%
from coursekit.training import fit

torch.manual_seed(0)
model = LeNet5()
history = fit(
    model,
    (x_train[:6000], y_train[:6000]),
    (x_test[:2000], y_test[:2000]),
    epochs=5,
    seed=0,
)
history.plot()

# %% tags=["banded"]
measured("test accuracy", history.records[-1]["test_accuracy"], at_least=0.91)

# %% [markdown]
# In the first epoch the accuracy on training pictures lies far *below* the one on test pictures. It
# is no mistake: the first is the mean over the whole epoch, from the very first guesses on, the
# second is measured at the epoch's end.

# %% [markdown]
# Now the cheque:

# %%
model.eval()
with torch.no_grad():
    boxes = torch.tensor(x_test[amount][:, None] / 255, dtype=torch.float32)
    reading = model(boxes).argmax(dim=1).tolist()
print("the network reads:", *reading)
if digits.name == "mnist":
    assert reading == [1, 9, 9, 8]

# %% [markdown]
# That is the year of the paper.
#
# (A bank needs more than a right answer: it must know when *not* to trust the machine, and give the
# cheque to a person. That comes at the end of this section.)

# %% [markdown]
# ### What does it get wrong?
#
# First, by number. Which two digits would *you* mix up in somebody's handwriting?

# %%
predict("12-mixed", "Name two digits that it will mix up often.", kind="text")

# %% [markdown]
# `evaluate` sends pictures through the trained network and keeps every answer. We ask it for 5,000.

# %%
from coursekit.training import evaluate

result = evaluate(model, (x_test[:5000], y_test[:5000]), classes=classes)

# %% tags=["reveal"]
result.plot_confusion(
    alt="A ten by ten table of counts, true digits in rows and answers in columns. Nearly all "
    "counts lie on the diagonal; a few small ones lie beside it.",
)

# %% tags=["reveal"]
reveal(
    "12-mixed",
    "often 4 and 9, 7 and 2, 3 and 5, 8 and nearly anything",
    because="It depends on the run. Look at the largest counts beside the diagonal.",
)

# %% [markdown]
# Then, by eye. These are the mistakes of which it was most sure:

# %%
result.mistakes(
    10,
    alt="Ten test pictures of handwritten digits, each with the true digit, the network's wrong "
    "answer and how sure it was.",
)

# %% [markdown]
# Some of these a person might get wrong as well, others not. Look for sevens with a bar across, and
# for open fours: where mistakes have something in common, the network has perhaps seen too few
# digits of that kind.
#
# ### How sure is it, and is it right to be?
#
# The `softmax` of the scores gives probabilities; the largest is how sure the network says it is. A
# bank accepts only answers with at least 95 percent, and gives all other digits to a person.

# %%
predict(
    "12-sure",
    "About one digit in six gets less than 95 percent. How many of 100 cheques of four digits "
    "must a person look at?",
    options=["about 17", "about 33", "about 50", "about 67"],
)

# %% tags=["reveal", "banded"]
with torch.no_grad():
    tests = torch.tensor(x_test[:5000, None] / 255, dtype=torch.float32)
    certainty, answers = model(tests).softmax(dim=1).max(dim=1)
right = answers == torch.tensor(y_test[:5000])
sure = certainty >= 0.95
rejected = 1 - sure.float().mean().item()
reveal(
    "12-sure",
    "about 50",
    because="A cheque passes only if all four digits pass, and 5/6 to the power of 4 is about one "
    "half. (4 x 1/6 = 67 of 100 counts a cheque with two rejected digits twice.)",
)
assert 0.45 < (5 / 6) ** 4 < 0.5
if digits.name == "mnist":
    measured("digits rejected, of 100:", 100 * rejected, at_least=10, at_most=27)
    measured("cheques rejected, of 100:", 100 * (1 - (1 - rejected) ** 4), at_least=34, at_most=72)
    measured("wrong, of 100 that pass:", 100 * (1 - right[sure].float().mean()), at_most=2)
    measured("wrong, of 100 in all:", 100 * (1 - right.float().mean()), at_least=3, at_most=9)

# %% [markdown]
# So the certainty is worth something: of the digits that pass hardly any is wrong. But about half
# of the cheques go to a person. The paper does the same: its cheque reader could *reject*.
#
# Is it right to be so unsure? A network whose "90 percent sure" is right in 90 of 100 cases is
# called **calibrated**. The picture compares what the network says with how often it is right; on
# the dashed line both agree. Look at the lower panel first: most answers are at the far right, and
# the bars on the left rest on a few digits each.

# %% tags=["fold"]
result.plot_calibration(
    alt="For groups of answers from unsure to sure, how often they were right, against how sure "
    "the network was. The dashed diagonal is where both agree.",
)
said, was = 100 * certainty.mean().item(), 100 * right.float().mean().item()

# %% tags=["banded"]
if digits.name == "mnist":
    measured("sure minus right, of 100:", said - was, at_least=-4, at_most=4)

# %% [markdown]
# The last line is the mean of what it says, minus the share it gets right: below 0 it is too
# modest, above 0 it boasts. Ours is nearly right. Larger networks that are trained for longer tend
# to boast (Guo and others, 2017).

# %% [markdown]
# ### All 60,000
#
# The whole training set and more epochs, three times from different random starts. The results are
# kept in a table with this course.

# %%
table = results("12_lenet")
print(table[0]["command"])
last = max(int(row["epoch"]) for row in table)
for row in table:
    if int(row["epoch"]) == last:
        print(
            f"seed {row['seed']}: {row['train_images']} training pictures, {row['epoch']} epochs, "
            f"{100 * (1 - float(row['test_accuracy'])):.2f} errors in 100 test pictures"
        )

# %% [markdown]
# The paper reports 0.95 errors in 100 for LeNet-5, and 0.8 with extra, artificially distorted
# training pictures.

# %% [markdown]
# ### Optional: what did it learn?
#
# The six filters of C1, and what they make of the nine on the cheque:

# %%
filters = model.c1.weight.detach().numpy()[:, 0]
figures.images(
    [(f"filter {k}", filters[k]) for k in range(6)],
    columns=6,
    signed=True,
    alt="Six filters of 5 by 5 with positive and negative weights; several have a positive and a "
    "negative side, as edge detectors have.",
)
with torch.no_grad():
    first_maps = torch.tanh(model.c1(boxes[1:2]))[0].numpy()
figures.images(
    [(f"map {k}", first_maps[k]) for k in range(6)],
    columns=6,
    signed=True,
    alt="Six maps of a handwritten nine: some answer to one side of its strokes, others to the "
    "whole stroke.",
)

# %% [markdown]
# Compare each map with its filter: some filters answer to one side of a stroke, others to all of
# it. Nobody drew them; they were found by the loop of lesson 11, because they help.

# %% [markdown]
# ## Play
#
# LeNet-5 is from 1998. Two parts of it have gone out of fashion: `tanh` and average pooling. Change
# one thing at a time, such as `play(activation=nn.ReLU, seed=1)`, and run several seeds before you
# believe anything.
#
# 1. `activation=nn.ReLU`, then `pool=nn.MaxPool2d`. What about the number of parameters? And the
#    accuracy?
# 2. `width=3`: three times as many maps in C1 and C3. Which layers grow, and how many times?


# %% tags=["banded"]
def play(activation=nn.Tanh, pool=nn.AvgPool2d, width=1, seed=0):
    torch.manual_seed(seed)
    network = nn.Sequential(  # the star puts in the layers of a list one by one
        *[nn.Conv2d(1, 6 * width, 5, padding=2), activation(), pool(2)],
        *[nn.Conv2d(6 * width, 16 * width, 5), activation(), pool(2), nn.Flatten()],
        *[nn.Linear(16 * width * 25, 120), activation()],
        *[nn.Linear(120, 84), activation(), nn.Linear(84, 10)],
    )
    train, test = (x_train[:4000], y_train[:4000]), (x_test[:1000], y_test[:1000])
    record = fit(network, train, test, epochs=2, seed=seed).records[-1]
    print("parameters:", f"{sum(p.numel() for p in network.parameters()):,}")
    measured("share right on test pictures", record["test_accuracy"])


play()

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. Neither changes the number of parameters: an activation and a pooling have none. In so short a
#    training ReLU changes little, hardly more than three seeds differ; max pooling gains clearly.
# 2. C1 three times (468), C3 nearly nine times (48 x (18 x 25 + 1) = 21,648: three times as many
#    filters, each through three times as many maps), C5 nearly three times. F6 and the output stay.
#
# </details>

# %% [markdown]
# ### Optional: networks taken apart
#
# The explorer below takes networks apart: each line is a layer, with what comes out of it, its
# parameters, its multiplications (*multiply-adds*), its memory, and how much of the picture it
# sees. Beside LeNet-5 stands the network of lesson 10, with about as many parameters.
#
# 3. Which of the two does more work, and how many times as much? Which layer does most of it in
#    each?
# 4. Click C3 (it is called `c3`). How many pixels of the picture does one of its numbers see?

# %%
from coursekit.widgets import ArchitectureExplorer

lesson_10 = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(32 * 14 * 14, 10),
)
explorer = ArchitectureExplorer("LeNet-5", lesson_10, shape=(1, 28, 28))
explorer

# %% tags=["fold"]
lenet, other = explorer.tables.values()  # what stands in the answers below
lenet_work, other_work = (sum(row["multiply_adds"] for row in table) for table in (lenet, other))
assert round(lenet_work / other_work, 1) == 1.4
assert max(row["multiply_adds"] for row in other) == 225_792 > other_work / 2
assert lenet[2]["multiply_adds"] == 240_000 > lenet_work / 2
assert lenet[2]["name"] == "c3" and lenet[2]["field"] == [14, 14]

# %% [markdown]
# <details><summary>Answers</summary>
#
# 3. LeNet-5, 1.4 times as much. A convolution in both: C3 with 240,000 multiply-adds, and the only
#    one of lesson 10 with 225,792.
# 4. 14 by 14 pixels: 5 for C1, 1 more for the pooling, and 4 steps of 2 for C3 itself (lesson 07).
#
# </details>

# %% [markdown]
# ### Optional: look into it
#
# The network that you have just trained, on the four digits of the cheque. The page itself
# computes every number of it. Point at one to see what it is made of, down to the single product;
# draw on the picture, and everything follows.
#
# 1. Point at a number in the middle of `c3`. How many products stand behind it? Some part of the
#    picture is framed: how large is it, and why?
# 2. Press *Clear*. What has become of the maps of `c1`, and what does the network answer?
# 3. Which layer's numbers have the most products behind them?
#
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. 150: 5 by 5 in each of six maps. 14 by 14 pixels: 5 by 5 numbers of `s2`, which come from 10 by
#    10 numbers of `c1`, and each of these sees 5 by 5 pixels.
# 2. Each map has one value everywhere: all products are 0, so its bias is left. There is still an
#    answer: none of the ten outputs stands for "no digit".
# 3. `c5`, with 400: each of its numbers sees all of `s4`. It fits what you counted: most weights
#    are there.
#
# </details>

# %% tags=["nbval-ignore-output"] reason="It holds the weights that this machine has trained."
from coursekit.widgets import NetworkExplorer

NetworkExplorer(model, x_test[amount], classes)

# %% [markdown]
# ### Optional: draw a digit
#
# This network comes with the course: two convolutions, trained on all 60,000 digits. Draw your own
# with the mouse, a finger or the arrow keys; it answers with every stroke. Below are two maps of
# what the answer rests on. **Saliency** is bright where a small change of the pixel would change
# the score. **Occlusion** is orange where the class loses when a patch is covered there. (Lesson 16
# builds both.)
#
# 1. Draw a 1 in a corner. What is the answer? Press *Centre*: what is it now, and why?
# 2. Choose picture 4 and find the patch that costs most. Then cover with white instead of black. Is
#    it still the same place?
#
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. Usually a wrong one, and often a confident one: all digits that it was trained on stood in the
#    middle. Centred, as those were, it is a 1.
# 2. No. Black takes a piece of a stroke away, white adds one. What such a map shows depends on what
#    is used to cover.
#
# </details>

# %%
from coursekit.widgets import DrawDigit

DrawDigit()

# %% [markdown]
# ## A mistake people make
#
# > *"A pooling layer never has parameters."*
#
# For largest value and mean it is true, and your table says 0, too. But the LeNet-5 of the paper
# does not just take the mean. Its subsampling layers S2 and S4 multiply each map's sum by a
# **trained coefficient** and add a **trained bias**: two numbers for each map. Say the block is 5,
# 1 above 8, 2, the coefficient 0.5 and the bias 1. What comes out, and what would the mean be?
# Write both down.

# %% tags=["paper"]
block = np.array([[5, 1], [8, 2]])
print("subsampled as in 1998:", 0.5 * block.sum() + 1)
print("mean:                 ", block.mean())

# %% [markdown]
# A coefficient of 1/4 and a bias of 0 would give the mean. (The paper's layers then squeeze the
# result, too.) Here is that network, with the paper's names:

# %%
from coursekit.models import LeNet5_1998

original = LeNet5_1998()
for name, layer in original.named_children():
    print(f"{name:3} {sum(p.numel() for p in layer.parameters()):>7,}")
print(f"all {sum(p.numel() for p in original.parameters()):>7,}")

# %% [markdown]
# S2 and S4 have 12 and 32: they *do* learn. And C3 has fewer parameters than ours: of its 16 maps
# six look at only 3 of the six maps before it, nine at 4, and one at all 6. So no two of them need
# to learn the same thing, and there are fewer weights: 6 x (3 x 25 + 1) + 9 x (4 x 25 + 1) + (6 x
# 25 + 1) = 1,516. The paper's last layer compares the 84 numbers with drawn pictures of the digits
# and trains nothing. So the two counts fit together like this:

# %%
c3_of_1998 = 6 * (3 * 25 + 1) + 9 * (4 * 25 + 1) + (6 * 25 + 1)
in_pooling, c3_missing, last_layer = 12 + 32, 16 * (6 * 25 + 1) - c3_of_1998, 10 * (84 + 1)
ours = 60_000 - in_pooling + c3_missing + last_layer
print(f"60,000 - {in_pooling} + {c3_missing} + {last_layer} = {ours:,}")
assert ours == sum(p.numel() for p in LeNet5().parameters())

# %% [markdown]
# When somebody says "LeNet-5", ask which. When a paper says "60,000 parameters", count.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/12_lenet.ipynb) you write LeNet-5 as a class of its own, for any
# number of classes, let the checker put secret weights into it, and teach it clothes.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "12-q1",
    "A convolution has 16 filters of 5 by 5 and looks at 6 maps. How many parameters, with biases?",
    [
        (
            "416",
            False,
            "16 x (25 + 1) would be right for one map. Each filter reaches through all 6.",
        ),
        ("2,400", False, "These are the weights. Each filter has one bias, too."),
        ("2,416", True, "Yes: 16 x (6 x 25 + 1)."),
        ("2,496", False, "16 x 6 x (25 + 1) would give each filter six biases. It has one."),
    ],
)

# %%
quiz(
    "12-q2",
    "Pictures of 36 by 36 go into LeNet-5, and C1 still pads by 2. What comes out of S4?",
    [
        (
            "16 maps of 5 by 5",
            False,
            "That is what comes from 28 by 28. Go through the table again.",
        ),
        ("16 maps of 7 by 7", True, "Yes: 36, 18, 14, 7. The dense layer would no longer fit."),
        ("16 maps of 6 by 6", False, "That would be without padding in C1: 32, 16, 12, 6."),
        ("16 maps of 9 by 9", False, "C3 does not pad: it takes 4 off the length of each side."),
    ],
)

# %%
quiz(
    "12-q3",
    "LeNet-5 takes too many multiplications for a small device. Which layer would you make smaller "
    "first?",
    [
        (
            "C5: it has the most weights.",
            False,
            "It has most of the weights, but each is used once for a picture.",
        ),
        ("C3: it does the most multiplications.", True, "Yes: 240,000 of 416,520."),
        ("S2: pooling works on large maps.", False, "Pooling only adds, and few numbers at that."),
        (
            "The output layer: all else waits for it.",
            False,
            "It does 840 multiplications, of hundreds of thousands.",
        ),
    ],
)

# %%
quiz(
    "12-q4",
    "What holds for the subsampling layers of the paper of 1998?",
    [
        (
            "They have no parameters at all.",
            False,
            "True of today's average pooling. The paper's had.",
        ),
        (
            "They have two trained numbers for each map.",
            True,
            "Yes: a coefficient and a bias, 12 and 32 numbers in all.",
        ),
        ("They take the largest value of each block.", False, "They add up each block."),
        (
            "They have one trained weight for each pixel.",
            False,
            "All blocks of a map share two numbers.",
        ),
    ],
)

# %%
quiz(
    "12-q5",
    'A calibrated network says "80 percent" for each of 50 digits. About how many are right?',
    [
        ("All of them", False, "Then it should have said 100 percent."),
        ("About 40", True, "Yes: 80 of 100 of them. That is what calibrated means."),
        ("About 10", False, "That is how many are wrong."),
        ("Nobody can say", False, "For one digit nobody can; for 50 together one can."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. LeNet-5: convolution, pooling, convolution, pooling, three dense layers: 28, 28, 14, 10, 5,
#    then 400, 120, 84, 10.
# 2. 61,706 parameters today, 60,000 in the paper; nearly all of them in the dense layers.
# 3. The work is elsewhere: the convolutions do more than 80 of 100 multiplications.
# 4. Building from a table: write the shape beside each layer, count, and let the framework confirm.
# 5. Judge by mistakes and by how sure they were, not by one number.

# %% [markdown]
# ## Words
#
# - **LeNet-5**: the network of LeCun, Bottou, Bengio and Haffner, 1998. **Neocognitron**: LeNet's
#   ancestor, Fukushima, 1980.
# - **Subsampling**: the paper's word for pooling, there with a trained coefficient and bias.
# - **tanh**: an activation function that squeezes numbers into the range from -1 to 1.
# - **Multiply-adds**: how many multiplications (each with an addition) an answer takes.
# - **Calibrated**: as often right as it says it is.

# %% [markdown]
# ## Further reading
#
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document
#   recognition*, Proceedings of the IEEE, 86(11), 1998, pages 2278 to 2324. Section II has the
#   table; demonstration films are on yann.lecun.com.
# - Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, Neural
#   Computation, 1989.
# - K. Fukushima, *Neocognitron: a self-organizing neural network model for a mechanism of pattern
#   recognition unaffected by shift in position*, Biological Cybernetics, 1980.
# - D. H. Hubel and T. N. Wiesel, *Receptive fields, binocular interaction and functional
#   architecture in the cat's visual cortex*, The Journal of Physiology, 1962.
# - C. Guo and others, *On calibration of modern neural networks*, ICML, 2017.
#
# The story and the paper are from deck 001 (*Local Receptive Field*, *Convolutional Neural
# Network*). **Next:** [13 AlexNet and ZFNet](13_alexnet_and_zfnet.ipynb).

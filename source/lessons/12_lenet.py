# ---
# jupyter:
#   coursekit:
#     lesson: "12"
#     title: LeNet-5
#     topics: [T032, T069]
#     minutes: 45
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
# - build LeNet-5 from that table, in PyTorch and in Keras, and show that they are the same,
# - train it, and judge it by more than one number: which digits it mixes up, and how sure it is
#   when it is wrong,
# - say where the weights of such a network are, and where its work is.
#
# **Time:** about 45 minutes. **Before this:** [10 First CNN](10_fashion_mnist_keras.ipynb) and [11
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

from coursekit import figures, predict, quiz, reveal
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
# Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner, and deck 001 calls it a milestone. At
# the end of this lesson, yours will read the cheque.
#
# It did not come from nowhere. D. Hubel and T. Wiesel had found cells in the visual cortex of cats
# that look at a small patch each and answer to a line in one direction. K. Fukushima built a
# network in that image in 1980, the **neocognitron**: layers of small detectors, and between them
# layers that forgive small shifts. But nobody told it how wrong it was. LeCun's networks kept the
# building plan and added what you wrote in lesson 11: a loss, a gradient, a step. Networks of this
# kind have been used to recognise images since the 1980s (deck 001, *Local Receptive Field*, and
# *Convolutional Neural Network*, where the cheques are).
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
    colour = {"C": "#E8F0F7", "S": "#FBEFD9"}.get(name[0], "#EEEEEE")
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
# The network of lesson 10 had one convolution, and 63,050 parameters, nearly all of them in its
# dense layer. LeNet-5 has **two** convolutions with 6 and 16 filters of 5 by 5, and **three** dense
# layers with 120, 84 and 10 outputs.

# %%
predict(
    "12-parameters",
    "How many parameters has LeNet-5, compared with the network of lesson 10?",
    options=[
        "about ten times as many",
        "about three times as many",
        "about as many",
        "about a third",
    ],
)

# %% [markdown]
# ## By hand
#
# ### The table of the paper
#
# The rules are those of lesson 10. A filter of 5 by 5 that looks at 6 maps has 5 x 5 x 6 weights
# and a bias. Without padding each side of a map loses 4 pixels; pooling halves each side. Fill in
# the question marks, then run the cell.
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
    "12-parameters",
    "about as many",
    because=f"{sum(counts.values()):,} against 63,050. The second pooling leaves only {flat} "
    "numbers for the first dense layer, where lesson 10's network had 6,272.",
)

# %% [markdown]
# ### Padded 28 or 32?
#
# The paper feeds pictures of 32 by 32 and does not pad. Today's pictures of digits are 28 by 28,
# and one pads by 2. Does that make a difference for the sizes?

# %%
print("from 32, not padded: ", output_size(32, kernel_size=5))
print("from 28, padded by 2:", output_size(28, kernel_size=5, padding=2))

# %% [markdown]
# ### Average pooling
#
# Lesson 10 kept the **largest** value of each block; LeNet-5 takes the **mean**. Deck 000 (*There
# is average pooling also...*) has an example. Write down the 2 by 2 result, then look.

# %%
block = np.array([[5, 1, 3, 4], [8, 2, 9, 2], [1, 3, 0, 1], [2, 2, 2, 0]])
figures.grid(block, title="4 x 4, to be averaged in blocks of 2 x 2")

# %% tags=["paper"]
from coursekit.scratch import avg_pool2d

print(avg_pool2d(block))

# %% [markdown]
# ### Find the slip
#
# Deck 001 introduces LeNet-5 under two headings. One says that it recognises *text*, the other says
# *numbers*. The paper's title says *document recognition*. So what does the network itself read?
# You need only the last line of the table.

# %%
predict(
    "12-reads",
    "What can a network with this last layer tell apart?",
    options=["whole words", "the letters from A to Z", "the digits from 0 to 9", "any character"],
)

# %% tags=["reveal"]
letters = dense_parameters(in_features=84, out_features=26)
reveal(
    "12-reads",
    "the digits from 0 to 9",
    because="Ten outputs, ten classes, one digit at a time. For the letters it would need 26 "
    f"outputs, and {letters:,} parameters in the last layer in place of {counts['output']}.",
)

# %% [markdown]
# The *paper* is about whole documents; the *network* LeNet-5, its best-known part, reads single
# digits.

# %% [markdown]
# ## From scratch
#
# ### The activation function: tanh
#
# After each layer with weights but the last, LeNet-5 applies the hyperbolic tangent, `tanh`, where
# lesson 10 had ReLU. It leaves small numbers nearly as they are, and squeezes large ones into the
# range from -1 to 1:

# %%
xs = np.linspace(-4, 4, 81)
figures.signal(
    [("tanh", xs, np.tanh(xs)), ("ReLU (lesson 10)", xs, np.maximum(xs, 0))],
    xlabel="in",
    ylabel="out",
    alt="Two curves. The tanh curve runs from minus 1 on the left through 0 to plus 1 on the "
    "right, steepest in the middle and flat at both ends. The ReLU curve is 0 on the left and then "
    "rises as a straight line.",
)

# %% [markdown]
# ### One forward pass in NumPy
#
# First the weights: PyTorch may draw them, and we take them over. Then a layer of convolution in
# plain loops: for each filter, for each place, multiply the patch and add up. One loop has to run
# over the *filters*, and the patch reaches through *all* maps.

# %%
torch.manual_seed(0)
lenet = nn.Sequential(
    nn.Conv2d(1, 6, kernel_size=5, padding=2),  # C1
    nn.Tanh(),
    nn.AvgPool2d(2),  # S2
    nn.Conv2d(6, 16, kernel_size=5),  # C3
    nn.Tanh(),
    nn.AvgPool2d(2),  # S4
    nn.Flatten(),
    nn.Linear(16 * 5 * 5, 120),  # C5
    nn.Tanh(),
    nn.Linear(120, 84),  # F6
    nn.Tanh(),
    nn.Linear(84, 10),  # output: scores, no softmax
)
w1, b1, w3, b3, w5, b5, w6, b6, w7, b7 = (p.detach().numpy() for p in lenet.parameters())
print("filters of C1:", w1.shape, " filters of C3:", w3.shape)


# %%
def conv_by_loops(maps, filters, biases):
    side = maps.shape[1] - 4  # a filter of 5 by 5 fits in 5 - 1 fewer places
    out = np.zeros((len(filters), side, side))
    for k in range(len(filters)):
        for i in range(side):
            for j in range(side):
                patch = maps[:, i : i + 5, j : j + 5]  # through all maps
                out[k, i, j] = (patch * filters[k]).sum() + biases[k]
    return out


from coursekit.scratch import conv2d_volume

digit = x_test[amount[0]] / 255
padded = np.pad(digit, 2)[None]  # 32 by 32, as a stack of one map
maps1 = conv_by_loops(padded, w1, b1)
assert np.allclose(maps1, conv2d_volume(padded, w1, b1))
print("the loops and the vectorised form agree:", maps1.shape)

# %% [markdown]
# Now the whole network: one line for each layer of the table. Read it from top to bottom with your
# table beside it.


# %%
def lenet_in_numpy(picture):
    x = np.pad(picture, 2)[None]
    x = np.tanh(conv2d_volume(x, w1, b1))  # C1: (6, 28, 28)
    x = np.stack([avg_pool2d(one) for one in x])  # S2: (6, 14, 14)
    x = np.tanh(conv2d_volume(x, w3, b3))  # C3: (16, 10, 10)
    x = np.stack([avg_pool2d(one) for one in x])  # S4: (16, 5, 5)
    x = x.flatten()  # 400
    x = np.tanh(w5 @ x + b5)  # C5: 120
    x = np.tanh(w6 @ x + b6)  # F6: 84
    return w7 @ x + b7  # output: 10 scores


scores = lenet_in_numpy(digit)
print("scores:", scores.shape)

# %% [markdown]
# ## In the framework
#
# ### Layer by layer, with shapes
#
# The PyTorch network stands above already. Send one picture through and look at the shape after
# each layer. PyTorch puts the batch first: (pictures, maps, height, width).

# %%
x = torch.tensor(digit, dtype=torch.float32)[None, None]
with torch.no_grad():
    for layer in lenet:
        x = layer(x)
        count = sum(p.numel() for p in layer.parameters())
        print(f"{type(layer).__name__:10} {tuple(x.shape)!s:18} parameters: {count:>6,}")
print("all:", f"{sum(p.numel() for p in lenet.parameters()):,}")
assert np.abs(x.numpy()[0] - scores).max() < 1e-5

# %% [markdown]
# Your count and PyTorch's are the same, and so are the ten scores from NumPy (to 5 decimals; the
# cell would complain). And Keras? This course's library holds both networks, and a function that
# carries the weights over. Two conventions bite: Keras stores the channels last, in filters as in
# maps, and so it flattens the 16 maps in another order. (The cell is folded.)

# %% tags=["fold"]
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
from coursekit.models import LeNet5, lenet5_to_keras

ready_made = LeNet5()  # the same layers in the same order
with torch.no_grad():
    for theirs, ours in zip(ready_made.parameters(), lenet.parameters(), strict=True):
        theirs.copy_(ours)

in_keras = lenet5_to_keras(ready_made)
by_keras = in_keras.predict(digit[None, :, :, None].astype("float32"), verbose=0)[0]
assert np.abs(by_keras - scores).max() < 1e-5
print("Keras, PyTorch and NumPy give the same ten scores, to 5 decimals")
print("parameters in Keras:", f"{in_keras.count_params():,}")

# %% [markdown]
# ### Where is the work?
#
# Weights take memory; multiplications take time.

# %%
predict(
    "12-work",
    "C1 and C3 together hold about 4 of 100 parameters. Which share of all multiplications do they "
    "do?",
    options=["about 4 of 100", "about a quarter", "about half", "more than 80 of 100"],
)

# %%
work = {
    "C1": 6 * after_c1**2 * 25,  # each output needs 5 x 5 multiplications
    "C3": 16 * after_c3**2 * 25 * 6,  # 5 x 5 x 6 maps
    "C5": 120 * flat,
    "F6": 84 * 120,
    "output": 10 * 84,
}

# %% tags=["reveal"]
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
# round: many weights, little work. Keep it in mind when a network is too slow, or too large: the
# mend is not in the same place.
#
# The library counts such things for any network. (A *multiply-add* is a multiplication with the
# addition that follows it. The last line says what `backward` needs to have kept.)

# %%
from coursekit.training import summary

summary(ready_made, (1, 28, 28))

# %% [markdown]
# ### Train
#
# With the loop of lesson 11, from a fresh start. `fit` chooses what suits your machine. We use
# 10,000 of the 60,000 pictures, so that nobody waits.

# %%
from coursekit.training import fit

torch.manual_seed(0)
model = LeNet5()
history = fit(
    model,
    (x_train[:10_000], y_train[:10_000]),
    (x_test[:2000], y_test[:2000]),
    epochs=6,
    seed=0,
)
history.plot()

# %% tags=["banded"]
history.report(min_accuracy=0.93)
assert history.records[-1]["test_accuracy"] >= 0.93

# %% [markdown]
# And the cheque?

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
# cheque to a person. We come back to that in a moment.)

# %% [markdown]
# ### What does it get wrong?
#
# First, by number. Which two digits would *you* mix up in somebody's handwriting?

# %%
predict("12-mixed", "Name two digits that it will mix up often.", kind="text")

# %%
from coursekit.training import evaluate

result = evaluate(model, (x_test[:5000], y_test[:5000]), classes=classes)

# %% tags=["paper"]
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
# Some of these a person might get wrong as well. Others not. What have they in common? (Look for
# sevens with a bar across, for example.) Perhaps the network has seen too few digits of that kind.
#
# ### How sure is it, and is it right to be?
#
# The softmax of the scores gives probabilities. If a bank only accepts answers of which the network
# is at least 95 percent sure, what happens?

# %%
with torch.no_grad():
    tests = torch.tensor(x_test[:5000, None] / 255, dtype=torch.float32)
    certainty, answers = model(tests).softmax(dim=1).max(dim=1)
truth = torch.tensor(y_test[:5000])
sure = certainty >= 0.95
error_all = (answers != truth).float().mean().item()
error_sure = (answers != truth)[sure].float().mean().item()

passed = sure.float().mean().item()
# print(passed, error_all, error_sure)   # take away the first # to see the numbers

# %% tags=["banded"]
print("more than half of the digits pass:", "yes" if passed > 0.5 else "no")
print(
    "fewer than a third as many of them are wrong:", "yes" if error_sure < error_all / 3 else "no"
)
if digits.name == "mnist":
    assert passed > 0.5
    assert error_sure < error_all / 3

# %% [markdown]
# So a little help from people, for the unsure ones, removes most of the mistakes. The paper does
# the same: its cheque reader could *reject* what it was not sure of.
#
# A network whose "90 percent sure" is right in 90 of 100 cases is called **calibrated**. The next
# picture compares what the network says with how often it is right; on the dashed line both agree.
# Look at the lower panel first: most answers are at the far right, and the bars on the left rest on
# a few digits each, so they prove little.

# %%
result.plot_calibration(
    alt="For groups of answers from unsure to sure, how often they were right, against how sure "
    "the network was. The dashed diagonal is where both agree.",
)

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
# training pictures. Lesson 17 will show what distortion buys.
#
# ### What did it learn?
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
# LeNet-5 is from 1998. Two parts of it have gone out of fashion: `tanh` and average pooling. Does
# it matter here? Change one thing at a time, such as `play(activation=nn.ReLU, seed=1)`. With so
# few pictures two seeds may differ by more than two networks do: run several before you believe
# anything.
#
# 1. `activation=nn.ReLU`. What about the number of parameters?
# 2. `pool=nn.MaxPool2d`.
# 3. `width=3`: three times as many maps in C1 and C3. Which layers grow, and which not?


# %%
def play(activation=nn.Tanh, pool=nn.AvgPool2d, width=1, seed=0):
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Conv2d(1, 6 * width, 5, padding=2),
        activation(),
        pool(2),
        nn.Conv2d(6 * width, 16 * width, 5),
        activation(),
        pool(2),
        nn.Flatten(),
        nn.Linear(16 * width * 25, 120),
        activation(),
        nn.Linear(120, 84),
        activation(),
        nn.Linear(84, 10),
    )
    train, test = (x_train[:4000], y_train[:4000]), (x_test[:1000], y_test[:1000])
    record = fit(network, train, test, epochs=2, seed=seed).records[-1]
    return sum(p.numel() for p in network.parameters()), record["test_accuracy"]


parameters, share = play()
print("parameters:", f"{parameters:,}")
# print("share right on test pictures:", round(share, 3))   # take away the first # to see it

# %% [markdown]
# ## A mistake people make
#
# > *"A pooling layer never has parameters."*
#
# Deck 003 says it (*How many parameters in pooling layer*: 0), and for largest value and mean it is
# true; your table says 0, too. But the LeNet-5 of the paper does not just take the mean. Its
# subsampling layers S2 and S4 multiply each map's sum by a **trained coefficient** and add a
# **trained bias**: two numbers for each map. Here is that network, with the paper's names:

# %%
from coursekit.models import LeNet5_1998

original = LeNet5_1998()
for name, layer in original.named_children():
    print(f"{name:3} {sum(p.numel() for p in layer.parameters()):>7,}")
print(f"all {sum(p.numel() for p in original.parameters()):>7,}")

# %% [markdown]
# Twelve and 32: they *do* learn. And C3 has fewer parameters than ours: in the paper each of its 16
# maps looks at only some of the six maps before it (a table says which), "to break the symmetry",
# and to save weights. The paper's last layer compares the 84 numbers with drawn pictures of the
# digits and trains nothing. So the two counts fit together like this:

# %%
in_pooling, c3_missing, last_layer = 12 + 32, 16 * (6 * 25 + 1) - 1516, 10 * (84 + 1)
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
    "Pictures of 32 by 32 go into LeNet-5 **with** padding by 2. What comes out of S4?",
    [
        (
            "16 maps of 5 by 5",
            False,
            "That is what comes from 28 by 28. Go through the table again.",
        ),
        ("16 maps of 6 by 6", True, "Yes: 32, 16, 12, 6. The dense layer would no longer fit."),
        ("16 maps of 4 by 4", False, "That would be 28 by 28 without padding: 24, 12, 8, 4."),
        ("16 maps of 8 by 8", False, "C3 does not pad: it takes 4 off each side's length."),
    ],
)

# %%
quiz(
    "12-q3",
    "LeNet-5 is too slow on a small device. Which layer would you make smaller first?",
    [
        (
            "C5: it has the most weights.",
            False,
            "It has most of the weights, but each is used once for a picture.",
        ),
        ("C3: it does the most multiplications.", True, "Yes: more than half of them."),
        ("S2: pooling is slow.", False, "Pooling only adds, and few numbers at that."),
        ("The output layer.", False, "It does 840 multiplications, of hundreds of thousands."),
    ],
)

# %%
quiz(
    "12-q4",
    "What holds for the subsampling layers of the paper of 1998?",
    [
        ("They have no parameters.", False, "True of today's average pooling. The paper's had."),
        (
            "They have two trained numbers for each map.",
            True,
            "Yes: a coefficient and a bias, 12 and 32 numbers in all.",
        ),
        ("They take the largest value.", False, "They add up each block."),
        ("They have one weight for each pixel.", False, "All blocks of a map share two numbers."),
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
# - **LeNet-5**: the network of LeCun, Bottou, Bengio and Haffner, 1998. **Neocognitron**: its
#   ancestor, Fukushima, 1980.
# - **Subsampling**: the paper's word for pooling. **Average pooling**: keeping the mean of each
#   block.
# - **tanh**: an activation function that squeezes numbers into the range from -1 to 1.
# - **Multiply-adds**: how many multiplications (each with an addition) an answer takes.
# - **Calibrated**: as often right as it says it is.

# %% [markdown]
# ## Further reading
#
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document
#   recognition*, Proceedings of the IEEE, 86(11), 1998, pages 2278 to 2324. Section II has the
#   table. The demonstration films mentioned in deck 001 are on yann.lecun.com.
# - Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, Neural
#   Computation, 1989.
# - K. Fukushima, *Neocognitron: a self-organizing neural network model for a mechanism of pattern
#   recognition unaffected by shift in position*, Biological Cybernetics, 1980.
# - D. H. Hubel and T. N. Wiesel, *Receptive fields, binocular interaction and functional
#   architecture in the cat's visual cortex*, The Journal of Physiology, 1962.
# - C. Guo and others, *On calibration of modern neural networks*, ICML, 2017.
#
# The story and the paper are from deck 001, average pooling from deck 000. **Next:** 13 AlexNet and
# ZFNet, where ReLU takes over, and networks grow a thousand times larger.

# ---
# jupyter:
#   coursekit:
#     lesson: "11"
#     title: "Exercise: the training loop"
#     minutes: 40
#     datasets: [fashion_mnist]
# ---

# %% [markdown]
# # 11 · Exercise: the training loop
#
# You will write the two functions that every training program has, `train_one_epoch` and
# `accuracy`, and then use them as a doctor: three networks do not learn, and you find out why.
# `check(...)` trains a small network of its own with your functions and compares the weights with
# those that must come out. If you are stuck, make a new cell with `hint("train_one_epoch")`: there
# are three hints.
#
# Lesson: [11 The training loop](../lessons/11_training_loop.ipynb). Points: 6 (4 for
# `train_one_epoch`, 2 for `accuracy`).

# %%
import math

import torch
from torch import nn

from coursekit import check, figures, hint, quiz

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A network gives a picture the probabilities 0.5, 0.25 and 0.25. The second class is right, so the
# truth is 0, 1, 0. The gradient of the loss by the scores is *what the network said, minus the
# truth*; the first number is done. Then: an epoch has two batches, one of **three** pictures with a
# mean loss of 0.4, one of **a single** picture with a loss of 0.8. What is the mean loss per
# picture? Replace the three `None`, then run the folded cell below: it says which are right.

# %%
first_score = 0.5 - 0  # = 0.5: the score should shrink
### solution
second_score = 0.25 - 1  # = -0.75: it should grow
third_score = 0.25 - 0
mean_loss_per_picture = (3 * 0.4 + 1 * 0.8) / 4
### stub
second_score = None
third_score = None
mean_loss_per_picture = None
### end

# %% tags=["fold"]
right = {"second_score": -0.75, "third_score": 0.25, "mean_loss_per_picture": 0.5}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {mine}", "is right" if math.isclose(mine, value) else "is not right yet")

# %% [markdown]
# ## 2 · `train_one_epoch`
#
# One pass over all batches, with one update for each. What comes in:
#
# - `model`: any PyTorch network that turns a batch of pictures into scores,
# - `batches`: gives one pair `(images, labels)` after the other when you loop over it. You can loop
#   over it, and that is all: it may have no length. The last batch may be a short one.
# - `loss_fn`: `loss_fn(scores, labels)` is the mean loss of the batch, a tensor,
# - `optimizer`: holds the model's weights, and has `zero_grad()` and `step()`.
#
# Put the model into training mode first (`model.train()`), so that layers such as dropout work as
# they should. Return the **mean loss per picture** of the whole epoch, as a number. (`loss.item()`
# turns a tensor with one number in it into that number.)


# %%
def train_one_epoch(model, batches, loss_fn, optimizer):
    """One pass over `batches` with an update for each; returns the mean loss per example."""
    ### solution
    model.train()
    total, count = 0.0, 0
    for images, labels in batches:
        loss = loss_fn(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
    ### stub
    model.train()
    total, count = 0.0, 0
    for images, labels in batches:
        # forward, loss, forget the last gradients, the new ones, step: five lines

        # what must be added to total, and what to count?

        raise NotImplementedError  # delete this line when you are done
    return total / count
    ### end


# %%
check("train_one_epoch", train_one_epoch)

# %% [markdown]
# ## 3 · `accuracy`
#
# The share of all pictures, between 0 and 1, for which the largest score is the right one. Two
# things must be said before you measure: `model.eval()`, so that layers such as dropout do what
# they do *after* training, and `with torch.no_grad():`, since nobody will ask for a gradient here.


# %%
def accuracy(model, batches):
    """Share of right answers over all `batches`, in evaluation mode, without gradients."""
    ### solution
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in batches:
            guesses = model(images).argmax(dim=1)
            right += (guesses == labels).sum().item()
            count += len(labels)
    return right / count
    ### stub
    raise NotImplementedError  # your code here
    ### end


# %%
check("accuracy", accuracy)

# %% [markdown]
# ## 4 · Use them: train on clothes
#
# Your two functions, a network of your choice, real pictures. The cell waits until both are right.

# %%
from coursekit.datasets import DatasetError, load

try:
    clothes = load("fashion_mnist")
except DatasetError as problem:
    print(problem)
    clothes = load("strokes")
(x_train, y_train), (x_test, y_test) = clothes


def as_batches(x, y, size):
    """Pictures and labels as a list of batches (images, labels), in a fixed mixed order."""
    images = torch.tensor(x[:, None] / 255, dtype=torch.float32)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    return [(images[rows], torch.tensor(y)[rows]) for rows in order.split(size)]


def new_network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(8, 16, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(16 * 7 * 7, 10),
    )


training, testing = (
    as_batches(x_train[:4000], y_train[:4000], 32),
    as_batches(x_test[:1000], y_test[:1000], 500),
)
ready = check("train_one_epoch", train_one_epoch).passed and check("accuracy", accuracy).passed

# %% tags=["banded"]
if ready:
    network = new_network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.003)
    losses, shares = [], []
    for _ in range(4):
        losses.append(train_one_epoch(network, training, nn.CrossEntropyLoss(), optimizer))
        shares.append(accuracy(network, testing))
    print("share right on new pictures at least 0.70:", "yes" if shares[-1] >= 0.70 else "no")
    figures.curves(
        {"mean loss in training": losses},
        ylabel="loss",
        alt="The mean loss in training over four epochs: it falls.",
    )
    figures.curves(
        {"share right on new pictures": shares},
        ylabel="share right",
        alt="The share right on new pictures over four epochs.",
    )
else:
    print("training waits until both functions pass their checks")

# %% [markdown]
# ## 5 · The clinic
#
# Three programs, three complaints: *"it does not learn"*. Each of the next three cells builds one,
# each with one mistake in it, and the fourth measures the patients with **your** functions: the
# first loss, whether it can learn one batch by heart, and how it does on new pictures after two
# epochs. The cells with the patients are folded: read the findings, answer the three questions, and
# open them only then.


# %% tags=["fold"]
def patient_a():
    network = new_network()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    batches = [(images * 255, labels) for images, labels in training]
    return network, optimizer, batches


# %% tags=["fold"]
def patient_b():
    network = new_network()
    optimizer = torch.optim.SGD(new_network().parameters(), lr=0.1)
    batches = training
    return network, optimizer, batches


# %% tags=["fold"]
def patient_c():
    network = new_network()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    batches = [(images, labels.roll(1)) for images, labels in training]
    return network, optimizer, batches


# %% tags=["banded"]
def examine(patient):
    loss_fn = nn.CrossEntropyLoss()
    network, optimizer, batches = patient()
    images, labels = batches[0]
    with torch.no_grad():
        first_loss = loss_fn(network(images), labels).item()
    print(
        "  first loss near ln 10:        ", "yes" if abs(first_loss - math.log(10)) < 0.3 else "no"
    )
    for _ in range(300):
        train_one_epoch(network, [batches[0]], loss_fn, optimizer)
    print(
        "  learns one batch by heart:    ",
        "yes" if accuracy(network, [batches[0]]) > 0.95 else "no",
    )
    network, optimizer, batches = patient()
    for _ in range(2):
        train_one_epoch(network, batches, loss_fn, optimizer)
    print("  right on half of new pictures:", "yes" if accuracy(network, testing) > 0.5 else "no")


for name, patient in (("A", patient_a), ("B", patient_b), ("C", patient_c)):
    print("patient", name)
    if ready:
        examine(patient)
    else:
        print("  the doctor is not ready yet: both functions must pass their checks first")

# %%
quiz(
    "11-clinic-a",
    "Patient A: what is wrong?",
    [
        ("The pixels run from 0 to 255.", True, "Yes. The first rung of the ladder breaks."),
        ("The optimizer holds other weights.", False, "Then the first loss would be near ln 10."),
        ("The labels do not belong to the pictures.", False, "The first loss would not show that."),
        (
            "The learning rate is too small.",
            False,
            "Look at the first loss: nothing was learned yet.",
        ),
    ],
)

# %%
quiz(
    "11-clinic-b",
    "Patient B: what is wrong?",
    [
        ("The pixels run from 0 to 255.", False, "The first loss is as it should be."),
        (
            "The optimizer holds other weights.",
            True,
            "Yes. It was given those of another network. This one stays as it was, for ever.",
        ),
        (
            "The labels do not belong to the pictures.",
            False,
            "Then it could still learn one batch by heart.",
        ),
        ("The network is too small.", False, "It has more than enough weights for one batch."),
    ],
)

# %%
quiz(
    "11-clinic-c",
    "Patient C: what is wrong?",
    [
        ("The pixels run from 0 to 255.", False, "The first loss is as it should be."),
        (
            "The optimizer holds other weights.",
            False,
            "It learns one batch, so its weights do move.",
        ),
        (
            "The labels do not belong to the pictures.",
            True,
            "Yes. Learning by heart works with any labels; with wrong ones it does not carry over.",
        ),
        (
            "The learning rate is too small.",
            False,
            "It was large enough to learn one batch by heart.",
        ),
    ],
)

# %% [markdown]
# ## 6 · To think about (no points)
#
# Dropout sets a part of the values to 0 at random while training, and none afterwards. What would
# `accuracy` give for a network with dropout if you left out `model.eval()`, and called it twice?
# Think first, then try.
#
# <details>
# <summary>Answer (after you have tried)</summary>
#
# Most likely two different numbers for one and the same network: at each call dropout draws anew
# which values it sets to 0. Both are usually lower than with `model.eval()`, since each time a part
# of the values is missing. With `model.eval()` nothing is drawn, and the two are equal.
#
# </details>

# %% tags=["solution"]
torch.manual_seed(0)
forgetful = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.Linear(784, 10))
images, labels = testing[0]
forgetful.train()
first, second = (forgetful(images).argmax(dim=1) for _ in range(2))
print("two measurements in training mode give the same answers:", bool((first == second).all()))
forgetful.eval()
first, second = (forgetful(images).argmax(dim=1) for _ in range(2))
print("two measurements in evaluation mode give the same answers:", bool((first == second).all()))

# %% [markdown]
# ## 7 · Beside the library's
#
# `fit` from the course's library calls one function for each epoch. When yours is right, compare
# the two line by line, and say what the library's adds.
#
# <details>
# <summary>What it adds</summary>
#
# Your five lines are all there. The others choose the numbers to calculate in (`autocast`), change
# the learning rate on the way (`schedule`), count the right answers beside the loss, and let others
# look in after each step (`after_step`).
#
# </details>

# %%
from coursekit.training import fit, show_loop

if ready:
    images, labels = training[0]
    fit(new_network(), (images, labels), batch_size=8, lr=0.1, optimizer="sgd",
        precision="float32", device="cpu", seed=0, progress=False)  # fmt: skip
    show_loop()

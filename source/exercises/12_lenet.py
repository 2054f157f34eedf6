# ---
# jupyter:
#   coursekit:
#     lesson: "12"
#     title: "Exercise: LeNet-5"
#     minutes: 40
#     datasets: [fashion_mnist]
# ---

# %% [markdown]
# # 12 · Exercise: LeNet-5
#
# You will write LeNet-5 as a class, for any number of classes. The checker puts secret weights into
# your network and knows which scores must come out. Then you teach it clothes, and find out whether
# the fashion of 1998 still holds. If you are stuck, make a new cell with `hint("LeNet5")`: there
# are three hints.
#
# Lesson: [12 LeNet-5](../lessons/12_lenet.ipynb). Points: 6 (for `LeNet5`).

# %%
import torch
from torch import nn

from coursekit import check, hint, measured

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A smaller relative, for pictures of **20 by 20**: C1 has 4 filters of 5 by 5, padded by 2; S2
# pools 2 by 2; C3 has 8 filters of 5 by 5, not padded; S4 pools 2 by 2; then a dense layer with 10
# outputs. Replace the four `None`, then run the folded cell below: it says which are right.

# %%
parameters_of_c1 = 4 * (25 + 1)  # = 104; its maps are still 20 by 20
side_after_s2 = 20 // 2  # = 10
### solution
side_after_c3 = 10 - 5 + 1
side_after_s4 = 3
parameters_of_c3 = 8 * (4 * 25 + 1)
parameters_of_dense = 10 * (8 * 3 * 3 + 1)
### stub
side_after_c3 = None
side_after_s4 = None
parameters_of_c3 = None
parameters_of_dense = None
### end

# %% tags=["fold"]
right = {
    "side_after_c3": 6,
    "side_after_s4": 3,
    "parameters_of_c3": 808,
    "parameters_of_dense": 730,
}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    elif name == "parameters_of_c3" and mine == 8 * (25 + 1):
        print(f"{name}: {mine} is not right yet: each filter reaches through all four maps")
    else:
        print(f"{name}: {mine}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `LeNet5`
#
# In lesson 11 the network was a list of layers, `nn.Sequential`. Most networks are written as a
# **class** instead: `__init__` makes the layers and keeps them, `forward` says in which order a
# batch of pictures goes through them, and what happens in between. That is more to type, and it can
# do what a list cannot, such as going round a layer (lesson 15).
#
# Here is a small network written in this way, to read:


# %%
class Small(nn.Module):
    """One convolution, one dense layer: (N, 1, 28, 28) -> (N, 10)."""

    def __init__(self):
        super().__init__()  # PyTorch sets itself up; always the first line
        self.conv = nn.Conv2d(1, 2, kernel_size=3)
        self.dense = nn.Linear(2 * 26 * 26, 10)

    def forward(self, x):
        x = torch.tanh(self.conv(x))  # (N, 2, 26, 26)
        x = x.flatten(start_dim=1)  # (N, 1352): the pictures stay apart
        return self.dense(x)  # (N, 10)


print(tuple(Small()(torch.zeros(5, 1, 28, 28)).shape))

# %% [markdown]
# Now yours. The table, with the layers made **in this order** (the checker puts its secret weights
# in by order; the names are up to you):
#
# | layer | what it does | then |
# |---|---|---|
# | C1 | 6 filters 5 x 5, padded by 2 | tanh |
# | S2 | average pooling 2 x 2 | |
# | C3 | 16 filters 5 x 5 | tanh |
# | S4 | average pooling 2 x 2 | |
# | C5 | dense, 120 | tanh |
# | F6 | dense, 84 | tanh |
# | output | dense, `num_classes` | nothing: scores |
#
# Average pooling is `nn.AvgPool2d(2)`. It has no weights, so it does not matter where you make it.


# %%
class LeNet5(nn.Module):
    """LeNet-5 with average pooling and tanh: (N, 1, 28, 28) -> (N, num_classes) scores."""

    def __init__(self, num_classes=10):
        super().__init__()
        ### solution
        self.c1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.c3 = nn.Conv2d(6, 16, kernel_size=5)
        self.c5 = nn.Linear(16 * 5 * 5, 120)
        self.f6 = nn.Linear(120, 84)
        self.output = nn.Linear(84, num_classes)
        self.pool = nn.AvgPool2d(2)
        ### stub
        self.c1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        # the other layers with weights, in the order of the table
        ### end

    def forward(self, x):
        ### solution
        x = self.pool(torch.tanh(self.c1(x)))  # (N, 6, 14, 14)
        x = self.pool(torch.tanh(self.c3(x)))  # (N, 16, 5, 5)
        x = x.flatten(start_dim=1)  # (N, 400)
        x = torch.tanh(self.c5(x))  # (N, 120)
        x = torch.tanh(self.f6(x))  # (N, 84)
        return self.output(x)  # (N, num_classes)
        ### stub
        raise NotImplementedError  # your code here; write the shape beside each line
        ### end


# %%
check("LeNet5", LeNet5)

# %% [markdown]
# ## 3 · Use it: from cheques to clothes
#
# The same network, other pictures. Both cells wait until your class is right: run them again then.
# It trains with the library's `fit`, which runs the loop that you wrote in exercise 11.

# %%
from coursekit.datasets import DatasetError, load
from coursekit.training import evaluate, fit

try:
    clothes = load("fashion_mnist")
except DatasetError as problem:
    print(problem)
    clothes = load("strokes")
(x_train, y_train), (x_test, y_test) = clothes
train, test = (x_train[:4000], y_train[:4000]), (x_test[:1000], y_test[:1000])
ready = check("LeNet5", LeNet5).passed

# %% tags=["banded"]
if ready:
    torch.manual_seed(0)
    model = LeNet5()
    fit(model, train, test, epochs=4, seed=0)
    result = evaluate(model, test, classes=clothes.classes)
    measured("share right on new pictures", result.accuracy, at_least=0.70)
    result.mistakes(
        10,
        alt="Ten test pictures, each with its true class, your network's wrong answer, and how "
        "sure it was.",
    )
else:
    print("training waits until LeNet5 passes its check")

# %% [markdown]
# ## 4 · 1998 against today
#
# Write a second class, `Modern`: the same layers, but ReLU in place of tanh and max pooling in
# place of average pooling. (Copy your class; change its name, `tanh` and the pooling. Shorter:
# begin with `class Modern(LeNet5):`, which inherits the layers, and write `forward` alone.) The
# cell after it trains both from three random starts each, and draws their means with a band from
# the worst run to the best. Is the difference larger than the spread?


# %%
### solution
class Modern(LeNet5):
    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.c1(x)), 2)
        x = nn.functional.max_pool2d(torch.relu(self.c3(x)), 2)
        x = x.flatten(start_dim=1)
        x = torch.relu(self.c5(x))
        x = torch.relu(self.f6(x))
        return self.output(x)


### stub
Modern = None  # your class
### end

# %% tags=["banded"]
from coursekit.training import compare, spread

small = (x_train[:1500], y_train[:1500])  # six runs are many


def three_runs(network_class):
    histories = []
    for seed in range(3):
        torch.manual_seed(seed)
        histories.append(fit(network_class(), small, test, epochs=3, seed=seed))
    return spread(histories)


if ready and Modern is not None:
    compare(
        {"1998": three_runs(LeNet5), "today": three_runs(Modern)},
        alt="The share right on test pictures over three epochs for the network of 1998 and for "
        "today's, each as the mean of three runs with a band from the worst to the best.",
    )
else:
    print("the comparison waits for LeNet5 and Modern")

# %% [markdown]
# <details>
# <summary>Answer (after you have compared)</summary>
#
# Look at the last epoch. If the bands do not touch, the difference is larger than the spread. Here
# they usually overlap, although max pooling alone gained clearly on the lesson's digits. So "one
# cannot say" is the right answer: more runs, more pictures or more epochs would have to decide.
#
# </details>
#
# ## 5 · To think about (no points)
#
# Which of these pictures will your network take: **30 by 30**, **32 by 32**? Go through the table:
# where does it complain, and which number does it not like? Then try, with `LeNet5()(torch.zeros(1,
# 1, 30, 30))` in a cell of your own.
#
# <details>
# <summary>Answer (after you have gone through the table)</summary>
#
# The convolutions and the pooling take any size. 30: pooled 15, then 15 - 5 + 1 = 11, pooled 5, and
# one row and one column are left out. So 16 x 5 x 5 = 400 numbers reach C5, as always: it is taken.
# 32: pooled 16, then 12, pooled 6. Now 16 x 6 x 6 = 576 numbers reach C5, which has a weight for
# each of 400: it complains. (The network of 1998 took 32 by 32, and did not pad in C1.)
#
# </details>

# %% tags=["solution"]
print("30 by 30:", tuple(LeNet5()(torch.zeros(1, 1, 30, 30)).shape))
try:
    LeNet5()(torch.zeros(1, 1, 32, 32))
except RuntimeError:
    print("C5 complains of 32 by 32: it was made for", 16 * 5 * 5, "numbers and gets", 16 * 6 * 6)

# ---
# jupyter:
#   coursekit:
#     lesson: "20"
#     title: "Exercise: feed-forward and recurrent networks"
#     minutes: 35
#     datasets: []
# ---

# %% [markdown]
# # 20 · Exercise: feed-forward and recurrent networks
#
# You will write `one_hot` and `rnn_step`, and let a trained network speak with them. `check(...)`
# tells you what went wrong, with the smallest example it can find; `hint("rnn_step")` in a new cell
# helps, three times.
#
# Lesson: [20 Feed-forward and recurrent networks](../lessons/20_recurrent.ipynb). Points: 6 (2 for
# `one_hot`, 4 for `rnn_step`).

# %%
import numpy as np

from coursekit import check, hint

vocabulary = ["Steven", "Mark", "John", "saw", "."]

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A step with two inputs and **one** unit. The input is 1 0 (the first of two words), its weights
# are 0.5 and -3; the old state is 0.8, its weight is 1; the bias is 0.2. The input's share is 1 ·
# 0.5 + 0 · (-3) = 0.5. Replace the two `None`: the state's share, and the whole sum that tanh is
# taken of.

# %%
input_share = 0.5
### solution
state_share = 0.8
whole_sum = 1.5  # 0.5 + 0.8 + 0.2
### stub
state_share = None
whole_sum = None
### end

# %% tags=["fold"]
for name, value, right in [
    ("state_share", state_share, 0.8 * 1),
    ("whole_sum", whole_sum, 1 * 0.5 + 0.8 * 1 + 0.2),
]:
    if value is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {value}", "is right" if abs(value - right) < 1e-9 else "is not right yet")

# %% [markdown]
# ## 2 · `one_hot`
#
# A vector as long as the vocabulary: 1.0 at the place of the word, 0.0 elsewhere. The checker takes
# other vocabularies, too, and gives them as tuples. The word is always one of them.


# %%
def one_hot(word, vocabulary):
    """A vector of zeros with 1.0 at the place of the word.

    word: a text, vocabulary: texts in a fixed order. Returns (len(vocabulary),).
    """
    ### solution
    vector = np.zeros(len(vocabulary))
    vector[vocabulary.index(word)] = 1.0
    return vector
    ### stub
    raise NotImplementedError
    ### end


# %%
check("one_hot", one_hot)

# %% [markdown]
# ## 3 · `rnn_step`
#
# The new state: $\tanh(x\, W_{xh} + h\, W_{hh} + b)$. `x` is a row of D numbers and `h` one of H
# numbers; `x @ w_xh` multiplies a row with a matrix, and H numbers come out. `h` itself is not to
# be changed.


# %%
def rnn_step(x, h, w_xh, w_hh, b):
    """The next state of a recurrent network.

    x: (D,), h: (H,), w_xh: (D, H), w_hh: (H, H), b: (H,). Returns (H,).
    """
    ### solution
    return np.tanh(x @ w_xh + h @ w_hh + b)
    ### stub
    raise NotImplementedError
    ### end


# %%
check("rnn_step", rnn_step)

# %% [markdown]
# ## 4 · Use it: with and without a memory
#
# Reading is a loop over the words: begin with a state of zeros, as many as `b` has numbers, and
# take one step for each word. Write it, with your two functions and the `vocabulary` from above.


# %%
def read(words, w_xh, w_hh, b):
    """The state after the last of some words; all zeros before the first."""
    ### solution
    h = np.zeros(len(b))
    for word in words:
        h = rnn_step(one_hot(word, vocabulary), h, w_xh, w_hh, b)
    return h
    ### stub
    raise NotImplementedError
    ### end


# %% [markdown]
# A recurrent network has been trained in PyTorch on the three sentences of the lesson (the folded
# cell does it). Its weights are handed to *your* functions, and it speaks: once as it is, once with
# nothing but its last word. The cell waits until all three functions are right; `read` has to agree
# with PyTorch's own loop.

# %% tags=["fold"]
import torch
from torch import nn

sentences = [text.split() for text in ["Steven saw Mark .", "Mark saw John .", "John saw Steven ."]]
numbers = torch.tensor([[vocabulary.index(word) for word in s] for s in sentences])
inputs, targets = nn.functional.one_hot(numbers[:, :3], 5).float(), numbers[:, 1:]
torch.manual_seed(0)
rnn, head = nn.RNN(5, 4, batch_first=True), nn.Linear(4, 5)
optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr=0.05)
for step in range(200):
    scores = head(rnn(inputs)[0]).flatten(0, 1)
    optimizer.zero_grad()
    nn.functional.cross_entropy(scores, targets.flatten()).backward()
    optimizer.step()
with torch.no_grad():
    w_xh, w_hh = rnn.weight_ih_l0.numpy().T, rnn.weight_hh_l0.numpy().T
    b = (rnn.bias_ih_l0 + rnn.bias_hh_l0).numpy()
    w_hy, c = head.weight.numpy().T, head.bias.numpy()
    states = rnn(inputs)[0].numpy()  # (sentences, words, units)
print("trained")

# %% tags=["fold"]
results = [check("one_hot", one_hot), check("rnn_step", rnn_step)]


def reads_right():
    """Whether `read` gives PyTorch's states for the beginnings of all sentences; says if not."""
    try:
        for sentence, after in zip(sentences, states):
            for count in (1, 2, 3):
                state = read(sentence[:count], w_xh, w_hh, b)
                if state is None:
                    print("read: gives nothing back; is there a return at its end?")
                    return False
                if np.shape(state) != b.shape or not np.allclose(
                    state, after[count - 1], atol=1e-5
                ):
                    print(f"read: not right yet after {' '.join(sentence[:count])!r}")
                    return False
    except NotImplementedError:
        print("read: not attempted yet")
        return False
    return True


def speak(words, memory, longest=9):
    """Go on from some words, always with the likeliest next one."""
    said = list(words)
    while said[-1] != "." and len(said) < longest:
        h = read(said if memory else said[-1:], w_xh, w_hh, b)
        said.append(vocabulary[np.argmax(h @ w_hy + c)])
    return " ".join(said)


if all(result.passed for result in results) and reads_right():
    print("with its state:    ", speak(["Mark", "saw"], memory=True))
    forgetful = [speak([name, "saw"], memory=False).split()[2] for name in vocabulary[:3]]
    same = len(set(forgetful)) == 1
    print("without: the same name after saw, whoever saw:", "yes" if same else "no")
else:
    print("the network speaks when all three are right")

# %% [markdown]
# How often is the name after *saw* right without a memory? (Run
# `speak(["Mark", "saw"], memory=False)` to see what else it says.)
#
# <details><summary>Answer</summary>
#
# Once in three: it says the same name after *saw* in every sentence.
#
# </details>

# %% [markdown]
# ## 5 · To think about (no points)
#
# How many steps back does a state remember? Take one unit with `w_hh` = 0.5 and no bias, put in a 1
# once and then only zeros. After how many steps is less than 1 % of the first state left? (The
# solutions have an answer.)

# %% tags=["solution"]
for weight in (0.1, 1.0, 3.0):  # of the input: it makes no difference
    h = first = np.tanh(np.array([weight]))
    count = 0
    while h[0] > 0.01 * first[0]:
        h = rnn_step(np.array([0.0]), h, np.array([[weight]]), np.array([[0.5]]), np.array([0.0]))
        count += 1
    print("steps:", count)

# %% [markdown] tags=["solution"]
# At each step a little less than half is left. A weight above 1 would keep the state up, but then
# tanh is flat, and gradients fade instead, as in the lesson. LSTM was made to get around that.

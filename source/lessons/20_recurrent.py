# ---
# jupyter:
#   coursekit:
#     lesson: "20"
#     title: Feed-forward and recurrent networks
#     topics: [T130, T131, T132, T133, T134]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 20 · Feed-forward and recurrent networks
#
# **What does a network need in order to handle sequences, where earlier words matter?**
#
# After this lesson you can
#
# - turn words into vectors, and count how often anybody can be right who sees only the last word,
# - say why no network that sees one word can do better, however large it is,
# - give a network a window, or a **state**, and say what either of them costs,
# - compute a step of a recurrent network with a pencil,
# - tell five shapes of sequence tasks apart.
#
# **Time:** about 60 minutes. **Before this:** [19 Backpropagation](19_backpropagation.ipynb) (the
# chain rule) and [09 Softmax and cross-entropy](09_softmax_and_cross_entropy.ipynb).

# %% [markdown]
# ## See it: every step right, and most sentences wrong
#
# A language with five words: *Steven*, *Mark*, *John*, *saw*, and the full stop. Three sentences
# are all that was ever said in it. A machine is to learn to say the **next word**. It counts which
# word came after which, and then talks: it begins with a name and always draws one of the words
# that have come after its last one. Here are six of its sentences.

# %%
import numpy as np

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.scratch import next_words

vocabulary = ["Steven", "Mark", "John", "saw", "."]
sentences = [text.split() for text in ["Steven saw Mark .", "Mark saw John .", "John saw Steven ."]]
followers = next_words(sentences)  # of each word: which words came next, and how often


def talk(first, rng, longest=9):
    """Draw a next word again and again, until the full stop."""
    said = [first]
    while said[-1] != "." and len(said) < longest:
        said.append(str(rng.choice(list(followers[said[-1]]))))
    return " ".join(said)


rng = np.random.default_rng(65)
for k in range(6):
    print(talk(vocabulary[k % 3], rng))

# %% [markdown]
# *Mark .*, and *Mark saw Mark saw Mark*, which might go on for ever: every single step from a word
# to the next one has been heard, and yet most of it is nonsense. (*Steven saw John .* is a fair
# sentence that nobody has said. The others are not sentences.) What is missing is not more
# counting.

# %% [markdown]
# ## Predict
#
# The three sentences have nine steps from a word to the next. Imagine the best network that there
# can be, as large as you like and trained for as long as you like, which is shown **one word** and
# must name the next.

# %%
predict(
    "20-one-word",
    "How many of the nine steps can it get right at most?",
    options=["4", "6", "7", "9: a large network can learn nine examples by heart"],
)

# %% tags=["reveal", "fold"]
from collections import Counter  # counts how often it has met each thing


def best_right(sentences, window):
    """Steps right at best, of how many, for anything that sees the last `window` words."""
    answers = {}  # for each different input: how often each next word is wanted
    for sentence in sentences:
        for place in range(1, len(sentence)):
            seen = tuple(sentence[max(0, place - window) : place])
            answers.setdefault(seen, Counter())[sentence[place]] += 1
    right = sum(max(counts.values()) for counts in answers.values())
    return right, sum(sum(counts.values()) for counts in answers.values())


assert best_right(sentences, 1) == (4, 9)
reveal(
    "20-one-word",
    "4",
    because="The same input needs two answers, or three. Whatever the network is, it gives one "
    "answer to one input. You count it yourself in a moment.",
)

# %% [markdown]
# ## By hand
#
# ### Words as numbers
#
# A network takes numbers. Each word gets a vector with a 1 at its own place in the vocabulary (the
# dictionary) and 0 elsewhere, a **one-hot** vector (lesson 09 had them for classes). Write down the
# four vectors of *Steven saw Mark .* as a table with a row for each word.

# %% tags=["paper"]
from coursekit.scratch import one_hot

rows = np.array([one_hot(word, vocabulary) for word in sentences[0]]).astype(int)
figures.grids([("Steven saw Mark .", rows)], operators=())

# %% [markdown]
# Why not simply 1 to 5? Then *saw*, 4, would be twice *Mark*, 2, and *John* the mean of both; a
# network would have to unlearn that. One-hot vectors all have a single 1, and any two of them
# differ in just two places: none is nearer than another.
#
# ### The table of counts
#
# Which word comes after which, inside the three sentences? Fill in a table: a row for the word, a
# column for the next one, in the order Steven, Mark, John, saw, full stop. (After the full stop
# nothing comes.) Then circle in each row the one answer that you would give, either one where two
# are equal, and add up how often it is right.

# %% tags=["paper", "fold"]
table = np.array(
    [[followers.get(word, {}).get(after, 0) for after in vocabulary] for word in vocabulary]
)
figures.grids([("next word", table)], operators=())
print("right at best:", int(table.max(axis=1).sum()), "of", int(table.sum()))
assert (table.max(axis=1).sum(), table.sum()) == (4, 9)

# %% [markdown]
# That is the proof. Each name is followed by something twice, once by *saw* and once by the full
# stop; *saw* is followed three times, by three different names. One answer to each gives
# 1 + 1 + 1 + 1 = **4 of 9**. The network may have any number of layers: the same word in, the same
# answer out. No training helps, because what is missing is not in the input.
#
# A network in which every input is answered by itself, without a trace of the one before, is called
# **feed-forward**. All networks of this course have been of that kind: one picture, one answer.
#
# ### A window of two words
#
# Show it the last **two** words at once (at the beginning of a sentence the only one there is).
# Which inputs are there now, and is any of them followed by two different words?

# %% tags=["paper", "fold"]
seen = {}
for sentence in sentences:
    for place in range(1, 4):
        seen.setdefault(" ".join(sentence[max(0, place - 2) : place]), []).append(sentence[place])
for words, wanted in seen.items():
    print(f"{words:12} -> {', '.join(wanted)}")
print("right at best: {} of {}".format(*best_right(sentences, 2)))
assert best_right(sentences, 2) == (9, 9)

# %% [markdown]
# Nine inputs, nine answers: 9 of 9. So a feed-forward network *can* handle a sequence, if what
# matters is shown **at once**, as one data point. (This is a convolution over the sentence, lesson
# 02: all places share their weights, the two words of the window do not.) The price: somebody has
# to know beforehand how long the window must be, and every further word in it needs weights of its
# own.
#
# ### A state
#
# The other way is to remember. A **recurrent** network reads one word at a time and carries a
# **state** along, a vector $h$. Each step makes a new state of the word $x$ and the old state, with
# the same weights at every step:
#
# $$h_{\text{new}} = \tanh(x\, W_{xh} + h\, W_{hh} + b)$$
#
# $W_{xh}$ has a row for each input and a column for each unit of the state. (In lesson 11 the
# matrix stood in front of the vector, with a row for each *output*.) A one-hot word times $W_{xh}$
# is simply the word's row.
# $W_{hh}$ leads from the old state to the new one. $\tanh$ is an S-shaped curve that keeps all
# numbers between -1 and 1, however often the loop is gone through. (You met it in lesson 12.)

# %% [markdown]
# Take a state with **one** unit. It is to tell whether *saw* has been read yet. The weights of
# Steven, Mark, John and the full stop are 0, that of *saw* is 2; the old state has the weight 2,
# the bias is 0:
#
# $$h_{\text{new}} = \tanh(2 \cdot [\text{1 if the word is } \textit{saw}\text{, else 0}] + 2h)$$
#
# The state begins at 0; $\tanh 2 = 0.96$ and $\tanh 1.92 = 0.96$. Which state does it have after
# *Steven*, after *Steven saw*, and after *Steven saw Mark*?

# %% tags=["paper"]
w_saw, w_state = 2.0, 2.0
h = 0.0
for word in ["Steven", "saw", "Mark"]:
    h = np.tanh(w_saw * (word == "saw") + w_state * h)
    print(f"after {word:7} state {h:.2f}")
assert round(np.tanh(2), 2) == round(np.tanh(2 * 0.96), 2) == 0.96

# %% [markdown]
# At the word *Mark* the state is not 0 any more: the unit **remembers** that *saw* has been read,
# so this name is followed by the full stop. After the first name of a sentence it is 0. The same
# word, another state, another answer.
#
# And backwards? Say the gradient of the loss by the state after *Mark* is 1. How much of it
# arrives, through this step, at the state after *saw*? (Lesson 19: factors multiply along the way.
# Here they are the weight 2 and the slope of tanh, which is $1 - h^2$ where its value is $h$.)

# %% tags=["paper"]
print(f"slope 1 - 0.96² = {1 - 0.96**2:.2f}, times the weight 2: {2 * (1 - 0.96**2):.2f}")

# %% [markdown]
# About a sixth is left of the gradient, after a single step. Where tanh is flat, gradients
# **fade** on their way back through the words, and what was said long ago is hard to learn from.
#
# ### Five shapes
#
# With a state, input and output need not be equally long:
#
# | shape | in | out |
# |---|---|---|
# | one to one | one picture | one label |
# | one to many | one picture | a sentence that describes it |
# | many to one | a sentence | one label: friendly or not |
# | many to many, afterwards | an English sentence | the French one, when all is read |
# | many to many, in step | a text | of each word, whether it is a noun |
#
# Which shape is it? (a) Naming the language of a text. (b) Our machine, while it learns to name
# each next word. (c) Composing a tune from its first note. (d) Answering a question in a full
# sentence.

# %% [markdown]
# <details><summary>Answers</summary>
#
# (a) Many to one. (b) Many to many, in step: it names a word after each one. (c) One to many. (d)
# Many to many, afterwards: the question has to be read to its end.
#
# </details>

# %% [markdown]
# ### Find the slip
#
# Deck 003, *Recurrent Neural Network*, gives five patterns. The last one is called **many to many**
# and has the words **video in, label out**. Which of the five shapes do these words describe as
# they stand, and what has to be added?

# %% [markdown]
# <details><summary>Answer</summary>
#
# A video in and *one* label out is many to **one**, as with the sentence and its mood. Many to many
# it becomes with one label **per frame**.
#
# </details>

# %% [markdown]
# ## From scratch
#
# ### One word, two words: without a state
#
# Both can be trained with the layers of lesson 19: a single dense layer, and softmax at its end.
# With one word five numbers go in, with two words ten (zeros where there is no word). The cell is
# folded.

# %% tags=["fold"]
from coursekit.scratch import softmax
from coursekit.scratch.layers import Linear, softmax_loss

steps = [(sentence[:place], sentence[place]) for sentence in sentences for place in range(1, 4)]
wanted = np.array([vocabulary.index(word) for _, word in steps])


def shown(words, window):
    """The last words as one row of numbers, zeros in front where there are too few."""
    vectors = [one_hot(word, vocabulary) for word in words[-window:]]
    empty = [np.zeros(5)] * (window - len(vectors))
    return np.concatenate(empty + vectors)


def trained(window):
    layer = Linear(5 * window, 5, np.random.default_rng(0))
    inputs = np.array([shown(words, window) for words, _ in steps])
    for step in range(2000):
        loss, gradient = softmax_loss(layer.forward(inputs), wanted)
        layer.backward(gradient)
        for weight, by_weight in zip(layer.weights, layer.gradients, strict=True):
            weight -= 1.0 * by_weight
    right = int((layer.forward(inputs).argmax(axis=1) == wanted).sum())
    return layer, loss, right


one, loss_of_one, right_of_one = trained(1)
two, loss_of_two, right_of_two = trained(2)
floor = (6 * np.log(2) + 3 * np.log(3)) / 9
assert right_of_one == 4 and right_of_two == 9 and 0 < loss_of_one - floor < 0.005
assert loss_of_two < floor / 10
spoken = [*vocabulary[:4], "stop"]
print("one word: right", right_of_one, "of", len(wanted))
for word in vocabulary[:4]:
    shares = softmax(one.forward(shown([word], 1)[None])[0])
    print(f"  after {word:7}", *[f"{name} {p:.2f} " for name, p in zip(spoken, shares)])
print("  the loss cannot fall below", floor.round(3), "and has come within 0.005 of it")
print("two words: right", right_of_two, "of", len(wanted))
print("  the loss has fallen below a tenth of that")

# %% [markdown]
# The first network did what it could: it gives both followers of a name one half, and each name
# after *saw* one third. Six steps cost $\ln 2$ and three cost $\ln 3$, 0.828 in the mean; no
# training gets below that. The second has no such floor.
#
# ### A state
#
# Now the recurrent network: a state of four units, and a dense layer that turns each state into
# five scores. Reading a sentence is a loop. The step itself is for you to write in the exercise.
#
# The way back is lesson 19's chain rule. A state has **two** ways to the loss: through its own
# scores, and through the next state; so gradients are carried from the last word to the first. (By
# hand you went one of the two ways, for one step.) This is *backpropagation through time*. The
# weights are the same at every step, so their shares are added up, as those of a kernel are.
# (`np.outer(a, b)` is the table of all products of a number of `a` with one of `b`: input times
# error.)

# %%
from coursekit.scratch import rnn_step


def new_weights(seed, units=4):
    rng = np.random.default_rng(seed)
    return {
        "w_xh": rng.normal(0, 0.5, (5, units)),
        "w_hh": rng.normal(0, 0.5, (units, units)),
        "b": np.zeros(units),
        "w_hy": rng.normal(0, 0.5, (units, 5)),  # from the state to the scores
        "c": np.zeros(5),
    }


def states_of(weights, words):
    """The states while reading: the first is all zeros, then one after each word."""
    states = [np.zeros(len(weights["b"]))]
    for word in words:
        x = one_hot(word, vocabulary)
        states.append(rnn_step(x, states[-1], weights["w_xh"], weights["w_hh"], weights["b"]))
    return np.array(states)


def loss_and_gradients(weights, sentence):
    inputs = np.array([one_hot(word, vocabulary) for word in sentence[:-1]])
    states = states_of(weights, sentence[:-1])
    scores = states[1:] @ weights["w_hy"] + weights["c"]
    loss, by_scores = softmax_loss(scores, [vocabulary.index(word) for word in sentence[1:]])
    gradients = {name: np.zeros(weight.shape) for name, weight in weights.items()}
    gradients["w_hy"], gradients["c"] = states[1:].T @ by_scores, by_scores.sum(axis=0)
    from_later = np.zeros(states.shape[1])
    for t in reversed(range(len(inputs))):  # the last word first
        by_state = by_scores[t] @ weights["w_hy"].T + from_later  # two ways to the loss: add up
        by_sum = by_state * (1 - states[t + 1] ** 2)  # the slope of tanh
        gradients["w_xh"] += np.outer(inputs[t], by_sum)
        gradients["w_hh"] += np.outer(states[t], by_sum)
        gradients["b"] += by_sum
        from_later = by_sum @ weights["w_hh"].T
    return loss, gradients


# %% [markdown]
# Believe nothing: nudge every weight.

# %% tags=["fold"]
weights = new_weights(seed=0)
_, gradients = loss_and_gradients(weights, sentences[0])
gaps = []
for name, weight in weights.items():
    for place in np.ndindex(weight.shape):
        old, slope = weight[place], gradients[name][place]
        weight[place] = old + 1e-5
        above, _ = loss_and_gradients(weights, sentences[0])
        weight[place] = old - 1e-5
        below, _ = loss_and_gradients(weights, sentences[0])
        weight[place] = old
        gaps.append(abs((above - below) / 2e-5 - slope))
assert max(gaps) < 1e-8
print("all", len(gaps), "weights and biases: nudging agrees to 8 decimals")

# %%
for step in range(300):
    for sentence in sentences:
        loss, gradients = loss_and_gradients(weights, sentence)
        for name in weights:
            weights[name] = weights[name] - 0.3 * gradients[name]


def continued(words, weights, longest=9):
    """Say the likeliest next word again and again, until the full stop."""
    said = list(words)
    while said[-1] != "." and len(said) < longest:
        scores = states_of(weights, said)[-1] @ weights["w_hy"] + weights["c"]
        said.append(vocabulary[scores.argmax()])
    return " ".join(said)


for start in ("Mark saw", "Steven", "John"):
    print(continued(start.split(), weights))
assert continued(["Mark", "saw"], weights) == "Mark saw John ."

# %% [markdown]
# *Mark saw John.* No *Mark saw Mark saw* any more: when it comes to the second name, its state
# knows that *saw* has been read, and when it comes to *saw*, its state knows who was first. Here is
# the state after the word *saw* in all three sentences: one word, three states.

# %% tags=["fold"]
after_saw = np.array([states_of(weights, sentence[:2])[-1] for sentence in sentences])
figures.images(
    [(f"{sentence[0]} saw", state[None]) for sentence, state in zip(sentences, after_saw)],
    columns=3,
    signed=True,
    alt="Three rows of four coloured cells, the states after Steven saw, Mark saw and John saw. No "
    "two of the rows are alike.",
)

# %% tags=["banded"]
apart = [np.abs(after_saw[a] - after_saw[b]).max() for a, b in ((0, 1), (0, 2), (1, 2))]
measured("some unit differs, between any two of the states, by", min(apart), at_least=0.3)

# %% [markdown]
# ## In the framework
#
# In PyTorch the loop is `nn.RNN`. It takes (sentences, words, numbers of a word) with
# `batch_first=True`, and gives all states and, once more, the last one. It has two biases, which
# are added; we set the second to 0. With our weights in it the states must be ours, and autograd's
# gradients those of our loop. (It keeps its matrices as lesson 11 did: `.T`.)

# %% tags=["fold"]
import torch
from torch import nn

weights = new_weights(seed=0)
loss, gradients = loss_and_gradients(weights, sentences[0])

rnn, head = nn.RNN(5, 4, batch_first=True).double(), nn.Linear(4, 5).double()
with torch.no_grad():
    rnn.weight_ih_l0.copy_(torch.tensor(weights["w_xh"].T))
    rnn.weight_hh_l0.copy_(torch.tensor(weights["w_hh"].T))
    rnn.bias_ih_l0.copy_(torch.tensor(weights["b"]))
    rnn.bias_hh_l0.zero_()
    head.weight.copy_(torch.tensor(weights["w_hy"].T))
    head.bias.copy_(torch.tensor(weights["c"]))

words = torch.tensor(np.array([[one_hot(word, vocabulary) for word in sentences[0][:3]]]))
targets = torch.tensor([vocabulary.index(word) for word in sentences[0][1:]])
states, last = rnn(words)
nn.functional.cross_entropy(head(states)[0], targets).backward()
assert np.abs(states[0].detach().numpy() - states_of(weights, sentences[0][:3])[1:]).max() < 1e-12
assert np.abs(rnn.weight_hh_l0.grad.numpy().T - gradients["w_hh"]).max() < 1e-12
assert np.abs(rnn.weight_ih_l0.grad.numpy().T - gradients["w_xh"]).max() < 1e-12
print("states and gradients equal to 12 decimals")

# %% [markdown]
# And trained, all three sentences as one batch, by Adam (lesson 11); the cell is folded:

# %% tags=["fold"]
torch.manual_seed(0)
rnn, head = nn.RNN(5, 4, batch_first=True), nn.Linear(4, 5)
parameters = [*rnn.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.05)
inputs = torch.tensor(
    np.array([[one_hot(word, vocabulary) for word in s[:3]] for s in sentences]),
    dtype=torch.float32,
)
targets = torch.tensor([[vocabulary.index(word) for word in s[1:]] for s in sentences])
for step in range(200):
    scores = head(rnn(inputs)[0])  # (sentences, words, 5)
    loss = nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

said = ["Mark", "saw"]
while said[-1] != "." and len(said) < 9:
    x = torch.tensor(np.array([[one_hot(word, vocabulary) for word in said]]), dtype=torch.float32)
    said.append(vocabulary[head(rnn(x)[0])[0, -1].argmax()])
print(" ".join(said))
assert " ".join(said) == "Mark saw John ."

# %% [markdown]
# In Keras the layer is `keras.layers.SimpleRNN`. In practice other loops are used, which forget
# less quickly: LSTM and GRU. And for long texts it is windows again, very wide ones, in which a
# network weighs by itself which earlier words matter: transformers.

# %% [markdown]
# ## Play
#
# `best_right(sentences, window)` counts how many steps anybody can get right at best who sees that
# many words. Change the sentences in the cell, and run it again.
#
# 1. Add the sentence "Mark saw Steven ." as a fourth one. How many steps are right at best with
#    windows of 1, 2 and 3 words? Why is a longer window of no use?
# 2. Take the two sentences "Mark who saw Steven left ." and "John who saw Steven stayed ." How long
#    must the window be for all ten steps?

# %%
mine = [text.split() for text in ["Steven saw Mark .", "Mark saw John .", "John saw Steven ."]]
for window in (1, 2, 3, 4):
    print(f"window of {window}: {best_right(mine, window)[0]} of {best_right(mine, window)[1]}")

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. 7 of 12 with one word, 11 of 12 with two, and with three as well. After *Mark saw* now comes
#    John or Steven: the beginning of the sentence no longer tells. No memory helps against what is
#    not determined.
# 2. Four words: *saw Steven* and *who saw Steven* are followed by *left* once and by *stayed* once,
#    and only the first word tells which; with one, two or three words it is 9 of 10. One word more
#    in the middle, and it would be five. A state may carry the name as far as it has to.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"If every step is right, so is the sentence."*
#
# Take *Steven saw Mark saw John saw*. The cell counts how many of its steps have been heard in the
# three sentences:

# %%
from itertools import pairwise  # each word with the next one

from coursekit.scratch import sequence_allowed

broken = ["Steven", "saw", "Mark", "saw", "John", "saw"]
facts = sequence_allowed(sentences, broken)
heard = sum(after in followers[word] for word, after in pairwise(broken))
print("steps heard:", heard, "of", facts["transitions"])
print("a sentence of the three:", "yes" if facts["is_training_sentence"] else "no")
assert facts == {"transitions": 5, "all_transitions_allowed": True, "is_training_sentence": False}

# %% [markdown]
# Five of five steps are right, and the whole has no end and no sense. Whoever checks a text step by
# step has a memory of one step, like the machine that wrote it.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/20_recurrent.ipynb) you write `one_hot` and `rnn_step`, and let a
# trained network speak with them; then you take its memory away.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "20-q1",
    "Another language has the two sentences 'sun rises .' and 'sun sets .'. How many of its four "
    "steps can anything get right that sees only the last word?",
    [
        ("1", False, "After 'rises' and 'sets' the full stop is certain."),
        ("2", False, "And of the two steps after 'sun' one can be right as well."),
        ("3", True, "Yes: one after 'sun', and both full stops."),
        ("4", False, "The same input, 'sun', needs two answers."),
    ],
)

# %%
quiz(
    "20-q2",
    "A vocabulary has 1,000 words. A dense layer sees a window of 4 words as one-hot vectors and "
    "gives a score for each word. How many weights does it have, without biases?",
    [
        ("4,000", False, "That is how many numbers go in. Each has a weight for every word."),
        ("1,000,000", False, "That is a window of one word."),
        ("4,000,000", True, "Yes: each word of the window needs weights of its own."),
        ("the same, however wide the window is", False, "That would be a recurrent network."),
    ],
)

# %%
quiz(
    "20-q3",
    "A recurrent network has 5 inputs and 4 units. It reads sentences of 3 words, later of 30. How "
    "many weights does its step have, with biases?",
    [
        ("40 for the short ones, 400 for the long ones", False, "All steps share their weights."),
        ("40 for both", True, "Yes: 5 times 4, 4 times 4, and 4."),
        ("20 for both", False, "The old state has weights, too, and there are biases."),
        ("24 for both", False, "The weights from the old state are missing: 16 more."),
    ],
)

# %%
quiz(
    "20-q4",
    "A network reads a film review and gives one label, friendly or not. Which of the five shapes "
    "is it, and which state is the label made from?",
    [
        ("one to one, from the very first state", False, "That one has read a single word."),
        ("many to many in step, from every state", False, "That would be a label for each word."),
        ("one to many, from the very last state", False, "Many words go in, one label comes out."),
        ("many to one, from the last state", True, "Yes: by then everything has been read."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Words become one-hot vectors: a 1 at the word's place.
# 2. A feed-forward network answers each input by itself. Where the same input needs two answers it
#    is wrong at least once: 4 of 9 here, by counting.
# 3. A window shows several words at once: 9 of 9 with two. Its length must be known beforehand.
# 4. A recurrent network carries a state along; its step has the same weights for every word.
# 5. Every step right does not make a sentence.

# %% [markdown]
# ## Words
#
# - **Sequence**: things in an order that matters, such as words or frames.
# - **Vocabulary**, **dictionary**: all words that there are, in a fixed order.
# - **Feed-forward network**: answers every input by itself, without a memory.
# - **Window**: the last few words, shown at once.
# - **Recurrent network**: reads step by step and carries a state along.
# - **State**: the vector that a recurrent network hands on from step to step.
# - **Backpropagation through time**: carrying gradients from the last step to the first.

# %% [markdown]
# ## Further reading
#
# - J. L. Elman, *Finding structure in time*, Cognitive Science 14, 1990: the network of this
#   lesson, and small languages of its own.
# - P. J. Werbos, *Backpropagation through time: what it does and how to do it*, Proceedings of the
#   IEEE 78, 1990.
# - S. Hochreiter and J. Schmidhuber, *Long short-term memory*, Neural Computation 9, 1997: LSTM.
# - A. Karpathy, *The unreasonable effectiveness of recurrent neural networks*, 2015 (a blog): the
#   five shapes.
#
# The language and its failures, feed-forward networks and the five shapes are from deck 003
# (*Feedforward networks*, *Recurrent Neural Network*, *Recurrent Neural Network (Prediction)*).
# **Next:** [21 Capstone](21_capstone.ipynb).

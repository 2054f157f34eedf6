# ---
# jupyter:
#   coursekit:
#     lesson: "11"
#     title: The training loop
#     topics: [T145, T146]
#     minutes: 60
#     datasets: [fashion_mnist]
# ---

# %% [markdown]
# # 11 · The training loop
#
# **What happens between two updates of the weights, and how do I write it myself?**
#
# After this lesson you can
#
# - say in five lines what `fit` does, and write those five lines in PyTorch,
# - calculate a gradient on paper, and check a program's gradient by nudging a weight,
# - find out in a minute why a network does not learn,
# - choose a learning rate by measuring,
# - say what a faster machine changes, and what it does not (an optional part).
#
# **Time:** about 60 minutes. **Before this:** [04 Kernels](04_kernels.ipynb) (gradient descent) and
# [10 First CNN](10_fashion_mnist_keras.ipynb), where `model.fit(...)` did everything in one line.

# %% [markdown]
# ## See it: a network makes up its mind
#
# In lesson 10 you called `fit`, waited, and had a network. Now look inside. The next cells build
# the same network and train it, but stop after 0, 5, 25 and 200 **updates** (one update: look at 32
# pictures, change all weights a little) to ask what it thinks of one picture.

# %% tags=["fold"]
import math

import numpy as np
import torch
from torch import nn

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load

try:
    clothes = load("fashion_mnist")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with the drawn strokes instead.")
    clothes = load("strokes")

(x_train, y_train), (x_test, y_test) = clothes
classes = clothes.classes


def as_tensors(x, y):
    """Grey pictures 0 to 255 -> numbers 0 to 1 with a channel axis; labels -> whole numbers."""
    return torch.tensor(x[:, None] / 255, dtype=torch.float32), torch.tensor(y)


images, labels = as_tensors(x_train[:4000], y_train[:4000])
test_images, test_labels = as_tensors(x_test[:2000], y_test[:2000])
print("training:", tuple(images.shape), " test:", tuple(test_images.shape))


# %%
def new_network(seed=0):
    """The network of lesson 10 in PyTorch; the same random start for the same seed."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 14 * 14, 10),
    )


print("parameters:", f"{sum(p.numel() for p in new_network().parameters()):,}")

# %% [markdown]
# Same layers, and as many numbers to learn, 63,050, as in your table of lesson 10. The folded cell
# below trains it. Don't open it yet: by the end of this lesson you could write it yourself.

# %% tags=["fold"]
from matplotlib.figure import Figure

model, moments, shown, share_right = new_network(), (0, 5, 25, 200), 33, {}
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
steps = torch.randperm(4000, generator=torch.Generator().manual_seed(1)).split(32)
fig = Figure(figsize=(9.2, 2.9), layout="constrained")
panels = iter(fig.subplots(1, 4, sharey=True))
for update in range(201):
    if update in moments:
        with torch.no_grad():
            belief = model(test_images[shown : shown + 1]).softmax(dim=1)[0].numpy()
            guess = model(test_images).argmax(dim=1)
        share_right[update] = float((guess == test_labels).float().mean())
        axes = next(panels)
        right = int(test_labels[shown])
        colours = ["#0072B2" if k == right else "#999999" for k in range(10)]
        axes.barh(range(10), belief, color=colours)
        axes.set_yticks(range(10), classes)
        axes.set_xlim(0, 1)
        axes.set_title(f"{update} updates")
    rows = steps[update % len(steps)]
    loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
axes.invert_yaxis()  # the four share one axis: T-shirt at the top
figures.images(
    [(f"true class: {classes[int(test_labels[shown])]}", x_test[shown])],
    alt="One small grey picture from the test set, with its true class above it.",
)
figures.show(
    fig,
    alt="Four bar charts, after 0, 5, 25 and 200 updates: the probability that the network gives "
    "each of the ten classes for the picture above. At the start all ten bars are short and alike; "
    "from chart to chart they grow apart.",
)

# %% [markdown]
# The blue bar belongs to the true class. At first the network has no opinion: every class gets
# about the same. A few updates later it leans, not always to the right side; then it decides. But
# one picture proves little. The next cell asks about 2,000 of them.

# %% tags=["banded"]
measured("share right at the start", share_right[0], at_most=0.3)
measured("share right after 200 updates", share_right[200], at_least=0.6)

# %% [markdown]
# So: what *is* an update? Each follows the same recipe:
#
# 1. **Forward**: send a batch of pictures through the network. Out come scores.
# 2. **Loss**: measure how wrong the scores are, as one number.
# 3. **Backward**: for each of the 63,050 weights, find out how the loss would change if that weight
#    grew a little. All these numbers together are the **gradient** of the loss.
# 4. **Step**: change each weight a little *against* its number in the gradient.
#
# You have played this game in lesson 04, with nine weights. The rest of the lesson takes it apart,
# first on small numbers.

# %% [markdown]
# ## Predict
#
# The **loss** is the cross-entropy: minus the natural logarithm of the probability that the right
# class got. Before the first update the network gives all ten classes about the same probability.

# %%
predict(
    "11-start",
    "About how large is the loss of such a picture, before the first update?",
    options=["0.1", "1.0", "2.3", "4.6", "10.0"],
)

# %% tags=["reveal"]
reveal(
    "11-start",
    f"{-math.log(1 / 10):.1f}",
    because="Ten classes, each gets 1/10, and -ln(1/10) = ln 10.",
)

# %% [markdown]
# Keep this number in mind. It is the cheapest test there is: **a new network whose first loss is
# more than about 1 away from ln C, with C the number of classes, has a bug.** The other way round
# it proves little: some bugs pass. We come back to it.

# %% [markdown]
# ## By hand
#
# ### Forward and loss: three pictures
#
# A network tells dogs from cats. For three pictures it gives these probabilities:
#
# | picture | P(dog) | P(cat) | truth |
# |---|---|---|---|
# | 1 | 0.9 | 0.1 | dog |
# | 2 | 0.1 | 0.9 | cat |
# | 3 | 0.4 | 0.6 | dog |
#
# Calculate the three losses (a pocket calculator's `ln` is allowed) and their mean. Then run the
# cell.

# %% tags=["paper"]
p = np.array([[1, 0], [0, 1], [1, 0]])  # the truth: 1 for the right class
q = np.array([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]])  # what the network says
losses = -np.log((p * q).sum(axis=1))  # the probability of the right class, then -ln
print("losses:", losses.round(4))
print("mean:  ", losses.mean().round(4))

# %% [markdown]
# Pictures 1 and 2 are right and nearly sure: small losses. Picture 3 is wrong, and its loss is
# almost nine times as large. The logarithm is the natural one, and the mean is taken over the
# pictures: so PyTorch and Keras report it.

# %% [markdown]
# ### Backward: which way to push?
#
# Probabilities come out of *softmax*, so we cannot push them directly. What we can push are the
# **scores** z in front of the softmax (lesson 10; PyTorch calls them **logits**). For softmax
# followed by cross-entropy the gradient is simple, though it takes a page of calculus to see why
# (lesson 19 does it; here you will check it with numbers):
#
# $$\text{gradient of the loss by the scores} \;=\; q - p$$
#
# *What the network said, minus the truth.* For picture 3 that is (0.4 - 1, 0.6 - 0). Write the two
# numbers down. What do their signs tell you: in which direction should the score for *dog* move?

# %% tags=["paper"]
gradient = q[2] - p[2]
print("gradient of picture 3:", gradient.round(2))

# %% [markdown]
# The minus in front of 0.6 says: *if the score for dog grew, the loss would fall*. So it should
# grow, and the score for cat should shrink.
#
# Never believe a gradient that you have not checked. **Nudge** the score for dog by a thousandth,
# and see what the loss does:

# %%
from coursekit.scratch import softmax

scores = np.log(q[2])  # scores that softmax turns into 0.4 and 0.6
nudged = scores + np.array([0.001, 0])
before, after = -np.log(softmax(scores)[0]), -np.log(softmax(nudged)[0])
print("the loss changes by", f"{(after - before) / 0.001:.2f}", "times the nudge")

# %% [markdown]
# ### Step: one update
#
# Subtract the gradient from the scores, times a factor that says how bold we are, the **learning
# rate**. Take 1 for now, and see what happens to the third picture:

# %%
learning_rate = 1
updated = scores - learning_rate * gradient
print("probabilities before:", softmax(scores).round(2), " loss:", before.round(4))
print(
    "probabilities after: ",
    softmax(updated).round(2),
    " loss:",
    -np.log(softmax(updated)[0]).round(4),
)

# %% [markdown]
# One update, and *dog* is ahead. In a real network we cannot move the scores as we like: they come
# out of layers, and only the layers' weights may move. So we look at a layer.

# %% [markdown]
# ### One layer in symbols
#
# Every layer of a network can be written in two short lines:
#
# $$z^{[1]} = W^{[1]} a^{[0]} + b^{[1]} \qquad\qquad a^{[1]} = g\!\left(z^{[1]}\right)$$
#
# - $a^{[0]}$ is what goes in. For the first layer that is the picture. (The number in brackets
#   counts layers; it is not a power.)
# - $W^{[1]}$ are the layer's weights, $b^{[1]}$ its biases: one for each output.
# - $g$ is the **activation function**, such as ReLU. What comes out, $a^{[1]}$, is the next layer's
#   input.
#
# There are three *types of layers* in our network. PyTorch has a class for each:

# %%
kinds = [nn.Conv2d(1, 32, 3, padding=1), nn.MaxPool2d(2), nn.Linear(32 * 14 * 14, 10)]
for kind in kinds:
    count = sum(p.numel() for p in kind.parameters())
    print(f"{type(kind).__name__:10} parameters to learn: {count:>6,}")

# %% [markdown]
# **Convolution** and **linear** (Keras says *dense*, others *fully connected*) have weights and
# biases. **Pooling** has none: it makes the maps smaller, so that all later layers cost less, and a
# small shift of the picture changes less. Training changes the first and the third kind.
#
# Now the last piece. If $z = W a + b$, how does the loss depend on one weight? The weight in row
# $k$, column $i$ multiplies input $a_i$ and goes into score $z_k$. If the weight grows by 1, the
# score grows by $a_i$. If the score grows by 1, the loss changes at the rate $q_k - p_k$. One after
# the other, that is a product:
#
# $$(q_k - p_k) \cdot a_i \qquad\text{(error times input)}$$
#
# A pixel that is black, $a_i = 0$, leaves its weights alone; a bright one moves them. For a bias,
# the input is 1.

# %% [markdown]
# ### Find the slip
#
# A program trains on three other pictures in batches of two: first two with the losses 0.2 and 0.4,
# then one with 0.9. At the end of the epoch it reports the mean loss per picture. Here is what it
# does. One line is wrong. Which, and what is the right number?

# %%
batches = [np.array([0.2, 0.4]), np.array([0.9])]

reported = []
for batch in batches:
    reported.append(batch.mean())
print("the program reports:", np.mean(reported).round(2))

# %%
predict(
    "11-slip",
    "What is the mean loss per picture?",
    kind="number",
)

# %% tags=["reveal"]
total = sum(batch.mean() * len(batch) for batch in batches)
count = sum(len(batch) for batch in batches)
assert math.isclose(total / count, (0.2 + 0.4 + 0.9) / 3)
reveal(
    "11-slip",
    f"{total / count:.1f}",
    because="The last line takes the mean of the two means, so the single picture in the small "
    "batch counts twice as much as each of the others. Weight each batch by its size.",
)

# %% [markdown]
# The last batch of an epoch is often a short one, and this slip sits in many programs. It makes the
# reported loss wrong by a little, which is worse than wrong by a lot: nobody notices.

# %% [markdown]
# ## From scratch
#
# ### A gradient in NumPy
#
# The smallest network that can be trained on pictures: no convolution, only the last layer. 784
# pixels go in, ten scores come out, so W has 10 rows and 784 columns. Here is its gradient, for a
# batch of 32 pictures, written as plainly as possible: error times input, for each picture, each
# class and each pixel; then the mean over the pictures.

# %%
a = images[:32].numpy().reshape(32, 784)  # 32 pictures, flattened
truth = np.eye(10)[labels[:32].numpy()]  # p: one row for each picture, 1 at the right class
rng = np.random.default_rng(0)
W, b = rng.normal(0, 0.01, (10, 784)), np.zeros(10)


def gradient_by_loops(W, b, a, truth):
    grad = np.zeros_like(W)
    for picture in range(len(a)):
        q = softmax(W @ a[picture] + b)
        for k in range(10):
            for i in range(784):
                grad[k, i] += (q[k] - truth[picture, k]) * a[picture, i]
    return grad / len(a)


def gradient_vectorized(W, b, a, truth):
    q = softmax(a @ W.T + b)
    error = (q - truth) / len(a)
    return error.T @ a, error.sum(axis=0)  # for W, for b


grad_W, grad_b = gradient_vectorized(W, b, a, truth)
assert np.allclose(gradient_by_loops(W, b, a, truth), grad_W)
print("the loops and the two lines agree:", grad_W.shape, "and", grad_b.shape)

# %% [markdown]
# Believe it? Nudge one weight and look at the mean loss. This time a little up *and* a little down,
# which is more exact than up alone:


# %%
def mean_loss(W, b, a, truth):
    return -np.log((softmax(a @ W.T + b) * truth).sum(axis=1)).mean()


k, i = 9, 400
nudge = np.zeros_like(W)
nudge[k, i] = 1e-4
slope = (mean_loss(W + nudge, b, a, truth) - mean_loss(W - nudge, b, a, truth)) / 2e-4
assert abs(slope - grad_W[k, i]) < 1e-6
print("the nudge and the formula agree, to 6 decimals")

# %% [markdown]
# ### Optional: a training loop in NumPy
#
# Now do it again and again, each time with the next 32 pictures. This is the whole secret:

# %%
flat = images.numpy().reshape(-1, 784)
all_truth = np.eye(10)[labels.numpy()]

for start in range(0, len(flat), 32):
    batch, batch_truth = flat[start : start + 32], all_truth[start : start + 32]
    grad_W, grad_b = gradient_vectorized(W, b, batch, batch_truth)  # forward, loss, backward
    W = W - 0.1 * grad_W  # step
    b = b - 0.1 * grad_b

scores = test_images.numpy().reshape(-1, 784) @ W.T + b
share = (scores.argmax(axis=1) == test_labels.numpy()).mean()
print("updates:", len(range(0, len(flat), 32)))

# %% tags=["banded"]
measured("share right on test pictures", share, at_least=0.5)

# %% [markdown]
# One pass over 4,000 pictures, no library but NumPy, and it names most of the clothes.
#
# For one layer we found the gradient by hand. For ten layers you would need the chain rule,
# layer by layer, from the loss back to the picture (that is why it is called *backward*; lesson 19
# does it for a convolution). Here is where a framework begins to earn its keep.

# %% [markdown]
# ## In the framework
#
# ### PyTorch finds the gradient
#
# At the end of lesson 04 you met it for a moment. A PyTorch **tensor** is an array that can
# remember what was calculated with it. Mark the weights with `requires_grad` (a layer such as
# `nn.Linear` marks its own), calculate a loss, and call `loss.backward()`: every marked tensor then
# holds its gradient in `.grad`. This is called **autograd**.

# %%
W_start = rng.normal(0, 0.01, (10, 784))
weights = torch.tensor(W_start, requires_grad=True)
biases = torch.zeros(10, dtype=torch.float64, requires_grad=True)

logits = torch.tensor(a, dtype=torch.float64) @ weights.T + biases
loss = nn.functional.cross_entropy(logits, labels[:32])
loss.backward()

by_pencil, _ = gradient_vectorized(W_start, np.zeros(10), a, truth)
assert np.abs(weights.grad.numpy() - by_pencil).max() < 1e-7
print("autograd and the pencil agree, to 7 decimals")

# %% [markdown]
# Two conventions bite here:
#
# - PyTorch's `cross_entropy` takes the **scores**, not the probabilities. It does the softmax
#   itself. That is why `new_network` above ends in a linear layer, while the Keras network of
#   lesson 10 ends in a softmax.
# - `backward` **adds** to what `.grad` holds already. Do it twice, and see:

# %%
once = weights.grad.clone()
logits = torch.tensor(a, dtype=torch.float64) @ weights.T + biases
nn.functional.cross_entropy(logits, labels[:32]).backward()
assert torch.allclose(weights.grad, 2 * once)
print("after a second backward each number in the gradient is twice as large")

# %% [markdown]
# So someone has to set the gradients back to zero before each `backward`. Forgetting it is the most
# famous mistake in PyTorch. You will see below what it does.
#
# And Keras? The same weights, the same 32 pictures, one update by Keras's own `train_on_batch`: it
# must land where our own update lands. (The cell is folded; open it if you want to see how.)

# %% tags=["fold"]
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

one_layer = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
one_layer.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.1),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
one_layer.set_weights([W_start.T, np.zeros(10)])  # Keras stores the matrix the other way round
one_layer.train_on_batch(a, labels[:32].numpy())

assert np.abs(one_layer.get_weights()[0] - (W_start - 0.1 * by_pencil).T).max() < 1e-6
print("Keras's update and ours agree, to 6 decimals")

# %% [markdown]
# ### The loop, in PyTorch
#
# Now the real network, with all its 63,050 weights. An **optimizer** holds them and does the step;
# `SGD` (*stochastic gradient descent*) does exactly our subtraction. `epoch_order` mixes the row
# numbers and `.split(32)` cuts them into batches of 32. (PyTorch's own tool for that is a
# `DataLoader`: it wraps a data set, mixes it, and gives its batches in a `for` loop.)
# Five lines inside two loops.
# Read them aloud:

# %%
from coursekit.training import epoch_order  # the rows 0 to n-1 in a random order

model = new_network()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

model.train()  # "we are training now": some layers care
for epoch in (1, 2):
    for rows in epoch_order(len(images), seed=0, epoch=epoch).split(32):
        logits = model(images[rows])  # forward
        loss = loss_fn(logits, labels[rows])  # how wrong?
        optimizer.zero_grad()  # forget the last gradients
        loss.backward()  # the new ones
        optimizer.step()  # weights = weights - 0.1 * gradient

print("updates:", 2 * len(range(0, len(images), 32)))

# %% [markdown]
# To measure how good it is, two more things must be said: *we are not training now*
# (`model.eval()`), and *do not remember anything for a backward* (`torch.no_grad()`), which saves
# time and memory. (Which layers care about the first? *Dropout*, for instance, which sets some
# values to 0 at random while training, and must not do so afterwards. Lesson 13 has it.)


# %%
def measure(network):
    network.eval()
    with torch.no_grad():
        guesses = network(test_images).argmax(dim=1)
    return (guesses == test_labels).float().mean().item()


share = measure(model)

# %% tags=["banded"]
measured("test accuracy", share, at_least=0.60)

# %% [markdown]
# ### One call, the same numbers
#
# You now know what a loop does, so you may stop typing it. `fit` from this course's library runs
# the loop for you and adds what one wants on top: a progress bar, a record of each epoch, the test
# accuracy. Asked for the plain thing, it does the plain thing:

# %%
from coursekit.training import fit

again = new_network()
history = fit(
    again,
    (images, labels),
    (test_images, test_labels),
    epochs=2,
    batch_size=32,
    lr=0.1,
    optimizer="sgd",
    precision="float32",
    device="cpu",
    seed=0,
)

pairs = zip(model.parameters(), again.parameters(), strict=True)
assert all(torch.allclose(ours, theirs, atol=1e-6) for ours, theirs in pairs)
print("all 63,050 weights agree with those of our loop, to 6 decimals: yes")
history.report(min_accuracy=0.60)

# %% [markdown]
# You need not believe that there is no magic inside: the call runs one function for each epoch, and
# when you have written yours in the exercise, you will see it beside the library's.

# %% [markdown]
# ## Play
#
# ### The debugging ladder
#
# Your network does not learn. Now what? Don't stare at the code; climb a ladder, from the cheapest
# test to the dearest, and stop at the first rung that breaks.
#
# **Rung 1: the loss at the start is near ln C.** You know the number. Here are three networks
# before their first update. Two have a bug.

# %% tags=["fold"]
from coursekit.training import diagnose


def first_loss(network, x, y):
    with torch.no_grad():
        return float(nn.functional.cross_entropy(network(x), y))


forgot_to_divide = images[:256] * 255  # pixels from 0 to 255
bold = new_network()
with torch.no_grad():
    bold[-1].weight.mul_(100)  # weights a hundred times too large

starts = {
    "as it should be": first_loss(new_network(), images[:256], labels[:256]),
    "pixels from 0 to 255": first_loss(new_network(), forgot_to_divide, labels[:256]),
    "weights too large": first_loss(bold, images[:256], labels[:256]),
}

# %% tags=["banded"]
measured("as it should be, first loss", starts["as it should be"], at_least=2.0, at_most=2.6)
measured("pixels from 0 to 255, first loss", starts["pixels from 0 to 255"], at_least=3.3)
measured("weights too large, first loss", starts["weights too large"], at_least=3.3)

# %% [markdown]
# **Rung 2: it can learn one batch by heart.** Take 16 pictures and train on nothing else. A network
# that works must get the loss near 0: it has 63,050 weights for 16 answers. If it cannot, then the
# learning rate is far off, or something between the pictures and the weights is cut: no use in
# showing it 60,000.
#
# Before you run it, a nastier question. Suppose the 16 labels are **drawn at random**, so that
# there is nothing to understand.

# %%
predict(
    "11-random-labels",
    "Can the network get all 16 random labels right after some training?",
    options=["yes, nearly always", "only some of them", "no, it stays at guessing"],
)

# %%
from coursekit.training import overfit_one_batch

nonsense = torch.randint(10, (16,), generator=torch.Generator().manual_seed(3))
true_labels = overfit_one_batch(new_network(), (images[:16], labels[:16]))
random_labels = overfit_one_batch(new_network(), (images[:16], nonsense))

# %% tags=["reveal"]
assert true_labels.learned
assert random_labels.learned
reveal(
    "11-random-labels",
    "yes, nearly always",
    because="It learns them by heart. So a small loss on the training pictures proves that the "
    "loop works, and nothing else. That is why we judge by new pictures.",
)

# %% [markdown]
# Here are both, update by update. Sense or nonsense: one of them takes longer, usually nonsense.
# Learning by heart is called **overfitting**; here it is wanted, as a test of the loop.

# %%
figures.curves(
    {"true labels": true_labels.losses, "random labels": random_labels.losses},
    xlabel="update",
    ylabel="loss on the 16 pictures",
    alt="Two curves of the loss on sixteen pictures, one for true labels and one for random "
    "labels; both begin near ln 10 and end near 0.",
)

# %% [markdown]
# **Rung 3: train, and watch.** Only now. Whoever starts here finds the bug an hour later.
#
# Some mistakes can be recognised by a program. `diagnose` looks at a network and some data and says
# what seems wrong, without training. Here is a network with a softmax too many; PyTorch's
# cross-entropy does its own. Its first loss is near ln 10, so the first rung does not notice:

# %%
softmax_too_many = nn.Sequential(*new_network(), nn.Softmax(dim=1))  # *: its layers one by one
diagnose(softmax_too_many, (images, labels))

# %% [markdown]
# ### Find a learning rate
#
# Too small a learning rate, and nothing happens; too large, and the weights jump about wildly. In
# between lie factors of a thousand. There is a cheap measurement (L. N. Smith, 2017): train for a
# hundred updates, make the learning rate a little larger at each, and plot the loss.

# %%
from coursekit.training import find_lr

rates = find_lr(new_network(), (images, labels), optimizer="sgd", batch_size=128, seed=0)
rates.plot()
# print(rates.suggestion)   # take away the first # to see the number

# %% [markdown]
# On the left the rate is too timid: the loss hardly falls. On the right it is too bold: the loss
# jumps up. A good rate is large, and yet keeps a safe distance from where the jumping begins; the
# dot marks one, a fifth of the rate with the lowest loss. The jump may begin close to its right,
# even at rates that a whole run stands: the test grows the rate at each update, and the weights
# have no time to settle. It is rough, as every run on a few batches is: it tells you the power of
# ten.

# %% tags=["banded"]
measured("suggested rate", rates.suggestion, at_least=0.005, at_most=2)

# %% [markdown]
# ### Optional: what a learning rate does
#
# Why is there a best rate? A network has too many weights to draw, so take two. Their loss is a
# long valley: along weight 1 it is gentle, along weight 2 ten times as steep. The ball is where the
# two weights are; each update moves it *against* the gradient. Before you press anything, calculate
# the first update (both gradients are written below the charts), then press **Step**.
# **Reset** keeps the last run as a dashed line, so that you can compare.
#
# Three things to try. Write a guess down first:
#
# 1. 20 updates each, with **Reset** in between: rates 0.001, 0.02, 0.18, 0.2 and 0.22. Which one
#    crawls, which goes to and fro and still arrives, which goes to and fro for ever, which
#    explodes? From which rate on does it explode, and what has the 10 of the steep weight to do
#    with it? Look at the sign of weight 2, then open *Why does it move like this?*
# 2. Rate 0.01, **Run 20** twice; then the same with momentum 0.9. The ball overshoots and has to
#    come back. Which loss is smaller after 40 updates, and why does it help to remember old
#    gradients in a valley?
# 3. Gradient from *a small batch*, rate 0.18, **Run 20** three times: it comes near the bottom and
#    then wanders about. Now change the rate to 0.01, **without** Reset, and press **Run 20** three
#    times. What happens to the loss? And what if you start with 0.01 at once?
#
# <details>
# <summary>What you should see</summary>
#
# 1. 0.001 crawls. 0.02 walks down slowly. 0.18 goes to and fro along weight 2 and arrives. At 0.2
#    it goes to and fro for ever: the gradient along weight 2 is 10 times the weight, and 0.2 times
#    10 is 2, so each update lands as far on the other side. 0.22 explodes, as every rate above 0.2
#    does.
# 2. With momentum the loss is smaller: along the gentle weight all gradients point the same way and
#    add up, along the steep one they take turns and cancel.
# 3. The loss falls once more: small steps average the noise. Starting with 0.01 costs many updates
#    to get there at all. So: first large, then small. The training in lesson 12 does that.
#
# </details>

# %%
from coursekit.widgets import DescentExplorer

DescentExplorer(learning_rate=0.02)

# %% [markdown]
# ### Optional: your own runs
#
# Three things to try. Write a guess down first, change **one** thing at a time, and run each with
# `seed=0` and `seed=1` before you believe it:
#
# 1. `lr=0.001`, then `lr=2`. Which is the timid one, and what does the bold one do?
# 2. `batch_size=8`, then `batch_size=256`, with the same learning rate. How many updates does each
#    make in an epoch? What does the larger one need?
# 3. `optimizer="adamw"` with `lr=0.001`: it gives each weight a step size of its own.
#
# <details>
# <summary>What you should see</summary>
#
# 1. 0.001 is timid: the loss has hardly fallen after three epochs. 2 is bold: it jumps about, or
#    ends near a guess.
# 2. 250 updates an epoch against 8. With the same rate the larger batch is far behind, since it
#    takes 32 times fewer steps; it stands a larger rate.
# 3. It learns well: Adam's steps have about the size of the rate, whatever the gradient's size, so
#    0.001 is a usual rate for it and a timid one for SGD.
#
# </details>

# %%
from coursekit.training import compare


def play(seed=0, **settings):  # **: all other named arguments, as a dictionary
    # `|` joins two dictionaries; where both have a key, the right one wins
    settings = {"lr": 0.1, "batch_size": 32, "optimizer": "sgd", "epochs": 3} | settings
    return fit(
        new_network(seed),
        (images[:2000], labels[:2000]),
        (test_images[:1000], test_labels[:1000]),
        precision="float32",
        seed=seed,
        **settings,
    )


compare({"lr 0.1": play(lr=0.1), "lr 0.01": play(lr=0.01)}, key="loss")

# %% [markdown]
# ### Optional: watch it
#
# A hook is something that `fit` calls after each update and each epoch. This one draws the curves
# while they grow, says how long the run will take, and has a button that stops it.
#
# 1. The thin grey line is the loss of single batches, the thick one the mean of each epoch. Why is
#    the thin one so rough?
# 2. Set `epochs=100`, run it, and press *Stop training*. Does the cell end with an error?
#
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. A batch is 32 pictures, some easy, some hard. An epoch's mean is over all 2,000.
# 2. No: `fit` ends after the batch and returns the history of the epochs that were completed. The
#    network keeps what it has learned.
#
# </details>

# %% tags=["nbval-ignore-output"] reason="Its curves differ from machine to machine."
from coursekit.widgets import TrainingMonitor

play(epochs=4, hooks=TrainingMonitor(), progress=False)

# %% [markdown]
# ### Optional: what the device changes
#
# A graphics processor (GPU) does thousands of multiplications at the same time. In a hand-written
# loop you would move the network and each batch there, `model.to("cuda")` and `images.to("cuda")`,
# and change nothing else. `fit` looks at your machine and does it for you. This is what it finds:

# %%
from coursekit.training import describe_device

describe_device()

# %% [markdown]
# What changes on another device? The speed. And the **last digits** of every number, because
# numbers in a computer have few digits, and sums in another order are rounded in other places:

# %%
large, one = np.float32(100_000_000), np.float32(1)
print("(100,000,000 + 1) - 100,000,000 =", (large + one) - large)
print("(100,000,000 - 100,000,000) + 1 =", (large - large) + one)

# %% [markdown]
# Training repeats such sums millions of times. So two machines, even with the same seed, end with
# different weights. What does *not* change: the loop, the shapes, the number of updates, and how
# good the network is, give or take what two seeds differ by. Some processors can even calculate
# with numbers of only 8 significant bits, about two to three decimal digits (**bfloat16**), twice
# as fast. Whether it hurts can be measured.

# %%
results = {}
for precision in ("float32", "bfloat16"):
    network = new_network()
    record = fit(
        network,
        (images[:1000], labels[:1000]),
        (test_images[:1000], test_labels[:1000]),
        epochs=1,
        batch_size=32,
        lr=0.03,
        optimizer="sgd",
        precision=precision,
        seed=0,
    ).records[-1]
    results[precision] = record["test_accuracy"]

# %% tags=["banded"]
difference = abs(results["float32"] - results["bfloat16"])
measured("difference of the two test accuracies", difference, at_most=0.06)

# %% [markdown]
# No more than two seeds differ in float32, on so few pictures: run both with `seed=1` and compare.

# %% [markdown]
# ### Optional: the matrix of a convolution
#
# > *"In $W a$, W is a matrix, so a convolution has a full matrix of weights to learn."*
#
# The formula holds for a convolution, too, but look at what W then is. Take a picture of 6 by 6
# with 3 channels and two filters of 3 by 3: out come two maps of 4 by 4.
# The cell below finds the true matrix W, column by column: it sends in a picture that is 1 in one
# place and 0 elsewhere, and writes down what comes out.

# %%
convolution = nn.Conv2d(3, 2, 3, bias=False)
single_ones = torch.eye(6 * 6 * 3).reshape(-1, 3, 6, 6)  # 108 pictures with a single 1
with torch.no_grad():
    matrix = convolution(single_ones).reshape(108, 32).T  # 32 rows, 108 columns
    picture = torch.rand(1, 3, 6, 6)
    assert torch.allclose(matrix @ picture.flatten(), convolution(picture).flatten(), atol=1e-5)

rows, columns = matrix.shape
print("entries of the matrix:        ", f"{matrix.numel():,} = {rows} x {columns}")
print("of these are 0:               ", f"{int((matrix == 0).sum()):,}")
print("different numbers among others:", len(matrix[matrix != 0].unique()))
print("weights that the layer learns:", convolution.weight.numel())

# %% tags=["fold"]
fig = Figure(figsize=(8.6, 2.9), layout="constrained")
axes = fig.subplots()
axes.imshow(matrix, cmap="PuOr", vmin=-0.2, vmax=0.2, interpolation="nearest")
axes.set_xlabel("108 inputs")
axes.set_ylabel("32 outputs")
figures.show(
    fig,
    alt="A matrix of 32 rows and 108 columns. Most of it is empty; the entries that are not zero "
    "form short diagonal stripes, and the same few values come back in every row of the upper "
    "half, and others in every row of the lower half.",
)

# %% [markdown]
# Three quarters of the matrix are 0, because each output looks at a small patch only. The rest
# repeats the same 54 numbers, because all outputs share them. (With biases: two more.) Writing $W
# a$ is right; *learning a full W* would be another, much larger layer.

# %% [markdown]
# ## A mistake people make
#
# > *"The loop runs and complains of nothing, so it is right."*
#
# The same loop, without `zero_grad`. Each step now uses the sum of *all* gradients so far.

# %%
predict(
    "11-forgotten",
    "After the same 250 updates: how many of 100 test pictures does that network name rightly?",
    options=[
        "about as many",
        "somewhat fewer",
        "hardly more than a guess",
        "it ends with an error",
    ],
)

# %%
forgetful = new_network()
optimizer = torch.optim.SGD(forgetful.parameters(), lr=0.1)
for epoch in (1, 2):
    for rows in epoch_order(len(images), seed=0, epoch=epoch).split(32):
        loss = loss_fn(forgetful(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()

# %% tags=["reveal"]
reveal(
    "11-forgotten",
    "hardly more than a guess",
    because="No error, no warning, and all that was learned is gone. The old gradients push on "
    "long after the loss has stopped falling that way, like a ball that rolls through the valley "
    "and up the other side.",
)

# %% tags=["banded"]
measured("share right without zero_grad", measure(forgetful), at_most=0.4)

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/11_training_loop.ipynb) you write the loop as a function that
# handles any model and any batches, and the measuring as another. The checker trains a small
# network of its own with them and knows what must come out.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "11-q1",
    "A network for 100 classes has a first loss of 4.6. What do you think?",
    [
        (
            "Fine: ln 100 is about 4.6.",
            True,
            "Yes. It gives each class about 1/100, as it should before it has learned anything.",
        ),
        ("A bug: it should be 2.3.", False, "2.3 is ln 10, for ten classes."),
        ("A bug: it should be 0.", False, "A loss of 0 would mean that it knows all answers."),
        (
            "Nothing: the first loss says nothing.",
            False,
            "It says whether the pixels, the weights and the labels have the right size.",
        ),
    ],
)

# %%
quiz(
    "11-q2",
    "Someone leaves out `optimizer.zero_grad()`. What happens?",
    [
        ("An error message.", False, "If only. Nothing complains."),
        (
            "Each step uses old gradients, too.",
            True,
            "Yes: backward adds. The steps grow larger and point to where the loss fell long ago.",
        ),
        (
            "The weights stay as they are.",
            False,
            "They move, and too far. They stay when `step` is missing.",
        ),
        (
            "Nothing, it only costs memory.",
            False,
            "The gradients are wrong from the second step on.",
        ),
    ],
)

# %%
quiz(
    "11-q4",
    "A picture's probabilities are 0.2, 0.7 and 0.1; the second class is right. What is the "
    "gradient of its loss by the three scores?",
    [
        ("0.2, 0.7, 0.1", False, "That is q. The truth has to be subtracted."),
        (
            "0.2, -0.3, 0.1",
            True,
            "Yes: q - p. The right score should grow, the others shrink; together they add up "
            "to 0.",
        ),
        ("-0.2, 0.3, -0.1", False, "That is p - q: following it would make the loss larger."),
        ("0, -0.3, 0", False, "The wrong classes have a say, too: their scores should shrink."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Forward, loss, zero the gradients, backward, step: five lines, again and again.
# 2. For softmax with cross-entropy the gradient by the scores is q - p; for a weight it is error
#    times input. `backward` finds it for any network. Check gradients by nudging.
# 3. Before anything else: is the first loss near ln C? Can it learn one batch by heart?
# 4. The learning rate matters most. Measure it.
# 5. Another device changes the speed and the last digits; never the loop.

# %% [markdown]
# ## Words
#
# - **Update**, **step**: one change of all weights. **Forward**, **backward**: from picture to
#   loss; from loss to gradient.
# - **Score**, **logit**: what the last layer gives, before softmax.
# - **Tensor**: PyTorch's array. **Autograd**: PyTorch's memory of what was calculated, from which
#   `backward` finds gradients.
# - **Optimizer**: what changes the weights, given their gradients. **SGD**: stochastic gradient
#   descent, the plain subtraction, batch by batch.
# - **Learning rate**: the factor in front of the gradient.
# - **Linear layer**: PyTorch's name for a dense, or fully connected, layer.
# - **Momentum**: a step that remembers the steps before it.
# - **Overfitting**: learning the training pictures by heart.
# - **bfloat16**: a short number format with 8 significant bits.

# %% [markdown]
# ## Further reading
#
# - H. Robbins and S. Monro, *A stochastic approximation method*, Annals of Mathematical Statistics,
#   1951: where stochastic gradient descent begins.
# - D. E. Rumelhart, G. E. Hinton and R. J. Williams, *Learning representations by back-propagating
#   errors*, Nature, 1986.
# - L. N. Smith, *Cyclical learning rates for training neural networks*, WACV, 2017: the learning
#   rate test.
# - C. Zhang and others, *Understanding deep learning requires rethinking generalization*, ICLR,
#   2017: networks that learn random labels by heart.
# - A. Paszke and others, *PyTorch: an imperative style, high-performance deep learning library*,
#   NeurIPS, 2019.
#
# The cross-entropy example is from deck 002 (*Cross-Entropy*), one layer in symbols (*Example of a
# layer*) and the types of layers from deck 004. **Next:** [12 LeNet-5](12_lenet.ipynb), the network
# that read millions of cheques, trained with your loop.

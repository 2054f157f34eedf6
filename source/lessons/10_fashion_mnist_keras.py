# ---
# jupyter:
#   coursekit:
#     lesson: "10"
#     title: "First CNN: Fashion-MNIST in Keras"
#     topics: [T058, T135, T147]
#     minutes: 60
#     datasets: [fashion_mnist]
# ---

# %% [markdown]
# # 10 · First CNN: Fashion-MNIST in Keras
#
# **How do the layers, put in a row, learn to name clothes?**
#
# After this lesson you can
#
# - build a complete convolutional network in a few lines of Keras,
# - calculate the shape and the number of weights after each layer, on paper, before Keras tells
#   you,
# - train it on real pictures and say honestly how good it is,
# - look at what it gets wrong, and say why.
#
# **Time:** about 60 minutes. **Before this:** lessons 04 to 09, up to [09 Softmax and
# cross-entropy](09_softmax_and_cross_entropy.ipynb). What is needed of them is said again here in a
# sentence each, with the lesson where it stands in full.

# %% [markdown]
# ## See it: 70,000 small pictures of clothes
#
# Fashion-MNIST is a set of 70,000 grey pictures of clothes, 28 by 28 pixels each, in ten classes,
# made by the research group of an online shop (H. Xiao and others, 2017). 60,000 are the training
# set, 10,000 the test set. The first time you run the next cell it downloads about 30 MB and keeps
# them for later.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.datasets import DatasetError, load, results

try:
    clothes = load("fashion_mnist")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with the drawn strokes instead; its claims are about clothes.")
    clothes = load("strokes")

(x_train, y_train), (x_test, y_test) = clothes
print(
    "training:",
    x_train.shape,
    " test:",
    x_test.shape,
    " smallest and largest value:",
    x_train.min(),
    x_train.max(),
)
print("classes: ", ", ".join(clothes.classes))

# %%
first_of_each = [int(np.argmax(y_train == k)) for k in range(10)]
figures.images(
    [(clothes.classes[k], x_train[i]) for k, i in enumerate(first_of_each)],
    columns=5,
    alt="Ten small grey pictures on black, one of each class, with its name above it.",
)

# %% [markdown]
# How would *you* write a program that tells a pullover from a coat? You would not. You would show
# it examples. Here is the machine that will learn from them, all in one picture:

# %% tags=["fold"]
from matplotlib.figure import Figure

stations = [
    ("picture", "28 x 28 x 1"),
    ("convolution\n+ ReLU", "? x ? x 32"),
    ("pooling", "? x ? x 32"),
    ("flattening", "?"),
    ("dense\n+ softmax", "10"),
]
fig = Figure(figsize=(8.4, 1.7))
axes = fig.subplots()
axes.set_axis_off()
axes.set_xlim(-0.5, 4.5)
axes.set_ylim(-0.75, 0.6)
for place, (name, shape) in enumerate(stations):
    axes.text(
        place,
        0,
        name,
        ha="center",
        va="center",
        fontsize=11,
        bbox={"boxstyle": "round,pad=0.5", "facecolor": "#E8F0F7", "edgecolor": "#0072B2"},
    )
    axes.text(place, -0.6, shape, ha="center", fontsize=10)
    if place:
        axes.annotate(
            "", (place - 0.40, 0), (place - 0.60, 0), arrowprops={"arrowstyle": "->", "lw": 1.5}
        )
figures.show(
    fig,
    alt="Five boxes joined by arrows: picture, 28 by 28 by 1; convolution with ReLU; pooling; "
    "flattening; dense with softmax, 10. The sizes in between are question marks.",
)

# %% [markdown]
# - **Convolution**: 32 kernels of 3 by 3 (Keras calls them *filters*) slide over the picture; each
#   writes its own map. *Same padding*, a ring of zeros around the picture, lets the maps keep its
#   size ([lesson 05](05_padding_and_stride.ipynb)); how many maps there are is up to you ([lesson
#   06](06_volumes_and_channels.ipynb)). **ReLU** sets negative values to 0.
# - **Pooling** keeps the largest value of each 2 by 2 block, so each map shrinks to half its height
#   and width (both: [lesson 08](08_relu_and_pooling.ipynb)).
# - **Flattening** writes all 32 maps into one list of numbers.
# - **Dense** (or *fully connected*) gives each class a score: it multiplies every number of the
#   list by a weight of its own, and adds up. **Softmax** turns the ten scores into ten
#   probabilities: all positive, adding up to 1, the largest score getting the largest share
#   ([lesson 09](09_softmax_and_cross_entropy.ipynb)). For example:

# %%
from coursekit.scratch import softmax

print("scores 1, 2, 4 become", softmax([1.0, 2.0, 4.0]).round(2))

# %% [markdown]
# Everything that is learned is a number: the weights in the kernels, the weights of the dense
# layer, and **biases**, numbers that are added to each sum. Together they are called the network's
# **parameters**.

# %% [markdown]
# ## Predict
#
# There are 32 kernels of 3 by 3 in the convolution, and a dense layer that connects every number of
# the flattened maps with each of ten classes. Do not calculate yet:

# %%
predict(
    "10-where",
    "Which share of all the parameters sits in the convolution?",
    options=["nearly all of them", "about half", "about a tenth", "less than one in a hundred"],
)

# %% [markdown]
# You will see the answer in a moment, when you have counted.
#
# ## By hand
#
# Take a pencil and fill in this table. Each kernel has 3 x 3 x 1 weights **and one bias**. Each of
# the ten classes has one weight for each number of the flattened list, and one bias, too.
#
# | layer | shape of what comes out | parameters |
# |---|---|---|
# | picture | 28 x 28 x 1 | none |
# | convolution, 32 kernels, same padding | 28 x 28 x ? | 32 x (? + 1) = ? |
# | pooling 2 x 2 | ? x ? x 32 | ? |
# | flattening | ? | ? |
# | dense, 10 units | 10 | 10 x (? + 1) = ? |
#
# Then let the cells check you.

# %% tags=["paper"]
from coursekit.scratch import conv_parameters, dense_parameters, output_size, pool_parameters

side = output_size(28, kernel_size=3, stride=1, padding=1)
pooled = output_size(side, kernel_size=2, stride=2)
flat = pooled * pooled * 32
in_convolution = conv_parameters(in_channels=1, out_channels=32, kernel_size=3)
in_dense = dense_parameters(in_features=flat, out_features=10)

print("convolution:", (side, side, 32), " parameters:", in_convolution)
print("pooling:    ", (pooled, pooled, 32), " parameters:", pool_parameters(2))
print("flattening: ", flat)
print("dense:      ", 10, " parameters:", f"{in_dense:,}")
print("all:        ", f"{in_convolution + in_dense:,}")

# %% tags=["reveal"]
share = in_convolution / (in_convolution + in_dense)
assert share < 0.01
reveal(
    "10-where",
    "less than one in a hundred",
    because=f"{in_convolution} of {in_convolution + in_dense:,}, or {100 * share:.1f} percent.",
)

# %% [markdown]
# ### Find the slip
#
# Somebody wants a deeper network and adds pooling after pooling: 28, 14, 7, ... Deck 001, *Relation
# between input size, feature map size, filter size*, prints a formula for the next size: take the
# width $W$, subtract the window's size $F$, add the zeros on both sides ($2P$), divide by the step
# $S$ of the window, and add 1:
#
# $$\frac{W - F + 2P}{S} + 1 = \frac{7 - 2 + 0}{2} + 1 = 3.5$$
#
# A map with three and a half rows?

# %%
predict(
    "10-half",
    "What do Keras and PyTorch make of a 7 by 7 map with 2 by 2 pooling?",
    options=["3 by 3", "3.5 by 3.5", "4 by 4", "an error"],
)

# %% tags=["reveal"]
import torch

from coursekit.scratch import output_size_unrounded

seven = np.zeros((1, 7, 7, 1), dtype="float32")
in_keras = keras.layers.MaxPooling2D(2)(seven).shape[1]
in_torch = torch.nn.MaxPool2d(2)(torch.zeros(1, 1, 7, 7)).shape[2]
assert in_keras == in_torch == output_size(7, kernel_size=2, stride=2) == 3
as_printed = output_size_unrounded(7, kernel_size=2, stride=2)
reveal(
    "10-half",
    "3 by 3",
    because=f"The formula as printed gives {as_printed}. Keras makes {in_keras} rows, and PyTorch "
    f"{in_torch}.",
)

# %% [markdown]
# The window that would hang over the edge is left out: the formula needs to be rounded *down*. That
# is the rule for convolution and for pooling in Keras and PyTorch, unless you tell them otherwise.
# (The pooling in lesson 00 kept its incomplete windows, and so rounded *up*: both exist, and lesson
# 08 compares them.)

# %% [markdown]
# ## In the framework
#
# The network of your table is yours to build, in the exercise. Here is a cousin of it in Keras, one
# line a station: **16** kernels of **5 by 5**, and no padding, so the maps are 24 by 24. In the
# shapes below, `None` stands for "any number of pictures at once". A *seed* fixes the random start,
# so that you get the same run twice.

# %%
keras.utils.set_random_seed(0)
model = keras.Sequential(  # `Sequential`: the layers one after the other
    [
        keras.Input((28, 28, 1)),  # height, width, channels: Keras puts the channels last
        keras.layers.Conv2D(16, kernel_size=5, activation="relu"),
        keras.layers.MaxPooling2D(pool_size=2),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
for layer in model.layers:
    print(f"{layer.__class__.__name__:13} {layer.output.shape!s:20} {layer.count_params():>7,}")

# %% [markdown]
# Check Keras with your own rules: 16 x (25 + 1) = 416, and 10 x (12 x 12 x 16 + 1) = 23,050.
#
# ### Optional: the same in NumPy
#
# What does Keras do to a picture? Nothing that you could not do. Here is the whole road in NumPy,
# with Keras's own random weights. Two conventions bite: Keras stores kernels as (height, width,
# channels, filters), and flattens with the channels last. `@` multiplies a list of numbers with a
# table of weights: one weighted sum for each column.

# %%
from coursekit.scratch import conv2d_volume, max_pool2d, relu

kernels, kernel_biases, dense_weights, dense_biases = model.get_weights()
maps = conv2d_volume(x_test[0][None] / 255, kernels.transpose(3, 2, 0, 1), kernel_biases)
maps = np.array([max_pool2d(one) for one in relu(maps)])
in_numpy = softmax(maps.transpose(1, 2, 0).flatten() @ dense_weights + dense_biases)

by_keras = model.predict(x_test[:1, :, :, None] / 255, verbose=0)[0]
assert np.abs(by_keras - in_numpy).max() < 1e-5
print("NumPy and Keras give the same ten probabilities, to 4 decimals")

# %% [markdown]
# ### Train
#
# Three things are left to say: *how wrong* an answer is (the **loss**: cross-entropy, which is
# small when the right class got a high probability), *how to improve* (the **optimizer**: Adam, a
# clever kind of lesson 04's gradient descent), and *what to report* (accuracy). Then `fit` shows
# the network all training pictures in batches of 32, five times over. Each pass is called an
# **epoch**.
#
# The labels are class numbers, 0 to 9, not lists of ten: Keras calls that *sparse*. We train on the
# first 5,000 pictures so that nobody waits long: ten to thirty seconds. Set `FULL = True` to train
# on all 60,000; that takes several minutes.

# %%
FULL = False
n = len(x_train) if FULL else 5000

inputs = x_train[:n, :, :, None].astype("float32") / 255  # 0 to 1: networks like small numbers
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(inputs, y_train[:n], batch_size=32, epochs=5, verbose=0).history
assert history["accuracy"][-1] > history["accuracy"][0] + 0.05
print("epochs trained:", len(history["loss"]))

# %%
figures.curves(
    {"accuracy on the training pictures": history["accuracy"]},
    ylabel="share right",
    alt="The accuracy on the training pictures rises with each epoch, steeply at first, then more "
    "slowly.",
)

# %% [markdown]
# ### How good is it, honestly?
#
# The network has seen its training pictures five times; to be right on those proves little. We ask
# it about 2,000 pictures it has **never seen**. Guessing blindly would be right in 1 of 10.

# %% tags=["banded"]
tests = x_test[:2000, :, :, None].astype("float32") / 255
truth = y_test[: len(tests)]
guesses = model.predict(tests, batch_size=500, verbose=0).argmax(axis=1)
accuracy = (guesses == truth).mean()
measured("test accuracy", accuracy, at_least=0.75)

# %% [markdown]
# (Run the cell: below the claim stands your own number. It differs a little from machine to
# machine, so this page keeps only the claim. With 5,000 training pictures about 14 to 16 of 100 new
# ones are named wrongly.)
#
# Now the network of your table, with **all 60,000** training pictures, twelve times as many.

# %%
predict(
    "10-more",
    "The network of your table, with twelve times as many training pictures: how many of 100 new "
    "pictures are still named wrongly?",
    options=["about 1", "about 5", "about 10", "about 15, as before"],
)

# %% tags=["reveal"]
table = results("10_fashion_mnist_keras")
last = [row for row in table if row["epoch"] == "5"]
wrong = [100 * (1 - float(row["test_accuracy"])) for row in last]
assert all(8 < w < 11 for w in wrong)
reveal(
    "10-more",
    "about 10",
    because=f"Three runs from three random starts left {wrong[0]:.1f}, {wrong[1]:.1f} and "
    f"{wrong[2]:.1f} of 100. Twelve times the pictures did not even halve the mistakes: those "
    "left are hard ones, as you will see.",
)
print("to repeat it, in a terminal:", table[0]["command"])

# %% [markdown]
# Three runs of the same network, three results. **A single accuracy is one draw of many**; whoever
# compares two networks by one run each compares the draws.

# %% [markdown]
# ### What does it get wrong?
#
# An accuracy is one number. A **confusion matrix** is a hundred: each row is a true class, each
# column an answer, and each cell counts pictures. Right answers lie on the diagonal. The share of a
# row that lies on the diagonal is the class's **recall**.

# %%
predict(
    "10-mixed", "Before you look: which two or three classes will be mixed up most?", kind="text"
)

# %% tags=["reveal", "banded"]
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (truth, guesses), 1)
reveal(
    "10-mixed",
    "the tops",
    because="Shirt, T-shirt/top, Pullover and Coat, as the matrix below shows.",
)

figures.confusion(
    confusion,
    clothes.classes,
    alt="A ten by ten table of counts, true classes in rows and answers in columns. Most counts "
    "lie on the diagonal. Larger counts beside it join shirts, T-shirts, pullovers and coats "
    "with each other; smaller ones join sandals, sneakers and ankle boots.",
)

names = list(clothes.classes)
if clothes.name == "fashion_mnist":
    mistakes = confusion - np.diag(confusion.diagonal())
    tops = [names.index(c) for c in ("T-shirt/top", "Pullover", "Coat", "Shirt")]
    shoes = [names.index(c) for c in ("Sandal", "Sneaker", "Ankle boot")]
    others = [k for k in range(10) if k not in shoes]
    among_tops = 100 * mistakes[np.ix_(tops, tops)].sum() / mistakes.sum()
    measured("of 100 mistakes among T-shirt, pullover, coat and shirt,", among_tops, at_least=40)
    no_shoe = mistakes[np.ix_(shoes, others)].sum()
    measured("shoes taken for anything but a shoe:", no_shoe, at_most=10)

# %% [markdown]
# The network takes hardly any shoe for anything but a shoe, and it mixes up the tops. Here are some
# pictures whose true class is *Shirt*, and that it took for something else:

# %%
mistaken = guesses != truth
if clothes.name == "fashion_mnist":
    mistaken &= truth == names.index("Shirt")
shown = np.flatnonzero(mistaken)[:10]
if len(shown):
    figures.images(
        [(f"says {names[guesses[i]]}", x_test[i]) for i in shown],
        columns=5,
        alt="Ten pictures of the class Shirt, each with the network's wrong answer above it. Many "
        "of them could pass for a T-shirt, a pullover or a coat.",
    )

# %% [markdown]
# At 28 by 28 pixels a shirt's collar and buttons are hard to make out. Some labels may be doubtful,
# too. The set's *data card* says more:

# %%
print(clothes.card.split("## Known problems")[1].split("##")[0].strip())

# %% [markdown]
# ### What did it learn?
#
# Here are maps of one picture after the convolution. Nobody told the 16 kernels what to look for.
# The upper three are those that follow the picture most closely, the lower three those that follow
# it least, of those that answer at all. Each is drawn on its own scale.

# %% tags=["banded"]
first_layer = keras.Model(model.inputs[0], model.layers[0].output)
boot = x_test[0]
maps = keras.ops.convert_to_numpy(first_layer(boot[None, :, :, None].astype("float32") / 255))[0]
alive = [k for k in range(16) if maps[:, :, k].max() > 0.05]
follows = {k: np.corrcoef(maps[:, :, k].ravel(), boot[2:26, 2:26].ravel())[0, 1] for k in alive}
order = sorted(alive, key=follows.get, reverse=True)
figures.images(
    [(f"map {k}", maps[:, :, k] / maps[:, :, k].max()) for k in [*order[:3], *order[-3:]]],
    columns=3,
    alt="Six feature maps of a boot. In the upper three the whole boot is bright; in the lower "
    "three only parts of it, or its surroundings.",
)
measured("correlation with the picture, closest map,", follows[order[0]], at_least=0.8)
measured("correlation with the picture, least close map,", follows[order[-1]], at_most=0.4)

# %% [markdown]
# (*Correlation* is 1 where a map is bright just where the picture is, 0 where the two have nothing
# to do with each other. Below 0 it is bright where the picture is dark.) Some kernels keep the
# whole shape, others answer to one side of it, to its outline or to the background, like the
# kernels of lesson 04. Those were chosen by hand, these the network found itself.

# %% [markdown]
# ## Play
#
# Here is a network to play with. Write your guess down first, and run each with two or three seeds
# before you believe the result (you have just seen how much runs differ).
#
# 1. Leave out the pooling layer. What happens to the number of parameters? And to the accuracy?
# 2. After the pooling put a second convolution, `keras.layers.Conv2D(32, 3, activation="relu")`,
#    and a second pooling. What happens to the number of parameters, and why?
# 3. Leave out `activation="relu"`. How much does the accuracy change? What would it do to ten
#    convolutions in a row?


# %% tags=["banded"]
def play(layers, seed=0):
    keras.utils.set_random_seed(seed)
    mine = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    mine.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    mine.fit(inputs[:2000], y_train[:2000], batch_size=32, epochs=3, verbose=0)
    print("parameters:", f"{mine.count_params():,}")
    answers = mine.predict(tests, batch_size=500, verbose=0).argmax(axis=1)
    measured("share right on test pictures", (answers == truth).mean())


play(
    [
        keras.layers.Conv2D(16, 5, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. It grows from 23,466 to 92,586: the dense layer now sees 24 x 24 x 16 numbers. After this short
#    training the accuracy may even rise a little; it costs four times as many weights.
# 2. It falls to 13,066: 416 + 4,640 + 8,010. A kernel of the second convolution looks at all 16
#    maps at once, which makes 32 x (3 x 3 x 16 + 1) = 4,640. The maps are 5 by 5 when they are
#    flattened, 800 numbers in place of 2,304, and that saves more than the second convolution
#    costs.
# 3. Not much here. But without ReLU a convolution only multiplies and adds, and ten of them in a
#    row are one larger convolution: nothing is gained by the depth.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"It is a convolutional network, so the weights sit in the convolutions. And pooling saves
# > weights."*
#
# You have counted: the convolution has 320 parameters, the dense layer 62,730. Convolution is cheap
# *because* it uses the same nine weights everywhere. And pooling? It has no weights of its own, so
# it has none to save. What it saves are weights **later on**:

# %%
without_pooling = dense_parameters(in_features=28 * 28 * 32, out_features=10)
print("in the convolution:                ", in_convolution)
print("in the pooling layer:              ", pool_parameters(2))
print("in the dense layer, with pooling:   ", f"{in_dense:,}")
print("in the dense layer, without pooling:", f"{without_pooling:,}")
assert without_pooling == 250_890

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/10_fashion_mnist_keras.ipynb) you build the network of your table.
# The checker looks at its shapes, counts its parameters, and sends pictures through it.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "10-q1",
    "A convolution has 8 kernels of 7 by 7 on a grey picture. How many parameters, with biases?",
    [
        ("392", False, "8 * 49 are the weights. Each kernel has one bias, too."),
        ("400", True, "Yes: 8 * (49 + 1)."),
        ("393", False, "That is one bias for the whole layer. Each kernel has one of its own."),
        (
            "It depends on the size of the picture.",
            False,
            "It does not: the same kernels slide over any picture. That is what makes convolution "
            "cheap.",
        ),
    ],
)

# %%
quiz(
    "10-q2",
    "Why do we measure accuracy on pictures that were not used in training?",
    [
        (
            "Because there are more of them, so chance averages out.",
            False,
            "There are fewer of them.",
        ),
        (
            "Because it may know the training pictures by heart.",
            True,
            "Yes. Only new pictures show whether it has learned something general.",
        ),
        (
            "Because the training pictures are harder than the others.",
            False,
            "They are of the same kind; the split was made at random.",
        ),
    ],
)

# %%
quiz(
    "10-q3",
    "A map of 9 by 9 goes through 2 by 2 max pooling in Keras. How large is it then?",
    [
        (
            "5 by 5",
            False,
            "That would keep the incomplete windows at the edge, as lesson 00's pooling does. "
            "Keras leaves them out.",
        ),
        ("4 by 4", True, "Yes: 9 / 2 = 4.5, rounded down."),
        ("4.5 by 4.5", False, "There are no half rows."),
        (
            "8 by 8",
            False,
            "That is pooling with stride 1. Keras moves by the window's own size unless told "
            "otherwise.",
        ),
    ],
)

# %%
quiz(
    "10-q4",
    "Two networks reach 0.897 and 0.903 on the test pictures, one run each. What do you conclude?",
    [
        (
            "The second is better: it makes fewer mistakes on the same pictures.",
            False,
            "In this run. The same network, started anew, moves by about as much.",
        ),
        (
            "Not much: another random start alone changes about as much.",
            True,
            "Yes. Repeat each with several seeds before you compare.",
        ),
        (
            "The first has a bug, or was trained for too few epochs.",
            False,
            "Both are good results.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Convolution, ReLU, pooling, flattening, dense, softmax: five lines of Keras.
# 2. Count shapes and parameters before you train; a surprise there is the cheapest bug to find.
# 3. 320 of 63,050 parameters sit in the convolution. Pooling has none, and saves them in the layer
#    after it.
# 4. Accuracy counts on new pictures only, and differs from run to run.
# 5. Look at the mistakes: a confusion matrix says more than one number, and the pictures say more
#    than the matrix.

# %% [markdown]
# ## Words
#
# - **Loss**: how wrong the answers are, as one number. **Optimizer**: the rule that changes the
#   weights to make the loss smaller.
# - **Batch**: the pictures shown before each change of the weights. **Epoch**: one pass over all
#   training pictures.
# - **Accuracy**: the share of right answers. **Recall** of a class: the share of its pictures that
#   were recognised.
# - **Confusion matrix**: how often each true class got each answer.
# - **Training set**, **test set**: pictures to learn from; pictures to be judged on.
# - **Parameter**: a number that is learned, a weight or a bias. **Bias**: a number that is added to
#   a weighted sum.

# %% [markdown]
# ## Further reading
#
# - H. Xiao, K. Rasul and R. Vollgraf, *Fashion-MNIST: a novel image dataset for benchmarking
#   machine learning algorithms*, arXiv, 2017.
# - D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR, 2015.
# - F. Chollet, *Deep Learning with Python*, Manning, 2nd edition 2021, chapter 8.
#
# The overview picture is from deck 001, *CNN at a glance* (which takes it from CS 898 of the
# University of Waterloo), the Keras project from deck 004. **Next:** [11 The training
# loop](11_training_loop.ipynb), where you write what happens inside `fit`.

# ---
# jupyter:
#   coursekit:
#     lesson: "10"
#     title: "Exercise: first CNN in Keras"
#     minutes: 30
#     datasets: [fashion_mnist]
# ---

# %% [markdown]
# # 10 · Exercise: first CNN in Keras
#
# You will build the network whose table you filled in in the lesson, `build_model`, let the checker
# look at it, and train it. `check(...)` tells you what is wrong with its structure, or with what it
# computes. If you are stuck, make a new cell with `hint("build_model")`: there are three hints.
#
# Lesson: [10 First CNN: Fashion-MNIST in Keras](../lessons/10_fashion_mnist_keras.ipynb). Points:
# 6.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

from coursekit import check, figures, hint, measured

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# Count before you build, this time for a network with **8** filters of **7 by 7** (same padding), 2
# by 2 pooling, flattening, and a dense layer with 10 units. Replace the three `None`, then run the
# cell, and the folded one below it, which tells you which are right.

# %%
in_convolution = 8 * (7 * 7 * 1 + 1)  # 8 filters, each with 49 weights and a bias: 400
### solution
side_after_pooling = 14  # half of 28
numbers_after_flattening = 14 * 14 * 8
in_dense = 10 * (numbers_after_flattening + 1)
### stub
side_after_pooling = None
numbers_after_flattening = None
in_dense = None
### end

# %% tags=["fold"]
right = {"side_after_pooling": 14, "numbers_after_flattening": 1568, "in_dense": 15690}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {mine:,}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `build_model`
#
# The stations, in this order:
#
# 1. an input of 28 by 28 pixels with one channel: `keras.Input((28, 28, 1))`
# 2. a convolution with 32 filters of 3 by 3, *same* padding, ReLU
# 3. max pooling, 2 by 2
# 4. flattening
# 5. a dense layer with 10 units and softmax
#
# Return the model **uncompiled**: `compile` comes later.


# %%
def build_model():
    """The first CNN: (28, 28, 1) -> 10 probabilities. Returns an uncompiled keras.Model."""
    ### solution
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### stub
    stations = [
        keras.Input((28, 28, 1)),
        # four more lines, each like keras.layers.Something(...),
    ]
    raise NotImplementedError  # delete this line when you are done
    return keras.Sequential(stations)
    ### end


# %%
check("build_model", build_model)

# %% [markdown]
# ## 3 · Use it: train your own network
#
# The cell waits until your model is right. It trains on 3,000 pictures, three times over, and shows
# what it thinks of ten new ones.

# %% tags=["banded"]
from coursekit.datasets import DatasetError, load

result = check("build_model", build_model)
if result.passed:
    try:
        clothes = load("fashion_mnist")
    except DatasetError as problem:
        print(problem)
        clothes = load("strokes")
    (x_train, y_train), (x_test, y_test) = clothes
    keras.utils.set_random_seed(1)
    model = build_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train[:3000, :, :, None] / 255, y_train[:3000], epochs=3, verbose=0)
    guesses = model.predict(x_test[:500, :, :, None] / 255, verbose=0).argmax(axis=1)
    share = (guesses == y_test[:500]).mean()
    measured("share right on new pictures", share, at_least=0.65)
    names = clothes.classes
    figures.images(
        [(f"{names[y_test[i]]}: says {names[guesses[i]]}", x_test[i]) for i in range(10)],
        columns=5,
        alt="Ten test pictures, each with its true class and your network's answer above it.",
    )
else:
    print("training waits until build_model passes its check")

# %% [markdown]
# ## 4 · To think about (no points)
#
# With `padding="valid"` instead of `"same"`, how many parameters would the network have? Count
# first, then let Keras count.
#
# <details>
# <summary>Answer (after you have counted)</summary>
#
# The maps are 26 by 26, pooled 13 by 13: 320 + 10 x (13 x 13 x 32 + 1) = 54,410.
#
# </details>

# %% tags=["solution"]
print("by hand:", 320 + 10 * (13 * 13 * 32 + 1))
valid = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
print("Keras:  ", valid.count_params())

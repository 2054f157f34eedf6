"""The full run of lesson 10: one convolution, one pooling, one dense layer, in Keras."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets import Dataset
from coursekit.runs.run_tables import Row, measured

BATCH_SIZE = 32


def build_model() -> Any:
    """Make the network of lesson 10: one convolution, one pooling, one dense layer.

    Returns
    -------
    keras.Model
        Uncompiled, (28, 28, 1) -> 10 probabilities, 63,050 parameters.

    Examples
    --------
    >>> build_model().count_params()
    63050
    """
    keras = _keras()
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train(data: Dataset, *, seed: int, epochs: int) -> list[Row]:
    """Train the model from one seed and measure it on the test images after each epoch.

    Parameters
    ----------
    data
        Grey images of 28 by 28 in ten classes.
    seed
        Fixes the first weights and the order of the images.
    epochs
        Passes over the training images, at least 1.

    Returns
    -------
    list of dict
        For each epoch: seed, epoch, losses and accuracies, the recall of each class, and the two
        classes that are mixed up most.

    Raises
    ------
    ValueError
        When `epochs` is below 1.
    """
    if epochs < 1:
        raise ValueError(f"epochs: found {epochs}; expected at least 1.")
    from sklearn.metrics import confusion_matrix

    keras = _keras()
    keras.utils.set_random_seed(seed)
    model = build_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    (x_train, y_train), (x_test, y_test) = data
    inputs, tests = _scaled(x_train), _scaled(x_test)
    rows = []
    for epoch in range(1, epochs + 1):
        past = model.fit(inputs, y_train, batch_size=BATCH_SIZE, epochs=1, verbose=0).history
        predicted = model.predict(tests, batch_size=500, verbose=0).argmax(axis=1)
        rows.append(
            measured(
                data,
                confusion_matrix(y_test, predicted, labels=range(len(data.classes))),
                seed=seed,
                epoch=epoch,
                batch_size=BATCH_SIZE,
                parameters=model.count_params(),
                loss=past["loss"][0],
                accuracy=past["accuracy"][0],
            )
        )
    return rows


def device() -> str:
    """Say where Keras, with torch behind it, trains on this machine."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _keras() -> Any:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    return keras


def _scaled(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = images.astype(np.float32)[..., None] / np.float32(255)
    return scaled

"""The full run of lesson 10: one convolution, one pooling, one dense layer, in Keras."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.course.run_tables import Row, confusion_counts, mixed_up_most, recalls
from coursekit.datasets import Dataset

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
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train(data: Dataset, *, seed: int, epochs: int, batch_size: int = BATCH_SIZE) -> list[Row]:
    """Train the model from one seed and measure it on the test images after each epoch.

    Parameters
    ----------
    data
        Grey images of 28 by 28 in ten classes.
    seed
        Fixes the first weights and the order of the images.
    epochs
        Passes over the training images, at least 1.
    batch_size
        Images in a step.

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
    model = _seeded_model(seed)
    (x_train, y_train), (x_test, y_test) = data
    inputs, tests = _scaled(x_train), _scaled(x_test)
    rows = []
    for epoch in range(1, epochs + 1):
        past = model.fit(inputs, y_train, batch_size=batch_size, epochs=1, verbose=0).history
        predicted = model.predict(tests, batch_size=500, verbose=0).argmax(axis=1)
        counts = confusion_counts(y_test, predicted, len(data.classes))
        rows.append(
            {
                "seed": seed,
                "epoch": epoch,
                "batch_size": batch_size,
                "train_images": len(x_train),
                "test_images": len(x_test),
                "parameters": model.count_params(),
                "train_loss": f"{past['loss'][0]:.4f}",
                "train_accuracy": f"{past['accuracy'][0]:.4f}",
                "test_accuracy": f"{counts.trace() / counts.sum():.4f}",
                **recalls(counts, data.classes),
                "mixed_up_most": mixed_up_most(counts, data.classes),
            }
        )
    return rows


def _seeded_model(seed: int) -> Any:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    keras.utils.set_random_seed(seed)
    model = build_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _scaled(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = images.astype(np.float32)[..., None] / np.float32(255)
    return scaled

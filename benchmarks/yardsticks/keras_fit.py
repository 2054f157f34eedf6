"""Keras's `fit`, as "Simple MNIST convnet" calls it, on the torch backend.

https://keras.io/examples/vision/mnist_convnet/ (compile with Adam and accuracy, fit with batches
of 128). The images are float32, channels last, as there; the ResNet is trained without
augmentation, which the example has none of: that favours Keras.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from setups import BATCH, LR, Setup
from side_by_side import now

from coursekit.models import lenet5_keras


def keras_fit(setup: Setup) -> Callable[[], float]:
    """Train with Keras's own loop."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    keras.utils.set_random_seed(0)
    grey = setup.images.ndim == 3
    model = lenet5_keras() if grey else resnet8_keras()
    images = (setup.images[..., None] if grey else setup.images).astype("float32") / 255
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(LR),
        metrics=["accuracy"],
    )

    class Epoch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.start = now()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.seconds = now() - self.start

    def run() -> float:
        epoch = Epoch()
        model.fit(images, setup.labels, batch_size=BATCH, epochs=1, verbose=0, callbacks=[epoch])
        return float(epoch.seconds)

    return run


def resnet8_keras() -> Any:
    """Build the ResNet of `coursekit.models.resnet8` in Keras: (N, 32, 32, 3) -> (N, 10)."""
    import keras

    layers = keras.layers

    def convolved(x: Any, filters: int, size: int, stride: int) -> Any:
        x = layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(x)
        return layers.BatchNormalization()(x)

    def block(x: Any, filters: int, stride: int) -> Any:
        shortcut = x if stride == 1 else convolved(x, filters, 1, stride)
        residual = layers.ReLU()(convolved(x, filters, 3, stride))
        residual = convolved(residual, filters, 3, 1)
        return layers.ReLU()(layers.Add()([shortcut, residual]))

    inputs = keras.Input((32, 32, 3))
    x = layers.ReLU()(convolved(inputs, 16, 3, 1))
    for filters, stride in ((16, 1), (32, 2), (64, 2)):
        x = block(x, filters, stride)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10)(x))

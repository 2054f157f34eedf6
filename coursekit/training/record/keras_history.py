"""A Keras run with the history, the pictures and the report of this course."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from coursekit.training.record.history import History

# What Keras calls the share of right answers, depending on how the model was compiled.
_ACCURACIES = (
    "accuracy",
    "acc",
    "sparse_categorical_accuracy",
    "categorical_accuracy",
    "binary_accuracy",
)
_NO_METRICS = ("lr", "learning_rate")


def keras_history(
    test: Any = None, *, batch_size: int | None = None, test_batch_size: int = 256
) -> Any:
    """Make a callback for Keras's own `fit` that keeps a `History`.

    Its records have the keys of `coursekit.training.fit`: accuracy under whatever name Keras has
    for it, validation where `model.fit` was given some, the test set, the learning rate, the
    seconds of training and images a second, evaluation left out of both. Evaluating the test set
    changes nothing about the run: it draws no random number and moves no weight.

    Parameters
    ----------
    test
        ``(images, labels)``, or whatever else `model.evaluate` takes. It is only reported.
    batch_size
        The batch that `model.fit` is called with, for the record; Keras does not tell.
    test_batch_size
        The batch for evaluating ``(images, labels)``.

    Returns
    -------
    keras.callbacks.Callback
        With `.history`, a `History`; it begins anew with every call of `model.fit`. Put it
        before callbacks that change weights, such as EarlyStopping.

    Raises
    ------
    ValueError
        When `batch_size` or `test_batch_size` is no positive whole number.

    Notes
    -----
    Where another callback puts the best weights back, the records do not know it: `report` speaks
    of the last epoch.

    Examples
    --------
    After ``record = keras_history(test=(x_test, y_test))``, call
    ``model.fit(x, y, callbacks=[record])``, then ``record.history.plot()``.

    >>> keras_history(batch_size=0)
    Traceback (most recent call last):
    ...
    ValueError: batch_size: found 0; expected a whole number from 1. Write batch_size=128.
    """
    for name, value in (("batch_size", batch_size), ("test_batch_size", test_batch_size)):
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ValueError(
                f"{name}: found {value!r}; expected a whole number from 1. Write {name}=128."
            )
    import keras

    class KerasHistory(keras.callbacks.Callback):  # type: ignore[misc]
        """Keeps a History of a Keras run."""

        def __init__(self) -> None:
            super().__init__()
            self.history = History()
            self._clock = _Clock()

        def on_train_begin(self, logs: Any = None) -> None:
            """Begin a history."""
            self.history = History(_settings(keras, self.model, self.params))
            self.history.config["batch_size"] = batch_size
            self.history.config["test_examples"] = _examples(test)

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            """Start the clock."""
            self._clock.start()

        def on_test_begin(self, logs: Any = None) -> None:
            """Stop the clock before Keras evaluates the validation set."""
            self._clock.stop(lambda: _seen(self.model))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            """Evaluate the test set and add the record."""
            self._clock.stop(lambda: _seen(self.model))
            record = {"epoch": int(epoch) + 1} | _named(logs or {}, "")
            record["lr"] = _rate(keras, self.model)
            record["seconds"] = self._clock.seconds
            images = self._clock.images
            if images and self._clock.seconds > 0:
                record["images_per_second"] = images / self._clock.seconds
                self.history.config["examples"] = images
            if test is not None:
                found = _evaluated(self.model, test, test_batch_size)
                record |= _named(found, "test_")
            self.history.add(record)

        def on_train_end(self, logs: Any = None) -> None:
            """Say whether it ended early."""
            planned = self.params.get("epochs") or 0
            done = self.history.records[-1]["epoch"] if self.history.records else 0
            if done < planned:
                self.history.stopped = f"Keras stopped after epoch {done} of {planned}."

    return KerasHistory()


class _Clock:
    """Measures the training part of an epoch, and keeps how many images it saw."""

    def __init__(self) -> None:
        self.seconds, self.images = 0.0, 0
        self._since: float | None = None

    def start(self) -> None:
        self.seconds, self.images = 0.0, 0
        self._since = perf_counter()

    def stop(self, images: Callable[[], int]) -> None:
        """Stop once an epoch: a second call finds it stopped."""
        if self._since is not None:
            self.images = images()  # reading it waits for the device, so the clock is right
            self.seconds = perf_counter() - self._since
            self._since = None


def _named(logs: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Give Keras's results the names of this course; `prefix` stands before all of them."""
    parts: dict[str, dict[str, float]] = {"": {}, "val_": {}}
    for name, value in logs.items():
        if name not in _NO_METRICS:
            part = "val_" if name.startswith("val_") else ""
            parts[part][name.removeprefix(part)] = float(value)
    record: dict[str, Any] = {}
    for part, ours in (("", prefix), ("val_", "validation_")):
        accuracy = _accuracy_of(parts[part])
        for name, value in parts[part].items():
            record[ours + ("accuracy" if name == accuracy else name)] = value
    return record


def _accuracy_of(names: Mapping[str, Any]) -> str | None:
    """Find the name of the accuracy: one of the usual ones, or one that ends like them.

    A model with several outputs puts the output's name before it; then the first counts.
    """
    for usual in _ACCURACIES:
        if usual in names:
            return usual
    likely = [n for n in names if n.endswith(("accuracy", "_acc")) and "top_k" not in n]
    return likely[0] if likely else None


def _evaluated(model: Any, test: Any, batch_size: int) -> Mapping[str, Any]:
    """Evaluate as Keras does, and put every random state back as it was."""
    from coursekit.training.keeping.randomness import generators_kept

    with generators_kept():
        if isinstance(test, tuple | list):
            found = model.evaluate(*test, batch_size=batch_size, verbose=0, return_dict=True)
        else:
            found = model.evaluate(test, verbose=0, return_dict=True)
    return dict(found)


def _seen(model: Any) -> int:
    """Count the images of this epoch: the weight of Keras's running mean of the loss."""
    tracker = getattr(model, "_loss_tracker", None)
    count = getattr(tracker, "count", None)
    return 0 if count is None else round(float(count))


def _rate(keras: Any, model: Any) -> float | None:
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def _settings(keras: Any, model: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    optimizer, loss = model.optimizer, getattr(model, "loss", None)
    settings = optimizer.get_config() if optimizer is not None else {}
    return {
        "model": type(model).__name__,
        "parameters": int(model.count_params()) if model.built else None,
        "examples": None,
        "validation_examples": None,
        "test_examples": None,
        "epochs": params.get("epochs"),
        "steps": params.get("steps"),
        "batch_size": None,
        "lr": _rate(keras, model),
        "optimizer": settings.get("name"),
        "weight_decay": settings.get("weight_decay"),
        "loss": loss if isinstance(loss, str) else getattr(loss, "name", None),
        "precision": keras.config.dtype_policy().name,
        "processes": 1,
        "framework": "keras",
        "versions": {
            "python": platform.python_version(),
            "keras": keras.__version__,
            keras.backend.backend(): _backend_version(keras),
        },
    }


def _backend_version(keras: Any) -> str:
    import importlib

    module = importlib.import_module(keras.backend.backend())
    return str(getattr(module, "__version__", "unknown"))


def _examples(test: Any) -> int | None:
    first: Any = test[0] if isinstance(test, tuple | list) and test else None
    return len(first) if hasattr(first, "__len__") else None

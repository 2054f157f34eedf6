"""What a classifier gets right and wrong: numbers, pictures, claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from coursekit.training.measuring.calibration import Calibration, calibration
from coursekit.training.measuring.mistakes import show_mistakes
from coursekit.training.record.report import claim, finite, share

_MOST_CLASSES = 20


class Evaluation:
    """Answers to images whose classes are known. `evaluate` makes one; so can you.

    Parameters
    ----------
    probabilities
        (N, K): for each image the probabilities of the K classes, such as a Keras model with
        softmax predicts.
    labels
        (N,) true classes, 0 to K - 1.
    classes
        The K names; the numbers unless given.
    images
        The images by their numbers, in an array or a dict; only `mistakes` looks at them.
    loss
        Mean cross-entropy, if it is known more exactly than from the probabilities.
    name
        What the images are called in reports.

    Attributes
    ----------
    predictions
        (N,) the class with the largest probability, the first of equals.
    confidence
        (N,) its probability.
    accuracy
        Share of images whose prediction is the label.
    confusion
        (K, K) counts: true classes in rows, predicted ones in columns.
    recall
        For each class the share of its images that were recognised; NaN for one without images.
    wrong
        Numbers of the images whose prediction is wrong, the surest first.
    calibration
        Confidence beside the share right, in 15 bins; `calibration.error` is the expected
        calibration error.

    Examples
    --------
    >>> found = Evaluation([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1], classes=["cat", "dog"])
    >>> found.confusion.tolist()
    [[1, 0], [1, 1]]
    >>> found.recall
    {'cat': 1.0, 'dog': 0.5}
    >>> found.report(min_accuracy=0.6)
    test accuracy at least 0.60: yes
    """

    def __init__(
        self,
        probabilities: npt.ArrayLike,
        labels: npt.ArrayLike,
        *,
        classes: Sequence[str] | None = None,
        images: Mapping[int, npt.NDArray[Any]] | npt.NDArray[Any] | None = None,
        loss: float | None = None,
        name: str = "test",
    ) -> None:
        self.probabilities = np.asarray(probabilities)
        self.labels = np.asarray(labels)
        rows, count = _shape(self.probabilities, self.labels)
        self.classes = class_names(classes, count)
        self.images = images
        self.name = name
        self.predictions = self.probabilities.argmax(axis=1)
        self.confidence = self.probabilities[np.arange(rows), self.predictions]
        self.accuracy = float((self.predictions == self.labels).mean())
        self.loss = self._loss() if loss is None else loss
        self.confusion = np.zeros((count, count), dtype=np.int64)
        np.add.at(self.confusion, (self.labels, self.predictions), 1)

    @property
    def recall(self) -> dict[str, float]:
        """For each class the share of its images that were recognised."""
        with np.errstate(invalid="ignore"):
            shares = self.confusion.diagonal() / self.confusion.sum(axis=1)
        return dict(zip(self.classes, shares.tolist(), strict=True))

    @cached_property
    def calibration(self) -> Calibration:
        """Confidence beside the share right."""
        return calibration(self.confidence, self.predictions == self.labels)

    @cached_property
    def wrong(self) -> npt.NDArray[np.int64]:
        """Numbers of the images whose prediction is wrong, the surest first."""
        places = np.flatnonzero(self.predictions != self.labels)
        return places[np.argsort(-np.nan_to_num(self.confidence[places]), kind="stable")]

    def mistakes(
        self, n: int = 10, *, of: str | None = None, taken_for: str | None = None, alt: str = ""
    ) -> None:
        """Show the mistakes that the network was surest of, as pictures.

        Parameters
        ----------
        n
            How many, at most.
        of, taken_for
            Only images of this class; only images taken for that one.
        alt
            A sentence that says what is to be seen; a general one unless given.

        Raises
        ------
        ValueError
            When `n` is less than 1, a class is unknown, or there are no images to show.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise ValueError(f"n: found {n!r}; expected a whole number of at least 1. Write n=10.")
        if self.images is None:
            raise ValueError(
                "images: found none; expected those that the probabilities belong to. "
                "Write Evaluation(..., images=x_test)."
            )
        wanted = self.wrong
        if of is not None:
            wanted = wanted[self.labels[wanted] == self._number("of", of)]
        if taken_for is not None:
            wanted = wanted[self.predictions[wanted] == self._number("taken_for", taken_for)]
        kept = isinstance(self.images, Mapping)
        there = [i for i in wanted.tolist() if not kept or i in self.images][:n]
        show_mistakes(
            [
                (
                    self.classes[self.predictions[i]],
                    self.classes[self.labels[i]],
                    float(np.nan_to_num(self.confidence[i])),
                    self.images[i],
                )
                for i in there
            ],
            alt=alt,
        )

    def plot_confusion(self, *, alt: str = "") -> None:
        """Show the confusion matrix; of more than 20 classes those in most mistakes.

        Parameters
        ----------
        alt
            A sentence that says what is to be seen; a general one unless given.
        """
        from coursekit import figures

        mistaken = self.confusion - np.diag(self.confusion.diagonal())
        most = np.argsort(-(mistaken.sum(axis=0) + mistaken.sum(axis=1)), kind="stable")
        chosen = np.sort(most[:_MOST_CLASSES])
        left_out = len(self.classes) - len(chosen)
        figures.confusion(
            self.confusion[np.ix_(chosen, chosen)],
            [self.classes[i] for i in chosen],
            alt=alt
            or f"Counts of images: true classes in {len(chosen)} rows, predicted classes in as "
            "many columns, right answers on the diagonal."
            + (f" {left_out} classes with fewer mistakes are left out." if left_out else ""),
        )

    def plot_calibration(self, *, alt: str = "") -> None:
        """Show how often the network is right where it says that it is so and so sure."""
        self.calibration.plot(alt=alt)

    def report(
        self,
        *,
        min_accuracy: float | None = None,
        max_loss: float | None = None,
        min_recall: float | None = None,
        max_calibration_error: float | None = None,
    ) -> None:
        """Print which claims hold; without any, the exact facts, which are the same in every run.

        Parameters
        ----------
        min_accuracy, max_loss
            Bounds for the accuracy and the mean cross-entropy.
        min_recall
            A bound for the recall of every class that has images.
        max_calibration_error
            A bound for the expected calibration error.

        Raises
        ------
        ValueError
            When a bound is no number, or a share is not between 0 and 1.
        """
        lines = []
        if min_accuracy is not None:
            bound = share("min_accuracy", min_accuracy)
            lines.append(claim(f"{self.name} accuracy", self.accuracy, bound, True))
        if max_loss is not None:
            lines.append(claim(f"{self.name} loss", self.loss, finite("max_loss", max_loss), False))
        if min_recall is not None:
            worst = np.nanmin(list(self.recall.values()))
            bound = share("min_recall", min_recall)
            lines.append(claim("recall of every class", float(worst), bound, True))
        if max_calibration_error is not None:
            bound = share("max_calibration_error", max_calibration_error)
            lines.append(claim("calibration error", self.calibration.error, bound, False))
        print("\n".join(lines or self._facts()))

    def _facts(self) -> list[str]:
        per_class = self.confusion.sum(axis=1)
        low, high = int(per_class.min()), int(per_class.max())
        each = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        return [
            f"{self.name} images: {len(self.labels):,}",
            f"classes: {len(self.classes)}, with {each} images each",
        ]

    def __repr__(self) -> str:
        return (
            f"{len(self.labels):,} {self.name} images in {len(self.classes)} classes: "
            f"accuracy {self.accuracy:.4f}, loss {self.loss:.4f}, "
            f"calibration error {self.calibration.error:.4f}"
        )

    def _loss(self) -> float:
        right = self.probabilities[np.arange(len(self.labels)), self.labels].astype(np.float64)
        tiny = np.finfo(np.float32).tiny
        return float(-np.log(np.maximum(right, tiny)).mean())

    def _number(self, argument: str, name: str) -> int:
        if name not in self.classes:
            raise ValueError(
                f"{argument}: found {name!r}; expected one of {', '.join(self.classes)}."
            )
        return self.classes.index(name)


def class_names(classes: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """Return the names of the classes, which are their numbers unless given.

    Raises
    ------
    ValueError
        When there are more or fewer names than classes.

    Examples
    --------
    >>> class_names(None, 3)
    ('0', '1', '2')
    """
    if classes is None:
        return tuple(map(str, range(count)))
    names = (classes,) if isinstance(classes, str) else tuple(map(str, classes))
    if len(names) != count:
        raise ValueError(
            f"classes: found {len(names)} names; expected {count}, one for each output of the "
            "model. Leave classes out to see the numbers."
        )
    return names


def _shape(probabilities: npt.NDArray[Any], labels: npt.NDArray[Any]) -> tuple[int, int]:
    if probabilities.ndim != 2 or 0 in probabilities.shape:
        raise ValueError(
            f"probabilities: found shape {probabilities.shape}; expected (N, K), one row for each "
            "image and one column for each class."
        )
    rows, count = probabilities.shape
    if labels.shape != (rows,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels: found shape {labels.shape} of {labels.dtype}; expected {rows} whole numbers, "
            "one for each row of the probabilities."
        )
    if labels.min() < 0 or labels.max() >= count:
        raise ValueError(
            f"labels: found {labels.min()} to {labels.max()}; expected 0 to {count - 1}, since "
            f"there are {count} classes. Count classes from 0, or give the model more outputs."
        )
    return rows, count

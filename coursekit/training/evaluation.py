"""What a classifier gets right and wrong: numbers, pictures, claims."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from coursekit.training.chance import kept_random_state
from coursekit.training.data import Batches
from coursekit.training.device import choose_device
from coursekit.training.errors import ArgumentError
from coursekit.training.forward_errors import explain
from coursekit.training.history import claim, share
from coursekit.training.modes import evaluating

_BINS = 15
_MOST_CLASSES = 20
_KEPT = 1000  # images of wrong answers that are kept for pictures


@torch.no_grad()
def evaluate(
    model: nn.Module,
    data: Any,
    *,
    classes: Sequence[str] | None = None,
    device: str | torch.device | None = None,
) -> Evaluation:
    """Show a classifier every image of a set once and say what it gets right and wrong.

    The model is put in evaluation mode and back; no gradients are kept, nothing random is drawn.

    Parameters
    ----------
    model, data
        A module that gives logits, (N, classes), and a set as `fit` takes it, in stored order.
    classes
        Names of the classes; their numbers unless given.
    device
        Where the model is, unless given.

    Examples
    --------
    >>> from coursekit.datasets import load
    >>> test = load("strokes").test
    >>> found = evaluate(nn.Sequential(nn.Flatten(), nn.Linear(test[0][0].size, 10)), test)
    >>> int(found.confusion.sum()) == len(test[1])
    True
    """
    home = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    there = home if device is None else choose_device(device)
    batches = Batches(data, "test", 500, there)
    total, seen = 0.0, 0
    rows, answers = [], []
    images: dict[int, Any] = {}
    model.to(there)
    with evaluating(model), kept_random_state(getattr(batches, "loader", None)):
        for inputs, labels in batches.epoch(1):
            try:
                scores = model(inputs)
            except Exception as error:  # whatever a student's model raises is to be explained
                raise ArgumentError(str(explain(error, model, inputs))) from None
            if scores.ndim != 2 or int(labels.max()) >= scores.shape[1] or int(labels.min()) < 0:
                raise ArgumentError(
                    f"test labels: found {int(labels.min())} to {int(labels.max())}, and the model "
                    f"gives shape {tuple(scores.shape)}; expected one score for each class. "
                    "Fix: count classes from 0, or give the last layer more outputs"
                )
            total += float(cross_entropy(scores.float(), labels, reduction="sum"))
            rows.append(scores.float().softmax(dim=1).cpu().numpy())
            answers.append(labels.cpu().numpy())
            for place in np.flatnonzero(rows[-1].argmax(axis=1) != answers[-1]).tolist():
                if len(images) < _KEPT:
                    images[seen + place] = inputs[place].float().cpu().numpy()
            seen += len(labels)
    model.to(home)
    probabilities, truth = np.concatenate(rows), np.concatenate(answers)
    found = Evaluation(probabilities, truth, classes=classes, images=images)
    found.loss = total / seen
    return found


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

    Examples
    --------
    >>> found = Evaluation([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1], classes=["cat", "dog"])
    >>> found.confusion.tolist()   # true classes in rows, predicted ones in columns
    [[1, 0], [1, 1]]
    >>> found.recall
    {'cat': 1.0, 'dog': 0.5}
    """

    def __init__(
        self,
        probabilities: Any,
        labels: Any,
        *,
        classes: Sequence[str] | None = None,
        images: Any = None,
    ) -> None:
        self.probabilities, self.labels = np.asarray(probabilities), np.asarray(labels)
        rows, count = self.probabilities.shape
        self.classes = tuple(map(str, range(count) if classes is None else classes))
        if self.labels.shape != (rows,) or len(self.classes) != count:
            raise ArgumentError(
                f"probabilities: found shape {(rows, count)} for {len(self.labels)} labels and "
                f"{len(self.classes)} classes; expected a row for each label and a column for each "
                "class. Fix: look at probabilities.shape"
            )
        self.images = {} if images is None else images
        self.predictions = self.probabilities.argmax(axis=1)
        self.confidence = self.probabilities[np.arange(rows), self.predictions]
        self.accuracy = float((self.predictions == self.labels).mean())
        right = self.probabilities[np.arange(rows), self.labels].astype(np.float64)
        self.loss = float(-np.log(np.maximum(right, np.finfo(np.float32).tiny)).mean())
        self.confusion = np.zeros((count, count), dtype=np.int64)
        np.add.at(self.confusion, (self.labels, self.predictions), 1)

    @property
    def recall(self) -> dict[str, float]:
        """For each class the share of its images that were recognised; NaN without images."""
        with np.errstate(invalid="ignore"):
            shares = self.confusion.diagonal() / self.confusion.sum(axis=1)
        return dict(zip(self.classes, shares.tolist(), strict=True))

    @cached_property
    def wrong(self) -> Any:
        """Numbers of the images whose prediction is wrong, the surest first."""
        places = np.flatnonzero(self.predictions != self.labels)
        return places[np.argsort(-np.nan_to_num(self.confidence[places]), kind="stable")]

    @cached_property
    def calibration(self) -> Calibration:
        """Confidence beside the share right, in 15 bins."""
        return Calibration(self.confidence, self.predictions == self.labels)

    def mistakes(self, n: int = 10, *, alt: str = "") -> None:
        """Show the `n` mistakes that the network was surest of, as pictures."""
        from coursekit import figures

        kept = len(self.labels) if not isinstance(self.images, dict) else -1
        there = [i for i in self.wrong.tolist() if i < kept or i in self.images][:n]
        if not there:
            print("No mistakes to show: every answer is right, or the images are not at hand.")
            return
        pictures = []
        for i in there:
            image = np.asarray(self.images[i])
            if image.ndim == 3 and image.shape[0] in (1, 3):
                image = np.moveaxis(image, 0, -1).squeeze()
            sure = int(100 * self.confidence[i])  # rounded down: nobody is 100 percent sure
            says, is_ = self.classes[self.predictions[i]], self.classes[self.labels[i]]
            pictures.append((f"says {says} ({sure}%), is {is_}", image))
        figures.images(
            pictures,
            columns=min(5, len(pictures)),
            alt=alt
            or f"{len(pictures)} pictures that the network was wrong about, the surest mistake "
            "first; above each the answer and the true class.",
        )

    def plot_confusion(self, *, alt: str = "") -> None:
        """Show the confusion matrix; of more than 20 classes those in most mistakes."""
        from coursekit import figures

        mistaken = self.confusion - np.diag(self.confusion.diagonal())
        most = np.argsort(-(mistaken.sum(axis=0) + mistaken.sum(axis=1)), kind="stable")
        chosen = np.sort(most[:_MOST_CLASSES])
        figures.confusion(
            self.confusion[np.ix_(chosen, chosen)],
            [self.classes[i] for i in chosen],
            alt=alt
            or f"Counts of images: true classes in {len(chosen)} rows, predicted classes in as "
            "many columns, right answers on the diagonal.",
        )

    def plot_calibration(self, *, alt: str = "") -> None:
        """Show how often the network is right where it says that it is so and so sure."""
        from coursekit.figures.calibration import show_calibration

        c = self.calibration
        show_calibration(c.edges, c.counts, c.confidence, c.accuracy, alt=alt)

    def report(self, *, min_accuracy: float | None = None) -> None:
        """Print whether the accuracy is at least this; without a claim the exact facts."""
        if min_accuracy is not None:
            bound = share("min_accuracy", min_accuracy)
            print(claim("test accuracy", self.accuracy, bound, True))
            return
        print(f"test images: {len(self.labels):,}\nclasses: {len(self.classes)}")

    def __repr__(self) -> str:
        return (
            f"{len(self.labels):,} test images in {len(self.classes)} classes: "
            f"accuracy {self.accuracy:.4f}, loss {self.loss:.4f}, "
            f"calibration error {self.calibration.error:.4f}"
        )


class Calibration:
    """Answers sorted into bins by confidence, the probability of the class that was chosen.

    `counts`, `confidence` and `accuracy` are (bins,): answers, mean confidence, share right.
    `error` is the expected calibration error, |share right - confidence| averaged over all answers
    (C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, ICML 2017).

    Examples
    --------
    >>> found = Calibration([0.9, 0.8, 0.8, 0.6], [True, True, False, True], bins=2)
    >>> found.counts.tolist(), round(found.error, 3)   # 3 of 4 right, 0.775 sure on the average
    ([0, 4], 0.025)
    """

    def __init__(self, confidence: Any, right: Any, bins: int = _BINS) -> None:
        sure, correct = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=bool)
        correct, sure = correct[~np.isnan(sure)], sure[~np.isnan(sure)]
        self.edges = np.linspace(0, 1, bins + 1)
        # A bin holds the answers above its lower edge, up to and with its upper edge.
        place = np.searchsorted(self.edges[1:-1], sure, side="left")
        self.counts = np.bincount(place, minlength=bins)
        with np.errstate(invalid="ignore"):  # 0 / 0 where a bin is empty
            self.confidence = np.bincount(place, weights=sure, minlength=bins) / self.counts
            self.accuracy = np.bincount(place, weights=correct, minlength=bins) / self.counts
        gaps = np.abs(self.accuracy - self.confidence)
        self.error = float(np.nansum(gaps * self.counts) / max(self.counts.sum(), 1))

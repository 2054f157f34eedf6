"""Wrong ideas about the classification error, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Misconception

WRONG_CLASSIFICATION_ERROR = {
    "probabilities_averaged": Misconception(
        "averages the probabilities, or their logarithms, in place of counting mistakes",
        "A mistake counts 1, whether it was a near miss or not.",
        (
            lambda p, q: 1 - np.mean(np.sum(p * q, axis=1)),
            lambda p, q: np.mean(1 - q.max(axis=1)),
            lambda p, q: -np.mean(np.log(np.sum(p * q, axis=1))),
        ),
    ),
    "divided_by_one_less": Misconception(
        "divides by one less than the number of pictures",
        "A share divides by how many there are. How many are there?",
        lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / max(len(p) - 1, 1),
    ),
    "accuracy": Misconception(
        "gives the share of right answers",
        "Is it the right ones that are counted, or the mistakes?",
        lambda p, q: np.mean(p.argmax(axis=1) == q.argmax(axis=1)),
    ),
    "count": Misconception(
        "counts the mistakes and does not divide",
        "A share lies between 0 and 1.",
        lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)),
    ),
    "percent": Misconception(
        "gives percent",
        "A share lies between 0 and 1.",
        lambda p, q: 100 * np.mean(p.argmax(axis=1) != q.argmax(axis=1)),
    ),
    "columns": Misconception(
        "looks for the largest entry of each column",
        "A row is a picture. Along which axis do you search?",
        lambda p, q: np.mean(p.argmax(axis=0) != q.argmax(axis=0)),
    ),
    "one_place_for_all": Misconception(
        "looks for one largest entry in the whole table",
        "Each row has a largest entry of its own: argmax wants an axis.",
        lambda p, q: float(p.argmax() != q.argmax()),
    ),
    "smallest": Misconception(
        "looks for the place of the smallest entry",
        "Which class does the network like best?",
        (
            lambda p, q: np.mean(p.argmin(axis=1) != q.argmin(axis=1)),
            lambda p, q: np.mean(p.argmax(axis=1) != q.argmin(axis=1)),
        ),
    ),
    "values_compared": Misconception(
        "compares the numbers and not the places of the largest",
        "0.6 for dog is right where dog is 1. What has to agree?",
        (
            lambda p, q: np.mean(p != q),
            lambda p, q: np.mean((p != q).any(axis=1)),
            lambda p, q: np.mean(p.max(axis=1) != q.max(axis=1)),
        ),
    ),
    "differences": Misconception(
        "takes the mean of the differences",
        "A mistake counts 1, whether it was a near miss or not.",
        (
            lambda p, q: np.abs(p - q).mean(),
            lambda p, q: np.abs(p - q).sum(axis=1).mean(),
            lambda p, q: np.abs(p - q).sum(axis=1).mean() / 2,
            lambda p, q: ((p - q) ** 2).mean(),
            lambda p, q: ((p - q) ** 2).sum(axis=1).mean(),
        ),
    ),
    "above_one_half": Misconception(
        "asks whether the true class was given more than one half",
        "With three classes 0.4 may be the largest.",
        (
            lambda p, q: np.mean(q[np.arange(len(p)), p.argmax(axis=1)] <= 0.5),
            lambda p, q: np.mean(((q > 0.5) != (p > 0.5)).any(axis=1)),
            lambda p, q: np.mean((q > 0.5) != (p > 0.5)),
            lambda p, q: np.sum((q > 0.5) != (p > 0.5)) / len(p),
            lambda p, q: np.mean(q[np.arange(len(p)), p.argmax(axis=1)] < 0.5),
        ),
    ),
    "distance_of_places": Misconception(
        "takes how far apart the places are",
        "Class 3 for class 0 is one mistake, not three.",
        lambda p, q: np.abs(p.argmax(axis=1) - q.argmax(axis=1)).mean(),
    ),
    "first_picture_only": Misconception(
        "looks at the first picture and gives its result back",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        (
            lambda p, q: float(p[0].argmax() != q[0].argmax()),
            lambda p, q: (p[0].argmax() != q[0].argmax()) / len(p),
        ),
    ),
    "any_mistake": Misconception(
        "tells only whether there is a mistake at all",
        "One mistake in a hundred pictures: how large is the share?",
        (
            lambda p, q: float((p.argmax(axis=1) != q.argmax(axis=1)).any()),
            lambda p, q: (p.argmax(axis=1) != q.argmax(axis=1)).any() / len(p),
        ),
    ),
    "one_for_each": Misconception(
        "says of each picture whether it is a mistake, and gives no share",
        "How many numbers should come out?",
        lambda p, q: p.argmax(axis=1) != q.argmax(axis=1),
    ),
    "divided_by_classes": Misconception(
        "divides by the number of classes, or of all entries",
        "The share of the pictures: how many pictures are there?",
        (
            lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / p.shape[1],
            lambda p, q: np.sum(p.argmax(axis=1) != q.argmax(axis=1)) / p.size,
        ),
    ),
}

"""What is said about a network: its layers beside those asked for, errors in plain words."""

from collections.abc import Sequence

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.probes import ACTIVATIONS, KINDS
from coursekit.checks.sets.networks import one_picture

_SILENT = (
    "ReLU",
    "Softmax",
    "Activation",
    "LeakyReLU",
    "ELU",
)  # layers that a right model may also have

KERAS_ERRORS = (
    (
        r"expected min_ndim=4, found ndim=3\. Full shape received: \(None, (\d+), (\d+)\)",
        "Your input is {0} x {1}; the channel is missing: rows, columns, channels.",
    ),
    (
        r"expected (?:min_)?ndim=4, found ndim=\d",
        "A convolution or pooling got one long row of numbers. It needs rows, columns and "
        "channels: does it stand behind Flatten, or is the input flat?",
    ),
    (
        r"the model takes inputs of \(([^)]*)\), the images are \(([^)]*)\)",
        "Your input is ({0}), but the pictures are ({1}): rows, columns, and one channel for "
        "grey, in this order.",
    ),
    (
        r"[Oo]utput size is too small|negative",
        "The maps became smaller than a window. Is the channel the last number of the input?",
    ),
    (
        r"name '(same|valid|relu|softmax|sigmoid|tanh|linear)' is not defined",
        "Without quotation marks {0} is the name of a variable. padding= and activation= take a "
        'text: "{0}".',
    ),
    (
        r"`padding` argument must be .* Received: (\S+)",
        "Keras knows no padding {0}: which word does station 2 name?",
    ),
    (
        r"received kernel of shape \([^)]*\) and input of shape \(None, ([^)]*)\)",
        "A convolution was made for another number of axes than its input, ({0}), has. The input "
        "of Conv2D is one picture: rows, columns, channels. How many pictures there are is no "
        "part of it.",
    ),
    (
        r"'int' object has no attribute 'lower'",
        "In Keras padding= takes a word, not a number: which word does station 2 name?",
    ),
    (
        r"Could not interpret activation function identifier: (\S+)",
        "Keras knows no activation {0}: names are small letters in quotation marks.",
    ),
    (
        r"missing 1 required positional argument: 'kernel_size'",
        "Conv2D needs two numbers: how many filters, and how wide they are.",
    ),
    (
        r"the model has no layers yet",
        "Its list holds nothing but the input: the other stations are missing.",
    ),
    (
        r"Only instances of `?keras\.Layer",
        "A station in the list is no layer yet: are the brackets missing behind its name?",
    ),
)


def keras_differences(
    names: Sequence[str], got: Parts, expected: Parts, idea: Misconception | None
) -> list[str]:
    """Say in which facts a Keras model differs from the one asked for.

    The last part holds the layers; of a model whose fault has a name only these are compared.
    """
    said = layers_beside(got[-1], expected[-1]) if got else []
    if idea is not None:
        return said if idea.fits is not None else []
    if said:
        return said
    for name, mine, right in zip(names[:-3], got, expected, strict=False):
        if right.dtype.kind not in "iu":
            if name == "outputs" and mine.shape == right.shape:
                said.append(
                    f"Its {name} for one picture, with weights put in: {one_picture(mine)}; "
                    f"expected {one_picture(right)}."
                )
            continue
        alike = mine.shape == right.shape and np.array_equal(mine, right)
        if not alike and mine.size <= 64 and right.size <= 64:
            said.append(f"Its {name}: {facts(mine)}; expected {facts(right)}.")
    return said or ["Its shapes and counts are right, its outputs for given weights are not."]


def facts(part: Array) -> str:
    """Return a small array of a model's reply in one line."""
    if part.ndim == 2:
        rows = [" x ".join(str(int(n)) for n in row if n) for row in part.tolist()]
        return ", ".join(rows) or "none"
    if part.ndim == 0:
        return f"{int(part):,}"
    return " x ".join(str(int(n)) for n in part.tolist()) or "none"


def layers_beside(got: Array, wanted: Array) -> list[str]:
    """Say in which layer a network differs from the one asked for; nothing where in none.

    Examples
    --------
    >>> layers_beside(np.array([[7, 64, 0, 2, 0, 1]]), np.array([[7, 10, 0, 3, 0, 1]]))
    ['Station 2 is Dense with 64 units and relu; wanted: Dense with 10 units and softmax.']
    """
    rows = [row for row in got.tolist() if _kind(row) not in _SILENT]
    asked: list[list[int]] = wanted.tolist()
    if [row[0] for row in rows] != [row[0] for row in asked]:
        return [f"Your layers: {_names(rows)}. Wanted: {_names(asked)}."]
    own = len(rows) < len(got)  # activations may be layers of their own
    said = []
    for station, (row, right) in enumerate(zip(rows, asked, strict=True), start=2):
        if row[1:3] + row[4:] != right[1:3] + right[4:] or (row[3] != right[3] and not own):
            said.append(
                f"Station {station} is {_described(row, own)}; wanted: {_described(right, own)}."
            )
    return said


def _kind(row: Sequence[int]) -> str:
    return KINDS[row[0]] if 0 <= row[0] < len(KINDS) else KINDS[0]


def _names(rows: Sequence[Sequence[int]]) -> str:
    return ", ".join(_kind(row) for row in rows[:12]) or "none"


def _described(row: Sequence[int], own: bool) -> str:
    """Return "Conv2D with 32 filters of 3 x 3 and relu", "MaxPooling2D of 2 x 2, in steps of 2"."""
    _, size, side, activation, step, biases = row
    known = ACTIVATIONS[activation] if 0 <= activation < len(ACTIVATIONS) else ""
    if not size:
        return _kind(row) + (f" of {side} x {side}, in steps of {step}" if side else "")
    parts = [f"{size} filters of {side} x {side}" if side else f"{size} units"]
    if side and step != 1:
        parts[0] += f", in steps of {step},"
    if not own:
        named = {"": "another activation", "linear": "no activation"}
        parts.append(named.get(known, known))
    if not biases:
        parts.append("no biases")
    return f"{_kind(row)} with {' and '.join(parts)}"

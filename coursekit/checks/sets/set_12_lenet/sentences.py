"""What is said about a torch module whose scores are wrong: its layers beside those asked for."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from coursekit.checks.engine.spec import Args, Array, Misconception, Parts
from coursekit.checks.sets.networks import one_picture
from coursekit.checks.sets.set_12_lenet.lenet import sizes


def module_explained(
    args: Args, got: Parts, expected: Parts, idea: Misconception | None
) -> list[str]:
    """Say in which parameters a module differs, what did not fit, or what its scores are."""
    if not got:
        return []
    scores, training, rows, misfit, fault, untrained, *_ = got
    if fault or not len(rows):
        return []
    said = layers_that_differ(rows, expected[2])
    if said:
        said.insert(0, f"Built as LeNet5({args[1] or ''}).")
    if misfit.any():
        _, arriving, wanted, _ = misfit.tolist()
        said.append(
            f"{arriving} numbers in a row arrive at a dense layer that was made for {wanted}."
        )
    if not said and scores.shape != expected[0].shape:
        said.append(
            f"Its scores for {len(args[0])} pictures have the shape {_shape(scores)}; expected "
            f"{_shape(expected[0])}."
        )
    if not said and not np.allclose(scores, expected[0], atol=1e-4):
        said.append(
            f"Its scores for one picture, with weights put in: {one_picture(scores)}; expected "
            f"{one_picture(expected[0])}."
        )
    elif not said and training.shape == scores.shape and not np.allclose(scores, training):
        said.append(
            f"Its scores for one picture: {one_picture(scores)}; while it trains: "
            f"{one_picture(training)}."
        )
    if not said and untrained.any():
        said.append(_untrained(rows, untrained))
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the table, row by row.")
    return said


def _untrained(rows: Array, untrained: Array) -> str:
    """Say which layers training cannot change."""
    if untrained.all():
        return "Its scores are right, and training can change none of its layers."
    owner = np.cumsum([len(size) > 1 for size in sizes(rows)])  # a bias belongs to what is before
    names, places = layers(rows) or [], sorted(set(owner[untrained == 1].tolist()))
    told = [f"{place} ({names[place - 1]})" for place in places if place <= len(names)]
    return (
        "Its scores are right, and training cannot change "
        f"layer{'s' * (len(told) > 1)} {', '.join(told)}."
    )


def layers_that_differ(got: Array, wanted: Array) -> list[str]:
    """Say which layers with weights differ from those asked for.

    Examples
    --------
    >>> layers_that_differ(np.array([[7, 9, 0, 0], [7, 0, 0, 0]]), np.array([[7, 9, 0, 0]]))
    ['Beside the parameters that are wanted it has: 7.']
    >>> layers_that_differ(np.array([[7, 9, 0, 0]]), np.array([[7, 8, 0, 0]]))
    ['Layer 1 with weights is Linear(9, 7, bias=False); wanted: Linear(8, 7, bias=False).']
    >>> layers_that_differ(np.array([[6, 0, 0, 0]]), np.array([[6, 1, 5, 5]]))
    ['Its parameters: 6. Wanted: 6 x 1 x 5 x 5.']
    """
    mine, right = layers(got), layers(wanted)
    more = Counter(sizes(got)) - Counter(sizes(wanted))
    if more and not Counter(sizes(wanted)) - Counter(sizes(got)) and len(more) < 6:
        return [f"Beside the parameters that are wanted it has: {_listed(list(more.elements()))}."]
    if mine is None or right is None:
        return [f"Its parameters: {_listed(sizes(got))}. Wanted: {_listed(sizes(wanted))}."]
    if len(mine) > 12:
        return [f"It has {len(mine)} layers with weights; wanted: {len(right)}."]
    return [
        f"Layer {place} with weights is {one or 'missing'}; wanted: {other or 'none'}."
        for place, (one, other) in enumerate(zip_longest(mine, right), start=1)
        if one != other
    ]


def layers(rows: Array) -> list[str] | None:
    """Return layers in words; None where a bias stands without weights before it.

    Examples
    --------
    >>> layers(np.array([[6, 1, 5, 5], [6, 0, 0, 0], [10, 84, 0, 0]]))
    ['Conv2d(1, 6, 5)', 'Linear(84, 10, bias=False)']
    """
    said: list[str] = []
    shapes = sizes(rows)
    for place, size in enumerate(shapes):
        if len(size) == 1:
            before = shapes[place - 1] if place else ()
            if len(before) < 2 or before[0] != size[0]:
                return None
            continue
        bias = "" if shapes[place + 1 : place + 2] == [size[:1]] else ", bias=False"
        if len(size) == 2:
            said.append(f"Linear({size[1]}, {size[0]}{bias})")
        elif len(size) == 4:
            side = size[2] if size[2] == size[3] else size[2:]
            said.append(f"Conv2d({size[1]}, {size[0]}, {side}{bias})")
        else:
            return None
    return said


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(" x ".join(map(str, shape)) for shape in shapes[:16]) or "none"


def _shape(array: Array) -> str:
    return " x ".join(str(n) for n in array.shape)

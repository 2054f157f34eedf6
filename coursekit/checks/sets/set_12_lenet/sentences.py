"""What is said about a torch module whose scores are wrong: its layers beside those asked for."""

import numpy as np

from coursekit.checks.engine.spec import Args, Array, Misconception, Parts
from coursekit.checks.sets.networks import layers, layers_that_differ, one_picture, sizes


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


def _shape(array: Array) -> str:
    return " x ".join(str(n) for n in array.shape)

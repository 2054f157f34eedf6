"""Set 07: the weights of a dense layer, and how far a unit of a deep layer sees."""

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.matrices import Block
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Parts, Property, Words
from coursekit.checks.sets.set_07_why_convolution_works.wrong_dense_parameters import (
    WRONG_DENSE_PARAMETERS,
)
from coursekit.checks.sets.set_07_why_convolution_works.wrong_receptive_field import (
    WRONG_RECEPTIVE_FIELD,
)


def _features(pick: Pick) -> Args:
    return pick.integer(1, 400), pick.integer(1, 60)


def _features_and_bias(pick: Pick) -> Args:
    return (*_features(pick), pick.choice([True, False]))


def _stride_one(pick: Pick) -> Args:
    kernels = [pick.integer(1, 7) for _ in range(pick.integer(1, 5))]
    return (np.array([[kernel, 1] for kernel in kernels]),)


def _strided(pick: Pick) -> Args:
    rows = [[pick.integer(1, 5), pick.integer(1, 3)] for _ in range(pick.integer(1, 5))]
    return (np.array([[max(kernel, stride), stride] for kernel, stride in rows]),)


def _layers(layers: Array) -> bool:
    """Say whether these are layers, and no kernel jumps over pixels."""
    shaped = layers.ndim == 2 and layers.shape[1] == 2 and len(layers) > 0
    return bool(shaped and layers.min() >= 1 and np.all(layers[:, 0] >= layers[:, 1]))


def _shown(args: Args, got: Parts, expected: Parts) -> tuple[Block, ...]:
    """Show the layers as the pairs that were given."""
    pairs = np.empty((len(args[0]), 1), object)
    pairs[:, 0] = [tuple(layer) for layer in args[0].tolist()]
    outcomes = [("expected", expected), ("got", got)]
    numbers = [Block(title, parts[0]) for title, parts in outcomes if parts and parts[0].ndim < 3]
    return (Block("layers (kernel, stride)", pairs), *numbers)


EXERCISES = (
    Exercise(
        name="dense_parameters",
        parameters=("in_features", "out_features", "bias"),
        oracle=scratch.dense_parameters,
        valid=lambda into, out, bias=True: min(into, out) >= 1,
        returns="a whole number",
        checks=(
            Check("with biases", 1.0, _features, 25, ((36, 16), (144, 2))),
            Check("with and without", 1.0, _features_and_bias, 35, ((36, 16, False), (3, 5, True))),
        ),
        misconceptions=WRONG_DENSE_PARAMETERS,
        hints=(
            "Every output is wired to every input. How many wires are that?",
            "Each output has a bias as well, if there are biases: as many biases as outputs.",
            "One output has in_features weights and, if bias is True, 1 more. There are "
            "out_features of them.",
        ),
    ),
    Exercise(
        name="receptive_field",
        parameters=("layers",),
        oracle=scratch.receptive_field,
        valid=_layers,
        returns="a whole number",
        checks=(
            Check(
                "stride 1",
                1.5,
                _stride_one,
                25,
                ((np.array([[3, 1], [3, 1], [3, 1]]),), (np.array([[5, 1], [2, 1]]),)),
                probe="rows_as_tuples",
            ),
            Check(
                "any strides",
                2.5,
                _strided,
                40,
                ((np.array([[3, 2], [3, 1]]),), (np.array([[2, 2], [3, 3], [3, 2], [2, 1]]),)),
                probe="rows_as_tuples",
            ),
        ),
        properties=(
            Property("with a single layer", lambda layers: len(layers) == 1),
            Property("in which all strides are 1", lambda layers: set(layers[:, 1]) == {1}),
            Property(
                "in which all strides but the last are 1",
                lambda layers: set(layers[:-1, 1]) <= {1},
            ),
            Property("in which all kernels are odd", lambda layers: set(layers[:, 0] % 2) == {1}),
            Property("with at most two layers", lambda layers: len(layers) <= 2),
        ),
        words=Words("One whole number", asked="networks of 1 to 5 layers", blocks=_shown),
        misconceptions=WRONG_RECEPTIVE_FIELD,
        hints=(
            "A unit without any layer sees 1 pixel. How many does each layer add, if all strides "
            "are 1?",
            "Two neighbouring units of a layer lie as many pixels apart as all strides up to it, "
            "multiplied. Keep that distance in a second variable as you go through the layers.",
            "Begin with field = 1 and apart = 1. For each (kernel, stride) add (kernel - 1) * "
            "apart to the field, and only then multiply apart by the stride.",
        ),
    ),
)

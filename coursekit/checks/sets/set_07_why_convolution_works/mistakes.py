"""Wrong ideas about dense layers and receptive fields, each with an implementation."""

import math
from collections.abc import Callable, Sequence

from coursekit.checks.engine.spec import Misconception

Layers = Sequence[tuple[int, int]]

_WIRES = "Draw 3 inputs and 2 outputs, and every wire. How many are there, and how many biases?"

WRONG_DENSE_PARAMETERS = {
    "bias_left_out": Misconception(
        "never counts the biases", _WIRES, lambda into, out, bias=True: into * out
    ),
    "bias_always": Misconception(
        "counts the biases even where there are none",
        "What does bias=False say?",
        lambda into, out, bias=True: out * (into + 1),
    ),
    "bias_the_wrong_way_round": Misconception(
        "counts the biases where there are none, and none where there are",
        "What does bias=False say?",
        lambda into, out, bias=True: out * (into + (not bias)),
    ),
    "one_bias_in_all": Misconception(
        "counts a single bias for the whole layer",
        _WIRES,
        lambda into, out, bias=True: into * out + bool(bias),
    ),
    "bias_for_each_input": Misconception(
        "counts a bias for every input in place of every output",
        _WIRES,
        lambda into, out, bias=True: into * (out + bool(bias)),
    ),
    "bias_at_both_ends": Misconception(
        "counts a bias for every input and for every output",
        _WIRES,
        (
            lambda into, out, bias=True: into * out + (into + out) * bool(bias),
            lambda into, out, bias=True: (into + bool(bias)) * (out + bool(bias)),
        ),
    ),
    "wires_added": Misconception(
        "adds inputs and outputs in place of multiplying them",
        _WIRES,
        (
            lambda into, out, bias=True: into + out,
            lambda into, out, bias=True: into + out + out * bool(bias),
            lambda into, out, bias=True: into + out + bool(bias),
        ),
    ),
    "inputs_squared": Misconception(
        "wires the inputs to each other",
        _WIRES,
        (
            lambda into, out, bias=True: into * into + out * bool(bias),
            lambda into, out, bias=True: into * into,
        ),
    ),
}


def _walk(
    add: Callable[[int, int, int], int], further: Callable[[int, int], int], begin: int = 1
) -> Callable[[Layers], int]:
    """Return a walk through the layers that adds to the field and goes on with the step."""

    def field_of(layers: Layers) -> int:
        field, step = begin, 1
        for kernel, stride in layers:
            field += add(kernel, stride, step)
            step = further(step, stride)
        return field

    return field_of


def _backwards(reach: Callable[[int, int, int], int]) -> Callable[[Layers], int]:
    """Return a walk from the output to the input."""

    def field_of(layers: Layers) -> int:
        field = 1
        for kernel, stride in reversed(layers):
            field = reach(field, kernel, stride)
        return field

    return field_of


def _field(layers: Layers) -> int:
    return _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d * s)(layers)


_SHARED = "Two neighbouring units of 3 by 3 with stride 1: how many pixels do they see together?"
_AFTER = "Does the stride of a layer change what its own units see, or what later ones see?"
_FAR_APART = "After strides of 2 and 2: how many pixels apart do two neighbouring units lie?"

WRONG_RECEPTIVE_FIELD = {
    "kernels_added": Misconception(
        "adds up the kernels, as if neighbouring units shared no pixels",
        _SHARED,
        (
            lambda layers: sum(k for k, _ in layers),
            _walk(lambda k, s, d: k * d, lambda d, s: d * s, 0),
        ),
    ),
    "kernels_multiplied": Misconception(
        "multiplies the kernels",
        _SHARED,
        lambda layers: math.prod(k for k, _ in layers),
    ),
    "first_layer_only": Misconception(
        "stops after the first layer",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        (
            lambda layers: layers[0][0] if layers else None,
            lambda layers: layers[0][0] if layers else 1,
        ),
        hint="return belongs below the loop, as far to the left as the for.",
    ),
    "first_layer_left_out": Misconception(
        "leaves the first kernel out",
        "With which layer does your loop begin? The first one sees pixels, too.",
        (
            lambda layers: 1 + _field(layers) - (layers[0][0] if layers else 1),
            lambda layers: _field(layers[1:]),
        ),
    ),
    "last_layer_left_out": Misconception(
        "leaves the last layer out",
        "range(n) ends at n - 1. Which layer does your loop reach last?",
        lambda layers: _field(layers[:-1]),
    ),
    "one_forgotten": Misconception(
        "begins with 0 in place of the 1 pixel that a unit without layers sees",
        "What is the field of a single layer with a kernel of 3?",
        _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d * s, 0),
    ),
    "whole_kernel_added": Misconception(
        "adds the whole kernel for each layer in place of one less",
        _SHARED,
        (
            _walk(lambda k, s, d: k * d, lambda d, s: d * s),
            lambda layers: 1 + sum(k for k, _ in layers),
        ),
    ),
    "strides_left_out": Misconception(
        "leaves the strides out",
        "With stride 2, how far apart do two neighbouring units begin?",
        lambda layers: 1 + sum(k - 1 for k, _ in layers),
    ),
    "stride_too_early": Misconception(
        "counts the stride of a layer for its own kernel already",
        _AFTER,
        _walk(lambda k, s, d: (k - 1) * d * s, lambda d, s: d * s),
    ),
    "own_stride_only": Misconception(
        "multiplies each kernel with the stride of its own layer and no other",
        _AFTER,
        lambda layers: 1 + sum((k - 1) * s for k, s in layers),
    ),
    "last_stride_only": Misconception(
        "counts only the stride of the layer just before, not those of all before it",
        _FAR_APART,
        _walk(lambda k, s, d: (k - 1) * d, lambda d, s: s),
    ),
    "strides_added": Misconception(
        "adds the strides in place of multiplying them",
        _FAR_APART,
        (
            _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d + s),
            _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d + s - 1),
        ),
    ),
    "from_the_wrong_end": Misconception(
        "goes through the layers from the output, so that the strides after a layer count",
        "layers runs from input to output. Whose strides lie between a layer and the picture?",
        (
            lambda layers: _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d * s)(layers[::-1]),
            lambda layers: _backwards(lambda r, k, s: (r - 1) * s + k)(layers[::-1]),
        ),
    ),
    "overlap_forgotten": Misconception(
        "multiplies the whole field with the stride before it adds the kernel",
        "Two neighbouring units with stride 2 and kernel 3: is it 2 times 2, plus 3?",
        _backwards(lambda r, k, s: r * s + k),
    ),
    "squared": Misconception(
        "counts the pixels of the whole square in place of those along one side",
        "The field of one layer of 3 by 3 is 3 here: one side only.",
        lambda layers: _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d * s)(layers) ** 2,
    ),
    "largest_kernel": Misconception(
        "gives the largest kernel of all layers",
        "Does a second layer of 3 by 3 see more than the first one?",
        lambda layers: max(k for k, _ in layers),
    ),
}

"""Wrong ideas about receptive fields, each with an implementation that holds it."""

import math
from collections.abc import Callable, Sequence

from coursekit.checks.engine.spec import Misconception

Layers = Sequence[tuple[int, int]]


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


def _forwards(reach: Callable[[int, int, int], int]) -> Callable[[Layers], int]:
    """Return a walk from the input to the output that keeps the field alone."""
    return lambda layers: _backwards(reach)(layers[::-1])


def _field(layers: Layers) -> int:
    return _walk(lambda k, s, d: (k - 1) * d, lambda d, s: d * s)(layers)


_SHARED = "Two neighbouring units of 3 by 3 with stride 1: how many pixels do they see together?"


_AFTER = "Does the stride of a layer change what its own units see, or what later ones see?"


_FAR_APART = "After strides of 2 and 2: how many pixels apart do two neighbouring units lie?"


WRONG_RECEPTIVE_FIELD = {
    "distance_added": Misconception(
        "adds the distance of neighbouring units in place of multiplying by it",
        "A kernel of 3 on units that lie 2 pixels apart: how far from first to last pixel?",
        _walk(lambda k, s, d: k - 1 + d, lambda d, s: d * s),
    ),
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
    "last_layer_only": Misconception(
        "keeps only what the last layer adds; the layers before it are overwritten",
        "What happens to the field so far when the next layer comes? Is it = or +=?",
        (
            lambda layers: layers[-1][0],
            lambda layers: _field(layers) - _field(layers[:-1]),
            lambda layers: 1 + _field(layers) - _field(layers[:-1]),
        ),
    ),
    "distance_given_back": Misconception(
        "gives the distance of two neighbouring units in place of what one unit sees",
        "Two numbers grow in your loop. Which of them is asked for?",
        (
            lambda layers: math.prod(s for _, s in layers),
            lambda layers: math.prod(s for _, s in layers[:-1]),
        ),
    ),
    "kernel_and_stride_swapped": Misconception(
        "takes the stride for the kernel and the kernel for the stride",
        "In which order do the two numbers of a layer stand?",
        lambda layers: _field([(s, k) for k, s in layers]),
    ),
    "kernel_minus_stride": Misconception(
        "takes the stride away from the kernel in place of 1",
        "Two units side by side, with stride 1: by how many pixels is the field of both larger?",
        (
            _walk(lambda k, s, d: (k - s) * d, lambda d, s: d * s),
            lambda layers: 1 + sum(k - s for k, s in layers),
        ),
    ),
    "kernel_of_three_always": Misconception(
        "adds two pixels a layer, as if every kernel were 3",
        "How many pixels does a kernel of 5 add? Where does your code use the kernel?",
        (
            _walk(lambda k, s, d: 2 * d, lambda d, s: d * s),
            lambda layers: 1 + 2 * len(layers),
            _walk(lambda k, s, d: 3 * d, lambda d, s: d * s),
        ),
    ),
    "half_kernel_added": Misconception(
        "adds half of the kernel, rounded down, which is right for odd kernels at best",
        "How many pixels does a kernel of 2 add to a single pixel? And one of 4?",
        (
            _walk(lambda k, s, d: k // 2 * d, lambda d, s: d * s),
            _walk(lambda k, s, d: 2 * (k // 2) * d, lambda d, s: d * s),
            _walk(lambda k, s, d: (k - 1) // 2 * d, lambda d, s: d * s),
            _walk(lambda k, s, d: 2 * ((k - 1) // 2) * d, lambda d, s: d * s),
        ),
    ),
    "added_at_both_ends": Misconception(
        "adds what a layer sees more at each of the two ends",
        "A kernel of 3 on single pixels sees 3 of them. How many more than 1 is that in all?",
        (
            _walk(lambda k, s, d: 2 * (k - 1) * d, lambda d, s: d * s),
            _walk(lambda k, s, d: 2 * k * d, lambda d, s: d * s),
        ),
    ),
    "one_added": Misconception(
        "adds 1 to the kernel in place of taking 1 away",
        _SHARED,
        _walk(lambda k, s, d: (k + 1) * d, lambda d, s: d * s),
    ),
    "brackets_missing": Misconception(
        "multiplies before it takes the 1 away",
        "kernel - 1 * apart: what does Python work out first? Which brackets are missing?",
        (
            _walk(lambda k, s, d: k * d - 1, lambda d, s: d * s),
            _walk(lambda k, s, d: k - d, lambda d, s: d * s),
        ),
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
        "leaves the strides out, or keeps the distance at 1",
        "With stride 2, how far apart do two neighbouring units begin? (1 ** 2 is still 1.)",
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
        (
            lambda layers: 1 + sum((k - 1) * s for k, s in layers),
            lambda layers: layers[0][0] + sum((k - 1) * s for k, s in layers[1:]),
        ),
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
            lambda layers: (
                1 + sum((k - 1) * sum(s for _, s in layers[:i]) for i, (k, _) in enumerate(layers))
            ),
        ),
    ),
    "stride_of_two_always": Misconception(
        "doubles the distance after every layer, whatever its stride is",
        "How far apart do two neighbouring units lie after a stride of 1? And of 3?",
        _walk(lambda k, s, d: (k - 1) * d, lambda d, s: 2 * d),
    ),
    "all_strides_for_every_layer": Misconception(
        "multiplies every kernel with all strides, also those of later layers",
        _AFTER,
        (
            lambda layers: 1 + sum(k - 1 for k, _ in layers) * math.prod(s for _, s in layers),
            lambda layers: 1 + sum(k - 1 for k, _ in layers) * math.prod(s for _, s in layers[:-1]),
        ),
    ),
    "field_multiplied_by_stride": Misconception(
        "multiplies the field itself with the strides",
        "One layer with kernel 3 and stride 2: does one of its units see 3 pixels, or 6?",
        (
            _forwards(lambda f, k, s: (f + k - 1) * s),
            _forwards(lambda f, k, s: f * s + k - 1),
            lambda layers: (1 + sum(k - 1 for k, _ in layers)) * math.prod(s for _, s in layers),
            lambda layers: sum(k for k, _ in layers) * math.prod(s for _, s in layers),
            lambda layers: sum(k * s for k, s in layers),
            lambda layers: 1 + sum(k * s for k, s in layers),
            lambda layers: math.prod(k * s for k, s in layers),
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
        (_backwards(lambda r, k, s: r * s + k), _forwards(lambda r, k, s: r * s + k)),
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

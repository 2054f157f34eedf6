"""Wrong ideas about the Inception module, each with an implementation that holds it."""

from itertools import permutations

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.modules import NOT_REGISTERED, WRONG_IN_TRAINING, WRONG_MODULE
from coursekit.checks.sets.networks import linear
from coursekit.checks.sets.set_14_vgg_and_googlenet.blocks import (
    Shapes,
    average,
    inception,
    inception_layers,
    inception_shapes,
    layer,
    some_without,
)


def _average_of_those_there(x: Array) -> Array:
    """Return the mean of those values of each 3x3 window that lie within the map."""
    means: Array = average(x, 3, 1, 1) / average(np.ones_like(x), 3, 1, 1)
    return means


def _swapped(numbers: tuple[int, ...], *places: int) -> tuple[int, ...]:
    """Return the last five numbers with those at some places and the ones after them swapped."""
    found = list(numbers)
    for i in places:
        found[i : i + 2] = numbers[i + 1], numbers[i]
    return tuple(found)


def _without_reductions(i: int, c1: int, r3: int, c3: int, r5: int, c5: int, p: int) -> Shapes:
    return [*layer(c1, i, 1), *layer(c3, i, 3), *layer(c5, i, 5), *layer(p, i, 1)]


_BENT = "ReLU follows each of the six convolutions. After which ones is it in yours?"


WRONG_INCEPTION: dict[str, Misconception] = {
    "relu_missing": Misconception(
        "leaves out ReLU after some convolution",
        _BENT,
        tuple(
            inception(some_without(linear, *places))
            for places in (
                range(6), (1, 3), (0, 2, 4, 5), (2, 4), (1, 2), (3, 4), (1, 3, 5), (1, 2, 3, 4),
                (0,), (1,), (2,), (3,), (4,), (5,),
            )
        ),
    ),
    "branches_in_other_order": Misconception(
        "joins the branches in another order",
        "The order is that of the arguments: 1x1, 3x3, 5x5, pooling. What is the order in yours?",
        tuple(inception(order=order) for order in list(permutations(range(4)))[1:]),
    ),
    "average_pooling": Misconception(
        "takes the mean of each 3x3 window in its pooling branch",
        "Which kind of pooling is asked for?",
        (inception(pool=lambda x: average(x, 3, 1, 1)), inception(pool=_average_of_those_there)),
    ),
    "pool_last": Misconception(
        "pools after the 1x1 convolution of its pooling branch",
        "What comes first in the fourth branch, pooling or the projection?",
        inception(pool_last=True),
    ),
    "pooling_missing": Misconception(
        "does not pool in its fourth branch",
        "What distinguishes the fourth branch from the first?",
        inception(pool=linear),
    ),
    "reductions_missing": Misconception(
        "has no 1x1 reductions before the 3x3 and the 5x5 convolution",
        "What makes the large kernels cheap?",
        (
            inception_layers(_without_reductions),
            inception_layers(lambda *n: _without_reductions(*n)[:6]),
        ),
    ),
    "projection_missing": Misconception(
        "has no 1x1 convolution after its pooling",
        "Pooling keeps all maps that come in. How many should the fourth branch give?",
        inception_layers(lambda *n: inception_shapes(*n)[:10]),
    ),
    "three_for_five": Misconception(
        "has kernels of another size than 1x1, 3x3 and 5x5",
        "How wide is the kernel of each branch?",
        (
            inception_layers(lambda *n: inception_shapes(*n, five=3)),
            inception_layers(lambda *n: inception_shapes(*n, three=5)),
            inception_layers(lambda *n: inception_shapes(*n, three=5, five=3)),
        ),
    ),
    "reduction_and_width_swapped": Misconception(
        "swaps the number of maps of a reduction and of the convolution after it",
        "c3_reduce maps come out of the 1x1 convolution. How many come out of the 3x3 after it?",
        (
            inception_layers(lambda i, c1, *n: inception_shapes(i, c1, *_swapped(n, 0, 2))),
            inception_layers(lambda i, c1, *n: inception_shapes(i, c1, *_swapped(n, 0))),
            inception_layers(lambda i, c1, *n: inception_shapes(i, c1, *_swapped(n, 2))),
        ),
    ),
    "branches_in_a_row": Misconception(
        "sends the maps through one branch after the other",
        "Every branch takes the module's own input. What goes into each of yours?",
        inception_layers(lambda i, c1, r3, c3, r5, c5, p: [
            *layer(c1, i, 1), *layer(r3, c1, 1), *layer(c3, r3, 3), *layer(r5, c3, 1),
            *layer(c5, r5, 5), *layer(p, c5, 1),
        ]),
    ),
    "no_bias": Misconception(
        "leaves out biases",
        "Every filter has one bias. Which argument took them away?",
        inception_layers(lambda *n: inception_shapes(*n, bias=False)),
    ),
    "batch_norm": Misconception(
        "has batch norm, which the module of the paper does not know",
        "What does the module hold beside convolutions, ReLU and pooling?",
        tuple(
            inception_layers(lambda *n, b=b: [
                *inception_shapes(*n, bias=b), *[(c,) for c in n[1:] for _ in range(2)],
            ])
            for b in (True, False)
        ),
    ),
    **WRONG_MODULE,
    **WRONG_IN_TRAINING,
    "not_registered": NOT_REGISTERED,
}  # fmt: skip

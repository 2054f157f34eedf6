"""Wrong ideas about the Inception module, each with an implementation that holds it."""

from itertools import combinations, permutations

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.modules import NOT_REGISTERED, WRONG_MODULE, wrong_in_training
from coursekit.checks.sets.networks import linear
from coursekit.checks.sets.set_14_vgg_and_googlenet.blocks import (
    Shapes,
    average,
    inception,
    inception_layers,
    inception_shapes,
    layer,
    pooled,
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


def _taken_for_each_other(first: int, second: int, *numbers: int) -> Shapes:
    """Return the shapes of a module that takes two of its numbers for each other."""
    found = list(numbers)
    found[first], found[second] = numbers[second], numbers[first]
    return inception_shapes(*found)


def _joined_up(
    three: bool, five: bool, i: int, c1: int, r3: int, c3: int, r5: int, c5: int, p: int
) -> Shapes:
    """Return the shapes of a module whose 3x3 or 5x5 branch takes what the one before gives."""
    return [
        *layer(c1, i, 1), *layer(r3, c1 if three else i, 1), *layer(c3, r3, 3),
        *layer(r5, c3 if five else i, 1), *layer(c5, r5, 5), *layer(p, i, 1),
    ]  # fmt: skip


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
    "branch_missing": Misconception(
        "leaves out a branch when it joins them",
        "Four branches are joined. How many are in your list?",
        tuple(
            inception(order=order)
            for count in (3, 2, 1)
            for left in combinations(range(4), count)
            for order in permutations(left)
        ),
    ),
    "pool_size": Misconception(
        "pools with windows of another size than 3x3",
        "How wide is the window of the fourth branch?",
        tuple(
            inception(pool=lambda x, size=size: pooled(x, size, 1, size // 2))  # type: ignore[misc]
            for size in (5, 7)
        ),
    ),
    "reduction_padded": Misconception(
        "pads a 1x1 reduction in place of the large kernel after it",
        "Which convolution makes the maps smaller unless it is padded? A padded 1x1 puts a frame "
        "of biases around them.",
        tuple(inception(pad_first=places) for places in ((1, 3), (1,), (3,))),
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
            inception_layers(lambda i, c1, r3, c3, r5, c5, p: [
                *_without_reductions(i, c1, r3, c3, r5, c5, p), *layer(r3, i, 1), *layer(r5, i, 1),
            ]),
        ),
    ),
    "projection_missing": Misconception(
        "has no 1x1 convolution after its pooling",
        "Pooling keeps all maps that come in. How many should the fourth branch give?",
        (inception_layers(lambda *n: inception_shapes(*n)[:10]), inception(projected=False)),
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
    "numbers_swapped": Misconception(
        "takes two of its seven numbers for each other",
        "Go through the table with the seven names: which number does each convolution take, and "
        "which does it give?",
        tuple(
            inception_layers(lambda *n, a=a, b=b: _taken_for_each_other(a, b, *n))
            for a, b in combinations(range(7), 2)
            # The first: another order of the branches; the others: a reduction and its convolution.
            if (a, b) not in {(1, 6), (2, 3), (4, 5)}
        ),
    ),
    "numbers_of_3a": Misconception(
        "has the numbers of module 3a, whatever it is built with",
        "Where do the seven arguments go in?",
        inception_layers(lambda *n: inception_shapes(192, 64, 96, 128, 16, 32, 32)),
    ),
    "branches_in_a_row": Misconception(
        "sends the maps through one branch after the other",
        "Every branch takes the module's own input. What goes into each of yours?",
        (
            inception_layers(lambda i, c1, r3, c3, r5, c5, p: [
                *layer(c1, i, 1), *layer(r3, c1, 1), *layer(c3, r3, 3), *layer(r5, c3, 1),
                *layer(c5, r5, 5), *layer(p, c5, 1),
            ]),
            *(
                inception_layers(lambda *n, t=three, f=five: _joined_up(t, f, *n))
                for three, five in ((True, True), (True, False), (False, True))
            ),
        ),
    ),
    "no_bias": Misconception(
        "leaves out biases",
        "Every filter has one bias. Which argument took them away?",
        inception_layers(lambda *n: inception_shapes(*n, bias=False)),
    ),
    "batch_norm": Misconception(
        "has batch norm, which the module of the paper does not know",
        "What does the module hold beside convolutions, ReLU and pooling?",
        (
            *(
                inception_layers(lambda *n, b=b: [
                    *inception_shapes(*n, bias=b), *[(c,) for c in n[1:] for _ in range(2)],
                ])
                for b in (True, False)
            ),
            *(
                inception_layers(lambda *n, k=k: [*inception_shapes(*n), (n[k],), (n[k],)])
                for k in range(1, 7)
            ),
        ),
    ),
    **WRONG_MODULE,
    **wrong_in_training(inception()),
    "not_registered": NOT_REGISTERED,
}  # fmt: skip

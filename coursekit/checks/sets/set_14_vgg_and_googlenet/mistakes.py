"""Wrong ideas about the VGG block and the Inception module."""

from itertools import permutations

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.runner.torch_probes import NO_FORWARD, NO_SUPER, NO_TENSOR
from coursekit.checks.sets.networks import linear, sigmoid
from coursekit.checks.sets.set_14_vgg_and_googlenet.blocks import (
    Shapes,
    inception,
    inception_layers,
    inception_shapes,
    layer,
    pooled,
    some_without,
    vgg,
    vgg_layers,
)
from coursekit.scratch import relu


def _average(x: Array, size: int = 2, stride: int = 2, padding: int = 0) -> Array:
    return pooled(x, size, stride, padding, by=np.mean)


def _average_of_those_there(x: Array) -> Array:
    """Return the mean of those values of each 3x3 window that lie within the map."""
    means: Array = _average(x, 3, 1, 1) / _average(np.ones_like(x), 3, 1, 1)
    return means


_MODULE = {
    "super_missing": Misconception(
        "does not call super().__init__() before it makes its layers",
        "nn.Module has work to do before it can hold a layer. Which line lets it?",
        fits=lambda parts: bool(parts[-1] == NO_SUPER),
    ),
    "forward_missing": Misconception(
        "has no method forward",
        "Which method says what happens to x? Look at its name and its indentation.",
        fits=lambda parts: bool(parts[-1] == NO_FORWARD),
    ),
    "no_tensor": Misconception(
        "gives something else than one tensor",
        "One tensor is wanted. What stands on the last line of forward?",
        fits=lambda parts: bool(parts[-1] == NO_TENSOR),
    ),
    "not_registered": Misconception(
        "has no parameters: its layers are in a plain list, or are made in forward",
        "A layer becomes part of a module when it is set on self in __init__, or put into an "
        "nn.Sequential or nn.ModuleList.",
        fits=lambda parts: not len(parts[-2]) and not parts[-1],
    ),
}

WRONG_VGG: dict[str, Misconception] = {
    "relu_missing": Misconception(
        "leaves out ReLU after some convolution",
        "ReLU follows every convolution. After which ones is it in yours?",
        (
            vgg(lambda place, convs: linear),
            vgg(lambda place, convs: relu if place == 0 else linear),
            vgg(lambda place, convs: linear if place == 0 else relu),
            vgg(lambda place, convs: relu if place == convs - 1 else linear),
            vgg(lambda place, convs: linear if place == convs - 1 else relu),
        ),
    ),
    "other_activation": Misconception(
        "has another activation than ReLU",
        "Which activation is asked for after each convolution?",
        (vgg(lambda place, convs: np.tanh), vgg(lambda place, convs: sigmoid)),
    ),
    "pooling_missing": Misconception(
        "does not pool",
        "Each side should be half as long at the end. What halves it?",
        vgg(pool=linear),
    ),
    "average_pooling": Misconception(
        "takes the mean of each 2x2 window in place of the largest value",
        "Which kind of pooling is asked for?",
        vgg(pool=_average),
    ),
    "pools_after_each": Misconception(
        "pools after every convolution, not once at the end",
        "How many times does the block halve its maps?",
        vgg(pool_each=True),
    ),
    "pools_first": Misconception(
        "pools before the convolutions, not after them",
        "What does the block do last?",
        vgg(pool_first=True),
    ),
    "pool_overlaps": Misconception(
        "pools with windows that overlap or are of another size",
        "2x2 windows lie side by side. What are the size and the stride of yours?",
        (
            vgg(pool=lambda x: pooled(x, 2, 1)),
            vgg(pool=lambda x: pooled(x, 3, 2)),
            vgg(pool=lambda x: pooled(x, 3, 2, 1)),
            vgg(pool=lambda x: pooled(x, 3, 3)),
        ),
    ),
    "rounded_up": Misconception(
        "keeps windows that hang over the border",
        "What does 2x2 max pooling do with an odd side unless it is told otherwise?",
        vgg(pool=lambda x: pooled(np.pad(
            x, ((0, 0), (0, 0), (0, x.shape[2] % 2), (0, x.shape[3] % 2)),
            constant_values=-np.inf,
        ))),
    ),
    "no_padding": Misconception(
        "does not pad its convolutions",
        "A convolution should keep the size of its maps; pooling alone halves it.",
        vgg(padding=0),
    ),
    "other_padding": Misconception(
        "pads with something else than one ring of zeros",
        "Which padding keeps the size of a map under a 3x3 kernel, and with which values?",
        (vgg(mode="edge"), vgg(mode="reflect"), vgg(mode="wrap"), vgg(padding=2)),
    ),
    "convs_ignored": Misconception(
        "has the same number of convolutions, whatever convs says",
        "Where does convs go in?",
        tuple(vgg_layers(lambda convs, n=n: n) for n in (1, 2, 3)),  # type: ignore[misc]
    ),
    "one_too_few": Misconception(
        "has one convolution too few",
        "The first convolution changes the number of maps; convs counts it, too.",
        vgg_layers(lambda convs: convs - 1),
    ),
    "one_too_many": Misconception(
        "has one convolution too many",
        "The first convolution changes the number of maps; convs counts it, too.",
        vgg_layers(lambda convs: convs + 1),
    ),
    "layer_reused": Misconception(
        "uses one convolution several times, so that its weights are shared",
        "Every convolution of the block has weights of its own. Where is each of them made?",
        vgg_layers(lambda convs: min(convs, 2)),
    ),
    "no_bias": Misconception(
        "leaves out biases",
        "Every filter has one bias. Which argument took them away?",
        vgg_layers(lambda convs: convs, bias=False),
    ),
    "batch_norm": Misconception(
        "has batch norm, which the block of the paper does not know",
        "What does the block hold beside convolutions, ReLU and pooling?",
        (
            vgg_layers(lambda convs: convs, norm=True),
            vgg_layers(lambda convs: convs, bias=False, norm=True),
        ),
    ),
    **_MODULE,
}  # fmt: skip


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
        (inception(pool=lambda x: _average(x, 3, 1, 1)), inception(pool=_average_of_those_there)),
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
    **_MODULE,
}  # fmt: skip

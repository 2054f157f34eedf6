"""Wrong ideas about the VGG block, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.modules import NOT_REGISTERED, WRONG_MODULE, wrong_in_training
from coursekit.checks.sets.networks import linear, sigmoid
from coursekit.checks.sets.set_14_vgg_and_googlenet.blocks import (
    average,
    pooled,
    right_vgg,
    vgg,
    vgg_layers,
)
from coursekit.scratch import relu, softmax


def _leaky(x: Array) -> Array:
    return np.where(x > 0, x, 0.01 * x)


def _elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _softmax_of_maps(x: Array) -> Array:
    shares: Array = np.moveaxis(softmax(np.moveaxis(x, 1, -1)), -1, 1)
    return shares


WRONG_VGG_BLOCK: dict[str, Misconception] = {
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
        tuple(vgg(lambda place, convs, bend=bend: bend)  # type: ignore[misc]
              for bend in (np.tanh, sigmoid, _leaky, _elu)),
    ),
    "relu_first": Misconception(
        "applies ReLU before each convolution, not after it",
        "A convolution comes first, then its ReLU. In which order does your loop add them?",
        vgg(bend_first=True),
    ),
    "pooling_missing": Misconception(
        "does not pool",
        "Each side should be half as long at the end. What halves it?",
        vgg(pool=linear),
    ),
    "stride_for_pooling": Misconception(
        "moves a convolution by 2 in place of pooling",
        "Each side should be half as long at the end, and the largest of four numbers stays. Which "
        "layer does that?",
        (
            vgg(pool=linear, strides=lambda place, convs: 1 + (place == convs - 1)),
            vgg(pool=linear, strides=lambda place, convs: 1 + (place == 0)),
            vgg(pool=linear, strides=lambda place, convs: 2),
        ),
    ),
    "average_pooling": Misconception(
        "takes the mean of each 2x2 window in place of the largest value",
        "Which kind of pooling is asked for?",
        vgg(pool=average),
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
        (vgg_layers(lambda convs: convs - 1), vgg_layers(lambda convs: max(1, convs - 1))),
    ),
    "one_too_many": Misconception(
        "has one convolution too many",
        "The first convolution changes the number of maps; convs counts it, too.",
        vgg_layers(lambda convs: convs + 1),
    ),
    "other_widths": Misconception(
        "gives a convolution another number of maps than the one before it puts out",
        "The first convolution takes in_channels maps, each later one what the one before it puts "
        "out. What does the second of yours take?",
        tuple(
            vgg_layers(widths=widths)
            for widths in (
                lambda i, o, place, convs: (i, o),
                lambda i, o, place, convs: (i, o if place == convs - 1 else i),
                lambda i, o, place, convs: (o, o) if place else (i, o if convs == 1 else i),
                lambda i, o, place, convs: (o, o),
                lambda i, o, place, convs: (i if place else o, i),
                lambda i, o, place, convs: (o, i),
                lambda i, o, place, convs: (o * 2**(place - 1) if place else i, o * 2**place),
                lambda i, o, place, convs: (2 * o if place else i, o),
            )
        ),
        hint="Behind the first convolution there are out_channels maps: set in_channels to that "
        "at the end of each round.",
    ),
    "other_kernel": Misconception(
        "has kernels of another size than 3x3",
        "How wide are the kernels of VGG?",
        tuple(vgg_layers(kernel=kernel) for kernel in (1, 2, 5, 7)),
    ),
    "more_at_the_end": Misconception(
        "goes on after the pooling",
        "What is the last thing that the block does? Maps should come out.",
        (
            vgg(final=lambda x: x.reshape(len(x), -1)),
            vgg(final=_softmax_of_maps),
        ),
    ),
    "layer_reused": Misconception(
        "uses one convolution several times, so that its weights are shared",
        "Every convolution of the block has weights of its own. Where is each of them made?",
        vgg_layers(lambda convs: min(convs, 2)),
    ),
    "no_bias": Misconception(
        "leaves out biases",
        "Every filter has one bias. Which argument took them away?",
        vgg_layers(bias=False),
    ),
    "batch_norm": Misconception(
        "has batch norm, which the block of the paper does not know",
        "What does the block hold beside convolutions, ReLU and pooling?",
        (
            vgg_layers(norm=True),
            vgg_layers(bias=False, norm=True),
        ),
    ),
    **WRONG_MODULE,
    **wrong_in_training(right_vgg),
    "not_registered": NOT_REGISTERED,
}  # fmt: skip

"""Wrong ideas about the VGG block, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Misconception
from coursekit.checks.sets.modules import NOT_REGISTERED, WRONG_IN_TRAINING, WRONG_MODULE
from coursekit.checks.sets.networks import linear, sigmoid
from coursekit.checks.sets.set_14_vgg_and_googlenet.blocks import (
    average,
    pooled,
    vgg,
    vgg_layers,
)
from coursekit.scratch import relu

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
    **WRONG_MODULE,
    **WRONG_IN_TRAINING,
    "not_registered": NOT_REGISTERED,
}  # fmt: skip

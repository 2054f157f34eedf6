"""Wrong ideas about LeNet-5: in what it computes, and in the shapes of its weights."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.sets.networks import linear, sigmoid
from coursekit.checks.sets.set_12_lenet.lenet import Bend, average, largest, lenet
from coursekit.scratch import relu, softmax

Answer = Callable[..., Parts]


def _some(bend: Callable[[Array], Array], *places: tuple[int, ...]) -> tuple[Answer, ...]:
    """Return networks with another activation in some of the four places."""
    return tuple(lenet([bend if i in chosen else np.tanh for i in range(4)]) for chosen in places)


def _padded(mode: str, before: int = 2, after: int = 2) -> Answer:
    options: dict[str, Any] = {"mode": mode}
    sides = (before, after)
    return lenet(pad=lambda x: np.pad(x, ((0, 0), (0, 0), sides, sides), **options))


def _flat(change: Callable[[Array], Array]) -> Answer:
    return lenet(flat=change)


def _with_two(bend: Bend) -> tuple[Answer, ...]:
    """Return networks with another activation after the convolutions, and a second slip there."""
    both = (bend, bend, np.tanh, np.tanh)
    return (
        lenet(both, pools=(largest, largest)),
        lenet((bend,) * 4, pools=(largest, largest)),
        lenet(both, pooled_first=(True, True)),
        lenet((bend, np.tanh, np.tanh, np.tanh), pooled_first=(True, False)),
    )


def _bent(maps: Array) -> Array:
    """Return the means of 2 x 2 windows, through tanh once more."""
    return np.tanh(average(maps))


def _summed(maps: Array) -> Array:
    return 4 * average(maps)


_OTHER_BENDS: tuple[Bend, ...] = (
    lambda z: 1.7159 * np.tanh(2 * z / 3),
    lambda z: np.where(z > 0, z, 0.01 * z),
    lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    lambda z: z * sigmoid(z),
    lambda z: np.clip(z, -1, 1),
    lambda z: z / (1 + np.abs(z)),
    np.arctan,
    lambda z: np.abs(np.tanh(z)),
    np.sin,
)
_ALL, _EACH = (0, 1, 2, 3), tuple((i,) for i in range(4))


def _differ_in_training(parts: Parts) -> bool:
    return parts[0].shape == parts[1].shape and not np.allclose(parts[0], parts[1], atol=1e-4)


right_lenet = lenet()

_BENT = "tanh stands after four of the five layers with weights. After which ones is it in yours?"

WRONG_SCORES: dict[str, Misconception] = {
    "max_pooling": Misconception(
        "takes the largest value of a 2x2 window in place of the mean",
        "Which kind of pooling did the paper of 1998 have?",
        tuple(lenet(pools=p) for p in ((largest, largest), (largest, average), (average, largest))),
    ),
    "relu": Misconception(
        "uses ReLU in place of tanh",
        "Which activation did the paper of 1998 have, and what does it do to negative values?",
        (
            *_some(relu, _ALL, (0, 1), (2, 3), *_EACH),
            *_with_two(relu),
        ),
    ),
    "sigmoid": Misconception(
        "uses the logistic sigmoid in place of tanh",
        "Between which two numbers should the activations lie?",
        (
            *_some(sigmoid, _ALL, (0, 1), (2, 3), *_EACH),
            *_with_two(sigmoid),
        ),
    ),
    "other_activation": Misconception(
        "has another activation than tanh",
        "Which activation is asked for after the layers?",
        (*(lenet((bend,) * 4) for bend in _OTHER_BENDS),),
    ),
    "activation_missing": Misconception(
        "leaves out tanh after some layer",
        _BENT,
        _some(
            linear,
            *(
                tuple(i for i, out in enumerate(which) if out)
                for which in product((0, 1), repeat=4)
                if any(which)
            ),
        ),
    ),
    "tanh_twice": Misconception(
        "applies tanh twice in a row, or before the first layer",
        _BENT,
        (
            *_some(
                lambda z: np.tanh(np.tanh(z)),
                *(
                    tuple(i for i, there in enumerate(which) if there)
                    for which in product((0, 1), repeat=4)
                    if any(which)
                ),
            ),
            *(lenet(pools=pools) for pools in ((_bent, _bent), (_bent, average), (average, _bent))),
            lenet(flat=lambda x: np.tanh(x.reshape(len(x), -1))),
            lenet(prepared=np.tanh),
        ),
    ),
    "tanh_at_end": Misconception(
        "applies tanh to the scores, too",
        "The scores go into cross-entropy. May they lie outside -1 and 1?",
        lenet(last=np.tanh),
    ),
    "softmax_over_batch": Misconception(
        "applies softmax across the pictures of a batch",
        "Cross-entropy in PyTorch applies softmax itself. And which axis holds the classes?",
        lenet(last=lambda z: softmax(z.T).T),
    ),
    "relu_at_end": Misconception(
        "cuts the negative scores at the end",
        "A negative score says: not this class. Is that to be lost?",
        lenet(last=relu),
    ),
    "softmax_at_end": Misconception(
        "ends in softmax, or in its logarithm, in place of plain scores",
        "Cross-entropy in PyTorch applies softmax itself. What would two of them do?",
        (lenet(last=softmax), lenet(last=lambda z: np.log(softmax(z)))),
    ),
    "sigmoid_at_end": Misconception(
        "ends in sigmoids in place of plain scores",
        "The scores go into cross-entropy. May they lie outside 0 and 1?",
        lenet(last=sigmoid),
    ),
    "tanh_after_pooling": Misconception(
        "pools before it applies tanh",
        "The mean of four tanh is not the tanh of their mean. Which comes first in the table?",
        tuple(lenet(pooled_first=p) for p in ((True, True), (True, False), (False, True))),
    ),
    "pooled_before_convolution": Misconception(
        "pools before a convolution in place of after it",
        "C1, then S2: in which order do the first two lines of the table stand?",
        (
            lenet(pools=(linear, average), prepared=average),
            lenet(bends=(linear, *(np.tanh,) * 3), pools=(linear, average), prepared=average),
        ),
    ),
    "summed_pooling": Misconception(
        "adds up the four values of a window in place of their mean",
        "Four values of 1 in a window: what should pooling give?",
        tuple(lenet(pools=p) for p in ((_summed, _summed), (_summed, average), (average, _summed))),
    ),
    "stride_for_pooling": Misconception(
        "makes the maps smaller by steps of 2, without averaging",
        "What becomes of the three other values in each 2x2 window?",
        tuple(lenet(strides=s) for s in ((2, 2), (2, 1), (1, 2))),
    ),
    "other_padding": Misconception(
        "pads the pictures with something else than zeros",
        "padding=2 alone puts zeros around. What else is set?",
        tuple(_padded(mode) for mode in ("edge", "reflect", "wrap", "symmetric")),
    ),
    "padded_on_one_side": Misconception(
        "pads on one side only",
        "Two rows above, two below, two columns on either side. What did you give?",
        tuple(_padded("constant", *sides) for sides in ((0, 4), (4, 0))),
    ),
    "flattened_in_other_order": Misconception(
        "flattens the maps in another order",
        "Channel by channel, row by row is the order. What moves the axes before?",
        (
            _flat(lambda x: x.transpose(0, 2, 3, 1).reshape(len(x), -1)),
            _flat(lambda x: x.transpose(0, 1, 3, 2).reshape(len(x), -1)),
            _flat(lambda x: x.transpose(0, 3, 2, 1).reshape(len(x), -1)),
        ),
    ),
    "batch_mixed": Misconception(
        "mixes the pictures of a batch when it flattens",
        "Each row should hold one picture. Which axis must stay as it is?",
        (
            _flat(lambda x: x.reshape(-1, len(x)).T),
            _flat(lambda x: x.transpose(1, 0, 2, 3).reshape(len(x), -1)),
        ),
    ),
    "inputs_scaled": Misconception(
        "changes the pictures before the first layer",
        "The network takes the pictures as they come. Who scales them, and where?",
        tuple(
            lenet(prepared=change)
            for change in (
                lambda x: x / 255,
                lambda x: 2 * x - 1,
                lambda x: x - 0.5,
                lambda x: 1 - x,
                lambda x: 255 * x,
                lambda x: (x - 0.2860) / 0.3530,
                lambda x: (x - 0.1307) / 0.3081,
            )
        ),
    ),
    "random_in_training": Misconception(
        "gives other scores while it trains, as dropout does",
        "LeNet-5 of 1998 did not know it. Which of your layers is not in the table?",
        right_lenet,
        fits=_differ_in_training,
    ),
    "not_trainable": Misconception(
        "computes the right scores in a way that keeps training from changing its parameters",
        "backward follows the calculations from the scores back to each parameter. Where do yours "
        "leave PyTorch, or where is a parameter told to stay?",
        right_lenet,
        fits=lambda parts: not _differ_in_training(parts) and bool(parts[5].any()),
        hint="torch.no_grad(), .detach(), .data, .numpy() and requires_grad=False each cut the way "
        "back. In forward use torch alone, and leave them out: fit and accuracy know when nothing "
        "is to be learned.",
    ),
}

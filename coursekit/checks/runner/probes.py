"""The ways of asking an answer. They run beside it and give arrays and numbers back.

Nothing here is imported from the side that knows the right answers.
"""

from typing import Any

import numpy as np

from coursekit.checks.runner.augment_probes import cropped, flipped
from coursekit.checks.runner.convert import NotNumbersError, described, to_array
from coursekit.checks.runner.torch_probes import (
    shape_rows,
    torch_accuracy,
    torch_block,
    torch_epoch,
    torch_layers,
    torch_module,
)
from coursekit.checks.runner.torch_saliency import torch_saliency
from coursekit.checks.runner.torch_transfer import torch_frozen, torch_head

__all__ = [
    "call",
    "cropped",
    "dropped",
    "flipped",
    "keras_model",
    "overwrite",
    "pair",
    "rows_as_tuples",
    "torch_accuracy",
    "torch_block",
    "torch_epoch",
    "torch_frozen",
    "torch_head",
    "torch_layers",
    "torch_module",
    "torch_saliency",
]

KINDS = (
    "another layer", "Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D",
    "GlobalMaxPooling2D", "Flatten", "Dense", "Dropout", "ReLU", "Softmax", "Activation", "Reshape",
    "BatchNormalization", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose", "Rescaling",
    "ZeroPadding2D", "LayerNormalization", "Permute", "LeakyReLU", "ELU", "GaussianNoise",
    "SpatialDropout2D",
)  # fmt: skip
ACTIVATIONS = ("", "linear", "relu", "softmax", "sigmoid", "tanh")
# What `dropped` finds out about several calls of an answer.
FACTS = ("repeated", "varies", "count varies", "argument unchanged", "factors alike")
# Probes that give back a tuple of arrays.
SEVERAL_PARTS = frozenset(
    {"cropped", "dropped", "flipped", "keras_model", "pair", "torch_accuracy", "torch_block",
     "torch_epoch", "torch_frozen", "torch_head", "torch_layers", "torch_module", "torch_saliency"}
)  # fmt: skip
# Probes whose first part was returned by the answer itself.
RETURNED_FIRST = frozenset({"pair", "torch_accuracy", "torch_epoch"})
PLAIN = frozenset({"call", "pair"})  # the arguments are the answer's own, and it may change none


def call(answer: Any, *args: Any) -> Any:
    """Call a function with its arguments."""
    return answer(*args)


def pair(answer: Any, *args: Any) -> Any:
    """Call a function that returns two arrays.

    Raises
    ------
    NotNumbersError
        When it returned something else than two things.
    """
    value = answer(*args)
    if value is None or value is Ellipsis:
        return value
    if hasattr(value, "__array__"):
        if getattr(value, "ndim", 0) in (1, 2) and getattr(value.dtype, "kind", "") != "O":
            raise NotNumbersError("a single array")
    elif not isinstance(value, tuple | list):
        raise NotNumbersError(described(value))
    if len(value) != 2:
        raise NotNumbersError(f"{described(value)} with a length of {len(value)}")
    return value[0], value[1]


def overwrite(answer: Any, *args: Any) -> Any:
    """Call a function, then write other numbers over its first argument.

    The last of `args` holds them. A result that is a view of the argument changes with it;
    a copy does not.
    """
    *own, other = args
    result = answer(*own)
    own[0][...] = other
    return result


def rows_as_tuples(answer: Any, rows: Any) -> Any:
    """Call a function with the rows of an array of whole numbers, as a list of tuples."""
    return answer([tuple(row) for row in rows.tolist()])


def dropped(answer: Any, x: Any, p: float, seed: int) -> Any:
    """Call a function of an array, a probability and a generator several times; tell what it did.

    What right functions give differs from one to the next, since they draw in different ways. The
    same for all of them, and returned, are: whether the shape is that of `x`; the factors by which
    values were multiplied (sorted and rounded; one that is infinite where they change from call to
    call, one that is no number where there are many); the share that is 0, to a twentieth; `FACTS`
    about all calls, each 0 or 1; for each axis whether one choice serves for all places along it.
    `x` has no zeros, and so many values that the share is told apart for certain. To be shown, and
    different from answer to answer, are the factors of the first call, its first values, and how
    many different ones it has (10 stands for many).
    """
    first = np.random.default_rng(seed)
    before = x.copy()
    value = answer(x, p, first)
    if value is None or value is Ellipsis:
        return value
    result = to_array(value)[0].astype(np.float64)
    calls = [result]
    for number in (seed, *range(seed + 1, seed + 6)):
        again = answer(before.copy(), p, np.random.default_rng(number))
        calls.append(to_array(again)[0].astype(np.float64))
    first_values, different = np.ravel(result)[:8] + 0.0, np.array(min(10, len(np.unique(result))))
    none = np.zeros(0)
    if any(call.shape != before.shape for call in calls):
        return np.array(0), none, none, none, none, none, first_values, different
    with np.errstate(all="ignore"):
        factors = [np.unique(np.round(call / before, 4) + 0.0) for call in calls]
    alike = all(np.array_equal(factors[0], each, equal_nan=True) for each in factors[1:])
    masks = [call == 0 for call in calls[1:]]
    facts = (
        np.array_equal(calls[0], calls[1], equal_nan=True),
        not all(np.array_equal(masks[0], mask) for mask in masks[1:]),
        len({int(mask.sum()) for mask in masks}) > 1,
        np.array_equal(x, before),
        alike,
    )
    shared = [bool((masks[0] == masks[0].take([0], axis)).all()) for axis in range(before.ndim)]
    return (
        np.array(1),
        factors[0] if alike and len(factors[0]) < 7 else _no_factors(factors),
        np.round(20 * np.mean(masks)) / 20,
        np.array(facts, dtype=np.int64),
        np.array(shared, dtype=np.int64),
        factors[0][:8],
        first_values,
        different,
    )


def _no_factors(factors: Any) -> Any:
    """Return what stands for factors that change from call to call, or are many."""
    return np.array([np.inf if max(map(len, factors)) < 7 else np.nan])


def keras_model(build: Any, images: Any, *weights: Any) -> Any:
    """Build a Keras model; return what it is made of and what it gives for `images`.

    These are: output shape, number of parameters, weight shapes, number of parameters that training
    can change, outputs, outputs while it trains, whether it is compiled, whether it had an input
    of its own, and its layers in rows of `layer_rows`. The outputs are those with the given
    `weights` put in; they are empty where the weights do not fit. Weight shapes are rows of four,
    filled up with zeros.

    Raises
    ------
    ValueError
        When the model has no layers, or was made for other inputs.
    """
    model = build()
    if model is None or model is Ellipsis:
        return model
    if not all(hasattr(model, name) for name in ("get_weights", "set_weights", "count_params")):
        raise NotNumbersError(described(model))
    if getattr(model, "layers", None) == []:
        raise ValueError("the model has no layers yet, only its input")
    own_input = bool(getattr(model, "built", False))
    first = _first_outputs(model, images)
    shapes = [np.shape(part) for part in model.get_weights()]
    outputs = training = np.zeros((0,) * first.ndim)
    if shapes == [np.shape(part) for part in weights]:
        model.set_weights(list(weights))
        outputs = np.asarray(_plain(model(images)))
        training = np.asarray(_plain(model(images, training=True)))
    return (
        np.array(first.shape[1:], dtype=np.int64),
        np.array(int(model.count_params())),
        shape_rows(shapes),
        np.array(sum(int(np.prod(np.shape(w))) for w in model.trainable_weights)),
        outputs,
        training,
        np.array(int(bool(getattr(model, "compiled", False)))),
        np.array(int(own_input)),
        layer_rows(model),
    )


def layer_rows(model: Any) -> Any:
    """Return a row for each layer: kind, filters or units, side, activation, step, biases.

    Kind and activation are places in `KINDS` and `ACTIVATIONS`; side and step are those of the
    kernel or window; 0 stands for what is not known or not there.
    """
    rows = []
    for layer in getattr(model, "layers", []):
        kind = type(layer).__name__
        activation = getattr(getattr(layer, "activation", None), "__name__", "")
        if kind != "InputLayer":
            rows.append(
                [
                    KINDS.index(kind) if kind in KINDS else 0,
                    _number(getattr(layer, "filters", getattr(layer, "units", 0))),
                    _number(getattr(layer, "kernel_size", getattr(layer, "pool_size", 0))),
                    ACTIVATIONS.index(activation) if activation in ACTIVATIONS else 0,
                    _number(getattr(layer, "strides", 0)),
                    int(bool(getattr(layer, "use_bias", False))),
                ]
            )
    return np.array(rows, dtype=np.int64).reshape(-1, 6)


def _number(value: Any) -> int:
    """Return a whole number, or the first of several."""
    first = value[0] if isinstance(value, tuple | list) and value else value
    return first if isinstance(first, int) else 0


def _first_outputs(model: Any, images: Any) -> Any:
    """Return what a new model gives for `images`; say so where it was made for other ones."""
    try:
        return np.asarray(_plain(model(images)))
    except Exception:
        takes = getattr(model, "input_shape", None)
        if not isinstance(takes, tuple) or takes[1:] == images.shape[1:]:
            raise
    raise ValueError(f"the model takes inputs of {takes[1:]}, the images are {images.shape[1:]}")


def _plain(value: Any) -> Any:
    """Return a tensor of any backend as something that NumPy reads."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value

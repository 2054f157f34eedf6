"""Set 10: a first convolutional network in Keras, checked by what it computes.

The right outputs come from NumPy: the weights and images are drawn here and put into the model.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Check,
    Exercise,
    Misconception,
    Parts,
    Words,
    only,
)
from coursekit.checks.runner.probes import KINDS
from coursekit.checks.sets.networks import TOO_LARGE, linear, sigmoid
from coursekit.checks.sets.set_10_fashion_mnist_keras.sentences import (
    KERAS_ERRORS,
    keras_differences,
)
from coursekit.checks.sets.sliding import windows
from coursekit.scratch import relu, softmax

PARAMETERS = 63_050
_WEIGHTS = np.array([[3, 3, 1, 32], [32, 0, 0, 0], [6272, 10, 0, 0], [10, 0, 0, 0]])
# kind, filters or units, side, activation, step, biases: see probes.layer_rows
_LAYERS = np.array(
    [[1, 32, 3, 2, 1, 1], [2, 0, 2, 0, 2, 0], [6, 0, 0, 0, 0, 0], [7, 10, 0, 3, 0, 1]]
)
_PARTS = (
    "output shape",
    "number of parameters",
    "weight shapes",
    "number of parameters that training can change",
    "outputs",
    "outputs while it trains",
    "being compiled",
    "having an input",
    "layers",
)


def _images_and_weights(pick: Pick) -> Args:
    rng = pick.generator()
    shapes = [(4, 28, 28, 1), (3, 3, 1, 32), (32,), (6272, 10), (10,)]
    some_large = np.geomspace(0.4, 4, 32)  # one scale a filter
    scales: list[float | Array] = [1.0, some_large, 0.3, 0.005, 0.5]
    arrays = [
        (rng.standard_normal(shape) * scale).astype(np.float32)
        for shape, scale in zip(shapes, scales, strict=True)
    ]
    arrays[0] = rng.random(shapes[0]).astype(np.float32)
    return tuple(arrays)


def _model(
    activation: Callable[[Array], Array] = relu,
    last: Callable[[Array], Array] = softmax,
    pool: Callable[..., Array] = np.max,
    pool_first: bool = False,
    strided: bool = False,
    holes: int = 1,
) -> Callable[..., Parts]:
    """Return a function that gives what the probe would report of the model."""

    def parts(images: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Parts:
        pictures = images[..., 0].astype(np.float64)
        if pool_first:
            pictures = pool(pictures.reshape(-1, 14, 2, 14, 2), axis=(2, 4))
        padded = np.pad(pictures, ((0, 0), *((0 if strided else holes, holes),) * 2))
        reach = 2 * holes + 1
        patches = windows(padded, (1, reach, reach))[..., ::holes, ::holes]
        patches = patches[:, :: 2 if strided else 1, :: 2 if strided else 1]
        patches = patches.reshape(*patches.shape[:3], 9)
        maps = activation(patches @ w1.reshape(9, 32).astype(np.float64) + b1)
        if not pool_first and not strided:
            maps = pool(maps.reshape(len(images), 14, 2, 14, 2, 32), axis=(2, 4))
        outputs = last(maps.reshape(len(images), -1) @ w2.astype(np.float64) + b2)
        facts = np.array([10]), np.array(PARAMETERS), _WEIGHTS, np.array(PARAMETERS)
        return *facts, outputs, outputs, np.array(0), np.array(1), _LAYERS

    return parts


def _gelu(z: Array) -> Array:
    bent: Array = z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2
    return bent


def _has_convolution(parts: Parts) -> bool:
    return bool(np.any(parts[2][:, 3] > 0)) if len(parts[2]) else False


def _differ(outputs: Array, others: Array) -> bool:
    return not np.allclose(outputs, others, atol=1e-4)


def _over_the_batch(z: Array) -> Array:
    """Return the softmax along the pictures, not along the classes."""
    shares: Array = softmax(z.T).T
    return shares


_OTHERS = (
    "another layer", "BatchNormalization", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose",
    "Rescaling", "ZeroPadding2D", "LayerNormalization", "Permute",
)  # fmt: skip


def _asked_layers(parts: Parts) -> bool:
    """Say whether all layers are of kinds that a right model, or a slip in one of them, has."""
    return not any(KINDS[row[0]] in _OTHERS for row in parts[8].tolist())


def _pools_otherwise(parts: Parts) -> bool:
    """Say whether the pooling has another window or step, and leaves maps of 14 x 14."""
    pools = [row for row in parts[8].tolist() if KINDS[row[0]] == "MaxPooling2D"]
    same = np.array_equal(parts[2], _WEIGHTS)
    return same and len(pools) == 1 and [pools[0][2], pools[0][4]] != [2, 2]


def _ten_outputs(parts: Parts) -> bool:
    return bool(parts[0].tolist() == [10])


def _biases_missing(parts: Parts) -> bool:
    """Say whether some layer has weights without a bias."""
    axes = [sum(1 for n in row if n) for row in parts[2].tolist()]
    return axes.count(1) < len(axes) - axes.count(1)


def _only_dense_differs(parts: Parts) -> bool:
    """Say whether the convolution is right, and other numbers than 14 * 14 * 32 reach the end."""
    shapes = parts[2].copy()
    if not (_ten_outputs(parts) and _asked_layers(parts)) or shapes.shape != _WEIGHTS.shape:
        return False
    shapes[2, 0] = _WEIGHTS[2, 0]
    return np.array_equal(shapes, _WEIGHTS) and not np.array_equal(parts[2], _WEIGHTS)


def _counts(test: Callable[[int], bool]) -> Callable[[Parts], bool]:
    """Return whether a model with a convolution and ten outputs has such a number of parameters."""
    return lambda parts: (
        _ten_outputs(parts)
        and _has_convolution(parts)
        and _asked_layers(parts)
        and test(int(parts[1]))
        and not _only_dense_differs(parts)
        and not _biases_missing(parts)
    )


def _dense_inputs(*several: int) -> Callable[[Parts], bool]:
    """Return whether only the dense layer differs, and gets one of these numbers of inputs."""
    return lambda parts: _only_dense_differs(parts) and int(parts[2][2, 0]) in several


def _ranking(parts: Parts) -> Parts:
    """Return the classes of each image in order of their outputs."""
    return (np.argsort(parts[4], axis=-1),)


_COUNT_THEM = "Compare each layer with its station: how many filters, how large, how many units?"

_WRONG: dict[str, Misconception] = {
    "output_shape": Misconception(
        "does not give ten numbers for an image",
        "How many classes are there, and what must happen to the maps before the last layer?",
        fits=lambda parts: not _ten_outputs(parts),
    ),
    "softmax_twice": Misconception(
        "applies softmax twice",
        "Softmax of probabilities makes them all nearly alike. In how many places is it written?",
        _model(last=lambda z: softmax(softmax(z))),
    ),
    "no_softmax": Misconception(
        "leaves the last layer without softmax",
        "The ten outputs should be probabilities. What do yours add up to?",
        _model(last=linear),
        hint="Dense takes an activation as Conv2D does: its name, as a text, in activation=.",
    ),
    "sigmoid_output": Misconception(
        "ends in ten separate sigmoids in place of softmax",
        "One image belongs to one class: the ten outputs should add up to 1.",
        _model(last=sigmoid),
    ),
    "softmax_over_batch": Misconception(
        "applies softmax across the pictures in place of across the ten classes",
        "The ten outputs for one picture should add up to 1. Which axis holds the classes?",
        _model(last=_over_the_batch),
        hint='activation="softmax" in Dense, and Softmax() as it is, take the last axis: the '
        "classes.",
    ),
    "log_softmax": Misconception(
        "ends in the logarithm of softmax",
        "The ten outputs should be probabilities. May one of them be negative?",
        _model(last=lambda z: np.log(softmax(z))),
    ),
    "dilated": Misconception(
        "leaves holes between the cells of its kernels (dilation)",
        "Station 2 names the number of kernels, their size, a padding and an activation. Which "
        "other argument is set?",
        _model(holes=2),
    ),
    "relu_before_softmax": Misconception(
        "cuts the negative scores before softmax",
        "A negative score says: not this class. Is that to be lost?",
        _model(last=lambda z: softmax(relu(z))),
    ),
    "no_activation": Misconception(
        "has a convolution without an activation",
        "Station 2 asks for ReLU. Which argument of Conv2D sets it?",
        _model(activation=linear),
        hint="Without activation= a convolution gives its sums as they are, negative ones too.",
    ),
    "other_activation": Misconception(
        "has another activation than ReLU after the convolution",
        "What should happen to negative values, and what to positive ones?",
        (
            _model(activation=np.tanh),
            _model(activation=sigmoid),
            _model(activation=lambda z: np.where(z > 0, z, 0.3 * z)),
            _model(activation=lambda z: np.where(z > 0, z, 0.2 * z)),
            _model(activation=lambda z: np.where(z > 0, z, 0.01 * z)),
            _model(activation=lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0)))),
            _model(activation=lambda z: np.clip(z, 0, 6)),
            _model(activation=lambda z: z * sigmoid(z)),
            _model(activation=lambda z: np.logaddexp(z, 0)),
            _model(activation=_gelu),
        ),
    ),
    "softmax_on_convolution": Misconception(
        "has softmax after the convolution in place of ReLU",
        "Which station asks for probabilities, and which for ReLU?",
        _model(activation=softmax),
    ),
    "relu_output": Misconception(
        "ends in ReLU in place of softmax",
        "The ten outputs should be probabilities. What do yours add up to?",
        _model(last=relu),
    ),
    "activations_swapped": Misconception(
        "has softmax after the convolution and ReLU at the end",
        "Which station asks for probabilities, and which for ReLU?",
        _model(activation=softmax, last=relu),
    ),
    "pooling_first": Misconception(
        "pools before it convolves",
        "In which order do the stations come? What would the convolution get to see here?",
        _model(pool_first=True),
    ),
    "average_pooling": Misconception(
        "takes the mean of each 2x2 window in place of its largest value",
        "Which kind of pooling is asked for?",
        _model(pool=np.mean),
    ),
    "steps_for_pooling": Misconception(
        "makes the maps smaller by a convolution in steps of 2, without pooling",
        "Which station looks at four values and keeps the largest?",
        _model(strided=True),
        hint="strides= belongs to no station here. MaxPooling2D(2) alone halves the maps.",
    ),
    "random_in_training": Misconception(
        "gives other outputs while it trains, as dropout and noise do",
        "Five steps were asked for. Which of your layers is not among them?",
        fits=lambda parts: parts[4].shape == parts[5].shape and _differ(parts[4], parts[5]),
        hint="Dropout and GaussianNoise change numbers by chance while a model trains. They are "
        "useful, and no station asks for one.",
    ),
    "frozen": Misconception(
        "has parameters that training cannot change",
        "Where is trainable set to False?",
        fits=lambda parts: int(parts[3]) < int(parts[1]) and np.array_equal(parts[2], _WEIGHTS),
        hint="layer.trainable = False freezes a layer: it stays as it began, by chance. Leave the "
        "line out.",
    ),
    "no_convolution": Misconception(
        "has no convolution",
        "What looks for the same small pattern everywhere in the image?",
        fits=lambda parts: (
            _ten_outputs(parts) and _asked_layers(parts) and not _has_convolution(parts)
        ),
    ),
    "other_layer": Misconception(
        "has a layer that no station asks for, or one of another kind",
        "Put your layers beside the stations: convolution, pooling, flatten, dense. Which is none?",
        fits=lambda parts: (
            _ten_outputs(parts)
            and not _asked_layers(parts)
            and not (parts[4].shape == parts[5].shape and _differ(parts[4], parts[5]))
        ),
    ),
    "no_pooling": Misconception(
        "does not make the maps smaller: the dense layer gets all 28 * 28 * 32 numbers",
        "What makes the maps half as high and half as wide, and in which steps does it move?",
        fits=_dense_inputs(28 * 28 * 32),
        hint="keras.layers.MaxPooling2D(2) stands between the convolution and Flatten.",
    ),
    "valid_padding": Misconception(
        "convolves without padding, so the maps are 26 x 26",
        "How large are the maps after the convolution, and how large should they be?",
        fits=_dense_inputs(13 * 13 * 32),
        hint='Without padding= a Keras convolution has the padding "valid": none. The station '
        "names another word.",
    ),
    "other_pooling": Misconception(
        "makes the maps smaller in another way than by 2 x 2 windows side by side",
        "How large are the maps that leave the pooling? Two numbers decide it: the side of the "
        "window, and the step.",
        fits=lambda parts: (
            (_only_dense_differs(parts) and int(parts[2][2, 0]) not in (28 * 28 * 32, 13 * 13 * 32))
            or _pools_otherwise(parts)
        ),
        hint="keras.layers.MaxPooling2D(2) has windows of 2 x 2, and its step is the window's side "
        "unless strides= says otherwise. Half of 28 is 14.",
    ),
    "no_bias": Misconception(
        "leaves out the biases of a layer",
        "Every filter and every unit has a bias. Which argument took it away?",
        fits=lambda parts: (
            _ten_outputs(parts)
            and _has_convolution(parts)
            and _asked_layers(parts)
            and _biases_missing(parts)
        ),
        hint="Layers have biases unless use_bias=False says otherwise.",
    ),
    "too_many_parameters": Misconception(
        "has too many parameters",
        _COUNT_THEM,
        fits=_counts(lambda count: count > PARAMETERS),
    ),
    "too_few_parameters": Misconception(
        "has too few parameters",
        _COUNT_THEM,
        fits=_counts(lambda count: count < PARAMETERS),
    ),
}


def _check(name: str, points: float, count: int, look: Any) -> Check:
    return Check(name, points, _images_and_weights, count, probe="keras_model", look=look)


def _remark(parts: Parts) -> str:
    """Say what is out of the ordinary in a right model, and what could not be checked."""
    said = []
    if parts[6]:
        said.append("It is compiled already, which was for later; it counts.")
    if not parts[7]:
        said.append(
            "It has no keras.Input, so station 1 was not checked: it takes the shape of whatever "
            "comes first."
        )
    return " ".join(said)


EXERCISES = (
    Exercise(
        name="build_model",
        parameters=("images", "filters", "filter biases", "dense weights", "dense biases"),
        oracle=_model(),
        checks=(
            _check("the order of the ten outputs, for weights put in", 2.0, 2, _ranking),
            _check("the ten probabilities, for weights put in", 2.5, 2, only(4)),
            _check(
                "shapes and parameters, all of which training can change, and nothing random",
                1.5,
                1,
                only(0, 1, 2, 3, 4, 5),
            ),
        ),
        misconceptions=_WRONG,
        hints=(
            "The picture goes through five steps: input, convolution, pooling, flatten, dense. "
            "Write them down in this order.",
            "keras.Sequential takes a list: after keras.Input come keras.layers.Conv2D, "
            "keras.layers.MaxPooling2D, keras.layers.Flatten and keras.layers.Dense, one for each "
            "station. padding= and activation= are arguments of a layer.",
            "keras.layers.Conv2D(32, 3, padding=..., activation=...) is station 2: put in the two "
            "words that the station names. Dense takes its number of units and an activation in "
            "the same way; Flatten() takes nothing.",
        ),
        parts=_PARTS,
        compared=6,
        tolerance=1e-4,
        direct=True,
        prepare=("keras",),
        words=Words(
            "A keras.Model",
            asked="batches of 4 pictures",
            slow=TOO_LARGE,
            errors=KERAS_ERRORS,
            explain=lambda args, got, expected, idea: keras_differences(
                _PARTS, got, expected, idea
            ),
            remark=_remark,
        ),
    ),
)

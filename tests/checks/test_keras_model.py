"""The checks of `build_model`: right models in several styles, faults by name."""

import numpy as np
import pytest

from coursekit.checks import check, misconceptions

keras = pytest.importorskip("keras")
layers = keras.layers


def model(*middle, shape=(28, 28, 1)):
    return lambda: keras.Sequential([keras.Input(shape=shape), *[make() for make in middle]])


def conv(filters=32, size=3, padding="same", activation="relu"):
    return lambda: layers.Conv2D(filters, size, padding=padding, activation=activation)


def pool(size=2):
    return lambda: layers.MaxPooling2D(size)


def average():
    return layers.AveragePooling2D(2)


def dense(units=10, activation="softmax"):
    return lambda: layers.Dense(units, activation=activation)


def functional():
    x = inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, (3, 3), padding="same")(x)
    x = layers.ReLU()(x)
    x = layers.MaxPool2D((2, 2), strides=2)(x)
    x = layers.Reshape((-1,))(x)
    return keras.Model(inputs, layers.Softmax()(layers.Dense(10)(x)))


class Subclass(keras.Model):
    def __init__(self):
        super().__init__()
        self.steps = [
            layers.Conv2D(32, 3, padding="same"),
            layers.MaxPooling2D(),  # ReLU after max pooling gives the same
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]

    def call(self, x):
        for step in self.steps:
            x = step(x)
        return keras.ops.softmax(x)


def with_dropout():
    return keras.Sequential(
        [
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, "softmax"),
        ]
    )


def only_built_when_called():
    return keras.Sequential(
        [
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )


def frozen():
    built = RIGHT[0]()
    built.layers[0].trainable = False
    return built


def steps(layer, *args, **options):
    return lambda: layer(*args, **options)


RIGHT = [
    model(conv(), pool(), layers.Flatten, dense()),
    functional,
    Subclass,
    only_built_when_called,
]

WRONG = [
    (model(conv(), pool(), dense()), "output_shape"),
    (model(conv(), pool(), layers.Flatten, dense(9)), "output_shape"),
    (model(conv(), pool(), layers.Flatten, dense(), layers.Softmax), "softmax_twice"),
    (model(conv(), pool(), layers.Flatten, dense(activation=None)), "no_softmax"),
    (model(conv(), pool(), layers.Flatten, dense(activation="sigmoid")), "sigmoid_output"),
    (model(conv(activation=None), pool(), layers.Flatten, dense()), "no_activation"),
    (model(conv(activation="tanh"), pool(), layers.Flatten, dense()), "other_activation"),
    (model(conv(activation="relu6"), pool(), layers.Flatten, dense()), "other_activation"),
    (model(conv(activation="gelu"), pool(), layers.Flatten, dense()), "other_activation"),
    (model(conv(activation="softmax"), pool(), layers.Flatten, dense()), "softmax_on_convolution"),
    (model(conv(), average, layers.Flatten, dense()), "average_pooling"),
    (with_dropout, "random_in_training"),
    (model(conv(), lambda: layers.GaussianNoise(0.1), pool(), layers.Flatten, dense()),
     "random_in_training"),
    (model(conv(padding="valid"), pool(), layers.Flatten, dense()), "valid_padding"),
    (model(conv(), layers.Flatten, dense()), "no_pooling"),
    (model(layers.Flatten, dense()), "no_convolution"),
    (model(layers.Flatten, dense(128, "relu"), dense()), "no_convolution"),
    (model(conv(64), pool(), layers.Flatten, dense()), "too_many_parameters"),
    (model(conv(size=5), pool(), layers.Flatten, dense()), "too_many_parameters"),
    (model(conv(), pool(), layers.Flatten, dense(64, "relu"), dense()), "too_many_parameters"),
    (model(conv(16), pool(), layers.Flatten, dense()), "too_few_parameters"),
    (model(conv(), layers.GlobalAveragePooling2D, dense()), "other_pooling"),
    (model(conv(), pool(3), layers.Flatten, dense()), "other_pooling"),
    (model(conv(), steps(layers.MaxPooling2D, 2, strides=1), layers.Flatten, dense()),
     "other_pooling"),
    (model(steps(layers.Conv2D, 32, 3, strides=2, padding="same", activation="relu"),
           layers.Flatten, dense()), "steps_for_pooling"),
    (model(steps(layers.Conv2D, 32, 3, padding="same", activation="relu", use_bias=False),
           pool(), layers.Flatten, dense()), "no_bias"),
    (model(conv(), pool(), layers.Flatten,
           steps(layers.Dense, 10, "softmax", use_bias=False)), "no_bias"),
    (frozen, "frozen"),
    (model(conv(), pool(), layers.Flatten, dense(activation="relu"), layers.Softmax),
     "relu_before_softmax"),
    (model(steps(layers.SeparableConv2D, 32, 3, padding="same", activation="relu"), pool(),
           layers.Flatten, dense()), "other_layer"),
    (model(steps(layers.Rescaling, 1 / 255), conv(), pool(), layers.Flatten, dense()),
     "other_layer"),
    (model(steps(layers.ZeroPadding2D, 2), conv(padding="valid"), pool(), layers.Flatten, dense()),
     "other_layer"),
    (model(conv(activation=None), layers.LeakyReLU, pool(), layers.Flatten, dense()),
     "other_activation"),
    (model(conv(), steps(layers.MaxPooling2D, 3, strides=2, padding="same"), layers.Flatten,
           dense()), "other_pooling"),
    (model(conv(), pool(), layers.Flatten, dense(activation=None),
           steps(layers.Softmax, axis=0)), "softmax_over_batch"),
    (model(conv(), pool(), layers.Flatten, dense(activation="log_softmax")), "log_softmax"),
    (model(steps(layers.Conv2D, 32, 3, padding="same", activation="relu", dilation_rate=2),
           pool(), layers.Flatten, dense()), "dilated"),
    # two faults that meet in the outputs alone
    (model(conv(activation=None), pool(), layers.Flatten, dense(activation=None)), None),
    (model(conv(activation=None), average, layers.Flatten, dense()), None),
]  # fmt: skip


@pytest.mark.parametrize("i", range(len(RIGHT)))
def test_right_models_pass(i):
    result = check("build_model", RIGHT[i])
    assert result.passed, result.message
    assert result.points == result.max_points == 6


@pytest.mark.parametrize("i", range(len(WRONG)))
def test_faults_are_rejected_and_named(i):
    build, expected = WRONG[i]
    result = check("build_model", build)
    assert not result.passed
    assert result.misconception == expected, result.message
    if expected:
        assert misconceptions("build_model")[expected] in result.message
    assert result.counterexample is not None


def compiled():
    built = RIGHT[0]()
    built.compile(loss="sparse_categorical_crossentropy")
    return built


@pytest.mark.parametrize(("build", "says"), [
    (RIGHT[0], ""), (compiled, "compiled already"), (only_built_when_called, "no keras.Input"),
])  # fmt: skip
def test_what_is_out_of_the_ordinary_passes_with_a_remark(build, says):
    result = check("build_model", build)
    assert result.passed and result.points == 6 and says in result.message
    assert len(result.message.splitlines()) == 1 + bool(says)


@pytest.mark.parametrize("build", [with_dropout, frozen])
def test_what_cannot_be_trained_as_asked_loses_points(build):
    result = check("build_model", build)
    assert not result.passed and 4 <= result.points < 6


def test_outputs_that_fit_no_known_fault_are_not_shown_as_shapes():
    said = check("build_model", WRONG[-1][0]).message
    assert "wanted" in said.lower() and "0 x 0" not in said


def test_missing_softmax_keeps_the_points_for_the_order():
    assert check("build_model", WRONG[3][0]).points == 2


def test_what_is_no_model():
    assert "not attempted yet" in check("build_model", lambda: None).message
    said = check("build_model", lambda: 3).message
    assert "wrong type: an int. A keras.Model was expected" in said
    other_size = check("build_model", model(conv(), layers.Flatten, dense(), shape=(32, 32, 3)))
    assert "input is (32, 32, 3), but the pictures are (28, 28, 1)" in other_size.message
    given = check("build_model", RIGHT[0]())
    assert not given.passed


def test_the_outputs_that_are_expected_are_those_of_keras():
    from coursekit.checks import exercise
    from coursekit.checks.engine.draw import questions

    asked = exercise("build_model")
    question = questions(asked)[-2]
    images, *weights = question.args
    built = functional()
    built.set_weights(weights)
    outputs = np.asarray(keras.ops.convert_to_numpy(built(images)))
    np.testing.assert_allclose(asked.oracle(*question.args)[4], outputs, atol=1e-5)
    assert built.count_params() == 63_050

"""What is said about a network that is not right yet: its layers, its inputs, its outputs."""

import pytest
from test_keras_model import Subclass, conv, dense, keras, layers, model, pool

from coursekit.checks import check, hint
from coursekit.checks.runner.clock import Allowance


def whole(**options):
    return model(conv(), pool(), layers.Flatten, dense(), **options)


@pytest.mark.parametrize(("build", "says"), [
    (whole(shape=(28, 28)), "Your input is 28 x 28; the channel is missing"),
    (whole(shape=(28, 28, 3)), "Your input is (28, 28, 3), but the pictures are (28, 28, 1)"),
    (whole(shape=(1, 28, 28)), "Is the channel the last number of the input?"),
    (model(), "nothing but the input"),
    (model(layers.Flatten, conv()), "one long row of numbers"),
    (model(conv(), layers.Flatten, pool(), dense()), "one long row of numbers"),
    (model(conv(padding=1)), "padding= takes a word"),
    (model(lambda: layers.Conv2D(32, 3, padding=same)),  # noqa: F821 - that is the mistake
     'Without quotation marks same is the name of a variable. padding= and activation= take a '
     'text: "same".'),
    (model(conv(), shape=(60000, 28, 28, 1)), "How many pictures there are is no part of it."),
    (model(conv(), pool(3), layers.Flatten, dense()),
     "Station 3 is MaxPooling2D of 3 x 3, in steps of 3; wanted: MaxPooling2D of 2 x 2, in steps"),
    (model(conv(64), pool(), layers.Flatten, dense()),
     "Station 2 is Conv2D with 64 filters of 3 x 3 and relu; wanted: Conv2D with 32 filters"),
    (model(conv(), pool(), layers.Flatten, dense(64, "relu"), dense()),
     "Your layers: Conv2D, MaxPooling2D, Flatten, Dense, Dense. Wanted: Conv2D, MaxPooling2D, "
     "Flatten, Dense."),
    (model(conv(activation=None), pool(), layers.Flatten, dense(activation=None)),
     "Station 5 is Dense with 10 units and no activation; wanted: Dense with 10 units and softmax"),
])  # fmt: skip
def test_faults_are_told_in_plain_words(build, says):
    text = check("build_model", build).message
    assert says in text, text
    assert "63,050" not in text and "traceback" not in text and "Python says" not in text
    assert "0 x 0" not in text


def test_outputs_are_shown_as_probabilities_of_one_picture():
    class Halved(Subclass):
        def call(self, x):
            return super().call(x) / 2

    text = check("build_model", Halved).message
    assert "for one picture, with weights put in: 0." in text and "5 batches of 4 pictures" in text


@pytest.mark.parametrize(("build", "expected"), [
    (model(conv(), pool(), layers.Flatten, dense(activation="relu")), "relu_output"),
    (model(conv(activation="softmax"), pool(), layers.Flatten, dense(activation="relu")),
     "activations_swapped"),
    (model(pool(), conv(), layers.Flatten, dense()), "pooling_first"),
])  # fmt: skip
def test_stations_mixed_up_are_named(build, expected):
    assert check("build_model", build).misconception == expected


def test_a_model_in_place_of_the_function():
    given = check("build_model", whole()())
    assert not given.passed and 'check("build_model", build_model)' in given.message
    assert "without brackets" in given.message


@pytest.mark.parametrize("step", [1, 2, 3])
def test_hints_leave_the_counting_to_the_student(step):
    text = hint("build_model", step)
    assert "63,050" not in text and "summary" not in text
    assert text.count("layers.") == text.count("keras.layers.")


def test_a_line_of_a_library_is_not_called_the_students():
    def build():
        return keras.Sequential([layers.Dense("many")])

    text = check("build_model", build).message
    assert "with_traceback" not in text and "site-packages" not in text


def test_a_network_that_is_far_too_large_is_no_endless_loop(monkeypatch):
    monkeypatch.setattr("coursekit.checks.run.Allowance", lambda: Allowance(0.3, 0.3))

    def endless():
        while True:
            pass

    text = check("build_model", endless).message
    assert "network may be far too large" in text and "endless" not in text

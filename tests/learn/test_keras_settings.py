"""What a user's `keras.json` and the shell say of Keras does not decide what the course does."""

import json
import os
import subprocess
import sys

import pytest

from coursekit._keras import settle_keras

OTHER = {
    "backend": "tensorflow",
    "image_data_format": "channels_first",
    "floatx": "float16",
    "epsilon": 0.1,
}


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(OTHER))
    return tmp_path


def test_the_course_s_solution_is_right_whatever_the_user_s_settings_are(home, project):
    variables = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    variables |= {
        "HOME": str(home),
        "KERAS_HOME": str(home / ".keras"),
        "KERAS_BACKEND": "tensorflow",
    }
    solution = project / "solutions" / "10_fashion_mnist_keras.ipynb"
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", "check", str(solution)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 of 1 right" in done.stdout


def test_keras_that_was_imported_first_is_set_right():
    import keras

    keras.config.set_image_data_format("channels_first")
    keras.config.set_floatx("float64")
    settle_keras()
    assert keras.config.image_data_format() == "channels_last"
    assert keras.config.floatx() == "float32"

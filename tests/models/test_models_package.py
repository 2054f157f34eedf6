import subprocess
import sys

import pytest

from coursekit import models


def test_every_name_is_there_and_is_what_its_file_holds():
    for name in models.__all__:
        assert getattr(models, name).__name__ == name
    assert set(models.__all__) <= set(dir(models))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'LeNet6'"):
        models.LeNet6  # noqa: B018


def test_neither_torch_nor_keras_is_loaded_before_a_network_is_asked_for():
    code = (
        "import sys, coursekit.models as m; print('torch' in sys.modules); m.LeNet5; "
        "print('torch' in sys.modules, 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False"]

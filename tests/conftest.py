"""Fixtures that tests of several parts share."""

import sys
from pathlib import Path

import pytest
from sample_project import make_sample

from coursekit.course import build
from coursekit.course.environment import data_mirror


@pytest.fixture(autouse=True)
def keras_log_leaves_the_capture_open():
    """Give the log that Keras brings along the true stderr.

    It keeps the stream it finds when it is imported, here pytest's, and closes it when another
    library sets up logging; every test after that would fail.
    """
    yield
    absl = sys.modules.get("absl.logging")
    if absl is not None:
        absl.get_absl_handler().python_handler.stream = sys.__stderr__


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The mirror of the data sets; where there is none, the test is skipped."""
    mirror = data_mirror()
    if mirror is None:
        pytest.skip("no mirror of the data sets; set COURSEKIT_DATA to a folder that holds one")
    return mirror


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory) -> Path:
    """A project with one tiny lesson and its exercise, built; do not change what is in it."""
    root = make_sample(tmp_path_factory.mktemp("sample"))
    assert build.main(["--root", str(root)]) == 0
    return root

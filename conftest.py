"""What every run of pytest in this project has in common."""

import gc
import os
import signal
import sys
from pathlib import Path

import hypothesis
import pytest

from coursekit.course.environment import data_mirror

sys.path.insert(0, str(Path(__file__).parent / "tests" / "plugins"))

# A program that starts this in the background ignores Ctrl-C for it, and so for the processes that
# tests interrupt.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Before NumPy or torch is loaded: sums are compared, and their order changes with the threads.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("KERAS_BACKEND", "torch")
# A student's own session must not reach the tests.
for name in ("COURSEKIT_WORKSPACE", "COURSEKIT_ANSWERS", "COURSEKIT_HEADLESS"):
    os.environ.pop(name, None)

if (mirror := data_mirror()) is not None:
    os.environ["COURSEKIT_DATA"] = str(mirror)

# On a busy machine the time of an example says nothing of the code.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")

pytest_plugins = ["notebook_runs", "closing_lines", "needs", "longest_first", "postgresql_server"]

# Not to be searched for doctests, as their common name is taken once; their fixtures stay.
collect_ignore_glob = ["conftest.py", "tests/conftest.py", "tests/*/conftest.py"]


def pytest_collection_finish():
    """Let no collection of garbage look again through all that is loaded by now."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_number_format():
    """Print numbers as NumPy does by default after a test, too, that let a cell change it."""
    import numpy as np

    with np.printoptions():
        yield

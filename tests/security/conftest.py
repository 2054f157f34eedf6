"""One guarded grader for the whole suite, and a look at the machine before and after it.

Where there is no sandbox these tests fail; they do not skip.
"""

import sys

import pytest

from coursekit.grading.engine import Grader
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.report import sandbox_report

TIGHT = Limits(
    cell=1.5, all_cells=4.0, function=1.5, grace=1.0, memory=192 << 20, processes=24,
    temporary=8 << 20, temporary_files=50,
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def sandbox_is_there():
    """Grading needs a sandbox; tests of it even more so."""
    if sys.platform != "linux":
        pytest.skip("the sandbox runs on Linux only")
    report = sandbox_report()
    assert report.usable, report.missing


@pytest.fixture(scope="session")
def guarded(sandbox_is_there):
    """A grader of set 03 with tight limits."""
    with Grader("03_convolution_2d", seed=5, limits=TIGHT) as one:
        yield one


@pytest.fixture(scope="session")
def walls(sandbox_is_there):
    """A warm worker with tight limits, for single cells."""
    from coursekit.grading.sandbox.worker import Worker

    worker = Worker(["numpy"], TIGHT, "walls")
    worker.ready()
    yield worker
    worker.close()


@pytest.fixture
def graded(guarded):
    """Grade one submission, then see that the next student has lost nothing by it."""

    def one(content, student="mallory"):
        (outcome,) = guarded.outcomes([(student, content)])
        return outcome

    return one


@pytest.fixture
def neighbour(guarded):
    """Grade an honest submission and see that it gets its marks."""
    from hostile_notebooks import FULL, marks, right

    def check():
        (outcome,) = guarded.outcomes([("bob", right())])
        assert (outcome.status, marks(outcome), outcome.events) == ("graded", FULL, ())

    return check

"""One guarded grader for the whole suite, and a look at the machine before and after it.

Where there is no sandbox these tests are skipped, by name and with the reason.
"""

import pytest

from coursekit.grading.engine import Grader
from coursekit.grading.sandbox.limits import Limits

TIGHT = Limits(
    cell=1.5, all_cells=4.0, function=1.5, grace=1.0, memory=192 << 20, processes=24,
    temporary=8 << 20, temporary_files=50,
)  # fmt: skip


@pytest.fixture(scope="session")
def guarded():
    """A grader of set 03 with tight limits."""
    with Grader("03_convolution_2d", seed=5, limits=TIGHT) as one:
        yield one


@pytest.fixture(scope="session")
def walls():
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

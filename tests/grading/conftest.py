"""One grader of set 03 for all tests here: starting it takes time."""

from types import SimpleNamespace

import pytest

from coursekit.grading import engine
from coursekit.grading.engine import Grader
from coursekit.grading.sandbox.limits import Limits

QUICK = Limits(cell=3.0, all_cells=9.0, function=3.0, grace=1.0, memory=256 << 20)


@pytest.fixture(scope="session", autouse=True)
def one_seed():
    """Every class is asked the same, so what the checks' own wrong answers give is known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "secrets", SimpleNamespace(randbits=lambda bits: 5))
        yield


@pytest.fixture(scope="session")
def grader():
    """A grader of set 03 with short limits."""
    with Grader("03_convolution_2d", seed=11, limits=QUICK) as one:
        yield one


@pytest.fixture
def graded(grader):
    """Grade one submission."""

    def one(content, student="ada"):
        (outcome,) = grader.outcomes([(student, content)])
        return outcome

    return one


@pytest.fixture
def guarded_worker():
    """A worker of its own, which no other test has taught anything."""
    from coursekit.grading.sandbox.worker import Worker

    worker = Worker(["numpy"], QUICK, "taught")
    yield worker
    worker.close()


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request, tmp_path):
    """Where a gradebook may be: in a file, and on a server."""
    if request.param == "a file":
        return tmp_path / "gradebook.db"
    return request.getfixturevalue("postgresql")()

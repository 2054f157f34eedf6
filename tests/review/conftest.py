"""A small class on the page, asked without a browser."""

import pytest
from class_to_look_through import small_class
from graders import Grader

from coursekit.review.serving import opened


@pytest.fixture
def folder(request, tmp_path):
    """The --out of a class that was graded; with "PostgreSQL" its gradebook is on a server."""
    on_server = getattr(request, "param", "") == "PostgreSQL"
    return small_class(tmp_path, request.getfixturevalue("postgresql")() if on_server else None)


@pytest.fixture
def grader(folder):
    """Grace, with the class open."""
    with opened(folder, None, "grace") as desk:
        yield Grader(desk)


@pytest.fixture
def second(folder):
    """Kurt, who has the same gradebook open in a server of his own."""
    with opened(folder, None, "kurt") as desk:
        yield Grader(desk)

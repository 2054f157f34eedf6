"""Honest courses of work and choices by the test part: in how many versions it was opened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.datasets import example_folder

IMPORTS = (
    "from coursekit.datasets import from_folder\nfrom coursekit.project import claim\n"
    "def network(width):\n    return lambda images: images[:, width, 0, 0] % 4"
)
CELLS = {
    "imports": IMPORTS,
    "split": "data = from_folder(FOLDER, size=8)",
    "model": "model = network(1)",
    "choose": "score = (model(data.validation[0]) == data.validation[1]).mean()\n"
    "claim('validation', score, at=0.2, within=0.1)",
    "open": "x_test, y_test = data.test.open()\n"
    "claim('test', (model(x_test) == y_test).mean(), at=0.2, within=0.1)",
    "report": "print('done')",
}
OTHER = {"model": "model = network(2)"}


def run_all(**changes):
    """One session: the cells from top to bottom, some of them with another source."""
    return list((CELLS | changes).items())


def by_hand(*steps):
    """One session: cells named, or [name, source], as somebody works."""
    return [[step, CELLS[step]] if isinstance(step, str) else list(step) for step in steps]


def number(name, at):
    return {name: CELLS[name].replace("at=0.2", f"at={at}")}


WORK = by_hand(
    "imports", "split", ("model", "model = netwrok(1)"), ("model", "model = network(3)"), "choose",
    ("scratch", "data.train[0].shape"), "model", "choose", "choose",
    ("open", "x_test, y_test = data.test.opne()"), "open",
)  # fmt: skip

COURSES = {
    "by hand with tries, run all, a claim corrected, run all": (
        [WORK, run_all(), run_all(**number("open", 0.3)), run_all(**number("choose", 0.25))], 1,
    ),
    "run all twice": ([run_all(), run_all()], 1),
    "a cell after the opening and a comment are new": (
        [run_all(), run_all(report="1 + 1", model="# a comment\nmodel = network(1)\n")], 1,
    ),
    "the opening cell fails and is put right": (
        [by_hand("imports", "split", "model",
                 ("open", "x_test, y_test = data.test.open()\nmodle(x_test)"), "open"),
         run_all()], 2,  # the cell that chooses was not there when it was opened first
    ),
    "the model is changed after the opening": ([run_all(), run_all(**OTHER)], 2),
    "the model is changed in one session": (
        [[*run_all(), ["model", OTHER["model"]], ["open", CELLS["open"]]]], 2,
    ),
    "opened by hand, then back to what was tried before": (
        [WORK, run_all(model="model = network(3)")], 2,
    ),
    "three models": ([run_all(), run_all(**OTHER), run_all(model="model = network(3)")], 3),
    "back to the first of two": ([run_all(), run_all(**OTHER), run_all()], 2),
    "a cell that chooses is added": (
        [run_all(), by_hand("imports", "split", "model", ("new", "model = network(4)"), "open")], 2,
    ),
    "changed after a rerun of the imports": (
        [by_hand("imports", "split", "imports", "model", "choose", "open"), run_all(**OTHER)], 2,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    courses = []
    for place, (sessions, _) in enumerate(COURSES.values()):
        folder = str(example_folder(tmp_path_factory.mktemp("course") / f"pictures{place}"))
        courses.append(
            [[[name, source.replace("FOLDER", repr(folder))] for name, source in session]
             for session in sessions]
        )  # fmt: skip
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("run_openings.py")],
        input=json.dumps(courses), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(zip(COURSES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("course", COURSES)
def test_a_choice_by_the_test_part_is_told_from_honest_work(versions, course):
    assert versions[course] == COURSES[course][1]

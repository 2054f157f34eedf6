"""Cells by which nbgrader counts the points of an exercise, appended to what students get.

Each function has one locked test cell; its last line is the points that the function earned, which
nbgrader takes as partial credit (`nbgrader.utils.determine_grade`). Cells that students write in
carry no metadata: `generate_assignment` would put its own stub in place of the course's.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from coursekit.checks.engine.spec import Exercise

_SCHEMA = 3  # of nbgrader's cell metadata
_HEADING = (
    "## Points\n\n"
    "Run these last: each shows what a function has earned so far. They are for an instructor who "
    "grades with nbgrader; leave them as they are."
)


def with_test_cells(notebook: dict[str, Any], exercises: Sequence[Exercise]) -> dict[str, Any]:
    """Return a notebook with a test cell for each function that is asked for.

    Parameters
    ----------
    notebook
        As it stands in an `.ipynb` file.
    exercises
        What is asked in it.

    Examples
    --------
    >>> from coursekit.checks import exercise
    >>> cells = with_test_cells({"cells": []}, [exercise("relu")])["cells"]
    >>> cells[-1]["source"], cells[-1]["metadata"]["nbgrader"]["points"]
    ('check("relu", relu).points', 1.0)
    """
    heading = {"id": "points", "cell_type": "markdown", "metadata": {}, "source": _HEADING}
    tests = [_test_cell(exercise) for exercise in exercises]
    return {**notebook, "cells": [*notebook["cells"], heading, *tests]}


def _test_cell(exercise: Exercise) -> dict[str, Any]:
    source = f'check("{exercise.name}", {exercise.name}).points'
    points = float(exercise.points)
    name = f"points-{exercise.name.replace('_', '-')}"
    return {
        "id": name,
        "cell_type": "code",
        "execution_count": None,
        "metadata": {
            "deletable": False,
            "editable": False,
            "nbgrader": {
                "cell_type": "code",
                "checksum": _checksum(source, name, points),
                "grade": True,
                "grade_id": name,
                "locked": True,
                "points": points,
                "schema_version": _SCHEMA,
                "solution": False,
                "task": False,
            },
        },
        "outputs": [],
        "source": source,
    }


def _checksum(source: str, name: str, points: float) -> str:
    """Return what `nbgrader.utils.compute_checksum` gives: source, kind, flags, name, points."""
    flags = "True" + "False" + "True"  # grade, solution, locked
    return hashlib.md5(f"{source}code{flags}{name}{points}".encode()).hexdigest()

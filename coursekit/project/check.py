"""A student's own check of a project: what the rubric looks for, part by part."""

from pathlib import Path

from coursekit.errors import CourseError
from coursekit.learn.notebook_check import read_file
from coursekit.project.findings import findings
from coursekit.project.rubric import SET, parts


def is_project(path: Path) -> bool:
    """Say whether a notebook is a project, by what it says of itself, else by its name.

    Raises
    ------
    CallError
        When there is no such file.
    CourseError
        When it is not a notebook, or the lesson about projects.
    """
    notebook = read_file(path)
    if SET not in (notebook.source, path.name[: len(SET)]):
        return False
    if notebook.kind == "lesson":
        raise CourseError(f"{path} is the lesson; your project is exercises/{SET}.ipynb")
    return True


def check_project(path: Path) -> tuple[int, int]:
    """Print what is there and what is missing where; nothing of the notebook is run.

    Parameters
    ----------
    path
        The notebook, as it was saved.

    Returns
    -------
    int, int
        How many of the things that are looked for are so, and how many there are.
    """
    found = findings(path.read_bytes())
    for part in parts():
        print(f"{part.title} ({part.points:g} points)")
        for one in found:
            if one.part == part.name:
                sign = "✗" if not one.passed else "?" if one.message else "✓"
                print(f"  {sign} {one.name}{': ' + one.message if one.message else ''}")
    print("\nHow well each part is done is for a person to judge; that gives the points.\n")
    looked = [one for one in found if not (one.passed and one.message)]
    return sum(one.passed for one in looked), len(looked)

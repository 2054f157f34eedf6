"""Where the course's own notebooks stand, and the folder that a student works in."""

import os
from pathlib import Path

from coursekit._files import course_root, in_clone
from coursekit.errors import CallError, CourseError

PARTS = ("lessons", "exercises")
OTHER_PLACE = "choose a folder of your own with --workspace DIR"


def workspace_folder(given: Path | None = None) -> Path:
    """Return the folder that the student works in.

    The given one; else `COURSEKIT_WORKSPACE`; else `workspace` in a clone of the project; else
    `kernel-by-kernel` in the home folder.

    Parameters
    ----------
    given
        What the student asked for.

    Returns
    -------
    Path
        An absolute path, which may not exist yet.

    Raises
    ------
    CallError
        When it is a file, or a folder that holds the course itself.

    Examples
    --------
    >>> workspace_folder(Path("my-course")).name
    'my-course'
    """
    chosen = given or os.environ.get("COURSEKIT_WORKSPACE") or None
    if chosen is None:
        chosen = course_root() / "workspace" if in_clone() else Path.home() / "kernel-by-kernel"
    folder = Path(chosen).expanduser().resolve()
    root = course_root()
    for place in (folder, *folder.parents):
        if place.exists() and not place.is_dir():
            below = "" if place == folder else f" cannot be made: {place}"
            raise CallError(f"--workspace {folder}{below} is a file; name a folder")
    own = [root / name for name in (*PARTS, "solutions", "source", "datasets", "coursekit")]
    if folder == root or any(place == folder or place in folder.parents for place in own):
        raise CallError(
            f"--workspace {folder} belongs to the course itself; {OTHER_PLACE}, "
            f"for example {root / 'workspace'}"
        )
    return folder


def course_notebooks(root: Path) -> dict[str, Path]:
    """Return the notebooks that students get, by name, in order.

    Parameters
    ----------
    root
        The folder that holds `lessons/` and `exercises/`.

    Raises
    ------
    CourseError
        When there are none.
    """
    found = {
        f"{part}/{path.name}": path
        for part in PARTS
        for path in sorted((root / part).glob("[0-9][0-9]_*.ipynb"))
    }
    if not found:
        raise CourseError(f"{root / 'lessons'} holds no notebooks; fetch the course again")
    return found


def lesson_number(given: str, root: Path | None = None) -> str:
    """Return the number of a lesson as its notebooks' names have it.

    Parameters
    ----------
    given
        What the student wrote, such as `03` or `3`.
    root
        The course; where it stands on this machine unless given.

    Raises
    ------
    CallError
        When there is no such lesson.

    Examples
    --------
    >>> lesson_number("3")
    '03'
    """
    course = course_notebooks(root or course_root())
    numbers = sorted({Path(name).name[:2] for name in course})
    wanted = given.strip()
    if not wanted or wanted.zfill(2) not in numbers:
        shown = wanted or "without a number"
        raise CallError(f"--reset {shown}: no such lesson; choose one of {', '.join(numbers)}")
    return wanted.zfill(2)

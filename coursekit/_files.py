"""Where the course's files stand: in a clone beside the package, or inside an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def in_clone() -> bool:
    """Tell whether the package runs from a clone of the project."""
    return (_PACKAGE.parent / "lessons").is_dir() and (_PACKAGE.parent / "datasets").is_dir()


def course_root() -> Path:
    """Return the folder that holds `lessons/`, `exercises/` and `datasets/`.

    Returns
    -------
    Path
        The top of the clone, or the copy that travels inside the wheel.

    Examples
    --------
    >>> (course_root() / "lessons").is_dir()
    True
    """
    return _PACKAGE.parent if in_clone() else _PACKAGE / "_course"

"""Where the course's files stand, and how a file is written so that it is never half there."""

import contextlib
import os
import secrets
from pathlib import Path

from coursekit.errors import CourseError

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


def folder_in_variable(name: str) -> Path | None:
    """Return the folder that an environment variable names, as an absolute path.

    A relative one is looked for in the current folder, then in those above it, so that a notebook
    in `lessons/` finds the same folder as a command that runs in the folder above.

    Parameters
    ----------
    name
        The variable.

    Returns
    -------
    Path or None
        None where the variable is not set, or empty. The folder may not exist: a relative path
        that no folder has is meant to be in the current one.

    Raises
    ------
    CourseError
        For `~user` where there is no such user.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, COURSEKIT_DATA="no/such/folder"):
    ...     folder_in_variable("COURSEKIT_DATA") == Path.cwd() / "no/such/folder"
    True
    """
    named = os.environ.get(name, "")
    if not named.strip():
        return None
    try:
        path = Path(named).expanduser()
    except RuntimeError as error:
        raise CourseError(f"{name} is {named}: {error} Write the whole path instead") from None
    if path.is_absolute():
        return path
    here = Path.cwd()
    found = (above / path for above in (here, *here.parents) if (above / path).is_dir())
    return Path(os.path.normpath(next(found, here / path)))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: after a crash there is the old file or the new one, whole.

    Parameters
    ----------
    path
        The file; folders above it are made.
    content
        What it shall hold.

    Raises
    ------
    OSError
        When the place is full or not writable; a file that stood there is then unchanged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "notes" / "a.txt"
    ...     write_whole(target, b"hello")
    ...     target.read_bytes(), len(list(target.parent.iterdir()))
    (b'hello', 1)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise

"""Where the course's files stand, and how a file is written so that it is never half there."""

import contextlib
import os
import secrets
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

"""Where a student's answers are kept: one small file in the workspace, and nowhere else.

Two notebooks may answer at the same moment, the disk may be full, the file may be damaged: none
of that loses what is already stored, and none of it stops a lesson.
"""

import errno
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from coursekit._headless import headless
from coursekit.errors import CourseError

Record = dict[str, Any]

FILE_NAME = "answers.json"
_IN_FILE = f"Your answers are kept in {FILE_NAME} in your course folder, on this computer only."
_IN_SESSION = "Your answers are kept until you close or restart this notebook."
_LOCK_SECONDS = 5.0

# What could not be written, or has nowhere to be written: it lives as long as the kernel.
_session: dict[str, Record] = {}


def answers_path() -> Path | None:
    """Give the file of this workspace's answers, or None where there is no workspace.

    Examples
    --------
    >>> import os
    >>> os.environ["COURSEKIT_ANSWERS"] = os.devnull
    >>> answers_path() is None
    True
    >>> del os.environ["COURSEKIT_ANSWERS"]
    """
    if headless():
        return None
    named = os.environ.get("COURSEKIT_ANSWERS", "")
    if named:
        return None if named == os.devnull else Path(named)
    workspace = os.environ.get("COURSEKIT_WORKSPACE", "")
    return Path(workspace) / FILE_NAME if workspace else None


def where() -> str:
    """Say where answers are kept, in a sentence for students."""
    return _IN_FILE if answers_path() else _IN_SESSION


def read_answer(answer_id: str) -> Record:
    """Give what is stored under a name; empty where nothing is, or nothing can be read.

    Examples
    --------
    >>> read_answer("99-never-asked")
    {}
    """
    if headless():
        return {}
    if answer_id in _session:
        return dict(_session[answer_id])
    path = answers_path()
    if path is None:
        return {}
    try:
        return _parse(path).get(answer_id, {})
    except (OSError, ValueError):
        return {}


def read_all(path: Path | None = None) -> dict[str, Record]:
    """Give all answers by name: those of a file, or of this workspace and session.

    Raises
    ------
    CourseError
        When the file is damaged or cannot be read.

    Examples
    --------
    >>> read_all(Path("no-such-folder") / "answers.json")
    {}
    """
    file = path or answers_path()
    try:
        stored = _parse(file) if file else {}
    except ValueError as error:
        raise CourseError(
            f"{file} is damaged; the next answer in a lesson puts it aside and begins a new one, "
            "so copy back an older one first if you have it"
        ) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CourseError(f"{file} could not be read ({reason})") from error
    return stored if path else {**stored, **_session}


def write_answer(answer_id: str, record: Record) -> str:
    """Store an answer and say, in a sentence for students, where it is now.

    It never raises for a disk that is full, a folder that is read-only or a file that is damaged.
    """
    path = answers_path()
    if headless():
        return _IN_SESSION
    _session[answer_id] = dict(record)
    if path is None:
        return _IN_SESSION
    try:
        aside = _merge(path, _session)
    except Timeout:
        return f"{FILE_NAME} is busy in another program. {_IN_SESSION}"
    except OSError as error:
        why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or "no access"
        return f"{FILE_NAME} could not be written ({why}). {_IN_SESSION}"
    _session.clear()
    if aside:
        return f"{FILE_NAME} was damaged; it is now called {aside}. {_IN_FILE}"
    return _IN_FILE


def _merge(path: Path, news: dict[str, Record]) -> str:
    """Add records to the file under its lock; give the new name of a damaged file, or ''."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = ""
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_SECONDS):
        try:
            answers = _parse(path)
        except ValueError:
            answers = {}
            aside = _set_aside(path)
        _replace(path, {**answers, **news})
    return aside


def _parse(path: Path) -> dict[str, Record]:
    """Read the file; ValueError (which a wrong encoding is too) where it is damaged."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    content = json.loads(text)
    answers = content.get("answers") if isinstance(content, dict) else None
    if not isinstance(answers, dict):
        raise ValueError(f"{path.name} holds no answers")
    return {name: record for name, record in answers.items() if isinstance(record, dict)}


def _set_aside(path: Path) -> str:
    number = 1
    while (kept := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    path.replace(kept)
    return kept.name


def _replace(path: Path, answers: dict[str, Record]) -> None:
    """Write beside the file, then take its place: a cut leaves the old file whole."""
    content = {"version": 1, "answers": answers}
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

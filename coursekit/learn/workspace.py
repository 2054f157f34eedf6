"""The student's workspace: a copy of the course that is kept up to date and never overwritten.

A manifest remembers the sources of every notebook that was ever copied. A notebook that still says
one of these is the course's and is updated; any other is the student's and is left alone. The
manifest is written before the copies (with their sources) and after them (as done), so a crash in
between leaves nothing that the next start could take for the student's work.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from coursekit._files import course_root, write_whole
from coursekit.errors import CourseError, cannot_write
from coursekit.learn.notebook_sources import source_digest, student_copy
from coursekit.learn.places import OTHER_PLACE, course_notebooks, lesson_number

MANIFEST = Path(".coursekit") / "manifest.json"


@dataclass
class Changes:
    """What an update did, as notebook names such as `lessons/03_convolution_2d.ipynb`."""

    added: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)


@dataclass
class _Entry:
    """In the manifest: all sources ever copied, and the digest of the file as last copied."""

    sources: list[str] = field(default_factory=list)
    file: str = ""


def update(workspace: Path, root: Path | None = None) -> Changes:
    """Bring the workspace up to date with the course, leaving the student's work alone.

    New notebooks are added, untouched ones updated, missing ones put back; edited ones stay as
    they are and are listed when the course has a newer version. Nothing is ever removed.

    Parameters
    ----------
    workspace
        The student's folder; made when missing.
    root
        The course; where it stands on this machine unless given.

    Returns
    -------
    Changes
        What was done.

    Raises
    ------
    CourseError
        When the course cannot be read or the workspace cannot be written.
    """
    course = course_notebooks(root or course_root())
    entries = _read_manifest(workspace)
    changes = Changes(retired=[n for n in entries if n not in course and (workspace / n).exists()])
    copies: dict[str, bytes] = {}
    done: dict[str, str] = {}
    for name, path in course.items():
        mine = workspace / name
        known = name in entries
        entry = entries.setdefault(name, _Entry())
        file = _file_digest(path)
        missing = not os.path.lexists(mine)
        if entry.file == file and not missing:
            continue
        copy = student_copy(path)
        offered = source_digest(copy) or ""
        if missing:
            (changes.restored if known else changes.added).append(name)
            copies[name] = copy
        elif _read_source(mine) in {*entry.sources, offered}:
            if mine.read_bytes() != copy:
                changes.updated.append(name)
                copies[name] = copy
        else:
            changes.edited.append(name)
            continue
        if offered not in entry.sources:
            entry.sources.append(offered)
        done[name] = file
    if not done:
        return changes
    _write(workspace / MANIFEST, _manifest(entries))
    for name, copy in copies.items():
        _write(workspace / name, copy)
    for name, file in done.items():
        entries[name].file = file
    _write(workspace / MANIFEST, _manifest(entries))
    return changes


def reset(workspace: Path, number: str, root: Path | None = None) -> list[tuple[str, str | None]]:
    """Put a lesson and its exercise back as the course has them, keeping the student's beside them.

    Parameters
    ----------
    workspace
        The student's folder.
    number
        The number of the lesson, such as `03` or `3`.
    root
        The course; where it stands on this machine unless given.

    Returns
    -------
    list of (str, str or None)
        Each notebook put back, and the name under which the old one is kept (None when there was
        nothing to keep).

    Raises
    ------
    CallError
        When there is no such lesson.
    CourseError
        When the course cannot be read or the workspace cannot be written.
    """
    course = course_notebooks(root or course_root())
    wanted = lesson_number(number, root)
    entries = _read_manifest(workspace)
    outcome: list[tuple[str, str | None]] = []
    for name in [name for name in course if Path(name).name.startswith(wanted)]:
        copy = student_copy(course[name])
        kept = _keep(workspace, name, copy)
        entry = entries.setdefault(name, _Entry())
        offered = source_digest(copy) or ""
        if offered not in entry.sources:
            entry.sources.append(offered)
        _write(workspace / MANIFEST, _manifest(entries))
        _write(workspace / name, copy)
        entry.file = _file_digest(course[name])
        _write(workspace / MANIFEST, _manifest(entries))
        outcome.append((name, kept))
    return outcome


def _keep(workspace: Path, name: str, copy: bytes) -> str | None:
    """Copy the old notebook to a free name beside it; None when there is nothing to keep."""
    mine = workspace / name
    try:
        content = mine.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise cannot_write(error, mine, "move it away, then run the command again") from error
    if content == copy:
        return None
    for turn in range(1, 10_000):
        old = mine.with_name(f"{mine.stem}.old-{turn}.ipynb")
        try:
            with old.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError as error:
            old.unlink(missing_ok=True)
            raise cannot_write(error, old, OTHER_PLACE) from error
        return old.relative_to(workspace).as_posix()
    raise CourseError(f"{mine.parent} holds too many old versions; remove some `.old-` files")


def _read_source(path: Path) -> str | None:
    try:
        return source_digest(path.read_bytes())
    except OSError:
        return None


def _file_digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CourseError(f"{path} could not be read ({reason}); fetch the course again") from error


def _read_manifest(workspace: Path) -> dict[str, _Entry]:
    """Read what was copied; a lost or broken manifest means that nothing is known to be ours."""
    try:
        stored = json.loads((workspace / MANIFEST).read_bytes())["notebooks"]
        entries = {name: _Entry(list(e["sources"]), str(e["file"])) for name, e in stored.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
    return {n: e for n, e in entries.items() if re.fullmatch(r"(lessons|exercises)/[^/\\]+", n)}


def _manifest(entries: dict[str, _Entry]) -> bytes:
    notebooks = {name: vars(entry) for name, entry in sorted(entries.items())}
    return (json.dumps({"version": 1, "notebooks": notebooks}, indent=1) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise cannot_write(error, path, OTHER_PLACE) from error

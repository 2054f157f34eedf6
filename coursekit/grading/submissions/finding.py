"""Finding a class's submissions: every student once, in the order of their names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from coursekit.grading.names import printable
from coursekit.grading.submissions.layouts import Owner, is_notebook, owner, without_wrapper
from coursekit.grading.submissions.places import Found, Place, UnreadableError, open_place
from coursekit.grading.submissions.times import STAMP, stamped

Event = tuple[str, str]  # a code, and what was found
Stamps = dict[PurePosixPath, Found]  # nbgrader's notes of the time, by folder


@dataclass(frozen=True)
class Submission:
    """One student's submission.

    Parameters
    ----------
    student
        The name that the layout gives.
    number
        The learning-management system's own number of the student, or None.
    path
        The file, relative to the place.
    written
        When the file was written, as far as the place knows: not when it was handed in.
    order
        The system's own number of the submission, the larger the newer, or None.
    handed_in
        When it was handed in, where the place tells (nbgrader's ``timestamp.txt``).
    layout
        Which of the layouts the file was found in.
    events
        What was odd about finding it.
    read
        Returns the file's bytes, or raises `UnreadableError`.
    """

    student: str
    number: str | None
    path: PurePosixPath
    written: datetime | None
    events: tuple[Event, ...]
    read: Callable[[], bytes]
    order: int | None = None
    handed_in: datetime | None = None
    layout: str = "plain"


@dataclass(frozen=True)
class Submissions:
    """What was found in a place: the submissions, and one sentence for each thing passed over."""

    submissions: tuple[Submission, ...]
    passed_over: tuple[str, ...]


def find(place: Path, set_name: str, leave_out: Path | None = None) -> Submissions:
    """Find the submissions of a set in a folder or zip of any layout.

    Parameters
    ----------
    place
        A folder, a zip or a single notebook; laid out flat, as nbgrader, Canvas or Moodle do it.
    set_name
        Such as ``"03_convolution_2d"``.
    leave_out
        A folder below `place` that holds no submissions: that of the results.

    Returns
    -------
    Submissions
        Each student once, in the order of their names. Of two files of a student the newer
        counts: by the system's own number where there is one, else by the time of writing.

    Raises
    ------
    CallError
        When there is no such place.
    CourseError
        When it cannot be read at all.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("bob.ipynb", "ada.ipynb", "notes.txt"):
    ...         _ = (Path(folder) / name).write_text("{}")
    ...     found = find(Path(folder), "03_convolution_2d")
    >>> [submission.student for submission in found.submissions], found.passed_over
    (['ada', 'bob'], ('notes.txt is not a notebook',))
    """
    opened = open_place(place)
    own = None if leave_out is None else _relative(leave_out, place)
    files = [f for f in opened.files() if own is None or not f.path.is_relative_to(own)]
    stamps = {file.path.parent: file for file in files if file.path.name == STAMP}
    notebooks = [file for file in files if is_notebook(file.path)]
    top = without_wrapper([file.path for file in notebooks], set_name)
    owned: dict[str, list[tuple[Owner, Found]]] = {}
    passed_over = [
        f"{printable(str(file.path))} is not a notebook"
        for file in files
        if not is_notebook(file.path) and _worth_a_word(file.path)
    ]
    for file in notebooks:
        whose = owner(file.path.relative_to(top), set_name)
        if whose is None:
            passed_over.append(f"{printable(str(file.path))} belongs to another set")
        else:
            owned.setdefault(whose.student, []).append((whose, file))
    submissions = [
        submission
        for student in sorted(owned)
        for submission in _of_one_name(student, owned[student], opened, stamps)
    ]
    return Submissions(tuple(submissions), tuple(passed_over))


def _relative(folder: Path, top: Path) -> PurePosixPath | None:
    """Return where a folder lies below another one, or None."""
    inner, outer = folder.resolve(), top.resolve()
    return PurePosixPath(inner.relative_to(outer)) if outer in inner.parents else None


def _worth_a_word(path: PurePosixPath) -> bool:
    """Tell whether a file that is no notebook may have been meant as a submission."""
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not hidden and path.name.lower() not in (STAMP, "readme.md", "readme.txt")


def _of_one_name(
    student: str, files: list[tuple[Owner, Found]], place: Place, stamps: Stamps
) -> list[Submission]:
    """Return one submission for each student of this name: two numbers are two students."""
    by_number: dict[str | None, list[tuple[Owner, Found]]] = {}
    for whose, file in files:
        by_number.setdefault(whose.number, []).append((whose, file))
    several = len(by_number) > 1
    return [
        _newest(
            f"{student} ({number})" if several and number else student,
            number,
            group,
            place,
            stamps,
        )
        for number, group in sorted(by_number.items(), key=lambda item: item[0] or "")
    ]


def _newest(
    student: str,
    number: str | None,
    files: list[tuple[Owner, Found]],
    place: Place,
    stamps: Stamps,
) -> Submission:
    def age(item: tuple[Owner, Found]) -> tuple[int, bool, float, tuple[str, ...]]:
        whose, file = item
        written = file.written.timestamp() if file.written else 0.0
        return whose.order or 0, whose.usual, written, file.path.parts

    *older, (whose, file) = sorted(files, key=age)
    events: list[Event] = [
        ("second_file", f"{printable(str(other.path))} was handed in, too; the newer file counts")
        for _, other in older
    ]
    if not whose.usual:
        events.append(("unusual_place", f"found as {printable(str(file.path))}"))

    def read() -> bytes:
        if file.link:
            raise UnreadableError("link", "this is a link or a device, not a file; not followed")
        return place.read(file)

    stamp = stamps.get(file.path.parent) if whose.layout == "nbgrader" else None
    handed_in = None if stamp is None or stamp.link else stamped(place, stamp)
    return Submission(
        student,
        number,
        file.path,
        file.written,
        tuple(events),
        read,
        whose.order,
        handed_in,
        whose.layout,
    )

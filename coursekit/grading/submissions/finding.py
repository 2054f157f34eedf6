"""Finding a class's submissions: every student once, in the order of their names."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath

from coursekit.errors import CallError
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import GradingSet, grading_set
from coursekit.grading.submissions.kinds import (
    OTHER,
    UNREAD,
    UNTOUCHED,
    Kind,
    as_notebook,
    kind_of,
)
from coursekit.grading.submissions.layouts import (
    Owner,
    is_notebook,
    owner,
    stem,
    without_wrapper,
    worth_reading,
)
from coursekit.grading.submissions.places import (
    Found,
    Place,
    UnreadableError,
    WithZipsOpened,
    open_place,
)
from coursekit.grading.submissions.times import read_time

STAMP = "timestamp.txt"  # nbgrader writes it beside each submission that it collects
Event = tuple[str, str]  # a code, and what was found
# Words of names under which a student keeps several versions of one's own work.
_VERSION = re.compile(
    r"attempt|versuch|version|ver|final|draft|copy|kopie|backup|old|new|alt|neu|work|submission|"
    r"abgabe|upload|homework|assignment|exercise|solution|my|hw|ps|ex|v|[\d\W_]+"
)


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
    label
        What the system calls the student's files: the beginning of their names.
    marked_late
        Whether Canvas calls it late, which gives no time.
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
    label: str = ""
    marked_late: bool = False

    def digest(self) -> str:
        """Return the SHA-256 of the file; an empty text where it cannot be read."""
        try:
            return hashlib.sha256(self.read()).hexdigest()
        except UnreadableError:
            return ""


@dataclass(frozen=True)
class Submissions:
    """What was found in a place.

    Parameters
    ----------
    submissions
        Each student once, in the order of their names.
    passed_over
        One sentence for each thing that is nobody's submission.
    doubts
        What can be understood in two ways, each with what settles it.
    strays
        Files beside those of students that are no notebooks, and may be somebody's all the same.
    """

    submissions: tuple[Submission, ...]
    passed_over: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    strays: tuple[Submission, ...] = ()


@dataclass
class _Search:
    """What holds for all files of a place."""

    place: Place
    asked: GradingSet
    zone: tzinfo | None
    picked: frozenset[str]
    is_student: Callable[[str], bool]
    stamps: dict[PurePosixPath, Found]
    doubts: list[str] = field(default_factory=list)
    kinds: dict[tuple[PurePosixPath, int], Kind] = field(default_factory=dict)

    def content(self, file: Found) -> bytes:
        """Return the notebook that a file holds."""
        if file.link:
            raise UnreadableError("link", "this is a link or a device, not a file; not followed")
        if file.path.suffix.lower() == ".py":
            return as_notebook(self.place.read(file))
        if not is_notebook(file.path):
            raise UnreadableError(
                "no_notebook", f"{printable(file.path.name)} was handed in, which is no notebook"
            )
        return self.place.read(file)

    def kind(self, file: Found) -> Kind:
        """Return what a file is to the set."""
        key = file.path, file.index
        if key not in self.kinds:
            try:
                self.kinds[key] = kind_of(self.content(file), self.asked)
            except UnreadableError as error:
                self.kinds[key] = Kind(UNREAD, str(error))
        return self.kinds[key]


def find(
    place: Path,
    set_name: str,
    leave_out: Path | None = None,
    *,
    zone: tzinfo | None = None,
    level: int = 1,
    picked: Sequence[str] = (),
    is_student: Callable[[str], bool] = lambda name: False,
) -> Submissions:
    """Find the submissions of a set in a folder or zip of any layout.

    Parameters
    ----------
    place
        A folder, a zip or a single notebook; laid out flat, as nbgrader, Canvas or Moodle do it.
    set_name
        Such as ``"03_convolution_2d"``.
    leave_out
        A folder below `place` that holds no submissions: that of the results.
    zone
        Of times in ``timestamp.txt`` that give an abbreviation such as CEST.
    level
        How deep the folders that are students lie: 1 for those at the top.
    picked
        Files that count where several of a student could, by their paths in the place.
    is_student
        Says whether a name is on the roster.

    Returns
    -------
    Submissions
        Of several files of a student that counts which is an exercise of the set; of several of
        these the newer, by the system's own number where there is one, else by its name and the
        time of writing.

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
    opened = WithZipsOpened(open_place(place))
    own = None if leave_out is None else _relative(leave_out, place)
    files = [f for f in opened.files() if own is None or not f.path.is_relative_to(own)]
    stamps = {file.path.parent: file for file in files if file.path.name == STAMP}
    files = [file for file in files if worth_reading(file.path) and _worth_a_word(file.path)]
    notebooks = [file for file in files if is_notebook(file.path)]
    top = without_wrapper([file.path for file in notebooks or files], set_name, is_student)
    asked = grading_set(set_name)
    search = _Search(opened, asked, zone, frozenset(picked), is_student, stamps)
    owned: dict[tuple[str, str | None], list[tuple[Owner, Found]]] = {}
    passed_over, strays = [], []
    for file in files:
        shown = printable(str(file.path))
        if not file.path.is_relative_to(top):
            passed_over.append(f"{shown} lies beside the submissions")
            continue
        whose = owner(file.path.relative_to(top), set_name, level)
        if whose is None:
            if is_notebook(file.path):
                passed_over.append(f"{shown} belongs to another set")
        elif whose.layout == "plain" and not is_notebook(file.path):
            strays.append(_submission(whose.student, [(whose, file)], search))
            passed_over.append(f"{shown} is not a notebook")
        else:
            key = whose.number or whose.student, whose.number
            owned.setdefault(key, []).append((whose, file))
    names: dict[str, set[str | None]] = {}
    for (_, number), group in owned.items():
        names.setdefault(group[-1][0].student, set()).add(number)
    submissions = []
    for (_, number), group in owned.items():
        name = group[-1][0].student
        if len(names[name]) > 1 and number:  # two numbers are two students
            name = f"{name} ({number})"
        submissions.append(_submission(name, group, search))
    submissions.sort(key=lambda one: one.student)
    _unknown_picks(search, files)
    return Submissions(tuple(submissions), tuple(passed_over), tuple(search.doubts), tuple(strays))


def described(submission: Submission, asked: GradingSet) -> str:
    """Say how a file was understood, for ``--dry-run``."""
    try:
        words = kind_of(submission.read(), asked).words
    except UnreadableError as error:
        words = str(error)
    return f"{printable(str(submission.path))}: {words}"


def _relative(folder: Path, top: Path) -> PurePosixPath | None:
    """Return where a folder lies below another one, or None."""
    inner, outer = folder.resolve(), top.resolve()
    return PurePosixPath(inner.relative_to(outer)) if outer in inner.parents else None


def _worth_a_word(path: PurePosixPath) -> bool:
    """Tell whether a file may have been meant as a submission."""
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.name.lower() not in (STAMP, "readme.md", "readme.txt")


def _unknown_picks(search: _Search, files: Sequence[Found]) -> None:
    there = {str(file.path) for file in files}
    for path in search.picked - there:
        raise CallError(f"--file {printable(path)!r} is none of the files in SUBMISSIONS")


def _submission(student: str, files: list[tuple[Owner, Found]], search: _Search) -> Submission:
    """Return the submission of one student: the file that counts, and what else there is."""
    events: list[Event] = []
    readable = [one for one in files if is_notebook(one[1].path)]
    readable = readable or [one for one in files if one[1].path.suffix.lower() == ".py"]
    others = [one for one in files if one not in readable]
    whose, file = _that_counts(student, readable or files, search)
    for _, other in readable or files:
        if other is not file and (not readable or search.kind(other).rank != OTHER):
            words = f" ({search.kind(other).words})" if readable else ""
            text = f"{printable(str(other.path))} was handed in, too{words}; it does not count"
            events.append(("second_file", text))
    if readable:
        for _, other in others:
            text = f"{printable(str(other.path))} was handed in, too; it is no notebook"
            events.append(("other_file", text))
    if file.path.suffix.lower() == ".py":
        events.append(("script", f"{printable(file.path.name)} is a script, run cell by cell"))
    elif readable and file.path.suffix.lower() != ".ipynb":
        events.append(("unusual_name", f"found as {printable(str(file.path))}"))
    return Submission(
        student,
        whose.number,
        file.path,
        file.written,
        tuple(events),
        lambda: search.content(file),
        whose.order,
        _stamped(file, whose, search),
        whose.layout,
        whose.label,
        whose.marked_late,
    )


def _that_counts(
    student: str, files: list[tuple[Owner, Found]], search: _Search
) -> tuple[Owner, Found]:
    """Return the file of a student that counts; where two could, that is a doubt."""
    if len(files) == 1:
        return files[0]
    picked = [one for one in files if str(one[1].path) in search.picked]
    if len(picked) == 1:
        return picked[0]

    def age(one: tuple[Owner, Found]) -> tuple[int, int, int, float, tuple[str, ...]]:
        whose, file = one
        written = file.written.timestamp() if file.written else 0.0
        rank = max(search.kind(file).rank, OTHER - 1)
        return (
            rank,
            whose.order or 0,
            _called(file.path, search.asked.name),
            written,
            (file.path.parts),
        )

    best = max(files, key=age)
    equal = [one for one in files if age(one)[:2] == age(best)[:2]]
    rivals = [one for one in equal if _digest(one[1], search) != _digest(best[1], search)]
    if rivals and age(best)[0] >= UNTOUCHED and best[0].order is None:
        tie = any(age(one)[:4] == age(best)[:4] for one in rivals)
        several = (
            best[0].number is None
            and not search.is_student(student)
            and any(
                not _versions(student, one[1].path, best[1].path, search.asked.name)
                for one in rivals
            )
        )
        if tie or several:
            paths = " and ".join(sorted(printable(str(f.path)) for _, f in [*rivals, best]))
            more = "; or say with --level 2 that the folders in it are the students"
            deep = best[0].layout == "folder"
            search.doubts.append(
                f"{printable(student)} has several files that may count: {paths}; say which with "
                f"--file PATH{more if deep and several else ''}"
            )
    return best


def _called(path: PurePosixPath, set_name: str) -> int:
    """Say how much a file is called as the set is: 2 exactly, 1 with a copy's number, 0 not."""
    name = stem(path.name)
    if name == set_name:
        return 2
    return int(bool(re.fullmatch(re.escape(set_name) + r"[-_ ]?\(?\d+\)?", name)))


def _versions(student: str, one: PurePosixPath, other: PurePosixPath, set_name: str) -> bool:
    """Say whether two paths may well be versions of one student's work, by their names."""

    def own(path: PurePosixPath) -> str:
        words = "/".join([*path.parent.parts, stem(path.name)]).lower()
        for known in (set_name, student.lower()):
            words = words.replace(known, "")
        return _VERSION.sub("", words)

    first, second = own(one), own(other)
    return first.startswith(second) or second.startswith(first)


def _digest(file: Found, search: _Search) -> bytes:
    try:
        return hashlib.sha256(search.content(file)).digest()
    except UnreadableError:
        return b""


def _stamped(file: Found, whose: Owner, search: _Search) -> datetime | None:
    """Return the time in nbgrader's ``timestamp.txt`` beside a file."""
    stamp = search.stamps.get(file.path.parent)
    if whose.layout not in ("nbgrader", "folder") or stamp is None or stamp.link:
        return None
    where = printable(str(stamp.path))
    try:
        text = search.place.read(stamp)[:200].decode("utf-8", "replace").strip()
        says_zone = re.search(r"[A-Za-z]", text) or re.search(r"[+-]\d\d:?\d\d$", text)
        zone = search.zone if says_zone else UTC  # nbgrader's own time is UTC
        return read_time(text, zone, where)
    except UnreadableError as error:
        search.doubts.append(f"{where}: {error}; correct it, or give the times with --times")
    except CallError as error:
        search.doubts.append(f"{error}; or give the times with --times")
    return None

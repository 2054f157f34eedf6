"""Whose submission a file is: the ways in which learning-management systems lay files out."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

# Canvas: lovelaceada_LATE_12345_678910_03_convolution_2d-1.ipynb (user number, then attachment).
_CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_[^_\d][^_]*)*?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<order>\d+)_.+",
    re.DOTALL,
)
# Moodle: "Ada Lovelace_12345_assignsubmission_file_/anything.ipynb", or the same without folders.
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL
)
_SET = re.compile(r"\d\d_\w+", re.ASCII)  # what a set of this course is called
_IGNORED_FOLDERS = frozenset({".ipynb_checkpoints", "__MACOSX"})
# What folders of a student's own are called: one of them alone at the top is no class's folder.
_OF_THE_COURSE = frozenset({"exercises", "lessons", "solutions", "source", "datasets"})
_NBGRADER = frozenset({"submitted", "release", "source", "autograded", "feedback", "exchange"})


@dataclass(frozen=True)
class Owner:
    """Whom a file belongs to.

    `number` is the system's own number of the student, and `order` of the submission (the larger
    the newer); both are None where the layout has none. `label` is what the system calls the
    student's files: the beginning of their names. `marked_late` says that Canvas calls it late: it
    gives no time.
    """

    student: str
    layout: str
    number: str | None = None
    order: int | None = None
    label: str = ""
    marked_late: bool = False


def worth_reading(path: PurePosixPath) -> bool:
    """Tell whether a file is somebody's, and not a checkpoint or a shadow of macOS.

    Examples
    --------
    >>> [worth_reading(PurePosixPath(p)) for p in ("ada.ipynb", "__MACOSX/._ada.ipynb")]
    [True, False]
    """
    return not path.name.startswith(".") and not _IGNORED_FOLDERS & set(path.parts)


def is_notebook(path: PurePosixPath) -> bool:
    """Tell whether a file is called as a notebook is, also with what a browser hung on.

    Examples
    --------
    >>> names = ("a.ipynb", "a.IPYNB.txt", "a.ipynb.json", "a.py", "a.txt")
    >>> [is_notebook(PurePosixPath(name)) for name in names]
    [True, True, True, False, False]
    """
    return ".ipynb" in path.name.lower() and path.suffix.lower() != ".zip"


def stem(name: str) -> str:
    """Return the name of a file without its endings.

    Examples
    --------
    >>> stem("ada.ipynb.txt"), stem("ada.py"), stem("dr. ada.ipynb")
    ('ada', 'ada', 'dr. ada')
    """
    ending = name.lower().find(".ipynb")
    return name[:ending] if ending > 0 else PurePosixPath(name).stem


def owner(path: PurePosixPath, set_name: str, level: int = 1) -> Owner | None:
    """Return whose submission a file is, from its place below the folder of all submissions.

    The folder at `level` (1: the top folder) is the student. None stands for a file that belongs
    to another set.

    Examples
    --------
    >>> name = "03_convolution_2d"
    >>> for path in ("ada.ipynb", "ada/week 3/03_convolution_2d.ipynb"):
    ...     one = owner(PurePosixPath(path), name)
    ...     print(one.student, one.layout)
    ada plain
    ada folder
    >>> one = owner(PurePosixPath("lovelaceada_LATE_123_4567_03-1.ipynb"), name)
    >>> one.student, one.number, one.order, one.label, one.marked_late
    ('lovelaceada', '123', 4567, 'lovelaceada_LATE_123', True)
    >>> owner(PurePosixPath("Ada L_9_assignsubmission_file_x.ipynb"), name).number
    '9'
    """
    for part in path.parts:
        if found := _MOODLE.fullmatch(part):
            label = part[: found.end("number")]
            return Owner(_name(found["name"]), "Moodle", found["number"], None, _name(label))
    first = path.parts[0]
    if found := _CANVAS.fullmatch(stem(first) if len(path.parts) == 1 else first):
        label = first[: found.end("number")]
        order = int(found["order"][:18])
        late = found["late"] is not None
        return Owner(_name(found["name"]), "Canvas", found["number"], order, label, late)
    if len(path.parts) <= level:
        return Owner(_name(stem(path.name)), "plain", label=_name(path.name))
    student, inner = path.parts[level - 1], path.parts[level:-1]
    sets = [part for part in inner if _SET.fullmatch(part)]
    if sets and set_name not in sets:
        return None
    layout = "nbgrader" if inner[:1] == (set_name,) else "folder"
    return Owner(_name(student), layout, label=_name(student))


def without_wrapper(
    paths: Sequence[PurePosixPath],
    set_name: str,
    is_student: Callable[[str], bool] = lambda name: False,
) -> PurePosixPath:
    """Return the folder that only wraps all the others, as packing a folder makes it, or ``.``.

    Examples
    --------
    >>> names = [PurePosixPath("all/ada.ipynb"), PurePosixPath("all/bob.ipynb")]
    >>> without_wrapper(names, "03_convolution_2d")
    PurePosixPath('all')
    >>> names = [PurePosixPath(f"ada/{name}/03.ipynb") for name in ("exercises", "lessons")]
    >>> without_wrapper(names, "03_convolution_2d")
    PurePosixPath('.')
    """
    top = PurePosixPath()
    paths = list(paths)
    while paths and all(len(path.parts) > 1 for path in paths):
        first = {path.parts[0] for path in paths}
        if "submitted" in first and first <= _NBGRADER:  # the folder of a course of nbgrader
            paths = [path for path in paths if path.parts[0] == "submitted"]
            first = {"submitted"}
        if len(first) != 1:
            break
        (folder,) = first
        inner = [PurePosixPath(*path.parts[1:]) for path in paths]
        if is_student(folder) or _one_student(folder, inner, set_name):
            break
        top, paths = top / folder, inner
    return top


def _one_student(folder: str, inner: Sequence[PurePosixPath], set_name: str) -> bool:
    """Say whether the only folder at the top is a student's, and not that of a class."""
    if _MOODLE.fullmatch(folder):
        return True
    folders = {path.parts[0] for path in inner if len(path.parts) > 1}
    if folders & _OF_THE_COURSE or any(_SET.fullmatch(name) for name in folders):
        return True
    files = [stem(path.name) for path in inner if len(path.parts) == 1]
    if files and not folders and all(_SET.match(name) or name == set_name for name in files):
        return all(not _CANVAS.fullmatch(name) for name in files)
    return (
        len(inner) == 1
        and len(files) == 1
        and not _CANVAS.fullmatch(files[0])
        and not (_MOODLE.fullmatch(files[0]))
    )


def _name(text: str) -> str:
    """Return a name in one spelling; bytes that are no text are written out."""
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", readable)

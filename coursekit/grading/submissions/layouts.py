"""Whose submission a file is: the four ways in which learning-management systems lay files out."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

# Canvas: lovelaceada_LATE_12345_678910_03_convolution_2d-1.ipynb (user number, then attachment).
_CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_[^_\d][^_]*)*?)(?:_LATE)?_(?P<number>\d+)_(?P<order>\d+)_.+", re.DOTALL
)
# Moodle: "Ada Lovelace_12345_assignsubmission_file_/anything.ipynb"
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_file_?", re.DOTALL)
_SET = re.compile(r"\d\d_\w+", re.ASCII)  # what a set of this course is called
_IGNORED_FOLDERS = frozenset({".ipynb_checkpoints", "__MACOSX"})


@dataclass(frozen=True)
class Owner:
    """Whom a file belongs to.

    `number` is the system's own number of the student, and `order` of the submission (the larger
    the newer); both are None where the layout has none. `usual` says whether the file has the name
    and place that the layout gives it.
    """

    student: str
    layout: str
    number: str | None = None
    order: int | None = None
    usual: bool = True


def is_notebook(path: PurePosixPath) -> bool:
    """Tell whether a file is handed in, and not a checkpoint or a shadow of macOS.

    Examples
    --------
    >>> is_notebook(PurePosixPath("ada.ipynb")), is_notebook(PurePosixPath("__MACOSX/._ada.ipynb"))
    (True, False)
    """
    hidden = path.name.startswith(".")
    return path.suffix.lower() == ".ipynb" and not hidden and not _IGNORED_FOLDERS & set(path.parts)


def owner(path: PurePosixPath, set_name: str) -> Owner | None:
    """Return whose submission a file is, from its place below the folder of all submissions.

    None stands for a file that belongs to another set.

    Parameters
    ----------
    path
        Relative to that folder.
    set_name
        The exercise set, such as ``"03_convolution_2d"``.

    Examples
    --------
    >>> owner(PurePosixPath("ada.ipynb"), "03_convolution_2d")
    Owner(student='ada', layout='plain', number=None, order=None, usual=True)
    >>> owner(PurePosixPath("ada/03_convolution_2d/03_convolution_2d.ipynb"), "03_convolution_2d")
    Owner(student='ada', layout='nbgrader', number=None, order=None, usual=True)
    >>> owner(PurePosixPath("lovelaceada_123_4567_03-1.ipynb"), "03_convolution_2d")
    Owner(student='lovelaceada', layout='Canvas', number='123', order=4567, usual=True)
    >>> owner(PurePosixPath("Ada L_9_assignsubmission_file_/x.ipynb"), "03_convolution_2d")
    Owner(student='Ada L', layout='Moodle', number='9', order=None, usual=True)
    """
    for place, folder in enumerate(path.parts[:-1]):
        if found := _MOODLE.fullmatch(folder):
            nested = place < len(path.parts) - 2
            return Owner(_name(found["name"]), "Moodle", found["number"], usual=not nested)
    if len(path.parts) >= 3 and path.parts[-2] == set_name:
        usual = path.stem == set_name
        return Owner(_name(path.parts[-3]), "nbgrader", usual=usual)
    if len(path.parts) >= 3 and path.parts[-2] == path.stem:
        return None
    if len(path.parts) == 1 and (found := _CANVAS.fullmatch(path.stem)):
        return Owner(_name(found["name"]), "Canvas", found["number"], int(found["order"][:18]))
    if len(path.parts) == 2:  # a folder a student, whatever the file is called
        return Owner(_name(path.parts[0]), "folder", usual=path.stem in (set_name, path.parts[0]))
    return Owner(_name(path.stem), "plain", usual=len(path.parts) == 1)


def without_wrapper(paths: list[PurePosixPath], set_name: str) -> PurePosixPath:
    """Return the folder that only wraps all the others, as packing a folder makes it, or ``.``.

    Examples
    --------
    >>> names = [PurePosixPath("submissions/ada.ipynb"), PurePosixPath("submissions/bob.ipynb")]
    >>> without_wrapper(names, "03_convolution_2d")
    PurePosixPath('submissions')
    """
    top = PurePosixPath()
    while paths and all(len(path.parts) > 1 for path in paths):
        first = {path.parts[0] for path in paths}
        if len(first) != 1:
            break
        (folder,) = first
        inner = [PurePosixPath(*path.parts[1:]) for path in paths]
        one_student = _MOODLE.fullmatch(folder) or any(
            path.parts[0] == set_name or _SET.fullmatch(path.parts[0])
            for path in inner
            if len(path.parts) > 1
        )
        if one_student or (len(paths) == 1 and len(inner[0].parts) == 1):
            break
        top, paths = top / folder, inner
    return top


def _name(text: str) -> str:
    """Return a name in one spelling; bytes that are no text are written out."""
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", readable)

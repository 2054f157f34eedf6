"""The folder that a class's results are in: of one set, and one grader works in it at a time."""

import contextlib
import json
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from coursekit._files import write_whole
from coursekit.errors import CallError, CourseError, cannot_write
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.place import Place, as_word, place_of
from coursekit.grading.gradebook.store import is_there
from coursekit.grading.names import printable
from coursekit.grading.submissions.places import refuse_a_file

BOOK = "gradebook.db"
COURSE = "the course"  # stands in the place of a set for the folder of its totals
_MARKER = ".coursekit.json"  # says whose results these are, and where the gradebook is
_OTHER = "name another folder with --out"


def set_of(folder: Path) -> str | None:
    """Return the set whose results are in a folder; None where it holds none of ours."""
    said = _read(folder / _MARKER).get("set") or _read(folder / "results.json").get("set")
    return said if isinstance(said, str) else None


def gradebook_of(folder: Path, given: Place | None = None) -> Place:
    """Return where the gradebook is that a folder's results come from."""
    if given is not None:
        return given
    said = _read(folder / _MARKER).get("gradebook")
    return place_of(said) if isinstance(said, str) and said else folder / BOOK


def refuse_foreign_files(folder: Path, set_name: str) -> None:
    """Refuse a folder with another set's results in it, or with files of somebody else's.

    Raises
    ------
    CallError
        When it holds anything that is not of this set's grading.
    """
    known = set_of(folder)
    shown = printable(str(folder))
    if known is not None and known != set_name:
        raise CallError(
            f"{shown} holds the results of {printable(known)}; {_OTHER} (one gradebook for all "
            "sets is --gradebook FILE)"
        )
    if known is None:
        there = sorted(path.name for path in _visible(folder))
        if there and not (folder / BOOK).is_file():
            more = f" and {len(there) - 3} more" if len(there) > 3 else ""
            raise CallError(
                f"{shown} holds what `coursekit grade` did not write: "
                f"{printable(', '.join(there[:3]))}{more}; name a new folder with --out"
            )


def _visible(folder: Path) -> list[Path]:
    """Return what a folder shows; nothing for one that is not there or cannot be listed."""
    with contextlib.suppress(OSError):
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    return []


def book_in(path: Path) -> GradeBook:
    """Open the gradebook of a folder only to read it, also while a grader is at work there.

    Raises
    ------
    CallError
        When the folder has none.
    """
    book = gradebook_of(path)
    if not is_there(book):
        shown = printable(str(path))
        raise CallError(f"{shown} holds no gradebook; name the --out of `coursekit grade`")
    return GradeBook(book, read_only=True)


class OutFolder:
    """A folder with the results of a set, held until the ``with`` block ends.

    Parameters
    ----------
    path
        The folder.
    set_name
        Whose results it gets; None where it must hold results already.
    gradebook
        Where the gradebook is, unless in the folder.

    Attributes
    ----------
    book : GradeBook
        The gradebook.

    Raises
    ------
    CallError
        When it is a file, holds other results, or no gradebook where one must be there.
    CourseError
        When another grader is at work in it, or it cannot be written to.

    Examples
    --------
    >>> OutFolder(Path("no/such/folder"))
    Traceback (most recent call last):
    coursekit.errors.CallError: no/such/folder holds no gradebook; name the --out of `coursekit grade`
    """  # noqa: E501 - an error is one line

    def __init__(
        self, path: Path, set_name: str | None = None, gradebook: Place | None = None
    ) -> None:
        shown = printable(str(path))
        refuse_a_file(path)
        book = gradebook_of(path, gradebook)
        if set_name is None and not is_there(book):
            raise CallError(f"{shown} holds no gradebook; name the --out of `coursekit grade`")
        self.path = path
        self._held = contextlib.ExitStack()
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock(path / ".lock")
            if isinstance(book, Path) and book.absolute() != (path / BOOK).absolute():
                book.parent.mkdir(parents=True, exist_ok=True)
                self._lock(book.with_name(f".{book.name}.lock"))
            if set_name is not None:
                refuse_foreign_files(path, set_name)
                inside = as_word(book) == as_word(path / BOOK)
                marker = {"set": set_name, "gradebook": "" if inside else as_word(book)}
                write_whole(path / _MARKER, json.dumps(marker).encode())
            for left in path.glob(".*.part"):  # of a grader that was killed while it wrote
                with contextlib.suppress(OSError):
                    left.unlink()
            self.book = GradeBook(book)
            self._held.callback(self.book.close)
            if set_name is not None and not self._held.enter_context(
                self.book.store.held_for(set_name)
            ):
                raise CourseError(
                    f"another grader is at work on {set_name} in {printable(str(book))}; wait "
                    "until it is done"
                )
        except Timeout:
            self._held.close()
            raise CourseError(
                f"another grader is at work in {shown}; wait until it is done, or {_OTHER}"
            ) from None
        except OSError as error:
            self._held.close()
            raise cannot_write(error, path, _OTHER) from error
        except BaseException:
            self._held.close()
            raise

    def _lock(self, path: Path) -> None:
        lock = FileLock(path, timeout=0)
        lock.acquire()

        def release() -> None:
            with contextlib.suppress(OSError):
                lock.release()

        self._held.callback(release)

    def __enter__(self) -> "OutFolder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()


def _read(path: Path) -> dict[str, object]:
    """Return the first level of a JSON file that may be ours; nothing for any other."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        known = json.loads(path.read_bytes())
        if isinstance(known, dict):
            return known
    return {}

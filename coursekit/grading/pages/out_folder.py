"""The folder that a class's results are in: one grader works in it at a time."""

import contextlib
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from coursekit.errors import CallError, CourseError, cannot_write
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.names import printable
from coursekit.grading.submissions.places import refuse_a_file

BOOK = "gradebook.db"
_OTHER = "name another folder with --out"


def book_in(path: Path) -> GradeBook:
    """Open the gradebook in a folder only to read it, also while a grader is at work there.

    Raises
    ------
    CallError
        When the folder holds none.
    """
    if not (path / BOOK).is_file():
        shown = printable(str(path))
        raise CallError(f"{shown} holds no gradebook; name the --out of `coursekit grade`")
    return GradeBook(path / BOOK)


class OutFolder:
    """A folder with a gradebook, held until the ``with`` block ends.

    Parameters
    ----------
    path
        The folder.
    make
        False: it must hold a gradebook already.

    Attributes
    ----------
    book : GradeBook
        The gradebook in it.

    Raises
    ------
    CallError
        When it is a file, or holds no gradebook where one must be there.
    CourseError
        When another grader is at work in it, or it cannot be written to.

    Examples
    --------
    >>> OutFolder(Path("no/such/folder"), make=False)
    Traceback (most recent call last):
    coursekit.errors.CallError: no/such/folder holds no gradebook; name the --out of `coursekit grade`
    """  # noqa: E501 - an error is one line

    def __init__(self, path: Path, make: bool = True) -> None:
        shown = printable(str(path))
        refuse_a_file(path)
        if not make and not (path / BOOK).is_file():
            raise CallError(f"{shown} holds no gradebook; name the --out of `coursekit grade`")
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path / ".lock", timeout=0)
            self._lock.acquire()
        except Timeout:
            raise CourseError(
                f"another grader is at work in {shown}; wait until it is done, or {_OTHER}"
            ) from None
        except OSError as error:
            raise cannot_write(error, path, _OTHER) from error
        for left in path.glob(".*.part"):  # of a grader that was killed while it wrote
            with contextlib.suppress(OSError):
                left.unlink()
        try:
            self.book = GradeBook(path / BOOK)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> "OutFolder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.book.close()
        with contextlib.suppress(OSError):
            self._lock.release()

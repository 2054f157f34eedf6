"""The notebooks that were graded, as the gradebook keeps them, and the one that was handed out."""

import threading
from collections import OrderedDict
from contextlib import suppress
from functools import cached_property

from coursekit._files import course_root
from coursekit.grading.gradebook.book import GradeBook
from coursekit.notebooks.reading import Unreadable
from coursekit.review.notebook import ShownCell, shown_cells

_MOST_READ = 24  # notebooks in memory, read


class NotThere(Exception):
    """The notebook that was graded cannot be shown; the message says why."""


class Files:
    """Reads submissions of a set for the page.

    Parameters
    ----------
    book
        Where they are kept.
    set_name
        Whose released notebook tells what is a student's own.
    """

    def __init__(self, book: GradeBook, set_name: str) -> None:
        self._book = book
        self._released: bytes | None = None
        with suppress(OSError):
            self._released = (course_root() / "exercises" / f"{set_name}.ipynb").read_bytes()
        self._read: OrderedDict[str, tuple[ShownCell, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def cells(self, digest: str) -> tuple[ShownCell, ...]:
        """Return the cells of a file by its SHA-256.

        Raises
        ------
        NotThere
            When it was not kept, or is no notebook.
        """
        with self._lock:
            if digest in self._read:
                self._read.move_to_end(digest)
                return self._read[digest]
            content = self._book.submitted_file(digest) if digest else None
            if content is None:
                raise NotThere("the gradebook does not hold the file")
            try:
                cells = shown_cells(content, self._released)
            except Unreadable as problem:
                raise NotThere(problem.event.detail) from problem
            self._read[digest] = cells
            if len(self._read) > _MOST_READ:
                self._read.popitem(last=False)
            return cells

    @cached_property
    def released(self) -> tuple[ShownCell, ...]:
        """The cells of the notebook as it was handed out; none where it is not there."""
        return shown_cells(self._released) if self._released is not None else ()

    def headings(self) -> list[str]:
        """Return the headings of the released notebook."""
        return list(dict.fromkeys(cell.heading for cell in self.released if cell.heading))

    def defined_under(self, heading: str) -> set[str]:
        """Return the functions that are to be written under a heading."""
        return {n for cell in self.released if cell.heading == heading for n in cell.defines}

    @cached_property
    def lines(self) -> frozenset[str]:
        """The lines of text that were handed out."""
        return frozenset(
            line.strip()
            for cell in self.released
            if cell.kind == "text"
            for line in cell.source.splitlines()
        )

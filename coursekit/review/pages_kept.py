"""The results and pages of a folder, written anew behind the page after each decision."""

import threading
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading.commands.by_hand import as_graded
from coursekit.grading.pages.out_folder import OutFolder
from coursekit.grading.pages.results import write_results

_QUIET = 3.0  # seconds without a decision, before the pages are written


class PagesKept:
    """Writes `results.csv` and the pages when decisions have come to rest; once more at the end.

    A decision is in the gradebook before anybody is told of it. What is written here can be made
    anew from there at any time, so that a stop in the middle loses nothing.

    Parameters
    ----------
    folder
        The `--out` of the class.
    set_name
        The set.
    """

    def __init__(self, folder: Path, set_name: str) -> None:
        self.trouble = ""
        self._folder, self._set = folder, set_name
        self._due = False
        self._woken, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="pages", daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """Say that something was decided."""
        self._due = True
        self._woken.set()

    def close(self) -> None:
        """Write what is still to be written, and stop."""
        self._closing.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._woken.wait()
            while self._woken.is_set() and not self._closing.is_set():
                self._woken.clear()
                self._closing.wait(_QUIET)
            if self._due and not self._written():
                self._woken.set()  # again after another pause
        if self._due:
            self._written()

    def _written(self) -> bool:
        self._due = False  # what is decided from here on is written the next time
        try:
            with OutFolder(self._folder) as out:
                write_results(out.book, as_graded(out.book, self._set), out.path)
        except (CourseError, ValueError) as error:
            self.trouble, self._due = str(error), True
            return False
        self.trouble = ""
        return True

"""What a gradebook holds of earlier runs, read once before a class is graded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.place import Place

FILES = "plain files"  # or folders, nbgrader's, too: a name is all that says whose they are


@dataclass(frozen=True)
class Before:
    """What was known before this run; nothing at all where there is no gradebook yet.

    Parameters
    ----------
    rules
        Those of the set's last run over a class; see `Run`.
    rule
        When the set is due.
    timed
        The digest of each student's newest file of the set whose hand-in time is known.
    decided
        Whose time or late days in the set a person decided.
    systems
        Whose way of naming each student's newest submission has, in any set.
    aliases
        Everybody's, by the names.
    roster
        What the set's newest roster was called; None where there was none.
    """

    rules: Mapping[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    timed: Mapping[str, str] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    systems: Mapping[str, str] = field(default_factory=dict)
    students: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    roster: str | None = None

    @classmethod
    def of(cls, gradebook: Place, set_name: str) -> "Before":
        """Read it from a gradebook, which need not be there."""
        if isinstance(gradebook, Path) and not gradebook.is_file():
            return cls()
        from coursekit.grading.gradebook.book import GradeBook  # takes its time
        from coursekit.grading.gradebook.marks import deadline, settled_by_hand
        from coursekit.grading.gradebook.store import is_there

        if not is_there(gradebook):
            return cls()
        book = GradeBook(gradebook)
        try:
            run = book.last_run(set_name)
            roster = book.document(set_name, "roster")
            return cls(
                (run.rules if run is not None else None) or {},
                deadline(book, set_name),
                {key: digest for key, (digest, _) in book.submission_times(set_name).items()},
                settled_by_hand(book, set_name),
                {key: system(layout) for key, layout in book.layouts().items()},
                frozenset(book.students()),
                book.aliases(),
                None if roster is None else roster.name,
            )
        finally:
            book.close()


def system(layout: str | None) -> str:
    """Return whose way of naming students a layout is.

    Examples
    --------
    >>> [system(layout) for layout in ("Moodle", "Canvas", "nbgrader", "plain")]
    ['Moodle', 'Canvas', 'plain files', 'plain files']
    """
    return layout if layout in ("Moodle", "Canvas") else FILES

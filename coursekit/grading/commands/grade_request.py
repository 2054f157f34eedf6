"""What an instructor asked the grader to do, and their asking it to stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading.commands.before import Before
from coursekit.grading.commands.rules import Rules
from coursekit.grading.commands.rules_file import RulesFile
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.place import Place
from coursekit.grading.submissions.roster import Person
from coursekit.grading.submissions.tables import Table


class Stopped(CourseError):
    """The instructor stopped the grader; the message says how to go on."""

    exit_code = 130


@dataclass(frozen=True)
class GradeRequest:
    """What `coursekit grade` was asked to do.

    Parameters
    ----------
    set_name, place, out
        The set, the folder or zip of submissions, and the folder for the results.
    workers
        How many submissions are graded at once.
    seed
        What questions are drawn from; None for that of the run before, or a fresh one.
    only
        Students who alone are graded.
    roster, times
        Who may hand in, and when submissions came; empty where nobody said.
    tables
        The files that these were read from, by ``"roster"`` and ``"times"``.
    rule
        When the set is due; None for that which was given earlier.
    rules
        What else marks depend on.
    dry_run
        True: say how every file is understood, and grade nothing.
    level, picked
        See `find`.
    gradebook
        Where the gradebook is, unless in `out`.
    zone
        Of the class.
    before
        What the gradebook holds of earlier runs.
    file
        The class's file of rules.
    excused
        For whom the set does not count by that file; None where there is none.
    anonymous
        Whether the instructor's pages show aliases; None for as it was.
    """

    set_name: str
    place: Path
    out: Path
    workers: int = 1
    seed: int | None = None
    only: tuple[str, ...] = ()
    roster: tuple[Person, ...] = ()
    times: tuple[Person, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    rule: Rule | None = None
    who: str = ""
    unsafe: bool = False
    rules: Rules = field(default_factory=Rules)
    with_preflight: bool = True
    dry_run: bool = False
    level: int = 1
    picked: tuple[str, ...] = ()
    gradebook: Place | None = None
    zone: tzinfo | None = None
    before: Before = field(default_factory=Before)
    file: RulesFile | None = None
    excused: tuple[str, ...] | None = None
    anonymous: bool | None = None

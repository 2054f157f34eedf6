"""From the options of `coursekit grade` to what is done: the command line, a file, earlier runs.

What stands on the command line wins over `grading.toml`, and that over what the set's last run had.
"""

import os
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.errors import CallError
from coursekit.grading.commands.before import Before
from coursekit.grading.commands.rules import Rules
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.place import Place, as_word
from coursekit.grading.names import printable
from coursekit.grading.pages.out_folder import gradebook_of
from coursekit.grading.reading.grading_set import grading_set

if TYPE_CHECKING:
    from coursekit.grading.commands.rules_file import RulesFile
    from coursekit.grading.submissions.roster import Person
    from coursekit.grading.submissions.tables import Table

_LIMITS = {"cell_seconds": "cell", "all_seconds": "all_cells", "function_seconds": "function",
           "memory_mb": "memory"}  # fmt: skip


@dataclass(frozen=True)
class GradeOptions:
    """The options of `coursekit grade` by their names; None or empty where one was not given.

    `limits` has the names that `grading.toml` has.
    """

    set_name: str
    submissions: Path
    out: Path
    who: str
    rules: Path | None = None
    workers: int | None = None
    seed: int | None = None
    only: tuple[str, ...] = ()
    roster: Path | None = None
    times: Path | None = None
    times_column: str | None = None
    key_column: str | None = None
    zone: str | None = None
    due: str | None = None
    penalty: float | None = None
    grace_minutes: float | None = None
    most_days: int | None = None
    marked_late: int | None = None
    unsafe: bool = False
    preflight: bool = True
    strict: bool | None = None
    limits: dict[str, float] = field(default_factory=dict)
    dry_run: bool = False
    level: int | None = None
    files: tuple[str, ...] = ()
    date_format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    gradebook: Place | None = None
    anonymous: bool | None = None

    def filled_in(self, said: dict[str, Any]) -> "GradeOptions":
        """Return these with what a file says where the command line says nothing."""
        names = [one.name for one in fields(self) if one.name in said and one.name != "limits"]
        more = {name: said[name] for name in names if getattr(self, name) is None}
        return replace(self, **more, limits=said.get("limits", {}) | self.limits)


def grade_as_asked(given: GradeOptions) -> None:
    """Settle the rules of a run and grade by them.

    Raises
    ------
    CallError
        When an option or a file is not understood, or two of them contradict each other.
    CourseError
        When the work cannot be done.
    """
    from coursekit.grading.sandbox.sandbox import started_early

    asked = grading_set(given.set_name)
    given = replace(given, set_name=asked.name)
    before = Before.of(gradebook_of(given.out, given.gradebook), given.set_name)
    file = _file_of(given, before)
    typed = given
    if file is not None:
        given = given.filled_in(file.said)
    limits: dict[str, float | None] = {name: given.limits.get(key) for key, name in _LIMITS.items()}
    if (megabytes := given.limits.get("memory_mb")) is not None:
        limits["memory"] = int(megabytes) << 20
    rules = Rules.settled(
        before, strict=given.strict, limits=limits, zone=given.zone, date_format=given.date_format
    )
    in_file = typed.zone is None and file is not None and "zone" in file.said
    zone = zone_of(rules.zone, file.at("zone") + ":" if file is not None and in_file else "--zone")
    if given.times_column is not None and given.times is None and given.roster is None:
        raise CallError("--times-column names a column of --times; give that file, too")
    rule = _rule(given, typed, file, before.rule, zone, rules.date_format)
    said = typed.due is not None or (file is not None and file.due is not None)
    rules = rules.with_rule(rule, zone, given=said or rule != before.rule)
    rules = _with_words(rules, typed, given, file)
    idle = given.dry_run or asked.by_hand  # nothing is run
    starting = nullcontext() if idle else started_early(rules.grading_limits())
    with starting as sandbox:
        from coursekit.grading.commands.grade import run  # it imports more, and takes its time
        from coursekit.grading.commands.grade_request import GradeRequest

        people, moments, tables = _lists(given, rules.date_format, zone)
        request = GradeRequest(
            given.set_name,
            given.submissions,
            given.out,
            workers=given.workers or _processors(),
            seed=given.seed,
            only=given.only,
            roster=people,
            times=moments,
            tables=tables,
            rule=rule,
            who=given.who,
            unsafe=given.unsafe,
            rules=rules,
            with_preflight=given.preflight,
            dry_run=given.dry_run,
            level=given.level or 1,
            picked=given.files,
            gradebook=given.gradebook,
            zone=zone,
            before=before,
            file=file,
            anonymous=given.anonymous,
        )
        run(request, sandbox)


def _file_of(given: GradeOptions, before: Before) -> "RulesFile | None":
    """Return the file of rules; one that the last run had must be there again."""
    beside = given.submissions.absolute().parent / "grading.toml"
    path = given.rules or (beside if beside.is_file() else None)
    if path is None:
        if earlier := before.rules.get("file"):
            raise CallError(
                f"{given.set_name} was graded by the rules in {printable(earlier)}; say --rules "
                "FILE, or put the file back beside the submissions"
            )
        return None
    from coursekit.grading.commands.rules_file import read_rules  # takes its time

    file = read_rules(path, given.set_name)
    earlier_worth = before.rules.get("worth") or {}
    if given.only and before.rules and file.worth() != earlier_worth:
        raise CallError(
            f"{file.of_set()} gives other points than the class was graded by; grade all of it "
            "without --only"
        )
    return file


def _with_words(
    rules: Rules, typed: GradeOptions, given: GradeOptions, file: "RulesFile | None"
) -> Rules:
    """Return rules with the other options that lead to the same marks, and the file's text."""
    for name, text in (
        ("--roster", None if given.roster is None else str(given.roster.absolute())),
        ("--times", None if given.times is None else str(given.times.absolute())),
        ("--key-column", given.key_column),
        ("--times-column", given.times_column),
        ("--encoding", given.encoding),
        ("--delimiter", given.delimiter),
        ("--level", None if given.level is None else str(given.level)),
        *(("--file", path) for path in given.files),
        ("--gradebook", None if given.gradebook is None else as_word(given.gradebook)),
        ("--rules", None if file is None else str(file.path.absolute())),
    ):
        rules = rules.with_words(name, text)
    if given.unsafe:
        rules = rules.with_words("--unsafe", "")
    if file is None:
        return rules
    over = [
        name
        for name, value in file.said.items()
        if name != "limits" and getattr(typed, name) not in (None, value)
    ]
    over += [name for name, value in typed.limits.items() if name in file.said["limits"]]
    over += ["due"] if typed.due is not None and file.due is not None else []
    return replace(
        rules,
        file=str(file.path.absolute()),
        text=file.text,
        worth=file.worth(),
        over=tuple(over),
    )


def zone_of(name: str | None, where: str = "--zone") -> tzinfo | None:
    """Return a time zone by its name; `where` is what an error names.

    Raises
    ------
    CallError
        When there is none of that name.
    """
    from zoneinfo import ZoneInfo

    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise CallError(
            f"{where} {name!r} is not known; expected one such as Europe/Vienna"
        ) from None


def _rule(
    given: GradeOptions,
    typed: GradeOptions,
    file: "RulesFile | None",
    before: Rule | None,
    zone: tzinfo | None,
    date_format: str | None,
) -> Rule | None:
    """Return when the set is due; what is not given is as it was kept."""
    from coursekit.grading.commands.personal import moment

    if given.penalty is not None and not 0 <= given.penalty <= 1:
        share = f"; for {given.penalty:g} percent give {given.penalty / 100:g}"
        raise CallError(
            f"--penalty {given.penalty:g} is not a share from 0 to 1 of the points"
            f"{share if 1 < given.penalty <= 100 else ', such as 0.1 for ten percent a day'}"
        )
    grace = given.grace_minutes
    if grace is not None and not 0 <= grace <= 100_000:
        raise CallError(f"--grace {grace:g} is no number of minutes; give 0 or more, such as 15")
    costs = {
        "penalty_per_day": given.penalty,
        "grace": None if grace is None else timedelta(minutes=grace),
        "most_days": given.most_days,
        "marked_late": given.marked_late,
    }
    changes: dict[str, Any] = {name: value for name, value in costs.items() if value is not None}
    if given.due is not None:
        due = moment(given.due, zone, "--due", date_format)
    elif file is not None and file.due is not None:
        due = moment(file.due, zone, file.of_set("due"), date_format)
    elif before is not None:
        due = before.due
    else:
        for name in ("penalty", "grace_minutes", "most_days", "marked_late"):
            if getattr(typed, name) is not None:
                shown = "--" + name.removesuffix("_minutes").replace("_", "-")
                raise CallError(f"{shown} says what late days cost; say with --due what is late")
        return None
    return Rule(due, **changes) if before is None else replace(before, due=due, own={}, **changes)


def _lists(
    given: GradeOptions, date_format: str | None, zone: tzinfo | None
) -> "tuple[tuple[Person, ...], tuple[Person, ...], dict[str, Table]]":
    """Read the roster and the submission times; the key column may be in one file or in both."""
    from coursekit.grading.submissions.roster import people_of
    from coursekit.grading.submissions.tables import read_table

    files = {"roster": given.roster, "times": given.times}
    tables = {
        kind: read_table(path, given.encoding, given.delimiter)
        for kind, path in files.items()
        if path is not None
    }
    keys = dict.fromkeys(tables, given.key_column)
    if given.key_column is not None:
        wanted = given.key_column.strip().lower()
        having = [kind for kind, table in tables.items() if wanted in table.columns]
        if not tables:
            raise CallError("--key-column names a column of --roster or --times; give one of them")
        keys = {k: given.key_column if k in having or not having else None for k in tables}
    people, moments = [], []
    if "roster" in tables:
        people = people_of(tables["roster"], key_column=keys["roster"], with_times=False)
    only_in_roster = "roster" if given.times_column is not None else None
    source = "times" if "times" in tables else only_in_roster
    if source is not None:
        moments = people_of(
            tables[source],
            key_column=keys[source],
            time_column=given.times_column,
            zone=zone,
            date_format=date_format,
        )
        if all(person.handed_in is None for person in moments):
            raise CallError(
                f"{files[source]} holds no time of any submission; name the column with "
                "--times-column"
            )
    return tuple(people), tuple(moments), tables


def _processors() -> int:
    """Return how many submissions are graded at once unless the instructor says."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        count = os.cpu_count() or 1
    return min(count, 8)

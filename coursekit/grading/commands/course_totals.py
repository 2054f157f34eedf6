"""`coursekit totals`: the course's total from the gradebook of all sets."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from coursekit.errors import CallError
from coursekit.grading.commands.messages import unmarked
from coursekit.grading.commands.rules_file import NAME, CourseFile, read_course
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import (
    Total,
    TotalRules,
    course_rules,
    keep_course_rules,
    totals,
)
from coursekit.grading.gradebook.people import look_up
from coursekit.grading.gradebook.place import Place
from coursekit.grading.gradebook.store import is_there
from coursekit.grading.names import printable
from coursekit.grading.pages.course import course_page, total_page, totals_table, worth_of
from coursekit.grading.pages.exports import write_csv
from coursekit.grading.pages.feedback import write_pages
from coursekit.grading.pages.out_folder import COURSE, OutFolder, gradebook_of
from coursekit.grading.pages.results import whole_file
from coursekit.grading.reading.grading_set import full_name, set_names

CSV, PAGE, PAGES = "totals.csv", "course.html", "students"
_OVER = {"drop_lowest": "--drop-lowest", "points": "--points"}


def write_totals(
    out: Path,
    *,
    gradebook: Place | None = None,
    rules: Path | None = None,
    weights: Sequence[str] = (),
    drop_lowest: int | None = None,
    points: float | None = None,
    who: str,
) -> None:
    """Reckon everybody's total, keep the rules that it was made by, and write the pages.

    What is given wins over `grading.toml`, and that over what the last totals had.

    Raises
    ------
    CallError
        When there is no gradebook, or the rules contradict each other or name nobody.
    CourseError
        When the folder or the gradebook cannot be written to.
    """
    place = gradebook_of(out, gradebook)
    if not is_there(place):
        raise CallError(
            f"{printable(str(place))} is no gradebook; say --gradebook FILE or ADDRESS as "
            "`coursekit grade` had it"
        )
    with OutFolder(out, COURSE, place) as folder:
        book = folder.book
        graded = book.sets()
        if not graded:
            raise CallError(f"{printable(str(place))} holds no graded set yet; grade one first")
        before = course_rules(book)
        file = _file(book, rules, before)
        given: dict[str, Any] = {"drop_lowest": drop_lowest, "points": points}
        said = {} if file is None else {"drop_lowest": file.drop_lowest, "points": file.points}
        changed: dict[str, Any] = {}
        over, kept = [], []
        for name, default in (("drop_lowest", 0), ("points", 100.0)):
            choices = (given[name], said.get(name), before.get(name))
            changed[name] = next((one for one in choices if one is not None), default)
            over += [_OVER[name]] if None not in choices[:2] and given[name] != said[name] else []
            if choices[:2] == (None, None) and before.get(name) not in (None, default):
                kept.append(f"{_OVER[name]} {before[name]:g}")
        own = _weights(weights)
        by_file = file.weights if file is not None else {}
        changed["weights"] = (by_file or before.get("weights") or {}) | own
        over += [f"--weight {name}" for name in own if by_file.get(name, own[name]) != own[name]]
        if not by_file and before.get("weights") and set(before["weights"]) - set(own):
            kept += [f"--weight {n}={w:g}" for n, w in before["weights"].items() if n not in own]
        found = TotalRules(changed["weights"], changed["drop_lowest"], changed["points"])
        _refuse_gaps(found, graded, file)
        if file is not None:
            changed |= {"file": str(file.path.absolute()), "text": file.text, "over": over}
            nobody: dict[str, list[str]] = {name: [] for name in before.get("excused", {})}
            changed["excused"] = nobody | _excused(book, file)
        keep_course_rules(book, changed, who=who)
        everybody = totals(book, found)
        source = _source(file, over, kept)
        _write(folder, everybody, found, source)
    if source:
        print(source)
    for name in sorted(set(found.weights) - set(graded)):
        print(f"Not graded yet, so not in the total: {name}")
    if waiting := unmarked([one.as_mark() for one in everybody]):
        print(f"{waiting[0].upper()}{waiting[1:]}.")
    reached = [one.points for one in everybody if one.points is not None]
    middle = f", median {statistics.median(reached):.2f} of {found.points:g}" if reached else ""
    sets = f"{len(graded)} set{'' if len(graded) == 1 else 's'}"
    print(f"{len(everybody):,} students, {sets}{middle}.")
    print(f"In {printable(str(out))}: {PAGE}, {CSV}, {PAGES}/, {PAGES}.zip.")


def kept_rules(book: GradeBook) -> TotalRules:
    """Return the rules that the last totals were made by."""
    kept = course_rules(book)
    return TotalRules(kept.get("weights", {}), kept.get("drop_lowest", 0), kept.get("points", 100))


def _write(folder: OutFolder, everybody: Sequence[Total], rules: TotalRules, source: str) -> None:
    worth = worth_of(everybody)
    hidden = bool(course_rules(folder.book).get("anonymous"))
    shown = list(everybody)
    if hidden:
        alias = folder.book.aliases()
        shown = [replace(one, student=alias[one.student], name=None) for one in everybody]
        shown.sort(key=lambda one: one.student)
    with whole_file(folder.path / CSV) as table:
        table.write("\ufeff")  # for Excel
        write_csv(table, totals_table(everybody))
    write_pages(
        folder.path / PAGES, ((one.student, total_page(one, rules, worth)) for one in everybody)
    )
    with whole_file(folder.path / PAGE) as page:
        page.write(course_page(shown, rules, source=source, hidden=hidden))


def _file(book: GradeBook, given: Path | None, before: Mapping[str, Any]) -> CourseFile | None:
    """Return the file of rules: given, or that of the last totals, or of the last graded set."""
    path = given
    if path is None:
        runs = [run for name in book.sets() if (run := book.last_run(name)) is not None]
        runs.sort(key=lambda run: run.id, reverse=True)
        places = [before.get("file"), *((run.rules or {}).get("file") for run in runs)]
        known = next((place for place in places if place), None)
        if known is None:
            return None
        path = Path(known)
        if not path.is_file():
            raise CallError(
                f"the rules were in {printable(known)}, which is gone; put it back, or name "
                f"another {NAME} with --rules"
            )
    return read_course(path)


def _weights(words: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in words:
        name, sign, number = word.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if not sign or not 0 <= value < 100_000:
            raise CallError(f"--weight {printable(word)!r} is no weight; expected such as 03=2")
        name = full_name(name.strip(), set_names(), "--weight")
        if name in found:
            raise CallError(f"--weight says twice what {name} counts; say it once")
        found[name] = value
    return found


def _refuse_gaps(rules: TotalRules, graded: Sequence[str], file: CourseFile | None) -> None:
    """Refuse weights for some of the sets only: what the others count nobody said."""
    without = [name for name in graded if rules.weights and name not in rules.weights]
    where = f"{printable(str(file.path))}, " if file is not None and file.weights else ""
    if without:
        fix = "give it one there" if where else "say --weight SET=NUMBER"
        raise CallError(
            f"{where}some sets have a weight, and {', '.join(without)} has none; {fix}, 0 for a "
            "set that does not count"
        )
    if rules.weights and not any(rules.weights[name] for name in graded):
        raise CallError(f"{where}every graded set has the weight 0; give one of them another")


def _excused(book: GradeBook, file: CourseFile) -> dict[str, list[str]]:
    """Return for whom which set does not count, by the names in the gradebook."""
    found: dict[str, list[str]] = {}
    for set_name, names in file.excused.items():
        keys = []
        for number, name in enumerate(names):
            try:
                keys.append(look_up(book, name))
            except CallError as error:
                where = file.at("sets", file.keys[set_name], "excused", number)
                raise CallError(f"{where}: {error}") from None
        found[set_name] = list(dict.fromkeys(keys))
    return found


def _source(file: CourseFile | None, over: Sequence[str], kept: Sequence[str]) -> str:
    words = []
    if file is not None:
        but = f", but {', '.join(over)} by the command line" if over else ""
        words.append(f"Rules of {printable(str(file.path))}{but}.")
    if kept:
        words.append(f"As in the last totals: {', '.join(kept)}.")
    return " ".join(words)

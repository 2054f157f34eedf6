"""`coursekit similar`: which hand-ins of a set have much in common that is rare in the class."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from coursekit._files import course_root
from coursekit.errors import CallError
from coursekit.grading.commands.by_hand import set_here
from coursekit.grading.commands.messages import MOST_NAMED, listed
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import course_rules
from coursekit.grading.gradebook.store import is_there
from coursekit.grading.names import printable
from coursekit.grading.pages.exports import write_csv
from coursekit.grading.pages.feedback import write_pages
from coursekit.grading.pages.out_folder import book_in, gradebook_of
from coursekit.grading.pages.results import whole_file
from coursekit.grading.pages.similar import MOST_SHOWN, pair_page, pairs_table, similar_page
from coursekit.grading.reading.grading_set import GradingSet, grading_set
from coursekit.grading.similarity.ranking import Comparison, Pair
from coursekit.grading.similarity.traits import Work, all_traits, work_of
from coursekit.grading.submissions.finding import find
from coursekit.grading.submissions.places import UnreadableError
from coursekit.notebooks.reading import Unreadable

PAGE, CSV, PAGES = "similar.html", "similar.csv", "similar"
_SOLUTION = "the solution"
_MOST_BESIDE = 20
_AND = "\0"  # between those who handed one file in together
_FEWEST = 10  # hand-ins from which on the class itself says what is usual


@dataclass
class _Class:
    """The hand-ins of a class: what each holds, what was wrong in it, and what was not compared."""

    works: dict[str, Work] = field(default_factory=dict)
    wrong: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def write_similar(folder: Path, against: Sequence[Path], set_name: str | None = None) -> None:
    """Compare the hand-ins of a set with each other, with others and with the solution.

    Writes a table, and the first pairs side by side. Nothing goes into the gradebook.

    Parameters
    ----------
    folder
        The ``--out`` of `coursekit grade`.
    against
        Other hand-ins of the set, such as last year's: folders or zips of submissions, or such an
        ``--out`` of their own.
    set_name
        The set, where the gradebook has several.

    Raises
    ------
    CallError
        When a folder, the gradebook or the set is not there.
    CourseError
        When something cannot be read or written.
    """
    book = book_in(folder)
    try:
        asked = grading_set(set_here(book, folder, set_name))
        aliases = book.aliases() if course_rules(book).get("anonymous") else {}
        reader = _reader(asked)
        own = _of_book(book, asked, reader)
    finally:
        book.close()
    if len(own.works) < 2 and not (own.works and against):
        raise CallError(
            f"{printable(str(folder))} holds {len(own.works)} notebooks of {asked.name} that can "
            "be compared, and two are needed; grade more, or name others with --against"
        )
    elsewhere: dict[str, Work] = {}
    for place in against:
        elsewhere |= _elsewhere(place, asked, reader, own.left_out)
    given = all_traits(_course(reader, asked.name, "exercises", "lessons"))
    solution = _course(reader, asked.name, "solutions")
    common = given | all_traits(solution)
    compared = Comparison(own.works, elsewhere=elsewhere, common=common, wrong=own.wrong)
    pairs = compared.pairs()
    beside: list[Pair] = []
    for work in solution:
        both = Comparison(own.works, elsewhere={_SOLUTION: work}, common=given)
        beside = [pair for pair in both.pairs() if pair.second == _SOLUTION][:_MOST_BESIDE]
    same = [pair.rank for pair in pairs if pair.second in own.works]
    possible = len(own.works) * (len(own.works) - 1) // 2
    level = None
    if len(own.works) >= _FEWEST:
        level = float(np.percentile([*same, *[0.0] * (possible - len(same))], 99))

    def name(student: str) -> str:
        return ", ".join(aliases.get(one, one) for one in student.split(_AND))

    remarks = _remarks(own, elsewhere, common, name)

    with whole_file(folder / CSV) as file:
        file.write("\ufeff")  # for Excel
        write_csv(file, pairs_table(pairs, lambda student: student.replace(_AND, ", ")))
    write_pages(folder / PAGES, _pages(asked.name, pairs, compared, name), packed=False)
    with whole_file(folder / PAGE) as file:
        file.write(similar_page(asked.name, pairs, beside, remarks, name, level))
    for line in [*remarks, *_told(folder, own, elsewhere, level)]:
        print(printable(line, 2000))


def _told(
    folder: Path, own: _Class, elsewhere: dict[str, Work], level: float | None
) -> Iterator[str]:
    with_others = f", and with those from elsewhere: {len(elsewhere):,}" if elsewhere else ""
    usual = "" if level is None else f"; 99 of 100 pairs have a rank below {level:.0f}"
    yield f"{len(own.works):,} hand-ins compared with each other{with_others}{usual}."
    yield f"In {folder}: {PAGE}, {CSV}, {PAGES}/. They say what is alike, not why; marks stay."


def _remarks(
    own: _Class, elsewhere: dict[str, Work], common: set[str], name: Callable[[str], str]
) -> list[str]:
    nothing = [one for one, work in own.works.items() if work.spans.keys() <= common]
    cut = [one for one, work in {**own.works, **elsewhere}.items() if work.cut]
    said = (
        ("Nothing beyond what was handed out or stands in the solution", nothing),
        ("Too long to be compared whole", cut),
        ("Not compared, for they are no notebooks", own.left_out),
    )
    return [
        f"{what}: {', '.join(listed([*map(name, who)], MOST_NAMED, 'others'))}."
        for what, who in said
        if who
    ]


def _pages(
    set_name: str, pairs: Sequence[Pair], compared: Comparison, name: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    for place, pair in enumerate(pairs[:MOST_SHOWN], 1):
        sides = [compared.works[one] for one in (pair.first, pair.second)]
        marked = compared.marked(pair.first, pair.second)
        yield f"{place:03d}", pair_page(set_name, place, pair, sides, marked, name)


def _reader(asked: GradingSet) -> Callable[[bytes], Work]:
    """Return what reads a notebook of the set."""
    functions = frozenset(asked.worth)
    released = b""
    with suppress(OSError):
        released = (course_root() / "exercises" / f"{asked.name}.ipynb").read_bytes()
    return lambda content: work_of(content, functions, released)


def _course(reader: Callable[[bytes], Work], set_name: str, *parts: str) -> list[Work]:
    """Return the course's own notebooks of a set, those that are there."""
    found = []
    for part in parts:
        with suppress(OSError, Unreadable):
            content = (course_root() / part / f"{set_name}.ipynb").read_bytes()
            found.append(reader(content))
    return found


def _of_book(book: GradeBook, asked: GradingSet, reader: Callable[[bytes], Work]) -> _Class:
    """Read what the gradebook has of a set; a file that a group handed in together is one."""
    attempts = book.attempts_by_student(asked.name)
    together: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for entry in book.each_entry(asked.name):
        digest = attempts[entry["student"]][-1].digest
        file = (entry.get("submission") or {}).get("file") or entry["student"]
        together.setdefault((digest, file), []).append(entry)
    found = _Class()
    for (digest, _), entries in together.items():
        students = _AND.join(entry["student"] for entry in entries)
        content = book.submitted_file(digest) if digest else None
        try:
            if content is None:
                raise Unreadable("not_kept", "the file was not kept")
            found.works[students] = reader(content)
        except Unreadable:
            found.left_out += [entry["student"] for entry in entries]
        else:
            found.wrong[students] = dict(_wrong(entries[0]))
    return found


def _wrong(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the functions that were wrong, with the misconception, or with what came out."""
    for function in entry["functions"]:
        example = function.get("counterexample")
        if function.get("misconception"):
            yield function["name"], function["misconception"]
        elif not function.get("passed", True) and example is not None:
            yield function["name"], json.dumps(example.get("got"), sort_keys=True, default=str)


def _elsewhere(
    place: Path, asked: GradingSet, reader: Callable[[bytes], Work], left_out: list[str]
) -> dict[str, Work]:
    """Return the hand-ins of another place, named with it."""
    book = gradebook_of(place)
    if place.is_dir() and is_there(book):
        other = GradeBook(book, read_only=True)
        try:
            if asked.name not in other.sets():
                raise CallError(
                    f"--against {printable(str(place))} holds no {asked.name}; name the --out that "
                    "it was graded into, or the folder of its submissions"
                )
            found = _of_book(other, asked, reader)
        finally:
            other.close()
        left_out += [f"{name} ({place.name})" for name in found.left_out]
        works = found.works
    else:
        works = {}
        for submission in find(place, asked.name).submissions:
            try:
                works[submission.student] = reader(submission.read())
            except (UnreadableError, Unreadable):
                left_out.append(f"{submission.student} ({place.name})")
    return {f"{name} ({place.name})": work for name, work in works.items()}

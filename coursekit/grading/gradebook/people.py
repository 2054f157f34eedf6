"""Who is in the gradebook: from a roster, and as submissions call them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from coursekit.errors import CallError
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.tables import Student
from coursekit.grading.names import printable
from coursekit.grading.submissions.roster import Person


def look_up(book: GradeBook, wanted: str) -> str:
    """Return the student that a key, a number, a name or an address stands for.

    Capital letters count only where several students differ in nothing else; "Tal, Ben" and
    "Ben Tal" are the same.

    Raises
    ------
    CallError
        When there is none, or several.
    """
    with book.store.reading() as session:
        everybody = list(session.scalars(select(Student)))
    for form in (str, str.casefold, _first_name_first):
        meant = form(wanted)
        keys = [one.key for one in everybody if form(one.key) == meant]
        found = keys or [
            one.key
            for one in everybody
            if meant
            in {form(text) for text in (one.number, one.name, one.email, one.alias) if text}
            or meant in {form(cell) for cell in (one.cells or {}).values() if cell}
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise CallError(
                f"{printable(wanted)!r} may be {printable(' or '.join(sorted(found)[:5]))}"
            )
    from difflib import get_close_matches

    there = {text.casefold(): one.key for one in everybody
             for text in (one.email, one.name, one.key) if text}  # fmt: skip
    close = [there[text] for text in get_close_matches(wanted.casefold(), list(there), 3, 0.6)]
    fix = "grade the class first, or give `coursekit grade` a roster that names the student"
    if close:
        fix = f"did you mean {printable(' or '.join(map(repr, dict.fromkeys(close))))}?"
    raise CallError(f"{printable(wanted)!r} is not in the gradebook; {fix}")


def _first_name_first(text: str) -> str:
    """Return "ben tal" for "Tal, Ben"; Canvas's list has names in that order."""
    last, _, first = text.casefold().partition(",")
    return f"{first.strip()} {last.strip()}".strip()


def enrol(book: GradeBook, people: Iterable[Person]) -> int:
    """Take over names, numbers and addresses from a roster; return how many students it names.

    Students who are in the book under other names must have been renamed before.
    """
    count = 0
    with book.store.writing() as session:
        known = {student.key: student for student in session.scalars(select(Student))}
        for person in people:
            count += 1
            student = known.get(person.key)
            if student is None:
                student = Student(key=person.key)
                session.add(student)
            student.number = student.number or person.number  # a submission's own number stays
            student.name = person.name or student.name
            student.email = person.email or student.email
            student.cells = person.cells or student.cells
    return count


def rename(book: GradeBook, names: Mapping[str, str]) -> dict[str, str]:
    """Give students the roster's names where the book has their submissions' names.

    Returns
    -------
    dict
        Who has a new name, by the old one.
    """
    done = {}
    with book.store.writing() as session:
        for old, new in names.items():
            found = {
                student.key: student
                for student in session.scalars(select(Student).where(Student.key.in_((old, new))))
            }
            if old in found and new not in found:
                found[old].key = done[old] = new
    return done


def tell_apart(book: GradeBook, numbers: Mapping[str, str]) -> dict[str, str]:
    """Rename students whose name got or lost a number behind it since they were last graded.

    Returns who has a new name, by the old one.

    Of two submissions of one name each has its number behind the name; of one alone it has not.

    Parameters
    ----------
    book
        Where they are.
    numbers
        The numbers of submissions, by student.
    """
    names = {}
    with book.store.reading() as session:
        for key, number in numbers.items():
            ending = f" ({number})"
            other = key.removesuffix(ending) if key.endswith(ending) else key + ending
            known = session.scalars(
                select(Student).where(Student.key == other, Student.number == number)
            ).first()
            if known is not None:
                names[other] = key
    return rename(book, names)

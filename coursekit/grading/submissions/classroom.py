"""Who handed in what, and when: submissions, a roster and a list of times brought together."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from coursekit.grading.names import printable
from coursekit.grading.submissions.finding import Submission, Submissions
from coursekit.grading.submissions.roster import Person


class People:
    """A list of people in which a submission's name or number is looked up.

    Parameters
    ----------
    people
        Lines of a roster or of a list of times.
    set_name
        Of the set: files may be called after it and the student.

    Examples
    --------
    >>> people = People([Person("al1815", "77", "Ada Lovelace", None, None)], "03_convolution_2d")
    >>> [people.find(name, None).key for name in ("al1815", "lovelaceada", "Ada Lovelace")]
    ['al1815', 'al1815', 'al1815']
    >>> people.find("whoever", "77").key, people.find("bob", "78")
    ('al1815', None)
    """

    def __init__(self, people: Iterable[Person], set_name: str = "") -> None:
        self._set = set_name
        self._by_key: dict[str, Person] = {}
        self._by_number: dict[str, list[Person]] = {}
        self._by_any_number: dict[str, list[Person]] = {}
        self._by_spelling: dict[str, list[Person]] = {}
        for person in people:
            self._by_key.setdefault(person.key, person)
            if person.number is not None:
                self._by_number.setdefault(person.number, []).append(person)
            for number in {*person.numbers, *([person.number] if person.number else [])}:
                self._by_any_number.setdefault(number.casefold(), []).append(person)
            for spelling in _spellings(person):
                self._by_spelling.setdefault(spelling, []).append(person)

    def find(self, student: str, number: str | None) -> Person | None:
        """Return whom a submission belongs to; None where nobody fits, or two do."""
        fitting = self.fitting(student, number)
        return fitting[0] if len(fitting) == 1 else None

    def fitting(self, student: str, number: str | None) -> list[Person]:
        """Return everybody who may be meant: name and number must not be of two people."""
        named = self._named(student, number)
        if number is None:
            return named
        numbered = self._by_number.get(number) or self._by_any_number.get(number.casefold(), [])
        both = [person for person in named if person in numbered]
        return both or _each_once([*numbered, *named])

    def knows(self, name: str) -> bool:
        """Say whether a name is that of exactly one person."""
        return len(self.fitting(name, None)) == 1

    def _named(self, student: str, number: str | None) -> list[Person]:
        if student in self._by_key:
            return [self._by_key[student]]
        plain = re.sub(r" \(\d+\)$", "", student) if number is not None else student
        if found := self._by_spelling.get(_folded(plain), []):
            return found
        if number is not None:
            return []
        rest = _folded(re.sub(re.escape(self._set), "", plain, flags=re.IGNORECASE))
        if self._set and rest and (found := self._by_spelling.get(rest, [])):
            return found
        words = [plain, *re.split(r"[\s_.,;()-]+", plain)]
        several = (self._by_any_number.get(word.casefold(), []) for word in words if word)
        return _each_once(person for found in several for person in found)


def _each_once(people: Iterable[Person]) -> list[Person]:
    return list({person.key: person for person in people}.values())


@dataclass(frozen=True)
class Assigned:
    """Submissions under the roster's names.

    Parameters
    ----------
    submissions
        In the order of names, each student once.
    renamed
        What submissions called a student, and what the roster does.
    strangers
        Who handed in and is not on the roster.
    doubts
        What can be understood in two ways, each with what settles it.
    absent
        Who is on the roster and handed in nothing.
    """

    submissions: tuple[Submission, ...]
    renamed: dict[str, str]
    strangers: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    absent: tuple[Person, ...] = ()


def assign(
    found: Submissions, roster: Sequence[Person], set_name: str = "", picked: Sequence[str] = ()
) -> Assigned:
    """Give each submission to the person on the roster that its name or number fits.

    Where a name and a number are of two people, a name is that of several, or two submissions are
    one person's, there is a doubt. Who is not on the roster keeps the submission's own name, and
    that is noted. A file that is no notebook is the submission of the person whose name it has.
    """
    people = People(roster, set_name)
    owned: dict[str, list[Submission]] = {}
    renamed: dict[str, str] = {}
    strangers, doubts = [], []
    for submission in found.submissions:
        fitting = people.fitting(submission.student, submission.number)
        if len(fitting) > 1:
            doubts.append(_of_two(submission, fitting))
        elif not fitting:
            strangers.append(submission.student)
            event = ("not_on_roster", "nobody on the roster has this name or number")
            submission = replace(submission, events=(*submission.events, event))
        elif fitting[0].key != submission.student:
            renamed[submission.student] = fitting[0].key
            submission = replace(submission, student=fitting[0].key)
        owned.setdefault(submission.student, []).append(submission)
    for stray in found.strays:
        person = people.find(stray.student, None)
        if person is not None and person.key not in owned:
            owned[person.key] = [replace(stray, student=person.key)]
    one_each = []
    for student in sorted(owned):
        several = owned[student]
        chosen = [one for one in several if str(one.path) in picked]
        if len(several) > 1 and len(chosen) != 1:
            paths = " and ".join(sorted(printable(str(one.path)) for one in several))
            doubts.append(
                f"{paths} would both be of {printable(student)}; say which counts with --file "
                "PATH, or correct the roster"
            )
        one_each.append(chosen[0] if len(chosen) == 1 else several[-1])
    absent = tuple(person for person in roster if person.key not in owned)
    return Assigned(tuple(one_each), renamed, tuple(strangers), tuple(doubts), absent)


def _of_two(submission: Submission, fitting: Sequence[Person]) -> str:
    who = " or ".join(f"{printable(one.key)} ({one.where})" for one in fitting[:3])
    number = f" with the number {submission.number}" if submission.number else ""
    return (
        f"{printable(str(submission.path))}{number} may be of {who}; correct the roster, or say "
        "with --key-column which of its columns has the names that submissions have"
    )


def with_times(
    submissions: Iterable[Submission],
    times: Sequence[Person],
    called: Callable[[Submission], Sequence[tuple[str, str | None]]] | None = None,
) -> tuple[Submission, ...]:
    """Say of each submission when it came, as far as the list or the submission itself tells.

    `called` gives further names and numbers under which a student may be on the list.
    """
    people = People(times)

    def when(submission: Submission) -> datetime | None:
        names = [(submission.student, submission.number)]
        names += called(submission) if called is not None else []
        for name, number in names:
            person = people.find(name, number)
            if person is not None:
                return person.handed_in
        return submission.handed_in

    return tuple(replace(one, handed_in=when(one)) for one in submissions)


def names_of(person: Person) -> list[tuple[str, str | None]]:
    """Return names and numbers under which a person may be on another list."""
    texts = [person.email, person.key, person.name, *sorted(person.numbers)]
    return [(text, None) for text in texts if text]


def _spellings(person: Person) -> set[str]:
    """Return how submissions may write a person: the key, the name turned round, the address."""
    found = {_folded(person.key)}
    if person.email:
        found |= {_folded(person.email), _folded(person.email.split("@")[0])}
    words = (person.name or "").replace(",", " ").split()
    found |= {_folded("".join(words[k:] + words[:k])) for k in range(len(words))}
    return found - {""}


def _folded(text: str) -> str:
    """Return a name without spaces, signs, accents and capitals."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in letters if char.isalnum())

"""Who handed in what, and when: submissions, a roster and submission times brought together."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from coursekit.grading.names import printable
from coursekit.grading.submissions.finding import Submission
from coursekit.grading.submissions.roster import Person


class People:
    """A list of people in which a submission's name or number is looked up.

    Parameters
    ----------
    people
        Lines of a roster or of a list of times.

    Examples
    --------
    >>> people = People([Person("al1815", "77", "Ada Lovelace", None, None)])
    >>> [people.find(name, None).key for name in ("al1815", "lovelaceada", "Ada Lovelace")]
    ['al1815', 'al1815', 'al1815']
    >>> people.find("whoever", "77").key, people.find("bob", "78")
    ('al1815', None)
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_key: dict[str, Person] = {}
        self._by_number: dict[str, list[Person]] = {}
        self._by_spelling: dict[str, list[Person]] = {}
        for person in people:
            self._by_key.setdefault(person.key, person)
            if person.number is not None:
                self._by_number.setdefault(person.number, []).append(person)
            for spelling in _spellings(person):
                self._by_spelling.setdefault(spelling, []).append(person)

    def find(self, student: str, number: str | None) -> Person | None:
        """Return whom a submission belongs to; None where nobody fits, or two do."""
        if student in self._by_key:
            return self._by_key[student]
        plain = re.sub(r" \(\d+\)$", "", student) if number is not None else student
        named = self._by_spelling.get(_folded(plain), [])
        numbered = self._by_number.get(number or "", [])
        both = [person for person in named if person in numbered]
        for fitting in (both, numbered if not named else [], named if not numbered else []):
            if len(fitting) == 1:
                return fitting[0]
        return None


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
    """

    submissions: tuple[Submission, ...]
    renamed: dict[str, str]
    strangers: tuple[str, ...]


def assign(submissions: Sequence[Submission], roster: Sequence[Person]) -> Assigned:
    """Give each submission to the person on the roster that its name or number fits.

    Of two submissions of one person the later counts, by the system's number, else by the time the
    file was written. Who is not on the roster keeps the submission's own name, and that is noted.
    """
    people = People(roster)
    owned: dict[str, list[Submission]] = {}
    renamed: dict[str, str] = {}
    strangers = []
    for submission in submissions:
        person = people.find(submission.student, submission.number)
        if person is None:
            strangers.append(submission.student)
            event = ("not_on_roster", "nobody on the roster has this name or number")
            submission = replace(submission, events=(*submission.events, event))
        elif person.key != submission.student:
            renamed[submission.student] = person.key
            submission = replace(submission, student=person.key)
        owned.setdefault(submission.student, []).append(submission)
    one_each = [_latest(owned[student]) for student in sorted(owned)]
    return Assigned(tuple(one_each), renamed, tuple(strangers))


def _latest(several: list[Submission]) -> Submission:
    *older, latest = sorted(several, key=_age)
    events = [
        ("second_file", f"{printable(str(other.path))} is of the same student; the newer counts")
        for other in older
    ]
    return replace(latest, events=(*latest.events, *events))


def _age(submission: Submission) -> tuple[int, float, tuple[str, ...]]:
    written = submission.written.timestamp() if submission.written else 0.0
    return submission.order or 0, written, submission.path.parts


def with_times(
    submissions: Iterable[Submission], times: Sequence[Person]
) -> tuple[Submission, ...]:
    """Say of each submission when it came, as far as the list or the submission itself tells."""
    people = People(times)

    def when(submission: Submission) -> datetime | None:
        person = people.find(submission.student, submission.number)
        return submission.handed_in if person is None else person.handed_in

    return tuple(replace(one, handed_in=when(one)) for one in submissions)


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

"""Comments to use again: those of the same mistake first, then those that are used most."""

from collections import Counter
from collections.abc import Iterable

from coursekit.checks import misconceptions
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.decisions import comments_used
from coursekit.review.classroom import Row, ideas_of

_MOST = 8


def suggestions(book: GradeBook, row: Row, everybody: Iterable[Row]) -> list[str]:
    """Return texts for a comment on a hand-in, the likeliest to fit first.

    What the course says of a misconception comes first, then what was written to others with the
    same one, then what was written most, in any set of the gradebook.
    """
    own = ideas_of(row)
    alike: Counter[str] = Counter()
    for other in everybody:
        if other.tag != row.tag and set(own) & set(ideas_of(other)):
            alike.update(change.value or "" for change in other.all("comment"))
    there = {change.value for change in row.all("comment")}
    found = [_sentence(idea) for idea in own]
    found += [text for text, _ in alike.most_common()]
    found += [text for text, _ in comments_used(book)]
    return [text for text in dict.fromkeys(found) if text and text not in there][:_MOST]


def _sentence(idea: str) -> str:
    """Return what an answer with a misconception does, said of the function."""
    function, name = idea.split("\t")
    try:
        does = misconceptions(function).get(name, "")
    except ValueError:  # a part of a project
        return ""
    return f"{function} {does.rstrip('.')}." if does else ""

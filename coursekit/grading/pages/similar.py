"""The pages and the table of pairs of hand-ins, most alike in what is rare first."""

from collections.abc import Callable, Iterator, Sequence

from coursekit.grading.pages.exports import Cell
from coursekit.grading.pages.feedback import page_environment
from coursekit.grading.similarity.ranking import Pair
from coursekit.grading.similarity.traits import Trait, Work

MOST_SHOWN = 100  # pairs with a page of their own
Name = Callable[[str], str]


def similar_page(
    set_name: str,
    pairs: Sequence[Pair],
    beside: Sequence[Pair],
    remarks: Sequence[str],
    name: Name,
    level: float | None,
) -> str:
    """Return the page with the table as HTML without scripts.

    Parameters
    ----------
    set_name
        The exercise set.
    pairs
        Those of the class, and of the class with others, in order.
    beside
        Those with the course's own solution.
    remarks
        What else is to be said, a sentence each.
    name
        Gives the name under which somebody is shown.
    level
        Below which 99 of 100 pairs of the class are.
    """
    page = page_environment().get_template("similar.html")
    return page.render(
        set_name=set_name,
        pairs=pairs[:MOST_SHOWN],
        count=len(pairs),
        beside=beside,
        remarks=remarks,
        name=name,
        level=level,
    )


def pair_page(
    set_name: str, place: int, pair: Pair, sides: Sequence[Work], marked: set[Trait], name: Name
) -> str:
    """Return the page of two hand-ins side by side as HTML without scripts."""
    page = page_environment().get_template("pair.html")
    return page.render(
        set_name=set_name,
        place=place,
        pair=pair,
        names=(name(pair.first), name(pair.second)),
        sides=[list(stretches(work, marked)) for work in sides],
    )


def stretches(work: Work, marked: set[Trait]) -> Iterator[list[tuple[str, bool]]]:
    """Give each part of a hand-in that was changed as texts, each with whether it is marked.

    Examples
    --------
    >>> work = Work(["total = a + b"], {"a": {(0, 0, 5)}, "b": {(0, 3, 7), (0, 8, 9)}})
    >>> list(stretches(work, {"b"}))
    [[('tot', False), ('al =', True), (' ', False), ('a', True), (' + b', False)]]
    """
    spans = sorted(span for trait in marked for span in work.spans.get(trait, ()))
    for number, text in enumerate(work.parts):
        found: list[tuple[str, bool]] = []
        done = 0
        for start, end in _joined([span[1:] for span in spans if span[0] == number]):
            found += [(text[done:start], False), (text[start:end], True)]
            done = end
        found.append((text[done:], False))
        yield [one for one in found if one[0]]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans, the first to begin first, with those made one that overlap."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def pairs_table(pairs: Sequence[Pair], name: Name) -> Iterator[list[Cell]]:
    """Give the rows of ``similar.csv``: one pair a line, in order."""
    yield ["place", "first", "second", "rank", "share", "code", "words", "same_wrong_answer"]
    for place, pair in enumerate(pairs, 1):
        yield [
            place, name(pair.first), name(pair.second), round(pair.rank, 1),
            round(pair.likeness, 3), pair.code, pair.words, " ".join(pair.wrong),
        ]  # fmt: skip

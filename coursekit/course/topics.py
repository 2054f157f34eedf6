"""The course's own table of topics: what is taught, and which lesson is its home."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Topic:
    """One topic: its number, its title, and the lesson that teaches it."""

    number: str
    title: str
    lesson: str


def read_topics(path: Path) -> dict[str, Topic]:
    """Read the table ``source/topics.toml``.

    Parameters
    ----------
    path : pathlib.Path
        The table: a section for each lesson, in it ``T026 = "title"``.

    Returns
    -------
    dict of str to Topic
        By number, in order of the numbers.

    Raises
    ------
    ValueError
        When a topic stands in two lessons.
    """
    found: dict[str, Topic] = {}
    for lesson, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for number, title in rows.items():
            if number in found:
                raise ValueError(
                    f"{path}: {number} stands in lessons {found[number].lesson} and {lesson}; "
                    "a topic has one home"
                )
            found[number] = Topic(number, title, lesson)
    return dict(sorted(found.items()))


def home_topics(topics: dict[str, Topic], lesson: str) -> list[str]:
    """Return the numbers of the topics whose home is a lesson.

    Parameters
    ----------
    topics : dict of str to Topic
        What `read_topics` returned.
    lesson : str
        A lesson's number, such as ``"02"``.

    Returns
    -------
    list of str

    Examples
    --------
    >>> home_topics({"T026": Topic("T026", "Sliding sums", "02")}, "02")
    ['T026']
    """
    return [topic.number for topic in topics.values() if topic.lesson == lesson]

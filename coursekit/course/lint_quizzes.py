"""Quizzes that cannot be guessed from the place or the length of an option."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from coursekit.course.lint_questions import Place, calls_of, name_in
from coursekit.learn.quizzes import shuffled

FEWEST, MOST = 3, 6
ROOM = 8  # letters by which a right option may be longer or shorter than all others
CHANCE = 2.5  # standard deviations


@dataclass(frozen=True)
class Question:
    """One quiz question as it is shown: its options in their order, and which are right."""

    name: str
    texts: tuple[str, ...]
    right: tuple[bool, ...]


def questions_of(notebook: Any) -> Iterator[tuple[str, Question]]:
    """Yield the cell and the question of every quiz in a notebook.

    Parameters
    ----------
    notebook : dict
        A built notebook.

    Yields
    ------
    tuple of str and Question
    """
    for cell in notebook["cells"]:
        for call in calls_of(cell, "quiz"):
            name = name_in(call)
            rows = shuffled(name, ast.literal_eval(call.args[2]))
            texts, right, _ = zip(*rows, strict=True)
            yield cell["id"], Question(name, texts, right)


def quiz_problems(notebook: Any) -> Iterator[Place]:
    """Yield what is wrong with the quizzes of one lesson.

    Parameters
    ----------
    notebook : dict
        A built lesson.

    Yields
    ------
    tuple of str
        The cell, the rule, what is wrong, how to fix it.
    """
    found = list(questions_of(notebook))
    if not FEWEST <= len(found) <= MOST:
        what = f"{len(found)} quiz questions"
        yield "", "quiz", what, f"ask {FEWEST} to {MOST}"
    for cell, question in found:
        if len(question.texts) < FEWEST:
            yield cell, "quiz", f"{len(question.texts)} options", f"give {FEWEST} or more"
        wrong = [
            len(t) for t, right in zip(question.texts, question.right, strict=True) if not right
        ]
        for text, right in zip(question.texts, question.right, strict=True):
            if right and wrong and not min(wrong) - ROOM <= len(text) <= max(wrong) + ROOM:
                what = f"the right option has {len(text)} letters, the others {sorted(wrong)}"
                yield cell, "quiz", what, "make the options of like length"


def guessing_problems(questions: Iterable[Question]) -> list[str]:
    """Return a sentence for each form by which right options stand out over many quizzes.

    Counted are questions with one right option: how often it is shown first, last, and is the
    longest or the shortest, against how often chance would have it.

    Parameters
    ----------
    questions : iterable of Question
        All quizzes of the course.

    Returns
    -------
    list of str

    Examples
    --------
    >>> long = [Question(str(n), ("a", "b", "right"), (False, False, True)) for n in range(20)]
    >>> guessing_problems(long)[-1]
    'the right option is the longest in 20 of 20 quizzes; chance would have it in about 7'
    """
    single = [q for q in questions if sum(q.right) == 1]
    sentences = []
    forms: tuple[tuple[str, Callable[[Question, int], float]], ...] = (
        ("shown first", lambda q, at: float(at == 0)),
        ("shown second", lambda q, at: float(at == 1)),
        ("shown last", lambda q, at: float(at == len(q.texts) - 1)),
        ("the shortest", lambda q, at: _share(q, at, min)),
        ("the longest", lambda q, at: _share(q, at, max)),
    )
    for form, fits in forms:
        hits = sum(fits(q, q.right.index(True)) for q in single)
        expected = sum(1 / len(q.texts) for q in single)
        spread = math.sqrt(sum((1 - 1 / len(q.texts)) / len(q.texts) for q in single))
        if abs(hits - expected) > CHANCE * spread:
            sentences.append(
                f"the right option is {form} in {hits:.0f} of {len(single)} quizzes; "
                f"chance would have it in about {expected:.0f}"
            )
    return sentences


def _share(question: Question, at: int, extreme: Any) -> float:
    """1 where the option alone is the longest (or shortest), a share where several are."""
    lengths = [len(text) for text in question.texts]
    if lengths[at] != extreme(lengths):
        return 0.0
    return 1 / lengths.count(lengths[at])

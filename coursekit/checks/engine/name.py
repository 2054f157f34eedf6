"""Naming a wrong idea by elimination: a name is right, or it is not given."""

from collections.abc import Callable, Sequence
from typing import Any

from coursekit.checks.engine.compare import outcome, same
from coursekit.checks.engine.spec import Exercise, Parts, Question
from coursekit.checks.runner.reply import Reply

Idea = tuple[str, Callable[..., Any] | None]  # a name and one way in which it is written down


def gives_the_same(exercise: Exercise, idea: Idea, question: Question, reply: Reply) -> bool:
    """Say whether a wrong idea would have given this very reply to the question."""
    name, wrong = idea
    shows = exercise.misconceptions[name].fits
    if shows is not None and not (reply.kind == "value" and shows(reply.parts)):
        return False
    if wrong is None:
        return shows is not None
    try:
        parts: Parts = outcome(exercise, question, wrong)
    except Exception:  # where an idea leads nowhere, an answer may fail or come back empty
        empty = reply.kind == "value" and all(part.size == 0 for part in reply.parts)
        return reply.kind == "error" or empty
    if reply.kind != "value":
        return False
    if not any(part.size for part in (*reply.parts, *parts)):
        return True  # np.array([]) and np.zeros((0, 3)) both say that there is no place left
    return same(exercise, reply.parts, parts)


def ideas(exercise: Exercise) -> list[Idea]:
    """Return every way in which every known wrong idea is written down."""
    return [
        (name, wrong)
        for name, idea in exercise.misconceptions.items()
        for wrong in (idea.variants() or (None,))
    ]


def eliminate(
    exercise: Exercise,
    candidates: Sequence[Idea],
    questions: Sequence[Question],
    replies: Sequence[Reply],
) -> tuple[list[Idea], dict[Idea, Question]]:
    """Return those ideas that give the same outputs as the answer for *every* question.

    Beside them stands, for each of the others, the question that spoke against it.
    """
    left, against = list(candidates), dict[Idea, Question]()
    for question, reply in zip(questions, replies, strict=True):
        for idea in left:
            if not gives_the_same(exercise, idea, question, reply):
                against[idea] = question
        left = [idea for idea in left if idea not in against]
        if not left:
            break
    return left, against


def only_name(left: Sequence[Idea]) -> str | None:
    """Return the one name that is left; None where none is, or several different ideas are."""
    names = {name for name, _ in left}
    return names.pop() if len(names) == 1 else None

"""Naming a wrong idea by elimination: a name is right, or it is not given."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.checks.engine.compare import same
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.outcomes import outcome, right_answer
from coursekit.checks.engine.slips import PATTERNS, measured, slips
from coursekit.checks.engine.spec import Case, Exercise, Misconception, Parts, Question
from coursekit.checks.runner.reply import Reply

Idea = tuple[str, Callable[..., Any] | None]  # a name and one way in which it is written down

OVERWRITES = "argument_overwritten"
_OVERWRITES = Misconception(
    "writes into its own argument",
    "Whoever called it finds other values there than before. Write the result into a new array, or "
    "work on a copy.",
    hint="A slice such as x[1:3] looks into the same memory as x, and -=, *=, x[i] = ... write "
    "there. Begin with x = x.copy(), or make the result with np.zeros.",
)
_NO_NUMBER = ("OverflowError", "ValueError", "ZeroDivisionError")
_KNOWN: dict[int, tuple[Exercise, dict[str, Misconception]]] = {}


def known_ideas(exercise: Exercise) -> dict[str, Misconception]:
    """Return every wrong idea that can be named: the set's own, then the slips of any function."""
    kept = _KNOWN.get(id(exercise))
    if kept is None or kept[0] is not exercise:
        general = slips(exercise, questions(exercise))
        found = {
            name: _joined(idea, general.pop(name, None))
            for name, idea in exercise.misconceptions.items()
        }
        if not exercise.direct and any(check.keeps_arguments for check in exercise.checks):
            general.setdefault(OVERWRITES, _OVERWRITES)
        kept = _KNOWN[id(exercise)] = exercise, found | general
    return kept[1]


def _joined(own: Misconception, general: Misconception | None) -> Misconception:
    """Return a set's own idea with the forms that the slip of the same name has."""
    if general is None:
        return own
    return replace(own, wrong=(*own.variants(), *general.variants()), hint=own.hint or general.hint)


def gives_the_same(exercise: Exercise, idea: Idea, question: Question, reply: Reply) -> bool:
    """Say whether a wrong idea would have given this very reply to the question."""
    name, wrong = idea
    shows = known_ideas(exercise)[name].fits
    if shows is not None and not (reply.kind == "value" and shows(reply.parts)):
        return False
    if wrong is None:
        return shows is not None
    try:
        parts: Parts = outcome(exercise, question, wrong)
    except Exception:  # where an idea leads nowhere, an answer may fail or come back empty
        empty = reply.kind == "value" and all(part.size == 0 for part in reply.parts)
        return reply.kind == "error" or empty
    if reply.kind == "error":  # Python's own math stops where NumPy gives inf or nan
        if not any(part.size for part in parts):
            return True
        return reply.error in _NO_NUMBER and not all(np.isfinite(part).all() for part in parts)
    if reply.kind != "value":
        return False
    if not any(part.size for part in (*reply.parts, *parts)):
        return True  # np.array([]) and np.zeros((0, 3)) both say that there is no place left
    return same(exercise, reply.parts, parts)


def ideas(exercise: Exercise) -> list[Idea]:
    """Return every way in which every known wrong idea is written down."""
    return [
        (name, wrong)
        for name, idea in known_ideas(exercise).items()
        if idea.pattern is None
        for wrong in (idea.variants() or ((None,) if idea.fits else ()))
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


def only_name(exercise: Exercise, left: Sequence[Idea]) -> str | None:
    """Return the one name that is left; None where none is, or several different ideas are.

    A set's own idea goes before a slip. Of slips that cannot be told apart the one in the result
    is true of the answer in any case; two arguments that may hold it are two different ideas.
    """
    known = exercise.misconceptions
    own = {name for name, _ in left if name in known}
    # A form that only the slip of the same name brought along gives way.
    written = {n for n, form in left if n in own and form in (None, *known[n].variants())}
    own = written or own
    names = list(dict.fromkeys(name for name, _ in left))
    of_arguments = tuple(f"{parameter}_" for parameter in exercise.parameters)
    of_result = [name for name in names if not name.startswith(of_arguments)]
    if own and (written or not of_result):
        return own.pop() if len(own) == 1 else None
    if of_result:
        return of_result[0]
    return names[0] if len(names) == 1 else None


def patterns(
    exercise: Exercise, questions: Sequence[Question], replies: Sequence[Reply]
) -> tuple[str | None, str]:
    """Return the first idea that all replies together show, and by how much they are off."""
    if exercise.direct:
        return None, ""
    cases = [
        Case(q.args, _joined_up(right_answer(exercise, q)), _joined_up(r.parts))
        for q, r in zip(questions, replies, strict=True)
        if q.probe != "overwrite"
    ]
    ideas = known_ideas(exercise)
    for name in [*PATTERNS, *(name for name in ideas if name not in PATTERNS)]:
        idea = ideas[name]
        if idea.pattern is not None and idea.pattern(cases):
            return name, measured(name, cases)
    return None, ""


def _joined_up(parts: Parts) -> Any:
    """Return the only part, or all parts in one row; None where no numbers came out."""
    return (
        parts[0] if len(parts) == 1 else np.concatenate([*map(np.ravel, parts)]) if parts else None
    )


def explains(
    exercise: Exercise, name: str, questions: Sequence[Question], replies: Sequence[Reply]
) -> bool:
    """Say whether a named idea gives these replies, too."""
    idea = known_ideas(exercise)[name]
    if name == OVERWRITES:
        return any(reply.changed for reply in replies)
    if idea.pattern is not None:
        return patterns(exercise, questions, replies)[0] == name
    return any(
        all(gives_the_same(exercise, form, q, r) for q, r in zip(questions, replies, strict=True))
        for form in ideas(exercise)
        if form[0] == name
    )

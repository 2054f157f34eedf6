"""What a verdict says to the student: a headline and a few plain sentences."""

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.checks.engine.compare import same_shape
from coursekit.checks.engine.errors import explained, in_plain_words
from coursekit.checks.engine.judge import Verdict
from coursekit.checks.engine.name import OVERWRITES, known_ideas
from coursekit.checks.engine.spec import Exercise, Misconception, Question
from coursekit.checks.runner.reply import Reply


def headline(exercise: Exercise, verdict: Verdict) -> str:
    """Return the first line of the outcome."""
    if verdict.kind == "passed":
        return f"{exercise.name} is right. Tried: {tried(exercise, verdict.asked)}."
    if verdict.kind == "not attempted":
        return f"{exercise.name}: not attempted yet."
    return f"{exercise.name} is not right yet."


def sentences(exercise: Exercise, verdict: Verdict) -> list[str]:
    """Return what follows the headline, one sentence or two in each item."""
    if verdict.kind in ("values", "shape") or (verdict.misconception and verdict.kind != "changed"):
        said = [_count(exercise, verdict), *_wrong(exercise, verdict)]
    elif verdict.kind in _STRUCTURAL:
        said = _STRUCTURAL[verdict.kind](exercise, verdict)
        said += [verdict.where] if verdict.where else []
    else:
        said = []
    if verdict.changed and verdict.kind not in ("passed", "changed"):
        also = "" if verdict.misconception == OVERWRITES else "also "
        said.append(
            f"It {also}overwrites its argument {_named(exercise, verdict.changed)}. Write the "
            "result into a new array, or work on a copy."
        )
    if verdict.kind not in ("passed", "not attempted"):
        said.append(f'Stuck? hint("{exercise.name}")')
    return [*said, *verdict.remarks]


def _wrong(exercise: Exercise, verdict: Verdict) -> list[str]:
    """Return what there is to say about numbers that are wrong."""
    if verdict.misconception is not None:
        idea = known_ideas(exercise)[verdict.misconception]
        said = [f"It looks like an answer that {idea.does}."]
        said += [*_explained(exercise, verdict, idea), *filter(None, [verdict.where])]
        return [*said, f"To rethink: {idea.rethink}"]
    if verdict.reply is None or exercise.direct:
        return [*_explained(exercise, verdict, None), *filter(None, [verdict.where])]
    said = [verdict.where] if verdict.where else []
    for name, part, right in zip(
        exercise.parts, verdict.reply.parts, verdict.expected, strict=False
    ):
        got, expected = part.shape, right.shape
        if same_shape(got, expected):
            continue
        wrong = (
            f"{name or 'The result'} has the wrong shape: {shape(got)} came out; expected: "
            f"{shape(expected)}."
        )
        if len(got) > max(len(expected), 1):
            return [wrong, "Which brackets, or which axes, are left over?", *said]
        return [wrong, *said, "Work out by hand how many values the example below should have."]
    if said:
        return [*said, "Work out the example below by hand."]
    return ["It fits none of the mistakes known here: work out the example below by hand."]


def _explained(exercise: Exercise, verdict: Verdict, idea: Misconception | None) -> list[str]:
    """Return what a set's own words say about the failing question."""
    explain, parts = exercise.words.explain, verdict.reply.parts if verdict.reply else ()
    if explain is None or verdict.question is None:
        return []
    return explain(verdict.question.args, parts, verdict.expected, idea)


def _not_attempted(exercise: Exercise, verdict: Verdict) -> list[str]:
    return [
        "Write it, delete the line `raise NotImplementedError` when you are done, run its cell, "
        f'then run this one again. Stuck? hint("{exercise.name}")'
    ]


def _error(exercise: Exercise, verdict: Verdict) -> list[str]:
    reply = verdict.reply or Reply("error")
    place = f", at {reply.line}" if reply.line else ""
    said = [f"It stopped with {reply.error}{place}."]
    own = explained(reply.detail, exercise.words.errors)
    if own or reply.detail:
        said.append(own or f"Python says: {reply.detail}")
    plain = (
        None
        if own
        else in_plain_words(reply.error, reply.detail, exercise.parameters[0])
        if (exercise.parameters)
        else None
    )
    return [*said, f"To rethink: {plain}"] if plain else said


def _none(exercise: Exercise, verdict: Verdict) -> list[str]:
    printed = (verdict.reply or Reply("none")).printed.strip()
    if printed:
        first = printed.splitlines()[0][:80]
        return [
            f"It prints its result ({first!r}) and returns nothing. "
            "Give the result back with return in place of print."
        ]
    return [
        "It returned None. Is the return missing, has it no value, or is it not reached on this "
        "input?"
    ]


def _type(exercise: Exercise, verdict: Verdict) -> list[str]:
    detail = (verdict.reply or Reply("type")).detail
    wanted = exercise.words.wanted
    if exercise.returns == "a whole number":
        wanted = "One whole number"
    said = [f"The result has the wrong type: {detail}. {wanted} was expected."]
    if detail in ("a generator", "a map", "a filter", "a zip", "a reversed"):
        said.append("Put list(...) around it: it has not been computed yet.")
    if detail == "a function":
        said.append("Is a pair of brackets missing after a name, as in x.sum()?")
    return said


def _large(exercise: Exercise, verdict: Verdict) -> list[str]:
    return ["The result is far too large: more than two million numbers for a small input."]


def _changed(exercise: Exercise, verdict: Verdict) -> list[str]:
    return [
        "The numbers are right, but it changed its argument "
        f"{_named(exercise, verdict.changed)}: whoever called it finds other values there "
        "than before. Write the result into a new array, or work on a copy."
    ]


def _named(exercise: Exercise, places: Sequence[int]) -> str:
    """Return the names of some arguments."""
    return " and ".join(exercise.parameters[i] for i in places)


def _stopped(exercise: Exercise, verdict: Verdict) -> list[str]:
    counted = verdict.reply.detail if verdict.reply else ""
    if "waiting" in counted:
        return [
            f"It was stopped after {counted}. Nothing was computed meanwhile: does it sleep, or "
            "wait for a file, a network or another thread?"
        ]
    if "importing" in counted:
        return [f"It was stopped after {counted}."]
    if not counted:
        return ["It was stopped when its time was used up.", exercise.words.slow]
    only = "What else the machine had to do is not counted."
    return [f"It was stopped after {counted}. {only}", exercise.words.slow]


def _stuck(exercise: Exercise, verdict: Verdict) -> list[str]:
    reply = verdict.reply or Reply("stuck")
    place = f", at {reply.line}" if reply.line else ""
    return [
        f"It had used {reply.detail or 'up its time'}{place}, and could not be stopped: it waits "
        "inside a library, or catches every exception with a bare except. Restart the kernel (menu "
        "Kernel, Restart), fix it and run the cells again."
    ]


_STRUCTURAL: dict[str, Callable[[Exercise, Verdict], list[str]]] = {
    "not attempted": _not_attempted,
    "unwritten": lambda exercise, verdict: [
        "On some inputs it raises NotImplementedError: a part of it is not written yet."
    ],
    "error": _error,
    "none": _none,
    "type": _type,
    "large": _large,
    "changed": _changed,
    "stopped": _stopped,
    "stuck": _stuck,
}


def _count(exercise: Exercise, verdict: Verdict) -> str:
    wrong = "all" if len(verdict.asked) == verdict.wrong else verdict.wrong
    return f"Tried: {tried(exercise, verdict.asked)}; {wrong} came out wrong."


def tried(exercise: Exercise, questions: Sequence[Question]) -> str:
    """Return "72 inputs, from 1 x 1 to 9 x 9"."""
    if exercise.words.asked:
        return f"{len(questions)} {exercise.words.asked}"
    count = f"{len(questions)} inputs"
    arrays = [q.args[0] for q in questions if isinstance(q.args[0], np.ndarray)]
    if not arrays:
        return count
    ordered = sorted(arrays, key=lambda a: (a.size, a.shape))
    if ordered[0].shape == ordered[-1].shape:
        return f"{count} of {shape(ordered[0].shape)}"
    return f"{count}, from {shape(ordered[0].shape)} to {shape(ordered[-1].shape)}"


def shape(size: tuple[int, ...]) -> str:
    """Return a shape in words: "3 x 4", "5 values", "a single number"."""
    if not size:
        return "a single number"
    if len(size) == 1:
        return f"{size[0]} value{'s' * (size[0] != 1)}"
    return " x ".join(str(n) for n in size)

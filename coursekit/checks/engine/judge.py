"""From replies to a verdict: which checks pass, what it looks like, the smallest example of it.

Nothing here touches the answer itself: it is asked through a function, so that it may live in
the same process or in another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coursekit.checks.engine import shrink
from coursekit.checks.engine.compare import (
    fits,
    right_answer,
    same,
    same_shape,
    smaller_first,
    wrong_type,
)
from coursekit.checks.engine.name import eliminate, ideas, only_name
from coursekit.checks.engine.search import Search, finite
from coursekit.checks.engine.spec import Args, Ask, Check, Exercise, Parts, Question
from coursekit.checks.runner.reply import Reply


@dataclass(frozen=True)
class Verdict:
    """What the replies to all questions come to.

    `kind` is ``"passed"``, ``"values"``, ``"shape"``, ``"result type"``, ``"changed"``,
    ``"not attempted"``, or the kind of the reply that ended it (see `Reply`).
    """

    kind: str
    asked: tuple[Question, ...]
    wrong: int = 0
    checks: tuple[tuple[Check, bool], ...] = ()
    misconception: str | None = None
    question: Question | None = None
    reply: Reply | None = None
    expected: Parts = ()
    remarks: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """What the checks that pass are worth."""
        return sum(check.points for check, passed in self.checks if passed)


def judge(exercise: Exercise, questions: Sequence[Question], ask: Ask) -> Verdict:
    """Ask all questions, compare, name the wrong idea and find the smallest example of it."""
    replies = ask(questions)
    replies, remarks = _asked_again_as_floats(exercise, questions, replies, ask)
    ended = _ended(questions, replies)
    if ended is not None:
        return replace(ended, checks=tuple((check, False) for check in exercise.checks))
    expected = [right_answer(exercise, q) for q in questions]
    right = [
        reply.kind == "value" and fits(exercise, reply, e, q)
        for q, reply, e in zip(questions, replies, expected, strict=True)
    ]
    kept = [
        not (reply.changed and q.check.keeps_arguments)
        for q, reply in zip(questions, replies, strict=True)
    ]
    verdict = Verdict(
        "passed",
        tuple(questions),
        wrong=right.count(False),
        checks=tuple(
            (
                check,
                all(
                    r and k
                    for q, r, k in zip(questions, right, kept, strict=True)
                    if q.check is check
                ),
            )
            for check in exercise.checks
        ),
        remarks=tuple(remarks + _remarks(exercise, replies, expected)),
    )
    failing = sorted(
        (i for i, good in enumerate(right) if not good),
        key=lambda i: smaller_first(questions[i].args),
    )
    if failing:
        return _failed(exercise, verdict, questions, replies, expected, failing, ask)
    changed = [i for i, reply in enumerate(replies) if reply.changed]
    if changed and any(check.keeps_arguments for check in exercise.checks):
        first = min(changed, key=lambda i: smaller_first(questions[i].args))
        return replace(
            verdict, kind="changed", wrong=len(changed),
            question=questions[first], reply=replies[first], expected=expected[first],
        )  # fmt: skip
    return verdict


def _ended(questions: Sequence[Question], replies: Sequence[Reply]) -> Verdict | None:
    """Return the verdict where an answer is not written or did not come to an end."""
    for question, reply in zip(questions, replies, strict=True):
        if reply.kind in ("stopped", "stuck"):
            return Verdict(reply.kind, tuple(questions), question=question, reply=reply)
    kinds = {reply.kind for reply in replies}
    if "unwritten" in kinds and "value" not in kinds:
        return Verdict("not attempted", tuple(questions))
    return None


def _failed(
    exercise: Exercise,
    verdict: Verdict,
    questions: Sequence[Question],
    replies: Sequence[Reply],
    expected: Sequence[Parts],
    failing: Sequence[int],
    ask: Ask,
) -> Verdict:
    """Return the verdict with a name where there is one, and with the smallest example."""
    known = ideas(exercise)
    computed = any(replies[i].kind == "value" for i in failing)  # errors alone name no idea
    order = [*failing, *(i for i in range(len(questions)) if i not in failing)]  # most tell apart
    told = [questions[i] for i in order], [replies[i] for i in order]
    left, against = eliminate(exercise, known, *told) if computed else ([], {})
    kind = "values" if left else _kind(exercise, replies, expected, failing)
    pairs = [(questions[i], replies[i]) for i in failing]
    while True:
        search = Search(exercise, kind, known, left, against)
        search.only_finite = any(finite(r) and search.fails(q, r) for q, r in pairs)
        start = next((pair for pair in pairs if search(*pair)), None)
        if start is None:  # no input tells the answer from all other ideas at once
            search.leave_out_inseparable(pairs)
            start = next((pair for pair in pairs if search(*pair)), None)
        if start is None:
            found = pairs[0]
        elif exercise.direct:
            found = start
        else:
            found = shrink.smallest(exercise, ask, start, search)
        if search.refuted is None:
            break
        left = [idea for idea in left if idea != search.refuted]  # a smaller question spoke against
    name = only_name(left)
    return replace(
        verdict, kind=kind, misconception=name,
        question=found[0], reply=found[1], expected=right_answer(exercise, found[0]),
    )  # fmt: skip


def _kind(
    exercise: Exercise, replies: Sequence[Reply], expected: Sequence[Parts], failing: Sequence[int]
) -> str:
    """Return what is to be said first about an answer that fits no known idea."""
    kinds = [replies[i].kind for i in failing]
    for kind in ("error", "none", "type", "large", "unwritten"):
        if kind in kinds:
            return kind
    pairs = [(replies[i], expected[i]) for i in failing]
    if all(same(exercise, reply.parts, e) and wrong_type(exercise, reply) for reply, e in pairs):
        return "result type"
    shapes = [
        all(same_shape(g.shape, e.shape) for g, e in zip(reply.parts, parts, strict=True))
        for reply, parts in pairs
    ]
    return "values" if 2 * sum(shapes) > len(shapes) else "shape"


def _asked_again_as_floats(
    exercise: Exercise, questions: Sequence[Question], replies: list[Reply], ask: Ask
) -> tuple[list[Reply], list[str]]:
    """Ask once more, with floats, where the answer refuses whole numbers out loud.

    Refusing a type (as torch does) is no wrong idea; computing wrongly with it is.
    """
    if (
        exercise.direct
        or exercise.returns != "numbers"
        or all(reply.kind == "value" for reply in replies)
    ):
        return replies, []
    again = [
        i
        for i, (question, reply) in enumerate(zip(questions, replies, strict=True))
        if reply.kind == "error" and _floats(question.args) is not None
    ]
    asked = [replace(questions[i], args=_floats(questions[i].args) or ()) for i in again]
    if not asked or ask(asked[:1])[0].kind != "value":
        return replies, []
    second = ask(asked)
    if not all(reply.kind == "value" for reply in second):
        return replies, []
    merged = list(replies)
    for i, reply in zip(again, second, strict=True):
        merged[i] = reply
    return merged, [
        "It stops with an error when an array holds whole numbers, so it was asked with floats. "
        "Turning the arguments into floats first would mend that."
    ]


def _floats(args: Args) -> Args | None:
    """Return the arguments with all arrays as float64, or None where they are so already."""
    if not any(isinstance(a, np.ndarray) and a.dtype.kind in "iu" for a in args):
        return None
    return tuple(a.astype(np.float64) if isinstance(a, np.ndarray) else a for a in args)


def _remarks(exercise: Exercise, replies: Sequence[Reply], expected: Sequence[Parts]) -> list[str]:
    """Return what is worth saying beside the verdict."""
    remarks = []
    pairs = [(r, e) for r, e in zip(replies, expected, strict=True) if r.kind == "value"]
    types = {
        r.parts[0].dtype.name if r.typed else "list"
        for r, e in pairs
        if not (r.typed and r.parts[0].dtype == e[0].dtype)
    }
    if exercise.same_type and types:
        found = "a list" if "list" in types else f"an array of {', '.join(sorted(types))}"
        remarks.append(
            f"It gives {found}, where an array with the same type of numbers as its argument was "
            "asked for: forgiven here, but it may surprise whoever uses the result."
        )
    if exercise.returns == "a whole number" and any(r.parts[0].dtype.kind == "f" for r, _ in pairs):
        remarks.append("It gives a float such as 9.0, where an int was asked for: forgiven here.")
    if any(reply.printed.strip() for reply in replies if reply.kind == "value"):
        remarks.append("It prints as well as returning; the prints were not shown.")
    if any(
        g.shape != e.shape and same_shape(g.shape, e.shape)
        for r, parts in pairs
        for g, e in zip(r.parts, parts, strict=True)
    ):
        remarks.append(
            "It has lost or gained an axis of length one; that was not counted against it."
        )
    return remarks

"""From replies to a verdict: which checks pass, what it looks like, the smallest example of it.

Nothing here touches the answer itself: it is asked through a function, so that it may live in
the same process or in another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coursekit.checks.engine import shrink, types
from coursekit.checks.engine.compare import agrees_in_all, fits, same_shape, smaller_first
from coursekit.checks.engine.name import OVERWRITES, eliminate, ideas, only_name, patterns
from coursekit.checks.engine.outcomes import right_answer
from coursekit.checks.engine.search import Search, telling
from coursekit.checks.engine.spec import Args, Ask, Check, Exercise, Parts, Question
from coursekit.checks.engine.where import where
from coursekit.checks.runner.probes import PLAIN
from coursekit.checks.runner.reply import Reply


@dataclass(frozen=True)
class Verdict:
    """What the replies to all questions come to.

    `kind` is ``"passed"``, ``"values"``, ``"shape"``, ``"changed"``, ``"not attempted"``, or the
    kind of the reply that ended it (see `Reply`). `changed` are the places of the arguments that
    some reply found overwritten, `where` is a sentence about the inputs that went wrong.
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
    changed: tuple[int, ...] = ()
    where: str = ""

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
    changed = tuple(sorted({place for reply in replies for place in reply.changed}))
    verdict = Verdict(
        "passed",
        tuple(questions),
        wrong=sum(
            not (good and agrees_in_all(exercise, reply, e))
            for good, reply, e in zip(right, replies, expected, strict=True)
        ),
        checks=tuple(
            (check, _passes(check, questions, right, changed)) for check in exercise.checks
        ),
        changed=changed,
    )
    failing = [i for i, good in enumerate(right) if not good]
    failing.sort(key=lambda i: smaller_first(questions[i].args))
    if failing:
        return _failed(exercise, verdict, questions, replies, expected, right, failing, ask)
    if changed and any(check.keeps_arguments for check in exercise.checks):
        places = [i for i, reply in enumerate(replies) if reply.changed]
        first = min(places, key=lambda i: smaller_first(questions[i].args))
        return replace(
            verdict, kind="changed", wrong=len(places), misconception=OVERWRITES,
            question=questions[first], reply=replies[first], expected=expected[first],
        )  # fmt: skip
    return replace(
        verdict, remarks=tuple(remarks + _remarks(exercise, questions, replies, expected))
    )


def is_right(exercise: Exercise, question: Question, reply: Reply) -> bool:
    """Say whether one reply is right, and has left its arguments as they were."""
    if reply.kind != "value" or (reply.changed and question.check.keeps_arguments):
        return False
    return fits(exercise, reply, right_answer(exercise, question), question)


def _passes(
    check: Check, questions: Sequence[Question], right: Sequence[bool], changed: Sequence[int]
) -> bool:
    """Say whether all of a check's inputs came out right, and no argument was overwritten."""
    if check.keeps_arguments and changed:
        return False
    return all(good for q, good in zip(questions, right, strict=True) if q.check is check)


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
    right: Sequence[bool],
    failing: Sequence[int],
    ask: Ask,
) -> Verdict:
    """Return the verdict with a name where there is one, and with the smallest example."""
    known = ideas(exercise)
    computed = any(replies[i].kind == "value" for i in failing)  # errors alone name no idea
    passing = [i for i in range(len(questions)) if right[i]]
    order = [*reversed(failing), *passing]  # large inputs tell most ideas apart
    if any(questions[i].probe in PLAIN for i in failing):  # what is wrong there shows there
        order = [i for i in order if questions[i].probe in PLAIN]
        failing = [i for i in failing if questions[i].probe in PLAIN]
    told = [questions[i] for i in order], [replies[i] for i in order]
    left, against = eliminate(exercise, known, *told) if computed else ([], {})
    kind = "values" if left else _kind(replies, expected, failing)
    pairs = [(questions[i], replies[i]) for i in failing]
    while True:
        search = Search(exercise, kind, known, left, against)
        search.only_telling = any(
            r.kind == "value" and search.fails(q, r) and telling(r, expected[i])
            for i, (q, r) in zip(failing, pairs, strict=True)
        )
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
    name, said = only_name(exercise, left), ""
    if name not in exercise.misconceptions and computed:
        pattern, measured = patterns(exercise, questions, replies)
        if pattern == "same_answer_always" or name is None:  # the first says more than any slip
            name, said = pattern, measured
        if name is None and verdict.changed and any(c.keeps_arguments for c in exercise.checks):
            name = OVERWRITES
    return replace(
        verdict, kind=kind, misconception=name,
        question=found[0], reply=found[1], expected=right_answer(exercise, found[0]),
        where=said if name else where(exercise, questions, replies, right) or "",
    )  # fmt: skip


def _kind(replies: Sequence[Reply], expected: Sequence[Parts], failing: Sequence[int]) -> str:
    """Return what is to be said first about an answer that fits no known idea."""
    kinds = [replies[i].kind for i in failing]
    for kind in ("error", "none", "type", "large", "unwritten"):
        if kind in kinds:
            return kind
    shapes = [
        all(
            same_shape(g.shape, e.shape) for g, e in zip(replies[i].parts, expected[i], strict=True)
        )
        for i in failing
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
        "Turning the arguments into floats first would fix that."
    ]


def _floats(args: Args) -> Args | None:
    """Return the arguments with all arrays as float64, or None where they are so already."""
    if not any(isinstance(a, np.ndarray) and a.dtype.kind in "iu" for a in args):
        return None
    return tuple(a.astype(np.float64) if isinstance(a, np.ndarray) else a for a in args)


def _remarks(
    exercise: Exercise,
    questions: Sequence[Question],
    replies: Sequence[Reply],
    expected: Sequence[Parts],
) -> list[str]:
    """Return what is worth saying beside a right answer."""
    said = types.remark(exercise, questions, replies, expected)
    remarks = [said] if said else []
    if any(reply.printed.strip() for reply in replies):
        remarks.append("It prints as well as returning; the prints were not shown.")
    return remarks

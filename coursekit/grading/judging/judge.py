"""From replies to a verdict, with what a class has in common judged once."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coursekit.checks.engine.judge import Verdict, is_right, judge
from coursekit.checks.engine.name import explains
from coursekit.checks.engine.spec import Ask, Check, Exercise, Question
from coursekit.checks.runner.reply import Reply
from coursekit.grading.judging.question_set import QuestionSet

MOST_CASES = 1000


@dataclass(frozen=True)
class Judged:
    """A verdict, and for each check how many of its inputs went wrong, of how many."""

    verdict: Verdict
    tallies: tuple[tuple[int, int], ...]


class Judge:
    """Judges every student of a class by the same questions.

    Two students whose functions reply alike to everything that all are asked get the same
    verdict. It is found once: the second time only its smallest example is asked again.

    Parameters
    ----------
    questions
        What is asked.
    """

    def __init__(self, questions: QuestionSet) -> None:
        self._questions = questions
        self._cases: OrderedDict[bytes, Judged] = OrderedDict()
        self._lock = threading.Lock()

    def judged(self, exercise: Exercise, student: str, ask: Ask) -> Judged:
        """Ask one function of one student everything and judge the replies."""
        with np.errstate(all="ignore"):  # wrong implementations divide by zero
            return self._judged(exercise, student, ask)

    def _judged(self, exercise: Exercise, student: str, ask: Ask) -> Judged:
        shared, own = self._questions.shared(exercise), self._questions.own(exercise, student)
        questions = [*shared, *own]
        replies = ask(questions)
        common, alone = replies[: len(shared)], replies[len(shared) :]
        if any(reply.kind != "value" for reply in replies):  # what it does when asked again counts
            return _fully(exercise, questions, replies, ask)
        key = _digest(exercise.name, common)
        with self._lock:
            case = self._cases.get(key)
        if case is None or not _still_so(case.verdict, ask):
            case = _fully(exercise, shared, common, ask)
            with self._lock:
                self._cases[key] = case
                while len(self._cases) > MOST_CASES:
                    self._cases.popitem(last=False)
        right = [is_right(exercise, q, r) for q, r in zip(own, alone, strict=True)]
        if not _explains(exercise, case.verdict, own, alone, right):
            return _fully(exercise, questions, replies, ask)
        return _joined(exercise, case, questions, own, right)


def _fully(
    exercise: Exercise, questions: Sequence[Question], replies: Sequence[Reply], ask: Ask
) -> Judged:
    """Judge without any help of what is known."""
    verdict = judge(exercise, questions, _told(ask, replies))
    if all(passed for _, passed in verdict.checks):
        right = [True] * len(questions)
    else:
        right = [is_right(exercise, q, r) for q, r in zip(questions, replies, strict=True)]
    return Judged(verdict, tuple(_tally(check, questions, right) for check in exercise.checks))


def _joined(
    exercise: Exercise,
    case: Judged,
    questions: Sequence[Question],
    own: Sequence[Question],
    right: Sequence[bool],
) -> Judged:
    """Put a known case and the replies to a student's own questions together."""
    tallies = []
    checks = []
    for (check, good), (wrong, total) in zip(case.verdict.checks, case.tallies, strict=True):
        own_wrong, own_total = _tally(check, own, right)
        tallies.append((wrong + own_wrong, total + own_total))
        checks.append((check, good and not own_wrong))
    verdict = replace(case.verdict, asked=tuple(questions), checks=tuple(checks))
    if verdict.wrong:
        verdict = replace(verdict, wrong=verdict.wrong + right.count(False))
    return Judged(verdict, tuple(tallies))


def _tally(check: Check, questions: Sequence[Question], right: Sequence[bool]) -> tuple[int, int]:
    mine = [good for q, good in zip(questions, right, strict=True) if q.check is check]
    return mine.count(False), len(mine)


def _told(ask: Ask, replies: Sequence[Reply]) -> Ask:
    """Return `ask` for which the first questions have been asked already."""
    waiting = [list(replies)]

    def told(questions: Sequence[Question]) -> list[Reply]:
        return waiting.pop() if waiting else ask(questions)

    return told


def _still_so(case: Verdict, ask: Ask) -> bool:
    """Ask the example of a known case; say whether this function replies to it in the same way."""
    if case.question is None or case.reply is None:
        return True
    return _digest("", ask([case.question])) == _digest("", [case.reply])


def _explains(
    exercise: Exercise,
    case: Verdict,
    own: Sequence[Question],
    replies: Sequence[Reply],
    right: Sequence[bool],
) -> bool:
    """Say whether a case also explains the replies to a student's own questions."""
    if case.kind in ("passed", "changed"):
        return all(right) or case.kind == "changed"
    if case.misconception is None:
        return not case.where  # it counts the inputs
    return explains(exercise, case.misconception, own, replies)


def _digest(name: str, replies: Sequence[Reply]) -> bytes:
    """Return a short text that two lists of replies share only if they are alike."""
    whole = hashlib.blake2b(name.encode(), digest_size=16)
    for reply in replies:
        shapes = [(part.dtype.str, part.shape) for part in reply.parts]
        whole.update(repr((replace(reply, parts=()), shapes)).encode())
        for part in reply.parts:
            whole.update(part.tobytes())
    return whole.digest()

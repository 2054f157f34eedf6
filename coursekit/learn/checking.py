"""`check` as students call it: `coursekit.checks` shows the outcome, which is kept like an answer.

It stays on this computer (see `coursekit.learn.answers`).
"""

from typing import Any

from coursekit._headless import headless
from coursekit.checks import check as checked
from coursekit.checks.engine.report import Result
from coursekit.checks.sets import FUNCTIONS
from coursekit.learn import answers


def check(name: str, answer: Any) -> Result:
    """Check your own function, show the outcome, keep it for `progress`, and return it.

    Parameters
    ----------
    name
        The exercise, as in ``check("conv2d", conv2d)``.
    answer
        The function itself, without brackets.

    Returns
    -------
    Result
        ``passed``, ``misconception``, ``message``, ``counterexample``, ``points``.

    Raises
    ------
    ValueError
        When there is no check named `name`; the message lists those there are. Nothing that the
        answer does is raised.

    Examples
    --------
    >>> result = check("output_size", lambda n, kernel_size, stride=1, padding=0: n)
    ✗ output_size is not right yet.
    ...
    >>> result.passed
    False
    """
    result = checked(name, answer)
    if result.attempted and not headless():
        _keep(result)
    return result


def record_name(function: str) -> str:
    """Return the name under which what came of a function's checks is kept.

    Examples
    --------
    >>> record_name("conv2d")
    '03-check-conv2d'
    """
    lesson = next(key[:2] for key, functions in FUNCTIONS.items() if function in functions)
    return f"{lesson}-check-{function}"


def _keep(result: Result) -> None:
    """Count the attempt and the mistake that it shows; solved once stays solved."""
    name = record_name(result.name)
    before = answers.read_answer(name)
    mistakes = mistakes_in(before)
    if not result.passed:
        mistake = result.misconception or ""
        mistakes[mistake] = mistakes.get(mistake, 0) + 1
    usual = answers.where()
    said = answers.write_answer(
        name,
        {
            "attempts": attempts_in(before) + 1,
            "passed": result.passed or before.get("passed") is True,
            "mistakes": mistakes,
        },
    )
    if said != usual:
        print(said)


def attempts_in(record: answers.Record) -> int:
    """Return how many attempts a record counts; 0 where it holds something else."""
    attempts = record.get("attempts")
    return attempts if isinstance(attempts, int) else 0


def mistakes_in(record: answers.Record) -> dict[str, int]:
    """Return how often each mistake was made, by name; empty for one without a name."""
    mistakes = record.get("mistakes")
    if not isinstance(mistakes, dict):
        return {}
    return {name: count for name, count in mistakes.items() if isinstance(count, int)}

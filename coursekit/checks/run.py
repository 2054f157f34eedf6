"""`check`: draw questions, ask the answer, judge the replies, show the outcome."""

import os
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from coursekit.checks import hints
from coursekit.checks.engine.ask import ask
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge
from coursekit.checks.engine.name import known_ideas
from coursekit.checks.engine.report import Result, result_of
from coursekit.checks.engine.show import Announcement, after_this_cell
from coursekit.checks.engine.spec import Exercise, Question
from coursekit.checks.runner.clock import Allowance
from coursekit.checks.runner.convert import described
from coursekit.checks.runner.reply import Reply
from coursekit.checks.sets import exercise


def check(name: str, answer: Any) -> Result:
    """Check your own function, show the outcome and return it.

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
    >>> import numpy as np
    >>> result = check("relu", np.abs)
    ✗ relu is not right yet.
    ...
    >>> result.passed, result.misconception
    (False, 'absolute_value')
    """
    asked = exercise(name)
    announcement = Announcement(name)
    result = _checked(asked, answer)
    idea = known_ideas(asked).get(result.misconception) if result.misconception else None
    hints.found(name, hints.of_mistake(asked, idea, result.counterexample))
    announcement.replace(result.html(), result.message)
    result._shown = True
    after_this_cell(lambda: setattr(result, "_shown", False))
    return result


def _checked(asked: Exercise, answer: Any, seed: int = 0) -> Result:
    """Return the result of asking everything that the exercise asks."""
    built = any(hasattr(answer, name) for name in ("get_weights", "state_dict"))
    built = built and asked.direct and not isinstance(answer, type)
    if built or not callable(answer):
        return _no_function(asked, answer)
    if asked.prepare:
        os.environ.setdefault("KERAS_BACKEND", "torch")  # the one that this course installs
    for module in asked.prepare:
        import_module(module)
    allowance = Allowance()  # what we do between two questions uses up none of it

    def within_limit(several: Sequence[Question]) -> list[Reply]:
        return ask(answer, several, allowance)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong implementations, ours too, divide by zero
        return result_of(asked, judge(asked, questions(asked, seed), within_limit))


def _no_function(asked: Exercise, answer: Any) -> Result:
    """Return the result where something other than a function was given."""
    what = "a model" if callable(answer) else described(answer)
    given = f'check("{asked.name}", {asked.name})'
    kind = asked.words.answer
    extra = "" if answer is None else ": with brackets after its name it is called at once"
    return Result(
        asked.name,
        f"{asked.name}: {what} was given, not a {kind}.",
        (f"Give the {kind} itself, without brackets: {given}{extra}.",),
    )

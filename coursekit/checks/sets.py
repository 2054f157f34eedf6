"""Finding the sets: every file of this folder named set_NN_topic.py holds one."""

from functools import cache
from importlib import import_module
from pathlib import Path

from coursekit.checks.spec import Exercise, ExerciseSet


@cache
def exercise_sets() -> dict[str, ExerciseSet]:
    """Return the sets by name, in order.

    Examples
    --------
    >>> exercise_sets()["03_convolution_2d"].points
    6.0
    """
    names = sorted(path.stem for path in Path(__file__).parent.glob("set_*.py"))
    return {
        name.removeprefix("set_"): ExerciseSet(
            name.removeprefix("set_"),
            tuple(import_module(f"coursekit.checks.{name}").EXERCISES),
        )
        for name in names
    }


def exercise(name: str) -> Exercise:
    """Return one exercise by the name of its function.

    Raises
    ------
    ValueError
        When there is none of that name; the message lists those there are.
    """
    known = {e.name: e for exercises in exercise_sets().values() for e in exercises.exercises}
    if not isinstance(name, str) or name not in known:
        raise ValueError(
            f"There is no check named {name!r}. Give one of: {', '.join(sorted(known))}."
        )
    return known[name]

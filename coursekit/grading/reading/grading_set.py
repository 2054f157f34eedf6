"""What grading knows of a set: its exercises, and its notebook as it was handed out."""

from dataclasses import dataclass
from functools import cached_property

from coursekit._files import course_root
from coursekit.checks import exercise_sets
from coursekit.checks.engine.spec import Exercise
from coursekit.errors import CallError
from coursekit.grading.reading.selection import Selection
from coursekit.notebooks.cell_facts import imported_modules
from coursekit.notebooks.reading import Cell, Unreadable, read_notebook

_ALWAYS = ("numpy",)


@dataclass(frozen=True)
class GradingSet:
    """A set of exercises and its handed-out notebook.

    Parameters
    ----------
    name
        As in ``03_convolution_2d``.
    exercises
        What is asked.
    released
        The code cells of the handed-out notebook; none where it is not there.
    """

    name: str
    exercises: tuple[Exercise, ...]
    released: tuple[Cell, ...]

    @property
    def max_points(self) -> float:
        """What everything is worth."""
        return sum(exercise.points for exercise in self.exercises)

    @cached_property
    def selection(self) -> Selection:
        """Decides which cells of a submission are run."""
        return Selection(self.released, [exercise.name for exercise in self.exercises])

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The modules that the notebook and its exercises import, `coursekit` left out."""
        found = dict.fromkeys(_ALWAYS)
        for cell in self.released:
            found |= dict.fromkeys(imported_modules(cell.source))
        for exercise in self.exercises:
            found |= dict.fromkeys(exercise.prepare)
        prepared = {name for exercise in self.exercises for name in exercise.prepare}
        return tuple(n for n in found if n in prepared or n.split(".")[0] != "coursekit")


def grading_set(name: str) -> GradingSet:
    """Return a set by its name.

    Raises
    ------
    CallError
        When there is none of that name; the message lists those there are.

    Examples
    --------
    >>> grading_set("03_convolution_2d").max_points
    6.0
    """
    known = exercise_sets()
    if name not in known:
        raise CallError(f"SET {name!r} is not known; give one of: {', '.join(known)}")
    path = course_root() / "exercises" / f"{name}.ipynb"
    try:
        released = read_notebook(path.read_bytes()).cells
    except (OSError, Unreadable):
        released = ()
    return GradingSet(name, known[name].exercises, released)

"""What grading knows of a set: its exercises, and its notebook as it was handed out."""

import ast
import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import coursekit
from coursekit._files import course_root
from coursekit.checks import exercise_sets
from coursekit.checks.engine.spec import Check, Exercise
from coursekit.course.nbgrader import with_test_cells
from coursekit.errors import CallError
from coursekit.grading.names import printable
from coursekit.grading.reading.selection import Selection
from coursekit.notebooks.cell_facts import imported_modules
from coursekit.notebooks.ipython import python_source
from coursekit.notebooks.open_answers import OpenQuestion, open_questions
from coursekit.notebooks.reading import Cell, Unreadable, read_notebook
from coursekit.notebooks.syntax import parsed
from coursekit.project.rubric import SET as PROJECT
from coursekit.project.rubric import Part, parts

_ALWAYS = ("numpy",)
_LIBRARY = [Path(coursekit.__file__).parent / part for part in ("scratch", "models")]
_LONG = 45  # nodes of a syntax tree: about four lines


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
    by_hand
        True for a project: its exercises are the parts of a rubric, and a person gives the points.
    open_questions
        What is answered in words or by a figure; worth nothing unless an instructor says so.
    """

    name: str
    exercises: tuple[Exercise, ...]
    released: tuple[Cell, ...]
    by_hand: bool = False
    open_questions: tuple[OpenQuestion, ...] = ()

    @property
    def max_points(self) -> float:
        """What everything is worth."""
        return round(sum(self.worth.values()), 9)

    @property
    def worth(self) -> dict[str, float]:
        """What each function is worth, and each question that is worth something."""
        functions = {exercise.name: exercise.points for exercise in self.exercises}
        return functions | {question.name: question.points for question in self.marked_questions}

    @property
    def marked_questions(self) -> tuple[OpenQuestion, ...]:
        """The open questions that are worth something."""
        return tuple(one for one in self.open_questions if one.points)

    @property
    def by_person(self) -> frozenset[str]:
        """What a person gives the points of."""
        return frozenset(self.worth if self.by_hand else [q.name for q in self.marked_questions])

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

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(exercise.name for exercise in self.exercises)

    @cached_property
    def _own(self) -> list[dict[str, str]]:
        """What the course itself writes for these functions: in the solution, in its library."""
        found = []
        path = course_root() / "solutions" / f"{self.name}.ipynb"
        with suppress(OSError, Unreadable):
            found.append(plain_functions(read_notebook(path.read_bytes()).cells, self._names))
        defined = tuple(f"{word} {name}(" for word in ("def", "class") for name in self._names)
        for path in (file for part in _LIBRARY for file in sorted(part.glob("*.py"))):
            text = path.read_text("utf-8")
            if any(start in text for start in defined):
                found.append(plain_functions([Cell(1, "", text)], self._names))
        return found

    def copied(self, cells: Iterable[Cell]) -> list[str]:
        """Return the functions that do word for word what the course's own do.

        Functions of a line or two are left out: two people write those alike.
        """
        theirs = plain_functions(cells, self._names)
        return [
            name
            for name, code in theirs.items()
            if code and any(code == own.get(name) for own in self._own)
        ]


def plain_functions(cells: Iterable[Cell], names: Collection[str]) -> dict[str, str]:
    """Return what longer functions do, without spaces, comments and docstrings.

    Shorter ones are there, too, as empty texts.
    """
    found = {}
    for cell in cells:
        try:
            body = parsed(python_source(cell.source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names:
                for part in ast.walk(node):
                    if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
                        part.body = part.body[1:]
                long = sum(1 for _ in ast.walk(node)) >= _LONG
                found[node.name] = ast.dump(ast.Module(node.body, [])) if long else ""
    return found


def grading_set(name: str) -> GradingSet:
    """Return a set by its name, or by its number.

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
    name = full_name(name, set_names())
    path = course_root() / "exercises" / f"{name}.ipynb"
    if name == PROJECT:
        released: tuple[Cell, ...] = ()
        with suppress(OSError, Unreadable):
            released = read_notebook(path.read_bytes()).cells
        return GradingSet(name, tuple(map(_part, parts())), released, by_hand=True)
    questions: tuple[OpenQuestion, ...] = ()
    try:
        notebook = json.loads(content := path.read_bytes())
        whole = with_test_cells(notebook, known[name].exercises)  # as `coursekit release` gives it
        released = read_notebook(json.dumps(whole).encode()).cells
        questions = open_questions(content)
    except (OSError, ValueError, LookupError, Unreadable):
        released = ()
    return GradingSet(name, known[name].exercises, released, open_questions=questions)


def set_names() -> list[str]:
    """Return the names of all that can be handed in: the sets of exercises, and the project."""
    return [*exercise_sets(), PROJECT]


def _part(part: Part) -> Exercise:
    """Return a part of a rubric as what has a name and points; nothing of it is ever asked."""
    given = Check(part.title, part.points, lambda pick: ())
    return Exercise(part.name, (), lambda: None, (given,), {}, (part.full, part.half, ""))


def full_name(name: str, known: Iterable[str], what: str = "SET") -> str:
    """Return the name of a set that is given by its name or its number.

    Raises
    ------
    CallError
        When there is none; the message lists those there are.

    Examples
    --------
    >>> full_name("3", ["03_convolution_2d", "04_kernels"])
    '03_convolution_2d'
    """
    several = list(known)
    if name in several:
        return name
    number = name.removesuffix(".ipynb")
    fitting = [one for one in several if one == number or one.split("_")[0] == number.zfill(2)]
    if len(fitting) == 1:
        return fitting[0]
    there = ", ".join(several) or "none yet"
    raise CallError(f"{what} {printable(name)!r} is not known; give one of: {there}")

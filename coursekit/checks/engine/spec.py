"""What a file of checks says: inputs, right answers, wrong ideas, hints and points."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.engine.matrices import Block
from coursekit.checks.engine.pick import Pick
from coursekit.checks.runner.reply import Reply

Array = NDArray[Any]
Args = tuple[Any, ...]
Parts = tuple[Array, ...]  # what an answer comes to: one array for a function, several for a model


class Case(NamedTuple):
    """One question as a `pattern` sees it: the arguments, what was expected, what came out.

    `got` is None where no numbers came out.
    """

    args: Args
    expected: Array
    got: Array | None


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that a check can recognise.

    Parameters
    ----------
    does
        One line: what an answer with it *does* ("turns the kernel ... before sliding it").
    rethink
        What to think about again, without the answer.
    wrong
        A wrong implementation, or several ways to write the same idea.
    fits
        For models: whether the reply (its parts) shows the idea. Given in place of `wrong` where
        an idea has more forms than can be written down (any number of weights too many); given
        beside it, both have to hold.
    made_of
        Names of the ideas that are held at once here.
    hint
        What `hint` says first after a check that named this idea; the ladder's first step where
        there is nothing.
    pattern
        Whether all replies together show the idea, where no implementation gives them ("the same
        whatever the arguments").
    """

    does: str
    rethink: str
    wrong: Callable[..., Any] | tuple[Callable[..., Any], ...] = ()
    fits: Callable[[Parts], bool] | None = None
    made_of: tuple[str, ...] = ()
    hint: str = ""
    pattern: Callable[[Sequence[Case]], bool] | None = None

    def variants(self) -> tuple[Callable[..., Any], ...]:
        """Return every way in which the idea is written down."""
        return self.wrong if isinstance(self.wrong, tuple) else (self.wrong,)


@dataclass(frozen=True)
class Check:
    """One thing that is asked of a function, worth some points of its own.

    Parameters
    ----------
    name
        What is tried, in a few words.
    points
        What passing it is worth.
    draw
        Takes a `Pick` and returns the arguments of one question.
    count
        How many questions are drawn.
    examples
        Questions that are always asked.
    probe
        How the answer is asked: the name of a function in `probes`.
    keeps_arguments
        Whether an answer that changes its arguments fails here.
    look
        What of the reply this check compares; all of it when left out.
    """

    name: str
    points: float
    draw: Callable[[Pick], Args]
    count: int = 30
    examples: tuple[Args, ...] = ()
    probe: str = "call"
    keeps_arguments: bool = False
    look: Callable[[Parts], Parts] | None = None


@dataclass(frozen=True)
class Words:
    """What is said about a model, or where a function's own arrays do not say enough.

    Parameters
    ----------
    wanted
        What a result should be: ``"A keras.Model"``.
    answer
        What students write: ``"function"`` or ``"class"``.
    asked
        What is counted in "Tried: 12 ..."; arrays are described by their shapes when left out.
    slow
        What is said after the sentence that an answer was stopped.
    errors
        Patterns of messages of the library, each with the same in plain words.
    explain
        Takes the arguments of the failing question, what came out (no parts where nothing did),
        what was expected, and the wrong idea that was named; returns sentences.
    blocks
        Takes the same but the idea; returns arrays to be shown side by side.
    remark
        Takes what came out of a right answer; returns what is out of the ordinary in it, or "".
    """

    wanted: str
    answer: str = "function"
    asked: str = ""
    slow: str = "Is a loop endless? Look at what should end each loop."
    errors: tuple[tuple[str, str], ...] = ()
    explain: Callable[[Args, Parts, Parts, Misconception | None], list[str]] | None = None
    blocks: Callable[[Args, Parts, Parts], tuple[Block, ...]] | None = None
    remark: Callable[[Parts], str] | None = None


@dataclass(frozen=True)
class Terms:
    """What a function adds up for each value of its result: from this, slips in the sum are made.

    Parameters
    ----------
    of
        Takes the arguments; returns an array whose first axes are those of the result, and whose
        last ones hold the terms of each value.
    mean
        Whether the terms are averaged, not added up.
    finish
        What is done with the sums afterwards (clipping, a root); takes them, and the arguments.
    called
        What a term is: ``"product"``.
    """

    of: Callable[..., Array]
    mean: bool = False
    finish: Callable[..., Array] = lambda sums, *args: sums
    called: str = "product"


@dataclass(frozen=True)
class Property:
    """Something that holds for some inputs and not for others: ``"with a step above 1"``."""

    phrase: str
    holds: Callable[..., bool]


@dataclass(frozen=True)
class Exercise:
    """One function (or model) that students write.

    Parameters
    ----------
    name, parameters
        As in the exercise notebook.
    oracle
        Gives the right answer for the arguments of a question.
    checks
        What is asked; their points add up to the points of the exercise.
    misconceptions
        Wrong ideas by name. No two may give the same outputs for every question.
    hints
        Three: the idea, the tool, just short of the answer.
    valid
        Whether arguments may be asked at all; used when a question is made smaller (which those of
        a `direct` exercise never are).
    returns
        ``"numbers"``, ``"whole numbers"``, ``"a whole number"`` or ``"uint8"``.
    same_type
        Whether an array with the argument's own type of numbers is asked for.
    exact
        What outputs are compared with, where that is not what the oracle returns: the values
        before rounding, so that a tie may go either way.
    tolerance
        Largest absolute difference allowed beside the relative one.
    parts
        Names of what is given back, where that is several arrays (probe "pair", or a model's);
        most functions give one unnamed part.
    compared
        How many of the parts, from the first, are compared with those of a wrong idea (and with
        the right ones, where a check does not `look`); the others only help to explain.
    direct
        Whether the oracle and the wrong implementations give the parts themselves.
    prepare
        Modules to import before the clock starts. Those of this project are called
        ``coursekit.checks.runner.warm_...``; a grader's sandbox has no others of it.
    words
        What is said where the outcome is not one array.
    terms
        What the function adds up, if it does; see `Terms`.
    properties
        What may separate inputs on which an answer is wrong from those on which it is right,
        beside what is known of every array and number ("a square kernel").
    smaller
        Takes the arguments; yields ways to cut several arrays at once that have to fit together.
    """

    name: str
    parameters: tuple[str, ...]
    oracle: Callable[..., Any]
    checks: tuple[Check, ...]
    misconceptions: dict[str, Misconception]
    hints: tuple[str, str, str]
    valid: Callable[..., bool] = lambda *args: True
    returns: str = "numbers"
    same_type: bool = False
    exact: Callable[..., Any] | None = None
    tolerance: float = 1e-6
    parts: tuple[str, ...] = ("",)
    compared: int | None = None
    direct: bool = False
    prepare: tuple[str, ...] = ()
    words: Words = Words("An array or a list of numbers")
    terms: Terms | None = None
    properties: tuple[Property, ...] = ()
    smaller: Callable[..., Iterator[Args]] | None = None

    @property
    def points(self) -> float:
        """What the whole exercise is worth."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class ExerciseSet:
    """The exercises of one notebook."""

    name: str
    exercises: tuple[Exercise, ...]

    @property
    def points(self) -> float:
        """What the whole set is worth."""
        return sum(exercise.points for exercise in self.exercises)


@dataclass(frozen=True)
class Question:
    """Arguments to ask an answer with, and the check they belong to."""

    check: Check
    args: Args

    @property
    def probe(self) -> str:
        """How to ask."""
        return self.check.probe

    @cached_property
    def key(self) -> Any:
        """Something hashable that questions share whose arguments are the same."""
        return tuple(map(key_of, self.args))


Ask = Callable[[Sequence[Question]], list[Reply]]


_MANY = 1024  # bytes


def _digest(cells: bytes) -> bytes:
    return blake2b(cells, digest_size=24).digest()


def key_of(value: Any) -> Any:
    """Return something hashable that two arguments share if they are the same."""
    if isinstance(value, np.ndarray):
        cells = value.tobytes()  # of weights there are many: a digest takes their place
        return value.shape, value.dtype.str, cells if len(cells) < _MANY else _digest(cells)
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(key_of(item) for item in value)
    return type(value).__name__, repr(value)


def only(*places: int) -> Callable[[Parts], Parts]:
    """Return the `look` of a check that compares these parts of a reply.

    Examples
    --------
    >>> only(1)((np.array(5), np.array(7)))
    (array(7),)
    """
    return lambda parts: tuple(parts[place] for place in places)


def as_parts(value: Any) -> Parts:
    """Return what one of our own implementations gave as a tuple of arrays."""
    if isinstance(value, tuple):
        return tuple(np.asarray(part) for part in value)
    return (np.asarray(value),)

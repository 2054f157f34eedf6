"""The outcome of a check: what `check` returns, and how it is shown."""

import inspect
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from coursekit.checks.engine.judge import Verdict
from coursekit.checks.engine.matrices import Block, digits_apart, html_blocks, text_blocks
from coursekit.checks.engine.sentences import headline, sentences, shape
from coursekit.checks.engine.show import as_html, show
from coursekit.checks.engine.spec import Args, Array, Exercise


@dataclass(frozen=True, repr=False)
class Counterexample:
    """An input on which the answer is wrong: `args`, what was `expected`, what was `got`."""

    args: Args
    expected: Any
    got: Any

    def __repr__(self) -> str:
        return f"Counterexample(args={self.args!r}, expected={self.expected!r}, got={self.got!r})"


@dataclass(frozen=True)
class CheckOutcome:
    """One check of a function: its name, whether it passed, what it is worth."""

    name: str
    passed: bool
    points: float


class Result:
    """What came of a check.

    Attributes
    ----------
    passed : bool
    attempted : bool
        False where the function is still a stub.
    misconception : str or None
        The name of the wrong idea that the outputs fit.
    message : str
        What was tried, got and expected, and what to rethink.
    counterexample : Counterexample or None
    points, max_points : float
    checks : tuple of CheckOutcome
    """

    def __init__(
        self,
        name: str,
        headline: str,
        details: tuple[str, ...] = (),
        *,
        passed: bool = False,
        attempted: bool = True,
        misconception: str | None = None,
        counterexample: Counterexample | None = None,
        checks: tuple[CheckOutcome, ...] = (),
        blocks: tuple[Block, ...] = (),
    ) -> None:
        self.name = name
        self.passed = passed
        self.attempted = attempted
        self.misconception = misconception
        self.counterexample = counterexample
        self.checks = checks
        self.points = sum(check.points for check in checks if check.passed)
        self.max_points = sum(check.points for check in checks)
        self._headline, self._details, self._blocks = headline, details, blocks
        self._shown = False

    @property
    def message(self) -> str:
        """The whole outcome as plain text."""
        mark = "✓" if self.passed else ("○" if not self.attempted else "✗")
        lines = [f"{mark} {self._headline}", *self._details]
        if self._blocks:
            lines += ["", text_blocks(self._blocks)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        state = "passed" if self.passed else "not passed" if self.attempted else "not attempted"
        return f"<check of {self.name}: {state}>"

    def __bool__(self) -> bool:
        return self.passed

    def html(self) -> str:
        """Return the whole outcome as HTML, without colours that a dark theme would hide."""
        mark = "✓" if self.passed else ("○" if not self.attempted else "✗")
        parts = [f"<p><strong>{mark} {as_html(self._headline)}</strong></p>"]
        parts += [f"<p>{as_html(detail)}</p>" for detail in self._details]
        if self._blocks:
            parts.append(html_blocks(self._blocks))
        style = "border-left: 4px solid currentColor; padding: 0.1em 0 0.1em 0.8em; margin: 0.3em 0"
        return f'<div class="coursekit-check" style="{style}">{"".join(parts)}</div>'

    def show(self) -> None:
        """Show the outcome in a notebook, print it elsewhere."""
        show(self.html(), self.message)

    def _ipython_display_(self) -> None:
        """Show a result that stands on the last line of a cell, unless this cell has shown it."""
        if not self._shown:
            self.show()


def result_of(exercise: Exercise, verdict: Verdict) -> Result:
    """Return the result that `check` gives back for a verdict."""
    example, blocks = None, cast(tuple[Block, ...], ())
    if verdict.question is not None:
        expected, got = _expected(exercise, verdict), _got(exercise, verdict)
        example = Counterexample(_copied(verdict.question.args), expected, got)
        blocks = _blocks(exercise, verdict, example)
    return Result(
        exercise.name,
        headline(exercise, verdict),
        tuple(sentences(exercise, verdict)),
        passed=verdict.kind == "passed",
        attempted=verdict.kind != "not attempted",
        misconception=verdict.misconception,
        counterexample=example,
        checks=tuple(CheckOutcome(c.name, passed, c.points) for c, passed in verdict.checks),
        blocks=blocks,
    )


def _expected(exercise: Exercise, verdict: Verdict) -> Any:
    """Return the right answer as the oracle writes it (rounded, where rounding is asked for)."""
    from coursekit.checks.engine.outcomes import outcome

    assert verdict.question is not None
    return _one(exercise, outcome(exercise, verdict.question, exercise.oracle))


def _got(exercise: Exercise, verdict: Verdict) -> Any:
    """Return what came out; in words where it was no numbers."""
    reply = verdict.reply
    if reply is None or reply.kind == "none":
        return None
    if reply.kind == "value":
        return _one(exercise, reply.parts)
    said = {"stopped": "no result in time", "stuck": "no result in time", "type": reply.detail}
    return said.get(reply.kind, reply.error or reply.kind)


def _one(exercise: Exercise, parts: tuple[Array, ...]) -> Any:
    """Return a function's only part as itself, several as a tuple, a model's parts by name."""
    if exercise.parts == ("",):
        return parts[0] if parts[0].ndim else parts[0][()]
    if not exercise.direct:
        return parts
    return dict(zip(exercise.parts, parts, strict=True))


def _copied(args: Args) -> Args:
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)


def _blocks(exercise: Exercise, verdict: Verdict, example: Counterexample) -> tuple[Block, ...]:
    """Return input, expected and got, to be shown side by side."""
    if exercise.direct or exercise.words.blocks:
        own = exercise.words.blocks
        parts = verdict.reply.parts if verdict.reply else ()
        return own(example.args, parts, verdict.expected) if own else ()
    inputs = _inputs(exercise, verdict, example)
    if verdict.kind in ("stopped", "stuck"):
        return tuple(inputs)
    numbers = (
        verdict.reply is not None and verdict.reply.kind == "value" and verdict.kind != "changed"
    )
    blocks = list(inputs)
    for place, name in enumerate(exercise.parts):
        several = len(exercise.parts) > 1
        expected = np.asarray(example.expected[place] if several else example.expected)
        title = f"{name} expected".strip()
        if not numbers:
            blocks.append(Block(title, _plain(expected)))
            continue
        got = np.asarray(example.got[place] if several else example.got)
        first = _first_difference(exercise, verdict.expected[place], got, expected)
        if several and first is None and got.shape == expected.shape:
            continue  # this one is right
        blocks += _apart(name, expected, got, first)
    return tuple(blocks)


def _apart(
    name: str, expected: Array, got: Array, first: tuple[int, ...] | None
) -> tuple[Block, Block]:
    """Return what was expected and what came out, the first difference marked."""
    digits = (
        4 if first is None else digits_apart(expected[first], got.reshape(expected.shape)[first])
    )
    size = f" ({shape(got.shape)})" if got.shape != expected.shape else ""
    return (
        Block(f"{name} expected".strip(), _plain(expected), first, digits),
        Block(f"{name} got{size}".strip(), _plain(got), first, digits),
    )


def _inputs(exercise: Exercise, verdict: Verdict, example: Counterexample) -> list[Block]:
    """Return the arguments, those that were not given too, and what one was overwritten with."""
    assert verdict.question is not None
    over = verdict.question.probe == "overwrite"
    own = example.args[:-1] if over else example.args
    given = [
        Block(name, _plain(np.asarray(arg)))
        for name, arg in zip(exercise.parameters, own, strict=False)
    ]
    signature = inspect.signature(exercise.oracle).parameters
    left_out = [
        Block(f"{name} (not given)", np.asarray(signature[name].default))
        for name in exercise.parameters[len(own) :]
        if name in signature
    ]
    after = f"then {exercise.parameters[0]} is overwritten with"
    return [*given, *left_out, *([Block(after, _plain(example.args[-1]))] if over else [])]


def _plain(array: Array) -> Array:
    """Return an array of numbers that are all whole as one of whole numbers."""
    if array.dtype.kind in "iuf" and np.all(array == np.rint(array)):
        return array.astype(np.int64) if np.all(np.abs(array) < 2**53) else array
    return array


def _first_difference(
    exercise: Exercise, exact: Array, got: Array, expected: Array
) -> tuple[int, ...] | None:
    """Return the first cell, row by row, whose value is wrong."""
    from coursekit.checks.engine.compare import differs

    if got.shape != expected.shape:
        return None
    wrong = np.argwhere(differs(got, exact, exercise.tolerance))
    return tuple(int(n) for n in wrong[0]) if len(wrong) else None

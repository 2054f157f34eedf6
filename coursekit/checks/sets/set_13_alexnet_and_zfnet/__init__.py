"""Set 13: dropout on an array, checked by what it does to many numbers with many generators.

Right answers draw in different ways, so no two give the same zeros. What they have in common is
asked: see `probes.dropped`, which answers for them and for the wrong ideas alike.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.matrices import Block
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Check,
    Exercise,
    Misconception,
    Parts,
    Words,
    only,
)
from coursekit.checks.runner.probes import FACTS, dropped
from coursekit.checks.sets.set_13_alexnet_and_zfnet.wrong_dropout import WRONG_DROPOUT

_CELLS = 2000  # so many that a share is within 0.05 of its probability for certain
_ERRORS = (
    (
        "division by zero",
        "p may be 0, and it may be 1; then 1 - p is 0. What should come out of each number there?",
    ),
)
_FAILED = {
    "repeated": "The same rng (made with the same seed) should bring the same zeros; it does not.",
    "varies": "The same places are 0 whatever rng is given.",
    "count varies": "Exactly as many places are 0 each time; with a chance for each number that "
    "would vary.",
    "argument unchanged": "The array x itself is another one after the call.",
    "factors alike": "What the kept numbers are multiplied by changes from call to call.",
}


def _arrays(dimensions: tuple[int, ...], tenths: tuple[int, ...]) -> Callable[[Pick], Args]:
    """Return a draw of large arrays without zeros, with probabilities of so many tenths."""

    def draw(pick: Pick) -> Args:
        sides = [pick.integer(3, 7) for _ in range(pick.choice(dimensions) - 1)]
        shape = (*sides, -(-_CELLS // int(np.prod(sides, dtype=int))))
        rng = pick.generator()
        x = rng.integers(1, 33, shape) / 4 * rng.choice([-1, 1], shape)
        return x, pick.choice(tenths) / 10, pick.integer(0, 10_000)

    return draw


def _given(x: Array, p: float) -> str:
    return f"x of shape {' x '.join(map(str, x.shape))}, p = {p:g}"


def _explained(args: Args, got: Parts, expected: Parts, idea: Misconception | None) -> list[str]:
    """Say with which arguments, and which share and factors came out."""
    x, p, _ = args
    said = [f"Asked with {_given(x, p)}, and several generators."]
    if not got:
        return said
    if not got[0]:
        return [*said, "The result should have the shape of x."]
    share, right = float(got[2]), float(expected[2])
    if share != right:
        said.append(f"{share:.0%} of the numbers became 0; expected {right:.0%}.")
    kept, wanted = ([f for f in parts[5].tolist() if f] for parts in (got, expected))
    if kept != wanted and wanted:
        said.append(f"Those kept should be {wanted[0]:g} times what they were; {_factors(kept)}.")
    elif kept and not wanted:
        said.append("Nothing should be kept.")
    if len(said) == 1 or idea is None:
        said += [_FAILED[name] for name, *both in zip(FACTS, got[3], expected[3], strict=True)
                 if both[0] != both[1]]  # fmt: skip
    shared = [k for k, (mine, theirs) in enumerate(zip(got[4], expected[4], strict=True))
              if mine > theirs]  # fmt: skip
    if shared and share == right:
        said.append(f"Along axis {shared[0]} all places share one choice.")
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the text again.")
    return said


def _factors(kept: list[float]) -> str:
    if not kept:
        return "none is kept"
    named = ", ".join(f"{factor:g}" for factor in kept[:3])
    return f"they are {named}{' ...' if len(kept) > 3 else ''} times"


def _blocks(args: Args, got: Parts, expected: Parts) -> tuple[Block, ...]:
    """Show the first numbers, before and after."""
    if not got:
        return ()
    return Block("x, the first values", np.ravel(args[0])[:8]), Block("got", got[6])


EXERCISES = (
    Exercise(
        name="dropout",
        parameters=("x", "p", "rng"),
        oracle=partial(dropped, scratch.dropout),
        checks=(
            Check("what is kept, and how large it becomes", 2.0,
                  _arrays((1, 2), (1, 2, 3, 5, 6, 7, 8, 9)), 4, ((np.arange(1.0, 2001), 0.25, 3),),
                  probe="dropped", look=only(0, 1, 2)),
            Check("a choice for each number", 1.0,
                  _arrays((2, 3, 4), (2, 3, 4, 6, 7, 8)), 3, probe="dropped", look=only(0, 4)),
            Check("chance comes from rng, and x stays as it was", 2.0,
                  _arrays((1, 2, 3), (3, 4, 6, 7)), 2, probe="dropped", look=only(0, 3)),
            Check("p = 0 and p = 1", 1.0,
                  _arrays((1, 2), (0, 10)), 2,
                  ((np.arange(1.0, 2001), 0.0, 1), (np.arange(1.0, 2001), 1.0, 2)),
                  probe="dropped", look=only(0, 1, 2)),
        ),
        misconceptions=WRONG_DROPOUT,
        hints=(
            "For each number a coin is thrown: it becomes 0 with probability p. Those that are "
            "kept grow, so that the mean of many throws is what the number was.",
            "rng.random(x.shape) gives a number between 0 and 1 for each place of x. Comparing it "
            "with p gives True or False for each place, True with a known probability.",
            "kept = rng.random(x.shape) >= p says what stays. Where it is True the result is "
            "x / (1 - p), else 0. With p = 1 there is nothing to divide: return zeros.",
        ),
        parts=(
            "shape is right", "factors", "share of zeros", "facts", "one choice for an axis",
            "factors of one call", "first values", "different values",
        ),
        compared=5,
        tolerance=1e-3,
        direct=True,
        words=Words(
            "An array of the shape of x",
            asked="arrays, each with several generators",
            errors=_ERRORS,
            explain=_explained,
            blocks=_blocks,
        ),
    ),
)  # fmt: skip

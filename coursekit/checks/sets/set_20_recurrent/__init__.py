"""Set 20: words as numbers, and one step of a recurrent network."""

from collections.abc import Iterator, Sequence

import numpy as np

from coursekit import scratch
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import Args, Array, Check, Exercise, Property
from coursekit.checks.sets.set_20_recurrent.wrong_one_hot import WRONG_ONE_HOT
from coursekit.checks.sets.set_20_recurrent.wrong_rnn_step import WRONG_RNN_STEP

# Some begin alike, some stand within others, some differ in a capital letter alone.
_WORDS = (
    "Steven",
    "Mark",
    "John",
    "saw",
    ".",
    "mark",
    "see",
    "seesaw",
    "Johnson",
    "a",
    "we",
    "...",
)
_FIVE = ("Steven", "Mark", "John", "saw", ".")


def _of_the_five(pick: Pick) -> Args:
    return pick.choice(_FIVE), _FIVE


def _of_any(pick: Pick) -> Args:
    """Draw a vocabulary and one of its words; its ends come often."""
    left = list(_WORDS)
    vocabulary = [left.pop(pick.integer(0, len(left) - 1)) for _ in range(pick.integer(1, 9))]
    return vocabulary[pick.integer(0, len(vocabulary) - 1)], tuple(vocabulary)


def _fewer_words(word: str, vocabulary: Sequence[str]) -> Iterator[Args]:
    for place, other in enumerate(vocabulary):
        if other != word:
            yield word, tuple(vocabulary[:place]) + tuple(vocabulary[place + 1 :])


def _numbers(pick: Pick, *shape: int) -> Array:
    """Draw fractions from -1 to 1, for which tanh is far from flat."""
    return pick.array(shape, "real") / 8


def _step(pick: Pick, d: int, h: int) -> Args:
    return (
        _numbers(pick, d),
        _numbers(pick, h),
        _numbers(pick, d, h),
        _numbers(pick, h, h),
        _numbers(pick, h),
    )


def _one_unit(pick: Pick) -> Args:
    return _step(pick, 1, 1)


def _any_sizes(pick: Pick) -> Args:
    """Draw sizes that differ more often than not; at times a word, at times a state of zeros."""
    d, h = pick.integer(1, 5), pick.integer(1, 4)
    x, state, *weights = _step(pick, d, h)
    kind = pick.choice(["any", "any", "word", "begin"])
    if kind == "word":
        x = np.eye(d)[pick.integer(0, d - 1)]
    if kind == "begin":
        state = np.zeros(h)
    return (x, state, *weights)


def _fit(x: Array, h: Array, w_xh: Array, w_hh: Array, b: Array) -> bool:
    size = len(h)
    if not size or w_xh.shape != (len(x), size) or w_hh.shape != (size, size) or len(b) != size:
        return False
    return bool(np.abs(x @ w_xh + h @ w_hh + b).max() <= 3)  # beyond that tanh is flat


def _smaller(x: Array, h: Array, w_xh: Array, w_hh: Array, b: Array) -> Iterator[Args]:
    """Yield the step with an input less, or with a unit less."""
    for part in (slice(1, None), slice(None, -1)):
        if len(x) > 1:
            yield x[part].copy(), h, w_xh[part].copy(), w_hh, b
        if len(h) > 1:
            yield x, h[part].copy(), w_xh[:, part].copy(), w_hh[part, part].copy(), b[part].copy()


_STEPS: tuple[Args, ...] = (
    (
        np.array([0.0, 1, 0]),
        np.array([0.5, -0.5]),
        np.array([[0.5, 1], [-0.25, 0.75], [1, 0]]),
        np.array([[0.5, -1], [0.25, 0.5]]),
        np.array([0.125, -0.25]),
    ),
    (
        np.array([1.0, -0.5]),
        np.array([0.25, 0.75]),
        np.array([[0.5, -0.25], [0.75, 1]]),
        np.array([[0.25, 0.5], [-0.75, 1]]),
        np.array([0.5, -0.125]),
    ),
)

EXERCISES = (
    Exercise(
        name="one_hot",
        parameters=("word", "vocabulary"),
        oracle=scratch.one_hot,
        valid=lambda word, vocabulary: word in vocabulary,
        checks=(
            Check(
                "the five words of the lesson", 1.0, _of_the_five, 5,
                tuple((word, _FIVE) for word in _FIVE),
            ),
            Check("any vocabulary", 1.0, _of_any, 60, (("saw", ("see", "seesaw", "saw")),)),
        ),
        misconceptions=WRONG_ONE_HOT,
        properties=(
            Property("with the first word of the vocabulary", lambda word, v: word == v[0]),
            Property("with the last word of the vocabulary", lambda word, v: word == v[-1]),
            Property("with a vocabulary of five words", lambda word, v: len(v) == 5),
            Property("with a vocabulary of a single word", lambda word, v: len(v) == 1),
        ),
        smaller=_fewer_words,
        hints=(
            "How many numbers are needed, and which one of them is not 0?",
            "vocabulary.index(word) gives the place of a word, counted from 0.",
            "Make len(vocabulary) zeros, put 1.0 at that place, and return them.",
        ),
    ),
    Exercise(
        name="rnn_step",
        parameters=("x", "h", "w_xh", "w_hh", "b"),
        oracle=scratch.rnn_step,
        valid=_fit,
        checks=(
            Check("one input, one unit", 1.0, _one_unit, 20),
            Check("any sizes", 3.0, _any_sizes, 50, _STEPS, keeps_arguments=True),
        ),
        misconceptions=WRONG_RNN_STEP,
        properties=(
            Property("with a state of zeros", lambda x, h, *rest: not h.any()),
            Property("with as many inputs as units", lambda x, h, *rest: len(x) == len(h)),
            Property("with a single unit", lambda x, h, *rest: len(h) == 1),
        ),
        smaller=_smaller,
        hints=(
            "Each unit of the new state adds up three things: its share of the input, its share of "
            "the old state, and its bias. What is done with the sum?",
            "x @ w_xh multiplies a row of D numbers with a D by H matrix and gives H numbers. The "
            "old state and w_hh go together in the same way.",
            "Add x @ w_xh, the same for h, and b; then one np.tanh around the whole sum. Return "
            "it; h itself stays as it is.",
        ),
    ),
)  # fmt: skip

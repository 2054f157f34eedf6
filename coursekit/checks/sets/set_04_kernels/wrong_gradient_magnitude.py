"""Wrong ideas about the size of a gradient, each with an implementation that holds it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Case, Misconception
from coursekit.checks.sets.sliding import slide, windows

SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SOBEL_Y = SOBEL_X.T


def _pair(image: Array) -> tuple[Array, Array]:
    return slide(image.astype(float), SOBEL_X), slide(image.astype(float), SOBEL_Y)


def _from_pair(combine: Callable[[Array, Array], Array]) -> Callable[[Array], Array]:
    return lambda image: combine(*_pair(image))


def _as_bytes(values: Array) -> Array:
    return (values % 256).astype(np.uint8)


def _where_bytes(combine: Callable[[Array, Array], Array], down: int) -> Callable[[Array], Array]:
    """Return a magnitude, of right minus left and of rows `down`, that is wrong for bytes."""

    def magnitude(image: Array) -> Array:
        x, y = _pair(image)
        return combine(x, down * y) if image.dtype == np.uint8 else np.hypot(x, y)

    return magnitude


def _padded(mode: str) -> Callable[[Array], Array]:
    options: dict[str, Any] = {"mode": mode}
    return lambda image: np.hypot(*_pair(np.pad(image, 1, **options)))


def _with(x: Any) -> Callable[[Array], Array]:
    """Return the magnitude with another pair of kernels."""
    first = np.array(x)
    return lambda image: np.hypot(slide(image * 1.0, first), slide(image * 1.0, first.T))


def _from_pictures(turn: int, crop: bool, kind: type) -> Callable[[Array], Array]:
    """Return the magnitude of two filtered pictures, with the border repeated or cut off."""

    def magnitude(image: Array) -> Array:
        source = image if crop else np.pad(image, 1, mode="edge")
        x, y = _pair(source)
        x, y = (np.clip(np.rint(g), 0, 255).astype(kind) for g in (x, turn * y))
        lengths: Array = np.sqrt(x**2 + y**2)
        return lengths

    return magnitude


def _joined_otherwise(cases: Sequence[Case]) -> bool:
    """Say whether each value, or its square, is a sum of multiples of gx, |gx|, gx², gx gy ..."""
    pairs, values = [], []
    for (image, *_), expected, got in cases:
        if got is None or got.shape != expected.shape or not np.isfinite(got).all():
            return False
        pairs.append(np.array([np.ravel(side) for side in _pair(image)]))
        values.append(np.ravel(got).astype(float))
    (x, y), wanted = np.concatenate(pairs, axis=1), np.concatenate(values)
    if len(wanted) < 60:
        return False
    terms = np.array([x, y, np.abs(x), np.abs(y), x * x, x * y, y * y]).T
    for target in (wanted, wanted**2):
        found, *_ = np.linalg.lstsq(terms, target, rcond=None)
        if np.abs(terms @ found - target).max() < 1e-6 * max(1.0, float(np.abs(target).max())):
            return True
    return False


def _kernels(cases: Sequence[Case]) -> int:
    """Return of how many sums of products each value is the length, 1 or 2; 0 where it is not.

    The square is then a sum of products of two pixels of the patch; its 45 weights are those of a
    matrix of this rank.
    """
    patches, values = [], []
    for (image, *_), expected, got in cases:
        if got is None or got.shape != expected.shape or not np.isfinite(got).all():
            return 0
        patches.append(windows(image.astype(float), (3, 3)).reshape(-1, 9))
        values.append(np.ravel(got).astype(float))
    if sum(map(len, values)) < 2 * len(_FIRST):
        return 0
    rows, wanted = np.concatenate(patches), np.concatenate(values)
    size = np.abs(rows).max(axis=1) + 1
    rows, wanted = rows / size[:, None], wanted / size
    products = rows[:, _FIRST] * rows[:, _SECOND]
    weights, *_ = np.linalg.lstsq(products, wanted**2, rcond=None)
    if wanted.min() < 0 or np.abs(products @ weights - wanted**2).max() > 1e-6:
        return 0
    matrix = np.zeros((9, 9))
    matrix[_FIRST, _SECOND] += weights / 2
    matrix[_SECOND, _FIRST] += weights / 2
    lengths = np.linalg.eigvalsh(matrix)
    rank = int(np.sum(lengths > 1e-4))
    return rank if lengths[0] > -1e-4 and rank <= 2 else 0


_FIRST, _SECOND = np.triu_indices(9)
_BOTH = "Two numbers become one length, as the sides of a right triangle do."

WRONG_GRADIENT_MAGNITUDE = {
    "multiplied": Misconception(
        "multiplies gx and gy in place of adding their squares",
        _BOTH,
        (
            _from_pair(lambda x, y: np.sqrt(x * y)),
            _from_pair(lambda x, y: np.sqrt(np.abs(x * y))),
            _from_pair(lambda x, y: x * y),
        ),
    ),
    "squares_subtracted": Misconception(
        "subtracts the squares in place of adding them",
        _BOTH,
        (
            _from_pair(lambda x, y: np.sqrt(x**2 - y**2)),
            _from_pair(lambda x, y: np.sqrt(np.abs(x**2 - y**2))),
        ),
    ),
    "direction_not_size": Misconception(
        "gives the direction of the gradient in place of its size",
        "An angle says where an edge runs. What says how strong it is?",
        (
            _from_pair(lambda x, y: np.arctan2(y, x)),
            _from_pair(lambda x, y: np.degrees(np.arctan2(y, x))),
            _from_pair(lambda x, y: np.arctan(y / x)),
        ),
    ),
    "absolute_sum": Misconception(
        "adds |gx| and |gy|", _BOTH, _from_pair(lambda x, y: np.abs(x) + np.abs(y))
    ),
    "root_forgotten": Misconception(
        "gives gx² + gy² without the root", _BOTH, _from_pair(lambda x, y: x**2 + y**2)
    ),
    "one_direction": Misconception(
        "uses one of the two kernels only",
        "What does it give for an edge that runs the other way?",
        (
            _from_pair(lambda x, y: x),
            _from_pair(lambda x, y: y),
            _from_pair(lambda x, y: np.abs(x)),
            _from_pair(lambda x, y: np.abs(y)),
            _from_pair(lambda x, y: -x),
            _from_pair(lambda x, y: -y),
        ),
    ),
    "one_direction_twice": Misconception(
        "takes the same kernel for both directions",
        "How does the second Sobel kernel come from the first?",
        (
            _from_pair(lambda x, y: np.sqrt(2) * np.abs(x)),
            _from_pair(lambda x, y: np.sqrt(2) * np.abs(y)),
        ),
    ),
    "squares_forgotten": Misconception(
        "does not square before adding",
        _BOTH,
        (
            _from_pair(lambda x, y: x + y),
            _from_pair(lambda x, y: (x + y) ** 2),
            _from_pair(lambda x, y: np.abs(x + y)),
            _from_pair(lambda x, y: np.sqrt(np.abs(x) + np.abs(y))),
            _from_pair(lambda x, y: np.sqrt(np.abs(x + y))),
            _from_pair(lambda x, y: np.sqrt(x + y)),
            _from_pair(lambda x, y: x - y),  # the second kernel turned by half a turn
            _from_pair(lambda x, y: np.abs(x - y)),
            _from_pair(lambda x, y: np.sqrt(np.abs(x)) + np.sqrt(np.abs(y))),
            _from_pair(lambda x, y: np.sqrt(x) + np.sqrt(y)),
            _from_pair(lambda x, y: np.sqrt(2 * x + 2 * y)),
            _from_pair(lambda x, y: np.sqrt(2 * np.abs(x) + 2 * np.abs(y))),
            _from_pair(lambda x, y: 2 * x + 2 * y),
        ),
    ),
    "one_squared": Misconception(
        "squares, or takes the root of, one of the two only",
        "** binds to what stands right before it. Write gx² + gy² first, then the root of it all.",
        (
            _from_pair(lambda x, y: np.abs(x) + y**2),
            _from_pair(lambda x, y: x**2 + np.abs(y)),
            _from_pair(lambda x, y: x + y**2),
            _from_pair(lambda x, y: x**2 + y),
            _from_pair(lambda x, y: np.sqrt(x + y**2)),
            _from_pair(lambda x, y: np.sqrt(x**2 + y)),
            _from_pair(lambda x, y: np.sqrt(x) + y**2),
            _from_pair(lambda x, y: np.sqrt(x**2) + y),
        ),
    ),
    "halved_for_root": Misconception(
        "divides gx² + gy² by 2 in place of taking the root",
        "In ** 1 / 2 the power comes first and the division last. Where do brackets belong?",
        _from_pair(lambda x, y: (x**2 + y**2) / 2),
    ),
    "other_power": Misconception(
        "takes other powers than the square and its root",
        _BOTH,
        (
            _from_pair(lambda x, y: np.sqrt(x**3 + y**3)),
            _from_pair(lambda x, y: np.cbrt(x**3 + y**3)),
            _from_pair(lambda x, y: np.cbrt(x**2 + y**2)),
            _from_pair(lambda x, y: (x**2 + y**2) ** 0.25),
            _from_pair(lambda x, y: (x**2 + y**2) ** 2),
            _from_pair(lambda x, y: (x**4 + y**4) ** 0.25),
        ),
    ),
    "one_number_in_all": Misconception(
        "gives one number in place of one for each place",
        "How many values should come out? Which of them does your sum run over?",
        (
            _from_pair(lambda x, y: np.sqrt((x**2 + y**2).sum())),
            _from_pair(lambda x, y: np.sqrt((x**2).sum()) + np.sqrt((y**2).sum())),
        ),
    ),
    "two_results": Misconception(
        "gives gx and gy in place of one magnitude",
        _BOTH,
        (_from_pair(lambda x, y: np.array([x, y])), _from_pair(lambda x, y: np.array([y, x]))),
    ),
    "larger_one": Misconception(
        "takes the larger of the two, or their mean",
        _BOTH,
        (
            _from_pair(lambda x, y: np.maximum(x, y)),
            _from_pair(lambda x, y: np.maximum(x, -y)),
            _from_pair(lambda x, y: (x + y) / 2),
            _from_pair(lambda x, y: (x - y) / 2),
            _from_pair(lambda x, y: np.maximum(np.abs(x), np.abs(y))),
            _from_pair(lambda x, y: (np.abs(x) + np.abs(y)) / 2),
        ),
    ),
    "same_size": Misconception(
        "pads the image or the result, so the result is as large as the image",
        "Only places where the kernels lie wholly inside count.",
        (
            *(_padded(mode) for mode in ("constant", "edge", "reflect", "symmetric")),
            lambda image: np.pad(np.hypot(*_pair(image)), 1),
        ),
    ),
    "other_weights": Misconception(
        "uses other weights than the Sobel pair",
        "In the Sobel pair the middle row or column counts twice.",
        (
            _with([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
            _with([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
            _with([[-1, 0, 1], [0, 0, 0], [-1, 0, 1]]),
            _with([[1, 0, 1], [2, 0, 2], [1, 0, 1]]),
            _with([[-1, 0, 1], [-2, 0, 2], [-1, 0, -1]]),
            lambda image: np.hypot(*np.gradient(image.astype(float))),
            lambda image: np.hypot(*np.gradient(image.astype(float)))[1:-1, 1:-1],
        ),
    ),
    "joined_otherwise": Misconception(
        "makes another number of gx and gy than the root of the sum of their squares",
        _BOTH,
        pattern=_joined_otherwise,
    ),
    "another_pair": Misconception(
        "uses another pair of kernels than the Sobel pair: some weight or sign differs",
        "Put your two kernels beside those of the lesson, weight by weight, signs included.",
        pattern=lambda cases: _kernels(cases) == 2,
    ),
    "another_kernel": Misconception(
        "takes the size of a single sum of products, whose kernel is none of the Sobel pair",
        "Two kernels are wanted: one for each direction. Which ones?",
        pattern=lambda cases: _kernels(cases) == 1,
    ),
    "scaled": Misconception(
        "scales the result: to a largest value of 1 or 255, or by the weights",
        "The magnitudes are wanted as they come out.",
        (
            _from_pair(lambda x, y: np.hypot(x, y) / 8),
            _from_pair(lambda x, y: np.hypot(x, y) / 4),
            _from_pair(lambda x, y: np.hypot(x, y) / (np.hypot(x, y).max() or 1)),
            _from_pair(lambda x, y: np.hypot(x, y) / np.hypot(x, y).max()),
            _from_pair(lambda x, y: np.hypot(x, y) / np.hypot(x, y).max() * 255),
            _from_pair(lambda x, y: np.hypot(x, y) / (np.hypot(x, y).max() or 1) * 255),
        ),
    ),
    "made_of_pictures": Misconception(
        "computes gx and gy as pictures, as filter_image does: cut to 0 to 255 and rounded",
        "A gradient may be -40 or 600. What does filter_image make of those?",
        tuple(
            _from_pictures(turn, crop, kind)
            for turn in (1, -1)
            for crop in (True, False)
            for kind in (np.float64, np.uint8)
        ),
    ),
    "bytes_returned": Misconception(
        "turns the result into bytes",
        "Which numbers can a byte hold? The magnitudes are wanted as they come out.",
        (
            _from_pair(lambda x, y: np.rint(np.minimum(np.hypot(x, y), 255))),
            _from_pair(lambda x, y: np.floor(np.minimum(np.hypot(x, y), 255) + 0.5)),
            _from_pair(lambda x, y: np.trunc(np.minimum(np.hypot(x, y), 255))),
        ),
    ),
    "clipped": Misconception(
        "cuts values above 255",
        "A magnitude is no pixel: it may be larger than white.",
        _from_pair(lambda x, y: np.minimum(np.hypot(x, y), 255)),
    ),
    "decimals_lost": Misconception(
        "gives whole numbers",
        "The result should be float64, not a picture.",
        (
            _from_pair(lambda x, y: np.trunc(np.hypot(x, y))),
            _from_pair(lambda x, y: np.rint(np.hypot(x, y))),
        ),
    ),
    "bytes_overflow": Misconception(
        "computes or stores its numbers in bytes, where those below 0 or above 255 wrap around",
        "Which type has the image? And what is 3 - 5 in it?",
        (
            _from_pair(lambda x, y: np.hypot(np.trunc(x) % 256, np.trunc(y) % 256)),
            *(
                _where_bytes(joined, sign)
                for sign in (1, -1)
                for joined in (
                    lambda x, y: np.hypot(x % 256, y % 256),
                    lambda x, y: np.hypot(_as_bytes(x), _as_bytes(y)),
                    lambda x, y: np.sqrt(_as_bytes(x) ** 2 + _as_bytes(y) ** 2),
                )
            ),
            _from_pair(
                lambda x, y: np.sqrt(((np.trunc(x) ** 2) % 256 + (np.trunc(y) ** 2) % 256) % 256)
            ),
        ),
    ),
}

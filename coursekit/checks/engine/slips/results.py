"""Slips in the result: transposed, cut, negated, its first value only, its last row missing."""

from collections.abc import Iterator

import numpy as np

from coursekit.checks.engine.slips.changes import (
    BUT_FIRST,
    BUT_LAST,
    INDEX,
    RANGE,
    RETURN,
    TYPE,
    Slip,
    along_each_axis,
    filled,
    square_only,
    zeroed,
)


def of_result(axes: int) -> Iterator[Slip]:
    """Yield the slips in a result with so many axes."""
    yield (
        "result_negated",
        "gives its result with the opposite sign",
        "Which of two numbers is subtracted from the other?",
        (np.negative,),
    )
    yield (
        "sign_lost",
        "takes away the sign of negative results",
        "What should come out where the sum is negative?",
        (np.abs,),
    )
    yield (
        "negatives_to_zero",
        "gives 0 in place of negative results",
        "What should come out where the sum is negative?",
        (lambda out: np.maximum(out, 0),),
    )
    yield (
        "decimals_lost",
        "gives whole numbers where decimals belong",
        TYPE,
        (np.trunc, np.rint, np.floor, np.ceil, lambda out: np.floor(out + 0.5)),
    )
    yield (
        "rounded_to_few_digits",
        "rounds its result to a few digits",
        "Rounding is for reading. What is asked for are the numbers as they come out.",
        tuple((lambda out, digits=digits: np.round(out, digits)) for digits in (1, 2, 3, 4)),
    )
    yield (
        "bytes_overflow",
        "computes in bytes or stores its result in bytes, where 255 + 1 is 0",
        "What is the largest number that the type of your arrays can hold?",
        (
            lambda out: np.trunc(out) % 256,
            lambda out: np.rint(out) % 256,
            lambda out: np.floor(out) % 256,
        ),
    )
    yield (
        "clipped_to_bytes",
        "cuts its result to the range from 0 to 255",
        "Is the result a picture? Nothing was said of cutting it.",
        (
            lambda out: np.clip(out, 0, 255),
            lambda out: np.trunc(np.clip(out, 0, 255)),
            lambda out: np.rint(np.clip(out, 0, 255)),
        ),
    )
    if not axes:
        return
    yield (
        "stops_after_first",
        f"gives its result back after the first value{' or row' * (axes > 1)}, so the others are 0 "
        "or missing",
        RETURN,
        (
            lambda out: out.flat[0],
            lambda out: out[:1],
            lambda out: out[(slice(1),) * out.ndim],
            filled((0,) * axes),
            *((lambda out: out[0], filled(0)) if axes > 1 else ()),
        ),
    )
    yield (
        "last_value_only",
        "gives only its last value; the others are overwritten, 0 or missing",
        "Does each turn of the loop write to a place of its own?",
        (
            lambda out: out.flat[-1],
            lambda out: out[-1:],
            lambda out: out[(slice(-1, None),) * out.ndim],
            filled((-1,) * axes),
            *((lambda out: out[-1], filled(-1)) if axes > 1 else ()),
            *(lambda out, a=a: np.moveaxis(out, a, 0)[-1] for a in range(1, axes)),
        ),
    )
    yield (
        "one_number_in_all",
        "gives one number in place of all its values, such as their sum or mean",
        "How many values should come out? Which of them does your sum run over?",
        (np.sum, np.mean, np.max, np.min, lambda out: np.sqrt(np.sum(out.astype(float) ** 2))),
    )
    yield (
        "first_value_repeated",
        "gives one and the same value at every place",
        "Does the index of the place appear where you read your input?",
        (
            lambda out: np.full_like(out, out.flat[0]),
            lambda out: np.full_like(out, out.flat[-1]),
            lambda out: np.full_like(out, out.sum()),
        ),
    )
    yield (
        "running_total",
        "never sets the sum back to 0, so each value contains those before it",
        "What should the sum be when a new value begins? Where is it set back to 0?",
        (
            lambda out: np.cumsum(out).reshape(out.shape),
            *((lambda out: np.cumsum(out, axis=-1),) if axes > 1 else ()),
            *((lambda out: np.cumsum(out, axis=-2),) if axes > 1 else ()),
        ),
    )
    yield (
        "last_places_missing",
        "leaves out the last places of its result",
        RANGE,
        (*along_each_axis(BUT_LAST, axes), *along_each_axis(slice(None, -2), axes)),
    )
    yield (
        "first_and_last_places_missing",
        "leaves out the first and the last places of its result",
        "With which index does your loop begin, and with which does it end?",
        along_each_axis(slice(1, -1), axes),
    )
    yield (
        "places_skipped",
        "leaves out every second place of its result",
        "By how much does the place move from one value to the next?",
        (*along_each_axis(slice(None, None, 2), axes), *along_each_axis(slice(1, None, 2), axes)),
    )
    yield (
        "first_places_missing",
        "leaves out the first places of its result",
        "With which index does your loop or slice begin?",
        along_each_axis(BUT_FIRST, axes),
    )
    yield (
        "last_places_zero",
        "leaves 0 in the last places of its result",
        RANGE,
        (
            zeroed((-1,) * axes),
            zeroed(-1),
            *((zeroed((..., -1)), zeroed(-1, (..., -1))) if axes > 1 else ()),
        ),
    )
    yield (
        "first_places_zero",
        "leaves 0 in the first places of its result",
        "With which index does your loop begin?",
        (
            zeroed((0,) * axes),
            zeroed(0),
            *((zeroed((..., 0)), zeroed(0, (..., 0))) if axes > 1 else ()),
        ),
    )
    yield (
        "first_and_last_places_zero",
        "leaves 0 in the first and the last places of its result",
        "With which index does your loop begin, and with which does it end?",
        (
            zeroed(0, -1),
            *(
                (zeroed((..., 0), (..., -1)), zeroed(0, -1, (..., 0), (..., -1)))
                if axes > 1
                else ()
            ),
        ),
    )
    yield (
        "shifted_by_one",
        "puts its values one place too far along",
        INDEX,
        tuple(
            (lambda out, a=a, by=by: np.roll(out, by, axis=a))
            for a in range(axes)
            for by in (1, -1)
        ),
    )
    yield (
        "axis_too_many",
        "gives its values with an axis too many",
        "Which brackets, or which axes, are left over?",
        (
            lambda out: out[None],
            lambda out: out[..., None],
            lambda out: out[None, None],
            lambda out: out[..., None, None],
        ),
    )
    if axes == 1:
        yield (
            "result_reversed",
            "gives its result backwards",
            INDEX,
            (lambda out: out[::-1],),
        )
        return
    yield (
        "result_transposed",
        "swaps the rows and columns of its result",
        "Which index of the result counts rows, and which one columns?",
        (
            lambda out: np.swapaxes(out, -1, -2),
            np.transpose,
            square_only(lambda out: np.swapaxes(out, -1, -2)),
        ),
    )
    yield (
        "result_flipped",
        "turns its result round: upside down, left to right, or both",
        INDEX,
        (
            lambda out: out[..., ::-1, :],
            lambda out: out[..., ::-1],
            lambda out: out[..., ::-1, ::-1],
        ),
    )
    yield (
        "one_line_repeated",
        "gives the same numbers in every row, or in every column",
        "Which index of the place is missing where you read your input or write your result?",
        tuple(
            (lambda out, a=a, line=line: np.broadcast_to(line(out, a), out.shape))
            for a in (-1, -2)
            for line in (
                lambda out, a: np.take(out, [0], axis=a),
                lambda out, a: np.take(out, [-1], axis=a),
                lambda out, a: out.sum(axis=a, keepdims=True),
            )
        ),
    )
    yield (
        "first_column_only",
        "gives the first column of its result only; the others are 0 or missing",
        "How many columns should the result have? Which loop runs over them?",
        (lambda out: out[..., 0], lambda out: out[..., :1], filled((..., 0))),
    )
    if axes == 3:
        yield (
            "result_axes_swapped",
            "gives the axes of its result in another order",
            "Which axis comes first, which last? Print the shape of the result.",
            (
                lambda out: np.moveaxis(out, 0, -1),
                lambda out: np.moveaxis(out, -1, 0),
                lambda out: np.swapaxes(out, 0, 1),
                lambda out: np.swapaxes(out, 0, 2),
            ),
        )
        yield (
            "first_map_only",
            "gives the first map only",
            RETURN,
            (lambda out: out[0], lambda out: out[:1], filled(0)),
        )
    yield (
        "result_flattened",
        "gives its values in one long row",
        "How many axes should the result have? Which function gives it its shape?",
        (np.ravel, lambda out: out.reshape(1, -1), lambda out: out.reshape(-1, 1)),
    )

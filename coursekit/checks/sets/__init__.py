"""The sets of exercises: one folder each, imported when one of its functions is asked for.

How a set is written
--------------------
``set_NN_name/__init__.py`` holds what is asked, the hints and the points, in `EXERCISES`;
``wrong_FUNCTION.py`` beside it, one a function, holds what goes wrong. Its functions are named in
`FUNCTIONS` below. The right answer is the function of that name in `coursekit.scratch`. The
smallest whole set::

    from coursekit import scratch
    from coursekit.checks.engine.pick import Pick
    from coursekit.checks.engine.spec import Args, Check, Exercise, Misconception, Terms

    def _windows(pick: Pick) -> Args:
        return pick.array((4, 4), "real"), pick.choice([2, 4])

    EXERCISES = (
        Exercise(
            name="avg_pool2d",
            parameters=("x", "size"),
            oracle=scratch.avg_pool2d,
            checks=(Check("windows that fit", 2.0, _windows, 30, keeps_arguments=True),),
            misconceptions={
                "stride_one": Misconception(
                    "moves its window by one cell in place of its own size",   # what it *does*
                    "By how much does the window move, so that no two overlap?",  # no answer
                    lambda x, size: scratch.avg_pool2d(x, size, stride=1),
                    hint="The window of place i begins at row i * size.",
                ),
            },
            hints=("the idea", "the tool", "just short of the answer"),
            valid=lambda x, size: min(x.shape) >= size,
            terms=Terms(lambda x, size: ..., mean=True, called="value"),  # (rows, columns, m, n)
        ),
    )

**A check** is one thing worth points of its own: its `draw` makes the arguments of one question
(`Pick` draws numbers that are exact in float32), its examples are always asked. Draw what tells
wrong ideas apart: sides that differ, a stride that does not divide, weights that are not
symmetric, negative numbers, fractions, ties; and ask the easy case by itself, so that half an
answer earns half the points. Exactly one check of a function says `keeps_arguments`.

**A misconception** is a family: a few implementations of one wrong idea that differ in a detail
(type, last cell, order of steps). It is named only if one of them gives the answer's outputs on
*every* question, and no other idea of the set does. No two ideas of a set may agree everywhere;
`tests/checks` hold that, and that each of them is rejected.

**What needs no word from you** is found for every function by `engine.slips`: the result
transposed, turned, negated, rounded, cut to bytes, its first or last row missing or 0, only its
first value (a return inside the loop), running sums never set back; an argument ignored, swapped,
transposed, turned, cut, read with a negative index; a number ignored or off by one. Give `terms`
where values are sums or means, and the slips in the sum come too (one term kept, the last left
out, mean for sum). A set's own idea of the same name adds its forms and has its own words. Where
no name fits, `engine.where` looks for the plain property that separates the wrong inputs ("right on
all 31 inputs with a square kernel"); `properties` adds a set's own ("with a stride above 1" needs
none, every number has it).

**A function that returns two arrays** names them in `parts`, is asked with ``probe="pair"``, and
may have each looked at by a check of its own (``look=only(1)``). `smaller` cuts several arguments
at once, where they have to fit together.

**What counts as an answer** is decided in `engine.types` for all sets: the numbers count, and
lists, tensors, float32 and the like pass with a remark. `returns` says what is asked for. Time is
counted in `runner.clock`. A new way of asking (a probe) goes into `runner`, which imports nothing
that knows a right answer.

**A hint** is a step of a ladder: the idea, the tool, just short of the answer; none repeats the
task. The hint of a misconception is shown first after a check that has named it.
"""

from functools import cache
from importlib import import_module

from coursekit.checks.engine.spec import Exercise, ExerciseSet

# Which functions belong to which set. A folder's name begins with "set_", since a package whose
# name begins with a digit can be imported by no import statement.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "01_images": ("quantize", "sample", "storage_bytes"),
    "02_convolution_1d": ("convolve1d", "correlate1d"),
    "03_convolution_2d": ("conv2d", "match_score"),
    "04_kernels": ("normalize", "filter_image", "gradient_magnitude"),
    "05_padding_and_stride": ("output_size", "pad2d", "conv2d_strided"),
    "06_volumes_and_channels": ("conv2d_volume", "conv_parameters"),
    "07_why_convolution_works": ("dense_parameters", "receptive_field"),
    "08_relu_and_pooling": ("relu", "max_pool2d", "avg_pool2d", "global_avg_pool2d"),
    "09_softmax_and_cross_entropy": ("flatten", "softmax", "cross_entropy", "classification_error"),
    "10_fashion_mnist_keras": ("build_model",),
    "11_training_loop": ("train_one_epoch", "accuracy"),
    "12_lenet": ("LeNet5",),
    "13_alexnet_and_zfnet": ("dropout",),
    "14_vgg_and_googlenet": ("vgg_block", "Inception"),
    "15_resnet": ("ResidualBlock",),
    "16_looking_inside": ("saliency",),
    "17_augmentation": ("random_horizontal_flip", "random_crop"),
    "18_transfer_learning": ("freeze", "replace_head"),
    "19_backpropagation": ("conv2d_backward",),
    "20_recurrent": ("one_hot", "rnn_step"),
}
_SET_OF = {name: number for number, names in FUNCTIONS.items() for name in names}


@cache
def exercise_set(name: str) -> ExerciseSet:
    """Return one set, as ``"03_convolution_2d"``; the others are not imported."""
    return ExerciseSet(name, tuple(import_module(f"{__name__}.set_{name}").EXERCISES))


def exercise_sets() -> dict[str, ExerciseSet]:
    """Return the sets by name, in order.

    Examples
    --------
    >>> exercise_sets()["03_convolution_2d"].points
    6.0
    """
    return {name: exercise_set(name) for name in FUNCTIONS}


def exercise(name: str) -> Exercise:
    """Return one exercise by the name of its function.

    Raises
    ------
    ValueError
        When there is none of that name; the message lists those there are.
    """
    if not isinstance(name, str) or name not in _SET_OF:
        raise ValueError(
            f"There is no check named {name!r}. Give one of: {', '.join(sorted(_SET_OF))}."
        )
    return next(e for e in exercise_set(_SET_OF[name]).exercises if e.name == name)

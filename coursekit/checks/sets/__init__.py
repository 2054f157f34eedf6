"""The sets of exercises: one folder each, imported when one of its functions is asked for."""

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
    "10_fashion_mnist_keras": ("build_model",),
    "11_training_loop": ("train_one_epoch", "accuracy"),
    "12_lenet": ("LeNet5",),
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

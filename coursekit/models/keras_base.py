"""A network of `keras.applications` without its head, with or without trained weights."""

import os
from typing import Any

from coursekit.errors import CourseError


def mobilenet_base(side: int = 96, *, weights: str | None = None) -> Any:
    """Build Keras's MobileNetV2 up to its features: (N, side, side, 3) -> (N, 1280).

    It takes pictures with values from -1 to 1. A head of your own goes behind it.

    Parameters
    ----------
    side
        Height and width of the pictures: 96, 128, 160, 192 or 224 with trained weights.
    weights
        None for random ones; ``"imagenet"`` for those that were trained on ImageNet. They are
        fetched once (9 MB) and kept by Keras.

    Raises
    ------
    CourseError
        When the weights cannot be fetched.

    Examples
    --------
    >>> mobilenet_base(32).output_shape
    (None, 1280)
    """
    import keras

    if weights is not None and os.environ.get("COURSEKIT_OFFLINE") == "1":
        raise CourseError(
            "COURSEKIT_OFFLINE=1 forbids to fetch the weights of MobileNetV2; unset it, or go on "
            "with weights=None, which are random"
        )
    try:
        return keras.applications.MobileNetV2(
            input_shape=(side, side, 3), include_top=False, pooling="avg", weights=weights
        )
    except Exception as error:
        if "URL fetch failure" not in str(error):
            raise
        raise CourseError(
            f"the weights of MobileNetV2 could not be fetched ({str(error).splitlines()[0]}); try "
            "again where there is a network, or go on with weights=None, which are random"
        ) from error

"""Images that no model learns from, or only badly: by their numbers alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from coursekit.training.data.raw_numbers import shared_tensor
from coursekit.training.diagnosis.findings import Finding, Level, count, number

_ALL = 60_000_000  # numbers that are looked at one by one; of larger sets only the sample


def broken_pixels(inputs: Any, images: Any = None) -> Finding | None:
    """Find numbers that are none: NaN or infinite, among all images where they are at hand.

    Examples
    --------
    >>> broken_pixels(torch.tensor([[0.0, float("nan")]])).code
    'nan_pixels'
    """
    for pixels in (images, inputs):
        if not _is_float(pixels) or _size(pixels) > _ALL:
            continue
        whole = pixels if isinstance(pixels, Tensor) else shared_tensor(pixels)
        # One number tells of all: a sum with NaN is NaN.
        if torch.isfinite(whole.sum(dtype=torch.float32 if whole.is_cuda else None)):
            continue
        bad = ~torch.isfinite(whole)
        broken = int(bad.sum())
        if broken:
            struck = int(bad.flatten(1).any(1).sum()) if whole.ndim > 1 else broken
            return Finding(
                "nan_pixels",
                "error",
                f"{struck:,} of {count(len(whole), 'image')} {'holds' if struck == 1 else 'hold'} "
                f"numbers that are NaN or infinite ({broken:,} in all); expected finite numbers, "
                "since one such number makes every weight NaN.",
                "images = torch.nan_to_num(torch.as_tensor(images), posinf=0, neginf=0)",
            )
    return None


def pixel_values(
    inputs: Any, reaching_a_layer: Tensor | None = None, *, spread: bool = True
) -> Finding | None:
    """Find images in 0-255, divided twice, or without any content.

    Parameters
    ----------
    inputs
        A batch as the model gets it.
    reaching_a_layer
        What the first layer with weights gets, where that is known: a model that divides by 255
        itself is right.
    spread
        Whether the batch is spread over the whole set; else it may begin with pictures that are
        alike.

    Examples
    --------
    >>> pixel_values(torch.rand(8, 1, 28, 28) * 255).code
    'range_255'
    >>> pixel_values(torch.randn(8, 1, 28, 28)) is None
    True
    """
    if (
        not _is_float(inputs)
        or not isinstance(inputs, Tensor)
        or inputs.ndim < 2
        or len(inputs) < 2
    ):
        return None
    images = inputs.detach()
    low, high = float(images.min()), float(images.max())
    flat = images.flatten(1)
    if len(images) > 3 and bool((flat == flat[:1]).all()):
        return _all_alike(images, low, high, "error" if spread else "warning")
    if not _like_images(images):
        return None
    if reaching_a_layer is not None and reaching_a_layer.is_floating_point():
        scaled = reaching_a_layer
        low, high = min(low, float(scaled.min())), float(scaled.max())
    if high > 50 and low >= 0:
        return _not_divided(high)
    if 0 < high < 0.01 and low >= 0:
        return Finding(
            "divided_twice",
            "warning",
            f"The images run up to {number(high)} only; expected about 0 to 1: they "
            "seem to have been divided by 255 twice (ToTensor divides, too).",
            "images = images * 255",
        )
    return None


def _all_alike(images: Tensor, low: float, high: float, level: Level) -> Finding:
    all_of_them = f"All {len(images)} images"
    if low == high == 0:
        return Finding(
            "zero_images",
            level,
            f"{all_of_them} looked at hold nothing but 0; "
            "expected pictures, so look at how they are read or scaled (whole numbers divided "
            "with // become 0).",
            "images = images / 255",
        )
    if low == high:
        return Finding(
            "constant_images",
            level,
            f"{all_of_them} looked at hold nothing but the number {number(low)}; "
            "expected pictures, so look at how they are read, cut or scaled.",
            "images = images / 255",
        )
    return Finding(
        "same_images",
        level,
        f"{all_of_them} looked at are one and the same; expected different ones, so look at the "
        "index in __getitem__.",
        "image = self.images[index]  # in __getitem__",
    )


def _not_divided(high: float) -> Finding:
    most = 255 if high <= 255.5 else 65535 if 255.5 < high <= 65535.5 else round(high)
    return Finding(
        "range_255",
        "warning",
        f"The images run up to {number(high)}; expected about 0 to 1, or -1 to 1: numbers this "
        "large make the first steps far too large.",
        f"images = images / {most}",
    )


def pixel_type(inputs: Any) -> Finding | None:
    """Find numbers of a type that the layers do not take.

    Examples
    --------
    >>> pixel_type(torch.zeros(2, 1, 8, 8, dtype=torch.float64)).mend
    'images = images.float()'
    """
    if not isinstance(inputs, Tensor) or inputs.dtype in (
        torch.float32,
        torch.float16,
        torch.bfloat16,
    ):
        return None
    kind = str(inputs.dtype).removeprefix("torch.")
    if inputs.is_floating_point():
        return Finding(
            "float64_images",
            "error",
            f"The images are {kind}, the model's weights float32; expected the same type in both "
            "(NumPy makes float64 unless told otherwise).",
            "images = images.float()",
        )
    high = int(inputs.max()) if inputs.numel() else 0
    return Finding(
        "integer_images",
        "error",
        f"The images are whole numbers ({kind}, up to {number(high)}); expected float32: fit "
        "turns uint8 into 0 to 1 by itself, a loop of your own has to.",
        "images = images.float() / 255" if high > 1 else "images = images.float()",
    )


def _like_images(images: Tensor) -> bool:
    """Tell pictures, also flattened ones, from a few measurements in any unit."""
    return images.ndim >= 3 or images.shape[1] >= 64


def _is_float(value: object) -> bool:
    if isinstance(value, Tensor):
        return value.is_floating_point()
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _size(value: Any) -> int:
    return int(value.numel() if isinstance(value, Tensor) else value.size)

"""The operations of a convolutional network in readable NumPy, one idea a file.

Students read these with ``inspect.getsource`` and check their own work against them.
Only NumPy is imported. No function changes its arguments; lists and tuples are taken too.
"""

from coursekit.scratch.convolution1d import convolve1d, correlate1d, window_sum_1d
from coursekit.scratch.convolution2d import (
    conv2d,
    conv2d_strided,
    conv2d_vectorized,
    convolve2d_at,
    match_score,
    patch_terms,
)
from coursekit.scratch.filtering import filter_image, gradient_magnitude
from coursekit.scratch.images import (
    differing_cells,
    image_facts,
    quantize,
    sample,
    storage_bytes,
)
from coursekit.scratch.kernels import KERNELS, kernel, kernel_properties, normalize
from coursekit.scratch.padding import pad2d, repeat_border

__all__ = [
    "KERNELS",
    "conv2d",
    "conv2d_strided",
    "conv2d_vectorized",
    "convolve1d",
    "convolve2d_at",
    "correlate1d",
    "differing_cells",
    "filter_image",
    "gradient_magnitude",
    "image_facts",
    "kernel",
    "kernel_properties",
    "match_score",
    "normalize",
    "pad2d",
    "patch_terms",
    "quantize",
    "repeat_border",
    "sample",
    "storage_bytes",
    "window_sum_1d",
]

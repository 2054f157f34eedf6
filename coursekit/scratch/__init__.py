"""The operations of a convolutional network in readable NumPy, one idea a file.

Students read these with ``inspect.getsource`` and check their own work against them.
Only NumPy is imported. No function changes its arguments; lists and tuples are taken too.
"""

from coursekit.scratch.activations import flatten, log_odds, relu, softmax
from coursekit.scratch.augment import dropout, random_crop, random_horizontal_flip
from coursekit.scratch.backward import conv2d_backward
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
from coursekit.scratch.losses import classification_error, cross_entropy, cross_entropy_rows
from coursekit.scratch.padding import pad2d, repeat_border
from coursekit.scratch.pooling import avg_pool2d, global_avg_pool2d, max_pool2d
from coursekit.scratch.schedules import step_decay
from coursekit.scratch.sequences import next_words, one_hot, rnn_step, sequence_allowed
from coursekit.scratch.shapes import (
    connection_counts,
    conv_output_shape,
    conv_parameters,
    dense_parameters,
    flatten_shape,
    network_parameters,
    output_size,
    output_size_unrounded,
    pool_parameters,
    receptive_field,
)
from coursekit.scratch.volumes import conv2d_volume, conv2d_volume_vectorized

__all__ = [
    "KERNELS",
    "avg_pool2d",
    "classification_error",
    "connection_counts",
    "conv2d",
    "conv2d_backward",
    "conv2d_strided",
    "conv2d_vectorized",
    "conv2d_volume",
    "conv2d_volume_vectorized",
    "conv_output_shape",
    "conv_parameters",
    "convolve1d",
    "convolve2d_at",
    "correlate1d",
    "cross_entropy",
    "cross_entropy_rows",
    "dense_parameters",
    "differing_cells",
    "dropout",
    "filter_image",
    "flatten",
    "flatten_shape",
    "global_avg_pool2d",
    "gradient_magnitude",
    "image_facts",
    "kernel",
    "kernel_properties",
    "log_odds",
    "match_score",
    "max_pool2d",
    "network_parameters",
    "next_words",
    "normalize",
    "one_hot",
    "output_size",
    "output_size_unrounded",
    "pad2d",
    "patch_terms",
    "pool_parameters",
    "quantize",
    "random_crop",
    "random_horizontal_flip",
    "receptive_field",
    "relu",
    "repeat_border",
    "rnn_step",
    "sample",
    "sequence_allowed",
    "softmax",
    "step_decay",
    "storage_bytes",
    "window_sum_1d",
]

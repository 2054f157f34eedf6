"""Sizes and counts, worked out on paper: how large a map is, how many numbers a layer has."""

import math
from collections.abc import Sequence
from typing import Any

from coursekit.scratch._arguments import Pair, pair, whole


def output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False
) -> int:
    """Return how many places a kernel has along one side of an image.

    floor((n + 2 padding - kernel_size) / stride) + 1

    Parameters
    ----------
    n
        Cells along the side.
    kernel_size, stride, padding
        Cells of the kernel, of one step, and of the zeros at each of the two ends.
    ceil_mode
        Count also a last window that is cut off at the end, as some pooling does.

    Raises
    ------
    TypeError
        When an argument is not a whole number.
    ValueError
        When the kernel is longer than the padded side (and `ceil_mode` is off).

    Examples
    --------
    >>> output_size(6, 3)
    4
    >>> output_size(6, 3, stride=2)  # 2.5 without the floor
    2
    >>> output_size(5, 2, stride=2, ceil_mode=True)
    3
    """
    n, f, s = whole("n", n, 1), whole("kernel_size", kernel_size, 1), whole("stride", stride, 1)
    space = n + 2 * whole("padding", padding, 0)
    if ceil_mode:  # up to the first window that reaches the end, if it still begins on a cell
        return min(max(math.ceil((space - f) / s), 0) + 1, math.ceil((n + padding) / s))
    if f > space:
        raise ValueError(
            f"kernel_size is {f}, but n is {n} and padding {padding}, so there are only {space} "
            f"cells. Take a smaller kernel or more padding."
        )
    return (space - f) // s + 1


def output_size_unrounded(n: int, kernel_size: int, stride: int = 1, padding: int = 0) -> float:
    """Return (n + 2 padding - kernel_size) / stride + 1, which need not be a whole number.

    The formula as it is often printed. A result such as 2.5 says that the last step does not fit.

    Examples
    --------
    >>> output_size_unrounded(6, 3, stride=2)
    2.5
    """
    n, f, s = whole("n", n, 1), whole("kernel_size", kernel_size, 1), whole("stride", stride, 1)
    return (n + 2 * whole("padding", padding, 0) - f) / s + 1


def conv_output_shape(
    height: int,
    width: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Pair = 0,
    filters: int = 1,
) -> tuple[int, int, int]:
    """Return (rows, columns, maps) of a convolutional layer: one map for each filter.

    Raises
    ------
    ValueError
        When the kernel does not fit.

    Examples
    --------
    >>> conv_output_shape(6, 6, 3, filters=2)
    (4, 4, 2)
    """
    f, s, p = (
        pair("kernel_size", kernel_size, 1),
        pair("stride", stride, 1),
        pair("padding", padding, 0),
    )
    rows = output_size(height, f[0], s[0], p[0])
    columns = output_size(width, f[1], s[1], p[1])
    return rows, columns, whole("filters", filters, 1)


def flatten_shape(height: int, width: int, channels: int = 1) -> tuple[int, int]:
    """Return the shape of one image laid out in a row: (1, height * width * channels).

    Examples
    --------
    >>> flatten_shape(7, 7, 1024)
    (1, 50176)
    """
    sides = whole("height", height, 1) * whole("width", width, 1)
    return 1, sides * whole("channels", channels, 1)


def conv_parameters(
    in_channels: int,
    out_channels: int,
    kernel_size: Pair,
    bias: bool = True,
    *,
    groups: int = 1,
) -> int:
    """Return the weights and biases of a convolutional layer.

    Each filter has a weight for every cell of the kernel in every channel it sees, and one bias.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the input; filters, which is also maps of the output.
    kernel_size
        One number for a square, or (rows, columns).
    bias
        Whether each filter has a bias.
    groups
        Into how many groups the channels are split; a filter sees those of its own group.

    Raises
    ------
    ValueError
        When a number is below 1, or the groups do not divide the channels.

    Examples
    --------
    >>> conv_parameters(3, 32, 3)
    896
    """
    into, out = whole("in_channels", in_channels, 1), whole("out_channels", out_channels, 1)
    rows, columns = pair("kernel_size", kernel_size, 1)
    if into % whole("groups", groups, 1) or out % groups:
        raise ValueError(
            f"groups is {groups}, which does not divide in_channels {into} and out_channels {out}. "
            f"Choose a number that divides both."
        )
    return out * (into // groups * rows * columns + bool(bias))


def dense_parameters(in_features: int, out_features: int, bias: bool = True) -> int:
    """Return the weights and biases of a dense layer: every output has a weight for every input.

    Examples
    --------
    >>> dense_parameters(6272, 10)
    62730
    """
    into, out = whole("in_features", in_features, 1), whole("out_features", out_features, 1)
    return out * (into + bool(bias))


def pool_parameters(size: Pair = 2, stride: Pair | None = None) -> int:
    """Return the trainable numbers of a maximum or average pooling layer: none, whatever its size.

    Examples
    --------
    >>> pool_parameters(size=2, stride=2)
    0
    """
    pair("size", size, 1)
    if stride is not None:
        pair("stride", stride, 1)
    return 0


def network_parameters(layers: Sequence[Sequence[Any]]) -> int:
    """Return the weights and biases of all layers together, biases counted.

    Parameters
    ----------
    layers
        One tuple a layer: ``("conv", in_channels, out_channels, kernel_size)``, with the number
        of groups as a fifth where there are several; ``("dense", in_features, out_features)``;
        ``("pool", size, stride)``.

    Raises
    ------
    ValueError
        When a layer is of no known kind or has the wrong number of entries.

    Examples
    --------
    >>> network_parameters([("conv", 1, 32, 3), ("pool", 2, 2), ("dense", 6272, 10)])
    63050
    """
    total = 0
    for layer in layers:
        match tuple(layer):
            case ("conv", into, out, size):
                total += conv_parameters(into, out, size)
            case ("conv", into, out, size, groups):
                total += conv_parameters(into, out, size, groups=groups)
            case ("dense", into, out):
                total += dense_parameters(into, out)
            case ("pool", *sizes) if len(sizes) <= 2:
                total += pool_parameters(*sizes)
            case _:
                raise ValueError(
                    f"layer {layer!r} is not understood. Write ('conv', in_channels, "
                    f"out_channels, kernel_size), ('dense', in_features, out_features) or "
                    f"('pool', size, stride)."
                )
    return total


def connection_counts(n: int, kernel_size: int, stride: int = 1) -> dict[str, int]:
    """Return how many weights join an n x n image to its map, dense, sparse and shared.

    Returns
    -------
    dict
        ``dense_weights``: every output cell joined to every pixel; ``sparse_connections``: each
        joined only to its own patch; ``shared_weights``: the same few weights at every place.

    Examples
    --------
    >>> connection_counts(6, 3)
    {'dense_weights': 576, 'sparse_connections': 144, 'shared_weights': 9}
    """
    outputs = output_size(n, kernel_size, stride) ** 2
    return {
        "dense_weights": n * n * outputs,
        "sparse_connections": kernel_size * kernel_size * outputs,
        "shared_weights": kernel_size * kernel_size,
    }


def receptive_field(layers: Sequence[Sequence[int]]) -> int:
    """Return how many cells of the input, along one side, one output cell depends on.

    Parameters
    ----------
    layers
        (kernel, stride) of each layer, from input to output.

    Raises
    ------
    ValueError
        When an entry is not a pair of numbers of at least 1.

    Examples
    --------
    >>> receptive_field([(3, 1), (3, 1), (3, 1)])
    7
    >>> receptive_field([(2, 2), (3, 1)])  # after a stride of 2 each step counts double
    6
    """
    field, step = 1, 1
    for layer in layers:
        if len(layer) != 2:
            raise ValueError(f"layer {layer!r} is no (kernel, stride). Give two numbers a layer.")
        field += (whole("kernel", layer[0], 1) - 1) * step
        step *= whole("stride", layer[1], 1)
    return field

"""Wrong ideas about a filter over several channels, each with an implementation that holds it."""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.sliding import framed, windows


def _planes(x: Array, w: Array, stride: int, padding: int) -> Array:
    """Return the map of every kernel on its own channel: (K, C, H2, W2), nothing added up."""
    if x.shape[0] != w.shape[1]:
        raise ValueError("a filter needs a kernel for every channel")
    wide = framed(x, ((0, 0), (padding, padding), (padding, padding)))
    places = windows(wide, (1, *w.shape[2:]))[:, ::stride, ::stride, 0]
    rows, columns = places.shape[1:3]
    flat = places.reshape(len(x), rows * columns, -1)
    products = flat @ w.reshape(*w.shape[:2], -1, 1)  # (K, C, places, 1)
    return np.asarray(products.reshape(*w.shape[:2], rows, columns))


def _layer(
    join: Callable[[Array], Array], bias: Callable[[Array, Array], Array]
) -> Callable[..., Array]:
    """Return a layer that joins the planes of a filter and adds its biases in some way."""

    def layer(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
        return bias(join(_planes(x, w, stride, padding)), b)

    return layer


def _added(planes: Array) -> Array:
    total: Array = planes.sum(axis=1)
    return total


def _biased(maps: Array, b: Array) -> Array:
    total: Array = maps + b.reshape(-1, *[1] * (maps.ndim - 1))
    return total


def _cumulative(x: Array, w: Array, b: Array, stride: int, padding: int) -> Array:
    """Return the sum so far after every channel of every filter, stacked."""
    sums = np.cumsum(_planes(x, w, stride, padding), axis=1)
    several = _biased(sums, b)
    return several.reshape(-1, *several.shape[2:])


def _channels_framed_too(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return what comes out when the channel axis is framed with zeros like the other two."""
    channels = len(x)
    wide = framed(x, padding)[:channels]
    return _biased(_added(_planes(wide, w, stride, 0)), b)


def _pixels_left_out(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    wide = framed(x, ((0, 0), (padding, padding), (padding, padding)))
    return _biased(_added(_planes(wide[:, ::stride, ::stride], w, 1, 0)), b)


def _mixed_first(join: Callable[[Array], Array]) -> Callable[..., Array]:
    """Return a layer that adds up the channels before a kernel has seen them."""

    def layer(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
        grey = x.sum(axis=0, keepdims=True)
        return _biased(_added(_planes(grey, join(w), stride, padding)), b)

    return layer


def _nothing_for_one(some: Callable[[Array], Array]) -> Callable[..., Array]:
    """Return a layer that adds up some of the channels, beginning with a plain 0."""

    def layer(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
        kept = some(_planes(x, w, stride, padding))
        return _biased(_added(kept), b) if kept.shape[1] else b

    return layer


def _loops_swapped(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return one map for each channel: the sum over the filters."""
    total: Array = _planes(x, w, stride, padding).sum(axis=0)
    return total


def _one_channel_each(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return what comes out if filter k looks at channel k alone."""
    planes = _planes(x, w, stride, padding)
    count = min(planes.shape[:2])
    return _biased(planes[range(count), range(count)], b[:count])


def _three_channels(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    if len(x) < 3:
        raise IndexError
    return _biased(_added(_planes(x[:3], w[:, :3], stride, padding)), b)


_ONE_MAP = "A filter of depth 3 on a colour picture: how many maps come out?"


_OWN_BIAS = "There are as many biases as filters. When is a bias added, and to what?"


_OWN_KERNELS = "A filter has a kernel of its own for every channel. Which meets which?"


WRONG_CONV2D_VOLUME = {
    "loops_swapped": Misconception(
        "gives one map for every channel of the input in place of one for every filter",
        "Which loop is the outer one: that over the filters or that over the channels?",
        (
            _loops_swapped,
            lambda x, w, b, s=1, p=0: _loops_swapped(x, w, b, s, p) + b.sum(),
        ),
    ),
    "one_channel_for_each_filter": Misconception(
        "lets each filter look at one channel only, the first filter at the first channel",
        "A filter is as deep as the input. How many kernels has one filter?",
        (_one_channel_each,),
    ),
    "channels_not_added": Misconception(
        "gives one map for every channel of every filter in place of adding them up",
        _ONE_MAP,
        (
            _layer(lambda p: p, _biased),
            _layer(lambda p: p.reshape(-1, *p.shape[2:]), lambda m, b: m + b[0]),
            lambda x, w, b, s=1, p=0: _biased(_planes(x, w, s, p), b).reshape(
                -1, *_planes(x, w, s, p).shape[2:]
            ),
        ),
    ),
    "each_channel_kept": Misconception(
        "appends a map after every channel, while the sum still grows",
        _ONE_MAP,
        (
            lambda x, w, b, s=1, p=0: _cumulative(x, w, b, s, p),
            lambda x, w, b, s=1, p=0: _cumulative(x, w, 0 * b, s, p),
        ),
        hint="append stands one step too far to the right: it belongs behind the loop over the "
        "channels, where the sum is complete.",
    ),
    "one_number_for_each_filter": Misconception(
        "adds up all places as well, so that a filter gives one number and no map",
        "Which sum is meant: over the channels, or over everything? What shape has one map?",
        (
            _layer(lambda p: p.sum(axis=(1, 2, 3)), _biased),
            lambda x, w, b, s=1, p=0: _planes(x, w, s, p).sum(axis=(1, 2, 3)),
        ),
        hint="np.sum(planes) adds up everything. Python's sum(planes), or np.sum(planes, axis=0), "
        "adds the planes cell by cell.",
    ),
    "stride_and_padding_ignored": Misconception(
        "does the same whatever stride and padding are",
        "Two of the five arguments have not been used yet. Which function takes them?",
        lambda x, w, b, s=1, p=0: _biased(_added(_planes(x, w, 1, 0)), b),
        hint="conv2d_strided(image, kernel, stride, padding) takes both.",
    ),
    "channels_averaged": Misconception(
        "takes the mean of the channels in place of their sum",
        "27 products are added up in one place. What is divided?",
        (
            _layer(lambda p: p.mean(axis=1), _biased),
            lambda x, w, b, s=1, p=0: _biased(_added(_planes(x, w, s, p)), b) / len(x),
        ),
    ),
    "channels_joined_otherwise": Misconception(
        "joins the maps of the channels by something other than their sum",
        "At one place, what is done with the products of channel 0 and those of channel 1?",
        (
            _layer(lambda p: p.max(axis=1), _biased),
            _layer(lambda p: p.min(axis=1), _biased),
            _layer(lambda p: p.prod(axis=1), _biased),
            _layer(lambda p: 2 * p[:, 0] - _added(p), _biased),
        ),
    ),
    "wrong_axis_added": Misconception(
        "adds up the rows or the columns of the maps in place of the channels",
        "Which axis of your stack of maps counts the channels?",
        (
            _layer(lambda p: p.sum(axis=2), _biased),
            _layer(lambda p: p.sum(axis=3), _biased),
            lambda x, w, b, s=1, p=0: _biased(_added(_planes(x, w, s, p)), b).sum(axis=1),
            lambda x, w, b, s=1, p=0: _biased(_added(_planes(x, w, s, p)), b).sum(axis=2),
        ),
    ),
    "channels_mixed_first": Misconception(
        "adds up the channels of the picture before any kernel has seen them",
        "Red minus green: could a filter still measure it after red and green have been added?",
        (
            _mixed_first(lambda w: w.sum(axis=1, keepdims=True)),
            _mixed_first(lambda w: w.mean(axis=1, keepdims=True)),
            lambda x, w, b, s=1, p=0: _biased(
                _added(_planes(x.mean(axis=0, keepdims=True), w.mean(axis=1, keepdims=True), s, p)),
                b,
            ),
        ),
    ),
    "three_channels_always": Misconception(
        "expects three channels, however many there are",
        "A volume has as many channels as the layer before has filters. Where does a 3 stand?",
        _three_channels,
    ),
    "last_channel_only": Misconception(
        "keeps only what the last channel gives, as if each channel wrote over the one before",
        "What does your map hold after the first channel, and after the second?",
        _layer(lambda p: p[:, -1], _biased),
    ),
    "channel_left_out": Misconception(
        "leaves the last channel out, or the first one",
        "range(n) is 0 to n - 1. With which channel does your loop begin, and with which end?",
        (
            _layer(lambda p: p[:, :-1].sum(axis=1), _biased),
            _layer(lambda p: p[:, 1:].sum(axis=1), _biased),
            _nothing_for_one(lambda p: p[:, :-1]),
            _nothing_for_one(lambda p: p[:, 1:]),
        ),
    ),
    "first_channel_only": Misconception(
        "looks at the first channel only",
        "Change a number in the last channel. Should the map change?",
        _layer(lambda p: p[:, 0], _biased),
    ),
    "filters_added_too": Misconception(
        "adds up over the filters as well, so that all of them give one map together",
        "Two filters look for two things. Should their answers be mixed?",
        (
            _layer(lambda p: p.sum(axis=(0, 1))[None], lambda m, b: m + b.sum()),
            _layer(lambda p: p.sum(axis=(0, 1)), lambda m, b: m + b.sum()),
            _layer(lambda p: p.sum(axis=(0, 1))[None], lambda m, b: m + b[0]),
        ),
    ),
    "never_reset": Misconception(
        "goes on adding from filter to filter, so that each map holds the maps before it, too",
        "With what does the map of the second filter begin?",
        (
            _layer(lambda p: np.cumsum(_added(p), axis=0), lambda m, b: _biased(m, np.cumsum(b))),
            _layer(lambda p: np.cumsum(_added(p), axis=0), _biased),
        ),
    ),
    "first_filter_for_all": Misconception(
        "uses the weights of the first filter for every map",
        "Which index of w says which filter it is?",
        lambda x, w, b, s=1, p=0: _biased(
            _added(_planes(x, np.repeat(w[:1], len(w), axis=0), s, p)), b
        ),
    ),
    "one_kernel_for_all_channels": Misconception(
        "uses the kernel of the first channel for every channel",
        _OWN_KERNELS,
        lambda x, w, b, s=1, p=0: _biased(
            _added(_planes(x, np.repeat(w[:, :1], w.shape[1], axis=1), s, p)), b
        ),
    ),
    "channels_reversed": Misconception(
        "lets the first kernel of a filter meet the last channel",
        _OWN_KERNELS,
        lambda x, w, b, s=1, p=0: _biased(_added(_planes(x[::-1], w, s, p)), b),
    ),
    "bias_forgotten": Misconception(
        "leaves the biases out",
        _OWN_BIAS,
        _layer(_added, lambda m, b: m),
    ),
    "bias_for_each_channel": Misconception(
        "adds the bias once for every channel",
        _OWN_BIAS,
        lambda x, w, b, s=1, p=0: _biased(_added(_planes(x, w, s, p)), len(x) * b),
    ),
    "first_bias_for_all": Misconception(
        "adds the first bias to every map",
        _OWN_BIAS,
        _layer(_added, lambda m, b: m + b[0]),
    ),
    "all_biases_added": Misconception(
        "adds the sum of all biases to every map",
        _OWN_BIAS,
        _layer(_added, lambda m, b: m + b.sum()),
    ),
    "bias_subtracted": Misconception(
        "subtracts the bias",
        "A bias is a number that is added. What does a bias of 5 do to a map of zeros?",
        _layer(_added, lambda m, b: _biased(m, -b)),
    ),
    "bias_twice": Misconception(
        "adds the bias twice",
        _OWN_BIAS,
        _layer(_added, lambda m, b: _biased(m, 2 * b)),
    ),
    "bias_multiplied": Misconception(
        "multiplies by the bias",
        "A bias is a number that is added. What would a bias of 0 do to your map?",
        _layer(_added, lambda m, b: m * b[:, None, None]),
    ),
    "channels_last": Misconception(
        "puts the maps last: rows, columns, filters",
        "Channels first: which axis of the result says which filter it was?",
        lambda x, w, b, s=1, p=0: np.moveaxis(_biased(_added(_planes(x, w, s, p)), b), 0, 2),
    ),
    "channels_framed_too": Misconception(
        "frames the channels with zeros, too, so that each kernel meets another channel",
        "np.pad with one number frames every axis. Which axes have a border?",
        _channels_framed_too,
    ),
    "pixels_left_out": Misconception(
        "leaves out pixels of the picture in place of places of the filter",
        "Under one place of the filter, do the pixels lie side by side, or are there gaps?",
        _pixels_left_out,
    ),
    "kernels_flipped": Misconception(
        "turns the kernels by half a turn",
        "Here, as in PyTorch and Keras, a kernel is laid on its channel as it is.",
        lambda x, w, b, s=1, p=0: _biased(_added(_planes(x, w[..., ::-1, ::-1], s, p)), b),
    ),
}

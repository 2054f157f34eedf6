"""What holds of all references alike: names, imports, arguments, lists, error messages."""

import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coursekit import scratch as s

PROMISED = {
    "quantize": ["image", "levels"],
    "sample": ["image", "step"],
    "storage_bytes": ["height", "width", "channels", "bits"],
    "convolve1d": ["x", "w"],
    "correlate1d": ["x", "w"],
    "conv2d": ["image", "kernel"],
    "match_score": ["patch", "pattern"],
    "normalize": ["kernel"],
    "filter_image": ["image", "kernel"],
    "gradient_magnitude": ["image"],
    "output_size": ["n", "kernel_size", "stride", "padding"],
    "pad2d": ["image", "padding"],
    "conv2d_strided": ["image", "kernel", "stride", "padding"],
    "conv2d_volume": ["x", "w", "b", "stride", "padding"],
    "conv_parameters": ["in_channels", "out_channels", "kernel_size", "bias"],
    "dense_parameters": ["in_features", "out_features", "bias"],
    "receptive_field": ["layers"],
    "relu": ["x"],
    "max_pool2d": ["x", "size", "stride"],
    "avg_pool2d": ["x", "size", "stride"],
    "global_avg_pool2d": ["x"],
    "flatten": ["maps"],
    "softmax": ["z"],
    "cross_entropy": ["p", "q"],
    "classification_error": ["p", "q"],
    "dropout": ["x", "p", "rng"],
    "random_horizontal_flip": ["images", "rng", "p"],
    "random_crop": ["images", "rng", "padding"],
    "conv2d_backward": ["x", "w", "grad_out"],
    "one_hot": ["word", "vocabulary"],
    "rnn_step": ["x", "h", "w_xh", "w_hh", "b"],
}
FUNCTIONS = [name for name in s.__all__ if inspect.isfunction(getattr(s, name))]

RNG = np.random.default_rng(0)
GRID = RNG.integers(-5, 6, (5, 6))
BYTES = RNG.integers(0, 256, (5, 6), dtype=np.uint8)
SMALL = RNG.integers(-2, 3, (3, 3))
CUBE = RNG.integers(-5, 6, (2, 5, 5))
FILTERS = RNG.integers(-2, 3, (3, 2, 3, 3))
SHARES = s.softmax(RNG.normal(size=(4, 3)))
# Arrays that each function is called with; further arguments by name.
CALLS = {
    "quantize": ([BYTES], {"levels": 4}),
    "sample": ([BYTES], {"step": 2}),
    "convolve1d": ([GRID[0], SMALL[0]], {}),
    "correlate1d": ([GRID[0], SMALL[0]], {}),
    "window_sum_1d": ([GRID[0], SMALL[0]], {"t": 4}),
    "conv2d": ([GRID, SMALL], {"flip": True, "stride": 2, "padding": 1, "mean": True}),
    "conv2d_vectorized": ([GRID, SMALL], {"flip": True, "stride": 2, "padding": 1}),
    "conv2d_strided": ([GRID, SMALL], {"stride": 2, "padding": 1}),
    "convolve2d_at": ([GRID, SMALL], {"i": 1, "j": 1}),
    "patch_terms": ([SMALL, SMALL], {}),
    "match_score": ([SMALL, SMALL], {}),
    "normalize": ([SMALL], {}),
    "kernel_properties": ([SMALL], {}),
    "filter_image": ([BYTES, SMALL], {}),
    "gradient_magnitude": ([BYTES], {}),
    "pad2d": ([GRID], {"padding": 1}),
    "repeat_border": ([GRID], {"padding": 1}),
    "conv2d_volume": ([CUBE, FILTERS, SMALL[0]], {"stride": 2, "padding": 1}),
    "conv2d_volume_vectorized": ([CUBE, FILTERS, SMALL[0]], {"stride": 2, "padding": 1}),
    "relu": ([GRID], {}),
    "flatten": ([CUBE], {}),
    "softmax": ([GRID], {}),
    "log_odds": ([np.array([0.3, 0.7])], {}),
    "max_pool2d": ([GRID], {"ceil_mode": True}),
    "avg_pool2d": ([GRID], {"ceil_mode": True}),
    "global_avg_pool2d": ([CUBE], {}),
    "cross_entropy": ([SHARES, SHARES[::-1].copy()], {}),
    "cross_entropy_rows": ([SHARES, SHARES[::-1].copy()], {}),
    "classification_error": ([SHARES, SHARES[::-1].copy()], {}),
    "image_facts": ([GRID], {}),
    "differing_cells": ([GRID, -GRID], {}),
    "conv2d_backward": ([GRID, SMALL, GRID[:3, :4]], {}),
    "rnn_step": ([GRID[0][:2], GRID[0][:3], SMALL[:2], SMALL, SMALL[0]], {}),
    "dropout": ([GRID], {"p": 0.5}),
    "random_horizontal_flip": ([CUBE[:, None]], {}),
    "random_crop": ([CUBE[:, None]], {"padding": 1}),
}


def call(name, arrays):
    _, options = CALLS[name]
    if "rng" in inspect.signature(getattr(s, name)).parameters:
        options = {**options, "rng": np.random.default_rng(0)}
    return getattr(s, name)(*arrays, **options)


@pytest.mark.parametrize("name", PROMISED)
def test_promised_names_and_arguments(name):
    parameters = inspect.signature(getattr(s, name)).parameters
    assert list(parameters)[: len(PROMISED[name])] == PROMISED[name]
    for extra in list(parameters)[len(PROMISED[name]) :]:
        assert parameters[extra].kind is inspect.Parameter.KEYWORD_ONLY


def test_every_name_is_listed_and_every_function_has_a_tested_example():
    public = {n for n, v in vars(s).items() if inspect.isfunction(v)} | {"KERNELS"}
    assert set(s.__all__) == public and s.__all__ == sorted(s.__all__)
    finder = doctest.DocTestFinder(recurse=False)
    for name in FUNCTIONS:
        examples = [e for t in finder.find(getattr(s, name)) for e in t.examples]
        assert examples, f"{name} has no example"


@pytest.mark.parametrize("name", CALLS)
def test_arguments_are_never_changed_and_lists_do_as_well(name):
    arrays, _ = CALLS[name]
    frozen = [array.copy() for array in arrays]
    for array in frozen:
        array.flags.writeable = False
    expected = call(name, frozen)
    for again in (
        call(name, [array.tolist() for array in arrays]),
        call(name, [tuple(map(tuple_of, array.tolist())) for array in arrays]),
        call(name, [np.asfortranarray(array) for array in arrays]),
    ):
        np.testing.assert_equal(again, expected)
    for array, before in zip(arrays, frozen, strict=True):
        assert np.array_equal(array, before)


def tuple_of(value):
    return tuple(map(tuple_of, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("name", CALLS)
def test_words_for_numbers_are_refused_by_name(name):
    arrays, _ = CALLS[name]
    first = next(iter(inspect.signature(getattr(s, name)).parameters))
    words = np.full(arrays[0].shape, "word").tolist()
    with pytest.raises(TypeError, match=f"^{first} holds .*numbers were expected"):
        call(name, [words, *arrays[1:]])


ANY_SHAPE = {"patch_terms", "match_score", "normalize", "relu", "flatten", "softmax", "dropout"}
ANY_SHAPE |= {"image_facts", "differing_cells"}


@pytest.mark.parametrize("name", sorted(CALLS.keys() - ANY_SHAPE))
def test_a_wrong_number_of_axes_is_refused_with_the_shape(name):
    arrays, _ = CALLS[name]
    first = next(iter(inspect.signature(getattr(s, name)).parameters))
    deep = np.ones((1, 1, 1, 1, 2))
    with pytest.raises(ValueError, match=rf"^{first} has shape \(1, 1, 1, 1, 2\).*was expected"):
        call(name, [deep, *arrays[1:]])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: s.conv2d(np.ones((2, 2)), np.ones((3, 3))), r"\(3, 3\).*does not fit.*\(2, 2\)"),
        (lambda: s.conv2d_vectorized(np.ones((2, 2)), np.ones((1, 3))), "does not fit"),
        (lambda: s.conv2d([1, 2], [[1]]), r"image has shape \(2,\).*\(H, W\)"),
        (lambda: s.conv2d([[1], [2, 3]], [[1]]), "image is not a full grid"),
        (lambda: s.conv2d(np.ones((0, 3)), [[1]]), "image.*empty"),
        (lambda: s.conv2d([[1]], [[1]], stride=0), "stride is 0.*1 or more"),
        (lambda: s.conv2d([[1]], [[1]], padding=(1, -1)), r"padding\[1\] is -1"),
        (lambda: s.conv2d([[1]], [[1]], stride=(1, 1, 1)), "one number or two"),
        (lambda: s.convolve1d([1], [1, 2]), r"w has shape \(2,\).*does not fit in x"),
        (lambda: s.correlate1d([1], [1, 2]), "does not fit"),
        (lambda: s.window_sum_1d([1, 2], [1], 2), "t is 2.*from 0 to 1"),
        (lambda: s.window_sum_1d([1, 2], [1, -1], 1, average=True), "adds up to 0"),
        (lambda: s.convolve2d_at([[1]], [[1]], 0, 0, "centered"), "'centred'"),
        (lambda: s.match_score([1, 1], [1]), r"\(2,\).*\(1,\).*same shape"),
        (lambda: s.kernel("sobel"), "sobel_x"),
        (lambda: s.filter_image([[1]], np.ones((2, 3))), "must be odd"),
        (lambda: s.filter_image([[256]], [[1]]), "0 to 255"),
        (lambda: s.quantize([[-1]], 2), "0 to 255"),
        (lambda: s.quantize([[1]], 0), "levels is 0"),
        (lambda: s.sample([[1]], 0), "step is 0"),
        (lambda: s.gradient_magnitude(np.ones((2, 2))), "does not fit"),
        (lambda: s.output_size(3, 5), "kernel_size is 5, but n is 3"),
        (lambda: s.output_size(3, 5, padding=-1), "padding is -1"),
        (lambda: s.conv_output_shape(6, 2, 3), "kernel_size is 3"),
        (lambda: s.conv_parameters(3, 4, 3, groups=2), "groups is 2"),
        (lambda: s.receptive_field([(3,)]), "kernel, stride"),
        (lambda: s.conv2d_volume(np.ones((3, 4, 4)), np.ones((1, 2, 3, 3)), [0]), "3 channels"),
        (lambda: s.conv2d_volume(np.ones((1, 4, 4)), np.ones((2, 1, 3, 3)), [0]), "2 filters"),
        (lambda: s.conv2d_volume(np.ones((1, 2, 2)), np.ones((1, 1, 3, 3)), [0]), "not fit"),
        (lambda: s.conv2d_backward(np.ones((3, 3)), [[1]], [[1]]), r"conv2d gives \(3, 3\)"),
        (lambda: s.rnn_step([1], [0], [[1, 2]], [[1]], [0]), r"w_xh has shape \(1, 2\)"),
        (lambda: s.cross_entropy([[1, 0]], [[1, 0, 0]]), "same shape"),
    ],
)
def test_messages_say_what_was_found_and_expected(wrong, words):
    with pytest.raises(ValueError, match=words) as caught:
        wrong()
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: s.output_size(5, 2.5), "kernel_size is 2.5; a whole number"),
        (lambda: s.sample([[1]], 1.0), "step is 1.0"),
        (lambda: s.quantize([[0.5]], 2), "whole numbers from 0 to 255"),
        (lambda: s.conv2d([[1j]], [[1]]), "complex128"),
    ],
)
def test_wrong_types(wrong, words):
    with pytest.raises(TypeError, match=words):
        wrong()


def test_the_package_loads_numpy_alone():
    code = (
        "import sys, numpy; before = set(sys.modules); import coursekit.scratch; "
        "new = {n.split('.')[0] for n in set(sys.modules) - before} - set(sys.stdlib_module_names);"
        "print(sorted(new))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "['coursekit', 'numpy']"


def test_references_are_short_enough_to_read():
    folder = Path(s.__file__).parent
    assert all(len(file.read_text().splitlines()) <= 300 for file in folder.glob("*.py"))
    for name in FUNCTIONS:
        source = inspect.getsource(getattr(s, name))
        body = source.split('"""')[-1].strip().splitlines()
        assert len(body) <= 20, f"{name} has {len(body)} lines after its description"

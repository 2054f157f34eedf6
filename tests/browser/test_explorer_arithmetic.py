"""The explorer's own arithmetic, in Chromium, against SciPy."""

import numpy as np
import torch
from scipy.signal import convolve2d, correlate2d

from coursekit.scratch import KERNELS
from coursekit.widgets.base import script


def random_case(rng):
    height, width = rng.integers(3, 12, 2)
    m, n = rng.integers(1, 4, 2)
    return {
        "input": rng.normal(0, 5, (height, width)).round(3).tolist(),
        "kernel": rng.normal(0, 2, (m, n)).round(3).tolist(),
        "stride": int(rng.integers(1, 5)),
        "padding": int(rng.integers(0, 4)),
        "dilation": int(rng.integers(1, 4)),
        "flip": bool(rng.integers(0, 2)),
    }


def spread(case):
    """The kernel with the zeros of its dilation between its weights."""
    kernel, far = np.array(case["kernel"]), case["dilation"]
    wide = np.zeros([far * (n - 1) + 1 for n in kernel.shape])
    wide[::far, ::far] = kernel
    return wide


def by_scipy(case):
    padded = np.pad(np.array(case["input"]), case["padding"])
    slide = convolve2d if case["flip"] else correlate2d
    kernel = spread(case)
    if (np.array(kernel.shape) > padded.shape).any():
        return np.zeros((0, 0))
    full = slide(padded, kernel, mode="valid")
    return full[:: case["stride"], :: case["stride"]]


def test_convolve_equals_scipy(call):
    rng = np.random.default_rng(7)
    cases = [random_case(rng) for _ in range(200)]
    assert {case["flip"] for case in cases} == {True, False}
    outputs = call("convolution_explorer", "convolve", [[case] for case in cases])
    assert sum(map(bool, outputs)) > 150
    for case, got in zip(cases, outputs, strict=True):
        want = by_scipy(case)
        np.testing.assert_allclose(np.reshape(got, want.shape), want, atol=1e-9)


def test_dilation_is_that_of_torch(call):
    rng = np.random.default_rng(9)
    cases = [{**random_case(rng), "flip": False} for _ in range(60)]
    outputs = call("convolution_explorer", "convolve", [[case] for case in cases])
    for case, got in zip(cases, outputs, strict=True):
        if not got:
            continue
        want = torch.nn.functional.conv2d(
            *(
                torch.tensor(case[name], dtype=torch.float64)[None, None]
                for name in ("input", "kernel")
            ),
            stride=case["stride"],
            padding=case["padding"],
            dilation=case["dilation"],
        )
        np.testing.assert_allclose(got, want[0, 0], atol=1e-9)


def test_unseen_equals_counting_patches(call):
    rng = np.random.default_rng(8)
    cases = [case for case in (random_case(rng) for _ in range(100)) if by_scipy(case).size]
    some = 0
    blind = call("convolution_explorer", "unseen", [[case] for case in cases])
    for case, got in zip(cases, blind, strict=True):
        height, width = np.array(case["input"]).shape
        used = np.argwhere(spread(dict(case, kernel=np.ones_like(case["kernel"]))))
        seen = np.zeros((height + 2 * case["padding"], width + 2 * case["padding"]), bool)
        (m, n), far = used.max(axis=0) + 1, case["stride"]
        for y in range(0, seen.shape[0] - m + 1, far):
            for x in range(0, seen.shape[1] - n + 1, far):
                seen[used[:, 0] + y, used[:, 1] + x] = True
        assert got == (~seen).tolist()
        some += not seen.all()
    assert some > 10


def test_a_kernel_that_does_not_fit_gives_an_empty_output(call):
    state = {"input": [[1, 2]], "kernel": [[1], [1]], "stride": 1, "padding": 0, "flip": False}
    assert call("convolution_explorer", "outputShape", [[state]]) == [[0, 0]]
    assert call("convolution_explorer", "convolve", [[state]]) == [[]]


def test_numbers_are_read_and_written_as_people_do(call):
    texts = ["2", "-0.5", "−3", "1/9", "0,5", "1,000", "1e3", ".5", "", "abc", "1/0", "1/2/3"]
    want = [2, -0.5, -3, 1 / 9, 0.5, 1000, 1000, 0.5] + [None] * 4
    got = call("convolution_explorer", "parseNumber", [[text] for text in texts])
    assert [None if value is None or value != value else value for value in got] == want
    assert call("convolution_explorer", "show", [[-2], [1 / 3], [-0.001], [25]]) == [
        "−2",
        "0.33",
        "0",
        "25",
    ]


def test_the_menus_kernels_are_those_of_the_course(page):
    menus = page.evaluate(
        """async source => {
          const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          return (await import(file)).KERNELS; }""",
        script("convolution_explorer"),
    )
    assert len(menus) >= 10
    for name, (_, matrix) in menus.items():
        np.testing.assert_allclose(matrix, KERNELS[name], atol=1e-12, err_msg=name)

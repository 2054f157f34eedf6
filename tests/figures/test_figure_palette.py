"""The colours, against the formulas of WCAG and of colour-blind vision restated here."""

import itertools

import numpy as np
import pytest

from coursekit.figures import palette

# Full protanopia and deuteranopia after Machado, Oliveira and Fernandes (2009), for linear RGB.
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def linear(rgb):
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(linear_rgb):
    """CIELAB (D65) of linear RGB, in which equal distances look about equally large."""
    xyz = (
        np.clip(linear_rgb, 0, 1)
        @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]).T
    )
    t = xyz / [0.9505, 1.0, 1.089]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(color, sight):
    rgb = linear(palette.rgb(color))
    return lab(rgb if sight == "usual" else np.array(MACHADO[sight]) @ rgb)


@pytest.mark.parametrize("sight", ["usual", *MACHADO])
@pytest.mark.parametrize("pair", list(itertools.combinations(palette.LINES, 2)))
def test_line_colors_stay_apart_for_every_eye(pair, sight):
    assert np.linalg.norm(seen(pair[0], sight) - seen(pair[1], sight)) > 15


def test_the_distance_can_fail():
    red, green = seen("#8C6414", "deuteranopia"), seen("#6E7814", "deuteranopia")
    assert np.linalg.norm(red - green) < 15


@pytest.mark.parametrize("sight", ["usual", *MACHADO])
def test_signs_are_told_apart_for_every_eye(sight):
    for size in (0.25, 0.5, 1.0):
        below, above = palette.signed_colors([-size, size], 1.0)
        matrix = np.eye(3) if sight == "usual" else np.array(MACHADO[sight])
        distance = np.linalg.norm(lab(matrix @ linear(below)) - lab(matrix @ linear(above)))
        assert distance > 15, (size, distance)


def test_lines_differ_by_more_than_colour():
    assert len(set(palette.DASHES)) == len(set(palette.MARKERS)) == len(palette.LINES)


@pytest.mark.parametrize("color", palette.LINES)
def test_lines_stand_out_on_white(color):
    assert palette.contrast(palette.rgb(color), palette.WHITE) >= 2.9


def test_contrast_equals_published_values():
    assert palette.contrast(palette.BLACK, palette.WHITE) == pytest.approx(21)
    assert palette.contrast(palette.rgb("#767676"), palette.WHITE) == pytest.approx(4.54, abs=0.01)
    assert palette.contrast(palette.rgb("#0000FF"), palette.WHITE) == pytest.approx(8.59, abs=0.01)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("count", [200, 1000])
def test_numbers_are_legible_on_every_background(signed, count):
    values = np.linspace(-7 if signed else 0, 7, count)[None, :]
    for color in palette.cell_colors(values, signed=signed)[0]:
        assert palette.contrast(color, palette.ink_on(color)) >= 4.5


def test_order_of_grey_is_order_of_numbers():
    grey = palette.cell_colors(np.arange(10)[None, :], signed=False)[0, :, 0]
    assert (np.diff(grey) > 0).all()
    assert grey[-1] == 1.0


def test_zero_is_white_and_size_is_symmetric_in_a_signed_map():
    below, zero, above = palette.signed_colors([-2.0, 0.0, 2.0], 4.0)
    assert zero.tolist() == [1, 1, 1]
    half = palette.rgb(palette.NEGATIVE) / 2 + 0.5, palette.rgb(palette.POSITIVE) / 2 + 0.5
    np.testing.assert_allclose([below, above], half)


def test_all_zero_maps_have_a_colour():
    assert palette.signed_colors(np.zeros((2, 2)), 0.0).min() == 1.0
    assert np.isfinite(palette.cell_colors(np.zeros((2, 2)), signed=False)).all()

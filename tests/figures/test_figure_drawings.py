"""Each kind of picture: is what was asked for to be seen in its pixels and its words?"""

import numpy as np
import pytest

from coursekit import figures
from coursekit.figures import palette
from coursekit.figures.confusion import cell_colors
from coursekit.figures.images import colors_of


def share(pixels, color, slack=24):
    """Share of pixels that have about this colour."""
    away = np.abs(pixels.astype(int) - np.round(palette.rgb(color) * 255)).max(axis=-1)
    return float((away < slack).mean())


def test_grid_in_words(notebook):
    figures.grid([[3, 5, 2], [-1, 0, 4]], title="Patch.", highlight=[(1, 0), (0, 2)])
    assert notebook[0].alt == (
        "Patch. Grid of 2 rows and 3 columns. Row 0: 3 5 2. Row 1: -1 0 4. "
        "Outlined: row 0, column 2; row 1, column 0."
    )


def test_grid_of_decimals_says_and_rounds_all_alike(notebook):
    figures.grid([[7.75, 1, -0.001]])
    assert notebook[0].alt == "Row of 3 values: 7.75 1.00 0.00."


def test_large_grid_is_summed_up(notebook):
    figures.grid(np.arange(100).reshape(10, 10))
    assert notebook[0].alt == "Grid of 10 rows and 10 columns, values from 0 to 99."


def test_highlight_is_seen_and_neighbours_share_it(notebook):
    yellow = palette.OUTLINE[1][1]
    figures.grid(np.eye(4, dtype=int))
    figures.grid(np.eye(4, dtype=int), highlight=[(1, 1)])
    figures.grid(np.eye(4, dtype=int), highlight=[(r, c) for r in (1, 2) for c in (1, 2)])
    none, one, four = (share(shown.pixels, yellow) for shown in notebook)
    assert none == 0
    assert four / one == pytest.approx(2, rel=0.1)


def test_sign_is_found_and_can_be_given(notebook):
    figures.grid([[1, -1]])
    figures.grid([[1, 1]], signed=True)
    figures.grid([[1, 2]])
    blue = [share(shown.pixels, palette.NEGATIVE) for shown in notebook]
    orange = [share(shown.pixels, palette.POSITIVE) for shown in notebook]
    assert blue[0] > 0.2 and orange[0] > 0.2
    assert blue[1] == 0 and orange[1] > 0.4
    assert blue[2] == orange[2] == 0


def test_size_makes_larger_cells(notebook):
    figures.grid([[1, 2]], size=0.4)
    figures.grid([[1, 2]], size=0.8)
    small, large = (shown.pixels.shape[1] for shown in notebook)
    assert large - small == pytest.approx(2 * 0.4 * 160, abs=3)


def test_grids_in_words_and_with_signs(notebook):
    figures.grids(
        [("Input", [1, 2, 3]), ("Kernel", [1, 1]), ("Output", [3, 5])],
        highlight={0: [(0, 0), (0, 1)], 2: [(0, 0)]},
    )
    assert notebook[0].alt == (
        "Input. Row of 3 values: 1 2 3. Outlined: row 0, columns 0 to 1. "
        "* Kernel. Row of 2 values: 1 1. = Output. Row of 2 values: 3 5. Outlined: row 0, column 0."
    )


def test_cells_of_all_grids_have_one_size():
    from coursekit.figures.canvas import course_style
    from coursekit.figures.grids import _cell_size, _Grid, draw

    drawn = [_Grid(t, np.ones(shape), [], False) for t, shape in (("a", (5, 5)), ("b", (2, 3)))]
    with course_style():
        fig = draw(drawn, ["*"], *_cell_size(drawn, 1, None))
    width, height = fig.get_size_inches()
    sides = []
    for axes, one in zip(fig.axes, drawn, strict=True):
        box = axes.get_position()
        sides.append(box.width * width / one.matrix.shape[1])
        sides.append(box.height * height / one.matrix.shape[0])
    np.testing.assert_allclose(sides, sides[0])


def test_scale_of_images():
    byte = np.array([[0, 51, 255]], dtype=np.uint8)
    np.testing.assert_allclose(colors_of(byte)[0, :, 0], [0, 0.2, 1])
    np.testing.assert_allclose(colors_of(np.array([[0.2, 0.5]]))[0, :, 0], [0.2, 0.5])
    np.testing.assert_allclose(colors_of(np.array([[0, 1, 4]]))[0, :, 0], [0, 0.25, 1])
    np.testing.assert_allclose(colors_of(np.array([[-1.0, 1.0]]))[0, :, 0], [0, 1])
    np.testing.assert_allclose(colors_of(np.array([[False, True]]))[0, :, 0], [0, 1])
    colour = np.zeros((1, 1, 3), dtype=np.uint8)
    colour[0, 0] = 255, 0, 51
    np.testing.assert_allclose(colors_of(colour)[0, 0], [1, 0, 0.2])


def test_signed_images_leave_photographs_grey(notebook):
    photo = np.full((8, 8), 128, dtype=np.uint8)
    edges = np.repeat([[-1.0, 1.0]], 8, axis=0).repeat(4, axis=1)
    figures.images([("photo", photo), ("edges", edges)], alt="A photo and its edges.", signed=True)
    pixels = notebook[0].pixels
    assert share(pixels, "#808080", slack=6) > 0.2
    assert share(pixels, palette.NEGATIVE) > 0.08 and share(pixels, palette.POSITIVE) > 0.08


def test_a_rare_peak_does_not_wash_out_a_signed_map(notebook):
    calm = np.where(np.arange(4096).reshape(64, 64) % 2, 1.0, -1.0)
    calm[0, 0] = 1000.0
    figures.images([("map", calm)], alt="A map with one single peak.", signed=True)
    assert share(notebook[0].pixels, palette.NEGATIVE) > 0.2


def test_confusion_colours():
    colors = cell_colors(np.array([[8, 2, 0], [0, 0, 0], [0, 5, 5]]))
    assert np.isfinite(colors).all()
    np.testing.assert_allclose(colors[0, 2], 1)
    # Deeper with a larger share, right in blue, wrong in orange.
    assert colors[0, 0, 2] > colors[0, 0, 0] and colors[2, 1, 0] > colors[2, 1, 2]
    assert colors[2, 1].sum() < colors[0, 1].sum()
    for color in colors.reshape(-1, 3):
        assert palette.contrast(color, palette.ink_on(color)) >= 4.5


def test_zeros_in_the_confusion_matrix_are_legible():
    assert palette.contrast(palette.rgb(palette.QUIET), palette.WHITE) >= 4.5


def test_powers_of_ten_are_spoken():
    from coursekit.figures.bars import _power, _value

    assert [_power(n) for n in (0.01, 1, 1e5, 1e6, 1e8, 1e12)] == [
        "0.01",
        "1",
        "100,000",
        "1 million",
        "100 million",
        "1 trillion",
    ]
    assert [_value(n) for n in (1234567, 0.5123, -3.0)] == ["1,234,567", "0.512", "−3"]


def test_dots_have_no_line_between_them(notebook):
    low_high = [0, 9] * 20
    for dots in ((), ["noisy"]):
        figures.signal([("noisy", low_high)], alt="Values that jump up and down.", dots=dots)
    white = [share(shown.pixels, "#FFFFFF") for shown in notebook]
    assert white[1] > white[0]


def test_window_is_shaded(notebook):
    for window in (None, (2, 6)):
        figures.signal([("a", np.arange(9))], alt="Nine rising numbers.", window=window)
    shade = [share(shown.pixels, "#F8E7BF", slack=14) for shown in notebook]
    assert shade[0] == 0 and shade[1] > 0.2

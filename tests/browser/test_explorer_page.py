"""The convolution explorer on a page without a kernel: mouse, keyboard, menus, what it says."""

import re

import numpy as np
import pytest

from coursekit.widgets import ConvolutionExplorer
from coursekit.widgets.kernel_playground.kernel_playground import photograph


def grid(page, number):
    return page.locator(".ck-board").nth(number)


def output(page):
    """Every number of the output, as it is told when the arrow keys walk over it."""
    grid(page, 1).focus()
    rows, columns = map(int, re.findall(r"\d+", grid(page, 1).get_attribute("aria-label"))[:2])
    numbers = []
    page.keyboard.press("Control+Home")
    for row in range(rows):
        for column in range(columns):
            told = spoken(page)
            assert f"row {row}, column {column}:" in told
            numbers.append(float(told.split(" = ")[1].replace("−", "-")))
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Home")
    return numbers


def corners(page):
    """The first and the last number of the output."""
    grid(page, 1).focus()
    numbers = []
    for key in ("Control+Home", "Control+End"):
        page.keyboard.press(key)
        numbers.append(float(spoken(page).split(" = ")[1].replace("−", "-")))
    return numbers


def sum_line(page):
    return page.locator(".ck-sum").inner_text()


def spoken(page):
    return page.locator("[role=status]").inner_text()


@pytest.fixture
def explorer(show):
    return show(ConvolutionExplorer())


def test_it_starts_with_the_first_output_cell_and_its_real_numbers(explorer):
    assert output(explorer) == [25, 18, 17, 18, 22, 14, 20, 15, 23]
    assert sum_line(explorer) == (
        "Output, row 0, column 0: 3·1 + 5·0 + 2·0 + 9·1 + 7·1 + 5·0 + 2·0 + 0·0 + 6·1 = 25"
    )
    assert "(5 + 2·0 − 3) / 1" in explorer.locator(".ck-formula").inner_text()


def test_the_mouse_lights_up_a_patch_and_leaves_the_choice_alone(explorer):
    target = grid(explorer, 1)
    area = target.bounding_box()
    explorer.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] * 0.5)
    assert "row 1, column 1" in sum_line(explorer) and sum_line(explorer).endswith("= 22")
    assert "7·1 + 5·0 + 4·0 + 0·1 + 6·1 + 1·0 + 3·0 + 7·0 + 9·1" in sum_line(explorer)
    explorer.mouse.move(2, 2)
    assert "row 0, column 0" in sum_line(explorer)
    target.click(position={"x": area["width"] - 9, "y": area["height"] - 9})
    explorer.mouse.move(2, 2)
    assert "row 2, column 2" in sum_line(explorer) and spoken(explorer).endswith("= 23")


def test_the_arrow_keys_walk_over_the_output_and_say_so(explorer):
    grid(explorer, 1).focus()
    for key, place, total in [
        ("ArrowRight", "row 0, column 1", 18),
        ("ArrowDown", "row 1, column 1", 22),
        ("End", "row 1, column 2", 14),
        ("ArrowRight", "row 1, column 2", 14),
        ("PageDown", "row 2, column 2", 23),
        ("Home", "row 2, column 0", 20),
        ("ArrowUp", "row 1, column 0", 18),
        ("ArrowLeft", "row 1, column 0", 18),
    ]:
        explorer.keyboard.press(key)
        assert place in sum_line(explorer) and sum_line(explorer).endswith(f"= {total}"), key
        assert place in spoken(explorer) and spoken(explorer).endswith(f"= {total}"), key


def test_stride_padding_flip_and_kernel_change_the_output(explorer):
    explorer.get_by_label("Stride").fill("2")
    explorer.get_by_label("Stride").press("Tab")
    assert output(explorer) == [25, 17, 20, 23]
    explorer.get_by_label("Stride").fill("1")
    explorer.get_by_label("Flip the kernel").check()
    # Turned by half a turn: 1·3 at the top left, 7 and 5 in the middle row, 6 at the bottom right.
    assert output(explorer)[0] == 3 + 7 + 5 + 6
    explorer.get_by_label("Flip the kernel").uncheck()
    explorer.get_by_label("Padding").fill("1")
    explorer.get_by_label("Padding").press("Enter")
    assert len(output(explorer)) == 25 and output(explorer)[0] == 3 + 7
    explorer.get_by_label("Weight in row 0, column 0").fill("1/2")
    explorer.get_by_label("Weight in row 0, column 0").press("Enter")
    assert output(explorer)[6] == 25 - 1.5
    assert explorer.get_by_label("Kernel", exact=True).input_value() == ""


def test_a_weight_that_is_no_number_is_refused_and_escape_takes_it_back(explorer):
    weight = explorer.get_by_label("Weight in row 1, column 1")
    weight.fill("abc")
    weight.press("Enter")
    assert "is not a number" in explorer.get_by_role("alert").inner_text()
    assert weight.get_attribute("aria-invalid") == "true"
    weight.press("Escape")
    assert weight.input_value() == "1" and output(explorer)[0] == 25


def test_a_pixel_is_changed_with_the_keyboard_alone(explorer):
    grid(explorer, 0).focus()
    explorer.keyboard.press("ArrowRight")
    explorer.keyboard.press("ArrowDown")
    assert spoken(explorer) == "Input, row 1, column 1: 7"
    explorer.keyboard.press("Enter")
    explorer.keyboard.type("100")
    explorer.keyboard.press("Enter")
    assert output(explorer)[0] == 25 + 93
    assert explorer.evaluate("document.activeElement.className") == "ck-board"


def test_typing_a_digit_on_a_pixel_starts_with_that_digit(explorer):
    grid(explorer, 0).click(position={"x": 20, "y": 20})
    explorer.keyboard.type("4")
    explorer.keyboard.press("Enter")
    explorer.keyboard.press("5")
    explorer.keyboard.press("Enter")
    assert output(explorer)[0] == 25 + 2


def test_every_example_and_kernel_of_the_menus_can_be_drawn_and_taken_back(explorer):
    for label in ("Example", "Kernel"):
        menu = explorer.get_by_label(label, exact=True)
        values = menu.evaluate("node => [...node.options].map(o => o.value)")
        for value in values:
            if value != "photograph":  # thousands of cells; it has a test of its own
                menu.select_option(value)
                assert np.isfinite(corners(explorer)).all(), value
    explorer.get_by_label("Example").select_option("nine")
    assert output(explorer)[1] == 9
    explorer.get_by_label("Kernel size").select_option("5,5")
    assert len(output(explorer)) == 3
    explorer.get_by_label("Example").select_option("")
    assert output(explorer) == [25, 18, 17, 18, 22, 14, 20, 15, 23]


def test_a_photograph_can_be_chosen_filtered_with_a_dilation_and_edited(explorer):
    explorer.get_by_label("Example").select_option("photograph")
    explorer.get_by_label("Dilation").fill("3")
    explorer.get_by_label("Dilation").press("Enter")
    grid(explorer, 0).focus()
    explorer.keyboard.press("Control+Home")
    explorer.keyboard.press("Enter")
    explorer.keyboard.type("40")
    explorer.keyboard.press("Enter")
    image = photograph(64, 64).astype(float)
    image[0, 0] = 40
    want = ConvolutionExplorer(image, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dilation=3).output
    assert want.shape == (58, 58)
    target = grid(explorer, 1)
    target.focus()
    for key, at in [("Control+Home", (0, 0)), ("Control+End", (57, 57)), ("PageUp", (0, 57))]:
        explorer.keyboard.press(key)
        assert float(spoken(explorer).split(" = ")[1].replace("−", "-")) == want[at]


def test_a_stride_that_does_not_divide_shows_what_is_never_seen(show):
    page = show(ConvolutionExplorer(np.arange(42).reshape(6, 7), np.ones((3, 3)), stride=2))
    assert "floor(1.5) + 1 = 2" in page.locator(".ck-formula").inner_text()
    assert "1 row that no patch covers" in page.locator(".ck-unseen").inner_text()


def test_a_kernel_that_does_not_fit_is_said_and_can_be_mended(explorer):
    explorer.get_by_label("Kernel size").select_option("7,7")
    assert "does not fit" in sum_line(explorer)
    explorer.get_by_label("Padding").fill("1")
    explorer.get_by_label("Padding").press("Tab")
    assert len(output(explorer)) == 1


def test_a_long_sum_tells_only_what_is_not_zero(show):
    page = show(ConvolutionExplorer(np.eye(5), np.ones((5, 5))))
    assert sum_line(page).endswith("1·1 + 1·1 + 1·1 + 1·1 + 1·1 + 20 products of 0 = 5")

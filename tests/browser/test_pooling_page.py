"""The pooling explorer on a page without a kernel: its arithmetic, the shift, mouse, keys."""

import numpy as np
import pytest

from coursekit.scratch import avg_pool2d, global_avg_pool2d, max_pool2d
from coursekit.widgets import PoolingExplorer


def random_case(rng):
    height, width = rng.integers(3, 10, 2)
    return {
        "image": rng.normal(0, 5, (height, width)).round(3).tolist(),
        "mode": str(rng.choice(["max", "average", "global_average"])),
        "size": int(rng.integers(1, 5)),
        "stride": int(rng.integers(1, 5)),
        "ceil_mode": bool(rng.integers(0, 2)),
        "shift": rng.integers(-3, 4, 2).tolist(),
    }


def by_scratch(case, image):
    if case["mode"] == "global_average":
        return global_avg_pool2d(image[None]).reshape(1, 1)
    if not case["ceil_mode"] and case["size"] > min(image.shape):
        return np.zeros((0, 0))
    pool = max_pool2d if case["mode"] == "max" else avg_pool2d
    return pool(image, case["size"], case["stride"], ceil_mode=case["ceil_mode"])


def test_outputs_and_counts_equal_scratch(call):
    rng = np.random.default_rng(8)
    cases = [random_case(rng) for _ in range(150)]
    some = 0
    for case, got in zip(
        cases, call("pooling_explorer", "outcome", [[case] for case in cases]), strict=True
    ):
        image = np.array(case["image"])
        python = PoolingExplorer(image, case["mode"], 1, case["stride"], shift=case["shift"])
        np.testing.assert_allclose(got["copy"], python.shifted)
        for name, part in (("before", image), ("after", python.shifted)):
            want = by_scratch(case, part)
            np.testing.assert_allclose(np.reshape(got[name], want.shape), want, atol=1e-9)
        assert np.sum(got["inside"]) == python.changed[0]
        some += bool(got["before"])
    assert some > 120


def test_uncovered_cells_are_those_that_change_nothing(call):
    rng = np.random.default_rng(9)
    cases = [{**random_case(rng), "mode": "average"} for _ in range(60)]
    some = 0
    for case, got in zip(
        cases, call("pooling_explorer", "uncovered", [[case] for case in cases]), strict=True
    ):
        image = np.array(case["image"])
        before = by_scratch(case, image)
        for i, j in np.ndindex(image.shape):
            touched = image.copy()
            touched[i, j] += 100
            assert got[i][j] == np.array_equal(by_scratch(case, touched), before)
        some += np.any(got)
    assert some > 10


@pytest.fixture
def explorer(show):
    return show(PoolingExplorer())


def sum_line(page):
    return page.locator(".ck-sum").inner_text()


def spoken(page):
    return page.locator("[role=status]").inner_text()


def changed(page):
    return page.locator(".ck-sharetext").all_inner_texts()


def test_the_nine_shifted_one_cell(explorer):
    explorer.get_by_label("Example").select_option("nine")
    explorer.get_by_role("button", name="Shift left").click()
    assert changed(explorer) == ["6 of 15 cells changed", "3 of 8 cells changed"]
    assert "6 of 15" in spoken(explorer) and "3 of 8" in spoken(explorer)
    explorer.get_by_role("button", name="Shift back").click()
    assert changed(explorer) == ["0 of 15 cells changed", "0 of 8 cells changed"]


def test_one_bright_pixel_moves_the_output_at_every_second_shift(explorer):
    explorer.get_by_label("Example").select_option("dot")
    right = explorer.get_by_role("button", name="Shift right")
    for outside in ("0 of 16", "2 of 16", "2 of 16", "2 of 16"):
        right.click()
        assert changed(explorer)[1].startswith(outside)
    assert "moved along, 2 right" in spoken(explorer)
    for mode, outside in (("average", "2 of 16"), ("global_average", "0 of 1")):
        explorer.get_by_label("Pooling").select_option(mode)
        assert changed(explorer)[1].startswith(outside)
    assert explorer.get_by_label("Window").is_disabled()


def test_keys_and_the_pointer_shift_the_copy(explorer):
    copy = explorer.get_by_label("Shifted image, ")
    copy.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        explorer.keyboard.press(key)
    assert "Shifted 1 down and 1 right" in spoken(explorer)
    area = copy.bounding_box()
    cell = area["width"] / 4
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    explorer.mouse.move(x, y)
    explorer.mouse.down()
    explorer.mouse.move(x - 2 * cell, y, steps=4)
    explorer.mouse.up()
    explorer.mouse.move(2, 2)
    assert "Shifted 1 down and 1 left" in spoken(explorer)
    assert "1 down and 1 left" in explorer.locator(".ck-shift").inner_text()


def test_every_kind_of_pooling_says_how_a_value_comes_about(explorer):
    assert sum_line(explorer) == "Output, row 0, column 0: max(5, 1, 8, 2) = 8."
    explorer.get_by_label("Pooling").select_option("average")
    assert sum_line(explorer).endswith("(5 + 1 + 8 + 2) / 4 = 4.")
    output = explorer.get_by_label("Output, 2 rows")
    output.focus()
    explorer.keyboard.press("ArrowDown")
    explorer.keyboard.press("ArrowRight")
    assert "row 1, column 1: (0 + 1 + 2 + 0) / 4 = 0.75" in spoken(explorer)
    area = output.bounding_box()
    explorer.mouse.move(area["x"] + area["width"] * 0.75, area["y"] + area["height"] * 0.25)
    assert sum_line(explorer).endswith("(3 + 4 + 9 + 2) / 4 = 4.5.")
    explorer.mouse.move(2, 2)
    assert sum_line(explorer).endswith("= 0.75.")
    explorer.get_by_label("Pooling").select_option("global_average")
    assert sum_line(explorer).endswith("/ 16 = 2.813.")


def test_a_number_is_changed_in_place(explorer):
    explorer.get_by_label("Image, 4 rows").focus()
    explorer.keyboard.press("ArrowRight")
    assert spoken(explorer) == "Image, row 0, column 1: 1"
    explorer.keyboard.press("Enter")
    explorer.keyboard.type("20")
    explorer.keyboard.press("Enter")
    assert sum_line(explorer).endswith("max(5, 20, 8, 2) = 20.")


def test_rounding_down_leaves_out_a_row_and_a_column_and_rounding_up_cuts_windows(explorer):
    explorer.get_by_label("Example").select_option("five")
    facts = explorer.locator(".ck-facts")
    assert "ceil(1.5) + 1 = 3" in facts.inner_text()
    output = explorer.get_by_label("Output, 3 rows")
    output.focus()
    explorer.keyboard.press("Control+End")
    assert "cut off at the border: 1 of its 4 cells" in spoken(explorer)
    explorer.get_by_label("Round up (ceil)").uncheck()
    assert "floor(1.5) + 1 = 2" in facts.inner_text() and "9 cells that no" in facts.inner_text()
    assert "0 parameters" in facts.inner_text()
    # The stride goes with the window until it is given one of its own.
    window, stride = explorer.get_by_label("Window"), explorer.get_by_label("Stride")
    window.fill("3")
    window.press("Enter")
    assert stride.input_value() == "3"
    stride.fill("1")
    stride.press("Enter")
    window.fill("9")
    window.press("Enter")
    assert stride.input_value() == "1" and "does not fit" in sum_line(explorer)
    assert explorer.messages == []

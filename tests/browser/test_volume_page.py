"""The volume explorer on a page without a kernel: its arithmetic, the walk, mouse, keys, words."""

import numpy as np
import pytest

from coursekit.scratch import conv2d_volume
from coursekit.widgets import VolumeExplorer

NO_CELLS = "The output has no cells"


def random_case(rng):
    channels, filters = rng.integers(1, 6), rng.integers(1, 5)
    height, width = rng.integers(3, 10, 2)
    m, n = rng.integers(1, 5, 2)
    return {
        "x": rng.normal(0, 5, (channels, height, width)).round(3).tolist(),
        "w": rng.normal(0, 2, (filters, channels, m, n)).round(3).tolist(),
        "b": rng.normal(0, 2, filters).round(3).tolist(),
        "stride": int(rng.integers(1, 5)),
        "padding": int(rng.integers(0, 4)),
    }


def test_maps_and_sums_equal_scratch(call):
    rng = np.random.default_rng(6)
    cases = [random_case(rng) for _ in range(120)]
    maps = call("volume_explorer", "convolveVolume", [[case] for case in cases])
    fitting = [(case, got) for case, got in zip(cases, maps, strict=True) if got[0]]
    assert len(fitting) > 90
    for case, got in fitting:
        np.testing.assert_allclose(got, conv2d_volume(**case), atol=1e-9)
    # One cell of each, as the widget explains it: channel by channel, then the bias.
    places = [[len(got) - 1, len(got[0]) - 1, len(got[0][0]) - 1] for _, got in fitting]
    asked = [[case, *place] for (case, _), place in zip(fitting, places, strict=True)]
    for (case, got), place, sums in zip(
        fitting, places, call("volume_explorer", "channelSums", asked), strict=True
    ):
        k, i, j = place
        total = sum(part["sum"] for part in sums) + case["b"][k]
        assert len(sums) == len(case["x"]) and abs(total - got[k][i][j]) < 1e-9


def test_the_walk_visits_every_cell_with_one_step_a_channel_and_one_for_the_bias(call):
    state = VolumeExplorer().page_state()
    last = call("volume_explorer", "lastStep", [[state]])[0]
    assert last == 2 * 3 * 3 * (3 + 1)
    stops = call("volume_explorer", "walkAt", [[state, step] for step in range(last + 1)])
    assert stops[0] == {"cell": [0, 0, 0], "parts": 0, "written": 0}
    cells = [(k, i, j) for k in range(2) for i in range(3) for j in range(3)]
    for step, stop in enumerate(stops[1:], 1):
        assert tuple(stop["cell"]) == cells[(step - 1) // 4]
        assert (stop["parts"], stop["written"]) == ((step - 1) % 4 + 1, step // 4)


@pytest.fixture
def explorer(show):
    return show(VolumeExplorer())


def sum_line(page):
    return page.locator(".ck-sum").inner_text()


def spoken(page):
    return page.locator("[role=status]").inner_text()


def channel_sums(page):
    return page.locator(".ck-channelsum").all_inner_texts()


def test_the_decks_example_step_by_step(explorer):
    explorer.get_by_role("button", name="Step by step").click()
    assert channel_sums(explorer) == ["?", "?", "?"]
    step = explorer.get_by_role("button", name="Next step")
    for sums in (["−1", "?", "?"], ["−1", "1", "?"], ["−1", "1", "1"]):
        step.click()
        assert channel_sums(explorer) == sums
        assert "Channel" in spoken(explorer) and spoken(explorer) == sum_line(explorer)
    assert explorer.locator(".ck-total").inner_text() == "so far 1"
    step.click()
    assert sum_line(explorer).endswith("(−1) + 1 + 1 + 1 (bias) = 2.")
    assert explorer.locator(".ck-total").inner_text() == "= 2"
    explorer.get_by_role("button", name="Back").click()
    assert explorer.locator(".ck-total").inner_text() == "so far 1"
    for _ in range(9):
        explorer.get_by_role("button", name="Next number").click()
    assert "Map 0, row 2, column 2" in sum_line(explorer) and "= −3" in sum_line(explorer)
    # A click on a later cell leads the walk there; editing a number starts it anew.
    explorer.get_by_label("Map 1").click(position={"x": 10, "y": 10})
    assert "Step 40 of 72. Map 1, row 0, column 0" in sum_line(explorer)
    explorer.get_by_label("Stride").fill("1")
    explorer.get_by_label("Stride").press("Enter")
    assert sum_line(explorer).startswith("Step 0")
    explorer.get_by_role("button", name="Show all").click()
    assert "?" not in channel_sums(explorer)


def test_it_plays_by_itself_until_it_is_paused(own_context, explorer):
    explorer.clock.install()
    explorer.get_by_role("button", name="Step by step").click()
    explorer.get_by_role("button", name="Play").click()
    explorer.clock.run_for(3500)
    assert sum_line(explorer).startswith("Step 3 ")
    explorer.get_by_role("button", name="Pause").click()
    explorer.clock.run_for(3500)
    assert sum_line(explorer).startswith("Step 3 ")


def test_mouse_and_keys_lead_over_the_maps_and_choose_the_filter(explorer):
    second = explorer.get_by_label("Map 1")
    area = second.bounding_box()
    explorer.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] * 0.5)
    assert sum_line(explorer).startswith("Map 1, row 1, column 1")
    assert explorer.get_by_label("Filter shown").input_value() == "1"
    explorer.mouse.move(2, 2)
    assert sum_line(explorer).startswith("Map 0, row 0, column 0")
    assert explorer.get_by_label("Filter shown").input_value() == "0"
    explorer.get_by_label("Map 0").focus()
    for key, place, total in [
        ("ArrowRight", "row 0, column 1", "3"),
        ("ArrowDown", "row 1, column 1", "7"),
        ("PageDown", "row 2, column 1", "10"),
        ("End", "row 2, column 2", "−3"),
    ]:
        explorer.keyboard.press(key)
        for text in (sum_line(explorer), spoken(explorer)):
            assert place in text and text.endswith(f"= {total}"), key


def test_input_weights_and_bias_are_changed_in_place(explorer):
    explorer.get_by_label("Channel 0, 7 rows").focus()
    for key in ("ArrowDown", "ArrowRight"):
        explorer.keyboard.press(key)
    assert spoken(explorer) == "Channel 0, row 0, column 0: 0"
    explorer.keyboard.press("7")  # a digit opens the box and stands in it
    explorer.keyboard.press("Enter")
    assert explorer.get_by_label("Channel 0, 7 rows").evaluate(
        "node => node === document.activeElement"
    )
    assert channel_sums(explorer)[0] == "−1"  # it meets the weight in the middle, which is 0
    kernel = explorer.get_by_label("Kernel of channel 0")
    kernel.click(position={"x": 50, "y": 50})
    kernel.click(position={"x": 50, "y": 50})
    box = explorer.get_by_label("Filter 0, weight of channel 0, row 1, column 1")
    box.fill("x")
    box.press("Enter")
    assert "is not a number" in explorer.get_by_role("alert").inner_text()
    box.press("Escape")
    box.fill("1/2")
    box.press("Enter")
    assert channel_sums(explorer)[0] == "2.5"
    explorer.get_by_label("Bias").fill("-10")
    explorer.get_by_label("Bias").press("Enter")
    assert "(−10) (bias)" in sum_line(explorer)
    # The zeros of the padding cannot be changed.
    explorer.get_by_label("Channel 0, 7 rows").focus()
    explorer.keyboard.press("Home")
    explorer.keyboard.press("PageUp")
    explorer.keyboard.press("5")
    assert spoken(explorer) == "A zero of the padding"
    assert explorer.locator(".ck-inplace:visible").count() == 0


def test_filters_kernels_and_examples(explorer):
    facts = explorer.locator(".ck-facts")
    for count, parameters in ((1, "= 1 · 28 = 28."), (3, "= 3 · 28 = 84."), (8, "= 8 · 28 = 224.")):
        explorer.get_by_label("Filters").fill(str(count))
        explorer.get_by_label("Filters").press("Enter")
        assert parameters in facts.inner_text()
        assert explorer.locator(".ck-maps .ck-board").count() == count
    explorer.get_by_label("Kernel size").select_option("1")
    assert "(3 · 1 · 1 weights + 1 bias) = 8 · 4 = 32" in facts.inner_text()
    explorer.get_by_label("Example").select_option("")
    explorer.get_by_label("Padding").fill("0")
    explorer.get_by_label("Padding").press("Enter")
    explorer.get_by_label("Kernel size").select_option("7")
    assert NO_CELLS in sum_line(explorer) and explorer.messages == []
    for name, shown in (("rgb", "rgb"), ("field", "field"), ("decks", "")):  # the given one
        explorer.get_by_label("Example").select_option(name)
        assert explorer.get_by_label("Example").input_value() == shown
        assert NO_CELLS not in sum_line(explorer)
    assert "(5, 5, 3) and (3, 3, 2)" in facts.inner_text()


def test_red_against_green_and_blue_tells_the_roof_from_the_walls(explorer):
    explorer.get_by_label("Example").select_option("rgb")
    explorer.get_by_label("Map 0").focus()
    places = {"sky": (0, 0), "roof": (2, 3), "wall": (4, 2)}
    values = {}
    for name, (row, column) in places.items():
        explorer.keyboard.press("Control+Home")
        for key, times in (("ArrowDown", row), ("ArrowRight", column)):
            for _ in range(times):
                explorer.keyboard.press(key)
        values[name] = float(sum_line(explorer).rpartition("= ")[2].replace("−", "-"))
    assert values["wall"] == 0 and values["roof"] > 100 and values["sky"] < 0

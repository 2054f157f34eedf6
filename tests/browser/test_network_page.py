"""The network explorer on a page without a kernel: drawing, hovering, one multiplication, keys."""

import re

import numpy as np
import pytest
import torch
from PIL import Image

from coursekit.models import load_pretrained
from coursekit.widgets import NetworkExplorer

MODEL = load_pretrained("digit_cnn")


@pytest.fixture
def explorer(show):
    return show(NetworkExplorer())


def answer(page):
    return page.locator(".ck-verdict").inner_text()


def line(page):
    return page.locator(".ck-sum").inner_text().replace("−", "-")


def spoken(page):
    return page.locator("[role=status]").inner_text().replace("−", "-")


def layer(page, name):
    return page.get_by_label(f"{name}, ")


def point(page, board, map_, row, column, side, maps, shown=40):
    """Move the mouse to a number of a map; maps lie in two rows, 3 pixels apart."""
    area = board.bounding_box()
    across = maps // 2
    unit = shown / side
    left = map_ % across * (shown + 3) + (column + 0.5) * unit
    top = map_ // across * (shown + 3) + (row + 0.5) * unit
    page.mouse.move(area["x"] + left, area["y"] + top)


def test_a_stroke_changes_the_answer_and_the_pictures_are_read(explorer):
    assert answer(explorer).startswith("Answer: 0,")
    for digit in (3, 7):
        explorer.get_by_label("Picture", exact=True).select_option(str(digit))
        assert answer(explorer).startswith(f"Answer: {digit},") and answer(explorer) in spoken(
            explorer
        )
    explorer.get_by_role("button", name="Clear").click()
    area = explorer.locator(".ck-pad").bounding_box()
    x, y, unit = area["x"], area["y"], area["width"] / 28
    explorer.mouse.move(x + 14 * unit, y + 5 * unit)
    explorer.mouse.down()
    explorer.mouse.move(x + 14 * unit, y + 22 * unit, steps=6)
    explorer.mouse.up()
    assert answer(explorer).startswith("Answer: 1,")
    assert explorer.get_by_label("Picture", exact=True).input_value() == ""
    explorer.get_by_label("Rub out").check()
    explorer.mouse.move(x + 14 * unit, y + 3 * unit)
    explorer.mouse.down()
    explorer.mouse.move(x + 14 * unit, y + 25 * unit, steps=6)
    explorer.mouse.up()
    empty = answer(explorer)
    explorer.get_by_role("button", name="Clear").click()
    assert answer(explorer) == empty


def test_the_keyboard_draws(explorer):
    explorer.get_by_role("button", name="Clear").click()
    explorer.locator(".ck-pad").focus()
    for key in ["ArrowUp"] * 9 + [" "] + ["ArrowDown"] * 17 + [" "]:
        explorer.keyboard.press(key)
    assert "Answer: 1" in answer(explorer) and "Answer: 1" in spoken(explorer)


def test_every_number_is_torchs_and_comes_apart_into_products(explorer):
    python = NetworkExplorer()
    activations = python.activations
    point(explorer, layer(explorer, "conv2"), 5, 7, 6, side=14, maps=16)
    value = activations["conv2"][5, 7, 6]
    assert "conv2, map 5, row 7, column 6:" in line(explorer)
    assert float(line(explorer).rpartition("= ")[2]) == pytest.approx(value, abs=6e-4)
    menu = explorer.get_by_label("Products with")
    sums = [
        float(text.rpartition("sum ")[2].replace("−", "-"))
        for text in menu.locator("option").all_inner_texts()
    ]
    weight, bias = (p.detach().numpy() for p in MODEL.conv2.parameters())
    patch = activations["pool1"][:, 5:10, 4:9]
    np.testing.assert_allclose(sums, (patch * weight[5]).sum((1, 2)), atol=6e-4)
    assert sum(sums) + bias[5] == pytest.approx(value, abs=1e-2)

    explorer.mouse.move(2, 2)
    layer(explorer, "pool2").focus()
    explorer.keyboard.press("PageDown")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        explorer.keyboard.press(key)
    window = activations["relu2"][1, 4:6, 6:8]
    assert "pool2, map 1, row 2, column 3: max(" in spoken(explorer)
    assert float(spoken(explorer).rpartition("= ")[2]) == pytest.approx(window.max(), abs=6e-4)

    layer(explorer, "fc").focus()
    for _ in range(4):
        explorer.keyboard.press("ArrowRight")
    score = activations["fc"][4]
    assert float(spoken(explorer).rpartition("= ")[2]) == pytest.approx(score, abs=6e-4)
    assert "784 products" in spoken(explorer)
    menu.select_option("3")
    products = explorer.get_by_label("Products, 7 rows")
    products.focus()
    explorer.keyboard.press("Control+Home")
    explorer.keyboard.press("ArrowDown")
    explorer.keyboard.press("ArrowRight")
    factors = activations["pool2"][3, 1, 1], MODEL.fc.weight[4, 3 * 49 + 8].item()
    told = [float(n) for n in re.findall(r"-?\d*\.?\d+", spoken(explorer))]
    np.testing.assert_allclose(told, [*factors, factors[0] * factors[1]], atol=6e-4)

    explorer.get_by_role("button", name=re.compile("^3 ")).click()
    share = torch.tensor(python.scores).softmax(0)[3].item()
    assert float(spoken(explorer).rpartition("= ")[2]) == pytest.approx(share, abs=6e-5)


def test_a_picture_of_ones_own(explorer, tmp_path):
    digit = (255 * NetworkExplorer().images[2, 0]).astype(np.uint8)
    Image.fromarray(255 - digit).resize((140, 140), Image.Resampling.NEAREST).save(
        tmp_path / "two.png"
    )
    explorer.get_by_label("A picture of your own").set_input_files(tmp_path / "two.png")
    explorer.wait_for_function("document.querySelector('.ck-controls select').value === ''")
    explorer.get_by_role("button", name="Invert").click()
    explorer.wait_for_function(
        "document.querySelector('.ck-verdict').innerText.startsWith('Answer: 2')"
    )
    (tmp_path / "no.png").write_text("no picture")
    explorer.get_by_label("A picture of your own").set_input_files(tmp_path / "no.png")
    explorer.get_by_text("could not be read as a picture").wait_for()
    assert answer(explorer).startswith("Answer: 2")

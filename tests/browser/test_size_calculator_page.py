"""The size calculator: its arithmetic against coursekit.scratch and PyTorch, and its page."""

import numpy as np
import pytest
import torch

from coursekit.scratch import conv_parameters, output_size, receptive_field
from coursekit.widgets import SizeCalculator


def random_case(rng):
    layers = [
        {
            "kind": str(rng.choice(["conv", "conv", "pool"])),
            "kernel": int(rng.integers(1, 6)),
            "stride": int(rng.integers(1, 4)),
            "padding": int(rng.integers(0, 3)),
            "dilation": int(rng.integers(1, 4)),
            "filters": int(rng.integers(1, 5)),
        }
        for _ in range(rng.integers(1, 5))
    ]
    return {"size": int(rng.integers(4, 40)), "channels": int(rng.integers(1, 4)), "layers": layers}


def as_modules(case):
    """The same layers in PyTorch. Its pooling allows less padding, so there it is a convolution."""
    channels, modules = case["channels"], []
    for layer in case["layers"]:
        out = layer["filters"] if layer["kind"] == "conv" else channels
        shape = {name: layer[name] for name in ("stride", "padding", "dilation")}
        modules.append(torch.nn.Conv2d(channels, out, layer["kernel"], **shape))
        channels = out
    return modules


def test_sizes_and_counts_are_those_of_scratch_and_torch(call):
    rng = np.random.default_rng(5)
    cases = [random_case(rng) for _ in range(150)]
    misfits = 0
    for case, rows in zip(
        cases, call("size_calculator", "calculate", [[c] for c in cases]), strict=True
    ):
        table = SizeCalculator(case["size"], case["layers"], case["channels"]).table
        x = torch.zeros(1, case["channels"], case["size"], case["size"])
        now, channels, windows = case["size"], case["channels"], []
        for layer, module, row, told in zip(
            case["layers"], as_modules(case), rows, table, strict=True
        ):
            reach = layer["dilation"] * (layer["kernel"] - 1) + 1
            if not row["fits"]:
                with pytest.raises(ValueError, match="Take a smaller kernel"):
                    output_size(now, reach, layer["stride"], layer["padding"])
                with pytest.raises(RuntimeError, match="Kernel size"):
                    module(x)
                assert told["size"] is None
                misfits += 1
                break
            x = module(x)
            now = output_size(now, reach, layer["stride"], layer["padding"])
            windows.append((reach, layer["stride"]))
            assert x.shape[1:] == (row["channels"], row["size"], row["size"])
            assert row["size"] == told["size"] == now
            assert row["field"] == told["receptive_field"] == receptive_field(windows)
            numbers = sum(p.numel() for p in module.parameters()) if layer["kind"] == "conv" else 0
            assert row["parameters"] == told["parameters"] == numbers
            weights = numbers and conv_parameters(
                channels, row["channels"], layer["kernel"], bias=False
            )
            assert row["multiplyAdds"] == told["multiply_adds"] == weights * now * now
            channels = row["channels"]
    assert 20 < misfits < 120


def test_what_a_cell_depends_on_is_what_the_gradient_reaches(call):
    rng = np.random.default_rng(6)
    asked, wanted, blind = [], [], []
    while len(asked) < 40:
        case = random_case(rng)
        if any(
            row["size"] is None
            for row in SizeCalculator(case["size"], case["layers"], case["channels"]).table
        ):
            continue
        x = torch.ones(1, case["channels"], case["size"], case["size"], requires_grad=True)
        y = x
        for module in as_modules(case):
            torch.nn.init.constant_(module.weight, 1.0)
            y = module(y)
        cell = int(rng.integers(y.shape[-1]))
        reached = [
            torch.autograd.grad(part.sum(), x, retain_graph=True)[0][0, 0] != 0
            for part in (y[..., cell, :], y)
        ]
        asked.append([case, len(case["layers"]), cell])
        wanted.append(torch.nonzero(reached[0].any(dim=1)).ravel().tolist())
        blind.append((~reached[1].any(dim=1)).tolist())
    for (case, *_), levels, want in zip(
        asked, call("size_calculator", "lookBack", asked), wanted, strict=True
    ):
        assert [i for i in levels[0] if 0 <= i < case["size"]] == want
    assert call("size_calculator", "neverSeen", [ask[:2] for ask in asked]) == blind


def spoken(page):
    return page.get_by_role("status").inner_text()


def text(page):
    return page.locator(".ck-sizes").inner_text()


@pytest.fixture
def calculator(show):
    return show(SizeCalculator())


def test_the_play_tasks_of_its_documentation(calculator):
    example = calculator.get_by_label("Example")
    example.select_option("strided")
    assert "11 pixels of 36 that no cell of layer 1 sees" in text(calculator)
    for label, value in [("Padding", "1"), ("Stride", "3"), ("Kernel", "4")]:
        example.select_option("")
        example.select_option("strided")
        calculator.get_by_label(label, exact=True).fill(value)
        calculator.get_by_label(label, exact=True).press("Enter")
        assert "Crossed out" not in text(calculator), label
    for name, parameters in [("three", "1,752"), ("seven", "3,144")]:
        example.select_option(name)
        assert f"{parameters} parameters" in spoken(calculator)
        last = calculator.locator(".ck-layer").last.inner_text()
        assert "10 × 10, 8 maps" in last and "7 × 7" in last


def test_layers_come_and_go_and_one_that_does_not_fit_is_said(show):
    page = show(SizeCalculator(7, [(3, 2), (3, 2)]))
    assert "1 × 1, 1 map" in page.locator(".ck-layer").last.inner_text()
    page.get_by_role("button", name="Add a layer").click()
    assert spoken(page) == "Layer 3 does not fit: a window of 3 in 1 cells."
    third = page.locator(".ck-layer").nth(2)
    assert "1 + 2·0 = 1 cells" in third.inner_text()
    page.get_by_role("button", name="Add a layer").click()
    assert "Waits" in page.locator(".ck-layer").nth(3).inner_text()
    third.get_by_label("Padding").fill("1")
    third.get_by_label("Padding").press("Enter")
    assert "floor((1 + 2·1 − 3) / 1) + 1 = 0 + 1 = 1" in third.inner_text()
    page.get_by_role("button", name="Remove layer 1").click()
    assert page.locator(".ck-layer").count() == 3
    third.get_by_label("Layer 3", exact=True).select_option("pool")
    assert "pooling has no weights" in third.inner_text()
    assert not third.get_by_label("Filters").is_visible()


def test_the_arrow_keys_look_back_from_another_cell(show):
    page = show(SizeCalculator(8, [(3, 2, 1, 1), (3, 1)]))
    page.locator(".ck-board[tabindex]").focus()
    page.keyboard.press("End")
    assert spoken(page) == (
        "The cell in row 0, column 1 of layer 2 depends on rows 0 to 5 and columns 1 to 7 of the "
        "input: 42 of 64 pixels. The rest of its window is padding."
    )
    page.get_by_role("button", name="Look back from here, layer 1").click()
    assert "of layer 1 depends on rows 0 to 1 and columns 1 to 3" in spoken(page)

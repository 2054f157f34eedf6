"""The augmentation explorer on a page without a kernel: its pictures are PyTorch's, and keys."""

import numpy as np
import pytest

from coursekit.widgets import AugmentationExplorer
from coursekit.widgets.base import script

CHANGED = """async ([source, state]) => {
  const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const js = await import(file);
  return [...js.changedBy(state.image.flat(2), state.network.shape, state)]; }"""
DRAWN = """async ([source, change]) => {
  const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const js = await import(file);
  const random = js.chance(3);
  return Array.from({length: 400}, () => js.drawnChange(change, random)); }"""
CASES = [
    {"rotation": 35},
    {"rotation": -90, "right": 3, "down": -2},
    {"scale": 0.6, "flip": True, "right": 4},
    {"crop": 8, "brightness": 1.7},
    {"rotation": 20, "scale": 1.3, "right": -2, "down": 5, "flip": True, "crop": 4},
]


@pytest.mark.parametrize("change", CASES)
def test_the_changed_picture_is_torchs(page, change):
    page.goto("about:blank")
    widget = AugmentationExplorer(**change)
    widget.image = widget.images[5]
    found = page.evaluate(CHANGED, [script("augmentation_explorer"), widget.page_state()])
    np.testing.assert_allclose(np.reshape(found, (1, 28, 28)), widget.changed, atol=1e-4)


def test_samples_stay_within_the_change_and_reach_its_ends(page):
    page.goto("about:blank")
    most = {"rotation": 60, "scale": 0.5, "right": 2, "down": 0, "flip": True, "crop": 6}
    drawn = page.evaluate(DRAWN, [script("augmentation_explorer"), most | {"brightness": 2}])
    for key, low, high in [("rotation", -60, 60), ("scale", 0.5, 1), ("brightness", 1, 2)]:
        values = [one[key] for one in drawn]
        assert low <= min(values) < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < max(values) <= high
    assert {one["right"] for one in drawn} == {-2, -1, 0, 1, 2}
    assert {one["down"] for one in drawn} == {0}
    assert 0.4 < np.mean([one["flip"] for one in drawn]) < 0.6
    assert all(one["crop"] == 6 and np.abs(one["cut"]).max() <= 3 for one in drawn)


def test_a_nine_is_turned_by_keys_until_it_is_a_six(show):
    widget = AugmentationExplorer()
    page = show(widget)
    page.get_by_label("Picture", exact=True).select_option("9")
    python = AugmentationExplorer(rotation=180)
    python.image = python.images[9]
    verdicts = page.locator(".ck-verdict")
    assert verdicts.nth(1).inner_text().startswith("Answer: 9")
    slider = page.get_by_label("Rotation")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "180°"
    assert verdicts.nth(1).inner_text().startswith(f"Answer: {python.answer_to_changed}")
    spoken = page.locator("[role=status]").inner_text()
    assert "taken for 9" in spoken and python.answer_to_changed in spoken
    captions = page.locator("figcaption").all_inner_texts()
    assert len(captions) == 12 and {caption[-1] for caption in captions} == {"✓", "✗"}
    alike = sum(caption.endswith("✓") for caption in captions)
    assert verdicts.nth(2).inner_text().startswith(f"{alike} of 12 samples")
    page.get_by_role("button", name="No change").click()
    assert set(page.locator("figcaption").all_inner_texts()) == {"9 ✓"}
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []

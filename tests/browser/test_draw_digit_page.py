"""Draw a digit on a page without a kernel: the answer, saliency and occlusion against PyTorch."""

import re

import numpy as np
import pytest

from coursekit.widgets import DrawDigit
from coursekit.widgets.base import script

MAPS = """async ([source, state, target, patch, cover]) => {
  const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const js = await import(file);
  const network = js.unpackNetwork(state.network);
  const values = state.image.flat(2);
  return [[...js.saliencyOf(network, js.forward(network, values), target)],
          js.occlusionOf(network, values, target, patch, cover)]; }"""


@pytest.mark.parametrize(
    "patch, cover, shade", [(5, "black", 0), (4, "white", 1), (9, "grey", 0.5)]
)
def test_both_maps_are_torchs(page, patch, cover, shade):
    page.goto("about:blank")
    widget = DrawDigit(target=4, patch=patch, cover=cover)
    widget.image = widget.images[4]
    arguments = [script("draw_digit"), widget.page_state(), 4, patch, shade]
    saliency, occlusion = page.evaluate(MAPS, arguments)
    np.testing.assert_allclose(np.reshape(saliency, (28, 28)), widget.saliency, atol=1e-4)
    np.testing.assert_allclose(occlusion, widget.occlusion, atol=1e-4)
    assert np.ptp(occlusion) > 0.01


def test_what_is_drawn_is_answered_explained_and_spoken(show):
    page = show(DrawDigit())
    done = ".ck-digit[data-occlusion=done]"
    page.wait_for_selector(done)
    page.get_by_label("Picture", exact=True).select_option("4")
    python = DrawDigit()
    python.image = python.images[4]
    page.wait_for_selector(done)
    verdict, line = page.locator(".ck-verdict"), page.locator(".ck-sum")
    assert verdict.inner_text().startswith("Answer: 4")
    row, column = np.unravel_index(python.occlusion.argmax(), (14, 14))
    assert f"row {2 * row}, column {2 * column} costs most" in line.inner_text()
    board = page.get_by_label("Occlusion, 14 rows")
    board.focus()
    for key in ["ArrowDown"] * int(row) + ["ArrowRight"] * int(column):
        page.keyboard.press(key)
    before = float(python.probabilities[4])
    after = before - float(python.occlusion[row, column])
    spoken = page.locator("[role=status]").inner_text()
    told = [float(part.split()[-1]) for part in spoken.split("%")[:2]]
    np.testing.assert_allclose(told, [100 * before, 100 * after], atol=0.11)
    page.get_by_role("button", name=re.compile("^9 ")).click()
    page.get_by_text("Saliency of 9").wait_for()
    page.get_by_role("button", name=re.compile("^9 ")).click()
    page.get_by_text("Saliency of 4").wait_for()
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []


def test_a_digit_in_the_corner_is_read_once_it_is_centred(show):
    widget = DrawDigit()
    widget.image = np.roll(widget.images[1], (-4, -9), axis=(1, 2))
    page = show(widget)
    assert not page.locator(".ck-verdict").inner_text().startswith("Answer: 1")
    page.get_by_role("button", name="Centre").click()
    assert page.locator(".ck-verdict").inner_text().startswith("Answer: 1")

"""The training monitor of a finished run, on a page without a kernel."""

import pytest

from coursekit.widgets import TrainingMonitor

RECORDS = [
    {"epoch": 1, "loss": 1.2, "accuracy": 0.5, "test_loss": 1.0, "test_accuracy": 0.6, "lr": 0.01},
    {"epoch": 2, "loss": 0.8, "accuracy": 0.7, "test_loss": 0.9, "test_accuracy": 0.65, "lr": 0.01},
    {
        "epoch": 3,
        "loss": 0.4,
        "accuracy": 0.9,
        "test_loss": 0.95,
        "test_accuracy": 0.7,
        "lr": 0.001,
    },
]


def monitor(**changes):
    widget = TrainingMonitor()
    widget.run = {
        **widget.run,
        **{"state": "done", "epochs": 3, "records": RECORDS, "batches": [[0.5, 1.6], [2, 0.7]]},
        **{"words": "", **changes},
    }
    return widget


def test_every_epoch_is_told_by_keys_and_pointer(show):
    page = show(monitor())
    line, spoken = page.locator(".ck-sum"), page.locator("[role=status]")
    assert "Done: 3 epochs" in page.locator(".ck-verdict").inner_text()
    assert line.inner_text().startswith("Epoch 3 of 3: training loss 0.4, training accuracy 0.9")
    page.get_by_label("Loss over 3 epochs").focus()
    page.keyboard.press("Home")
    for fact in ("Epoch 1 of 3", "training loss 1.2", "test accuracy 0.6", "learning rate 0.01"):
        assert fact in spoken.inner_text()
    page.keyboard.press("ArrowRight")
    assert "training loss 0.8" in spoken.inner_text()
    area = page.get_by_label("Accuracy over 3 epochs").bounding_box()
    page.mouse.move(area["x"] + area["width"] - 14, area["y"] + 60)
    assert "Epoch 3" in line.inner_text()
    page.mouse.move(2, 2)
    assert "Epoch 2" in line.inner_text()
    assert page.get_by_role("button", name="Stop training").get_attribute("aria-disabled") == "true"


def test_where_the_kernel_cannot_be_interrupted_it_says_how_to_do_it_by_hand(show):
    now = {"epoch": 2, "batch": 15, "batches": 20, "loss": 0.9, "lr": 0.01}
    now |= {"images_per_second": 3400.0, "seconds_left": 240.0}
    page = show(monitor(state="running", records=RECORDS[:1], now=now))
    assert "Epoch 2 of 3, batch 15 of 20" in page.locator(".ck-verdict").inner_text()
    facts = page.locator(".ck-facts").inner_text()
    for fact in ("loss of the last batch 0.9", "rate 0.01", "3,400 images", "about 4 min left"):
        assert fact in facts
    done = page.get_by_role("progressbar").get_attribute("aria-valuenow")
    assert int(done) == pytest.approx(100 * (1 + 15 / 20) / 3, abs=1)
    page.get_by_role("button", name="Stop training").click()
    assert "by hand" in page.get_by_role("alert").inner_text()

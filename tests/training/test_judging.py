"""Validation decides, the test set does not; histories, claims, comparisons and their pictures."""

import csv
import math
import re

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.datasets import load
from coursekit.errors import CourseError
from coursekit.training import History, compare, fit, spread

TRAIN, TEST = ((images[:320], labels[:320]) for images, labels in load("digits"))


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


def accuracy(model, images, labels):
    with torch.no_grad():
        scores = model(torch.from_numpy(images)[:, None] / 255)
    return float((scores.argmax(1) == torch.from_numpy(labels)).float().mean())


def test_the_best_weights_are_those_of_the_lowest_validation_loss():
    kept = []

    def keep(run):
        kept.append({n: v.clone() for n, v in run.model.state_dict().items()})

    model = network()
    history = fit(
        model, TRAIN, validation=TEST, epochs=6, lr=0.3, optimizer="sgd", batch_size=16,
        hooks=[keep], seed=0, progress=False,
    )  # fmt: skip
    losses = history["validation_loss"]
    assert history.best_epoch == losses.index(min(losses)) + 1
    for name, value in model.state_dict().items():
        assert torch.equal(value, kept[history.best_epoch - 1][name])
    assert history.kept["validation_loss"] == min(losses)


def test_patience_counts_epochs_without_a_lower_loss():
    class Spoil:
        """Makes the model worse from the third epoch on."""

        def before_epoch(self, run):
            if run.epoch >= 3:
                with torch.no_grad():
                    run.model[1].weight.mul_(-3)

    history = fit(
        network(), TRAIN, validation=0.2, epochs=20, patience=3, hooks=[Spoil()], seed=0,
        lr=1e-4, progress=False,
    )  # fmt: skip
    assert history.best_epoch == 2 and len(history) == 5
    assert "epoch 2" in history.stopped


def test_the_test_set_decides_nothing():
    def run(test):
        model = network()
        fit(model, TRAIN, test, validation=0.1, epochs=3, patience=1, seed=0, progress=False)
        return model[1].weight

    assert torch.equal(run(TEST), run(None))


def history(*losses, **more):
    records = [{"epoch": n, "loss": x, **more} for n, x in enumerate(losses, 1)]
    return History({"epochs": len(losses), "parameters": 650}, records)


def test_a_history_is_plain_records_a_table_and_a_file(tmp_path):
    made = fit(network(), TRAIN, TEST, epochs=3, seed=0, progress=False)
    table = made.to_dataframe()
    assert list(table["epoch"]) == [1, 2, 3] and list(table["loss"]) == made["loss"]
    made.to_csv(tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["loss"]) for row in rows] == made["loss"]
    assert repr(made) == "History(3 epochs, 650 parameters)"
    assert made._repr_html_().count("<tr") == 4
    with pytest.raises(CourseError, match=r"file\.csv"):
        (tmp_path / "file.csv").mkdir()
        made.to_csv(tmp_path / "file.csv")
    with pytest.raises(KeyError, match="test_accuracy"):
        made["acuracy"]
    assert made.config["examples"] == len(TRAIN[1])


def test_no_number_of_a_run_is_shown_while_notebooks_are_built(monkeypatch, capsys):
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    made = fit(network(), TRAIN, TEST, epochs=1, seed=0)
    assert made._repr_html_() is None
    assert capsys.readouterr().out == ""


def test_a_line_is_printed_for_each_epoch(capsys, monkeypatch):
    monkeypatch.setenv("CI", "1")
    made = fit(network(), TRAIN, TEST, epochs=2, seed=0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    for line, record in zip(lines[1:], made.records, strict=True):
        assert f"{record['test_accuracy']:.4f}" in line


@pytest.mark.parametrize(
    ("made", "claims", "printed"),
    [
        (history(0.5, 0.4, test_accuracy=0.9), {"min_accuracy": 0.88}, "test accuracy.*0.88: yes"),
        (history(0.5, 0.4, accuracy=0.9), {"min_accuracy": 0.95}, "training accuracy.*: no"),
        (history(0.5, 0.4), {"max_loss": 0.45}, "training loss at most 0.45: yes"),
        (history(0.5, math.nan), {"max_loss": 0.45}, "training loss.*0.45: no"),
        (history(0.5, validation_accuracy=0.8), {"min_accuracy": 0.805}, "validation.*0.805: no"),
        (history(0.5), {}, "epochs: 1\nparameters: 650"),
    ],
)
def test_claims_are_about_the_weights_that_are_kept(made, claims, printed, capsys):
    made.report(**claims)
    assert re.fullmatch(printed, capsys.readouterr().out.strip())


def test_the_best_epoch_is_what_a_claim_is_about(capsys):
    made = history(0.5, 0.4, 0.9)
    made.best_epoch = 2
    made.report(max_loss=0.45)
    assert capsys.readouterr().out.strip().endswith("yes")


def test_several_seeds_are_their_mean_and_range():
    runs = [history(1.0, x) for x in (0.2, 0.4, 0.9)]
    found = spread(runs, key="loss")
    columns = np.array([[1.0, 0.2], [1.0, 0.4], [1.0, 0.9]])
    assert found.mean == pytest.approx(columns.mean(axis=0))
    assert found.std == pytest.approx(columns.std(axis=0, ddof=1))
    assert found.low == columns.min(axis=0).tolist()
    assert found.high == columns.max(axis=0).tolist()


def test_pictures_say_what_is_to_be_seen_without_a_measured_number(capsys):
    both = {"slow": history(1.0, 0.9, 0.8), "fast": history(1.0, 0.5, 0.2)}
    compare(both, key="loss")
    assert "At the end fast is lowest" in capsys.readouterr().out
    compare({"a": spread([history(1.0, 0.5), history(1.0, 0.6)], key="loss")}, key="loss")
    assert "a falls" in capsys.readouterr().out
    made = fit(network(), TRAIN, TEST, validation=0.2, epochs=4, seed=0, progress=False)
    made.plot()
    said = capsys.readouterr().out
    for word in ("training", "validation", "test", "loss", "accuracy", "4 epochs"):
        assert word in said
    assert not re.search(r"\d\.\d", said)
    made.plot(alt="My own words about this picture.")
    assert capsys.readouterr().out.strip() == "My own words about this picture."


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: compare([history(1.0)]), "dict"),
        (lambda: compare({}), "0"),
        (lambda: compare({str(n): history(1.0) for n in range(9)}, key="loss"), "9"),
        (lambda: compare({"a": history(1.0)}), "test_accuracy"),
        (lambda: spread([]), "none"),
        (lambda: spread([history(1.0)], key="speed"), "speed"),
        (lambda: history(0.4).report(min_accuracy=88), "88"),
        (lambda: History().report(min_accuracy=0.8), "no epoch"),
        (lambda: History().plot(), "no epoch"),
    ],
)
def test_what_cannot_be_drawn_or_claimed_is_said(call, word):
    with pytest.raises(ValueError, match=r"expected.*Fix") as raised:
        call()
    assert word in str(raised.value)

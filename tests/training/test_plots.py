"""Pictures of runs: the right numbers in the right panel, and words that noise does not change."""

import math
import random
import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from coursekit.course.lint_outputs import banded_problems, output_problems
from coursekit.figures import palette
from coursekit.training import History
from coursekit.training.record.plots import draw_panels, set_curves, spread_out
from coursekit.training.record.trends import trend


def some(epochs=5, *, validation=True, noise=0.0, seed=0, **ended):
    rng = random.Random(seed)
    history = History(**ended)
    for e in range(1, epochs + 1):
        record = {"epoch": e, "loss": 0.3 + 0.8 / e, "accuracy": 0.93 - 0.3 / e}
        sets = ("validation", "test") if validation else ("test",)
        for i, part in enumerate(sets):
            record[f"{part}_loss"] = 0.35 + 0.02 * i + 0.7 / e + noise * rng.random()
            record[f"{part}_accuracy"] = 0.91 - 0.01 * i - 0.3 / e + noise * rng.random()
        history.add(record)
    return history


def figure(history):
    panels = [(q, set_curves(history, q)) for q in ("loss", "accuracy")]
    return draw_panels(panels, history.best_epoch)


def test_every_line_holds_its_numbers():
    history = some(4)
    fig = figure(history)
    loss, accuracy = fig.axes
    assert [axes.get_title(loc="left") for axes in fig.axes] == ["loss", "accuracy"]
    assert [axes.get_xlabel() for axes in fig.axes] == ["epoch", "epoch"]
    for axes, keys in (
        (loss, ("loss", "validation_loss", "test_loss")),
        (accuracy, ("accuracy", "validation_accuracy", "test_accuracy")),
    ):
        assert [text.get_text() for text in axes.texts] == sorted(
            ("training", "validation", "test"),
            key=lambda part: history.final[keys[("training", "validation", "test").index(part)]],
        )
        for line, key in zip(axes.lines, keys, strict=True):
            np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3, 4])
            np.testing.assert_array_equal(line.get_ydata(), history[key])


def test_lines_differ_in_colour_dash_and_marker_and_sets_look_alike_in_both_panels():
    loss, accuracy = figure(some(4)).axes
    for axes in (loss, accuracy):
        looks = [(to_hex(li.get_color()), li._unscaled_dash_pattern, li.get_marker())
                 for li in axes.lines]  # fmt: skip
        for part in zip(*looks, strict=True):
            assert len({str(p) for p in part}) == 3
    assert [li.get_color() for li in loss.lines] == [li.get_color() for li in accuracy.lines]
    without = figure(some(4, validation=False)).axes[0]
    assert without.lines[1].get_color() == loss.lines[2].get_color() == palette.LINES[1]


def test_the_best_epoch_is_marked_where_validation_chose_it():
    loss, _ = figure(some(5, best_epoch=3)).axes
    assert "best" in [text.get_text() for text in loss.texts]
    assert list(loss.lines[-1].get_xdata()) == [3, 3]
    loss, _ = figure(some(5, validation=False, best_epoch=3)).axes
    assert "best" not in [text.get_text() for text in loss.texts]


def test_labels_never_overlap_and_nothing_is_cut_off():
    history = some(3)
    for key in ("loss", "validation_loss", "test_loss"):
        history.records[-1][key] = 0.5  # all three lines end in one place
    fig = figure(history)
    fig.savefig("/dev/null", format="png")
    width, height = fig.bbox.width, fig.bbox.height
    for axes in fig.axes:
        boxes = sorted((Text.get_window_extent(t) for t in axes.texts), key=lambda b: b.y0)
        for low, high in pairwise(boxes):
            assert low.y1 <= high.y0 + 1
        for box in boxes:
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height


@pytest.mark.parametrize("seed", range(5))
def test_labels_are_moved_apart_as_little_as_it_takes(seed):
    rng = random.Random(seed)
    heights = sorted(rng.uniform(0, 10) for _ in range(4))
    moved = spread_out(heights, 1.5, 0.0, 10.0)
    assert all(b - a >= 1.5 - 1e-9 for a, b in pairwise(moved))
    assert min(moved) >= -1e-9 and max(moved) <= 10 + 1e-9
    assert spread_out([1.0, 5.0, 9.0], 1.5, 0.0, 10.0) == [1.0, 5.0, 9.0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([2.3, 1.0, 0.6, 0.5], "falls"),
        ([2.3, 1.0, 1.05, 0.5], "falls"),  # back by less than a tenth of the range
        ([0.1, 0.5, 0.8], "rises"),
        ([1.0, 0.4, 0.3, 0.5, 0.8], "falls, then rises again"),
        ([0.2, 0.9, 0.8, 0.3], "rises, then falls again"),
        ([2.3, 0.5, 1.2, 0.3, 0.9, 0.2], "falls, with ups and downs on the way"),
        ([0.1, 0.6, 0.3, 0.8, 0.5, 0.9], "rises, with ups and downs on the way"),
        ([0.5, 0.9, 0.4, 0.9, 0.5], "goes up and down"),
        ([2.302, 2.303, 2.301], "stays level"),
        ([0.0, 0.0], "stays level"),
        ([0.7], "is a single point"),
        ([None, 0.9, 0.4], "falls"),
        ([0.9, 0.4, math.nan], "falls, then is no number any more"),
        ([0.9, 4.0, math.inf], "rises, then is no number any more"),
        ([math.nan], "is no number"),
        ([None], "has no values"),
    ],
)
def test_words_for_a_curve_are_true(values, words):
    assert trend(values) == words


def test_words_stay_the_same_under_another_machines_noise(capsys):
    for seed in range(20):
        some(5, noise=0.004, seed=seed).plot()
    assert len(set(capsys.readouterr().out.splitlines())) == 1


def test_the_description_says_what_there_is_without_a_number(capsys):
    some(5).plot()
    some(5, validation=False).plot()
    some(1).plot()
    some(3, stopped="The loss is no number any more.").plot()
    history = some(3)
    for record in history.records:
        record |= {"accuracy": None, "validation_accuracy": None, "test_accuracy": None}
    history.plot()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "The loss and the accuracy over 5 epochs, side by side. The training, validation and test "
        "loss fall. The training, validation and test accuracy rise."
    )
    assert "The training and test loss fall." in said[1]
    assert "over one epoch" in said[2] and "accuracy are single points." in said[2]
    assert said[3].startswith("The loss and the accuracy over the epochs, ")
    assert said[4] == "The loss over 3 epochs. The training, validation and test loss fall."
    for text in said:
        assert not re.search(r"\d\.\d", text)
        output = {"output_type": "display_data", "data": {"text/plain": text}}
        assert not [*banded_problems(output), *output_problems(output)]


def test_the_author_may_write_the_description(capsys):
    some().plot(alt="Two falling curves and two\n   rising ones.")
    assert capsys.readouterr().out == "Two falling curves and two rising ones.\n"
    with pytest.raises(ValueError, match="alt: found 'x'; expected a sentence"):
        some().plot(alt="x")


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="found no epoch; expected at least one to draw"):
        History().plot()


def test_gaps_and_lost_numbers_are_drawn_as_gaps():
    history = some(4, validation=False)
    history.records[1]["test_loss"] = None
    history.records[3]["loss"] = math.nan
    loss, _ = figure(history).axes
    assert math.isnan(loss.lines[1].get_ydata()[1])
    assert math.isnan(loss.lines[0].get_ydata()[3])
    assert loss.get_xlim()[1] > 4  # the epoch without a loss has its place all the same


def test_long_runs_are_not_full_of_markers():
    assert figure(some(30)).axes[0].lines[0].get_markevery() == 1
    assert figure(some(31)).axes[0].lines[0].get_markevery() == [30]


def test_pyplot_is_never_loaded():
    code = (
        "import sys; from coursekit.training import History; "
        "History(records=[{'epoch': 1, 'loss': 0.5}]).plot(); "
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_the_way_to_a_label_is_no_part_of_a_line_that_ended_early():
    history = History()
    for e in range(1, 7):
        history.add({"epoch": e, "loss": 1 / e if e < 3 else math.nan, "accuracy": 0.1 * e})
    ended, whole = figure(history).axes
    (leader,) = [text.arrow_patch for text in ended.texts]
    assert to_hex(leader.get_edgecolor()) == palette.QUIET.lower()
    assert leader.get_linestyle() not in ("-", "solid")
    (leader,) = [text.arrow_patch for text in whole.texts]
    assert to_hex(leader.get_edgecolor()) == palette.LINES[0].lower()

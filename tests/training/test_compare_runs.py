"""Several runs in one picture, several seeds as mean and spread."""

import math
from importlib import import_module

import numpy as np
import pytest

from coursekit.training import History, compare, spread


def run(*values, key="test_accuracy"):
    return History(records=[{"epoch": e, key: v} for e, v in enumerate(values, 1)])


@pytest.fixture
def drawn(monkeypatch):
    """The figures that are drawn, as (lines, bands, labels, xlabel), and what is said."""
    found = []

    def keep(fig, alt, **_):
        axes = fig.axes[0]
        bands = [c.get_paths()[0].vertices for c in axes.collections]
        lines = {t.get_text(): None for t in axes.texts}
        found.append((axes.lines, bands, list(lines), axes.get_xlabel(), alt))

    for name in ("compare", "spread"):
        monkeypatch.setattr(import_module(f"coursekit.training.record.{name}"), "present", keep)
    return found


def test_the_mean_and_spread_are_numpys():
    columns = np.random.default_rng(0).random((5, 4))
    both = spread([run(*column) for column in columns])
    np.testing.assert_allclose(both.mean, columns.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(both.std, columns.std(axis=0, ddof=1), rtol=1e-12)
    np.testing.assert_array_equal(both.low, columns.min(axis=0))
    np.testing.assert_array_equal(both.high, columns.max(axis=0))
    assert both.n == [5] * 4
    assert repr(both) == "Spread of test_accuracy over 5 runs, 4 epochs"


def test_runs_of_different_length_count_where_they_are():
    both = spread([run(0.5, 0.7, 0.9), run(0.7)])
    assert both.n == [2, 1, 1]
    assert both.mean == pytest.approx([0.6, 0.7, 0.9])
    assert both.std[0] == pytest.approx(0.2 / math.sqrt(2)) and math.isnan(both.std[1])
    assert spread(run(0.5)).n == [1]


def test_a_lost_number_is_not_hidden_in_the_mean():
    both = spread([run(0.5, math.nan), run(0.7, 0.9)])
    assert math.isnan(both.mean[1]) and math.isnan(both.low[1]) and math.isnan(both.std[1])


def test_a_spread_is_drawn_with_the_band_that_it_names(drawn):
    both = spread([run(0.5, 0.7), run(0.6, 0.9)])
    both.plot()
    both.plot(band="std")
    (lines, bands, labels, below, alt), (_, narrow, _, below_std, alt_std) = drawn
    np.testing.assert_allclose(lines[0].get_ydata(), [0.55, 0.8])
    assert labels == ["mean of 2"]
    assert {0.5, 0.6, 0.7, 0.9} <= set(bands[0][:, 1])
    assert 0.55 + 0.1 / math.sqrt(2) / 1 == pytest.approx(max(narrow[0][narrow[0][:, 0] == 1, 1]))
    assert below == "epoch  (band: from the lowest to the highest run)"
    assert below_std == "epoch  (band: one standard deviation to either side)"
    assert alt == (
        "The mean test accuracy of 2 runs over the epochs, and a band that reaches from the lowest "
        "to the highest run. The mean rises."
    )
    assert "one standard deviation" in alt_std


def test_claims_about_a_spread(capsys):
    both = spread([run(0.5, 0.8), run(0.6, 0.9)])
    both.report()
    both.report(at_least=0.85, max_std=0.07)
    both.report(at_least=0.86, at_most=0.9)
    spread([run(0.5)]).report(max_std=0.5)
    assert capsys.readouterr().out.splitlines() == [
        "runs: 2",
        "epochs: 2",
        "mean test accuracy of 2 runs at least 0.85: yes",
        "standard deviation at most 0.07: no",
        "mean test accuracy of 2 runs at least 0.86: no",
        "mean test accuracy of 2 runs at most 0.90: yes",
        "standard deviation at most 0.50: no",  # of one run there is none
    ]


def test_several_runs_in_one_picture(drawn):
    compare({"batch 32": run(0.5, 0.7, 0.9), "batch 256": run(0.4, 0.5)})
    lines, bands, labels, below, alt = drawn[0]
    np.testing.assert_array_equal(lines[0].get_ydata(), [0.5, 0.7, 0.9])
    np.testing.assert_array_equal(lines[1].get_xdata(), [1, 2])
    assert labels == ["batch 256", "batch 32"] and bands == [] and below == "epoch"
    assert alt == (
        "The test accuracy of 2 runs over the epochs: batch 32; batch 256. Both rise. "
        "At the end batch 32 is highest."
    )


def test_who_is_ahead_is_said_only_with_margin(drawn):
    compare({"a": run(0.5, 0.90), "b": run(0.5, 0.92)})
    compare({"a": run(2.0, 0.5, key="loss"), "b": run(2.0, 1.0, key="loss")}, key="loss")
    compare({"a": run(0.5, 0.9), "b": run(0.9, 0.5)})
    compare({"a": run(0.5, math.nan)})
    said = [alt for *_, alt in drawn]
    assert said[0].endswith("Both rise.")
    assert said[1].endswith("Both fall. At the end a is lowest.")
    assert "a rises; b falls. At the end a is highest." in said[2]
    assert said[3].endswith("one run over the epochs: a. a is a single point, then is no number "
                            "any more.")  # fmt: skip


def test_seeds_of_two_settings_are_compared_by_mean_and_band(drawn):
    adam = spread([run(0.5, 0.8), run(0.6, 0.9)])
    compare({"adam": adam, "sgd": run(0.3, 0.5)}, alt="Adam, as a band, lies above SGD.")
    lines, bands, _, below, alt = drawn[0]
    assert len(lines) == 2 and len(bands) == 1
    assert below == "epoch  (lines: means; bands: from the lowest to the highest run)"
    assert alt == "Adam, as a band, lies above SGD."


@pytest.mark.parametrize(
    ("call", "kind", "complaint"),
    [
        (lambda: compare([run(0.5)]), TypeError, "found list; expected a dict from label"),
        (lambda: compare({}), ValueError, "found 0 runs; expected 1 to 5"),
        (lambda: compare({str(i): run(0.5) for i in range(6)}), ValueError, "found 6 runs"),
        (lambda: compare({"a": {"loss": [1]}}), TypeError, "histories.'a'.: found dict; expected"),
        (lambda: compare({"a": run(0.5, key="loss")}), ValueError,
         "key: found 'test_accuracy', .* no values of; expected one of loss. Write key='loss'"),
        (lambda: compare({"a": spread([run(0.5)])}, key="loss"), ValueError,
         "found 'loss', and a spread of 'test_accuracy' under 'a'"),
        (lambda: compare({"a": run(0.5)}, band="wide"), ValueError, "band: found 'wide'"),
        (lambda: compare({"a": run(0.5)}, alt="x"), ValueError, "alt: found 'x'"),
        (lambda: spread([]), ValueError, "found an empty list"),
        (lambda: spread([run(0.5), 3]), TypeError, r"histories\[1\]: found int"),
        (lambda: spread([History()]), ValueError, "none, since no epoch has ended"),
        (lambda: spread([run(0.5)]).plot(band="wide"), ValueError, "band: found 'wide'"),
        (lambda: spread([run(0.5)]).report(at_least="x"), ValueError, "at_least: found 'x'"),
    ],
)  # fmt: skip
def test_calls_that_make_no_sense_are_explained(call, kind, complaint):
    with pytest.raises(kind, match=complaint):
        call()


def test_a_run_that_ended_in_no_number_is_not_ahead_at_the_end(capsys):
    def run(*losses):
        return History(records=[{"epoch": e, "loss": x} for e, x in enumerate(losses, 1)])

    compare({"broken": run(0.1, math.nan), "whole": run(1.0, 0.9)}, key="loss")
    said = capsys.readouterr().out
    assert "no number any more" in said and "At the end" not in said
    spread([run(0.5, 0.4)], key="loss").report(at_most=0.5)
    assert capsys.readouterr().out == "mean loss of 1 run at most 0.50: yes\n"

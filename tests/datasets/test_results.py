"""The tables of full runs, and runs that must not touch the network."""

import pytest

from coursekit.datasets import DatasetError, load, results


def test_every_row_says_how_it_was_made():
    rows = results("10_fashion_mnist_keras")
    assert {row["parameters"] for row in rows} == {"63050"}
    assert all("coursekit.runs.full_run 10" in row["command"] for row in rows)


def test_an_unknown_table_lists_the_known_ones():
    with pytest.raises(ValueError, match="10_fashion_mnist_keras"):
        results("99")


def test_offline_runs_never_ask_the_network(monkeypatch, tmp_path):
    def asked(*_args, **_kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("coursekit.datasets.download.fetch_files", asked)
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    with pytest.raises(AssertionError):
        load("mnist")
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(DatasetError, match="mnist"):
        load("mnist")

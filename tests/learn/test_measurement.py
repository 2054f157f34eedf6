"""The number behind a claim: shown live, left out where notebooks are built and tested."""

import numpy as np
import pytest
import torch

from coursekit import measured


@pytest.fixture(params=[True, False], ids=["built", "live"])
def built(request, monkeypatch):
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1" if request.param else "")
    return request.param


def test_the_claim_is_printed_always_and_the_number_only_live(built, capsys):
    measured("test accuracy", 0.8312, at_least=0.75)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "test accuracy at least 0.75: yes"
    assert ("0.8312" in "".join(lines)) is not built


def test_without_a_claim_nothing_is_stored(built, capsys):
    measured("share", 0.5)
    assert ("0.5" in capsys.readouterr().out) is not built


@pytest.mark.parametrize(
    "value", [3, 3.0, np.float32(3), np.array([3.0]), torch.tensor(3.0)], ids=lambda v: str(type(v))
)
def test_a_number_of_any_library_is_taken(built, value, capsys):
    measured("errors", value, at_least=2, at_most=4)
    assert capsys.readouterr().out.startswith("errors between 2 and 4: yes")


@pytest.mark.parametrize("bounds", [{"at_least": 4}, {"at_most": 2}, {"at_least": 4, "at_most": 9}])
def test_a_claim_that_does_not_hold_stops_a_build_and_not_a_student(built, bounds, capsys):
    if built:
        with pytest.raises(AssertionError, match=r"errors .*: no, it is 3"):
            measured("errors", 3, **bounds)
    else:
        measured("errors", 3, **bounds)
        assert ": no" in capsys.readouterr().out


@pytest.mark.parametrize("value", [[1.0], np.ones(2), "0.9", True, None])
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(TypeError, match="expected one number"):
        measured("errors", value, at_least=1)


def test_not_a_number_fulfils_no_claim(monkeypatch):
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    with pytest.raises(AssertionError, match="it is nan"):
        measured("loss", float("nan"), at_most=1)

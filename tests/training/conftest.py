"""What the tests of training have in common."""

import pytest

from coursekit.training.diagnosis import inspect_rate, stuck


@pytest.fixture(autouse=True)
def time_enough(monkeypatch):
    """Let the tries of a diagnosis take their time: what they find goes by steps, not by seconds.

    For a student they end after some seconds; here a machine that is busy would change what is
    said.
    """
    monkeypatch.setattr(inspect_rate, "_SECONDS", 200.0)
    monkeypatch.setattr(stuck, "_SECONDS", 200.0)

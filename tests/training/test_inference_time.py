"""How long a model takes, by a clock that goes as far as the model says."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from coursekit.training.measuring import inference
from coursekit.training.measuring.inference import BatchTime, InferenceTimes, inference_time


class Waits(nn.Module):
    """Takes 2 ms a call and 0.5 ms an image, more in some, and notes how it was called."""

    def __init__(self):
        super().__init__()
        self.seen, self.now, self.more = [], 0.0, {}

    def forward(self, x):
        self.now += 0.002 + 0.0005 * len(x) + self.more.get(len(self.seen), 0)
        self.seen.append((len(x), self.training, torch.is_grad_enabled(), x.dtype))
        return x


@pytest.fixture
def waits(monkeypatch):
    model = Waits()
    monkeypatch.setattr(inference, "time", SimpleNamespace(perf_counter=lambda: model.now))
    return model


def test_the_times_are_those_of_the_calls(waits):
    found = inference_time(waits, (2,), batch_sizes=(1, 16), rounds=5)
    one, many = found.times
    assert [one.low, one.median, one.high] == pytest.approx([0.0025] * 3)
    assert [many.low, many.median, many.high] == pytest.approx([0.010] * 3)
    assert one.per_image == one.median
    assert many.per_image == pytest.approx(0.010 / 16)
    assert found.ratio == pytest.approx(4)


def test_short_calls_are_timed_several_together_and_quartiles_are_of_the_rounds(waits):
    # A call of 2.5 ms, two to a measurement: the warm-up has five calls, then come the rounds.
    waits.more = {5: 0.004, 7: 0.008, 9: 0.012, 11: 0.016}
    (one,) = inference_time(waits, (2,), batch_sizes=(1,), rounds=5).times
    assert len(waits.seen) == 5 + 5 * 2
    assert [one.low, one.median, one.high] == pytest.approx([0.0045, 0.0065, 0.0085])


def test_the_model_is_asked_in_evaluation_mode_without_gradients_and_put_back(waits):
    waits.train()
    inference_time(waits, (3, 4), batch_sizes=(2, 5), rounds=2)
    assert waits.training
    assert {size for size, *_ in waits.seen} == {2, 5}
    assert {call[1:] for call in waits.seen} == {(False, False, torch.float32)}


def test_sizes_take_turns_after_a_warm_up_of_each(waits):
    inference_time(waits, (1,), batch_sizes=(10, 11), rounds=3)
    sizes = [size for size, *_ in waits.seen]
    turns = [size for i, size in enumerate(sizes) if i == 0 or sizes[i - 1] != size]
    assert turns == [10, 11] * 4  # the warm-up, then three rounds


def test_precision_is_that_asked_for():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
    kinds = []
    model[0].register_forward_hook(lambda *args: kinds.append(args[2].dtype))
    inference_time(model, (1, 6, 6), batch_sizes=(1,), precision="bfloat16", rounds=1)
    assert set(kinds) == {torch.bfloat16}


def test_the_table_has_a_row_for_each_size():
    times = (BatchTime(1, 2e-3, 1.9e-3, 2.5e-3), BatchTime(100, 0.02, 0.019, 0.021))
    found = InferenceTimes(times, "cpu", 15)
    lines = str(found).splitlines()
    assert " ".join(lines[1].split()) == "1 2 ms 1.9 ms to 2.5 ms 2 ms 500"
    assert " ".join(lines[2].split()) == "100 20 ms 19 ms to 21 ms 200 µs 5,000"
    assert "10.0 times as long in a batch of 1 as in one of 100" in lines[3]
    assert "<td>5,000</td>" in found._repr_html_()
    assert "times as long" not in str(InferenceTimes(times[:1], "cpu", 15))


def test_what_cannot_be_timed_is_said():
    with pytest.raises(ValueError, match=r"input_shape: found \(3, 8, 8\), which the model does"):
        inference_time(nn.Conv2d(1, 2, 3), (3, 8, 8))
    with pytest.raises(ValueError, match="batch_sizes: found 0"):
        inference_time(nn.Linear(2, 2), (2,), batch_sizes=(0,))
    with pytest.raises(ValueError, match="batch_sizes: found none"):
        inference_time(nn.Linear(2, 2), (2,), batch_sizes=())
    with pytest.raises(ValueError, match="rounds: found 0"):
        inference_time(nn.Linear(2, 2), (2,), rounds=0)

"""Learning rates against formulas written out, and through fit."""

import math

import numpy as np
import pytest
import torch
from test_fit_plain import images, network

from coursekit.training import fit
from coursekit.training.keeping.checkpoint import load_state
from coursekit.training.schedules import make_schedule
from coursekit.training.settings import Settings

STEPS = 20


def rates(steps=STEPS, epochs=2, lr=0.5, **options):
    """The learning rate of each update."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=lr)
    schedule = make_schedule(optimizer, Settings(epochs=epochs, **options), steps // epochs)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return found


def test_constant_is_none_at_all():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.5)
    assert make_schedule(optimizer, Settings(schedule="constant"), 10) is None


def test_cosine():
    expected = [0.25 * (1 + math.cos(math.pi * step / STEPS)) for step in range(STEPS)]
    assert rates(schedule="cosine") == pytest.approx(expected)


def test_step():
    expected = [0.5] * 10 + [0.05] * 5 + [0.005] * 5
    assert rates(schedule="step") == pytest.approx(expected)


def test_a_function():
    expected = [0.5 / (1 + step) for step in range(STEPS)]
    assert rates(schedule=lambda step: 1 / (1 + step)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "factor",
    [None, math.nan, math.inf, "0.5", [0.5], 10**400, torch.tensor(math.nan)],
    ids=repr,
)
@pytest.mark.parametrize("step", [0, 3])
def test_a_function_that_gives_no_finite_number_is_named(factor, step):
    seen = []

    class Count:
        def after_step(self, run):
            seen.append(run.step)

    with pytest.raises(ValueError, match=rf"schedule: your function gave .* for {step} updates"):
        fit(
            network(), images(80), lr=0.5, batch_size=16, hooks=[Count()], progress=False,
            schedule=lambda done: factor if done == step else 1.0,
        )  # fmt: skip
    assert len(seen) == max(0, step - 1)


def test_the_sentence_says_what_was_found_expected_and_to_do():
    with pytest.raises(ValueError) as refused:
        rates(schedule=lambda step: None)
    assert str(refused.value) == (
        "schedule: your function gave None for 0 updates done; expected a finite number, the "
        "factor of the learning rate, such as 0.5. Write return before it."
    )


@pytest.mark.parametrize("number", [lambda f: torch.tensor(f), np.float32, lambda f: f])
def test_a_function_may_give_numbers_of_any_kind(number):
    found = rates(schedule=lambda step: number(0.5**step))
    assert found == [0.5 * 0.5**step for step in range(STEPS)]
    assert all(type(rate) is float for rate in found)


def test_a_function_of_c_goes_with_a_checkpoint(tmp_path):
    history = fit(
        network(), images(80), lr=0.5, schedule=math.cos, epochs=1, batch_size=40,
        optimizer="sgd", checkpoint=tmp_path, progress=False,
    )  # fmt: skip
    assert history["lr"] == pytest.approx([0.5 * math.cos(1)])
    assert load_state(tmp_path)["finished"] is True


@pytest.mark.parametrize("warmup", [0, 0.8])
def test_one_cycle(warmup):
    peak = (warmup / 2 if warmup else 0.3) * STEPS - 1

    def bow(start, end, share):
        return end + (start - end) / 2 * (1 + math.cos(math.pi * share))

    expected = [
        bow(0.5 / 25, 0.5, step / peak)
        if step <= peak
        else bow(0.5, 0.5 / 25e4, (step - peak) / (STEPS - 1 - peak))
        for step in range(STEPS)
    ]
    assert rates(schedule="onecycle", warmup=warmup) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("schedule", "after"),
    [
        ("constant", lambda step, steps: 1.0),
        ("cosine", lambda step, steps: (1 + math.cos(math.pi * step / steps)) / 2),
        ("step", lambda step, steps: 0.01 if step >= 11 else 0.1 if step >= 7 else 1.0),
        (lambda step: 0.9**step, lambda step, steps: 0.9**step),
    ],
)
def test_warm_up_goes_before(schedule, after):
    warm = 5  # half of an epoch of ten
    rise = [0.5 * (0.01 + 0.99 * step / warm) for step in range(warm)]
    rest = [0.5 * after(step, STEPS - warm) for step in range(STEPS - warm)]
    assert rates(schedule=schedule, warmup=0.5) == pytest.approx(rise + rest)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("schedule", ["onecycle", "cosine", "step"])
@pytest.mark.parametrize("warmup", [0.0, 0.5, 1.0])
def test_short_runs_have_rates_between_zero_and_the_peak(schedule, steps, warmup):
    found = rates(steps, epochs=1, schedule=schedule, warmup=warmup)
    assert all(0 <= rate <= 0.5 * (1 + 1e-9) for rate in found)


def test_the_cycle_brings_no_momentum_to_an_optimizer_without():
    seen = set()

    class Look:
        def after_step(self, run):
            seen.add(run.optimizer.param_groups[0]["momentum"])

    fit(
        network(), images(), lr=0.1, optimizer="sgd", schedule="onecycle", epochs=2,
        progress=False, hooks=[Look()],
    )  # fmt: skip
    assert seen == {0}


def test_the_record_has_the_rate_of_the_last_update():
    history = fit(
        network(), images(80), lr=0.5, schedule=lambda step: 1 / (1 + step), epochs=2,
        batch_size=16, optimizer="sgd", progress=False,
    )  # fmt: skip
    assert history["lr"] == pytest.approx([0.5 / 5, 0.5 / 10])


def test_updates_and_not_batches_are_counted_when_accumulating():
    history = fit(
        network(), images(80), lr=0.5, schedule="cosine", epochs=2, batch_size=16, accumulate=2,
        optimizer="sgd", progress=False,
    )  # fmt: skip
    expected = [0.25 * (1 + math.cos(math.pi * step / 6)) for step in (2, 5)]
    assert history["lr"] == pytest.approx(expected)

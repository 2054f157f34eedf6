"""Parts that rest: a frozen body stays as it is, and a run that fails leaves usable weights."""

import pytest
import torch
from torch import nn

from coursekit.training import TrainingError, fit


def clouds(count=64):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(count, 3, generator=generator) + 2.0
    return x, (x.sum(dim=1) > 6).long()


def body_and_head():
    torch.manual_seed(0)
    body = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8))
    return body, nn.Sequential(body, nn.ReLU(), nn.Linear(8, 2))


def run(model, **more):
    settings = {"epochs": 2, "batch_size": 16, "lr": 0.01, "seed": 0, "progress": False}
    return fit(model, clouds(), precision="float32", **(settings | more))


def test_a_frozen_body_in_evaluation_mode_keeps_its_statistics():
    body, model = body_and_head()
    body.requires_grad_(False).eval()
    before = {name: each.clone() for name, each in body.state_dict().items()}
    head = model[2].weight.clone()
    run(model)
    assert all(torch.equal(each, before[name]) for name, each in body.state_dict().items())
    assert not torch.equal(model[2].weight, head)


def test_a_body_that_learns_is_put_into_training_mode():
    body, model = body_and_head()
    model.eval()
    before = body[1].running_mean.clone()
    run(model)
    assert not torch.equal(body[1].running_mean, before)


def test_a_run_that_ends_in_no_number_leaves_the_best_weights():
    _, model = body_and_head()

    def spoil(run):
        if run.epoch == 2:
            with torch.no_grad():
                run.model[2].weight.fill_(float("nan"))

    with pytest.raises(TrainingError) as caught:
        run(model, epochs=5, validation=0.25, hooks=[spoil])
    assert len(caught.value.history.records) == 2
    assert all(torch.isfinite(each).all() for each in model.parameters())

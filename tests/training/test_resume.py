"""Taking up a run: bit for bit what it would have been, or a sentence that says why not."""

import errno
import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit.errors import CourseError
from coursekit.training import TrainingWarning
from coursekit.training.fitting import fit
from coursekit.training.keeping import checkpoint, resume
from coursekit.training.keeping.checkpoint import FILE, PREVIOUS, load_checkpoint, load_state

IMAGES = torch.rand(96, 1, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(96) % 3
ALL = (IMAGES, LABELS)
KILLS = Path(__file__).with_name("kill_runs.py")
KINDS = {"arrays": 8, "loader": 3, "own": 3}


@pytest.fixture(autouse=True)
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error", TrainingWarning)
        warnings.filterwarnings("ignore", "average=", TrainingWarning)
        yield


class Gone(Exception):
    """Stands for a crash."""


class CrashAt:
    def __init__(self, step):
        self.step = step

    def after_step(self, run):
        if run.step == self.step:
            raise Gone


class Steps:
    """Counts the steps that are trained."""

    def __init__(self):
        self.count = 0

    def after_step(self, run):
        self.count += 1


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 6, 3),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(216, 3),
    )


def train(folder, make=network, data=ALL, **more):
    model = make()
    given = {"epochs": 3, "batch_size": 16, "seed": 1, "precision": "float32", "progress": False}
    given |= {"checkpoint": folder, "checkpoint_every": 0.0}
    return model, fit(model, data, **given | more)


def records(history):
    timing = ("seconds", "images_per_second")
    return [{k: v for k, v in each.items() if k not in timing} for each in history.records]


def assert_same(one, other):
    for (name, a), b in zip(
        one[0].state_dict().items(), other[0].state_dict().values(), strict=True
    ):
        assert torch.equal(a, b), name
    assert records(one[1]) == records(other[1])
    assert one[1].best_epoch == other[1].best_epoch
    assert one[1].stopped == other[1].stopped


def crash_and_resume(folder, step, **more):
    hooks = tuple(more.pop("hooks", ()))
    with pytest.raises(Gone):
        train(folder, hooks=(*hooks, CrashAt(step)), **more)
    return train(folder, resume=True, hooks=hooks, **more)


# -- after a kill -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """What runs left that were killed at random moments, by kind."""
    kinds = [f"{kind}={kills}" for kind, kills in KINDS.items()]
    done = subprocess.run(
        [sys.executable, str(KILLS), str(tmp_path_factory.mktemp("kills")), "1", *kinds],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {each["kind"]: each for each in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_killed_ends_as_if_it_had_not_been(killed, kind):
    told = killed[kind]
    assert len(told["begun"]) == KINDS[kind] + 1  # once from the beginning, once after each kill
    assert told["broken"] == told["whole"]
    inside = {begin for begin in told["begun"] if not begin.endswith(",0")}
    assert len(inside) >= 2, told["begun"]  # taken up in the middle of an epoch


def test_one_process_loads_nothing_for_several(killed):
    assert killed["arrays"]["whole"]["loaded"] == []


# -- whatever the run is made of ----------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"precision": "bfloat16", "weight_decay": 0.01, "average": 0.9, "validation": 0.2},
        {"optimizer": "sgd", "momentum": 0.9, "lr": 0.05, "schedule": "cosine", "warmup": 0.5},
        {"optimizer": lambda p: torch.optim.RMSprop(p, lr=1e-3), "schedule": "step"},
        {
            "optimizer": lambda p: torch.optim.Adam(p, amsgrad=True),
            "schedule": lambda step: 0.9**step,
        },
        {"optimizer": lambda p: torch.optim.Adagrad(p), "accumulate": 2, "clip": 1.0},
        {"lr": 1e-3, "lr_scale": {"0": 0.1}, "class_weights": [1.0, 2.0, 0.5]},
    ],
    ids=["average", "sgd cosine", "rmsprop step", "amsgrad function", "accumulated", "scaled"],
)
def test_any_optimizer_and_schedule_go_on(tmp_path, more):
    whole = train(tmp_path / "whole", **more)
    last = 4 if "accumulate" in more else 11
    assert_same(whole, crash_and_resume(tmp_path / "broken", last, **more))


def test_moments_lie_in_memory_as_their_weights_do(tmp_path):
    def wide():
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Conv2d(3, 16, 3), nn.Conv2d(16, 8, 3), nn.Flatten(), nn.Linear(128, 3)
        )

    seen = {}

    class Look:
        def before_training(self, run):
            for name, weight in run.model.named_parameters():
                seen[name] = weight.stride(), run.optimizer.state.get(weight, {}).get("exp_avg")

    more = {"precision": "bfloat16", "make": wide, "hooks": (Look(),)}
    data = IMAGES.expand(-1, 3, -1, -1).contiguous(), LABELS
    whole = train(tmp_path / "whole", data=data, **more)
    broken = crash_and_resume(tmp_path / "broken", 9, data=data, **more)
    strides, moment = seen["1.weight"]
    assert strides == (144, 1, 48, 16), "the weights should lie pixel by pixel here"
    assert all(moment.stride() == strides for strides, moment in seen.values())
    assert moment is not None
    assert_same(whole, broken)


class OddParts(nn.Module):
    """Tied weights, a buffer that is not in the state, chance of its own, a frozen layer."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.inside = nn.Linear(64, 64, bias=False)
        self.again = nn.Linear(64, 64, bias=False)
        self.again.weight = self.inside.weight
        self.frozen = nn.Linear(64, 64).requires_grad_(False)
        self.out = nn.Linear(64, 3)
        self.register_buffer("calls", torch.zeros(()), persistent=False)
        self.chance = torch.Generator().manual_seed(4)

    def forward(self, x):
        x = x.flatten(1)
        if self.training:
            self.calls += 1
            x = x + torch.rand(x.shape, generator=self.chance) * self.calls / 10
        return self.out(self.frozen(self.again(self.inside(x).relu())))


def test_odd_models_go_on(tmp_path):
    whole = train(tmp_path / "whole", OddParts)
    broken = crash_and_resume(tmp_path / "broken", 8, make=OddParts)
    assert_same(whole, broken)
    assert whole[0].calls == broken[0].calls == 18
    assert broken[0].again.weight is broken[0].inside.weight


class Random(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, row):
        return IMAGES[row] + torch.rand(()), int(LABELS[row])


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_goes_on_in_the_middle_with_the_same_random_pictures(tmp_path, workers):
    def loader():
        return DataLoader(Random(), batch_size=16, shuffle=True, num_workers=workers)

    more = {"batch_size": None, "epochs": 2, "lr": 1e-3}
    whole = train(tmp_path / "whole", data=loader(), **more)
    with pytest.raises(Gone):
        train(tmp_path / "broken", data=loader(), hooks=(CrashAt(9),), **more)
    assert_same(whole, train(tmp_path / "broken", data=loader(), resume=True, **more))


def test_a_random_data_set_goes_on(tmp_path):
    more = {"data": Random(), "workers": 0, "lr": 1e-3}
    whole = train(tmp_path / "whole", **more)
    assert_same(whole, crash_and_resume(tmp_path / "broken", 9, **more))


def test_early_stopping_counts_on(tmp_path):
    more = {"validation": ALL, "patience": 2, "epochs": 8, "lr": 0.0}
    whole = train(tmp_path / "whole", **more)
    assert len(whole[1].records) < 8 and "patience" in whole[1].stopped
    assert_same(whole, crash_and_resume(tmp_path / "broken", 14, **more))
    # Once more: it had stopped, and stays so.
    steps = Steps()
    assert_same(whole, train(tmp_path / "broken", resume=True, hooks=(steps,), **more))
    assert steps.count == 0


# -- where it begins ----------------------------------------------------------------------------


def test_a_run_that_is_done_is_given_back_at_once(tmp_path):
    more = {"validation": 0.25, "average": 0.5}
    first = train(tmp_path, **more)
    steps = Steps()
    before = (tmp_path / FILE).read_bytes()
    assert_same(first, train(tmp_path, resume=True, hooks=(steps,), **more))
    assert steps.count == 0
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("schedule", ["constant", lambda step: 1 / (1 + step)])
def test_a_run_that_does_not_know_its_end_can_be_made_longer(tmp_path, schedule):
    more = {"lr": 1e-3, "schedule": schedule, "validation": 0.25}
    long = train(tmp_path / "long", epochs=4, **more)
    train(tmp_path / "short", epochs=2, **more)
    steps = Steps()
    longer = train(tmp_path / "short", epochs=4, resume=True, hooks=(steps,), **more)
    assert_same(long, longer)
    assert steps.count == 2 * 5
    with pytest.raises(CourseError, match="epochs is 3, and 4 are already done"):
        train(tmp_path / "short", epochs=3, resume=True, **more)


def test_a_run_whose_schedule_knows_its_end_cannot(tmp_path):
    train(tmp_path, epochs=2)
    with pytest.raises(
        CourseError, match=r"epochs was 2, is 4 \(the 'onecycle' schedule is stretched"
    ):
        train(tmp_path, epochs=4, resume=True)


def test_nothing_to_go_on_from_is_said(tmp_path, capsys):
    whole = train(tmp_path / "whole")
    begun = train(tmp_path / "new", resume=True, progress=True)
    assert_same(whole, begun)
    assert (
        f"no checkpoint in {tmp_path / 'new'}: starting from the beginning"
        in capsys.readouterr().out
    )


def test_where_it_goes_on_is_said(tmp_path, capsys):
    with pytest.raises(Gone):
        train(tmp_path, hooks=(CrashAt(9),))
    train(tmp_path, resume=True, progress=True)
    train(tmp_path, resume=True, progress=True)
    said = capsys.readouterr().out
    assert f"going on from {tmp_path / FILE}, after 1 epoch and 2 batches" in said
    assert f"the run in {tmp_path} had come to its end, after 3 epochs" in said


def test_a_drawn_seed_and_a_chosen_batch_size_stay(tmp_path):
    more = {"seed": None, "batch_size": None, "epochs": 2}
    torch.manual_seed(1)
    with pytest.raises(Gone):
        train(tmp_path, hooks=(CrashAt(9),), **more)
    before = load_state(tmp_path)["identity"]["settings"]
    _, history = train(tmp_path, resume=True, **more)
    assert history.config["seed"] == before["seed"]
    assert history.config["batch_size"] == before["batch_size"]


RULES = {
    "learning rate": ("start.choose_lr", lambda optimizer, size: 0.0123),
    "batch size": ("start.choose_batch_size", lambda examples, device, precision: 7),
    "when there is a cycle": ("start._SHORT", 10**6),
    "the cycle": ("schedules.onecycle_arguments", lambda o, total, warm: {"total_steps": 99}),
    "precision": ("machine.precision._worth_it", lambda model: False),
    "units": ("machine.precision.bfloat16_units", lambda device: "some units"),
    "no units": ("machine.precision.bfloat16_units", lambda device: ""),
}
OPEN = {"seed": None, "batch_size": None, "precision": "auto"}


def other_betas(settings, device):
    return {"lr": settings.lr, "betas": (0.5, 0.6), "weight_decay": settings.weight_decay}


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
@pytest.mark.parametrize("rule", [*RULES, "betas"])
def test_what_fit_chose_stays_when_its_rules_are_others(tmp_path, monkeypatch, rule, optimizer):
    """As a later version, or another machine, would choose."""
    more = OPEN | {"optimizer": optimizer}
    torch.manual_seed(1)
    whole = train(tmp_path / "whole", **more)
    torch.manual_seed(1)
    with pytest.raises(Gone):
        train(tmp_path / "broken", hooks=(CrashAt(9),), **more)
    if rule == "betas":
        path, other = "optimizers.optimizer_arguments", other_betas
        other = other if optimizer == "adamw" else lambda s, d: {"lr": s.lr, "momentum": 0.1}
    else:
        path, other = RULES[rule]
    monkeypatch.setattr(f"coursekit.training.{path}", other)
    resumed = train(tmp_path / "broken", resume=True, **more)
    assert_same(whole, resumed)
    for name in ("seed", "batch_size", "lr", "schedule", "precision", "chosen"):
        assert resumed[1].config[name] == whole[1].config[name]
    assert whole[1].config["schedule"] == "onecycle"


def test_a_cycle_that_was_not_worth_while_is_none_in_a_longer_run_either(tmp_path):
    more = OPEN | {"batch_size": 48, "seed": 1}
    train(tmp_path, epochs=2, **more)  # four updates
    _, longer = train(tmp_path, epochs=6, resume=True, **more)
    assert longer.config["schedule"] == "constant" and len(longer.records) == 6


def test_a_rate_that_was_given_is_not_taken_over(tmp_path):
    train(tmp_path, lr=0.0123)
    with pytest.raises(CourseError, match=r"lr was 0.0123, is 0.0"):
        train(tmp_path, resume=True)


def test_a_function_that_was_given_is_not_taken_over(tmp_path):
    train(tmp_path, schedule=lambda step: 0.9**step)
    with pytest.raises(CourseError, match=r"schedule was '.*lambda.*', is 'onecycle'"):
        train(tmp_path, resume=True)


def test_a_new_run_in_the_same_folder_chooses_anew(tmp_path, monkeypatch):
    train(tmp_path)
    monkeypatch.setattr("coursekit.training.start.choose_lr", lambda optimizer, size: 0.0123)
    assert train(tmp_path)[1].config["lr"] == 0.0123


def test_a_new_run_keeps_the_file_of_the_one_before(tmp_path):
    train(tmp_path, seed=1)
    old = (tmp_path / FILE).read_bytes()
    train(tmp_path, seed=2)
    assert (tmp_path / PREVIOUS).read_bytes() == old
    assert load_state(tmp_path)["identity"]["settings"]["seed"] == 2
    # Going on is no new run.
    train(tmp_path, seed=2, resume=True)
    assert (tmp_path / PREVIOUS).read_bytes() == old


# -- what is refused ----------------------------------------------------------------------------


def test_other_arguments_are_listed_all_at_once(tmp_path):
    train(tmp_path, lr=1e-3, label_smoothing=0.1)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(CourseError) as refused:
        train(tmp_path, lr=2e-3, batch_size=12, seed=5, label_smoothing=0.1, resume=True)
    said = str(refused.value)
    assert said.startswith(f"{tmp_path / FILE} belongs to a run with other arguments")
    for part in ("lr was 0.001, is 0.002", "batch_size was 16, is 12", "seed was 1, is 5"):
        assert part in said
    assert "label_smoothing" not in said
    assert "same arguments" in said and "another folder" in said
    assert (tmp_path / FILE).read_bytes() == before


def test_other_data_is_refused(tmp_path):
    train(tmp_path)
    with pytest.raises(CourseError, match="96 training examples then, 95 now"):
        train(tmp_path, data=(IMAGES[:95], LABELS[:95]), resume=True)


def test_a_loader_with_other_batches_is_refused(tmp_path):
    def loader(size):
        return DataLoader(TensorDataset(*ALL), batch_size=size)

    train(tmp_path, data=loader(16), batch_size=None)
    with pytest.raises(CourseError, match="batch_size was 16, is 12"):
        train(tmp_path, data=loader(12), batch_size=None, resume=True)


def test_another_model_is_refused_and_left_as_it_is(tmp_path):
    train(tmp_path)

    def wider():
        model = network()
        model[0], model[1], model[5] = nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.Linear(288, 3)
        return model

    model = wider()
    weights = {name: each.clone() for name, each in model.state_dict().items()}
    with pytest.raises(CourseError) as refused:
        train(tmp_path, lambda: model, resume=True)
    said = str(refused.value)
    assert "belongs to another model" in said
    assert r"0.weight was float32 (6, 1, 3, 3), is float32 (8, 1, 3, 3)" in said
    assert "and 3 more" in said
    assert all(torch.equal(each, weights[name]) for name, each in model.state_dict().items())


def test_a_missing_layer_is_named(tmp_path):
    train(tmp_path)
    with pytest.raises(CourseError, match=r"0\.bias was float32 \(6\), is missing now"):
        train(tmp_path, lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 3)), resume=True)


def test_a_damaged_file_is_refused_and_left_where_it_is(tmp_path):
    train(tmp_path)
    content = (tmp_path / FILE).read_bytes()[:-10]
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(CourseError, match="is damaged"):
        train(tmp_path, resume=True)
    assert (tmp_path / FILE).read_bytes() == content
    # A new run can begin beside it, and it keeps a name.
    train(tmp_path)
    assert (tmp_path / PREVIOUS).read_bytes() == content


def test_a_file_in_the_place_of_the_folder_is_refused_before_training(tmp_path):
    (tmp_path / "run").write_text("")
    steps = Steps()
    with pytest.raises(ValueError, match="checkpoint: found the file"):
        train(tmp_path / "run", hooks=(steps,))
    assert steps.count == 0


# -- when it cannot be written ------------------------------------------------------------------


def test_a_full_disk_warns_once_and_training_goes_on(tmp_path, monkeypatch):
    whole = train(tmp_path / "whole")
    write, calls = checkpoint.write_whole, []

    def full(path, content):
        if path.name == FILE:
            calls.append(path)
            if 3 <= len(calls) <= 12:
                raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    monkeypatch.setattr(checkpoint, "write_whole", full)
    with pytest.warns(TrainingWarning) as caught:
        through = train(tmp_path / "full")
    assert len(caught) == 1
    said = str(caught[0].message)
    assert said.startswith(f"{tmp_path / 'full' / FILE} could not be written: the disk is full")
    assert "Training goes on" in said and "still there" in said
    assert_same(whole, through)
    assert load_state(tmp_path / "full")["finished"] is True  # written when there was room again


def test_a_folder_that_vanishes_warns_once_and_training_goes_on(tmp_path):
    whole = train(tmp_path / "whole")

    class Vanish:
        def after_step(self, run):
            if run.step == 5:
                shutil.rmtree(tmp_path / "gone")

    with pytest.warns(TrainingWarning, match="the folder is gone") as caught:
        through = train(tmp_path / "gone", hooks=(Vanish(),))
    assert len(caught) == 1
    assert_same(whole, through)
    assert not (tmp_path / "gone").exists()


def test_what_cannot_be_written_down_warns_and_training_goes_on(tmp_path):
    class Odd(torch.optim.SGD):
        def state_dict(self):
            return {**super().state_dict(), "rule": object()}

    more = {"optimizer": lambda p: Odd(p, lr=0.01)}
    with pytest.warns(TrainingWarning, match=r"run\.optimizer\.rule is an object") as caught:
        train(tmp_path, **more)
    assert len(caught) == 1


# -- when it is written -------------------------------------------------------------------------


def test_the_middle_of_an_epoch_is_written_at_the_pace_that_was_asked_for(tmp_path, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(resume.time, "monotonic", lambda: clock[0])
    written = []
    save = resume.save_checkpoint
    monkeypatch.setattr(
        resume, "save_checkpoint", lambda *a: (written.append(clock[0]), save(*a))[0]
    )

    class Second:
        def after_step(self, run):
            clock[0] += 1

    train(
        tmp_path, hooks=(Second(),), checkpoint_every=2.5, epochs=3, batch_size=10
    )  # 10 steps each
    assert written == [103, 106, 109, 110, 113, 116, 119, 120, 123, 126, 129, 130, 130]


def test_checkpoints_change_nothing_about_a_run(tmp_path):
    assert_same(train(None), train(tmp_path))
    state = load_checkpoint(tmp_path)[1]
    assert state["finished"] is True
    assert np.isfinite(state["run"]["history"]["records"][0]["loss"])


def test_a_tensor_data_set_behind_a_loader_with_its_own_generator_goes_on(tmp_path):
    def loader():
        return DataLoader(
            TensorDataset(*ALL), batch_size=16, shuffle=True, generator=torch.Generator()
        )

    more = {"batch_size": None}
    whole = train(tmp_path / "whole", data=loader(), **more)
    with pytest.raises(Gone):
        train(tmp_path / "broken", data=loader(), hooks=(CrashAt(8),), **more)
    assert_same(whole, train(tmp_path / "broken", data=loader(), resume=True, **more))

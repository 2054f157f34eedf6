"""The full training run: on a few images here, and the table it has left for the lesson."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
import torch

from coursekit.course.environment import project_root
from coursekit.datasets import Dataset, DatasetError
from coursekit.models import digit_cnn
from coursekit.runs import full_run, run_10, run_12, run_13, run_15, run_17, run_18


@pytest.fixture(scope="module")
def few():
    """Ten kinds of picture that a model can tell apart: one bright bar each, at ten heights."""
    rng = np.random.default_rng(0)

    def part(count):
        labels = np.arange(count) % 10
        images = rng.integers(0, 60, (count, 28, 28))
        for image, label in zip(images, labels, strict=True):
            image[label * 2 + 4 : label * 2 + 6] = 255
        return images.astype(np.uint8), labels.astype(np.int64)

    classes = tuple(f"bar {i}" for i in range(10))
    return Dataset("bars", classes, part(320), part(100), "")


@pytest.fixture(autouse=True)
def as_many_threads_as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def rows(few):
    return run_10.train(few, seed=3, epochs=2)


def test_it_learns_and_writes_a_row_an_epoch(rows):
    assert [row["epoch"] for row in rows] == [1, 2]
    assert rows[-1]["parameters"] == 63_050
    assert (rows[-1]["train_images"], rows[-1]["test_images"]) == (320, 100)
    assert float(rows[-1]["test_accuracy"]) > 0.5
    assert float(rows[1]["train_loss"]) < float(rows[0]["train_loss"])


def test_the_seed_alone_decides(few, rows):
    run_10.build_model()
    assert run_10.train(few, seed=3, epochs=2) == rows
    other = run_10.train(few, seed=4, epochs=1)
    assert other[0]["train_loss"] != rows[0]["train_loss"]


def test_accuracy_is_the_mean_recall_of_classes_of_one_size(rows):
    shares = [float(v) for k, v in rows[-1].items() if k.startswith("recall ")]
    assert len(shares) == 10
    assert np.mean(shares) == pytest.approx(float(rows[-1]["test_accuracy"]), abs=1e-4)


@pytest.mark.parametrize("train", [run_10.train, run_12.train])
def test_no_epoch_is_refused(few, train):
    with pytest.raises(ValueError, match=r"epochs"):
        train(few, seed=0, epochs=0)


@pytest.fixture
def trained_before(few, rows, monkeypatch):
    """Lesson 12 has this data, and for each seed a row of a network that was trained above."""

    def train(data, *, seed, epochs):
        assert data is few and epochs == 1
        return [rows[0] | {"seed": seed}]

    monkeypatch.setattr(full_run, "load", lambda name: few)
    monkeypatch.setitem(full_run.RUNS, "12", replace(full_run.RUNS["12"], train=train))


@pytest.mark.usefixtures("trained_before")
def test_command_writes_the_table(tmp_path, capsys):
    out = tmp_path / "deeper" / "table.csv"
    assert full_run.main(["12", "--epochs", "1", "--seeds", "5", "6", "--out", str(out)]) == 0
    table = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [row["seed"] for row in table] == ["5", "6"]
    assert table[0]["command"] == (
        "python -m coursekit.runs.full_run 12 --epochs 1 --seeds 5 6 --threads 2"
    )
    # The table is the same wherever it was made.
    assert str(tmp_path) not in out.read_text()
    assert "wrote table.csv: 2 rows" in capsys.readouterr().out


def test_without_the_data_it_says_so_in_one_line(monkeypatch, capsys):
    def missing(name):
        raise DatasetError("fashion_mnist is not on this machine; fetch it")

    monkeypatch.setattr(full_run, "load", missing)
    assert full_run.main(["10"]) == 1
    assert capsys.readouterr().err == "fashion_mnist is not on this machine; fetch it\n"


@pytest.mark.usefixtures("trained_before")
def test_a_place_that_refuses_the_table_is_named(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert full_run.main(["12", "--epochs", "1", "--seeds", "5", "--out", f"{blocked}/t.csv"]) == 1
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["03"], ["10", "--epochs", "0"], ["10", "--threads", "0"]])
def test_wrong_calls_end_with_two(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        full_run.main(wrong)
    assert ended.value.code == 2


def test_lenet_learns_and_the_seed_alone_decides(few):
    rows = run_12.train(few, seed=3, epochs=4)
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4]
    assert rows[-1]["parameters"] == 61_706
    assert float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])
    assert run_12.train(few, seed=3, epochs=4) == rows


def test_a_table_names_the_device_that_was_used(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert {lesson: run.device() for lesson, run in full_run.RUNS.items()} == {
        "10": "cuda",
        "12": "cpu",
        "13": "cpu",
        "15": "cpu",
        "17": "cpu",
        "18": "cpu",
    }


def test_the_stored_runs_of_lesson_17_hold_together():
    path = project_root() / "datasets" / "results" / full_run.RUNS["17"].table
    table = list(csv.DictReader(path.open()))
    asked = [("pictures", name, str(n), "test images")
             for n in run_17.SIZES for name in run_17.PICTURES]  # fmt: skip
    asked += [("digits", name, str(run_17.DIGITS), look)
              for name in run_17.DIGIT_CHANGES for look, *_ in run_17.LOOKS]  # fmt: skip
    assert len({row["seed"] for row in table}) == 3
    for seed in {row["seed"] for row in table}:
        keys = ("experiment", "augmentation", "train_images", "tested_on")
        assert [tuple(row[k] for k in keys) for row in table if row["seed"] == seed] == asked
    for row in table:
        assert row["command"].startswith("python -m coursekit.runs.full_run 17 ")
        assert 0 < float(row["test_accuracy"]) < 1 and float(row["train_loss"]) > 0


def test_lesson_17_turns_as_numpy_does_and_a_network_learns_what_it_is_shown():
    image = torch.arange(30.0).reshape(1, 1, 5, 6)[..., :5]
    turned = run_17.turned(image, 90.0)[0, 0]
    np.testing.assert_allclose(turned.numpy(), np.rot90(image[0, 0].numpy()), atol=1e-3)
    torch.manual_seed(0)
    batch = image.repeat(64, 1, 1, 1)
    mirrored = (run_17.flip_vertical(batch) == batch.flip(2)).all(dim=(1, 2, 3)).sum()
    assert 16 < mirrored < 48
    for step in (run_17.random_turn(90), run_17.random_scale(0.5, 2)):
        assert len(torch.unique(step(batch), dim=0)) > 32
    labels = np.arange(64) % 2
    images = np.zeros((64, 28, 28), np.uint8)
    images[labels == 0, :14] = 255  # bright above, or below
    images[labels == 1, 14:] = 255
    part = run_17.grey_digits(images, labels, 64)
    torch.manual_seed(0)
    losses = [
        run_17.train_one(digit_cnn(), part, steps, updates=20, seed=0)
        for steps in ((), (run_17.flip_vertical,))
    ]
    assert losses[0] < 0.1 < 0.4 < losses[1]  # what is mirrored has the wrong label


def test_the_stored_runs_of_lesson_15_hold_together():
    path = project_root() / "datasets" / "results" / full_run.RUNS["15"].table
    table = list(csv.DictReader(path.open()))
    asked = [(experiment, name) for experiment, name, _ in run_15.runs()]
    assert len({row["seed"] for row in table}) == 3
    for seed in {row["seed"] for row in table}:
        rows = [row for row in table if row["seed"] == seed]
        done = [(row["experiment"], row["network"]) for row in rows if row["final_train_error"]]
        assert done == asked and len(rows) == len(asked) * full_run.RUNS["15"].epochs
    for row in table:
        assert row["command"].startswith("python -m coursekit.runs.full_run 15 ")
        assert 0 < float(row["train_error"]) < 1


def test_the_stored_runs_of_lesson_13_hold_together():
    path = project_root() / "datasets" / "results" / full_run.RUNS["13"].table
    table = list(csv.DictReader(path.open()))
    asked = [(experiment, name) for experiment, name, _ in run_13.runs()]
    assert len({row["seed"] for row in table}) == 3
    epochs = {"speed": run_13.SPEED_EPOCHS, "ideas": full_run.RUNS["13"].epochs}
    for seed in {row["seed"] for row in table}:
        rows = [row for row in table if row["seed"] == seed]
        done = [(row["experiment"], row["network"]) for row in rows if row["final_train_error"]]
        assert done == asked and len(rows) == sum(epochs[experiment] for experiment, _ in asked)
    for row in table:
        assert row["command"].startswith("python -m coursekit.runs.full_run 13 ")
        assert row["parameters"] == "120778" and 0 <= float(row["train_error"]) < 1


def test_a_network_of_lesson_13_learns_and_the_seed_alone_decides():
    labels = np.arange(60) % 2
    images = np.random.default_rng(0).integers(0, 90, (60, 32, 32, 3)).astype(np.uint8)
    images += (labels * 150)[:, None, None, None].astype(np.uint8)
    part = run_13.small_pictures(images, labels, 60)
    assert part[0].shape == (60, 3, 8, 8)
    ideas = run_13.Ideas(dropout=0.2)
    runs = [run_13.train_one(ideas, part, part, seed=1, epochs=4)[1] for _ in range(2)]
    assert runs[0] == runs[1] and float(runs[0][-1]["final_train_error"]) < 0.5
    kinds = {type(layer).__name__ for layer in run_13.build(run_13.Ideas("tanh"), 0)}
    assert "Tanh" in kinds and "ReLU" not in kinds


def test_a_network_of_lesson_15_learns_and_the_seed_alone_decides():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 2
    images = rng.integers(0, 90, (60, 32, 32, 3)).astype(np.uint8) + (labels * 150)[
        :, None, None, None
    ].astype(np.uint8)
    part = run_15.small_pictures(images, labels, 60)
    assert part[0].shape == (60, 3, 8, 8)
    assert part[0][1, 0, 0, 0] == pytest.approx((images[1, :4, :4, 0].mean() / 255 - 0.47) / 0.25)
    recipe = run_15.Recipe(batch_norm=False)
    runs = [run_15.train_one(recipe, part, part, seed=1, epochs=2)[1] for _ in range(2)]
    assert runs[0] == runs[1] and float(runs[0][-1]["final_train_error"]) < 0.5
    assert not [m for m in run_15.build(recipe, 0).modules() if "Norm" in type(m).__name__]


def test_the_stored_runs_of_lesson_18_hold_together():
    path = project_root() / "datasets" / "results" / full_run.RUNS["18"].table
    table = list(csv.DictReader(path.open()))
    asked = [(str(count), name) for count, name, _ in run_18.runs()]
    assert len({row["seed"] for row in table}) == 3 and len(table) == 3 * len(asked)
    for seed in {row["seed"] for row in table}:
        rows = [row for row in table if row["seed"] == seed]
        assert [(row["per_class"], row["way"]) for row in rows] == asked
    for row in table:
        assert row["command"].startswith("python -m coursekit.runs.full_run 18 ")
        assert int(row["train_images"]) == 4 * int(row["per_class"])
        head_alone = "frozen" in row["way"] or row["way"] == "feature extraction"
        assert (row["trained"] == "260") == head_alone and row["parameters"] == "77652"


@pytest.fixture(scope="module")
def squares():
    """Two kinds of colour picture for each of four classes: red or blue, above or below."""
    rng = np.random.default_rng(0)
    labels = np.arange(48) % 4
    images = rng.integers(0, 40, (48, 32, 32, 3)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[16 * (label // 2) :][:16, :, 2 * (label % 2)] += 200
    return Dataset("squares", ("dog", "horse", "ship", "truck"), (images, labels), ([], []), "")


@pytest.mark.parametrize("name", ["feature extraction", "fine-tuned, last stage", "from scratch"])
def test_a_way_of_lesson_18_learns_and_the_seed_alone_decides(squares, name):
    part = run_18.of_classes(*squares.train, squares)
    assert part[0].shape == (48, 3, 32, 32) and part[0].max() <= 1
    way = run_18.WAYS[name]
    before = run_18.build(way, seed=1)
    runs = [run_18.train_one(way, part, part, updates=24, seed=1) for _ in range(2)]
    assert runs[0][1] == runs[1][1] and runs[0][1]["test_accuracy"] > 0.6
    for place, (was, now) in enumerate(zip(before, runs[0][0], strict=True)):
        pairs = zip(was.state_dict().values(), now.state_dict().values(), strict=True)
        same = all((one == other).all() for one, other in pairs)
        assert same == (place < way.frozen or place == 4), place  # averaging has no numbers


def test_only_the_statistics_of_a_frozen_body_move(squares):
    part = run_18.of_classes(*squares.train, squares)
    way = run_18.WAYS["frozen, batch norm moving"]
    before = run_18.build(way, seed=1)
    made, _ = run_18.train_one(way, part, part, updates=2, seed=1)
    for was, now in zip(before[:-1], made[:-1], strict=True):
        assert all(map(lambda p, q: bool((p == q).all()), was.parameters(), now.parameters()))
    mean = [parts[0][1].running_mean for parts in (before, made)]
    assert not (mean[0] == mean[1]).all()


@pytest.mark.parametrize(
    ("lesson", "parameters", "least", "most"), [("10", "63050", 0.8, 0.95), ("12", "61706", 0.9, 1)]
)
def test_the_stored_table_holds_together(lesson, parameters, least, most):
    path = project_root() / "datasets" / "results" / full_run.RUNS[lesson].table
    table = list(csv.DictReader(path.open()))
    seeds = {row["seed"] for row in table}
    assert len(seeds) >= 3 and len(table) == len(seeds) * max(int(row["epoch"]) for row in table)
    for row in table:
        assert (row["train_images"], row["test_images"]) == ("60000", "10000")
        assert row["parameters"] == parameters
        assert row["command"].startswith(f"python -m coursekit.runs.full_run {lesson} ")
        shares = [float(v) for k, v in row.items() if k.startswith("recall ")]
        # The classes have (nearly) equally many test images, so the mean recall is the accuracy.
        near = 1e-4 if lesson == "10" else 2e-3
        assert np.mean(shares) == pytest.approx(float(row["test_accuracy"]), abs=near)
        assert least < float(row["test_accuracy"]) < most

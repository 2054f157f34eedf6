"""Every benchmark runs to its end on a few random images, prints its ratios and records them."""

import csv
import importlib
import re
import subprocess
import sys

import numpy as np
import pytest
from chromium import WHY_SKIPPED, chromium

from coursekit.datasets import load


@pytest.fixture
def script(project, monkeypatch):
    """Import a script of `benchmarks/` as Python finds it when it is run."""
    monkeypatch.syspath_prepend(str(project / "benchmarks"))
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(project / "benchmarks") in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("model", ["lenet", "resnet"])
def test_images_per_second(script, capsys, tmp_path, model):
    table = tmp_path / "rows.csv"
    code = script("images_per_second").main(
        ["--model", model, "--rounds", "1", "--images", "8", "--csv", str(table)]
    )
    assert code == 0
    printed = capsys.readouterr().out
    assert "torch 2" in printed and "8 images, 1 rounds" in printed
    rows = rows_of(table)
    assert len(rows) == 8
    assert rows[0]["name"] == "bare loop, float32" and float(rows[0]["ratio"]) == 1.0
    for row in rows:
        assert float(row["ratio"]) > 0 and float(row["images_per_second"]) > 0
        assert row["name"] in printed


def test_numpy_network(script, capsys, tmp_path):
    table = tmp_path / "rows.csv"
    arguments = ["--rounds", "1", "--epochs", "1", "--csv", str(table)]
    assert script("numpy_network").main(arguments) == 0
    printed = capsys.readouterr().out
    rows = rows_of(table)
    assert [row["name"] for row in rows][-1] == "NumPy, float64" and len(rows) == 3
    assert all(float(row["ratio"]) > 0 and row["name"] in printed for row in rows)
    shares = re.findall(r"([\d.]+)% of unseen digits right", printed)
    assert len(shares) == 3 and shares[1] == shares[2]  # the same steps in the same precision


def test_widgets(project, tmp_path):
    if chromium() is None:
        pytest.skip(WHY_SKIPPED)
    table = tmp_path / "rows.csv"
    # A process of its own: Playwright cannot be started twice in one.
    program = [sys.executable, project / "benchmarks" / "widgets.py"]
    command = [*program, "--only", "softmax", "--size", "9", "--csv", table]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    mount, control = rows_of(table)
    assert (mount["widget"], mount["input"], control["input"]) == ("softmax", "mount", "control")
    assert float(mount["to_frame_ms"]) > 0 and float(control["page_ms"]) > 0
    assert "Chromium" in mount["machine"] and mount["machine"] in done.stdout


def test_some_contenders_alone(script, capsys):
    arguments = ["--model", "lenet", "--rounds", "1", "--images", "16", "--processor-time"]
    assert script("images_per_second").main([*arguments, "--only", "same settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[-2:]] == [
        "bare loop, float32", "coursekit fit, same settings",
    ]  # fmt: skip


def test_the_median_of_paired_ratios(script):
    module = script("side_by_side")
    # Twice as fast in each round, while the machine slows down from round to round.
    seconds = {"slow": iter([9, 2, 4, 8]), "fast": iter([9, 1, 2, 4])}
    runs = {name: (lambda times=times: next(times)) for name, times in seconds.items()}
    slow, fast = module.measure(runs, 100, rounds=3)
    assert (slow.ratio, fast.ratio, fast.low, fast.high) == (1, 2, 2, 2)
    assert fast.speed == 50


def test_memory_and_first_step(script, capsys, tmp_path, monkeypatch):
    module, table = script("memory_and_first_step"), tmp_path / "rows.csv"

    def here(command, **_):  # in this process, which has imported everything already
        assert module.main(command[2:]) == 0
        return subprocess.CompletedProcess(command, 0, stdout=capsys.readouterr().out)

    monkeypatch.setattr(module.subprocess, "run", here)
    arguments = ["--rounds", "1", "--images", "64", "--only", "bare,fit", "--csv", str(table)]
    assert module.main(arguments) == 0
    rows = rows_of(table)
    assert [row["name"] for row in rows] == ["bare loop, float32", "coursekit fit, own choice"]
    for row in rows:
        assert float(row["first_step_s"]) > 0 and float(row["with_imports_s"]) > 0
        assert float(row["memory_mib"]) >= 0
    assert "against the first" in capsys.readouterr().out


def test_same_accuracy(script, capsys, tmp_path):
    table = tmp_path / "rows.csv"
    arguments = ["--epochs", "1", "--seeds", "2", "--images", "64", "--data", "strokes"]
    assert script("same_accuracy").main([*arguments, "--csv", str(table)]) == 0
    rows = rows_of(table)
    assert len(rows) == 4 and all(0 <= float(row["mean"]) <= 1 for row in rows)
    assert "seed 1" in capsys.readouterr().out


def test_the_airbench_network(script, capsys, monkeypatch):
    module = script("airbench_network")
    # The paper says 1.97 million. Convolutions, the dense layer, biases of norms and whitening:
    convolutions = 9 * (24 * 64 + 64 * 64 + 64 * 256 + 3 * 256 * 256)
    taught = sum(p.numel() for p in module.Network().parameters() if p.requires_grad)
    assert taught == convolutions + 256 * 10 + 2 * (64 + 256 + 256) + 24 == 1_971_352
    monkeypatch.setattr(module, "WIDTHS", (4, 4, 4))
    assert module.main(["--images", "4", "--rounds", "1"]) == 0
    assert "coursekit fit" in capsys.readouterr().out


def test_seconds_to_accuracy(script, capsys, tmp_path, monkeypatch):
    module, table = script("seconds_to_accuracy"), tmp_path / "rows.csv"
    (images, labels), _ = load("strokes")
    few = ((images[:64], labels[:64]),) * 2
    floats = tuple((x[..., None].astype("float32") / 255, y) for x, y in few)
    monkeypatch.setattr(module, "in_memory", lambda: (few, floats))
    monkeypatch.setattr(module, "MOST_EPOCHS", 2)
    monkeypatch.setattr(module, "compared", lambda results, target: f"{target}: compared")
    arguments = ["--targets", "0.88", "--seeds", "1", "--csv", str(table)]
    with pytest.warns(UserWarning, match="stand in the training set"):
        assert module.main(arguments) == 0
    assert "0.88: compared" in capsys.readouterr().out
    ours, keras = rows_of(table)
    assert (ours["route"], ours["epochs"]) == ("coursekit", "1")
    assert (keras["route"], keras["epochs"]) == ("Keras, lenet", "2")
    for row in (ours, keras):
        assert float(row["processor_seconds"]) > 0 and 0 <= float(row["accuracy"]) <= 1


def test_routes_are_compared_by_their_medians_and_a_miss_never_comes_there(script):
    module = script("seconds_to_accuracy")
    runs = [("coursekit", 2.0, 0.89), ("coursekit", 4.0, 0.89), ("coursekit", 1.0, 0.87)]
    results = [
        module.Result(route, 0.88, seed, 99.0, seconds, 1, accuracy)
        for seed, (route, seconds, accuracy) in enumerate([*runs, ("Keras", 60.0, 0.881)])
    ]
    assert "2 of 3 runs passed); Keras 60.0 s: 15.0 times" in module.compared(results, 0.88)


def test_a_shipped_network_is_made_again(script, capsys, tmp_path):
    module = script("train_shipped")

    class Random:
        """One class more than the network has, and all in another order."""

        classes = ("another", *module.SHIPPED["digit_cnn"].classes[::-1])

        def __iter__(self):
            rng = np.random.default_rng(0)
            for _ in range(2):
                yield rng.integers(0, 256, (32, 28, 28), np.uint8), np.arange(32) % 11

    def main(*more):
        assert module.main(["digit_cnn", "--quick", "--out", str(tmp_path), *more]) == 0
        assert "differ" in capsys.readouterr().out  # from those that are shipped
        return (tmp_path / "digit_cnn.safetensors").read_bytes()

    module.load = lambda name: Random()
    _, (_, labels) = module.sets_of(module.SHIPPED["digit_cnn"])
    assert labels.tolist() == [10 - n % 11 for n in range(32) if n % 11]
    first = main()
    assert main() == first and main("--seed", "1") != first


@pytest.mark.sandbox
def test_grading_throughput(script, capsys, tmp_path):
    table = tmp_path / "rows.csv"
    arguments = ["03_convolution_2d", "--count", "3", "--workers", "1", "--rounds", "1"]
    main = script("grading_throughput").main
    assert main([*arguments, "--yardstick-count", "0", "--csv", str(table)]) == 0
    (row,) = rows_of(table)
    assert (row["set"], row["round"], row["count"], row["workers"]) == (
        "03_convolution_2d", "1", "3", "1",
    )  # fmt: skip
    assert float(row["coursekit_per_second"]) > 0 and "torch 2" in row["machine"]
    assert row["nbgrader_per_second"] == row["times_otter"] == row["yardstick_count"] == ""
    printed = capsys.readouterr().out
    assert "3 submissions, 1 workers, 1 rounds" in printed
    said = float(re.search(r"coursekit ([0-9.]+) a second", printed)[1])
    assert said == pytest.approx(float(row["coursekit_per_second"]), abs=0.0101)


def test_graders_beside_each_other(script, capsys, tmp_path, monkeypatch):
    module = script("grading_throughput")
    table = tmp_path / "rows.csv"
    given = {}

    def yardstick(key, seconds):
        def grade(program, name, submissions, course):
            given[key] = sorted(path.name for path in submissions.iterdir())
            return next(seconds)

        return grade

    # The machine slows down from round to round, and the ratio to otter changes.
    ours, nbgrader, otter = iter([1, 2, 4]), iter([2, 4, 8]), iter([3, 12, 16])
    monkeypatch.setattr(module, "ours", lambda *_: next(ours))
    monkeypatch.setitem(module.YARDSTICKS, "nbgrader", yardstick("nbgrader", nbgrader))
    monkeypatch.setitem(module.YARDSTICKS, "otter", yardstick("otter", otter))
    arguments = ["04_kernels", "--count", "10", "--yardstick-count", "12", "--csv", str(table)]
    programs = ["--nbgrader", sys.executable, "--otter", sys.executable]
    assert module.main([*arguments, *programs]) == 0
    assert given["nbgrader"] == given["otter"] and len(given["otter"]) == 12
    rows = rows_of(table)
    assert [row["round"] for row in rows] == ["1", "2", "3"]
    assert [row["coursekit_per_second"] for row in rows] == ["10.000", "5.000", "2.500"]
    assert [row["otter_per_second"] for row in rows] == ["4.000", "1.000", "0.750"]
    assert [row["times_nbgrader"] for row in rows] == ["1.7", "1.7", "1.7"]
    assert [row["times_otter"] for row in rows] == ["2.5", "5.0", "3.3"]
    assert {row["yardsticks_import"] for row in rows} == {"the course"}
    assert "04_kernels: 3 times otter's speed (2 to 5)" in capsys.readouterr().out


def test_a_yardstick_that_is_not_there(script, capsys):
    with pytest.raises(SystemExit) as ended:
        script("grading_throughput").main(["--otter", "no_such_program"])
    assert ended.value.code == 2
    assert "there is no program no_such_program" in capsys.readouterr().err

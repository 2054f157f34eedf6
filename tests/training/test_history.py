"""A history keeps records and settings, says little by itself, and survives every export."""

import csv
import json
import math
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from coursekit.errors import CourseError
from coursekit.training import History

ORDER = [
    "epoch", "loss", "accuracy", "test_loss", "test_accuracy", "lr", "seconds", "images_per_second",
]  # fmt: skip


def some(**ended):
    history = History({"parameters": 61706, "batch_size": 32, "clip": math.inf}, **ended)
    history.add({"epoch": 1, "loss": 0.1 + 0.2, "accuracy": 0.5, "lr": 1e-3, "seconds": 2.5})
    history.add({"epoch": 2, "loss": math.nan, "accuracy": 0.6, "lr": 1 / 3, "top5": 0.9})
    return history


def test_records_have_the_promised_keys_in_order():
    history = History()
    history.add({"seconds": 1.0, "top5": 0.7, "loss": 0.9, "epoch": 1, "test_accuracy": 0.5})
    assert list(history.records[0]) == [*ORDER, "top5"]
    assert history.records[0]["test_loss"] is None
    history.add({"epoch": 2, "validation_accuracy": 0.4, "validation_loss": 0.3})
    assert list(history.records[1]) == [
        *ORDER[:3], "validation_loss", "validation_accuracy", *ORDER[3:]
    ]  # fmt: skip
    assert history["test_accuracy"] == [0.5, None]
    assert history["validation_loss"] == [None, 0.3]


def test_values_by_name_last_and_kept():
    history = some(best_epoch=1)
    assert history["accuracy"] == [0.5, 0.6]
    assert history.final["epoch"] == 2
    assert history.kept["epoch"] == 1
    history.config["keep"] = "last"
    assert history.kept["epoch"] == 2
    assert len(history) == 2 and [r["epoch"] for r in history] == [1, 2]
    assert history.has("top5") and not history.has("test_loss")


def test_what_it_says_by_itself_is_the_same_in_every_run(monkeypatch):
    fast, slow = some(), some()
    slow.records[0]["seconds"] = 999.0
    assert repr(fast) == repr(slow) == "History(2 epochs, 61,706 parameters)"
    assert repr(History()) == "History(0 epochs)"
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    assert fast._repr_html_() is None  # a stored notebook holds no measured number
    monkeypatch.delenv("COURSEKIT_HEADLESS")
    assert "<td>0.3000</td>" in fast._repr_html_()
    assert History()._repr_html_() is None


def test_the_table_is_short_escapes_names_and_marks_the_best():
    history = History(best_epoch=40)
    for epoch in range(1, 41):
        history.add({"epoch": epoch, "loss": 1.0, "<b>": 1.0, "images_per_second": 31234.5})
    table = history._repr_html_()
    assert table.count("<tr>") == 13
    assert "28 earlier epochs" in table
    assert "<b>" not in table and "&lt;b&gt;" in table
    assert "<td>40 ★</td>" in table and "<td>39</td>" in table
    assert "test" not in table  # a column with nothing in it is left out
    assert "31,234" in table


def test_unknown_names_and_empty_histories_are_explained():
    with pytest.raises(KeyError, match="no 'los'; choose from epoch, loss, accuracy"):
        some()["los"]
    with pytest.raises(KeyError, match=r"history.records\[0\]"):
        some()[0]
    with pytest.raises(ValueError, match="at least one epoch"):
        _ = History().final
    with pytest.raises(ValueError, match="found epoch None; expected a whole number"):
        History().add({"loss": 1.0})


def test_json_is_strict_and_reads_back_bit_for_bit(tmp_path):
    history = some(best_epoch=2, stopped="It ended.")
    history.config |= {
        "device": torch.device("cpu"), "dtype": torch.bfloat16, "seed": np.int64(3),
        "lrs": (0.1, np.float32(0.5)), "loss": torch.nn.functional.cross_entropy, "model": object(),
    }  # fmt: skip
    path = tmp_path / "deep" / "run.json"
    history.to_json(path)

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    assert "0x" not in path.read_text()
    back = History.from_json(str(path))
    assert back.records[0] == history.records[0]
    assert math.isnan(back.records[1].pop("loss")) and math.isnan(history.records[1].pop("loss"))
    assert back.records == history.records
    assert (back.best_epoch, back.stopped) == (2, "It ended.")
    assert back.config == {
        "parameters": 61706, "batch_size": 32, "clip": math.inf, "device": "cpu",
        "dtype": "torch.bfloat16", "seed": 3, "lrs": [0.1, 0.5], "loss": "cross_entropy",
        "model": "object",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b'{"format": "coursekit history", "ver', "is damaged: it is no JSON"),
        (b"\xff\xfe", "is damaged: it is no JSON"),
        (b"[" * 100_000, "is damaged: it is no JSON"),
        (b"[1, 2]", "holds no history"),
        (b'{"format": "coursekit history", "version": 9}', "version 9, this coursekit reads"),
        (b'{"format": "coursekit history", "version": 1, "config": {}}', "a part of the history"),
        (
            b'{"format": "coursekit history", "version": 1, "config": {}, "stopped": "", '
            b'"best_epoch": null, "records": [{"loss": 1.0}]}',
            "a part of the history",
        ),
    ],
)
def test_damaged_files_are_named(tmp_path, content, complaint):
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=complaint) as caught:
        History.from_json(path)
    assert str(path) in str(caught.value)


def test_missing_and_unwritable_places_are_named(tmp_path):
    with pytest.raises(CourseError, match=r"none\.json could not be read \(no such file"):
        History.from_json(tmp_path / "none.json")
    (tmp_path / "file").write_text("here")
    for write in (History().to_json, History().to_csv, History().to_tensorboard):
        with pytest.raises(CourseError, match="could not be written") as caught:
            write(tmp_path / "file" / "run")
        assert "choose another folder" in str(caught.value)


def test_csv_reads_back_exactly(tmp_path):
    some().to_csv(tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*ORDER, "top5"]
    assert float(rows[0]["loss"]) == 0.1 + 0.2
    assert float(rows[1]["lr"]) == 1 / 3
    assert math.isnan(float(rows[1]["loss"]))
    assert rows[0]["test_loss"] == rows[0]["top5"] == ""


def test_a_dataframe_holds_numbers_alone():
    import pandas

    table = some().to_dataframe()
    assert list(table.columns) == [*ORDER, "top5"]
    assert table["epoch"].tolist() == [1, 2]
    assert table["loss"][0] == 0.1 + 0.2
    assert all(pandas.api.types.is_numeric_dtype(table[key]) for key in table)
    assert table["test_accuracy"].isna().all()
    assert list(History().to_dataframe().columns) == []


def test_tensorboard_reads_the_event_file(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    history = some()
    history.records[0] |= {"test_loss": 0.25, "test_top5": 0.8}
    history.to_tensorboard(tmp_path / "events")
    events = EventAccumulator(str(tmp_path / "events")).Reload()
    assert set(events.Tags()["scalars"]) == {
        "loss/training", "loss/test", "accuracy/training", "lr", "seconds", "top5/training",
        "top5/test",
    }  # fmt: skip
    assert [(e.step, e.value) for e in events.Scalars("lr")] == [
        (1, np.float32(1e-3)), (2, np.float32(1 / 3)),
    ]  # fmt: skip
    assert math.isnan(events.Scalars("loss/training")[1].value)
    assert [(e.step, e.value) for e in events.Scalars("loss/test")] == [(1, 0.25)]
    text = events.Tensors("settings/text_summary")[0].tensor_proto.string_val[0].decode()
    assert '"parameters": 61706' in text


def test_without_tensorboard_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(CourseError, match="pip install tensorboard"):
        some().to_tensorboard(tmp_path / "events")
    assert not (tmp_path / "events").exists()


def test_a_history_alone_loads_nothing_heavy():
    code = (
        "import sys; from coursekit.training import History; "
        "h = History(records=[{'epoch': 1, 'loss': 0.5}]); h.report(); repr(h); h._repr_html_(); "
        "print([m for m in ('torch', 'keras', 'matplotlib', 'pandas', 'tqdm') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_validation_set_has_both_of_its_keys_or_none():
    history = History()
    history.add({"epoch": 1, "loss": 0.5, "validation_loss": 0.6})
    history.add({"epoch": 2, "loss": 0.4})
    first, second = (list(record) for record in history.records)
    assert first[2:7] == [
        "accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
    ]  # fmt: skip
    assert history.records[0]["validation_accuracy"] is None
    assert "validation_accuracy" not in second

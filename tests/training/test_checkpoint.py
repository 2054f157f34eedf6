"""The file: whole or not at all, no pickle, every tensor as it lay in memory."""

import errno
import json
import os
import pickle
import random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from coursekit.errors import CourseError
from coursekit.training.keeping import checkpoint
from coursekit.training.keeping.checkpoint import (
    FILE,
    PREVIOUS,
    keep_previous,
    load_checkpoint,
    load_state,
    prepare_folder,
    save_checkpoint,
)
from coursekit.training.keeping.formats import pack, unpack


def tensors_of_all_kinds():
    torch.manual_seed(0)
    plain = torch.randn(4, 3, 5, 5)
    tied = torch.randn(2, 2)
    whole = torch.arange(24.0).reshape(4, 6)
    return {
        "plain": plain,
        "channels_last": plain.to(memory_format=torch.channels_last),
        "one_channel": torch.randn(4, 1, 3, 3).to(memory_format=torch.channels_last),
        "turned": torch.randn(3, 7).T,
        "three_axes": torch.randn(2, 3, 4).permute(2, 0, 1),
        "number": torch.tensor(3.5, dtype=torch.float64),
        "step": torch.tensor(7.0),
        "empty": torch.zeros(0, 3),
        "flags": torch.tensor([True, False]),
        "half": torch.randn(5).bfloat16(),
        "bytes": torch.arange(256, dtype=torch.uint8),
        "odd": torch.tensor([float("nan"), float("inf"), -0.0]),
        "tied": tied,
        "tied_again": tied,
        "tied_turned": tied.T,
        "slice": whole[1:3],
        "every_second": whole[:, ::2],
        "expanded": torch.ones(1, 3).expand(4, 3),
        "weight": torch.nn.Parameter(torch.ones(2)),
    }


def test_every_tensor_comes_back_with_its_numbers_type_and_order_in_memory(tmp_path):
    tensors = tensors_of_all_kinds()
    save_checkpoint(tmp_path, tensors, {})
    back, _ = load_checkpoint(tmp_path)
    assert back.keys() == tensors.keys()
    loose = {"every_second", "expanded"}  # with gaps, or one number in many places: stored plainly
    for name, tensor in tensors.items():
        assert back[name].dtype == tensor.dtype and back[name].shape == tensor.shape, name
        assert torch.equal(back[name].nan_to_num(9), tensor.detach().nan_to_num(9)), name
        if name not in loose:
            assert back[name].stride() == tensor.stride(), name
    assert back["tied"] is back["tied_again"]


def test_tensors_that_come_back_do_not_share_memory_with_the_file(tmp_path):
    save_checkpoint(tmp_path, {"a": torch.ones(3), "b": torch.ones(3)}, {})
    back, _ = load_checkpoint(tmp_path)
    back["a"].add_(1)
    assert back["b"].tolist() == [1, 1, 1]
    assert load_checkpoint(tmp_path)[0]["a"].tolist() == [1, 1, 1]
    assert back["a"].data_ptr() % 64 == 0  # as torch lays out its own


def test_the_file_is_plain_safetensors_that_anybody_can_read(tmp_path):
    weight = torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)
    save_checkpoint(tmp_path, {"model.weight": weight}, {"epoch": 2})
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert torch.equal(load_file(tmp_path / FILE)["model.weight"], weight)
    content = (tmp_path / FILE).read_bytes()
    length = int.from_bytes(content[:8], "little")
    texts = json.loads(content[8 : 8 + length])["__metadata__"]
    assert json.loads(texts["state"]) == {"epoch": 2}


def test_there_is_no_pickle(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("pickled")

    for name in ("dump", "dumps", "load", "loads", "Pickler", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    monkeypatch.setattr(torch, "save", refuse)
    monkeypatch.setattr(torch, "load", refuse)
    save_checkpoint(tmp_path, tensors_of_all_kinds(), {"a": 1})
    assert load_checkpoint(tmp_path)[1] == {"a": 1}


def test_any_flipped_bit_is_found(tmp_path):
    tensors = {"a": torch.randn(40), "b": torch.arange(9)}
    save_checkpoint(tmp_path, tensors, {"step": 1})
    content = (tmp_path / FILE).read_bytes()
    chance = random.Random(0)
    places = [chance.randrange(len(content)) for _ in range(300)] + [0, 7, 8, len(content) - 1]
    found = 0
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        (tmp_path / FILE).write_bytes(flipped)
        try:
            back, state = load_checkpoint(tmp_path)
        except CourseError as error:
            found += 1
            assert str(tmp_path / FILE) in str(error)
            assert "resume=False" in str(error)
        else:  # a bit that says nothing: white space, or the name of a type in other words
            assert state == {"step": 1}, place
            assert all(torch.equal(back[name], tensor) for name, tensor in tensors.items()), place
    assert found > 290


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"\x00" * 100, b"\xff" * 100, b"{}", b"PK\x03\x04" * 30]
)
def test_what_is_no_checkpoint_is_named(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(CourseError, match=r"checkpoint\.safetensors is damaged, or no checkpoint"):
        load_checkpoint(tmp_path)
    with pytest.raises(CourseError, match="is damaged"):
        load_state(tmp_path)


def test_a_file_that_was_cut_off_is_named(tmp_path):
    save_checkpoint(tmp_path, {"a": torch.randn(1000)}, {"step": 1})
    content = (tmp_path / FILE).read_bytes()
    for length in (len(content) - 1, len(content) // 2, 60, 8, 3):
        (tmp_path / FILE).write_bytes(content[:length])
        with pytest.raises(CourseError, match="is damaged"):
            load_checkpoint(tmp_path)


def test_somebody_elses_tensors_are_named(tmp_path):
    save_file({"a": torch.ones(3)}, tmp_path / FILE, {"format": "pt"})
    with pytest.raises(CourseError, match="found 'other tensors', expected 'coursekit checkpoint"):
        load_checkpoint(tmp_path)


def test_without_a_file_there_is_none(tmp_path):
    assert load_checkpoint(tmp_path / "nothing") is None
    assert load_state(tmp_path) is None


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch, moment):
    save_checkpoint(tmp_path, {"a": torch.ones(3)}, {"step": 1})

    def refuse(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    place = {"write": (checkpoint, "save"), "fsync": (os, "fsync")}.get(moment)
    if place is None:
        place = (type(tmp_path), "replace")
    with monkeypatch.context() as broken, pytest.raises(OSError, match="No space"):
        broken.setattr(*place, refuse)
        save_checkpoint(tmp_path, {"a": torch.zeros(3)}, {"step": 2})
    tensors, state = load_checkpoint(tmp_path)
    assert state == {"step": 1} and tensors["a"].tolist() == [1, 1, 1]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_folder_that_is_gone_is_not_made_anew(tmp_path):
    with pytest.raises(OSError, match="the folder is gone"):
        save_checkpoint(tmp_path / "gone", {}, {})
    assert not (tmp_path / "gone").exists()


def test_the_folder_is_made_and_swept(tmp_path):
    folder = prepare_folder(tmp_path / "runs" / "first")
    assert list(folder.iterdir()) == []
    (folder / f".{FILE}.1a2b.part").write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    prepare_folder(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_folder_that_is_a_file_or_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"checkpoint: found the file .*; expected a folder"):
        prepare_folder(tmp_path / "file")
    with pytest.raises(CourseError, match="could not be written"):
        prepare_folder(tmp_path / "file" / "below")


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path, monkeypatch):
    def refuse(*args):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(checkpoint, "write_whole", refuse)
    with pytest.raises(CourseError, match=r"read-only file system.*choose another folder"):
        prepare_folder(tmp_path)


@pytest.mark.parametrize("links", [True, False])
def test_the_file_of_an_earlier_run_keeps_a_name(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", lambda *args: (_ for _ in ()).throw(OSError("no links")))
    assert keep_previous(tmp_path) is False
    save_checkpoint(tmp_path, {}, {"run": 1})
    assert keep_previous(tmp_path) is True
    assert keep_previous(tmp_path) is True  # once more, as after a write that failed
    save_checkpoint(tmp_path, {}, {"run": 2})
    assert load_checkpoint(tmp_path)[1] == {"run": 2}
    assert load_checkpoint(tmp_path, PREVIOUS)[1] == {"run": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == [PREVIOUS, FILE]


def test_a_tree_comes_back_as_it_was(tmp_path):
    tree = {
        "state": {0: {"step": torch.tensor(1.0), "exp_avg": torch.ones(2)}, 1: {}},
        "betas": (0.9, 0.999),
        "none": None,
        "flags": [True, False],
        "odd": [float("inf"), -float("inf")],
        "exact": 0.1 + 0.2,
        "big": 2**127 + 1,
        "$tensor": "a key that looks like a reference",
        "nested": {"a.b": torch.zeros(1), "a": {"b": torch.ones(1)}},
        "array": np.arange(3, dtype=np.uint32),
        "numpy": np.float32(0.5),
        "type": torch.bfloat16,
        "words": "ä\ud800\n",
        "empty": {},
    }
    save_checkpoint(tmp_path, *pack(tree))
    back = unpack(*load_checkpoint(tmp_path))
    assert back.keys() == tree.keys()
    assert torch.equal(back["state"][0]["exp_avg"], torch.ones(2)) and back["state"][1] == {}
    assert back["nested"]["a.b"].item() == 0 and back["nested"]["a"]["b"].item() == 1
    assert back["array"].dtype == np.uint32 and back["array"].tolist() == [0, 1, 2]
    for name in (
        "betas",
        "none",
        "flags",
        "odd",
        "exact",
        "big",
        "$tensor",
        "type",
        "words",
        "empty",
    ):
        assert back[name] == tree[name] and type(back[name]) is type(tree[name]), name


def test_what_cannot_be_stored_is_named_by_its_path():
    with pytest.raises(
        TypeError, match=r"optimizer\.state\.0\.rule is an object of builtins\.object"
    ):
        pack({"optimizer": {"state": {0: {"rule": object()}}}})

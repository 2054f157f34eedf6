"""What is kept, what counts as damaged, and where a mirror may hold the files."""

import gzip
import json

import numpy as np
import pytest
from bad_server import left_over

from coursekit.datasets import DatasetError, fetch, info, load
from coursekit.errors import CourseError


def break_byte(path):
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


DAMAGES = {
    "one bit": lambda folder: break_byte(folder / "x_train.npy"),
    "cut off": lambda folder: (folder / "x_test.npy").write_bytes(
        (folder / "x_test.npy").read_bytes()[:-100]
    ),
    "empty": lambda folder: (folder / "y_train.npy").write_bytes(b""),
    "rubbish": lambda folder: (folder / "y_test.npy").write_bytes(b"rubbish" * 40),
    "a pickle": lambda folder: np.save(
        folder / "y_test.npy", np.array([{}], dtype=object), allow_pickle=True
    ),
    "an array gone": lambda folder: (folder / "x_train.npy").unlink(),
    "no record": lambda folder: (folder / "record.json").unlink(),
    "a record cut off": lambda folder: (folder / "record.json").write_text("{"),
    "a record of another kind": lambda folder: (folder / "record.json").write_text("[]"),
    "an older layout": lambda folder: (folder / "record.json").write_text(
        json.dumps(json.loads((folder / "record.json").read_text()) | {"layout": 0})
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_copy_is_noticed_and_brought_again(damage, tiny, server, cache):
    tiny.sources(server.source("good"))
    load("tiny")
    DAMAGES[damage](cache / "tiny")
    assert tiny.equals(load("tiny"))
    assert set(server.asked.values()) == {2}
    assert tiny.equals(load("tiny", download=False))
    assert left_over(cache) == []


def test_a_damaged_copy_that_cannot_be_replaced_is_named(tiny, server, cache):
    tiny.sources(server.source("good"))
    load("tiny")
    DAMAGES["one bit"](cache / "tiny")
    with pytest.raises(DatasetError, match="is damaged"):
        load("tiny", download=False)


def test_a_copy_made_under_another_digest_counts_as_none(tiny, server):
    tiny.sources(server.source("good"))
    load("tiny")
    tiny.path.write_text(tiny.path.read_text().replace('sha256 = "', 'sha256 = "0'))
    with pytest.raises(DatasetError, match="expected 0"):
        load("tiny")


def test_arrays_are_the_caller_s_own(tiny, server):
    tiny.sources(server.source("good"))
    for _ in range(2):
        (x_train, y_train), (x_test, y_test) = load("tiny")
        for array in (x_train, y_train, x_test, y_test):
            assert array.flags.writeable
            array[:] = 0
    assert tiny.equals(load("tiny"))


@pytest.mark.parametrize("place", ["tiny", ""])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_mirror_may_hold_the_files_flat_or_in_a_folder_zipped_or_not(
    place, zipped, tiny, server, tmp_path, monkeypatch, cache
):
    tiny.sources(server.source("good"))
    tiny.put_into(tmp_path / "mirror" / place, zipped=zipped)
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    assert info("tiny").where == "mirror"
    assert tiny.equals(load("tiny", download=False))
    assert info("tiny").where == "cache"
    assert not server.asked


def test_a_file_of_the_same_name_but_another_set_is_passed_over(tiny, tmp_path, monkeypatch, cache):
    tiny.put_into(tmp_path / "mirror")
    folder = tmp_path / "mirror" / "tiny"
    folder.mkdir()
    (folder / "train-images.gz").write_bytes(tiny.files["test-images.gz"])
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    assert tiny.equals(load("tiny", download=False))


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-20])


WRONG_FILES = {
    "one bit": break_byte,
    "empty": lambda path: path.write_bytes(b""),
    "cut off": cut_off,
    "a login page": lambda path: path.write_text("<!doctype html><title>Sign in</title>"),
    "another file": lambda path: path.write_bytes(gzip.compress(bytes(99))),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("wrong", WRONG_FILES)
def test_a_wrong_file_in_the_mirror_is_named_whatever_comes_next(
    wrong, tiny, server, tmp_path, monkeypatch, cache
):
    tiny.put_into(tmp_path / "mirror")
    place = tmp_path / "mirror" / "train-labels.gz"
    WRONG_FILES[wrong](place)
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))

    def named(text):
        return str(tmp_path / "mirror") in text and place.name in text

    tiny.sources(server.source("good"))
    with pytest.raises(DatasetError) as raised:
        load("tiny", download=False)
    assert named(str(raised.value))
    tiny.sources("http://127.0.0.1:9/")
    with pytest.raises(DatasetError) as raised:
        fetch("tiny")
    assert named(str(raised.value)) and "127.0.0.1:9" in str(raised.value)
    tiny.sources(server.source("good"))
    with pytest.warns(UserWarning) as warned:
        assert tiny.equals(load("tiny"))
    assert any(named(str(one.message)) for one in warned)


def test_a_relative_folder_is_the_same_for_a_command_and_for_a_notebook_below(
    tiny, tmp_path, monkeypatch
):
    tiny.put_into(tmp_path / "course" / "data")
    (tmp_path / "course" / "workspace" / "lessons").mkdir(parents=True)
    (tmp_path / "course" / "kept").mkdir()
    monkeypatch.setenv("COURSEKIT_DATA", "data")
    monkeypatch.setenv("COURSEKIT_CACHE", "kept")
    monkeypatch.chdir(tmp_path / "course")
    assert info("tiny").place == tmp_path / "course" / "data"
    monkeypatch.chdir(tmp_path / "course" / "workspace" / "lessons")
    assert tiny.equals(load("tiny", download=False))
    monkeypatch.chdir(tmp_path / "course")
    assert info("tiny").place == tmp_path / "course" / "kept" / "tiny"


@pytest.mark.parametrize("named", ["", " ", "nowhere", "~/nowhere", "{tmp}/nowhere", "{tmp}/file"])
def test_a_mirror_that_does_not_exist_is_no_mirror(
    named, tiny, server, monkeypatch, tmp_path, cache
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSEKIT_DATA", named.format(tmp=tmp_path))
    with pytest.raises(DatasetError) as raised:
        load("tiny", download=False)
    assert ("no folder" in str(raised.value)) == bool(named.strip())
    tiny.sources(server.source("good"))
    assert tiny.equals(load("tiny"))


def test_a_home_of_nobody_is_named(tiny, monkeypatch):
    monkeypatch.setenv("COURSEKIT_DATA", "~no-such-user/data")
    with pytest.raises(CourseError, match="COURSEKIT_DATA is ~no-such-user/data"):
        load("tiny", download=False)


def test_content_that_fits_its_digest_but_not_its_description_is_refused(
    tiny, tmp_path, monkeypatch, cache
):
    tiny.put_into(tmp_path / "mirror")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    text = tiny.path.read_text()
    tiny.path.write_text(text.replace("train = 60", "train = 61"))
    with pytest.raises(DatasetError, match=r"shape \(60, 28, 28\), expected \(61, 28, 28\)"):
        load("tiny")
    tiny.path.write_text(text.replace('["even", "odd"]', '["even"]'))
    with pytest.raises(DatasetError, match="labels outside 0 to 0"):
        fetch("tiny")
    assert not (cache / "tiny").exists()

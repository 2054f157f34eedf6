"""A full disk and a cache that cannot be written: real mounts, as root writes through modes."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from bad_server import left_over

from coursekit.datasets import DatasetError, fetch, load

ROOM = "240k"


def mount(*arguments: str) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root and mount, to make a small or read-only disk")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine lets nobody mount: {done.stderr.strip()}")


@pytest.fixture
def small_disk(cache):
    """The cache on a disk of its own with little room."""
    cache.mkdir()
    mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(cache))
    yield cache
    subprocess.run(["umount", "-l", str(cache)], check=True)


@pytest.fixture
def locked_disk(cache):
    """The cache on a disk that is made read-only by calling it."""
    cache.mkdir()
    mount("--bind", str(cache), str(cache))

    def lock() -> Path:
        mount("-o", "remount,bind,ro", str(cache))
        return cache

    yield lock
    subprocess.run(["umount", "-l", str(cache)], check=True)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's temporary folder, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def fill(disk: Path, leave: int) -> None:
    free = shutil.disk_usage(disk).free
    (disk / "ballast").write_bytes(bytes(max(0, free - leave)))


def test_a_disk_known_to_be_too_small_is_said_before_anything_is_fetched(tiny, server, small_disk):
    tiny.sources(server.source("good"))
    fill(small_disk, leave=20_000)
    with pytest.raises(DatasetError, match="too full to fetch tiny") as raised:
        load("tiny")
    assert "COURSEKIT_CACHE" in str(raised.value)
    assert not server.asked
    assert left_over(small_disk) == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half_done(
    tiny, server, small_disk, monkeypatch
):
    tiny.sources(server.source("good"))
    fill(small_disk, leave=20_000)
    real = shutil.disk_usage
    monkeypatch.setattr(
        "coursekit.datasets.download.shutil.disk_usage",
        lambda path: real(path)._replace(free=10**9),
    )
    with pytest.raises(DatasetError, match="the disk is full"):
        load("tiny")
    assert left_over(small_disk) == []
    assert not (small_disk / "tiny").exists()
    (small_disk / "ballast").unlink()
    assert tiny.equals(load("tiny"))
    assert left_over(small_disk) == []


def test_from_a_mirror_a_set_is_used_though_it_cannot_be_kept(
    tiny, small_disk, tmp_path, monkeypatch
):
    tiny.put_into(tmp_path / "mirror")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    fill(small_disk, leave=20_000)
    with pytest.warns(UserWarning, match="the disk is full"):
        data = load("tiny")
    assert tiny.equals(data)
    assert left_over(small_disk) == []
    assert not (small_disk / "tiny").exists()
    with pytest.raises(DatasetError, match="cannot be kept"):
        fetch("tiny")


def test_a_damaged_copy_on_a_full_disk_does_not_hide_the_right_one(
    tiny, small_disk, tmp_path, monkeypatch
):
    tiny.put_into(tmp_path / "mirror")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    load("tiny")
    (small_disk / "tiny" / "y_test.npy").write_bytes(b"")
    fill(small_disk, leave=4096)
    with pytest.warns(UserWarning, match="used from memory"):
        assert tiny.equals(load("tiny"))


def test_a_read_only_cache_that_has_the_set_serves_it_without_a_word(
    tiny, server, locked_disk, recwarn
):
    tiny.sources(server.source("good"))
    load("tiny")
    locked_disk()
    assert tiny.equals(load("tiny", download=False))
    assert not recwarn.list


def test_with_a_read_only_cache_the_mirror_is_used_and_nothing_kept(
    tiny, locked_disk, tmp_path, monkeypatch, temporary
):
    tiny.put_into(tmp_path / "mirror")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    cache = locked_disk()
    with pytest.warns(UserWarning, match="Read-only file system") as warned:
        assert tiny.equals(load("tiny"))
    assert "COURSEKIT_CACHE" in str(warned[0].message)
    # The warning points at the line that called load.
    assert Path(warned[0].filename).name == Path(__file__).name
    assert list(cache.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_with_a_read_only_cache_a_download_passes_through_the_temporary_folder(
    tiny, server, locked_disk, temporary
):
    tiny.sources(server.source("cut_then_rest"))
    locked_disk()
    with pytest.warns(UserWarning, match="cannot be kept"):
        assert tiny.equals(load("tiny"))
    assert list(temporary.iterdir()) == []
    with pytest.raises(DatasetError, match="cannot be kept"):
        fetch("tiny")


def test_another_user_s_cache_is_read_and_not_written(tiny, tmp_path, monkeypatch, cache):
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    # pytest keeps its folders to their owner; the other user must get as far as this one.
    top = Path(tempfile.gettempdir()).resolve()
    if top not in tmp_path.parents:
        pytest.skip("pytest's temporary folder was moved to where another user may not get")
    for folder in (tmp_path, *tmp_path.parents):
        if top in folder.parents:
            folder.chmod(0o755)
    tiny.put_into(tmp_path / "mirror")
    cache.mkdir(mode=0o755)
    # Python itself may stand where the other user cannot read: import first, then change.
    code = (
        "import os, warnings, filelock, platformdirs; warnings.simplefilter('ignore')\n"
        "from coursekit.datasets import load, fetch, DatasetError\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "(a, b), _ = load('tiny'); print(int(a.sum()))\n"
        "try: fetch('tiny')\nexcept DatasetError as error: print(error)"
    )
    environment = os.environ | {"COURSEKIT_DATA": str(tmp_path / "mirror")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    said = done.stdout.splitlines()
    assert said[:1] == [str(int(tiny.x_train.sum()))], done.stderr
    assert "cannot be kept" in said[1]
    assert "Permission denied" in said[1]
    assert list(cache.iterdir()) == []

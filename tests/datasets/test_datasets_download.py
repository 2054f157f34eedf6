"""The real download path against a server that does what servers do on a bad day."""

import hashlib
import io
import os
import signal
import socket
import subprocess
import sys
import tarfile
import time

import numpy as np
import pytest
from bad_server import LONG, left_over

from coursekit.datasets import DatasetError, download, fetch, info, load
from coursekit.datasets.download import fetch_files
from coursekit.datasets.registry import record
from coursekit.datasets.transfer import Patience

LOAD = (
    "import sys; from coursekit.datasets import load;"
    "(a, b), (c, d) = load('tiny'); print(int(a.sum()), int(b.sum()), a.shape)"
)


def test_a_good_source_is_asked_once_for_each_file_and_never_again(tiny, server, cache):
    tiny.sources(server.source("good"))
    assert tiny.equals(load("tiny"))
    assert tiny.equals(load("tiny"))
    assert sorted(server.asked.values()) == [1, 1, 1, 1]
    assert info("tiny").cached
    assert left_over(cache) == []


@pytest.mark.parametrize(
    "way",
    [
        "missing",
        "broken",
        "cut",
        "cut_no_length",
        "cut_chunked",
        "cut_in_headers",
        "hang_up",
        "wrong",
        "not_packed",
        "empty",
        "endless",
        "silent",
        "stall",
        "drip",
        "drip_headers",
    ],
)
def test_a_bad_source_is_given_up_for_the_next(way, tiny, server, cache):
    tiny.sources(server.source(way), server.source("good"))
    begun = time.monotonic()
    assert tiny.equals(load("tiny"))
    assert time.monotonic() - begun < LONG / 2
    assert server.asked[f"/{way}/train-images.gz"] >= 1
    # The other files are asked of the source that works, and only of that.
    assert server.asked[f"/{way}/test-labels.gz"] == 0
    assert left_over(cache) == []


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("missing", "answered 404"),
        ("broken", "answered 500"),
        ("hang_up", "broke before an answer"),
        ("cut", "the connection broke after"),
        ("wrong", "SHA-256|unzipped"),
        ("not_packed", "56 bytes"),
        ("drip", "too slow"),
        ("silent", "too slow|Timeout"),
        ("endless", "sends more than"),
    ],
)
def test_when_every_source_fails_the_error_says_how_and_nothing_is_left(
    way, said, tiny, server, cache
):
    tiny.sources(server.source(way))
    with pytest.raises(DatasetError, match=said) as raised:
        load("tiny")
    message = str(raised.value)
    assert "tiny" in message
    assert "train-images.gz" in message
    assert "127.0.0.1" in message
    assert "COURSEKIT_DATA" in message
    assert "\n" not in message
    assert left_over(cache) == []
    assert not (cache / "tiny").exists()
    # Once the source is well again, so is the set.
    tiny.sources(server.source("good"))
    assert tiny.equals(load("tiny"))


def test_a_source_that_nobody_runs_fails_at_once(tiny, server, monkeypatch):
    def knows_numbers_alone(host, *others, real=socket.getaddrinfo):
        if host == "127.0.0.1":
            return real(host, *others)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", knows_numbers_alone)  # not this machine's resolver
    monkeypatch.setattr(download, "PATIENCE", Patience(pause=LONG))  # for a second attempt
    tiny.sources("http://127.0.0.1:9/", "http://no-such-host.invalid/", server.source("good"))
    begun = time.monotonic()
    assert tiny.equals(load("tiny"))
    assert time.monotonic() - begun < LONG / 2
    tiny.sources("http://no-such-host.invalid/")
    with pytest.raises(DatasetError, match=r"no-such-host\.invalid cannot be reached"):
        fetch_files(record("tiny"))


def test_a_cut_download_goes_on_where_it_broke(tiny, server):
    tiny.sources(server.source("cut_then_rest"))
    assert tiny.equals(load("tiny"))
    half = len(tiny.files["train-images.gz"]) // 2
    assert ("cut_then_rest", f"bytes={half}-") in server.ranges
    assert server.asked["/cut_then_rest/train-images.gz"] == 2


def test_a_line_that_breaks_often_is_worth_more_attempts_while_it_gets_further(tiny, server):
    tiny.sources(server.source("steps"))
    assert tiny.equals(load("tiny"))
    assert server.asked["/steps/train-images.gz"] == 6 > download.PATIENCE.attempts


@pytest.mark.parametrize(
    "way", ["ignores_range", "refuses_range", "wrong_part", "other_part", "busy_once"]
)
def test_a_cut_download_starts_again_cleanly_where_it_cannot_go_on(way, tiny, server):
    tiny.sources(server.source(way))
    assert tiny.equals(load("tiny"))


def test_a_file_that_the_server_labels_as_packed_is_taken_as_it_is(tiny, server):
    tiny.sources(server.source("labelled_gzip"))
    assert tiny.equals(load("tiny"))


def test_a_drip_above_no_rate_but_without_end_meets_the_total_limit(tiny, server, monkeypatch):
    lenient = Patience(window=1.5, least_rate=1, spare=4.0, attempts=3, pause=0.01)
    size = len(tiny.files["train-images.gz"])
    monkeypatch.setattr(Patience, "most_seconds", lambda self, size: self.spare)
    monkeypatch.setattr(download, "PATIENCE", lenient)
    tiny.sources(server.source("drip"))
    assert size * 0.02 > LONG
    with pytest.raises(DatasetError, match="took longer than 4 s"):
        load("tiny")


def test_without_download_no_connection_is_made(tiny, server, cache):
    tiny.sources(server.source("good"))
    with pytest.raises(DatasetError) as raised:
        load("tiny", download=False)
    message = str(raised.value)
    assert "tiny is not on this machine" in message
    assert str(cache) in message
    assert "coursekit data fetch tiny" in message
    assert "COURSEKIT_DATA" in message
    assert not server.asked


def test_a_set_without_sources_is_not_said_to_be_fetchable(tiny):
    with pytest.raises(DatasetError) as raised:
        load("tiny")
    assert "coursekit data fetch" not in str(raised.value)
    assert not info("tiny").fetchable


def test_two_processes_that_fetch_at_once_fetch_once(tiny, server, cache):
    tiny.sources(server.source("slow_start"))
    both = [
        subprocess.Popen([sys.executable, "-c", LOAD], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=LONG)[0] for process in both]
    expected = f"{int(tiny.x_train.sum())} {int(tiny.y_train.sum())} {tiny.x_train.shape}\n"
    assert said == [expected, expected]
    assert sorted(server.asked.values()) == [1, 1, 1, 1]
    assert left_over(cache) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_what_a_killed_process_leaves_is_cleared_away(tiny, server, cache):
    tiny.sources(server.source("stall"))
    process = subprocess.Popen([sys.executable, "-c", LOAD])
    latest = time.monotonic() + LONG
    while not (cache.exists() and left_over(cache)) and time.monotonic() < latest:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert left_over(cache)
    assert not (cache / "tiny").exists()
    tiny.sources(server.source("good"))
    assert tiny.equals(load("tiny"))
    assert left_over(cache) == []


def test_fetch_keeps_the_set_and_tells_where(tiny, server, cache):
    tiny.sources(server.source("good"))
    assert info("tiny").where == "not here"
    (entry,) = fetch("tiny")
    assert entry.where == "cache"
    assert entry.place == cache / "tiny"
    fetch("tiny")
    assert sorted(server.asked.values()) == [1, 1, 1, 1]


def test_fetch_looks_at_all_names_before_it_fetches_any(tiny, server):
    tiny.sources(server.source("good"))
    with pytest.raises(ValueError, match="no data set named 'huge'"):
        fetch("tiny", "huge")
    assert not server.asked


def test_the_bar_shows_where_somebody_looks_and_only_there(tiny, server, capsys, monkeypatch):
    tiny.sources(server.source("good"))
    load("tiny")
    assert capsys.readouterr().err == ""
    monkeypatch.delenv("COURSEKIT_HEADLESS")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COURSEKIT_CACHE", os.environ["COURSEKIT_CACHE"] + "2")
    load("tiny")
    assert "fetching tiny" in capsys.readouterr().err


def test_an_archive_with_digests_of_the_packed_file_alone_comes_the_same_way(tiny, server, cache):
    # As CIFAR-10 does: one tar archive, its unzipped digest unknown.
    pixels = np.random.default_rng(1).integers(0, 256, (3, 32, 32), dtype=np.uint8)
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        for name in ("data_batch_1.bin", "test_batch.bin"):
            entry = tarfile.TarInfo(f"batches/{name}")
            data = bytes([1]) + pixels.tobytes()
            entry.size = 3073
            archive.addfile(entry, io.BytesIO(data))
    packed = whole.getvalue()
    server.files["batches.tar.gz"] = packed
    row = tiny.path.read_text().split("[[tiny.files]]")[0]
    for old, new in {
        '"idx"': '"cifar-binary"',
        "[28, 28]": "[32, 32, 3]",
        "train = 60": "train = 1",
        "test = 20": "test = 1",
        "sources = []": f"sources = [{server.source('wrong')!r}, {server.source('good')!r}]",
    }.items():
        assert old in row
        row = row.replace(old, new)
    tiny.path.write_text(
        f'{row}[[tiny.files]]\nname = "batches.tar.gz"\npacked_bytes = {len(packed)}\n'
        f'packed_md5 = "{hashlib.md5(packed).hexdigest()}"\n'
        f'packed_sha256 = "{hashlib.sha256(packed).hexdigest()}"\n'
        'verified = false\nhow = "published by others"\n'
    )
    (x_train, y_train), (x_test, _) = load("tiny")
    assert y_train.tolist() == [1]
    assert np.array_equal(x_train[0], pixels.transpose(1, 2, 0))
    assert x_train.shape == x_test.shape == (1, 32, 32, 3)
    load("tiny", download=False)
    assert server.asked["/good/batches.tar.gz"] == 1

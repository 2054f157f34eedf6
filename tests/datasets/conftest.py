"""A tiny data set of its own, and a web server that misbehaves on request."""

import gzip
import hashlib
import io
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bad_server import BadServer

from coursekit.datasets import download
from coursekit.datasets.transfer import Patience

TRAIN, TEST, SIDE = 60, 20, 28


def idx(values: np.ndarray) -> bytes:
    head = struct.pack(">2xBB", 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    return head + values.astype(np.uint8).tobytes()


def packed(content: bytes) -> bytes:
    whole = io.BytesIO()
    with gzip.GzipFile(fileobj=whole, mode="wb", mtime=0) as file:
        file.write(content)
    return whole.getvalue()


class Tiny:
    """A set in the format of MNIST whose pixels are noise, so that it does not pack well."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "registry.toml"
        rng = np.random.default_rng(5)
        self.x_train = rng.integers(0, 256, (TRAIN, SIDE, SIDE), dtype=np.uint8)
        self.y_train = np.arange(TRAIN) % 2
        self.x_test = rng.integers(0, 256, (TEST, SIDE, SIDE), dtype=np.uint8)
        self.y_test = np.arange(TEST) % 2
        arrays = {
            "train-images.gz": self.x_train,
            "train-labels.gz": self.y_train,
            "test-images.gz": self.x_test,
            "test-labels.gz": self.y_test,
        }
        self.contents = {name: idx(array) for name, array in arrays.items()}
        self.files = {name: packed(content) for name, content in self.contents.items()}
        (folder / "cards").mkdir()
        (folder / "cards" / "tiny.md").write_text("# Tiny\n", encoding="utf-8")
        self.sources()

    def sources(self, *sources: str) -> None:
        """Write the registry, with these sources and no others."""
        lines = [
            "[tiny]",
            'title = "Tiny"',
            'kind = "idx"',
            f"image_shape = [{SIDE}, {SIDE}]",
            f"train = {TRAIN}",
            f"test = {TEST}",
            'classes = ["even", "odd"]',
            'licence = "none"',
            'licence_url = ""',
            'homepage = ""',
            'citation = ""',
            'folders = ["tiny", ""]',
            f"sources = [{', '.join(repr(source) for source in sources)}]",
        ]
        for name, content in self.contents.items():
            lines += [
                "[[tiny.files]]",
                f'name = "{name}"',
                f"packed_bytes = {len(self.files[name])}",
                f"bytes = {len(content)}",
                f'sha256 = "{hashlib.sha256(content).hexdigest()}"',
                "verified = true",
                'how = "made here"',
            ]
        self.path.write_text("\n".join(lines), encoding="utf-8")

    def put_into(self, folder: Path, *, zipped: bool = True) -> None:
        """Make a mirror folder of the set."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            if zipped:
                (folder / name).write_bytes(self.files[name])
            else:
                (folder / name.removesuffix(".gz")).write_bytes(content)

    def equals(self, data) -> bool:
        """Whether a loaded set is this one."""
        (x_train, y_train), (x_test, y_test) = data
        return (
            np.array_equal(x_train, self.x_train)
            and np.array_equal(y_train, self.y_train)
            and np.array_equal(x_test, self.x_test)
            and np.array_equal(y_test, self.y_test)
        )


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("COURSEKIT_CACHE", str(folder))
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    return folder


@pytest.fixture
def tiny(tmp_path, monkeypatch, cache) -> Tiny:
    folder = tmp_path / "registry"
    folder.mkdir()
    made = Tiny(folder)
    monkeypatch.setenv("COURSEKIT_REGISTRY", str(made.path))
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    return made


@pytest.fixture
def server(tiny, monkeypatch) -> Iterator[BadServer]:
    """Serves the tiny set from 127.0.0.1.

    Clocks run fast enough for a test, and slowly enough for a machine that stalls for a second.
    """
    hurry = Patience(window=2.5, least_rate=4000, spare=20, attempts=3, pause=0.01)
    monkeypatch.setattr(download, "PATIENCE", hurry)
    running = BadServer(tiny.files)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield running
    running.over.set()
    running.shutdown()
    thread.join()
    running.server_close()

"""Fetching the files of a set: one source after the other, by way of a hidden folder.

What arrives stands in a folder whose name begins with a dot and which is gone afterwards, so
that a half file never stands where a whole one is expected.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coursekit.datasets import cache
from coursekit.datasets.formats import WrongBytes, unpack
from coursekit.datasets.registry import DatasetError, FileRecord, SetRecord
from coursekit.datasets.transfer import Patience, SourceFailed, Transfer

PATIENCE = Patience()


def fetch_files(known: SetRecord, *, in_cache: bool = True) -> dict[str, bytes]:
    """Return the unzipped contents of a set's files by name, from the network.

    Parameters
    ----------
    known
        What the registry says of the set.
    in_cache
        Whether the cache can be written; if not, the files pass through the temporary folder.

    Raises
    ------
    DatasetError
        When no source gives a file, or the disk is full; nothing half fetched is left.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from unittest.mock import patch
    >>> from coursekit.datasets.registry import record
    >>> nowhere = replace(record("mnist"), sources=("http://127.0.0.1:9/",))
    >>> with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, COURSEKIT_CACHE=home):
    ...     fetch_files(nowhere)
    Traceback (most recent call last):
    ...
    coursekit.datasets.registry.DatasetError: mnist could not be fetched: no source gave ...
    """
    parent = cache.cache_folder() if in_cache else Path(tempfile.gettempdir())
    contents: dict[str, bytes] = {}
    sources = list(known.sources)
    try:
        with cache.staging(known.name, parent) as part, _Bar(known) as bar:
            _need_room(known, part, in_cache)
            for file in known.files:
                contents[file.name] = _from_sources(known, file, sources, part, bar)
                bar.done += file.packed_bytes
    except OSError as error:
        why = "the disk is full" if cache.is_full(error) else (error.strerror or str(error))
        raise DatasetError(
            f"{known.name} could not be fetched into {parent}: {why}; it needs about "
            f"{_room(known, in_cache) // 10**6 + 1} MB there: make room, or set COURSEKIT_CACHE to "
            "another folder"
        ) from error
    return contents


def _room(known: SetRecord, in_cache: bool) -> int:
    # The packed files are gone before the arrays are written.
    return max(known.packed_bytes, known.array_bytes) if in_cache else known.packed_bytes


def _need_room(known: SetRecord, folder: Path, in_cache: bool) -> None:
    free = shutil.disk_usage(folder).free
    need = _room(known, in_cache)
    if free < need:
        raise DatasetError(
            f"the disk is too full to fetch {known.name}: {folder.parent} has {free // 10**6} MB "
            f"free, and {need // 10**6 + 1} MB are needed; make room, or set COURSEKIT_CACHE to "
            "another folder"
        )


def _from_sources(
    known: SetRecord, file: FileRecord, sources: list[str], part: Path, bar: "_Bar"
) -> bytes:
    failures = []
    for source in list(sources):
        try:
            return _from_source(source, file, part, bar)
        except (SourceFailed, WrongBytes) as error:
            failures.append(f"{urlsplit(source).netloc} {error}")
            # The next file asks this source last.
            sources.remove(source)
            sources.append(source)
    raise DatasetError(
        f"{known.name} could not be fetched: no source gave {file.name} ({'; '.join(failures)}). "
        f"Try again later, or set COURSEKIT_DATA to a folder that holds it."
    )


def _from_source(source: str, file: FileRecord, part: Path, bar: "_Bar") -> bytes:
    # A file put together from two answers may be wrong where a whole one is right: try that then.
    for resume in (True, False):
        with tempfile.TemporaryDirectory(dir=part, ignore_cleanup_errors=True) as folder:
            path, resumed = _retrieve(source + file.name, file, Path(folder), resume, bar)
            try:
                return unpack(path, file)
            except WrongBytes:
                if not resumed:
                    raise
    raise AssertionError("a transfer that may not resume has resumed")


def _retrieve(
    url: str, file: FileRecord, folder: Path, resume: bool, bar: "_Bar"
) -> tuple[Path, bool]:
    import pooch

    transfers = []

    def patiently(url: str, output_file: str, _: Any) -> None:
        most = max(2 * file.packed_bytes, file.most_bytes)
        transfer = Transfer(
            url, Path(output_file), size=file.packed_bytes, most=most, resume=resume
        )
        transfers.append(transfer)
        transfer.run(PATIENCE, bar.show)

    # pooch would print the packed file's digest; the digest that counts is checked by `unpack`.
    pooch.get_logger().setLevel("WARNING")
    path = pooch.retrieve(url, known_hash=None, fname=file.name, path=folder, downloader=patiently)
    return Path(path), transfers[-1].resumed


class _Bar:
    """A progress bar over all files of a set, where somebody can see it."""

    def __init__(self, known: SetRecord) -> None:
        self.known = known
        self.done = 0
        self._bar: Any = None

    def __enter__(self) -> "_Bar":
        somebody = sys.stderr.isatty() or "ipykernel" in sys.modules
        if somebody and not os.environ.get("COURSEKIT_HEADLESS"):
            from tqdm import tqdm

            self._bar = tqdm(
                total=self.known.packed_bytes,
                desc=f"fetching {self.known.name}",
                unit="B",
                unit_scale=True,
                leave=False,
            )
        return self

    def show(self, received: int) -> None:
        """Move the bar to what has arrived of the file under way."""
        if self._bar is not None:
            self._bar.n = self.done + received
            self._bar.refresh()

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

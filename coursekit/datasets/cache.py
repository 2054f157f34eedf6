"""The cache: one folder a set, with four arrays and a record of their digests.

A folder is written under another name and moved to its own in one step: it is whole or not
there. Every array is compared with its digest when it is read: a damaged copy counts as none.
"""

import contextlib
import errno
import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit._files import folder_in_variable
from coursekit.datasets.formats import ARRAY_NAMES, Arrays
from coursekit.datasets.registry import SetRecord

_LAYOUT = 1


def cache_folder() -> Path:
    """Return the folder that keeps the data: `COURSEKIT_CACHE`, or the user's own cache.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict('os.environ', COURSEKIT_CACHE="/elsewhere"):
    ...     cache_folder().as_posix()
    '/elsewhere'
    """
    own = folder_in_variable("COURSEKIT_CACHE")
    if own is not None:
        return own
    from platformdirs import user_cache_path

    return user_cache_path("coursekit", appauthor=False) / "datasets"


def digest(array: NDArray[np.generic]) -> str:
    """Return the SHA-256 of an array: its type, shape and values.

    Examples
    --------
    >>> digest(np.zeros(2, np.uint8)) == digest(np.zeros((2, 1), np.uint8))
    False
    """
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    total = hashlib.sha256(f"{little.dtype.str} {little.shape}".encode())
    total.update(little.data)
    return total.hexdigest()


def holds(record: SetRecord) -> bool:
    """Tell, without reading the arrays, whether the cache has a copy of a set.

    Examples
    --------
    >>> from coursekit.datasets.registry import record
    >>> isinstance(holds(record("mnist")), bool)
    True
    """
    return _note(record) is not None


def read(record: SetRecord) -> Arrays | None:
    """Return the arrays of a set, or None where the cache has no whole and right copy.

    Parameters
    ----------
    record
        What the registry says of the set.

    Returns
    -------
    dict or None
        The four arrays, writable and in memory.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from coursekit.datasets.registry import record
    >>> read(replace(record("mnist"), name="no such set")) is None
    True
    """
    note = _note(record)
    if note is None:
        return None
    arrays: Arrays = {}
    try:
        for name in ARRAY_NAMES:
            array = np.load(cache_folder() / record.name / f"{name}.npy", allow_pickle=False)
            if digest(array) != note["arrays"][name]:
                return None
            arrays[name] = array
    except (OSError, ValueError, EOFError, KeyError, TypeError):
        return None
    return arrays


def _note(record: SetRecord) -> dict[str, Any] | None:
    folder = cache_folder() / record.name
    try:
        note = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        current = note["layout"] == _LAYOUT and note["content"] == _content(record)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    there = current and all((folder / f"{name}.npy").is_file() for name in ARRAY_NAMES)
    return note if there else None


def _content(record: SetRecord) -> dict[str, str]:
    # What the arrays were made from: when the registry changes, the copy counts as none.
    return {file.name: file.sha256 or file.packed_sha256 for file in record.files}


def write(record: SetRecord, arrays: Arrays) -> None:
    """Put the arrays of a set into the cache, all of them or nothing. Hold the lock to call it.

    Raises
    ------
    OSError
        When the place is full or cannot be written; nothing half written is left.

    Examples
    --------
    >>> import tempfile
    >>> from unittest.mock import patch
    >>> from coursekit.datasets.registry import record
    >>> arrays = {name: np.zeros(3) for name in ARRAY_NAMES}
    >>> with tempfile.TemporaryDirectory() as home, patch.dict('os.environ', COURSEKIT_CACHE=home):
    ...     write(record("mnist"), arrays)
    ...     sorted(path.name for path in Path(home, "mnist").iterdir())
    ['record.json', 'x_test.npy', 'x_train.npy', 'y_test.npy', 'y_train.npy']
    """
    folder = cache_folder() / record.name
    with staging(record.name, cache_folder()) as part:
        for name in ARRAY_NAMES:
            _save(part / f"{name}.npy", arrays[name])
        note = {
            "layout": _LAYOUT,
            "content": _content(record),
            "arrays": {name: digest(arrays[name]) for name in ARRAY_NAMES},
        }
        (part / "record.json").write_text(json.dumps(note, indent=1), encoding="utf-8")
        if folder.exists():
            # Moved into the staging folder first: it goes away together with it.
            folder.rename(part.with_name(f"{part.name}.old"))
        part.rename(folder)
    clear(record.name, cache_folder())


def _save(path: Path, array: NDArray[np.generic]) -> None:
    # np.save on a full disk raises an error that does not say so; a plain write does.
    whole = np.ascontiguousarray(array)
    with path.open("wb") as file:
        header = np.lib.format.header_data_from_array_1_0(whole)
        np.lib.format.write_array_header_1_0(file, header)
        file.write(whole.data.cast("B"))


@contextlib.contextmanager
def staging(name: str, parent: Path) -> Iterator[Path]:
    """Make a folder for unfinished work, which is gone afterwards whatever happens.

    Raises
    ------
    OSError
        When it cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with staging("mnist", Path(home)) as part:
    ...         part.name.startswith(".mnist."), part.is_dir()
    ...     list(Path(home).iterdir())
    (True, True)
    []
    """
    parent.mkdir(parents=True, exist_ok=True)
    part = parent / f".{name}.{secrets.token_hex(4)}.part"
    part.mkdir()
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def clear(name: str, parent: Path) -> None:
    """Remove what killed processes left of a set. Hold the lock to call it.

    Examples
    --------
    >>> clear("no such set", Path("."))
    """
    for left in parent.glob(f".{name}.*.part*"):
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def locked(name: str) -> Iterator[OSError | None]:
    """Let one process at a time work on a set; give the reason where the cache cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from unittest.mock import patch
    >>> with tempfile.TemporaryDirectory() as home, patch.dict('os.environ', COURSEKIT_CACHE=home):
    ...     with locked("mnist") as refusal:
    ...         print(refusal)
    None
    """
    from filelock import FileLock

    lock = FileLock(cache_folder() / f".{name}.lock")
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        _try_writing(cache_folder())
        lock.acquire()
    except OSError as error:
        yield error
        return
    try:
        clear(name, cache_folder())
        yield None
    finally:
        lock.release()


def _try_writing(folder: Path) -> None:
    # A lock file that is already there can be locked on a read-only disk: only a new file tells.
    probe = folder / f".{secrets.token_hex(4)}.probe"
    probe.touch()
    probe.unlink()


def is_full(error: OSError) -> bool:
    """Tell whether the system refused for want of room.

    Examples
    --------
    >>> is_full(OSError(errno.ENOSPC, "No space left on device"))
    True
    """
    return error.errno in (errno.ENOSPC, errno.EDQUOT)

"""One file that holds a whole run: tensors as safetensors, everything else as JSON in its header.

There is no pickle in it: reading a checkpoint runs nobody's code. The file is replaced in one
step, so that after a crash, a kill or a full disk there is the old one or the new one, whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from coursekit._files import write_whole
from coursekit.errors import CourseError, cannot_write
from coursekit.training.keeping.formats import sum_of
from coursekit.training.machine.layout import from_plain, to_plain

FILE = "checkpoint.safetensors"
PREVIOUS = "checkpoint.previous.safetensors"
_FORMAT = "coursekit checkpoint 1"
_DAMAGE = (SafetensorError, ValueError, KeyError, TypeError, AttributeError)


def prepare_folder(folder: str | os.PathLike[str]) -> Path:
    """Make the folder of a checkpoint, and find out now whether it can be written to.

    What a killed run left half written is removed.

    Raises
    ------
    ValueError
        When there is a file of that name.
    CourseError
        When the place cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     prepare_folder(Path(home) / "runs" / "first").is_dir()
    True
    """
    path = Path(folder).expanduser()
    mend = "choose another folder for checkpoint="
    if path.exists() and not path.is_dir():
        raise ValueError(
            f"checkpoint: found the file {path}; expected a folder, which is made when it is "
            "missing. Give a name without a file's ending."
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
        for left in path.glob(f".{FILE}.*.part"):
            left.unlink(missing_ok=True)
        write_whole(path / f".{FILE}.probe", b"")
        (path / f".{FILE}.probe").unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(error, path, mend) from None
    return path


def save_checkpoint(
    folder: str | os.PathLike[str], tensors: Mapping[str, Tensor], state: Mapping[str, Any]
) -> None:
    """Write the one checkpoint of a folder, whole or not at all.

    Parameters
    ----------
    folder
        An existing folder; the file is ``checkpoint.safetensors`` in it.
    tensors
        Of any shape, order in memory and device; shared ones are stored once.
    state
        Everything else, as JSON knows it.

    Raises
    ------
    OSError
        When the disk is full or the folder is gone; the file that was there is unchanged.
    TypeError, ValueError
        For tensors that the format does not know (sparse ones) or a state that is no JSON.

    Examples
    --------
    >>> import tempfile
    >>> import torch
    >>> weight = torch.ones(2, 3, 1, 1).to(memory_format=torch.channels_last)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(folder, {"weight": weight}, {"step": 7})
    ...     tensors, state = load_checkpoint(folder)
    >>> tensors["weight"].stride() == weight.stride(), state
    (True, {'step': 7})
    """
    stored, layout = to_plain(tensors)
    sums = {name: sum_of(tensor) for name, tensor in stored.items()}
    texts = {
        "format": "pt",
        "kind": _FORMAT,
        "state": _strict(state),
        "layout": _strict(layout | {"sums": sums}),
    }
    texts["sum"] = _sum_of_texts(texts)
    content = save(stored, texts)
    path = Path(folder)
    if not path.is_dir():
        raise FileNotFoundError(2, "the folder is gone", str(path))
    write_whole(path / FILE, content)
    sync_folder(path)


def load_checkpoint(
    folder: str | os.PathLike[str], name: str = FILE
) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Read the checkpoint of a folder; None where there is none.

    Returns
    -------
    tensors
        By name, in main memory, each in the order in memory that it had.
    state
        What was written beside them.

    Raises
    ------
    CourseError
        When the file is damaged, is no checkpoint of this library or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(load_checkpoint(folder))
    None
    """
    path = Path(folder).expanduser() / name
    content = _content(path)
    if content is None:
        return None
    try:
        return _read(content, _texts(content, path))
    except _DAMAGE as error:
        raise _damaged(path, error) from None


def load_state(folder: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Read what a checkpoint says beside its tensors, and only that; None where there is none.

    Raises
    ------
    CourseError
        When the file is damaged, is no checkpoint of this library or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> import torch
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(folder, {"weight": torch.ones(3)}, {"step": 7})
    ...     load_state(folder)
    {'step': 7}
    """
    path = Path(folder).expanduser() / FILE
    content = _content(path)
    if content is None:
        return None
    try:
        state: dict[str, Any] = json.loads(_texts(content, path)["state"])
        return state
    except _DAMAGE as error:
        raise _damaged(path, error) from None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CourseError(
            f"{path} cannot be read ({reason}); make it readable, or start anew with resume=False"
        ) from None


def _damaged(path: Path, error: Exception) -> CourseError:
    return CourseError(
        f"{path} is damaged, or no checkpoint ({_first_line(error)}); {_mend(path)}, "
        "or start anew with resume=False"
    )


def _read(content: bytes, texts: dict[str, str]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    layout = json.loads(texts["layout"])
    stored = load(content)
    if stored.keys() != layout["sums"].keys():
        raise ValueError("its tensors are not those that were written")
    for each, tensor in stored.items():
        if sum_of(tensor) != layout["sums"][each]:
            raise ValueError(f"the numbers of {each} are not those that were written")
    return from_plain(stored, layout), json.loads(texts["state"])


def _mend(path: Path) -> str:
    if path.name == FILE and path.with_name(PREVIOUS).exists():
        return f"copy it back from a backup, put {PREVIOUS} in its place"
    return "copy it back from a backup"


def keep_previous(folder: str | os.PathLike[str]) -> bool:
    """Give the checkpoint that a folder holds a second name, before a new run writes its own.

    Both names stand for one file until the first is replaced: there is no moment without it.

    Raises
    ------
    OSError
        When the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(folder, {}, {"step": 7})
    ...     keep_previous(folder), load_checkpoint(folder, PREVIOUS)[1]
    (True, {'step': 7})
    """
    old = Path(folder) / FILE
    if not old.exists():
        return False
    aside = old.with_name(f".{PREVIOUS}.part")
    aside.unlink(missing_ok=True)
    try:
        os.link(old, aside)
        aside.replace(old.with_name(PREVIOUS))
    except OSError:  # a file system without second names
        write_whole(old.with_name(PREVIOUS), old.read_bytes())
    finally:
        # Where both names already are one file, the system leaves the first of them, too.
        aside.unlink(missing_ok=True)
    return True


def sync_folder(folder: Path) -> None:
    """Let the disk keep the new name of a file, where the system has a way to ask for it.

    Examples
    --------
    >>> sync_folder(Path("."))
    """
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _texts(content: bytes, path: Path) -> dict[str, str]:
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 + length:
        raise ValueError("it ends too early")
    texts: dict[str, str] = dict(json.loads(content[8 : 8 + length]).get("__metadata__", {}))
    if texts.get("kind") != _FORMAT:
        raise CourseError(
            f"{path} is no checkpoint of this version of coursekit: found "
            f"{texts.get('kind', 'other tensors')!r}, expected {_FORMAT!r}; "
            "move it away, or start anew with resume=False in another folder"
        )
    if texts["sum"] != _sum_of_texts(texts):
        raise ValueError("its header is not what was written")
    return texts


def _strict(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def _sum_of_texts(texts: Mapping[str, str]) -> str:
    return str(zlib.crc32("\n".join((texts["state"], texts["layout"])).encode()))


def _first_line(error: Exception) -> str:
    return str(error).strip("'\"").partition("\n")[0] or type(error).__name__

"""The end of an epoch, kept in a folder: replaced whole or not at all, the one before kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import torch

from coursekit._files import write_whole
from coursekit.errors import CourseError, cannot_write
from coursekit.training.errors import warn

_FORMAT = "coursekit checkpoint 2"


class Checkpoint:
    """A folder with the end of the last epoch and of the one before; made when it is missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Checkpoint(folder).save({"epoch": 1, "weights": torch.ones(2)})
    ...     Checkpoint(folder).load()["epoch"]
    1
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.last, self.before = self.folder / "last.pt", self.folder / "before.pt"

    def save(self, state: dict[str, Any]) -> None:
        """Write the end of an epoch; after an error the folder holds what it held."""
        content = io.BytesIO()
        torch.save({"format": _FORMAT, **state}, content)
        new = self.folder / "new.pt"
        try:
            write_whole(new, content.getvalue())
            if self.last.exists():
                self.last.replace(self.before)
            new.replace(self.last)
        except OSError as error:
            raise cannot_write(error, self.folder, "choose another folder") from None

    def load(self) -> dict[str, Any] | None:
        """Return the end of the last epoch that can be read; None where there is nothing."""
        for part in self.folder.glob(".*.part"):  # of a save during which the process was killed
            part.unlink(missing_ok=True)
        damaged = []
        for path in (self.last, self.before):
            if not path.exists():
                continue
            state = _read(path)
            if state is None:
                damaged.append(path)
                continue
            if damaged:
                warn(f"{damaged[0]} is damaged; the run goes on from the epoch before it.")
            return state
        if damaged:
            raise CourseError(
                f"{damaged[0]} is damaged, and no older one is whole; delete the folder and train "
                "from the beginning"
            )
        return None


def _read(path: Path) -> dict[str, Any] | None:
    """Read a checkpoint; None where it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:  # torch.load does not look at the checksums
                return None
        # weights_only: numbers and plain containers; no code of whoever wrote the file.
        state = torch.load(path, weights_only=True, map_location="cpu")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CourseError(f"{path} could not be read ({reason}); look at its permissions") from None
    except Exception:  # torch raises what it likes for a file that is no checkpoint
        return None
    if not isinstance(state, dict) or state.get("format") != _FORMAT:
        return None
    return state

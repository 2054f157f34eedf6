"""A test part that is there from the beginning and is opened once, at the end."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit._files import write_whole
from coursekit._record import code_before, record, running_shell
from coursekit.datasets.pictures import BadPicture, read_picture
from coursekit.datasets.registry import DatasetError

LEDGER = ".coursekit-openings.json"
_MOST_KEPT = 100


class HeldOut:
    """The test part of a folder of pictures: its size is known, its pictures are not in memory.

    They are read when it is opened. Each opening is counted, in the notebook and in a hidden file
    beside the pictures, with digests of the code before it; `coursekit check` says where it was
    opened, how often, and whether the code before it was changed since. Running the notebook
    again as it is, or with another number in a claim, is not a change.

    Examples
    --------
    >>> import tempfile
    >>> from coursekit.datasets import example_folder, from_folder
    >>> with tempfile.TemporaryDirectory() as place:
    ...     data = from_folder(example_folder(Path(place) / "pictures"))
    ...     held_out = data.test
    ...     x_test, y_test = held_out.open()
    >>> held_out, x_test.shape == (len(held_out), 32, 32, 3)
    (HeldOut(40 pictures, opened once), True)
    """

    def __init__(
        self,
        folder: Path,
        files: Sequence[str],
        labels: NDArray[np.int64],
        shape: tuple[int, int],
        color: bool,
    ) -> None:
        self._folder, self._files, self._labels = folder, tuple(files), labels
        self._shape, self._color = shape, color
        self.opened = 0

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        times = {0: "not opened yet", 1: "opened once"}
        how_often = times.get(self.opened, f"opened {self.opened} times")
        return f"HeldOut({len(self)} pictures, {how_often})"

    def open(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Read the pictures, and write down that this was done.

        Returns
        -------
        tuple of arrays
            Images uint8 and labels int64, as in the other parts.

        Raises
        ------
        DatasetError
            When a picture is not there any more, or cannot be read.
        """
        images = np.empty((len(self), *self._shape, *((3,) if self._color else ())), np.uint8)
        for number, name in enumerate(self._files):
            path = self._folder / name
            try:
                images[number] = read_picture(path, *self._shape, color=self._color)
            except BadPicture as error:
                raise DatasetError(
                    f"{self._folder.name}/{name} {error}; it was in order when the folder was "
                    "read. Put it back, or call from_folder again"
                ) from None
        self.opened += 1
        shell = running_shell()
        if shell is not None:
            times = f"The test part was opened: {len(self)} pictures."
            again = f" That makes {self.opened} times in this notebook."
            record(
                "opened",
                times + (again if self.opened > 1 else ""),
                time=self.opened,
                versions=_kept(self._folder, code_before(shell)),
            )
        return images, self._labels.copy()


def _kept(folder: Path, before: list[str]) -> int:
    """Keep the code before this opening; return how many openings had code that was new.

    Code is not new when all of it was there at one earlier opening: whoever has worked by hand has
    run cells that are gone when all cells are run once more.
    """
    ledger = folder / LEDGER
    known: list[list[str]] = []
    with suppress(OSError, ValueError):
        said = json.loads(ledger.read_bytes())
        known = [one for one in said if _digests(one)] if isinstance(said, list) else []
    if not any(set(before) <= set(one) for one in known):
        known = [*known, before][-_MOST_KEPT:]
        with suppress(OSError):  # on a disk that cannot be written the count is this session's
            write_whole(ledger, json.dumps(known).encode())
    return len(known)


def _digests(one: Any) -> bool:
    return isinstance(one, list) and all(isinstance(digest, str) for digest in one)

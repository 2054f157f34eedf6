"""`load`: from a name to arrays, by the cache, the mirror or a download, whichever comes first."""

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets import cache, mirror
from coursekit.datasets.formats import Arrays, WrongBytes, parse
from coursekit.datasets.registry import DatasetError, SetRecord, card, record

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """Images and labels in two parts; unpacks as `(x_train, y_train), (x_test, y_test)`.

    Examples
    --------
    >>> data = load("strokes")
    >>> (x_train, y_train), (x_test, y_test) = data
    >>> x_train.shape, data.classes[y_train[0]] in data.classes
    ((6000, 28, 28), True)
    """

    name: str
    classes: tuple[str, ...]
    train: tuple[Images, Labels] = field(repr=False)
    test: tuple[Images, Labels] = field(repr=False)
    card: str = field(repr=False)

    def __iter__(self) -> Iterator[tuple[Images, Labels]]:
        return iter((self.train, self.test))

    def __len__(self) -> int:
        return 2


def load(name: str, *, download: bool = True) -> Dataset:
    """Return a data set by its name.

    The cache is asked first, then the mirror folder that `COURSEKIT_DATA` names, then the network.

    Parameters
    ----------
    name
        One of `names()`.
    download
        False: never touch the network. `COURSEKIT_OFFLINE=1` says so for every call.

    Returns
    -------
    Dataset
        Images uint8, (N, H, W) or (N, H, W, 3); labels int64, (N,); `.classes`, `.card`, `.name`.

    Raises
    ------
    ValueError
        For a name that is not known; the message lists those that are.
    DatasetError
        When the set cannot be had; the message says where it was sought and what to do.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load("digits")
    >>> x_train.shape, x_test.shape, x_train.dtype, y_train.dtype
    ((1437, 8, 8), (360, 8, 8), dtype('uint8'), dtype('int64'))
    """
    known = record(name)
    download = download and os.environ.get("COURSEKIT_OFFLINE") != "1"
    arrays = _make(known) if known.embedded else obtain(known, download=download)
    return Dataset(
        name=name,
        classes=known.classes,
        train=(arrays["x_train"], arrays["y_train"]),  # type: ignore[arg-type]
        test=(arrays["x_test"], arrays["y_test"]),  # type: ignore[arg-type]
        card=card(name),
    )


def _make(known: SetRecord) -> Arrays:
    total = known.train + known.test
    if known.name == "digits":
        images, labels = _digits()
    elif known.name == "strokes":
        from coursekit.datasets import strokes

        images, labels = strokes.draw(total, known.seed)
    else:
        from coursekit.datasets import shapes

        images, labels = shapes.draw(total, known.seed)
    cut = known.train
    return {
        "x_train": images[:cut],
        "y_train": labels[:cut],
        "x_test": images[cut:],
        "y_test": labels[cut:],
    }


def _digits() -> tuple[Images, Labels]:
    from sklearn.datasets import load_digits

    # scikit-learn counts ink from 0 to 16; 255 / 16 stretches that to a byte.
    values, labels = load_digits(return_X_y=True)
    return np.floor(values.reshape(-1, 8, 8) * 255 / 16 + 0.5).astype(np.uint8), labels.astype(
        np.int64
    )


def obtain(known: SetRecord, *, download: bool = True, must_keep: bool = False) -> Arrays:
    """Return the arrays of a set that has files, and keep them in the cache.

    Parameters
    ----------
    known
        What the registry says of the set.
    download
        False: never touch the network.
    must_keep
        True: a cache that cannot be written is an error, not a warning.

    Raises
    ------
    DatasetError
        When the set cannot be had, or kept although it must.

    Examples
    --------
    >>> from dataclasses import replace
    >>> obtain(replace(record("mnist"), name="lost", folders=()), download=False)
    Traceback (most recent call last):
    ...
    coursekit.datasets.registry.DatasetError: lost is not on this machine: looked in ...
    """
    arrays = cache.read(known)
    if arrays is not None:
        return arrays
    with cache.locked(known.name) as refusal:
        # Another process may have brought it while this one waited for the lock.
        arrays = cache.read(known)
        if arrays is not None:
            return arrays
        if refusal is not None and must_keep:
            raise _cannot_keep(known, refusal)
        damaged = f"the copy in {cache.cache_folder() / known.name} is damaged"
        complaints = [damaged] if cache.holds(known) else []
        contents = mirror.read(known, complaints)
        if contents is None:
            if not download or not known.sources:
                raise _not_here(known, complaints)
            from coursekit.datasets.download import fetch_files

            try:
                contents = fetch_files(known, in_cache=refusal is None)
            except DatasetError as error:
                if not complaints:
                    raise
                raise DatasetError(f"{error} {_found_wrong(complaints)}.") from error
            wrong_there = [complaint for complaint in complaints if complaint != damaged]
            if wrong_there:  # a damaged cache has just been replaced, a mirror stays as it is
                warnings.warn(
                    f"{_found_wrong(wrong_there)}. {known.name} was downloaded instead.",
                    stacklevel=3,
                )
        try:
            arrays = parse(known, contents)
        except WrongBytes as error:
            raise DatasetError(
                f"{known.name}: the content {error}; report this to the course's authors"
            ) from error
        try:
            if refusal is not None:
                raise refusal
            cache.write(known, arrays)
        except OSError as error:
            if must_keep:
                raise _cannot_keep(known, error) from error
            warnings.warn(f"{_cannot_keep(known, error)} It is used from memory now.", stacklevel=3)
    return arrays


def _cannot_keep(known: SetRecord, error: OSError) -> DatasetError:
    room = f"needs {known.array_bytes // 10**6 + 1} MB there"
    why = f"the disk is full, and {known.name} {room}" if cache.is_full(error) else error.strerror
    return DatasetError(
        f"{known.name} cannot be kept in the cache {cache.cache_folder()} ({why}); make room "
        "there, or set COURSEKIT_CACHE to a folder that can be written."
    )


def _found_wrong(complaints: list[str]) -> str:
    return f"On this machine, but not usable, so copy it again: {'; '.join(complaints)}"


def _not_here(known: SetRecord, complaints: list[str]) -> DatasetError:
    folder = mirror.mirror_folder()
    sought = f"the cache {cache.cache_folder()}"
    sought += f" and the mirror {folder}" if folder else " (COURSEKIT_DATA names no mirror)"
    if folder and not folder.is_dir():
        sought += ", which is no folder"
    found = f"; {_found_wrong(complaints)}" if complaints else ""
    files = ", ".join(file.name for file in known.files)
    fetch = f"Run `coursekit data fetch {known.name}`, or set" if known.sources else "Set"
    return DatasetError(
        f"{known.name} is not on this machine: looked in {sought}{found}. "
        f"{fetch} COURSEKIT_DATA to a folder that holds {files}."
    )

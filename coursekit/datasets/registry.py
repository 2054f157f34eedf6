"""What the registry says of each data set: a table in TOML, read into records.

The table stands in `datasets/registry.toml`; the environment variable `COURSEKIT_REGISTRY` may
name another one.
"""

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursekit._files import course_root
from coursekit.errors import CourseError


class DatasetError(CourseError):
    """A data set could not be had; the message says where it was sought and what to do.

    Examples
    --------
    >>> raise DatasetError("mnist is not on this machine")
    Traceback (most recent call last):
    ...
    coursekit.datasets.registry.DatasetError: mnist is not on this machine
    """


@dataclass(frozen=True)
class FileRecord:
    """One file of a set, as its publisher packs it, and the digest of what is inside.

    Examples
    --------
    >>> record("mnist").files[1].name, record("mnist").files[1].bytes
    ('train-labels-idx1-ubyte.gz', 60008)
    """

    name: str
    packed_bytes: int
    verified: bool
    how: str
    bytes: int = 0
    sha256: str = ""
    packed_sha256: str = ""
    packed_md5: str = ""

    @property
    def most_bytes(self) -> int:
        """The most bytes that the unzipped content may have: what a wrong file is cut off at."""
        # Pictures and noise hardly pack; a small archive is mostly the padding of its format.
        return self.bytes or 2 * self.packed_bytes + 2**20


@dataclass(frozen=True)
class SetRecord:
    """One data set: its shape, classes, rights and files.

    Examples
    --------
    >>> fashion = record("fashion_mnist")
    >>> fashion.image_shape, fashion.train, fashion.test, len(fashion.classes)
    ((28, 28), 60000, 10000, 10)
    """

    name: str
    title: str
    kind: str
    image_shape: tuple[int, ...]
    train: int
    test: int
    classes: tuple[str, ...]
    licence: str
    licence_url: str
    homepage: str
    citation: str
    files: tuple[FileRecord, ...] = ()
    folders: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    seed: int = 0
    digest: str = ""

    @property
    def embedded(self) -> bool:
        """Whether the set needs neither network nor mirror."""
        return not self.files

    @property
    def packed_bytes(self) -> int:
        """The size of the download."""
        return sum(file.packed_bytes for file in self.files)

    @property
    def array_bytes(self) -> int:
        """The size of the arrays: a byte a pixel value, eight a label."""
        pixels = 1
        for length in self.image_shape:
            pixels *= length
        return (self.train + self.test) * (pixels + 8)


def registry_path() -> Path:
    """Return the place of the registry.

    Examples
    --------
    >>> registry_path().name
    'registry.toml'
    """
    other = os.environ.get("COURSEKIT_REGISTRY")
    return Path(other) if other else course_root() / "datasets" / "registry.toml"


def records() -> dict[str, SetRecord]:
    """Return every set of the registry, by name, in its order.

    Raises
    ------
    DatasetError
        When the registry is missing or damaged.

    Examples
    --------
    >>> list(records())
    ['fashion_mnist', 'mnist', 'cifar10', 'cifar10_jpeg_subset', 'digits', 'strokes', 'shapes']
    """
    path = registry_path()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise DatasetError(
            f"the registry of data sets {path} cannot be read ({error}); "
            "install the course again, or take COURSEKIT_REGISTRY away"
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> dict[str, SetRecord]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _record(name, row) for name, row in table.items()}


def _record(name: str, row: dict[str, Any]) -> SetRecord:
    files = tuple(FileRecord(**file) for file in row.pop("files", []))
    fixed: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return SetRecord(name=name, files=files, **fixed)


def names() -> tuple[str, ...]:
    """Return the names that `load` knows.

    Examples
    --------
    >>> "strokes" in names()
    True
    """
    return tuple(records())


def record(name: str) -> SetRecord:
    """Return what the registry says of one set.

    Raises
    ------
    ValueError
        For a name that is not in the registry; the message lists those that are.

    Examples
    --------
    >>> record("imagenet")
    Traceback (most recent call last):
    ...
    ValueError: there is no data set named 'imagenet'; the names are fashion_mnist, ...
    """
    known = records()
    if name not in known:
        raise ValueError(f"there is no data set named {name!r}; the names are {', '.join(known)}")
    return known[name]


def card(name: str) -> str:
    """Return the data card of one set, as Markdown.

    Raises
    ------
    DatasetError
        When the card is missing.

    Examples
    --------
    >>> card("strokes").splitlines()[0]
    '# Strokes'
    """
    path = registry_path().parent / "cards" / f"{name}.md"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DatasetError(f"the data card {path} is missing; install the course again") from error

"""`from_folder`: a folder of a student's own pictures, a subfolder a class, in three parts."""

import hashlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coursekit._record import record
from coursekit.datasets.held_out import HeldOut
from coursekit.datasets.loading import Images, Labels
from coursekit.datasets.pictures import BadPicture, read_picture
from coursekit.datasets.registry import DatasetError

FEWEST = 10  # pictures of a class: with fewer, a part would have none or one of it
EXAMPLE = ".coursekit-example"  # lies in a folder that the course itself has drawn
_SYSTEM = {"thumbs.db", "desktop.ini", "__macosx"}  # what Windows and macOS leave about
_ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".avif"}
_ALIKE = 3.0  # grey levels: two pictures that differ by less are one, saved twice
_SIDE = 16  # pixels to which pictures are reduced for that comparison
_MOST_NAMED = 10


@dataclass(frozen=True)
class FolderDataset:
    """Pictures of one's own; unpacks as `(x_train, y_train), (x_validation, y_validation), test`.

    Attributes
    ----------
    name
        That of the folder.
    classes
        The names of the subfolders, in the order of the labels.
    train, validation
        Images (N, H, W, 3) or (N, H, W) uint8, and labels (N,) int64.
    test
        The test part, which is opened once, at the end.
    train_files, validation_files
        Where each picture comes from, below the folder.
    """

    name: str
    classes: tuple[str, ...]
    train: tuple[Images, Labels] = field(repr=False)
    validation: tuple[Images, Labels] = field(repr=False)
    test: HeldOut
    train_files: tuple[str, ...] = field(repr=False)
    validation_files: tuple[str, ...] = field(repr=False)

    def __iter__(self) -> Iterator[tuple[Images, Labels] | HeldOut]:
        return iter((self.train, self.validation, self.test))


def from_folder(
    folder: str | os.PathLike[str],
    *,
    size: int | tuple[int, int] = 32,
    validation: float = 0.2,
    test: float = 0.2,
    seed: int = 0,
    color: bool = True,
) -> FolderDataset:
    """Read a folder of pictures with a subfolder for each class, and split it into three parts.

    Every class is split in the same proportion. Which part a picture falls into depends on its
    content and the seed alone: not on its name, on the machine, or on how the files are listed.
    Copies of a picture count once; pictures of two parts that are almost the same are named in a
    warning. Hidden files, and those that Windows and macOS leave about, are passed over.

    Parameters
    ----------
    folder
        The folder, such as ``"pictures"`` with ``pictures/cat`` and ``pictures/dog`` in it.
    size
        Height and width in pixels, or one number for both: pictures are cut around their middle
        to that shape, and resized.
    validation, test
        The share of each class that goes into these parts.
    seed
        Another seed, another split.
    color
        False: grey pictures, (N, H, W).

    Returns
    -------
    FolderDataset

    Raises
    ------
    ValueError
        When a size, a share or the seed makes no sense.
    DatasetError
        When the folder is not there or not laid out like this, holds damaged files or files that
        are no pictures, has too few pictures of a class, or one picture in two classes. The message
        names the files, below the folder, and the fix.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     data = from_folder(example_folder(Path(place) / "pictures"), size=32, seed=0)
    >>> (x_train, y_train), (x_validation, y_validation), test = data
    >>> data.classes, x_train.shape, x_validation.shape, len(test)
    (('diamond', 'disc', 'half disc', 'square'), (120, 32, 32, 3), (40, 32, 32, 3), 40)
    """
    shape = _shape(size)
    _check_shares(validation, test)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ValueError(f"seed: found {seed!r}; expected a whole number, such as 0")
    place = Path(folder).expanduser()
    by_class = _files_of_classes(place)
    read = _read_all(place, by_class, shape, color)
    _refuse_two_classes(place, read)
    read, copies = _without_copies(read)
    classes = tuple(by_class)
    _refuse_too_few(place, classes, read)
    parts: tuple[list[_Picture], list[_Picture], list[_Picture]] = ([], [], [])
    for name in classes:
        own = sorted((p for p in read if p.label == name), key=lambda p: p.order(seed))
        held, judged = (max(1, round(share * len(own))) for share in (test, validation))
        for part, few in zip(
            parts, (own[held + judged :], own[held : held + judged], own[:held]), strict=True
        ):
            part.extend(few)
    for part in parts:
        part.sort(key=lambda p: p.order(seed))
    _warn(place, copies, parts)
    train, judged_part, held_part = parts
    labels = {name: number for number, name in enumerate(classes)}

    def labels_of(part: list[_Picture]) -> Labels:
        return np.array([labels[p.label] for p in part], dtype=np.int64)

    data = FolderDataset(
        place.name,
        classes,
        (np.stack([p.pixels for p in train]), labels_of(train)),
        (np.stack([p.pixels for p in judged_part]), labels_of(judged_part)),
        HeldOut(place, [p.file for p in held_part], labels_of(held_part), shape, color),
        tuple(p.file for p in train),
        tuple(p.file for p in judged_part),
    )
    counts = [len(part) for part in parts]
    record(
        "split",
        f"{place.name}: {len(classes)} classes, {sum(counts)} pictures: {counts[0]} to train, "
        f"{counts[1]} to validate, {counts[2]} held out for the test.",
        counts=counts,
        classes=len(classes),
        example=(place / EXAMPLE).exists(),
    )
    return data


def example_folder(folder: str | os.PathLike[str]) -> Path:
    """Write a small folder of pictures to try things on: four shapes, 50 PNG files of each.

    Parameters
    ----------
    folder
        A new or empty folder, or one that this function has written before.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DatasetError
        When it holds something else already, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     sorted(path.name for path in example_folder(Path(place) / "pictures").glob("[!.]*"))
    ['diamond', 'disc', 'half disc', 'square']
    """
    from PIL import Image

    from coursekit.datasets import shapes

    place = Path(folder).expanduser()
    try:
        if place.exists() and any(place.iterdir()) and not (place / EXAMPLE).exists():
            raise DatasetError(
                f"{place.name} holds other files already; give example_folder a new folder"
            )
        images, labels = shapes.draw(50 * len(shapes.FIGURES), seed=21)
        kinds = list(shapes.FIGURES)
        for name in ("diamond", "disc", "half disc", "square"):
            (place / name).mkdir(parents=True, exist_ok=True)
            for number, image in enumerate(images[labels == kinds.index(name)]):
                Image.fromarray(image).save(place / name / f"{number:02d}.png")
        (place / EXAMPLE).touch()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DatasetError(f"{place} could not be written ({why}); name another folder") from None
    return place


@dataclass
class _Picture:
    """A picture: its file below the folder, its class, its pixels, and digests of its content."""

    file: str
    label: str
    pixels: NDArray[np.uint8]
    content: str  # of the file's bytes

    def order(self, seed: int) -> tuple[str, str]:
        """Return by what pictures are put in order: chance, but the same everywhere."""
        return hashlib.sha256(f"{seed} {self.content}".encode()).hexdigest(), self.file


def _shape(size: int | tuple[int, int]) -> tuple[int, int]:
    sides = (size, size) if isinstance(size, int) else size
    whole = isinstance(sides, tuple) and len(sides) == 2 and all(type(n) is int for n in sides)
    if not whole or not all(4 <= n <= 1024 for n in sides):
        raise ValueError(
            f"size: found {size!r}; expected pixels from 4 to 1024, such as 32, or (height, width)"
        )
    return sides


def _check_shares(validation: float, test: float) -> None:
    for name, share in (("validation", validation), ("test", test)):
        if not isinstance(share, float) or not 0.05 <= share <= 0.5:
            raise ValueError(f"{name}: found {share!r}; expected a share from 0.05 to 0.5")
    if validation + test > 0.8:
        raise ValueError(
            f"validation and test: found {validation} and {test}, which leaves less than 0.2 to "
            "train on; give smaller shares"
        )


def _files_of_classes(place: Path) -> dict[str, list[Path]]:
    """Return the files of each class, in order of names."""
    if not place.is_dir():
        why = "is a file" if place.exists() else f"is not there (looked in {Path.cwd().name}/)"
        raise DatasetError(
            f"{place} {why}; give the folder that holds a subfolder of pictures for each class"
        )
    loose = [p.name for p in _visible(place) if p.is_file() and p.suffix.lower() in _ENDINGS]
    if loose:
        raise DatasetError(
            f"{_listed(place, loose)}: pictures that lie in no class; put each into the "
            f"subfolder of its class, such as {place.name}/cat/{loose[0]}"
        )
    folders = [path for path in _visible(place) if path.is_dir()]
    found = {path.name: _visible(path) for path in folders}
    for name, files in found.items():
        inner = [path.name for path in files if path.is_dir()]
        if inner and len(inner) == len(files):
            raise DatasetError(
                f"{place.name}/{name} holds folders alone ({', '.join(inner[:3])}): are these the "
                f"classes? Then give {place.name}/{name} to from_folder, and put the pictures "
                "of all parts together: it splits them itself"
            )
        if inner:
            raise DatasetError(
                f"{place.name}/{name}/{inner[0]} is a folder inside a class; move its pictures up "
                f"into {place.name}/{name}, or out of {place.name}"
            )
    if len(found) < 2:
        has = f"only {next(iter(found))}" if found else "none"
        raise DatasetError(
            f"{place.name} must have a subfolder for each of two or more classes; it has {has}"
        )
    return found


def _visible(folder: Path) -> list[Path]:
    """Return what a folder holds, in order of names, without hidden files and the system's own."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and path.name.lower() not in _SYSTEM
    )


def _read_all(
    place: Path, by_class: dict[str, list[Path]], shape: tuple[int, int], color: bool
) -> list[_Picture]:
    """Read every picture; name all those that cannot be used, not only the first."""
    read, bad = [], []
    for label, paths in by_class.items():
        for path in paths:
            file = f"{label}/{path.name}"
            try:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                pixels = read_picture(path, *shape, color=color)
            except BadPicture as error:
                bad.append(f"{place.name}/{file} {error}")
            except OSError as error:
                bad.append(f"{place.name}/{file} cannot be read ({error.strerror})")
            else:
                read.append(_Picture(file, label, pixels, content))
    if bad:
        more = f", and {len(bad) - _MOST_NAMED} more" if len(bad) > _MOST_NAMED else ""
        raise DatasetError(
            f"{len(bad)} of {len(bad) + len(read)} files cannot be used: "
            f"{'; '.join(bad[:_MOST_NAMED])}{more}. Take them out of the folder, or save them "
            "again as PNG or JPEG"
        )
    return read


def _refuse_two_classes(place: Path, read: list[_Picture]) -> None:
    first: dict[bytes, _Picture] = {}
    for picture in read:
        known = first.setdefault(picture.pixels.tobytes(), picture)
        if known.label != picture.label:
            raise DatasetError(
                f"{place.name}/{known.file} and {place.name}/{picture.file} are the same picture "
                "in two classes; keep it in the class where it belongs"
            )


def _without_copies(read: list[_Picture]) -> tuple[list[_Picture], list[tuple[str, str]]]:
    """Return each picture once, and the copies, each with the file that it is a copy of."""
    first: dict[bytes, _Picture] = {}
    copies = []
    for picture in read:
        known = first.setdefault(picture.pixels.tobytes(), picture)
        if known is not picture:
            copies.append((picture.file, known.file))
    return list(first.values()), copies


def _refuse_too_few(place: Path, classes: tuple[str, ...], read: list[_Picture]) -> None:
    few = {
        name: count
        for name in classes
        if (count := sum(picture.label == name for picture in read)) < FEWEST
    }
    if few:
        named = ", ".join(f"{place.name}/{name} has {count}" for name, count in few.items())
        raise DatasetError(
            f"a class needs at least {FEWEST} different pictures: {named}; add some, or take the "
            "class out of the folder"
        )


def _warn(
    place: Path,
    copies: list[tuple[str, str]],
    parts: tuple[list[_Picture], list[_Picture], list[_Picture]],
) -> None:
    """Name copies that were left out, and pictures of two parts that are almost the same."""
    if copies:
        pairs = [f"{copy} is a copy of {known}" for copy, known in copies]
        warnings.warn(f"left out of {_listed(place, pairs)}", stacklevel=3)
    alike = _alike(parts)
    if alike:
        pairs = [f"{one} and {other}" for one, other in alike]
        warnings.warn(
            f"almost the same, and in two parts of {_listed(place, pairs)}; keep one of each, "
            "or validation and test are easier than they should be",
            stacklevel=3,
        )


def _alike(parts: tuple[list[_Picture], list[_Picture], list[_Picture]]) -> list[tuple[str, str]]:
    """Return pairs of pictures of two parts whose greys differ by next to nothing."""
    small = [np.stack([_reduced(p.pixels) for p in part]) for part in parts]
    pairs = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        squares = (small[one] ** 2).mean(1)[:, None] + (small[other] ** 2).mean(1)[None]
        apart = squares - 2 / _SIDE**2 * small[one] @ small[other].T
        near = np.argwhere(apart < _ALIKE**2)
        pairs += [(parts[one][i].file, parts[other][j].file) for i, j in near]
    return pairs


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return a picture as few grey levels, one row."""
    from PIL import Image

    grey = Image.fromarray(pixels).convert("L")
    return np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), np.float64).ravel()


def _listed(place: Path, things: list[str]) -> str:
    more = f" and {len(things) - _MOST_NAMED} more" if len(things) > _MOST_NAMED else ""
    return f"{place.name}: {'; '.join(things[:_MOST_NAMED])}{more}"

"""From the publishers' files to arrays: unpack, compare the digest, then take the content apart.

No format here can run code: CIFAR-10 is read in its binary version, never as a pickle.
"""

import hashlib
import io
import math
import tarfile
import zlib
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.registry import FileRecord, SetRecord

Arrays = dict[str, NDArray[np.generic]]
ARRAY_NAMES = ("x_train", "y_train", "x_test", "y_test")
_GZIP_MAGIC = b"\x1f\x8b"


class WrongBytes(Exception):
    """A file is not the one that the registry describes; the message says in what.

    Examples
    --------
    >>> str(WrongBytes("is cut off"))
    'is cut off'
    """


def unpack(path: Path, file: FileRecord) -> bytes:
    """Return the unzipped content of a file, once its digests agree with the registry.

    A file that is already unzipped is taken as it is, so a mirror may hold either.

    Parameters
    ----------
    path
        The file on the disk, zipped or not.
    file
        What the registry says of it.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    WrongBytes
        When it is cut off, too long, or has another digest.
    OSError
        When the file cannot be read.

    Examples
    --------
    >>> import gzip, tempfile
    >>> digest = hashlib.sha256(b"hello").hexdigest()
    >>> said = FileRecord("a.gz", 25, True, "", bytes=5, sha256=digest)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Path(folder) / "a.gz"
    ...     _ = place.write_bytes(gzip.compress(b"hello"))
    ...     unpack(place, said)
    b'hello'
    """
    packed = path.read_bytes()
    doubt = "" if file.verified else " (the registry's digest was not verified by the course)"
    for kind, expected in (("md5", file.packed_md5), ("sha256", file.packed_sha256)):
        found = hashlib.new(kind, packed, usedforsecurity=False).hexdigest() if expected else ""
        if found != expected:
            raise WrongBytes(f"has the {kind.upper()} {found}, expected {expected}{doubt}")
    content = _gunzip(packed, file.most_bytes) if packed.startswith(_GZIP_MAGIC) else packed
    if file.bytes and len(content) != file.bytes:
        raise WrongBytes(f"holds {len(content):,} bytes unzipped, expected {file.bytes:,}")
    if file.sha256 and (found := hashlib.sha256(content).hexdigest()) != file.sha256:
        raise WrongBytes(f"has the SHA-256 {found} unzipped, expected {file.sha256}{doubt}")
    return content


def _gunzip(packed: bytes, most: int) -> bytes:
    # One byte more than allowed is enough to know that a file is too long: a bomb is not blown up.
    unzip = zlib.decompressobj(wbits=31)
    try:
        content = unzip.decompress(packed, most + 1)
    except zlib.error as error:
        raise WrongBytes(f"cannot be unzipped ({error})") from error
    if len(content) > most:
        raise WrongBytes(f"holds more than {most:,} bytes unzipped")
    if not unzip.eof:
        raise WrongBytes("is cut off before its end")
    return content


def parse(record: SetRecord, contents: dict[str, bytes]) -> Arrays:
    """Make the four arrays of a set from the unzipped contents of its files.

    Parameters
    ----------
    record
        What the registry says of the set.
    contents
        Unzipped content by the file's name.

    Returns
    -------
    dict
        x_train (N, H, W) or (N, H, W, 3) uint8, y_train (N,) int64, and the same for test.

    Raises
    ------
    WrongBytes
        When the content does not have the format, the sizes or the labels that the registry names.

    Examples
    --------
    >>> import struct
    >>> parse_idx(struct.pack(">4B I", 0, 0, 8, 1, 3) + bytes([7, 2, 1]))
    array([7, 2, 1], dtype=uint8)
    """
    readers = {"idx": _idx_set, "cifar-binary": _cifar_set, "jpeg-tar": _jpeg_set}
    arrays = readers[record.kind](record, contents)
    for part, count in (("train", record.train), ("test", record.test)):
        images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
        wanted = (count, *record.image_shape)
        if images.shape != wanted or labels.shape != (count,):
            raise WrongBytes(f"has {part} images of shape {images.shape}, expected {wanted}")
        if int(labels.min()) < 0 or int(labels.max()) >= len(record.classes):
            raise WrongBytes(f"has {part} labels outside 0 to {len(record.classes) - 1}")
    return arrays


def parse_idx(content: bytes) -> NDArray[np.uint8]:
    """Read an IDX file of bytes: two zeros, the type 8, the number of axes, lengths, values.

    Raises
    ------
    WrongBytes
        When the header is not of that form or the length does not fit it.

    Examples
    --------
    >>> parse_idx(b"GIF89a")
    Traceback (most recent call last):
    ...
    coursekit.datasets.formats.WrongBytes: is not an IDX file of bytes
    """
    right = len(content) > 3 and content.startswith(b"\x00\x00\x08")
    start = 4 + 4 * content[3] if right else 0
    if not 8 <= start <= min(20, len(content)):
        raise WrongBytes("is not an IDX file of bytes")
    shape = tuple(int.from_bytes(content[at : at + 4], "big") for at in range(4, start, 4))
    values = np.frombuffer(content, np.uint8, offset=start)
    if values.size != math.prod(shape):
        raise WrongBytes(f"holds {values.size} values, but its header says {shape}")
    return values.reshape(shape)


def _idx_set(record: SetRecord, contents: dict[str, bytes]) -> Arrays:
    parts = [parse_idx(contents[file.name]) for file in record.files]
    x_train, y_train, x_test, y_test = parts
    return {
        "x_train": x_train.copy(),
        "y_train": y_train.astype(np.int64),
        "x_test": x_test.copy(),
        "y_test": y_test.astype(np.int64),
    }


def _cifar_set(record: SetRecord, contents: dict[str, bytes]) -> Arrays:
    members = _members(contents[record.files[0].name], ".bin")
    batches = {PurePosixPath(name).name: data for name, data in members.items()}
    train = sorted(name for name in batches if name.startswith("data_batch"))
    if not train or "test_batch.bin" not in batches:
        raise WrongBytes(f"lacks the batches of CIFAR-10; it holds {sorted(batches)}")
    x_train, y_train = _cifar_records(b"".join(batches[name] for name in train))
    x_test, y_test = _cifar_records(batches["test_batch.bin"])
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _cifar_records(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    # A record is one label and then the red, the green and the blue plane, row by row.
    if len(data) % 3073:
        raise WrongBytes(f"has a batch of {len(data)} bytes, which is no multiple of 3,073")
    rows = np.frombuffer(data, np.uint8).reshape(-1, 3073)
    planes = rows[:, 1:].reshape(-1, 3, 32, 32)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), rows[:, 0].astype(np.int64)


def _jpeg_set(record: SetRecord, contents: dict[str, bytes]) -> Arrays:
    members = _members(contents[record.files[0].name], ".jpg")
    arrays: Arrays = {}
    for part in ("train", "test"):
        chosen = [path for path in map(PurePosixPath, members) if path.parts[0] == part]
        unknown = {path.parent.name for path in chosen} - set(record.classes)
        if unknown or not chosen:
            raise WrongBytes(f"has no images in {part}/, or some of unknown classes {unknown}")
        # Sorted by number first: any beginning of the set holds every class equally often.
        labelled = sorted((path.stem, record.classes.index(path.parent.name)) for path in chosen)
        images = [
            _decode(members[f"{part}/{record.classes[label]}/{stem}.jpg"])
            for stem, label in labelled
        ]
        if {image.shape for image in images} != {record.image_shape}:
            raise WrongBytes(f"has images in {part}/ that are not {record.image_shape}")
        arrays[f"x_{part}"] = np.stack(images)
        arrays[f"y_{part}"] = np.array([label for _, label in labelled], dtype=np.int64)
    return arrays


def _decode(data: bytes) -> NDArray[np.uint8]:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            return np.asarray(image.convert("RGB"), dtype=np.uint8)
    except OSError as error:
        raise WrongBytes(f"holds a damaged picture ({error})") from error


def _members(content: bytes, ending: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for member in archive:
                data = archive.extractfile(member) if member.name.endswith(ending) else None
                if data is not None:
                    found[member.name.removeprefix("./")] = data.read()
    except tarfile.TarError as error:
        raise WrongBytes(f"is not a whole tar archive ({error})") from error
    if not found:
        raise WrongBytes(f"holds no file that ends in {ending}")
    return found

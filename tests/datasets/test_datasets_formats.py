"""Reading the publishers' formats, against bytes laid out by hand."""

import gzip
import hashlib
import io
import struct
import tarfile
from dataclasses import replace

import numpy as np
import pytest

from coursekit.datasets.formats import WrongBytes, parse, parse_idx, unpack
from coursekit.datasets.registry import FileRecord, record


def tar(members: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return whole.getvalue()


def test_idx_values_stand_row_by_row():
    head = bytes([0, 0, 8, 3]) + struct.pack(">3I", 2, 2, 3)
    values = parse_idx(head + bytes(range(12)))
    assert values.shape == (2, 2, 3)
    assert values[1, 0].tolist() == [6, 7, 8]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes([0, 0, 8]),
        bytes([0, 0, 8, 1]),
        bytes([0, 0, 9, 1]) + struct.pack(">I", 1) + b"x",
        bytes([0, 0, 8, 0]) + bytes(8),
        bytes([0, 0, 8, 1]) + struct.pack(">I", 3) + b"xx",
        bytes([0, 0, 8, 1]) + struct.pack(">I", 1) + b"xx",
        bytes([0, 0, 8, 4]) + struct.pack(">I", 1),
        bytes([0, 0, 8, 4]) + struct.pack(">4I", *[2**32 - 1] * 4),
    ],
)
def test_what_is_not_idx_is_refused(content):
    with pytest.raises(WrongBytes):
        parse_idx(content)


def cifar_record(label: int, red: int, green: int, blue: int) -> bytes:
    planes = np.zeros((3, 32, 32), np.uint8)
    planes[:, 1, 2] = red, green, blue
    return bytes([label]) + planes.tobytes()


def small_cifar(members: dict[str, bytes]):
    known = replace(record("cifar10"), train=5, test=1)
    return parse(known, {known.files[0].name: tar(members)})


def cifar_members() -> dict[str, bytes]:
    batches = {
        f"cifar-10-batches-bin/data_batch_{n}.bin": cifar_record(n, 10 * n, 20, 30)
        for n in (3, 1, 2, 5, 4)
    }
    return {
        "cifar-10-batches-bin/batches.meta.txt": b"airplane\n",
        **batches,
        "cifar-10-batches-bin/test_batch.bin": cifar_record(9, 7, 8, 9),
    }


def test_cifar_planes_become_colours_and_batches_come_in_order():
    arrays = small_cifar(cifar_members())
    assert arrays["x_train"].shape == (5, 32, 32, 3)
    assert arrays["y_train"].tolist() == [1, 2, 3, 4, 5]
    assert arrays["x_train"][1, 1, 2].tolist() == [20, 20, 30]
    assert int(arrays["x_train"][1].sum()) == 70
    assert arrays["x_test"][0, 1, 2].tolist() == [7, 8, 9]
    assert arrays["y_test"].dtype == np.int64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cifar-10-batches-bin/data_batch_1.bin": bytes(3072)}, "no multiple of 3,073"),
        ({"cifar-10-batches-bin/data_batch_1.bin": bytes(2 * 3073)}, "expected"),
        ({"cifar-10-batches-bin/data_batch_1.bin": bytes([10]) + bytes(3072)}, "labels outside"),
    ],
)
def test_damaged_cifar_is_refused(change, said):
    with pytest.raises(WrongBytes, match=said):
        small_cifar(cifar_members() | change)


def test_cifar_without_its_test_batch_is_refused():
    members = cifar_members()
    del members["cifar-10-batches-bin/test_batch.bin"]
    with pytest.raises(WrongBytes, match="lacks the batches"):
        small_cifar(members)


def test_pickles_are_not_looked_at():
    with pytest.raises(WrongBytes, match=r"no file that ends in \.bin"):
        small_cifar({"cifar-10-batches-py/data_batch_1": b"cos\nsystem\n(S'true'\ntR."})


def test_what_is_no_archive_is_refused():
    known = record("cifar10")
    with pytest.raises(WrongBytes, match="not a whole tar"):
        parse(known, {known.files[0].name: b"x" * 2000})


def jpeg(grey: int, width: int = 32) -> bytes:
    from PIL import Image

    whole = io.BytesIO()
    Image.new("RGB", (width, 32), (grey, grey, grey)).save(whole, "JPEG")
    return whole.getvalue()


def test_jpeg_images_are_read_number_by_number_so_that_classes_alternate():
    known = replace(record("cifar10_jpeg_subset"), train=4, test=2)
    members = {
        "train/cat/0001.jpg": jpeg(40),
        "train/cat/0000.jpg": jpeg(30),
        "train/bird/0001.jpg": jpeg(20),
        "train/bird/0000.jpg": jpeg(10),
        "test/cat/0000.jpg": jpeg(60),
        "test/bird/0000.jpg": jpeg(50),
    }
    arrays = parse(known, {known.files[0].name: tar(members)})
    assert arrays["x_train"][:, 5, 5, 0].tolist() == [10, 30, 20, 40]
    assert [known.classes[label] for label in arrays["y_train"]] == ["bird", "cat"] * 2
    assert arrays["x_test"][:, 0, 0, 2].tolist() == [50, 60]


@pytest.mark.parametrize(
    "members",
    [
        {"train/cat/0000.jpg": b"no picture", "test/cat/0000.jpg": b"no picture"},
        {"train/unicorn/0000.jpg": jpeg(1), "test/cat/0000.jpg": jpeg(1)},
        {"train/cat/0000.jpg": jpeg(1)},
        {"0000.jpg": jpeg(1)},
        {"train/cat/0000.jpg": jpeg(1, 31), "test/cat/0000.jpg": jpeg(1)},
        {"train/cat/0000.jpg": jpeg(1)[:100], "test/cat/0000.jpg": jpeg(1)},
    ],
)
def test_a_damaged_jpeg_archive_is_refused(members):
    known = replace(record("cifar10_jpeg_subset"), train=1, test=1)
    with pytest.raises(WrongBytes):
        parse(known, {known.files[0].name: tar(members)})


def file_record(content: bytes, **more) -> FileRecord:
    made = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} | more
    return FileRecord("a.gz", packed_bytes=100, verified=True, how="made here", **made)


def test_the_digest_is_of_the_unzipped_content_however_it_was_packed(tmp_path):
    content = b"the same" * 50
    for level in (1, 9):
        (tmp_path / "a.gz").write_bytes(gzip.compress(content, level, mtime=level))
        assert unpack(tmp_path / "a.gz", file_record(content)) == content
    (tmp_path / "a").write_bytes(content)
    assert unpack(tmp_path / "a", file_record(content)) == content


def test_a_file_that_swells_without_end_is_stopped_early(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(WrongBytes, match="more than 8 bytes"):
        unpack(tmp_path / "a.gz", file_record(b"8 bytes."))


def test_a_file_cut_off_before_its_end_is_refused(tmp_path):
    whole = gzip.compress(b"the same" * 50)
    (tmp_path / "a.gz").write_bytes(whole[:-9])
    with pytest.raises(WrongBytes, match="cut off"):
        unpack(tmp_path / "a.gz", file_record(b"the same" * 50))


@pytest.mark.parametrize("kind", ["packed_md5", "packed_sha256"])
def test_digests_of_the_packed_file_are_enforced_even_if_unverified(kind, tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"hello"))
    said = replace(file_record(b"hello", **{kind: "0" * 32}), verified=False)
    with pytest.raises(WrongBytes, match=r"expected 000.* was not verified"):
        unpack(tmp_path / "a.gz", said)

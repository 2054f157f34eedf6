"""A folder of one's own pictures: what is read, how it is split, and what is refused."""

import shutil
import warnings

import numpy as np
import pytest
from PIL import Image

from coursekit.datasets import DatasetError, example_folder, from_folder


def draw(path, seed, size=(20, 30), mode="RGB", **save):
    """Save a picture of blotches that no other seed gives."""
    levels = np.random.default_rng(seed).integers(0, 255, (5, 6, 3), dtype=np.uint8)
    picture = Image.fromarray(levels).resize(size[::-1], Image.Resampling.NEAREST).convert(mode)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, **save)


@pytest.fixture
def place(tmp_path):
    """Two classes, of 20 and of 10 pictures."""
    for number in range(20):
        draw(tmp_path / "pictures" / "cat" / f"{number}.png", number)
    for number in range(10):
        draw(tmp_path / "pictures" / "dog" / f"{number}.jpg", 100 + number)
    return tmp_path / "pictures"


def refusal(folder, **more):
    with pytest.raises(DatasetError) as error:
        from_folder(folder, **more)
    return str(error.value)


def files_of(data):
    return set(data.train_files), set(data.validation_files), set(data.test._files)


def test_every_class_is_split_in_the_same_proportion_and_nothing_is_in_two_parts(place):
    data = from_folder(place, size=(16, 24))
    (x_train, y_train), (_, y_validation), held_out = data
    x_test, y_test = held_out.open()
    assert data.classes == ("cat", "dog") and data.name == "pictures"
    assert x_train.shape == (18, 16, 24, 3) and x_train.dtype == np.uint8
    assert [np.bincount(y).tolist() for y in (y_train, y_validation, y_test)] == [
        [12, 6], [4, 2], [4, 2],
    ]  # fmt: skip
    parts = files_of(data)
    assert len(set.union(*parts)) == sum(map(len, parts)) == 30
    for images, labels, files in (
        (x_train, y_train, data.train_files),
        (x_test, y_test, held_out._files),
    ):
        for image, label, file in zip(images, labels, files, strict=True):
            assert file.split("/")[0] == data.classes[label]
            with Image.open(place / file) as picture:
                small = picture.convert("RGB").resize((24, 16), Image.Resampling.BILINEAR)
            apart = np.abs(image.astype(int) - np.asarray(small, int)).mean()
            assert apart < 12  # cut to another shape, but the same picture


def test_the_split_hangs_on_content_and_seed_alone(place, tmp_path):
    first = from_folder(place)
    assert files_of(from_folder(place)) == files_of(first)
    assert files_of(from_folder(place, seed=1)) != files_of(first)
    other = tmp_path / "moved"
    renamed = {}
    for path in sorted(place.rglob("*.*"), reverse=True):
        label = path.parent.name
        name = f"x{len(renamed)}{path.suffix}"
        renamed[f"{label}/{name}"] = f"{label}/{path.name}"
        (other / label).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, other / label / name)
    again = from_folder(other)
    assert [{renamed[file] for file in part} for part in files_of(again)] == list(files_of(first))
    np.testing.assert_array_equal(again.train[0], first.train[0])
    # More pictures of a class move few of the others, and none out of the test part into training.
    draw(place / "cat" / "new.png", 999)
    assert not files_of(from_folder(place))[0] & files_of(first)[2]


def test_pictures_of_every_kind_come_out_alike(place):
    """The same red half: as grey, with a palette, with transparency, turned by a camera, deep."""
    half = Image.new("RGB", (40, 40), "white")
    half.paste((255, 0, 0), (0, 0, 40, 20))  # the upper half is red
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 40, 20))
    turned = half.rotate(90)
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn it by a quarter, clockwise"
    deep = Image.fromarray(
        np.where(np.arange(40)[:, None] < 20, 20000, 65535).astype(np.uint16)
        * np.ones((1, 40), np.uint16)
    )
    saved = {
        "rgb.png": (half, {}), "palette.gif": (half.convert("P"), {}), "alpha.png": (clear, {}),
        "alpha_palette.png": (clear.convert("P"), {}), "turned.jpg": (turned, {"exif": exif}),
        "cmyk.jpg": (half.convert("CMYK"), {}), "one_bit.png": (half.convert("L"), {}),
        "deep.png": (deep, {}), "wide.bmp": (half.resize((40, 40)), {}),
    }  # fmt: skip
    from coursekit.datasets.pictures import read_picture

    for name, (picture, more) in saved.items():
        path = place / "cat" / name
        picture.save(path, **more)
        got = read_picture(path, 20, 20, color=True).astype(int)
        assert got.shape == (20, 20, 3), name
        assert (got[11:] > 240).all(), f"{name}: the lower half is white"
        assert (got[:9, :, 1:] < 100).all(), f"{name}: the upper half is dark in green and blue"
        grey = read_picture(path, 20, 20, color=False)
        assert grey.shape == (20, 20) and grey[11:].min() > 240 > 100 > grey[:9].max(), name


def test_a_wide_picture_is_cut_around_its_middle(tmp_path):
    from coursekit.datasets.pictures import read_picture

    wide = Image.new("RGB", (90, 30), "black")
    wide.paste("white", (30, 0, 60, 30))
    wide.save(tmp_path / "wide.png")
    assert read_picture(tmp_path / "wide.png", 30, 30, color=False).min() == 255


def broken(place):
    content = (place / "dog" / "0.jpg").read_bytes()
    (place / "dog" / "0.jpg").write_bytes(content[: len(content) // 2])
    (place / "cat" / "3.png").write_bytes(b"")
    (place / "cat" / "notes.txt").write_text("no picture")


def lone(place):
    shutil.move(place / "cat" / "0.png", place / "lost.png")


def few(place):
    (place / "dog" / "0.jpg").unlink()


def few_but_for_copies(place):
    few(place)
    shutil.copy(place / "dog" / "1.jpg", place / "dog" / "copy.jpg")


def both(place):
    shutil.copy(place / "cat" / "0.png", place / "dog" / "mine.png")


def nested(place):
    (place / "cat" / "old").mkdir()


def parted(place):
    for part in ("train", "test"):
        (place.parent / "kaggle" / part / "cat").mkdir(parents=True)
    shutil.rmtree(place)
    shutil.move(place.parent / "kaggle", place)


def single(place):
    shutil.rmtree(place / "dog")


def filed(place):
    shutil.rmtree(place)
    place.write_text("a file")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (broken, ("3 of 31 files", "pictures/dog/0.jpg is damaged", "pictures/cat/3.png is empty",
                  "pictures/cat/notes.txt is no picture")),
        (lone, ("lost.png", "pictures/cat/lost.png")),
        (few, ("at least 10", "pictures/dog has 9")),
        (few_but_for_copies, ("pictures/dog has 9",)),
        (both, ("pictures/cat/0.png", "pictures/dog/mine.png", "two classes")),
        (nested, ("pictures/cat/old", "move its pictures")),
        (parted, ("pictures/test", "are these the classes")),
        (single, ("two or more classes", "only cat")),
        (shutil.rmtree, ("is not there", "subfolder of pictures for each class")),
        (filed, ("is a file",)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_what_is_wrong_with_a_folder_is_named(place, spoil, named):
    spoil(place)
    message = refusal(place)
    for words in named:
        assert words in message, message
    assert "Traceback" not in message and len(message) < 600


def test_hidden_and_system_files_are_passed_over(place):
    before = files_of(from_folder(place))
    for name in (".DS_Store", "cat/.hidden.png", "cat/Thumbs.db", "dog/desktop.ini", "README.md"):
        (place / name).write_text("no picture")
    (place / "__MACOSX").mkdir()
    (place / ".ipynb_checkpoints").mkdir()
    assert files_of(from_folder(place)) == before


def test_copies_count_once_and_are_named(place):
    before = files_of(from_folder(place))
    with Image.open(place / "cat" / "4.png") as picture:
        picture.save(place / "cat" / "z.bmp")  # another file, the same pixels
    with pytest.warns(UserWarning, match=r"cat/z\.bmp is a copy of cat/4\.png"):
        data = from_folder(place)
    assert files_of(data) == before


def test_pictures_that_are_almost_the_same_are_named_where_they_stand_in_two_parts(place):
    data = from_folder(place)
    for file in data.test._files:  # each saved again as a JPEG: other pixels, the same picture
        with Image.open(place / file) as picture:
            picture.convert("RGB").save((place / file).with_suffix(".again.jpg"), quality=95)
    with pytest.warns(UserWarning, match="almost the same, and in two parts"):
        from_folder(place)
    # Without them nothing is said.
    for path in place.rglob("*.again.jpg"):
        path.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        from_folder(place)


@pytest.mark.parametrize(
    "wrong",
    [{"size": 2}, {"size": 32.0}, {"size": (32,)}, {"size": True}, {"seed": 0.5}, {"seed": True},
     {"validation": 0}, {"test": 1.0}, {"test": 20}, {"test": 0.5, "validation": 0.5}],
    ids=str,
)  # fmt: skip
def test_an_argument_that_makes_no_sense_is_named(place, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        from_folder(place, **wrong)


def test_the_test_part_counts_how_often_it_is_opened(place):
    held_out = from_folder(place).test
    assert held_out.opened == 0 and len(held_out) == 6
    first = held_out.open()
    second = held_out.open()
    np.testing.assert_array_equal(first[0], second[0])
    assert held_out.opened == 2
    (place / held_out._files[0]).unlink()
    with pytest.raises(DatasetError, match="is not there any more"):
        held_out.open()
    assert held_out.opened == 2


def test_a_picture_that_is_far_too_large_is_not_read(place, monkeypatch):
    monkeypatch.setattr("coursekit.datasets.pictures.MOST_PIXELS", 1000)
    draw(place / "cat" / "huge.png", 5, size=(40, 40))
    assert "pictures/cat/huge.png has 40 x 40 pixels" in refusal(place)


def test_the_example_is_not_written_over_pictures_of_ones_own(place, tmp_path):
    with pytest.raises(DatasetError, match="holds other files"):
        example_folder(place)
    made = example_folder(tmp_path / "example")
    assert example_folder(made) == made
    assert from_folder(made).train[0].shape == (120, 32, 32, 3)

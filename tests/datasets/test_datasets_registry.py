"""The registry and the data cards: whole, honest, and of one mind."""

import re
import subprocess
import sys

import pytest

from coursekit.datasets import DatasetError, cache_folder, info, load, names, status
from coursekit.datasets.registry import card, record, records, registry_path

ALL = ("fashion_mnist", "mnist", "cifar10", "cifar10_jpeg_subset", "digits", "strokes", "shapes")
DOWNLOADED = ("fashion_mnist", "mnist", "cifar10")


def test_the_sets_of_the_course_are_there():
    assert names() == ALL


def test_an_unknown_name_is_the_caller_s_mistake_and_lists_those_known():
    with pytest.raises(ValueError, match="'imagenet'") as raised:
        load("imagenet")
    for name in ALL:
        assert name in str(raised.value)


@pytest.mark.parametrize("name", ALL)
def test_each_file_has_a_digest_or_is_marked_as_unverified(name):
    known = record(name)
    assert known.embedded == (not known.files)
    for file in known.files:
        assert file.packed_bytes > 0
        assert len(file.how) > 20
        assert re.fullmatch("[0-9a-f]{64}", file.sha256 or file.packed_sha256)
        if file.verified:
            assert file.sha256, "only a digest of the content counts as verified"
        else:
            assert "Neither was computed here" in file.how
    if known.embedded:
        assert re.fullmatch("[0-9a-f]{64}", known.digest)


@pytest.mark.parametrize("name", DOWNLOADED)
def test_what_is_downloaded_has_several_sources(name):
    sources = record(name).sources
    assert len({source.split("/")[2] for source in sources}) >= 3
    for source in sources:
        assert re.match(r"https?://[a-z0-9.-]+/.*/$|https?://[a-z0-9.-]+/$", source)


@pytest.mark.parametrize("name", DOWNLOADED)
def test_the_first_source_is_one_that_nobody_can_change_on_the_way(name):
    assert record(name).sources[0].startswith("https://")


@pytest.mark.parametrize("name", ALL)
def test_each_card_agrees_with_the_registry(name):
    known, text = record(name), " ".join(card(name).split())
    for part in ("| images |", "| classes |", "| licence |", "| cite as |"):
        assert part in text
    assert f"{known.train:,} for training, {known.test:,} for testing" in text
    assert f"{known.image_shape[0]} x {known.image_shape[1]} pixels" in text
    if known.classes != tuple("0123456789"):
        assert ", ".join(known.classes) in text
    assert known.citation.removesuffix(".") in text
    for heading in ("Known problems", "In the course"):
        assert f"## {heading}" in text
    if known.files and not all(file.verified for file in known.files):
        assert "`verified = false`" in text


def test_info_reads_no_image_and_tells_what_is_where(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    assert [entry.name for entry in status()] == list(ALL)
    assert {entry.name for entry in status() if entry.here} == {"digits", "strokes", "shapes"}
    fashion = info("fashion_mnist")
    assert fashion.bytes == 26421880 + 29515 + 4422102 + 5148
    assert fashion.verified
    assert not info("cifar10").verified
    assert not info("cifar10_jpeg_subset").fetchable
    assert list(tmp_path.iterdir()) == []


def test_the_cache_folder_can_be_chosen_and_has_a_place_of_its_own_otherwise(monkeypatch):
    monkeypatch.setenv("COURSEKIT_CACHE", "~/elsewhere")
    assert cache_folder().name == "elsewhere"
    assert cache_folder().is_absolute()
    monkeypatch.delenv("COURSEKIT_CACHE")
    assert "coursekit" in cache_folder().parts


@pytest.mark.parametrize("text", ["[mnist", "[mnist]\ntitle = 3", None])
def test_a_damaged_registry_is_named(text, tmp_path, monkeypatch):
    path = tmp_path / "registry.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("COURSEKIT_REGISTRY", str(path))
    with pytest.raises(DatasetError, match="registry"):
        records()


def test_a_missing_card_is_named(tmp_path, monkeypatch):
    path = tmp_path / "registry.toml"
    path.write_text(registry_path().read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("COURSEKIT_REGISTRY", str(path))
    with pytest.raises(DatasetError, match=r"strokes\.md is missing"):
        load("strokes")


def test_importing_is_light():
    heavy = "{'torch', 'keras', 'sklearn', 'scipy', 'pooch', 'PIL', 'matplotlib', 'requests'}"
    code = f"import sys, coursekit.datasets as d; d.status(); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

"""Finding submissions in every layout, and in places made to mislead."""

import os
import zipfile
from pathlib import Path

import pytest

from coursekit.errors import CallError, CourseError
from coursekit.grading.names import file_name, printable
from coursekit.grading.submissions import places
from coursekit.grading.submissions.finding import find
from coursekit.grading.submissions.places import UnreadableError

SET = "03_convolution_2d"


def lay_out(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def pack(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return path


LAYOUTS = [
    (["ada.ipynb", "bob.ipynb"], {"ada": None, "bob": None}),
    ([f"ada/{SET}/{SET}.ipynb", f"bob/{SET}/{SET}.ipynb"], {"ada": None, "bob": None}),
    (
        ["lovelaceada_11_900_03-1.ipynb", "babbagecharles_LATE_12_901_my_file.ipynb"],
        {"babbagecharles": "12", "lovelaceada": "11"},
    ),
    (
        ["Ada Lovelace_11_assignsubmission_file_/x.ipynb", "Bob_12_assignsubmission_file/a.ipynb"],
        {"Ada Lovelace": "11", "Bob": "12"},
    ),
    (["ada/homework.ipynb", "bob/homework.ipynb"], {"ada": None, "bob": None}),
]


@pytest.mark.parametrize(("names", "students"), LAYOUTS)
@pytest.mark.parametrize("wrapper", ["", "submissions/", "a/b/"])
@pytest.mark.parametrize("packed", [False, True])
def test_each_layout_in_a_folder_or_a_zip(tmp_path, names, students, wrapper, packed):
    inner = [wrapper + name for name in names]
    place = pack(tmp_path / "all.zip", *inner) if packed else lay_out(tmp_path / "all", *inner)
    found = find(place, SET).submissions
    assert {each.student: each.number for each in found} == students
    assert [each.student for each in found] == sorted(students)
    assert {each.read().decode() for each in found} == set(inner)


def test_one_notebook_is_a_class_of_one(tmp_path):
    lay_out(tmp_path, "ada.ipynb", "bob.ipynb")
    assert [each.student for each in find(tmp_path / "ada.ipynb", SET).submissions] == ["ada"]


def test_other_sets_of_a_course_folder_are_passed_over(tmp_path):
    lay_out(tmp_path, f"ada/{SET}/{SET}.ipynb", "ada/01_images/01_images.ipynb")
    found = find(tmp_path, SET)
    assert [each.student for each in found.submissions] == ["ada"]
    assert found.passed_over == ("ada/01_images/01_images.ipynb belongs to another set",)


def test_checkpoints_and_shadows_are_no_hand_ins(tmp_path):
    lay_out(tmp_path, "ada.ipynb", ".ipynb_checkpoints/bob.ipynb", "__MACOSX/._ada.ipynb", "c.txt")
    found = find(tmp_path, SET)
    assert [each.student for each in found.submissions] == ["ada"]
    assert found.passed_over == ("c.txt is not a notebook",)


def test_of_two_files_the_newer_number_counts_whatever_the_clock_says(tmp_path):
    lay_out(tmp_path, "ada_11_900_a.ipynb", "ada_11_901_b.ipynb")
    os.utime(tmp_path / "ada_11_900_a.ipynb", (2e9, 2e9))
    (only,) = find(tmp_path, SET).submissions
    assert only.path.name == "ada_11_901_b.ipynb"
    assert [code for code, _ in only.events] == ["second_file"]


def test_of_two_files_without_numbers_the_later_written_counts(tmp_path):
    lay_out(tmp_path, "ada/a.ipynb", "ada/b.ipynb", "bob/a.ipynb")
    os.utime(tmp_path / "ada/a.ipynb", (2e9, 2e9))
    ada, _ = find(tmp_path, SET).submissions
    assert ada.path.name == "a.ipynb"


def test_two_students_of_one_name_stay_two(tmp_path):
    lay_out(tmp_path, "smith_11_900_a.ipynb", "smith_12_901_a.ipynb")
    assert [e.student for e in find(tmp_path, SET).submissions] == ["smith (11)", "smith (12)"]


def test_a_link_is_listed_and_never_followed(tmp_path):
    secret = lay_out(tmp_path / "elsewhere", "secret.ipynb") / "secret.ipynb"
    place = lay_out(tmp_path / "class", "ada.ipynb")
    (place / "bob.ipynb").symlink_to(secret)
    (place / "folder").symlink_to(secret.parent, target_is_directory=True)
    ada, bob = find(place, SET).submissions
    assert ada.read() == b"ada.ipynb"
    with pytest.raises(UnreadableError) as caught:
        bob.read()
    assert caught.value.code == "link"


def test_a_pipe_does_not_hang_the_grader(tmp_path):
    os.mkfifo(tmp_path / "ada.ipynb")
    (ada,) = find(tmp_path, SET).submissions
    with pytest.raises(UnreadableError):
        ada.read()


def test_names_out_of_a_zip_cannot_leave_it(tmp_path):
    place = pack(tmp_path / "all.zip", "../../ada.ipynb", "/bob.ipynb", "..\\..\\cy.ipynb")
    found = find(place, SET).submissions
    assert [each.student for each in found] == ["ada", "bob", "cy"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip"]


def test_two_members_of_one_name_are_two_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("ada.ipynb", "first")
        archive.writestr("./ada.ipynb", "second")
    (ada,) = find(tmp_path / "all.zip", SET).submissions
    assert [code for code, _ in ada.events] == ["second_file"]


def test_a_linked_member_is_not_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        link = zipfile.ZipInfo("ada.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    (ada,) = find(tmp_path / "all.zip", SET).submissions
    with pytest.raises(UnreadableError, match="link"):
        ada.read()


@pytest.mark.parametrize("honest", [True, False])
def test_a_zip_bomb_is_read_no_further_than_a_notebook_may_be(tmp_path, monkeypatch, honest):
    monkeypatch.setattr(places, "MOST_BYTES", 1000)
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada.ipynb", b"0" * 50_000)
        archive.writestr("bob.ipynb", b"{}")
    if not honest:  # announce 10 bytes where 50,000 come
        size = (50_000).to_bytes(4, "little")
        path.write_bytes(path.read_bytes().replace(size, (10).to_bytes(4, "little")))
    ada, bob = find(path, SET).submissions
    with pytest.raises(UnreadableError):
        ada.read()
    assert bob.read() == b"{}"


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "MOST_BYTES", 9)
    lay_out(tmp_path, "ada.ipynb", "adda.ipynb")
    ada, adda = find(tmp_path, SET).submissions
    assert ada.read() == b"ada.ipynb"
    with pytest.raises(UnreadableError) as caught:
        adda.read()
    assert caught.value.code == "too_large"


def test_a_place_that_is_not_there_or_no_zip(tmp_path):
    with pytest.raises(CallError, match="is not there"):
        find(tmp_path / "nothing", SET)
    (tmp_path / "class.tar").write_bytes(b"no zip")
    with pytest.raises(CourseError, match=r"class\.tar is neither a folder nor a zip"):
        find(tmp_path / "class.tar", SET)


def test_an_empty_folder_has_no_hand_ins(tmp_path):
    assert find(tmp_path, SET).submissions == ()


@pytest.mark.parametrize("name", ["a b", "o'b\"c", "line\nbreak", "x" * 230, "é", "-rf", "~"])
def test_odd_names_are_found_and_become_safe_file_names(tmp_path, name):
    lay_out(tmp_path, f"{name}.ipynb")
    (only,) = find(tmp_path, SET).submissions
    assert only.student == name
    made = tmp_path / f"{file_name(name)}.html"
    made.write_text("")
    assert made.parent == tmp_path
    assert set(file_name(name)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-%"
    )


def test_bytes_that_are_no_text_are_written_out(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/ada\xff.ipynb"))).write_text("{}")
    (only,) = find(tmp_path, SET).submissions
    assert only.student == "ada\\xff"
    assert only.read() == b"{}"


def test_long_names_stay_different():
    assert file_name("é" * 300 + "a") != file_name("é" * 300 + "b")
    assert len(file_name("é" * 300)) < 200


def test_nothing_in_a_name_reaches_a_terminal():
    assert printable("\x1b]0;title\x07\u202eevil") == "\\x1b]0;title\\x07\\u202eevil"

"""What a file is decides which of a student's counts; folders and odd files stay whose they are."""

import io
import os
import zipfile

import pytest
from notebooks_at_hand import CONV, IMPORTS, MATCH, ROOT, SET, filled, handed_out, notebook

from coursekit.grading.submissions.finding import find

WORKED, STUB, OTHER = filled(SET), handed_out(SET), filled("04_kernels")
LESSON = (ROOT / "lessons" / f"{SET}.ipynb").read_bytes()
AGAIN = filled(SET, lambda source: source + "\n")


def lay_out(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1e9, 1e9))
    return folder


def packed(files):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def workspace(student, **more):
    return {
        f"{student}/exercises/{SET}.ipynb": WORKED,
        f"{student}/exercises/04_kernels.ipynb": OTHER,
        f"{student}/lessons/{SET}.ipynb": LESSON,
    }


# What is laid out, and whose submission is which file.
CLASSES = {
    "folders of their own": (
        {f"ada/week 3/{SET}.ipynb": WORKED, "bob/ps3/homework.ipynb": AGAIN},
        {"ada": f"week 3/{SET}.ipynb", "bob": "ps3/homework.ipynb"},
    ),
    "workspaces": (
        {**workspace("ada"), **workspace("bob")},
        {"ada": f"exercises/{SET}.ipynb", "bob": f"exercises/{SET}.ipynb"},
    ),
    "one workspace": (workspace("ada"), {"ada": f"exercises/{SET}.ipynb"}),
    "several sets in a folder": (
        {f"ada/{SET}.ipynb": WORKED, "ada/04_kernels.ipynb": OTHER, "bob/x.ipynb": WORKED},
        {"ada": f"{SET}.ipynb", "bob": "x.ipynb"},
    ),
    "a release beside the work": (
        {f"ada/{SET}.ipynb": STUB, "ada/mine.ipynb": WORKED, "bob/x.ipynb": WORKED},
        {"ada": "mine.ipynb", "bob": "x.ipynb"},
    ),
    "a name like the set's": (
        {f"ada/{SET}.ipynb": WORKED, f"ada/{SET}_old.ipynb": AGAIN, "bob/x.ipynb": WORKED},
        {"ada": f"{SET}.ipynb", "bob": "x.ipynb"},
    ),
    "endings and scripts": (
        {"ada/a.ipynb.txt": WORKED, "bob/a.ipynb.json": WORKED,
         "cy/conv.py": (IMPORTS + MATCH + CONV).encode()},
        {"ada": "a.ipynb.txt", "bob": "a.ipynb.json", "cy": "conv.py"},
    ),
    "a zip of one's own": (
        {"ada/all.zip": packed({f"x/{SET}.ipynb": WORKED}), "bob/x.ipynb": WORKED,
         "cy.zip": packed({f"exercises/{SET}.ipynb": WORKED})},
        {"ada": f"all/x/{SET}.ipynb", "bob": "x.ipynb", "cy": f"exercises/{SET}.ipynb"},
    ),
    "another set alone": (
        {"ada/04_kernels.ipynb": OTHER, "bob/x.ipynb": WORKED},
        {"ada": "04_kernels.ipynb", "bob": "x.ipynb"},
    ),
    "no notebook": (
        {"ada/report.pdf": b"%PDF", "bob/x.ipynb": WORKED},
        {"ada": "report.pdf", "bob": "x.ipynb"},
    ),
    "Moodle without folders": (
        {"Ben Tal_1_assignsubmission_file_a.ipynb": WORKED,
         "Ben Tal_2_assignsubmission_file_b.zip": packed({"b.ipynb": WORKED}),
         "A-B_3_assignsubmission_file_c.docx": b"PK"},
        {"A-B": "", "Ben Tal (1)": "", "Ben Tal (2)": "b.ipynb"},
    ),
    "a course of nbgrader": (
        {f"submitted/ada/{SET}/{SET}.ipynb": WORKED, f"release/ps/{SET}/{SET}.ipynb": STUB,
         f"submitted/bob/{SET}/{SET}.ipynb": WORKED},
        {"ada": f"{SET}/{SET}.ipynb", "bob": f"{SET}/{SET}.ipynb"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CLASSES))
@pytest.mark.parametrize("wrapped", [False, True])
def test_everybody_s_own_file_counts(tmp_path, name, wrapped):
    files, expected = CLASSES[name]
    place = lay_out(tmp_path / "class" if not wrapped else tmp_path / "class" / "all", files)
    found = find(place.parent if wrapped else place, SET)
    assert {one.student: None for one in found.submissions} == dict.fromkeys(sorted(expected))
    for one in found.submissions:
        assert str(one.path).endswith(expected[one.student])
    assert found.doubts == ()


DOUBTS = [
    {"a/ada/x.ipynb": WORKED, "a/bob/x.ipynb": AGAIN, "b/cy/x.ipynb": WORKED},
    {"a/ada.ipynb": WORKED, "a/bob.ipynb": AGAIN, "b/cy.ipynb": WORKED},
]


@pytest.mark.parametrize("files", DOUBTS)
def test_folders_that_may_hold_several_students_are_a_doubt(tmp_path, files):
    place = lay_out(tmp_path, files)
    (doubt,) = find(place, SET).doubts
    assert "--level 2" in doubt and "--file" in doubt
    picked = find(place, SET, picked=[next(iter(files))])
    assert picked.doubts == () and str(picked.submissions[0].path) == next(iter(files))
    known = find(place, SET, is_student={"a", "b"}.__contains__)
    assert [one.student for one in known.submissions] == ["a", "b"]


def test_the_level_of_folders_can_be_said(tmp_path):
    found = find(lay_out(tmp_path, DOUBTS[0]), SET, level=2)
    assert [one.student for one in found.submissions] == ["ada", "bob", "cy"]
    assert found.doubts == ()


def test_the_newer_of_two_versions_counts_and_equal_times_are_a_doubt(tmp_path):
    place = lay_out(
        tmp_path, {"ada/try1.ipynb": WORKED, "ada/try2.ipynb": AGAIN, "bob/x.ipynb": b""}
    )
    assert "try1.ipynb and" in find(place, SET).doubts[0]
    os.utime(place / "ada" / "try1.ipynb", (2e9, 2e9))
    found = find(place, SET)
    assert found.doubts == () and found.submissions[0].path.name == "try1.ipynb"


def test_names_in_a_zip_are_utf8_also_where_no_flag_says_so(tmp_path):
    content = packed({"hand-ins/Jörg.ipynb": WORKED, "hand-ins/Łukasz.ipynb": WORKED})
    for flag in (b"\x00\x08", b"\x00\x00"):  # the bit for UTF-8, and without it
        (tmp_path / "all.zip").write_bytes(content.replace(b"\x00\x08", flag))
        found = find(tmp_path / "all.zip", SET)
        assert [one.student for one in found.submissions] == ["Jörg", "Łukasz"]
        assert found.submissions[0].read() == WORKED


def test_a_notebook_without_any_of_our_metadata_is_known_by_its_functions(tmp_path):
    own = notebook(IMPORTS, MATCH, CONV)
    place = lay_out(
        tmp_path, {"ada/a.ipynb": notebook("x = 1"), "ada/z.ipynb": own, "b/x.ipynb": own}
    )
    only, _ = find(place, SET).submissions
    assert only.path.name == "z.ipynb"

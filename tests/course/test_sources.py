import re
from pathlib import Path

import pytest
from sample_project import EXERCISE, LESSON, make_sample

from coursekit.course.sources import (
    SourceError,
    find_sources,
    make_notebook,
    read_source,
    split_regions,
)

AUTHORS = Path(__file__).parents[2] / "docs" / "authors.md"


def exercise_of(tmp_path, text):
    folder = tmp_path / "source" / "exercises"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "02_halving.py"
    path.write_text(text, encoding="utf-8")
    return path


def lesson_of(tmp_path, text):
    folder = tmp_path / "source" / "lessons"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "02_halving.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_student_gets_the_stub_or_a_raise_and_the_teacher_the_solution(tmp_path):
    source = read_source(exercise_of(tmp_path, EXERCISE))
    handed_out = make_notebook(source, "exercise").cells[1].source
    solution = make_notebook(source, "solution").cells[1].source
    assert "return x / 2" not in handed_out and "return x / 3" not in handed_out
    assert "    raise NotImplementedError  # your code here\n" in handed_out
    assert "    return x  # not yet\n" in handed_out
    assert "return x / 2" in solution and "return x / 3" in solution
    assert "not yet\n" not in solution and "NotImplementedError  # your" not in solution
    assert "###" not in handed_out + solution


def test_a_region_keeps_its_indentation_and_what_stands_around_it():
    text = "class A:\n    def f(self):\n        a = 1\n        ### solution\n        a = 2\n"
    text += "        ### end\n        return a"
    assert split_regions(text, student=True).splitlines() == [
        "class A:",
        "    def f(self):",
        "        a = 1",
        "        raise NotImplementedError  # your code here",
        "        return a",
    ]
    assert split_regions(text, student=False).splitlines()[2:] == [
        "        a = 1",
        "        a = 2",
        "        return a",
    ]


def test_an_exercise_and_its_solution_share_the_ids_of_shared_cells(tmp_path):
    source = read_source(exercise_of(tmp_path, EXERCISE))
    handed_out = {cell.id: cell for cell in make_notebook(source, "exercise").cells}
    solution = {cell.id: cell for cell in make_notebook(source, "solution").cells}
    assert sorted(handed_out) == [f"02-exercise-0{n}" for n in (0, 1, 2, 4)]
    assert sorted(solution) == [f"02-exercise-0{n}" for n in (0, 1, 3, 4)]
    assert handed_out["02-exercise-04"] == solution["02-exercise-04"]
    assert handed_out["02-exercise-02"].source == 'print("write half first")'


def test_metadata_come_from_the_header_and_from_nowhere_else(tmp_path):
    source = read_source(lesson_of(tmp_path, LESSON))
    notebook = make_notebook(source, "lesson")
    assert notebook.metadata.coursekit == {
        "lesson": "02",
        "title": "Halving",
        "topics": ["T026"],
        "minutes": 5,
        "datasets": [],
        "kind": "lesson",
        "source": "source/lessons/02_halving.py",
    }
    assert notebook.metadata.language_info.file_extension == ".py"
    assert "version" not in notebook.metadata.language_info
    assert set(notebook.metadata) == {"coursekit", "kernelspec", "language_info"}
    assert not any("lines_to_next_cell" in cell.metadata for cell in notebook.cells)


def test_a_lesson_has_no_solution(tmp_path):
    with pytest.raises(ValueError, match=r"02_halving\.py has"):
        make_notebook(read_source(lesson_of(tmp_path, LESSON)), "solution")


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("    ### end\n\n\ndef third", "\n\ndef third", "### solution", "cannot follow"),
        ("    return x  # not yet\n    ### end", "    return x", "### stub", "not closed"),
        ("    ### solution\n    return x / 2", "    return x / 2", "### end", "cannot follow"),
        ('tags=["student"]', 'tags=["studnet"]', "studnet", "unknown tag 'studnet'"),
        ('tags=["student"]', 'colour="red"', "colour", "unknown cell metadata 'colour'"),
        ('print("write half first")\n', "\n", '"student"', "empty"),
    ],
)
def test_a_mistake_in_a_cell_is_reported_with_its_line(tmp_path, old, new, at, words):
    assert old in EXERCISE
    text = EXERCISE.replace(old, new, 1)
    path = exercise_of(tmp_path, text)
    with pytest.raises(SourceError, match=words) as caught:
        read_source(path)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if at in line]
    assert any(str(caught.value).startswith(f"{path}:{n}: ") for n in lines)


PLACES = next(
    block
    for block in re.findall(r"^```python\n(.*?)^```$", AUTHORS.read_text("utf-8"), re.M | re.S)
    if "answer=" in block
)  # as the guide for authors has it


def test_an_answer_in_words_has_a_place_of_one_name_in_both_notebooks(tmp_path):
    source = read_source(exercise_of(tmp_path, EXERCISE + PLACES))
    for variant, text in (("exercise", "*Your answer:*"), ("solution", "What a good answer says.")):
        last = make_notebook(source, variant).cells[-1]
        assert (last.metadata["answer"], last.source) == ("why_flip", text)


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        (
            'answer="why_flip" tags=["student"]',
            'answer="who" tags=["student"]',
            '"who"',
            "of one name",
        ),
        ('answer="why_flip" tags=["student"]', 'tags=["student"]', '"why_flip"', "of one name"),
        ('"why_flip" tags=["student"]', '"w y" tags=["student"]', '"w y"', "expected a name"),
        (' tags=["student"]', "", "solution", "already"),
        (
            "# What a good answer says.",
            "# What a good answer says.\n\n# %%\n### solution\nx = 1\n### end",
            "# %%",
            "in words, too",
        ),
    ],
)
def test_an_answer_whose_place_is_not_clear_is_reported_with_its_line(
    tmp_path, old, new, at, words
):
    places = PLACES.replace(old, new, 1)
    assert places != PLACES
    path = exercise_of(tmp_path, EXERCISE + places)
    with pytest.raises(SourceError, match=words) as caught:
        read_source(path)
    lines = [n for n, line in enumerate((EXERCISE + places).splitlines(), 1) if at in line]
    assert any(str(caught.value).startswith(f"{path}:{n}: ") for n in lines)


def test_a_lesson_has_no_place_for_answers_that_a_person_reads(tmp_path):
    with pytest.raises(SourceError, match="of an exercise"):
        read_source(lesson_of(tmp_path, LESSON + PLACES))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#     title: Halving\n", "", "lacks the key 'title'"),
        ("#     minutes: 5\n", "#     minuets: 5\n", "lacks the key 'minutes'"),
        ("#     minutes: 5\n", "#     minutes: 5\n#     colour: red\n", "unknown header key"),
        ('lesson: "02"', 'lesson: "03"', "begins with '02'"),
        ('lesson: "02"', "lesson: 2", "in quotes"),
        ("#   coursekit:", "#   course:", "no 'coursekit'"),
    ],
)
def test_a_mistake_in_the_header_is_reported(tmp_path, old, new, words):
    assert old in LESSON
    path = lesson_of(tmp_path, LESSON.replace(old, new, 1))
    with pytest.raises(SourceError, match=words) as caught:
        read_source(path)
    assert str(caught.value).startswith(f"{path}:1: ")


def test_text_before_the_first_cell_is_refused(tmp_path):
    path = lesson_of(tmp_path, LESSON.replace("# ---\n\n", "# ---\n\nx = 1\n\n", 1))
    with pytest.raises(SourceError, match="nothing stands before the first"):
        read_source(path)


def test_two_sources_of_one_number_are_refused(tmp_path):
    make_sample(tmp_path)
    (tmp_path / "source" / "lessons" / "02_other.py").write_text(LESSON, encoding="utf-8")
    with pytest.raises(SourceError, match=r"02_halving\.py has the number 02 too"):
        find_sources(tmp_path)


def test_sources_are_chosen_by_number_and_an_unknown_number_is_named(tmp_path):
    make_sample(tmp_path)
    assert [source.kind for source in find_sources(tmp_path, ["2"])] == ["lesson", "exercise"]
    with pytest.raises(SourceError, match="no source for 07"):
        find_sources(tmp_path, ["02", "7"])

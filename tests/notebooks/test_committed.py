"""The notebooks of the project: made from their sources, complete, and nothing beside them."""

import copy
import functools
import json
import re

import pytest

from coursekit.course.build import compare, orphans
from coursekit.course.environment import project_root
from coursekit.course.lint import lint_file, lint_notebook, read_tables
from coursekit.course.lint_quizzes import guessing_problems, questions_of
from coursekit.course.sources import FOLDERS, read_source

ROOT = project_root()
VARIANTS = {"lessons": ("lesson",), "exercises": ("exercise", "solution")}
SOURCES = [
    (path, variant)
    for folder, variants in VARIANTS.items()
    for path in sorted((ROOT / "source" / folder).glob("*.py"))
    for variant in variants
]
source_of = functools.cache(read_source)  # when a test asks for it: to read them all takes a while
NOTEBOOKS = sorted(path for name in FOLDERS.values() for path in (ROOT / name).glob("*.ipynb"))


def name_of(path):
    return f"{path.parent.name}/{path.stem}"


# Lessons that are still being brought up to the rules on teaching.
UNDER_WAY = {"11"}


@pytest.fixture(scope="module")
def tables():
    return read_tables(ROOT)


def test_there_are_lessons():
    assert any(variant == "lesson" for _, variant in SOURCES)


@pytest.mark.parametrize(
    ("path", "variant"), SOURCES, ids=[f"{variant}-{path.stem}" for path, variant in SOURCES]
)
def test_a_notebook_agrees_with_its_source(path, variant):
    assert compare(source_of(path), variant) == []


def test_every_notebook_has_a_source():
    assert orphans(ROOT) == []


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.name[:2] in UNDER_WAY], ids=name_of)
def test_the_lint_finds_nothing_but_of_teaching(path, tables):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert [str(finding) for finding in lint_notebook(notebook, path.name, tables[0])] == []


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.name[:2] not in UNDER_WAY], ids=name_of)
def test_the_lint_finds_nothing_at_all(path, tables):
    assert [str(finding) for finding in lint_file(path, *tables)] == []


def test_no_quiz_can_be_guessed_from_place_or_length():
    notebooks = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "lessons").glob("*.ipynb")
        if path.name[:2] not in UNDER_WAY
    ]
    assert guessing_problems(q for n in notebooks for _, q in questions_of(n)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_the_lint_misses_any_output_that_is_deleted(path, tables):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    most = max(len(cell.get("outputs", [])) for cell in notebook["cells"])
    assert most
    for place in range(most):  # of all cells that have one there, at once
        cells = copy.deepcopy(notebook["cells"])
        robbed = {cell["id"] for cell in cells if place < len(cell.get("outputs", []))}
        for cell in cells:
            if cell["id"] in robbed:
                del cell["outputs"][place]
        found = lint_notebook({**notebook, "cells": cells}, path.name, tables[0])
        assert {finding.cell for finding in found if finding.rule == "stripped"} == robbed


def test_nothing_lies_beside_the_notebooks():
    for folder in FOLDERS.values():
        left = [path.name for path in (ROOT / folder).iterdir() if path not in NOTEBOOKS]
        assert [name for name in left if name != ".ipynb_checkpoints"] == []


def test_an_exercise_gives_nothing_of_its_solution_away():
    marks = ("### solution", "### stub", "### end")
    for path in NOTEBOOKS:
        assert not any(mark in path.read_text(encoding="utf-8") for mark in marks), path.name


def test_every_lesson_has_its_teacher_s_note():
    for path, variant in SOURCES:
        if variant == "lesson":
            note = path.with_suffix(".teacher.md")
            assert note.is_file() and len(note.read_text(encoding="utf-8")) > 300, note.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_links_within_the_course_lead_somewhere(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    targets = {source_of(source).target(variant) for source, variant in SOURCES}
    for link in links:
        if not link.startswith(("http:", "https:", "mailto:")):
            aim = (path.parent / link).resolve()
            assert aim in targets or aim.exists(), f"{path.name} links to {link}"

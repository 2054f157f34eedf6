"""The glossary and its cards; the cards are read by Anki itself."""

import json
import shutil
import time

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest

from coursekit.errors import CourseError
from coursekit.learn.cards import write_cards
from coursekit.learn.words import as_markdown, read_glossary, words_of

FIRST = {
    "02": "- **Kernel**, **filter**: the list of weights. **Window**: what lies under it.",
    "05": "- **Floor** $\\lfloor x \\rfloor$: `//` rounds *down*; **kernel**: a grid again.\n"
    "- **Same**: with (**zero padding**).",
}
# A text has changed, a word has gone, another has come, a lesson has come.
SECOND = {
    "02": "- **Kernel**, **filter**: the SHORT list of weights. **Patch**: what lies under it.",
    "05": FIRST["05"],
    "06": "- **Kernel**: one slice.",
}


def course(folder, lists):
    shutil.rmtree(folder / "lessons", ignore_errors=True)
    (folder / "lessons").mkdir(parents=True)
    for number, text in lists.items():
        cells = [{"cell_type": "markdown", "source": [f"## Words\n\n{text}"]}]
        metadata = {"coursekit": {"lesson": number, "title": f"Title {number}"}}
        path = folder / "lessons" / f"{number}_x.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": metadata}), encoding="utf-8")
    return folder


def test_a_glossary_holds_each_word_of_each_lesson(tmp_path):
    words = read_glossary(course(tmp_path, FIRST))
    assert {word: [entry.lesson for entry in found] for word, found in words.items()} == {
        "filter": ["02"],
        "Floor": ["05"],
        "Kernel": ["02", "05"],
        "Same": ["05"],
        "Window": ["02"],
    }
    assert words["Floor"][0].text == "**Floor** $\\lfloor x \\rfloor$: `//` rounds *down*"
    page = as_markdown(words)
    assert "- Kernel, **filter**: the list of weights. ([02 Title 02](02_x.ipynb))" in page


def test_no_word_of_a_list_in_the_course_is_passed_over(project):
    for path in (project / "lessons").glob("[0-8]*.ipynb"):
        notebook = json.loads(path.read_bytes())
        texts = ["".join(cell["source"]) for cell in notebook["cells"]]
        [listed] = [text for text in texts if text.startswith("## Words")]
        lines = [line for line in listed.splitlines() if line.startswith("- ")]
        found = words_of(notebook)
        assert len(found) >= len(lines) > 0, path.name
        heads = {f"- **{entry.words[0]}**" for entry in found}
        assert [line for line in lines if not line.startswith(tuple(heads))] == [], path.name


@pytest.fixture
def collection(tmp_path):
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def imported(collection, path):
    """Import a package as Anki does by default; return word -> meaning and the note's id."""
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))
    notes = [collection.get_note(number) for number in collection.find_notes("")]
    found = {note["Word"]: (note["Meaning"], note.id) for note in notes}
    assert len(found) == len(notes) == collection.card_count(), "a word stands there twice"
    return found


def test_a_newer_package_updates_the_cards_that_are_there(tmp_path, collection, monkeypatch):
    assert write_cards(tmp_path / "1.apkg", course(tmp_path, FIRST)) == 5
    before = imported(collection, tmp_path / "1.apkg")
    assert before.keys() == {"filter", "Floor", "Kernel", "Same", "Window"}
    assert before["Floor"][0].startswith(
        '<p><strong>Floor</strong> <span class="math">\\(\\lfloor x \\rfloor\\)</span>: '
        "<code>//</code> rounds <em>down</em></p>"
    )
    assert imported(collection, tmp_path / "1.apkg") == before
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    write_cards(tmp_path / "2.apkg", course(tmp_path, SECOND))
    after = imported(collection, tmp_path / "2.apkg")
    assert after.keys() == before.keys() | {"Patch"}
    assert {word for word in before if after[word][1] != before[word][1]} == set()
    changed = {word for word in before if after[word][0] != before[word][0]}
    assert changed == {"Kernel", "filter"}
    assert "SHORT list" in after["filter"][0] and "one slice" in after["Kernel"][0]


def test_the_whole_glossary_becomes_cards(tmp_path, collection, project):
    count = write_cards(tmp_path / "all.apkg")
    assert imported(collection, tmp_path / "all.apkg").keys() == read_glossary().keys()
    assert count == collection.card_count() > 150


def test_lessons_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(CourseError, match="holds no lessons"):
        read_glossary(tmp_path)
    (course(tmp_path, FIRST) / "lessons" / "05_x.ipynb").write_text("{")
    with pytest.raises(CourseError, match=r"05_x\.ipynb is not a lesson"):
        write_cards(tmp_path / "a.apkg", tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"a\.apkg could not be written"):
        write_cards(tmp_path / "file" / "a.apkg")

"""The syllabus agrees with the lessons: which there are, and how long they say that they take."""

import json
import re

import pytest

ROW = re.compile(r"^\| [^|]+ \| ([\d, ]*)\| (\d+) \|", re.MULTILINE)
# What each way leaves out, as it says itself.
WAYS = {"A semester": set(), "One week": {"19", "20"}, "On your own": set()}


@pytest.fixture(scope="module")
def minutes(project):
    built = [json.loads(p.read_bytes()) for p in (project / "lessons").glob("[0-8]*.ipynb")]
    courses = [notebook["metadata"]["coursekit"] for notebook in built]
    return {course["lesson"]: course["minutes"] for course in courses}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_has_every_lesson_once_with_its_minutes(project, minutes, way):
    text = (project / "docs" / "syllabus.md").read_text(encoding="utf-8")
    part = text.partition(f"## {way}")[2].partition("\n## ")[0]
    rows = [(re.findall(r"\d\d", lessons), int(total)) for lessons, total in ROW.findall(part)]
    planned = [lesson for lessons, _ in rows for lesson in lessons]
    assert len(set(planned)) == len(planned)
    assert set(planned) == minutes.keys() - WAYS[way]
    for lessons, total in rows:
        assert total == sum(minutes[lesson] for lesson in lessons), lessons

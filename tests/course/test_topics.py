import json
import re

import pytest

from coursekit.course.sources import find_sources
from coursekit.course.topics import home_topics, read_topics


@pytest.fixture(scope="module")
def topics(project):
    return read_topics(project / "source" / "topics.toml")


def test_every_topic_stands_in_the_table_once(project, topics):
    text = (project / "source" / "topics.toml").read_text(encoding="utf-8")
    numbers = re.findall(r"^(T\d+) = ", text, re.MULTILINE)
    assert sorted(numbers) == [f"T{n:03d}" for n in range(1, len(numbers) + 1)]
    assert list(topics) == sorted(numbers) and len(numbers) >= 147  # those of the decks


def test_every_topic_has_a_title_of_its_own_and_a_lesson_as_its_home(project, topics):
    titles = [topic.title for topic in topics.values()]
    assert len(set(titles)) == len(titles) and all(10 <= len(title) <= 80 for title in titles)
    lessons = {path.name[:2] for path in (project / "source" / "lessons").glob("*.py")}
    assert {topic.lesson for topic in topics.values()} <= lessons


def test_a_lesson_covers_exactly_its_home_topics(project, topics):
    lessons = [source for source in find_sources(project) if source.kind == "lesson"]
    assert lessons
    for source in lessons:
        home = home_topics(topics, source.header["lesson"])
        assert sorted(source.header["topics"]) == home, source.path.name


def test_every_topic_is_taught(project, topics):
    built = [json.loads(p.read_bytes()) for p in (project / "lessons").glob("*.ipynb")]
    courses = [notebook["metadata"]["coursekit"] for notebook in built]
    taught = {topic for course in courses for topic in course["topics"]}
    missing = [
        f"{topic.number} {topic.title}: its home is lesson {topic.lesson}"
        for topic in topics.values()
        if topic.number not in taught
    ]
    assert not missing, "\n".join(missing)


def test_a_built_lesson_says_which_topics_it_covers(project, topics):
    for path in (project / "lessons").glob("*.ipynb"):
        course = json.loads(path.read_text(encoding="utf-8"))["metadata"]["coursekit"]
        assert sorted(course["topics"]) == home_topics(topics, course["lesson"])


def test_a_topic_with_two_homes_is_refused(tmp_path):
    path = tmp_path / "topics.toml"
    path.write_text('[02]\nT026 = "a"\n[03]\nT026 = "b"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="T026 stands in lessons 02 and 03"):
        read_topics(path)

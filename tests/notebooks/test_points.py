"""What an exercise tells students about its points is what the checks give."""

import re
from pathlib import Path

import pytest

from coursekit.checks import exercise_sets
from coursekit.project.rubric import SET, parts

SOURCES = sorted((Path(__file__).parents[2] / "source" / "exercises").glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_head_names_the_points_of_the_set(source: Path):
    exercises = parts() if source.stem == SET else exercise_sets()[source.stem].exercises
    head = re.sub(r"\n# ?", " ", source.read_text(encoding="utf-8"))
    said = re.search(r"Points: (\d+)( \(([^)]*)\))?", head)
    assert said, f"{source.name} does not say how many points it is worth"
    assert int(said[1]) == sum(exercise.points for exercise in exercises)
    for points, name in re.findall(r"(\d+) for `(\w+)`", said[3] or ""):
        assert int(points) == next(e.points for e in exercises if e.name == name)

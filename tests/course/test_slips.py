"""The appendix has every slip of the slides: its number, and where the proof is."""

import re


def test_every_slip_stands_in_the_appendix(project):
    text = (project / "source" / "lessons" / "90_all_the_slips.py").read_text(encoding="utf-8")
    named = set(re.findall(r"\bE\d\d\b", text))
    assert named == {f"E{n:02d}" for n in range(1, 54)}

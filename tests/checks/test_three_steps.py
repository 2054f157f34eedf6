"""Drawing, asking and comparing are apart: only arrays and short texts pass between them."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from right_answers import RIGHT
from wrong_answers import WRONG

from coursekit.checks import exercise, runner
from coursekit.checks.engine.ask import ask
from coursekit.checks.engine.draw import questions
from coursekit.checks.engine.judge import judge
from coursekit.checks.runner.reply import Reply


def through_a_wire(reply):
    """Take a reply apart into bytes and plain values, and put it together again."""
    plain = asdict(reply)
    parts = [(p.dtype.str, p.shape, p.tobytes()) for p in plain.pop("parts")]
    for value in plain.values():
        assert isinstance(value, str | bool | tuple)
        assert not isinstance(value, tuple) or all(type(v) is int for v in value)
    arrays = [np.frombuffer(b, np.dtype(d)).reshape(s) for d, s, b in parts]
    return Reply(parts=tuple(arrays), **plain)


def asked_from_afar(answer):
    return lambda several: [through_a_wire(reply) for reply in ask(answer, several)]


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_verdict_needs_no_more_than_replies(name):
    asked = exercise(name)
    right = judge(asked, questions(asked, 7), asked_from_afar(RIGHT[name][0]))
    assert right.kind == "passed" and right.points == asked.points
    answer, expected = WRONG[name][0]
    wrong = judge(asked, questions(asked, 7), asked_from_afar(answer))
    assert wrong.misconception == expected and wrong.points < asked.points


def test_names_are_right_or_not_given_whatever_is_drawn():
    """A sixteenth of the wrong answers, which the other tests ask other questions."""
    missed, part = 0, 0
    for number, (name, answers) in enumerate(WRONG.items()):
        asked = exercise(name)
        drawn = questions(asked, 11 + number % 2)
        for answer, expected in answers[number % 4 :: 16]:
            verdict = judge(asked, drawn, lambda several, a=answer: ask(a, several))
            assert verdict.kind != "passed"
            names = expected if isinstance(expected, tuple) else (expected,)
            assert verdict.misconception in (*names, None), (name, expected)
            missed += verdict.misconception not in names
            part += 1
    assert missed <= 1 and part > 25


def test_what_runs_beside_an_answer_knows_no_right_answers():
    folder = Path(runner.__file__).parent
    for file in ("probes.py", "torch_probes.py", "convert.py", "stub.py"):
        lines = (folder / file).read_text().splitlines()
        imports = [line for line in lines if line.strip().startswith(("import ", "from "))]
        allowed = (
            "collections", "copy", "decimal", "dis", "functools", "numbers", "re", "types",
            "typing", "numpy", "torch", "coursekit.checks.runner",
        )  # fmt: skip
        assert all(line.split()[1].startswith(allowed) for line in imports), imports
        assert not any(line.split()[1].startswith("torch") for line in imports if line[0] != " ")

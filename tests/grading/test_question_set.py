"""What is asked: drawn from a seed, different for everybody, enough to name wrong ideas."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from coursekit.checks import exercise_sets
from coursekit.checks.engine.ask import ask
from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.report import result_of
from coursekit.checks.engine.spec import key_of
from coursekit.checks.sets import exercise
from coursekit.grading.judging.judge import Judge
from coursekit.grading.judging.question_set import QuestionSet

NUMPY_SETS = ("01_images", "02_convolution_1d", "03_convolution_2d", "04_kernels")
EXERCISES = [e.name for name in NUMPY_SETS for e in exercise_sets()[name].exercises]


def keys(questions):
    return [(q.check.name, key_of(list(q.args))) for q in questions]


def test_the_same_seed_asks_the_same():
    one, other = QuestionSet(5), QuestionSet(5)
    asked = exercise("conv2d")
    assert keys(one.shared(asked)) == keys(other.shared(asked))
    assert keys(one.own(asked, "ada")) == keys(other.own(asked, "ada"))


def test_another_seed_and_another_student_are_asked_something_else():
    asked = exercise("conv2d")
    examples = sum(len(check.examples) for check in asked.checks)
    same = set(keys(QuestionSet(5).shared(asked))) & set(keys(QuestionSet(6).shared(asked)))
    assert len(same) <= examples + 3  # the examples, and very small inputs
    ada, bob = (keys(QuestionSet(5).own(asked, name)) for name in ("ada", "bob"))
    assert len(set(ada) & set(bob)) <= 3
    assert len(ada) >= 8


def test_nobody_is_asked_the_same_twice():
    asked = exercise("match_score")
    for student in ("ada", "bob"):
        all_keys = keys([*QuestionSet(5).shared(asked), *QuestionSet(5).own(asked, student)])
        assert len(all_keys) == len(set(all_keys))


def test_the_quick_draw_gives_what_the_slow_one_does():
    pick = Pick(np.random.default_rng(0))
    assert isinstance(pick, Pick)
    for kind, low, high in (("whole", -9, 9), ("real", -8, 8), ("bytes", 0, 255)):
        many = np.concatenate([pick.array((40,), kind) for _ in range(60)])
        assert (many.min(), many.max()) == (low, high)
    signs = np.concatenate([pick.array((3,), "signs") for _ in range(30)])
    assert set(signs) == {-1, 1}
    assert pick.array((2, 3), "real").dtype == np.float64
    assert pick.array((2, 3), "bytes").dtype == np.uint8
    drawn = [pick.integer(2, 7) for _ in range(300)]
    assert (min(drawn), max(drawn)) == (2, 7)
    assert {pick.choice("abc") for _ in range(50)} == set("abc")


@pytest.mark.parametrize("name", EXERCISES)
def test_every_question_that_is_drawn_may_be_asked(name):
    asked = exercise(name)
    for question in [*QuestionSet(1).shared(asked), *QuestionSet(1).own(asked, "ada")]:
        args = question.args[: len(asked.parameters)]
        assert asked.valid(*args), args


@pytest.mark.parametrize("name", EXERCISES)
def test_wrong_ideas_are_named_for_one_student_and_for_the_next(name):
    asked = exercise(name)
    judge = Judge(QuestionSet(3))
    written = {idea: one.variants() for idea, one in asked.misconceptions.items()}
    several = [(idea, forms[0]) for idea, forms in written.items() if forms]
    for idea, form in several[:: 1 + len(several) // 8]:
        for student in ("ada", "bob"):  # the second time from what is known of the first
            verdict = judge.judged(asked, student, lambda qs, f=form: ask(f, qs)).verdict
            assert verdict.misconception == idea, (student, idea)
            assert result_of(asked, verdict).counterexample is not None
        assert verdict.points < asked.points


def test_the_second_student_with_the_same_mistake_costs_few_questions():
    asked, judge = exercise("conv2d"), Judge(QuestionSet(3))
    flipped = asked.misconceptions["kernel_flipped"].variants()[0]
    counts = []
    for student in ("ada", "bob"):
        count = 0

        def counting(questions):
            nonlocal count
            count += len(questions)
            return ask(flipped, questions)

        judge.judged(asked, student, counting)
        counts.append(count)
    assert counts[1] < counts[0]
    several = QuestionSet(3)
    assert counts[1] <= len(several.shared(asked)) + len(several.own(asked, "bob")) + 1


def test_a_function_that_knows_all_that_is_shared_fails_at_what_is_its_own():
    questions = QuestionSet(3)
    asked = exercise("match_score")
    table = {key_of(list(q.args)): asked.oracle(*q.args) for q in questions.shared(asked)}

    def cheat(patch, pattern):
        return table.get(key_of([patch, pattern]), 0.0)

    judged = Judge(questions).judged(asked, "ada", lambda qs: ask(cheat, qs))
    assert judged.verdict.points == 0
    assert not any(passed for _, passed in judged.verdict.checks)
    assert all(0 < wrong < total for wrong, total in judged.tallies)


def refusing(everything):
    """An answer that refuses whole numbers, as some libraries do, or all numbers."""

    def answer(image, kernel):
        if everything or "i" in image.dtype.kind + kernel.dtype.kind:
            raise TypeError("not for whole numbers")
        return correlate2d(image, kernel, "valid")

    return answer


def test_whoever_replies_alike_at_first_decides_nothing_for_others():
    """One who is right with floats is asked with floats, whatever another did when asked so."""
    judge, asked, messages = Judge(QuestionSet(3)), exercise("conv2d"), []

    def poison(questions):
        messages.append(questions)
        return ask(refusing(everything=len(messages) > 1), questions)

    spoilt = judge.judged(asked, "mallory", poison)
    assert len(messages) > 1 and not result_of(asked, spoilt.verdict).passed
    honest = judge.judged(
        asked, "bob", lambda questions: ask(refusing(everything=False), questions)
    )
    assert result_of(asked, honest.verdict).points == asked.points
    assert all(wrong == 0 for wrong, _ in honest.tallies)

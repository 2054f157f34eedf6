"""Each way of going wrong has its own sentence, and nothing that the answer does is raised."""

import itertools

import numpy as np
import pytest

from coursekit.checks import check, hint, misconceptions


def message(answer, name="correlate1d"):
    result = check(name, answer)
    assert not result.passed
    assert result.points == 0 or result.checks
    return result.message


def not_implemented(x, w):
    raise NotImplementedError("your code here")


def only_docstring(x, w):
    """Slide w along x."""


def only_pass(x, w):
    pass


def only_dots(x, w): ...


def blank(x, w):
    result = None
    return result


def half_worked(x, w):
    out = np.zeros(len(x) - len(w) + 1)
    for i in range(len(out)):
        out[i] = np.sum(x[i : i + len(w)])
    return ...


@pytest.mark.parametrize(
    "answer", [not_implemented, only_docstring, only_pass, only_dots, blank, half_worked]
)
def test_a_stub_is_not_attempted_yet(answer):
    result = check("correlate1d", answer)
    assert not result.passed and not result.attempted
    assert "not attempted yet" in result.message
    assert result.misconception is None and result.counterexample is None
    assert result.points == 0 and result.max_points == 2


def test_a_part_that_is_not_written():
    def partly(x, w):
        if len(w) > 2:
            raise NotImplementedError
        return np.correlate(x, w, "valid")

    assert "a part of it is not written yet" in message(partly)


def test_printing_in_place_of_returning():
    assert "prints its result" in message(lambda x, w: print(np.correlate(x, w, "valid")))


def test_no_return_on_some_path():
    def forgotten(x, w):
        total = np.correlate(x, w, "valid")
        if len(total) > 1:
            return total

    assert "returned None" in message(forgotten)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("text", "text"),
        ({"a": 1}, "a dict"),
        ({1, 2}, "a set"),
        ([1, [2, 3]], "rows differ in length"),
        (np.array(["a"]), "an array of texts"),
        (np.array([object()]), "an object"),
        (np.sum, "function"),
        ((i for i in range(3)), "a generator"),
        (map(abs, [1]), "a map"),
        (np.array([1j]), "complex"),
        (b"abc", "a bytes"),
    ],
)
def test_wrong_types(value, says):
    text = message(lambda x, w: value)
    assert "wrong type" in text and says in text


def test_a_generator_is_told_from_a_list():
    assert "Put list(...) around it" in message(lambda x, w: (v for v in x))


def test_deeply_nested_and_huge_results():
    nested = []
    for _ in range(5000):
        nested = [nested]
    assert "nested" in message(lambda x, w: nested)
    assert "far too large" in message(lambda x, w: np.zeros(3_000_000, np.uint8))
    assert "far too large" in message(lambda x, w: np.broadcast_to(0, (10**6, 10**6)))
    assert "far too large" in message(lambda x, w: range(10**9))
    assert "far too large" in message(lambda x, w: 10**400)


def test_wrong_shape_shows_both():
    text = message(lambda image, kernel: np.ones((2, 2)), "conv2d")
    assert "same numbers whatever its arguments" in text
    text = message(lambda image, kernel: np.ones((2, 3, 4)) * image[0, 0], "conv2d")
    assert "wrong shape" in text and "2 x 3 x 4 came out" in text and "expected: " in text


def test_an_axis_too_many_is_said():
    def nested(x, w):
        return np.correlate(x, w, "valid")[None]

    assert check("correlate1d", nested).misconception == "axis_too_many"


def test_a_result_without_cells_is_named_however_its_emptiness_is_written():
    def off_by_one(image, kernel):
        m, n = kernel.shape
        places = [range(image.shape[0] - m), range(image.shape[1] - n)]
        return np.array(
            [[np.sum(image[i : i + m, j : j + n] * kernel) for j in places[1]] for i in places[0]]
        )

    assert check("conv2d", off_by_one).misconception == "last_place_missing"


@pytest.mark.parametrize("rounded", [np.rint, np.trunc])
def test_lost_decimals_are_not_called_cut_where_they_are_rounded(rounded):
    result = check("correlate1d", lambda x, w: rounded(np.correlate(x, w, "valid")))
    assert result.misconception == "decimals_lost" and "cuts" not in result.message


def test_right_numbers_of_the_wrong_type():
    result = check("quantize", lambda image, levels: np.floor(image * (levels / 256)))
    assert result.passed and "float64" in result.message


def broken(x, w):
    total = 0
    return total + x[99]


def test_an_exception_with_its_type_message_and_line():
    text = message(broken)
    assert "It stopped with IndexError, at line " in text
    assert "return total + x[99]" in text
    assert "out of bounds" in text


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit, RecursionError])
def test_no_exception_gets_out(error):
    def ends(x, w):
        raise error

    assert error.__name__ in message(ends)


def test_an_exception_that_cannot_be_printed():
    class Rude(Exception):
        def __str__(self):
            raise ValueError

    def rude(x, w):
        raise Rude

    assert "Rude" in message(rude)


def test_addresses_do_not_reach_the_text():
    def shows(x, w):
        raise ValueError(f"what is {object()}?")

    assert "0x" not in message(shows)


def test_endless_recursion_and_wrong_signature():
    def deep(x, w):
        return deep(x, w)

    assert "RecursionError" in message(deep)
    assert "TypeError" in message(lambda x: x)


def test_asking_the_user_is_answered_with_a_sentence():
    assert "input() cannot be used here" in message(lambda x, w: input("x?"))


@pytest.mark.parametrize("name", ["correlate1d", "conv2d", "filter_image", "normalize"])
def test_changed_arguments(name):
    from right_answers import RIGHT

    def changes(*args):
        value = RIGHT[name][0](*args)
        value = np.array(value)
        args[0][...] = 0
        return value

    result = check(name, changes)
    assert not result.passed
    assert "changed its argument" in result.message
    assert result.misconception == "argument_overwritten"
    assert 0 < result.points < result.max_points


def test_normalizing_in_place():
    def in_place(kernel):
        if kernel.sum() != 0:
            kernel /= kernel.sum()
        return kernel

    assert "changed its argument kernel" in message(in_place, "normalize")


@pytest.mark.parametrize("answer", [None, 3, [1, 2], np.zeros(3), "conv2d"])
def test_something_that_is_no_function(answer):
    result = check("conv2d", answer)
    assert not result.passed and "not a function" in result.message
    assert 'check("conv2d", conv2d)' in result.message


@pytest.mark.parametrize("ask", [lambda n: check(n, abs), hint, misconceptions])
def test_an_unknown_name_lists_those_there_are(ask):
    with pytest.raises(ValueError, match=r"conv2D.*build_model.*conv2d.*convolve1d"):
        ask("conv2D")


def test_the_first_difference_is_marked_in_text_and_html():
    result = check("correlate1d", lambda x, w: np.convolve(x, w, "valid"))
    assert ">" in result.message and "marks the first difference" in result.message
    assert "▸" in result.html() and "3px solid" in result.html()
    assert "<script" not in result.html()


def test_what_an_answer_says_is_escaped():
    def evil(x, w):
        raise ValueError("`<script>alert(1)</script>`")

    shown = check("correlate1d", evil).html()
    assert "<script>" not in shown and "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" in shown


def test_no_input_of_the_oracle_is_shared_with_the_answer():
    kept = []

    def keeps(x, w):
        kept.append((x, w))
        for old, _ in kept:
            old[...] = 7
        return np.zeros(len(x) - len(w) + 1)

    found = check("correlate1d", keeps).counterexample
    assert found is not None and not np.all(found.args[0] == 7)


def test_a_slow_answer_is_not_called_wrong_without_saying_so():
    ticks = itertools.count()

    def slow(x, w):
        next(ticks)
        return np.correlate(x, w, "valid")

    assert check("correlate1d", slow).passed
    assert next(ticks) < 200


def test_hints_climb_and_stay():
    from coursekit.checks import hints

    hints._STEPS.clear()
    hints._FOUND.clear()
    texts = [hint("conv2d") for _ in range(4)]
    assert len(set(texts)) == 4 and hint("conv2d") == texts[3]
    assert hint("conv2d", step=1) == texts[0]
    with pytest.raises(ValueError, match="give 1, 2 or 3"):
        hint("conv2d", step=4)


def test_the_repr_is_short_and_steady():
    assert repr(check("conv2d", only_pass)) == "<check of conv2d: not attempted>"

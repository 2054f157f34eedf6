"""Which cells are run: all of the student's, and what these need."""

import pytest
from notebooks_at_hand import filled, handed_out, solution

from coursekit.grading.reading.grading_set import grading_set
from coursekit.grading.reading.selection import Selection
from coursekit.notebooks.reading import Cell, read_notebook


def cells(*sources, first=1, ids=()):
    names = [*ids, *[""] * len(sources)]
    return [Cell(n, names[n - first], s) for n, s in enumerate(sources, first)]


RELEASED = cells(
    "import numpy as np\nfrom coursekit import check, figures",
    "def f(x):\n    raise NotImplementedError",
    "check('f', f)",
    "data = np.arange(3)\nscale = 2",
    "model = np.zeros(3)\nmodel.fit(data)",
    "figures.show(model)",
    ids=["a", "b", "c", "d", "train", "show"],
)


def chosen(*sources, ids=("a", "b", "c", "d", "train", "show")):
    kept, left = Selection(RELEASED, ["f"]).choose(cells(*sources, ids=ids))
    assert sorted(cell.number for cell in (*kept, *left)) == list(range(1, len(sources) + 1))
    return [cell.number for cell in kept]


SOURCES = [cell.source for cell in RELEASED]
MINE = "def f(x):\n    return np.sum(x)"


def test_only_the_students_cell_and_its_imports_are_run():
    assert chosen(SOURCES[0], MINE, *SOURCES[2:]) == [1, 2]


@pytest.mark.parametrize(
    "body",
    [
        "return x * scale",
        "return [scale for _ in x]",
        "return (lambda: scale)()",
        "def g():\n        return scale\n    return g()",
        "return data[0]",
    ],
)
def test_a_handed_out_cell_that_the_function_reads_is_run(body):
    mine = f"def f(x):\n    {body}"
    assert 4 in chosen(SOURCES[0], mine, *SOURCES[2:])


def test_a_name_of_a_functions_own_is_no_need():
    mine = "def f(scale):\n    data = scale\n    return data"
    assert chosen(SOURCES[0], mine, *SOURCES[2:]) == [2]


def test_what_changes_a_thing_that_is_needed_is_run():
    mine = "def f(x):\n    return model"
    assert chosen(SOURCES[0], mine, *SOURCES[2:]) == [1, 2, 4, 5, 6]


def test_cells_of_the_students_own_are_always_run():
    assert 7 in chosen(*SOURCES, "print('hello')")


def test_a_changed_training_cell_is_left_out_by_its_id():
    longer = SOURCES[4].replace("fit(data)", "fit(data, epochs=500)")
    assert chosen(SOURCES[0], MINE, *SOURCES[2:4], longer, SOURCES[5]) == [1, 2]


def test_a_function_in_a_training_cell_is_run():
    both = MINE + "\nmodel.fit(3)"
    assert 5 in chosen(SOURCES[0], SOURCES[1], *SOURCES[2:4], both, SOURCES[5])


def test_a_cell_that_cannot_be_read_is_run_with_all_that_it_names():
    assert chosen(SOURCES[0], "def f(x) return scale", *SOURCES[2:]) == [1, 2, 4]


def test_magics_hide_nothing():
    assert chosen(SOURCES[0], "%matplotlib inline\n" + MINE, *SOURCES[2:]) == [1, 2]


def test_spaces_at_the_ends_of_lines_do_not_make_a_cell_the_students_own():
    spaced = "\n" + SOURCES[4].replace("\n", "   \n") + "\n\n"
    assert chosen(SOURCES[0], MINE, *SOURCES[2:4], spaced, SOURCES[5], ids=()) == [1, 2]


def test_star_imports_are_run():
    stars = cells("from math import *", "def f(x): ...", ids=["a", "b"])
    mine = cells("from math import *", "def f(x):\n    return pi")
    kept, _ = Selection(stars, ["f"]).choose(mine)
    assert len(kept) == 2


@pytest.mark.parametrize("name", ["01_images", "03_convolution_2d", "10_fashion_mnist_keras"])
def test_the_cells_of_a_real_notebook(name):
    known = grading_set(name)
    for content in (filled(name), handed_out(name), solution(name)):
        kept, _ = known.selection.choose(read_notebook(content).cells)
        text = "\n".join(cell.source for cell in kept)
        for exercise in known.exercises:
            assert f"def {exercise.name}(" in text

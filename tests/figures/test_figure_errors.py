"""A wrong argument is told by its name, what was found, what was expected and the mend."""

import re

import numpy as np
import pytest

from coursekit import figures

ALT = "A picture made for the tests."
WRONG = [
    (lambda: figures.grid([[1, 2], [3]]), "matrix", "rows of different lengths"),
    (lambda: figures.grid([["a", "b"]]), "matrix", "entries of type <U1"),
    (lambda: figures.grid([]), "matrix", "an empty array of shape (0,)"),
    (lambda: figures.grid([[1.0, np.nan]]), "matrix", "nan or infinity"),
    (lambda: figures.grid(np.zeros((2, 2, 2))), "matrix", "shape (2, 2, 2)"),
    (lambda: figures.grid(np.zeros((3, 64))), "matrix", "64 columns"),
    (lambda: figures.grid([[1, 2]], highlight=[(0, 2)]), "highlight", "cell (0, 2)"),
    (lambda: figures.grid([[1, 2]], highlight=[(-1, 0)]), "highlight", "cell (-1, 0)"),
    (lambda: figures.grid([[1, 2]], highlight=(0, 1)), "highlight", "0"),
    (lambda: figures.grid([[1, 2]], size="large"), "size", "'large'"),
    (lambda: figures.grid([[1, 2]], alt="no"), "alt", "'no'"),
    (lambda: figures.grids([]), "items", "list"),
    (lambda: figures.grids([[1, 2]]), "items", "list at place 0"),
    (lambda: figures.grids([("a", [1]), ("b", [1])]), "operators", "('*', '=') for 2 grids"),
    (
        lambda: figures.grids([("a", [1]), ("b", [1])], operators=["="], highlight=[[(0, 0)]]),
        "highlight",
        "entries for the grids [0]",
    ),
    (
        lambda: figures.grids([("a", [1]), ("b", [1])], operators=["="], highlight={2: []}),
        "highlight",
        "entries for the grids [2]",
    ),
    (lambda: figures.images([("a", np.zeros((2, 2, 4)))], alt=ALT), "items[0]", "shape (2, 2, 4)"),
    (lambda: figures.images([("a", np.zeros((2, 2)))], alt=ALT, columns=0), "columns", "0"),
    (lambda: figures.signal([("a", [[1, 2]])], alt=ALT), "items[0]", "shape (1, 2)"),
    (lambda: figures.signal([("a", [1, 2], [1])], alt=ALT), "items[0]", "2 positions and 1 values"),
    (lambda: figures.signal([("a", [1])] * 6, alt=ALT), "items", "6 series"),
    (lambda: figures.signal([("a", [1, 2])], alt=ALT, window=(3, 3)), "window", "(3, 3)"),
    (lambda: figures.signal([("a", [1, 2])], alt=ALT, window=5), "window", "5"),
    (lambda: figures.signal([("a", [1, 2])], alt=ALT, dots=["b"]), "dots", "['b']"),
    (lambda: figures.curves({}, alt=ALT), "series", "list"),
    (lambda: figures.curves({"a": [[1]]}, alt=ALT), "series['a']", "shape (1, 1)"),
    (lambda: figures.bars([("a", [1, 2])], alt=ALT), "items[0]", "shape (2,)"),
    (lambda: figures.bars([("a", 0)], alt=ALT, log=True), "log", "a value of 0"),
    (lambda: figures.confusion([[1, 2]], ["a", "b"], alt=ALT), "matrix", "shape (1, 2)"),
    (lambda: figures.confusion([[-1]], ["a"], alt=ALT), "matrix", "the count -1"),
    (lambda: figures.show("a figure", ALT), "fig", "str"),
]


@pytest.mark.parametrize(("call", "name", "found"), WRONG)
def test_messages(call, name, found):
    with pytest.raises(ValueError) as error:
        call()
    message = str(error.value)
    assert message.startswith(f"{name}: found ")
    assert found in message
    # After what was expected comes a sentence that says what to do.
    assert re.search(r"; expected .+\. [A-Z].+\.\W?$", message), message

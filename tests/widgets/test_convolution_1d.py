"""The one-dimensional explorer in Python: what follows, and what is refused."""

import re

import numpy as np
import pytest

from coursekit.widgets import Convolution1dExplorer


def test_results_follow_every_change():
    explorer = Convolution1dExplorer([1, 2, 3, 4], [1, -1])
    assert explorer.convolved.tolist() == [1, 1, 1] and explorer.correlated.tolist() == [-1] * 3
    explorer.kernel = [3, 1]
    np.testing.assert_allclose(explorer.correlated, np.correlate([1, 2, 3, 4], [3, 1]) / 4)
    explorer.average = False
    np.testing.assert_allclose(explorer.convolved, np.convolve([1, 2, 3, 4], [3, 1], "valid"))
    explorer.signal = [5]
    assert len(explorer.convolved) == 0 and "no result" in repr(explorer)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"signal": [[1]]}, "signal has the shape (1, 1); give 1 to 400 numbers in a row"),
        ({"signal": "1 2"}, "signal is not a list of numbers"),
        ({"kernel": [1] * 32}, "kernel has the shape (32,); give 1 to 31 numbers"),
        ({"signal": [1, 2], "kernel": [1, 1, 1]}, "kernel has 3 weights, but signal only 2"),
        ({"average": 1}, "average is 1; give True or False"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_fix(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Convolution1dExplorer(**arguments)

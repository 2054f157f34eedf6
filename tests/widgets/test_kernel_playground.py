"""The kernel playground in Python: its output, what it refuses, and what it sends to the page."""

import base64
import re

import numpy as np
import pytest

from coursekit.scratch import KERNELS, filter_image
from coursekit.widgets import KernelPlayground


def test_output_is_that_of_scratch_and_follows():
    playground = KernelPlayground()
    assert playground.image.shape == (192, 256) and playground.image.std() > 40
    playground.kernel = KERNELS["gaussian_5x5"]
    assert playground.output.tolist() == filter_image(playground.image, playground.kernel).tolist()
    playground.image = np.full((4, 5), 7)
    assert playground.output.tolist() == [[7] * 5] * 4


def test_the_page_gets_the_pixels():
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    packed = KernelPlayground(image).page_state()["image"]
    assert (packed["rows"], packed["columns"]) == (2, 3)
    assert list(base64.b64decode(packed["grey"])) == [0, 1, 2, 3, 4, 5]
    playground = KernelPlayground(image)
    playground.set_state({"image": {"rows": 9, "columns": 9, "grey": "AAAA"}, "kernel": [[2]]})
    assert playground.image.tolist() == image.tolist() and playground.kernel.tolist() == [[2]]
    playground.set_state({"image": "x", "view": "upside down"})
    assert playground.view == "clipped"


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"image": np.zeros((4, 4, 3))}, "image has the shape (4, 4, 3); give a grey picture"),
        ({"image": np.zeros((300, 2))}, "at most 256 by 256"),
        ({"image": [[0.5]]}, "image holds numbers from 0.5 to 0.5; give a grey picture"),
        ({"image": [[256]]}, "image holds numbers from 256 to 256"),
        ({"image": [[np.nan]]}, "image holds numbers from nan to nan"),
        ({"image": "photo.jpg"}, "image is not a picture"),
        ({"kernel": np.ones((2, 2))}, "kernel has the shape (2, 2); give odd numbers"),
        ({"kernel": np.ones((9, 9))}, "kernel has the shape (9, 9)"),
        ({"view": "negative"}, "view is 'negative'; give one of 'clipped', 'absolute', 'signed'"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_fix(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        KernelPlayground(**arguments)

"""The explorer in Python: its output against SciPy, what it refuses, and what it stores."""

import base64
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from coursekit.widgets import ConvolutionExplorer
from coursekit.widgets.mime import VIEW_MIME


class FirstElement(HTMLParser):
    """Collects the attributes of every element of a piece of HTML, in order."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))


def html_of(widget):
    return widget._repr_mimebundle_()[0]["text/html"]


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(3, 9),
    width=st.integers(3, 9),
    m=st.integers(1, 3),
    n=st.integers(1, 3),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 2),
    flip=st.booleans(),
    seed=st.integers(0, 9999),
)
def test_output_equals_scipy(height, width, m, n, stride, padding, dilation, flip, seed):
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(height, width)), rng.normal(size=(m, n))
    wide = np.zeros((dilation * (m - 1) + 1, dilation * (n - 1) + 1))
    wide[::dilation, ::dilation] = kernel
    assume(all(a <= b + 2 * padding for a, b in zip(wide.shape, image.shape, strict=True)))
    explorer = ConvolutionExplorer(image, kernel, stride, padding, flip, dilation)
    slide = convolve2d if flip else correlate2d
    want = slide(np.pad(image, padding), wide, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(explorer.output, want, atol=1e-12)


def test_output_follows_every_change_and_can_be_observed():
    explorer = ConvolutionExplorer(np.arange(16).reshape(4, 4), [[1, 0], [0, 0]])
    shapes = []
    explorer.observe(lambda change: shapes.append(change["new"].shape), "output")
    explorer.stride = 2
    explorer.padding = 1
    explorer.kernel = np.ones((3, 3))
    explorer.input = np.ones((5, 5))
    explorer.flip = True
    assert shapes[-1] == (3, 3) and shapes[:3] == [(2, 2), (3, 3), (2, 2)]
    assert explorer.output[0, 0] == 4 and explorer.output[1, 1] == 9


def test_the_same_numbers_again_are_no_change():
    explorer = ConvolutionExplorer()
    seen = []
    explorer.observe(seen.append, ["input", "kernel", "output"])
    explorer.input = explorer.input.tolist()
    explorer.kernel = explorer.kernel.astype(int)
    assert seen == []
    explorer.kernel = explorer.kernel * 2
    assert [change["name"] for change in seen] == ["output", "kernel"]


def test_what_it_holds_is_a_copy_that_cannot_be_changed_in_place():
    image = np.ones((3, 3))
    explorer = ConvolutionExplorer(image, [[1]])
    image[0, 0] = 5
    assert explorer.input[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        explorer.input[0, 0] = 5


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"input": [1, 2, 3]}, "input has the shape (3,); give two axes"),
        ({"input": np.zeros((8, 8, 3))}, "choose one channel"),
        ({"input": np.zeros((65, 8))}, "give 1 to 64 rows and columns"),
        ({"input": [[1, np.nan]]}, "infinite or missing"),
        ({"input": [["a"]]}, "not a matrix of numbers"),
        ({"kernel": np.ones((12, 12))}, "kernel has the shape (12, 12)"),
        ({"kernel": np.ones((6, 6))}, "does not fit into the padded input of 5 by 5"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_mend(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        ConvolutionExplorer(**arguments)


@pytest.mark.parametrize(
    "name, value, wanted",
    [
        ("stride", 0, "give a whole number from 1 to 9"),
        ("stride", 1.5, "give a whole number from 1 to 9"),
        ("padding", -1, "give a whole number from 0 to 9"),
        ("dilation", "2", "give a whole number from 1 to 5"),
        ("flip", "yes", "give True or False"),
    ],
)
def test_settings_have_limits(name, value, wanted):
    with pytest.raises(ValueError, match=re.escape(f"{name} is {value!r}; {wanted}")):
        ConvolutionExplorer(**{name: value})


def test_headless_it_is_a_picture_and_a_sentence_and_opens_no_line(monkeypatch):
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    explorer = ConvolutionExplorer()
    data, _ = explorer._repr_mimebundle_()
    assert sorted(data) == ["text/html", "text/plain"] and explorer.comm is None
    assert "top left value is 25" in data["text/plain"]
    assert "press Shift and Enter" in data["text/plain"] and "0x" not in repr(explorer)
    monkeypatch.delenv("COURSEKIT_HEADLESS")
    assert VIEW_MIME in ConvolutionExplorer()._repr_mimebundle_()[0]


def test_the_fallback_holds_the_state_and_a_picture_with_the_numbers():
    elements = FirstElement(html_of(ConvolutionExplorer(stride=2, flip=True))).elements
    tag, attributes = elements[0]
    assert (tag, attributes["class"]) == ("div", "coursekit-widget")
    assert attributes["data-widget"] == "convolution_explorer"
    state = json.loads(attributes["data-state"])
    assert state["stride"] == 2 and state["flip"] is True and state["selected"] == [0, 0]
    assert state["kernel"] == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    image = next(attributes for tag, attributes in elements if tag == "img")
    assert "The output is 2 by 2" in image["alt"]
    svg = base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,")).decode()
    texts = [node.text for node in ElementTree.fromstring(svg).findall(".//{*}text")]
    # The kernel turned by half a turn: 3+7+5+6, 2+4+3+6, 2+3+7+9, 6+9+2+1.
    assert texts[-4:] == ["21", "15", "21", "18"]
    assert "Output 2 × 2" in texts


def test_no_noise_of_floats_is_stored():
    noisy = np.full((3, 3), 0.1) * 3
    same = np.full((3, 3), 0.3)
    assert noisy[0, 0] != same[0, 0]
    assert html_of(ConvolutionExplorer(noisy, [[1]])) == html_of(ConvolutionExplorer(same, [[1]]))


def test_two_processes_store_the_same_bytes():
    program = (
        "from coursekit.widgets import ConvolutionExplorer as E, Quiz; import numpy as np;"
        "print(E(np.outer(np.sin(np.arange(9)), np.cos(np.arange(9))), np.ones((3, 3)) / 9)."
        "_repr_mimebundle_()[0]['text/html']);"
        "print(Quiz('01-a', 'q', [('x', True, 'y'), ('z', False, 'w')]).page_html())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1 and len(runs.pop()) > 3000


def test_importing_the_package_loads_nothing_heavy():
    program = (
        "import sys, coursekit.widgets, coursekit.learn;"
        "print([n for n in ('anywidget', 'numpy', 'torch', 'matplotlib') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert run.stdout.decode().strip() == "[]"
    program = "import sys; from coursekit.widgets import ConvolutionExplorer as E; E();" + (
        "print([n for n in ('torch', 'keras', 'matplotlib', 'scipy') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert run.stdout.decode().strip() == "[]"

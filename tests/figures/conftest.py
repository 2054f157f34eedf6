import html
import io
import re
import sys
from base64 import b64decode
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image


class Shown:
    """What a function put on the page."""

    def __init__(self, data):
        self.html, self.plain = data["text/html"], data["text/plain"]
        found = re.fullmatch(
            r'<img alt="([^"]*)" src="data:(image/\w+);base64,([A-Za-z0-9+/=]+)" style="([^"]*)">',
            self.html,
        )
        assert found, self.html[:200]
        self.alt, self.media = html.unescape(found[1]), found[2]
        self.bytes, self.style = b64decode(found[3]), found[4]

    @property
    def pixels(self):
        return np.asarray(Image.open(io.BytesIO(self.bytes)).convert("RGB"))


@contextmanager
def pretend_notebook():
    """Pretend to run in a notebook; the list collects what is displayed there."""
    import IPython.display

    page = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["coursekit.figures.show"], "_shell", lambda: object())
        patch.setattr(IPython.display, "display", lambda data, raw=False: page.append(Shown(data)))
        yield page


@pytest.fixture
def notebook():
    with pretend_notebook() as page:
        yield page


@pytest.fixture(scope="session")
def in_a_notebook():
    """Give what pretends to run in a notebook for the time of a `with`."""
    return pretend_notebook

import html
import io
import re
import sys
from base64 import b64decode

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


@pytest.fixture
def notebook(monkeypatch):
    """Pretend to run in a notebook; the list collects what is displayed there."""
    import IPython.display

    page = []
    monkeypatch.setattr(sys.modules["coursekit.figures.show"], "_shell", lambda: object())
    monkeypatch.setattr(
        IPython.display, "display", lambda data, raw=False: page.append(Shown(data))
    )
    return page

"""What may not stand in a stored output: what differs from run to run or machine to machine.

Every function here takes one output, or one text, and yields problems: (rule, what is wrong, what
to do). An output's text is what a reader meets: printed lines, the words of its HTML, the alt
texts. Pictures' bytes are left out.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

Problem = tuple[str, str, str]

DATA_URI = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+")
SHORTEST_ALT = 15
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+|\b0x[0-9a-fA-F]{7,}")
PATH = re.compile(
    r"(?<![\w.<:/])/(?:[A-Za-z_][\w.-]*/)+[\w.-]*|(?<![\w.<:/])/(?:home|root|tmp|Users)\b"
    r"|\b[A-Za-z]:\\\w|(?<!\w)~/\w|\bfile://"
)
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
DATE = re.compile(
    rf"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b|\b[0-3]?\d[/.][0-3]?\d[/.](?:19|20)\d\d\b"
    rf"|\b[0-3]?\d\.? {MONTH},? (?:19|20)\d\d\b|\b{MONTH} [0-3]?\d,? (?:19|20)\d\d\b"
)
UNIT = r"(?:s|secs?|seconds?|ms|msecs?|milliseconds?|[µμu]s|ns|min|mins|minutes?|hours?)"
TIMING = re.compile(
    rf"\b\d+\.\d+ ?{UNIT}\b|\b\d+ ?(?:ms|[µμu]s|ns)\b|\b\d{{1,3}}s\b|\b\d\d?:\d\d:\d\d\b|\bit/s\b"
    r"|\b[Ww]all time\b|\bCPU times?\b|\b(?:[Ee]lapsed|[Tt]ook)\b\D{0,20}\d"
)
DECIMAL = re.compile(r"(?<![\w.])\d*\.\d+(?:[eE][-+]?\d+)?(?!\.?\w)|(?<![\w.])\d+[eE][-+]?\d+\b")
COMPARED = re.compile(
    r"(?:at least|at most|(?:more|less|fewer|lower|higher|greater|larger|smaller) than|above|below"
    r"|over|under|within|up to|[<>≤≥]=?|[Bb]etween \S+ and|[Bb]etween)\s*$",
    re.IGNORECASE,
)
VERDICT = re.compile(r": (?:yes|no)\.?$")
BLOCKS = re.compile(r"p|div|br|tr|li|h\d|pre|table|ul|ol|td|th|figcaption")
SAID = ("alt", "title", "aria-label")


class Page(HTMLParser):
    """What a reader meets in a piece of HTML: its lines, its pictures, its other attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.pictures: list[str] = []  # the words for each picture; "" where there are none
        self.attributes: list[str] = []
        self._silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note pictures, words in attributes, and where a line ends."""
        values = {name: value or "" for name, value in attrs}
        if tag in ("style", "script"):
            self._silent += 1
        if tag == "img":
            self.pictures.append(values.get("alt", "").strip())
        elif tag == "svg" and values.get("aria-hidden") != "true":
            self.pictures.append(values.get("aria-label", "").strip())
        self.text += "\n" if BLOCKS.fullmatch(tag) else ""
        self.text += "".join(f"\n{values[name]}\n" for name in SAID if values.get(name))
        self.attributes += [
            _without_pixels(value) if name == "data-state" else value
            for name, value in values.items()
            if name not in (*SAID, "style", "class", "d") and not value.startswith("data:")
        ]

    def handle_endtag(self, tag: str) -> None:
        """Leave a style or a script; end the line after a block."""
        if tag in ("style", "script"):
            self._silent -= 1
        self.text += "\n" if BLOCKS.fullmatch(tag) else ""

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if not self._silent:
            self.text += data


def _without_pixels(state: str) -> str:
    """Return a widget's state, as JSON, without the packed pixels of its pictures."""
    try:
        return json.dumps(json.loads(state, object_hook=_unpixelled), ensure_ascii=False)
    except ValueError:
        return state


def _unpixelled(part: dict[str, Any]) -> dict[str, Any]:
    """Leave out `grey` where it holds a byte, in base64, for each of `rows` by `columns` pixels."""
    try:
        pixels = base64.b64decode(part["grey"], validate=True)
        packed = len(pixels) == part["rows"] * part["columns"]
    except (KeyError, TypeError, binascii.Error):
        return part
    return {name: value for name, value in part.items() if name != "grey"} if packed else part


def output_problems(output: Any) -> Iterator[Problem]:
    """Yield what is wrong with one output, whatever its cell.

    Parameters
    ----------
    output : dict
        One output of a code cell.

    Yields
    ------
    tuple of str
        Rule, what is wrong, what to do.

    Examples
    --------
    >>> [rule for rule, *_ in output_problems({"output_type": "stream", "name": "stdout",
    ...                                        "text": "<object at 0x7f3a>"})]
    ['address']
    """
    if output["output_type"] == "error":
        yield "error", f"the cell raised {output['ename']}", "mend the cell, build again"
        return
    if output.get("name") == "stderr":
        yield "stderr", "the cell writes to stderr", "silence the warning where it arises"
    data = output.get("data", {})
    for mime in data:
        if mime.startswith("image/"):
            yield "alt", f"a picture stored as {mime} has no alt text", "use coursekit.figures"
        if mime.startswith("application/vnd.jupyter.widget"):
            yield "widget-view", "a live widget is stored", "build with COURSEKIT_HEADLESS=1"
    page = Page(joined(data.get("text/html", "")))
    for words in page.pictures:
        if len(words) < SHORTEST_ALT:
            yield "alt", f"a picture's alt text is {words!r}", "say what is to be seen in it"
    lines = list(output_lines(output))
    for rule, pattern, mend in (
        ("address", ADDRESS, "give the object a __repr__, or print what matters of it"),
        ("path", PATH, "print the file's name alone"),
    ):
        for text in [*lines, *page.attributes]:
            if found := pattern.search(text):
                yield rule, f"{found[0]!r} in {text.strip()[:60]!r}", mend
                break
    for rule, pattern, mend in (
        ("date", DATE, "leave the date out"),
        ("timing", TIMING, "leave the time out: it differs from run to run"),
    ):
        for text in lines:
            if found := pattern.search(text):
                yield rule, f"{found[0]!r} in {text.strip()[:60]!r}", mend
                break


def banded_problems(output: Any) -> Iterator[Problem]:
    """Yield the decimals of a training cell's output that are no part of a claim.

    A claim compares ("at least 0.80"); a printed one also says whether it holds (": yes").

    Parameters
    ----------
    output : dict
        One output of a cell tagged ``banded``.

    Yields
    ------
    tuple of str
        Rule, what is wrong, what to do.

    Examples
    --------
    >>> def printed(text):
    ...     return list(banded_problems({"output_type": "stream", "name": "stdout", "text": text}))
    >>> printed("test accuracy at least 0.80: yes")
    []
    >>> printed("test accuracy 0.8312")[0][1]
    "'0.8312' in 'test accuracy 0.8312'"
    """
    stream = output["output_type"] == "stream"
    for line in output_lines(output):
        for found in DECIMAL.finditer(line):
            compared = COMPARED.search(line[: found.start()])
            if not compared or (stream and not VERDICT.search(line.rstrip())):
                what = f"{found[0]!r} in {line.strip()[:60]!r}"
                yield "banded", what, "print a claim that holds with margin: 'at least 0.80: yes'"
                break


def output_lines(output: Any) -> Iterator[str]:
    """Yield the lines that a reader meets in one output.

    Parameters
    ----------
    output : dict
        One output of a code cell.

    Yields
    ------
    str
    """
    if output["output_type"] == "stream":
        yield from joined(output["text"]).splitlines()
    for mime, content in output.get("data", {}).items():
        if mime == "text/html":
            yield from Page(joined(content)).text.splitlines()
        elif mime.startswith("text/"):
            yield from joined(content).splitlines()
        elif mime == "application/json":
            yield json.dumps(content)


def joined(text: Any) -> str:
    r"""Return a text that a notebook file may hold as a list of lines.

    Parameters
    ----------
    text : str or list of str
        As in the file.

    Returns
    -------
    str

    Examples
    --------
    >>> joined(["a\n", "b"]) == joined("a\nb")
    True
    """
    return "".join(text)

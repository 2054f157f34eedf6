"""A notebook as it is shown to a grader: code and text as text, outputs as data."""

import base64
import binascii
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coursekit._record import MIME
from coursekit.notebooks.cell_facts import cell_facts
from coursekit.notebooks.open_answers import answer_name
from coursekit.notebooks.reading import last_heading, raw_cells

MOST_SHOWN = 20_000  # characters of one output
MOST_SOURCE = 60_000  # characters of one cell
MOST_OUTPUTS = 60  # of one cell
MOST_PICTURES = 20  # of one output
_DATA = ('src="data:image/png;base64,', 'src="data:image/webp;base64,')
PNG = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS = 40_000_000  # a small file can be a picture that fills the memory
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


@dataclass(frozen=True)
class Output:
    """One output: text (with how much of it is left out), a picture, or words about what it is.

    `kind` is ``"text"``, ``"error"``, ``"picture"`` or ``"other"``; `picture` are
    the bytes of a PNG or WebP.
    """

    kind: str
    text: str = ""
    left_out: int = 0
    picture: bytes = b""


@dataclass(frozen=True)
class ShownCell:
    """A cell: its place among all cells (from 1), and among the code cells (0 for text).

    `own` is False for a cell as it was handed out; `heading` that of its part of the notebook.
    """

    place: int
    number: int
    kind: str
    source: str
    heading: str
    own: bool
    outputs: tuple[Output, ...] = ()
    defines: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def pictures(self) -> int:
        """How many pictures came of it."""
        return sum(output.kind == "picture" for output in self.outputs)

    @property
    def failed(self) -> bool:
        """Whether an error stands among its outputs."""
        return any(output.kind == "error" for output in self.outputs)


def shown_cells(content: bytes, released: bytes | None = None) -> tuple[ShownCell, ...]:
    r"""Return a notebook's cells as they are shown.

    Parameters
    ----------
    content
        The file, of anybody's making.
    released
        The notebook as it was handed out; None where there is none.

    Raises
    ------
    Unreadable
        When it is no notebook, or too large.

    Examples
    --------
    >>> whole = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1\\nx",'
    >>> whole += b'"outputs": [{"output_type": "stream", "text": "<b>"}]}]}'
    >>> (cell,) = shown_cells(whole)
    >>> cell.source, cell.own, cell.outputs[0].text
    ('x = 1\nx', True, '<b>')
    """
    handed_out = _sources(released) if released is not None else frozenset()
    shown = []
    number, heading = 0, ""
    for place, raw in enumerate(raw_cells(content), start=1):
        source = _joined(raw.get("source", raw.get("input", "")))
        is_code = raw.get("cell_type") == "code"
        if is_code:
            number += 1
        elif not answer_name(raw):  # a heading in an answer begins no part
            heading = last_heading(source) or heading
        if not source.strip() and not raw.get("outputs"):
            continue
        shown.append(
            ShownCell(
                place,
                number if is_code else 0,
                "code" if is_code else "text",
                source[:MOST_SOURCE],
                heading,
                _plain(source) not in handed_out,
                tuple(_outputs(raw)) if is_code else (),
                tuple(sorted(cell_facts(source[:MOST_SOURCE]).defines)) if is_code else (),
                max(0, len(source) - MOST_SOURCE),
            )
        )
    return tuple(shown)


@lru_cache(maxsize=4)
def _sources(released: bytes) -> frozenset[str]:
    return frozenset(_plain(_joined(cell.get("source", ""))) for cell in raw_cells(released))


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def own_text(source: str, released: Iterable[str]) -> str:
    """Return the lines of a text that are not among those that were handed out."""
    known = set(released)
    return "\n".join(line for line in source.splitlines() if line.strip() not in known).strip()


def _outputs(raw: dict[str, Any]) -> Iterator[Output]:
    found = raw.get("outputs")
    outputs = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    room = 4 * MOST_SHOWN
    for one in outputs[:MOST_OUTPUTS]:
        for output in _of(one):
            if output.kind in ("text", "error") and len(output.text) > room:
                output = _cut(output.kind, output.text, room, output.left_out)
            room = max(200, room - len(output.text))
            yield output
    if len(outputs) > MOST_OUTPUTS:
        yield Output("other", f"{len(outputs) - MOST_OUTPUTS:,} more outputs are not shown")


def _of(one: dict[str, Any]) -> Iterator[Output]:
    kind = one.get("output_type")
    if kind == "stream":
        yield _cut("text", _joined(one.get("text")))
    elif kind in ("error", "pyerr"):
        trace = one.get("traceback")
        lines = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        said = "\n".join(lines) or f"{one.get('ename', 'Error')!s}: {one.get('evalue', '')!s}"
        yield _cut("error", said)
    else:
        bundle = one.get("data") if isinstance(one.get("data"), dict) else one
        yield from _of_bundle(bundle)


def _of_bundle(bundle: Any) -> Iterator[Output]:
    """Give the pictures of a bundle, and its text where it has none; all else is only named."""
    kinds = [key for key in bundle if isinstance(key, str) and "/" in key]
    written = _joined(bundle.get("image/png", bundle.get("png", bundle.get("image/webp"))))
    # The course's own figures are HTML around a picture; of that the picture alone is taken.
    coded = [written] if written else list(_in_html(_joined(bundle.get("text/html"))))
    pictures = [found for text in coded[:MOST_PICTURES] if (found := _picture(text)) is not None]
    yield from pictures
    text = _joined(bundle.get("text/plain", bundle.get("text")))
    if text and not any(one.kind == "picture" for one in pictures):
        yield _cut("text", text)
    elif text and not written:
        yield _cut("text", text, 2000)  # the figure in words
    unseen = [
        key[:60]
        for key in kinds
        if key not in ("text/plain", "image/png", "image/webp", MIME)
        and (key.startswith("image/") or not (text or pictures))
    ]
    if unseen:
        yield Output("other", f"not shown: {', '.join(unseen[:5])}")


def _in_html(text: str) -> Iterator[str]:
    """Give the pictures that stand in HTML as data, in base64; nothing else of it is read."""
    for start in _DATA:
        place = text.find(start)
        while place >= 0:
            place += len(start)
            end = text.find('"', place)
            yield text[place : end if end >= 0 else None]
            place = text.find(start, max(end, place))


def _picture(text: str) -> Output | None:
    """Return a PNG or WebP of a size that can be shown, words on what is not one."""
    if not text:
        return None
    try:
        content = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return Output("other", "not shown: a picture that is damaged")
    size = _size(content)
    if size is None:
        return Output("other", "not shown: it is called a picture and is none that is known")
    width, height = size
    if width * height > _MOST_PIXELS:
        return Output("other", f"not shown: a picture of {width:,} by {height:,} pixels")
    return Output("picture", f"{width} by {height} pixels", picture=content)


def _size(content: bytes) -> tuple[int, int] | None:
    """Return the width and height that a PNG or WebP has by its header, None for anything else."""
    if len(content) < 33:
        return None
    if content.startswith(PNG) and content[12:16] == b"IHDR":
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    kind = content[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        small = int.from_bytes
        return small(content[24:27], "little") + 1, small(content[27:30], "little") + 1
    return None


def _cut(kind: str, text: str, most: int = MOST_SHOWN, before: int = 0) -> Output:
    left_out = before + max(0, len(text) - most)
    return Output(kind, _ANSI.sub("", text[:most]), left_out)


def _joined(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    return source.replace("\r\n", "\n") if "\r" in source else source

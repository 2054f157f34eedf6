"""What a hand-in is recognized by: short runs of its code with names left out, and its words.

Runs are made here, by hand, because no library asks how rare in a class is what two
share: with three copies put into a class of 38, copydetect (release and solution left out),
RapidFuzz and datasketch find 170 to 330 pairs more alike than the copy with other loops, this none.
"""

import builtins
import keyword
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from coursekit.notebooks.cell_facts import MOST_SOURCE, cell_facts
from coursekit.notebooks.reading import raw_cells

RUN = 8  # tokens: about a line of code
WORDS = 3
MOST_TEXT = 100_000  # characters of a hand-in that are compared; a set's solution has 15,000
_WORD = re.compile(r"\w+")
# Read by one expression that never goes back: what is handed in may be broken, or made to keep a
# reader busy.
_TOKEN = re.compile(
    r"""(?P<words>\#[^\n]*+
        | [rbuf]{0,2}+(?:"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3})?
                       |'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?))
      | (?P<string>[rbuf]{0,2}+(?:"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?))
      | (?P<number>\d[\w.]*+) | (?P<name>[^\W\d]\w*+) | (?P<sign>[-+*/%@&|^<>=!]++|\S)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_PYTHON = frozenset((*keyword.kwlist, *dir(builtins)))
_TOP = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_BACK = re.compile(r"^[^\s#)\]}]", re.MULTILINE)
# What changes when a loop is written in another way: its head, and the counting of a `while`.
_LOOP = re.compile(
    r"^[ \t]*(?:(?:for|while)\b.*:|\w+[ \t]*(?:=[ \t]*-?\d+|[-+]=[ \t]*1))[ \t]*$", re.MULTILINE
)

Span = tuple[int, int, int]  # the number of a part, from, to
Trait = str


@dataclass
class Work:
    """What is compared of a hand-in.

    Attributes
    ----------
    parts
        The texts of its cells, those left out that are as they were handed out.
    spans
        Where each trait stands.
    inside
        The traits within each of the set's functions.
    cut
        Whether it was too long to be read whole.
    """

    parts: list[str] = field(default_factory=list)
    spans: dict[Trait, set[Span]] = field(default_factory=dict)
    inside: dict[str, set[Trait]] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int
    variable: bool


def work_of(content: bytes, functions: Collection[str] = (), released: bytes = b"") -> Work:
    r"""Return what a notebook is recognized by; names, layout and the order of functions are not.

    Parameters
    ----------
    content
        The notebook. Nothing of it is run.
    functions
        Those that the set asks for.
    released
        The notebook that was handed out: its cells are left out where they are as they were.

    Raises
    ------
    Unreadable
        When it is no notebook.

    Examples
    --------
    >>> import json
    >>> def notebook(code):
    ...     cell = {"cell_type": "code", "source": code}
    ...     return json.dumps({"nbformat": 4, "cells": [cell]}).encode()
    >>> one = work_of(notebook("def f(a, b):\n    return a.sum() + b"))
    >>> other = work_of(notebook("def f(x, bias): return x.sum()+bias"))
    >>> one.spans.keys() == other.spans.keys()
    True
    """
    given = list(_cells(released)) if released else []
    known = {source.strip() for _, source in given}
    work = Work()
    code: list[str] = []
    texts: list[str] = []
    room = MOST_TEXT
    for is_code, source in _cells(content):
        if source.strip() in known:
            continue
        if len(source) > min(room, MOST_SOURCE):
            work.cut = True
            continue
        room -= len(source)
        (code if is_code else texts).append(source)
    imported: dict[str, str] = {}
    for source in (*(text for is_code, text in given if is_code), *code):
        facts = cell_facts(source)
        imported |= facts.imports
        for defined in facts.defines.values():
            imported |= defined.imports
    names = {name: name for name in functions} | imported
    for source in code:
        _add_code(work, source, names, functions)
    for source in texts:
        work.parts.append(source)
        _add_words(work, source, 0)
    return work


def _cells(content: bytes) -> Iterator[tuple[bool, str]]:
    """Give whether a cell is code, and its text; a cell without any is left out."""
    for cell in raw_cells(content):
        source = cell.get("source", cell.get("input", ""))
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        if source.strip():
            yield cell.get("cell_type") == "code", source


def _add_code(
    work: Work, source: str, names: Mapping[str, str], functions: Collection[str]
) -> None:
    number = len(work.parts)
    work.parts.append(source)
    tokens, comments = _read(source, names)
    loops, functions_at = _loops(source), _functions(source)
    inner = [token for token in tokens if not _at(token.start, loops)]
    for trait, start, end in chain(_runs(tokens), _runs(inner)):
        work.spans.setdefault(trait, set()).add((number, start, end))
        owner = _at(start, functions_at)
        if owner in functions:
            work.inside.setdefault(owner, set()).add(trait)
    for start, text in comments:
        _add_words(work, text, start)


def _add_words(work: Work, text: str, offset: int) -> None:
    """Add each three words in a row; two that stand alone."""
    number = len(work.parts) - 1
    for line in re.finditer(r"[^\n]+", text):
        words = list(_WORD.finditer(line.group()))
        if len(words) < 2:
            continue
        for k in range(max(1, len(words) - WORDS + 1)):
            run = words[k : k + WORDS]
            trait = "# " + " ".join(word.group().lower() for word in run)
            begin = offset + line.start()
            span = (number, begin + run[0].start(), begin + run[-1].end())
            work.spans.setdefault(trait, set()).add(span)


def _read(source: str, names: Mapping[str, str]) -> tuple[list[_Token], list[tuple[int, str]]]:
    """Return the tokens of a cell, and its comments and docstrings with their places."""
    tokens: list[_Token] = []
    comments: list[tuple[int, str]] = []
    before = earlier = ""
    for found in _TOKEN.finditer(source):
        text, kind = found.group(), found.lastgroup
        if kind == "words":
            comments.append((found.start(), text))
            continue
        plain = kind == "name" and before != "." and text not in _PYTHON
        own = kind == "name" and (earlier, before) == ("self", ".")  # what a class names itself
        meaning = names.get(text, text) if plain else text
        if kind == "string":
            meaning = "'" + text.strip("'\"")
        variable = own or (plain and text not in names)
        tokens.append(_Token(meaning, found.start(), found.end(), variable))
        earlier, before = before, text
    return tokens, comments


def _runs(tokens: Sequence[_Token]) -> Iterator[tuple[Trait, int, int]]:
    """Give each run of tokens with its variables numbered in the order in which they come."""
    for k in range(max(1, len(tokens) - RUN + 1) if len(tokens) > 2 else 0):
        run = tokens[k : k + RUN]
        numbers: dict[str, str] = {}
        words = [
            numbers.setdefault(one.text, f"\0{len(numbers)}") if one.variable else one.text
            for one in run
        ]
        yield " ".join(words), run[0].start, run[-1].end


def _loops(source: str) -> list[tuple[int, str]]:
    """Return where lines that only make a loop begin, each with a word, and end, without one."""
    lines = [found.span() for found in _LOOP.finditer(source)]
    return [mark for start, end in lines for mark in ((start, "loop"), (end, ""))]


def _functions(source: str) -> list[tuple[int, str]]:
    """Return where the functions at the top of a cell begin, by name, and end, without one."""
    marks = {found.start(): "" for found in _BACK.finditer(source)}
    marks |= {found.start(): found.group(1) for found in _TOP.finditer(source)}
    return sorted(marks.items())


def _at(place: int, marks: Sequence[tuple[int, str]]) -> str:
    """Return the word of the last mark up to a place; "" before the first."""
    number = bisect_right(marks, place, key=lambda mark: mark[0])
    return marks[number - 1][1] if number else ""


def is_words(trait: Trait) -> bool:
    """Say whether a trait is words of a comment or a text, and not code."""
    return trait.startswith("# ")


def all_traits(works: Iterable[Work]) -> set[Trait]:
    """Return the traits of several works together."""
    return {trait for work in works for trait in work.spans}

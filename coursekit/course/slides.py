"""A lesson as slides: one HTML file that opens without a server, a network or a kernel.

One rule says what is on them (README.md has it for authors), by headings and by the tags that the
lesson has anyway. Of a text a slide shows the first and the last paragraph, and whatever is set
apart: lists, tables, formulas, quotations. The rest stands in the speaker's notes.
"""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mistune import HTMLRenderer, create_markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from coursekit._files import course_root, write_whole
from coursekit.course.lint_outputs import joined
from coursekit.course.lint_questions import WITHHELD, calls_of, name_in, tags_of
from coursekit.errors import CallError, CourseError, cannot_write
from coursekit.learn.quizzes import shuffled
from coursekit.widgets.page import page_assets, widget_names
from coursekit.widgets.text import rich

LEFT_OUT = ("Your turn", "Words", "Further reading", "Optional")
LONG = 10  # lines of code from which their output has a slide of its own
ASKING = {"quiz", "predict", "reveal"}  # on a slide they only show what is asked and answered
_ASSETS = Path(__file__).parent / "reveal"
_HEADING = re.compile(r"^(#{1,4}) +(.*)$", re.MULTILINE)
_SET_APART = re.compile(r"[-*>|] ?|\d+\. |\$\$|```|!\[|<")
_ANSWER = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
_STATE = re.compile(r'data-widget="predict" data-state="([^"]*)"')


@dataclass
class _Slide:
    """What a slide shows, as HTML, and what is said beside it."""

    heading: str
    shown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write_slides(lesson: str, out: Path, root: Path | None = None) -> tuple[Path, int]:
    """Write the slides of a lesson.

    Parameters
    ----------
    lesson
        Its number, such as `03`, or its name.
    out
        The folder, made when missing. The file in it is named after the lesson.
    root
        The folder that holds `lessons/`; the course on this machine unless given.

    Returns
    -------
    Path, int
        The file, and how many slides it has.

    Raises
    ------
    CallError
        When there is no such lesson, `out` is a file, or the slides are there already.
    CourseError
        When the lesson cannot be read or the file cannot be written.
    """
    path = _lesson(lesson, (root or course_root()) / "lessons")
    if out.exists() and not out.is_dir():
        raise CallError(f"--out {out} is a file; name a folder")
    target = out / f"{path.stem}.html"
    if target.exists():
        raise CallError(f"--out {target} is there already; name a new folder, or remove that file")
    try:
        notebook = json.loads(path.read_bytes())
        slides = list(slides_of(notebook))
        page = _page(notebook["metadata"]["coursekit"], slides)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CourseError(f"{path} is not a lesson; fetch the course again") from error
    try:
        write_whole(target, page.encode())
    except OSError as error:
        raise cannot_write(error, target, "name a folder of your own with --out") from error
    return target, len(slides)


def _lesson(given: str, folder: Path) -> Path:
    known = {path.stem: path for path in sorted(folder.glob("[0-8][0-9]_*.ipynb"))}
    name = given.strip().removesuffix(".ipynb")
    fitting = [s for s in known if name and (s == name or s[:2] == name.zfill(2))]
    if not fitting:
        there = ", ".join(stem[:2] for stem in known) or "none"
        raise CallError(f"LESSON {given!r} is not known; give one of: {there}")
    return known[fitting[0]]


def slides_of(notebook: dict[str, Any]) -> Iterator[str]:
    r"""Yield each slide of a lesson as HTML, an element `section`.

    A heading begins a slide, and each cell that shows something ends one. What is withheld until
    the student has committed has a slide of its own; answers to a quiz and in `<details>` come with
    the next step of the same slide.

    Parameters
    ----------
    notebook
        A built lesson.

    Examples
    --------
    >>> text = {"cell_type": "markdown", "source": "# 05 · Padding\n\nHow large?", "metadata": {}}
    >>> [slide] = slides_of({"cells": [text]})
    >>> "<h1>05 · Padding</h1>" in slide and "<p>How large?</p>" in slide
    True
    """
    slide = _Slide("")
    left_out = 0  # the level of the heading whose part is left out
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for level, heading, text in _parts(joined(cell["source"])):
                if level and any(slide.shown):
                    yield _section(slide)
                    slide = _Slide("")
                if level and (not left_out or level <= left_out):
                    left_out = level if heading.startswith(LEFT_OUT) else 0
                if left_out:
                    continue
                if level:
                    size = min(level, 2)
                    slide = _Slide(f"<h{size}>{_in_line(heading)}</h{size}>")
                shown, notes = map(_html, _shown_and_said(text))
                slide.shown.append(shown)
                slide.notes.append(notes)
        elif not left_out:
            code, output = _code(cell), _output(cell)
            if not code and not output:
                continue
            if any(slide.shown) and tags_of(cell) & WITHHELD:
                yield _section(slide)
                slide = _Slide(slide.heading)
            slide.shown.append(code)
            if code.count("\n") >= LONG and output:
                yield _section(slide)
                slide = _Slide(slide.heading)
            slide.shown.append(output)
            yield _section(slide)
            slide = _Slide(slide.heading)
    if any(slide.shown):
        yield _section(slide)


def _parts(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the level of each heading (0 for none), its words, and the text below it."""
    fences = [match.span() for match in re.finditer(r"```.*?```", text, re.DOTALL)]
    found = [
        match
        for match in _HEADING.finditer(text)
        if not any(begin < match.start() < end for begin, end in fences)
    ]
    first = found[0].start() if found else len(text)
    if text[:first].strip():
        yield 0, "", text[:first]
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        yield len(match[1]), match[2], text[match.end() : end]


def _shown_and_said(text: str) -> tuple[str, str]:
    """Part a text into what a slide shows and what stands in the speaker's notes."""
    pieces = _ANSWER.split(text)
    shown: list[str] = []
    said: list[str] = []
    for number in range(0, len(pieces), 3):
        blocks = [block for block in re.split(r"\n\s*\n", pieces[number]) if block.strip()]
        plain = [k for k, block in enumerate(blocks) if not _SET_APART.match(block.lstrip())]
        for k, block in enumerate(blocks):
            middle = k in plain[1:-1]
            (said if middle else shown).append(block)
        if number + 2 < len(pieces):
            words = f"**{pieces[number + 1].strip()}.** " + pieces[number + 2].strip()
            shown.append(f'<div class="fragment answer">\n\n{words}\n\n</div>')
    return "\n\n".join(shown), "\n\n".join(said)


def _code(cell: Any) -> str:
    """Return a cell's code, highlighted; nothing where the notebook folds it."""
    if cell["metadata"].get("jupyter", {}).get("source_hidden"):
        return ""
    return str(highlight(joined(cell["source"]), PythonLexer(), HtmlFormatter(cssclass="code")))


def _output(cell: Any) -> str:
    """Return what a cell shows; the answer to a quiz comes with the next step."""
    if quizzes := calls_of(cell, "quiz"):
        return "".join(map(_quiz, quizzes))
    shown = "".join(_one_output(output) for output in cell["outputs"])
    state = _STATE.search(shown)
    return _prediction(json.loads(unescape(state[1]))) if state else shown


def _one_output(output: Any) -> str:
    if output["output_type"] == "stream":
        return f'<pre class="printed">{escape(joined(output["text"]))}</pre>'
    data = output["data"]
    if "text/html" in data:
        return f'<div class="shown">{joined(data["text/html"])}</div>'
    if "text/markdown" in data:
        return _html(joined(data["text/markdown"]))
    return f'<pre class="printed">{escape(joined(data.get("text/plain", "")))}</pre>'


def _quiz(call: ast.Call) -> str:
    question, options = (ast.literal_eval(argument) for argument in call.args[1:3])
    rows, notes = "", ""
    for text, right, feedback in shuffled(name_in(call), options):
        rows += f"<li>{rich(text)}</li>"
        mark = "✓" if right else "✗"
        notes += f"<li>{mark} {rich(feedback)}</li>"
    return (
        f'<div class="ask"><p>{rich(question)}</p><ol type="A">{rows}</ol></div>'
        f'<div class="fragment answer"><ol type="A">{notes}</ol></div>'
    )


def _prediction(state: dict[str, Any]) -> str:
    rows = "".join(f"<li>{rich(text)}</li>" for text in state["options"])
    options = f'<ol type="A">{rows}</ol>' if rows else ""
    return f'<div class="ask"><p>{rich(state["question"])}</p>{options}</div>'


def _section(slide: _Slide) -> str:
    notes = "".join(slide.notes).strip()
    aside = f'<aside class="notes">{notes}</aside>' if notes else ""
    shown = "\n".join(part for part in slide.shown if part)
    return f'<section><div class="slide">{slide.heading}\n{shown}</div>{aside}</section>'


def _page(course: dict[str, Any], slides: Sequence[str]) -> str:
    body = "\n".join(slides)
    title = escape(f"{course['lesson']} {course['title']}")
    styles = [_asset("reveal.css"), HtmlFormatter().get_style_defs(".code"), _asset("slides.css")]
    scripts = [_asset(name) for name in ("reveal.js", "notes.js", "slides.js")]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{''.join(styles)}</style>\n</head>\n<body>\n"
        f'<div class="reveal"><div class="slides">\n{body}\n</div></div>\n'
        f"{page_assets(set(widget_names(body)) - ASKING)}\n"
        + "".join(f"<script>{script}</script>\n" for script in scripts)
        + "</body>\n</html>\n"
    )


def _asset(name: str) -> str:
    # An end tag inside a string of a script would close the element that holds it.
    return (_ASSETS / name).read_text(encoding="utf-8").replace("</script", "<\\/script")


def _html(text: str) -> str:
    """Return Markdown as HTML, formulas as MathML, which browsers draw by themselves."""
    return str(_markdown()(text)).strip()


def _in_line(text: str) -> str:
    """Return a line of Markdown as HTML, without a paragraph around it."""
    return _html(text).removeprefix("<p>").removesuffix("</p>")


@cache
def _markdown() -> Any:
    class Renderer(HTMLRenderer):
        def inline_math(self, text: str) -> str:
            return str(convert(text))

        def block_math(self, text: str) -> str:
            return f"<p>{convert(text, display='block')}</p>\n"

        def link(self, text: str, url: str, title: str | None = None) -> str:
            return text  # to notebooks, which are not there

    return create_markdown(
        renderer=Renderer(escape=False), plugins=["math", "table", "strikethrough"]
    )

"""The course's notebooks and front page, as the site's builder takes them."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.checks.sets import FUNCTIONS, exercise
from coursekit.course.folding import QUESTIONS, is_folded
from coursekit.errors import CourseError

ANSWER = "Show the answer (when you have your own)"


@dataclass(frozen=True)
class Lesson:
    """What the front page says of a lesson; an appendix has no question."""

    name: str
    title: str
    question: str
    minutes: int


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook.

    Raises
    ------
    CourseError
        When it is missing or no notebook.
    """
    import nbformat

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-any-return, no-untyped-call]
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read ({error}); `git checkout {path}`") from None


def lesson_of(name: str, notebook: Mapping[str, Any]) -> Lesson:
    r"""Read title, question and minutes of a lesson.

    The question is what stands first in bold in its first cell. Appendices, from 90 on, have none.

    Raises
    ------
    CourseError
        When a lesson has none.

    Examples
    --------
    >>> first = {"cell_type": "markdown", "source": "# 03 · Maps\n\n**How\nlarge?** Look."}
    >>> about = {"title": "Maps", "minutes": 40}
    >>> lesson_of("03_maps", {"cells": [first], "metadata": {"coursekit": about}})
    Lesson(name='03_maps', title='Maps', question='How large?', minutes=40)
    """
    about = notebook["metadata"]["coursekit"]
    question = re.search(r"\*\*(.+?)\*\*", notebook["cells"][0]["source"], re.DOTALL)
    if question is None and name < "90":
        raise CourseError(f"{name}: its first cell has no question in bold; write **...?** there")
    words = " ".join(question[1].split()) if question and name < "90" else ""
    return Lesson(name, about["title"], words, int(about.get("minutes", 0)))


def as_page(notebook: Mapping[str, Any], present: Sequence[str], above: str) -> dict[str, Any]:
    """Return a notebook as a page: code that gives answers away is folded, and so are answers.

    Parameters
    ----------
    notebook
        As it stands in the course.
    present
        The pages of the site, as ``"exercises/03_convolution_2d"``. Links to others become text.
    above
        The folder of this page: ``"lessons"``.

    Returns
    -------
    dict
        A copy, with the tags that MyST-NB knows.
    """
    page = copy.deepcopy(dict(notebook))
    page["cells"] = [part for cell in page["cells"] for part in _with_text(cell)]
    for cell in page["cells"]:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] == "markdown":
            cell["source"] = _links(cell["source"], present, above)
        elif cell["cell_type"] == "code":
            shown = _shown(cell["source"], tuple(tags))
            cell["metadata"] = {"tags": [shown] if shown else []}
            if shown in ("hide-cell", "hide-output"):
                prompts = ("code_prompt_show", "output_prompt_show", "cell_prompt_show")
                cell["metadata"]["mystnb"] = dict.fromkeys(prompts, ANSWER)
            cell["execution_count"] = None
            cell["outputs"] = [_output(output) for output in cell["outputs"]]
    page["metadata"] = {"kernelspec": notebook["metadata"].get("kernelspec", {})}
    return page


def _with_text(cell: Any) -> list[Any]:
    """Make a cell of its own of each text in Markdown that a cell displays."""
    import nbformat

    if cell["cell_type"] != "code":
        return [cell]
    texts = [output["data"]["text/markdown"] for output in cell["outputs"] if _is_text(output)]
    cell["outputs"] = [output for output in cell["outputs"] if not _is_text(output)]
    return [cell, *map(nbformat.v4.new_markdown_cell, texts)]


def _is_text(output: Any) -> bool:
    return "text/markdown" in output.get("data", {})


def _shown(source: str, tags: tuple[str, ...]) -> str:
    """Say what of a cell stands on the page at first."""
    if "reveal" in tags:
        return "hide-cell"
    if "paper" in tags:
        return "hide-output"
    if not is_folded(source, tags):
        return ""
    # A quiz's code lists its right answer: it is of no use to a reader who has the quiz itself.
    return "remove-input" if re.match(rf"\s*({'|'.join(QUESTIONS)})\(", source) else "hide-input"


def _output(output: Any) -> Any:
    """Leave out of an output what a page without a kernel cannot use."""
    if "execution_count" in output:
        output["execution_count"] = None
    return output


def _links(text: str, present: Sequence[str], above: str) -> str:
    """Turn links to notebooks that the site does not have into plain words."""

    def link(found: re.Match[str]) -> str:
        parts = [above, *found[2].split("/")]
        while ".." in parts:
            at = parts.index("..")
            del parts[at - 1 : at + 1]
        return found[0] if "/".join(parts) in present else found[1]

    return re.sub(r"\[([^\]]+)\]\(([^()\s]+)\.ipynb\)", link, text)


def with_hints(page: dict[str, Any], name: str) -> dict[str, Any]:
    """Put the hints of each function under the cell that checks it, each behind a click.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": 'check("conv2d", conv2d)', "metadata": {}}
    >>> page = with_hints({"cells": [cell]}, "03_convolution_2d")
    >>> page["cells"][1]["source"].count("<summary>")
    3
    """
    import nbformat

    asked = set(FUNCTIONS.get(name, ()))
    cells = []
    for cell in page["cells"]:
        cells.append(cell)
        for function in re.findall(r'check\("(\w+)"', cell["source"]):
            if cell["cell_type"] == "code" and function in asked:
                asked.remove(function)
                cells.append(nbformat.v4.new_markdown_cell(_hints(function)))  # type: ignore[no-untyped-call]
    return {**page, "cells": cells}


def with_buttons(page: dict[str, Any], buttons: str) -> dict[str, Any]:
    """Put a row of buttons under the first cell of a page, its head."""
    import nbformat

    row = nbformat.v4.new_markdown_cell(buttons)  # type: ignore[no-untyped-call]
    return {**page, "cells": [*page["cells"][:1], row, *page["cells"][1:]]}


def guide(text: str, guides: Collection[str], present: Collection[str]) -> str:
    """Return a guide of ``docs/`` as a page: its links lead to pages, or become plain words.

    Examples
    --------
    >>> text = "[a](style.md#names), [b](../source/x.toml), [c](card.html), [d](https://d.org)"
    >>> guide(text, ["style"], [])
    '[a](style.md#names), b, <a href="card.html">c</a>, [d](https://d.org)'
    """

    def link(found: re.Match[str]) -> str:
        words, place = found[1], found[2]
        name = place.partition("#")[0]
        if place.startswith(("http:", "https:", "#")) or name.removesuffix(".md") in guides:
            return found[0]
        if name.endswith(".html") and "/" not in name:
            return f'<a href="{place}">{words}</a>'
        notebook = name.removeprefix("../").removesuffix(".ipynb")
        return found[0] if name.endswith(".ipynb") and notebook in present else words

    return re.sub(r"\[([^\]]+)\]\(([^()\s]+)\)", link, text)


def _hints(function: str) -> str:
    """Write the hints as Markdown, one inside the other, so that each costs one more click."""
    inner = ""
    hints = exercise(function).hints
    for step in range(len(hints), 0, -1):
        summary = f"Hint {step} of {len(hints)} for <code>{function}</code>"
        inner = (
            f"<details>\n<summary>{summary}</summary>\n\n{hints[step - 1]}\n\n{inner}</details>\n"
        )
    return inner


def front_page(
    lessons: Sequence[Lesson], widget: str, folders: Sequence[str], new_issue: str = ""
) -> str:
    """Write the front page in Markdown: what the course is, a widget, where to start, the lessons.

    Parameters
    ----------
    lessons
        In the order of the course.
    widget
        HTML of the one that works at once.
    folders
        Those that the site has: ``lessons``, ``exercises`` and, unless left out, ``solutions``.
    new_issue
        Where errors are reported, if there is such an address.
    """
    asked = [lesson for lesson in lessons if lesson.question]
    hours = round(sum(lesson.minutes for lesson in asked) / 60)
    cards = "\n".join(_cards(lessons))
    trees = "\n\n".join(
        f"```{{toctree}}\n:hidden:\n:caption: {folder.capitalize()}\n:glob:\n\n{folder}/*\n```"
        for folder in folders
    )
    first = lessons[0].name[:2]
    where = f"[on this form]({new_issue})" if new_issue else "to whoever gave you the course"
    report = f"""Say it {where}: the number of the lesson, the heading above the place, what stands
there, and how you know that it should be otherwise."""
    return f"""# Kernel by Kernel

**Convolutional neural networks, from one sliding sum to ResNet: you predict, then you see.**

<p class="kk-launch"><a href="lessons/{lessons[0].name}.html">Begin with lesson {first}</a>
<a href="#the-lessons">All lessons</a></p>

Lay the pointer on the output below, or walk over it with the arrow keys. Nine products, one sum:
this is all that a convolution does. Change a number of the kernel and see what becomes of the map.

{widget}

## Where to start

**You know Python and school algebra.** Begin with
[lesson {first}](lessons/{lessons[0].name}) and go on in order. Each lesson asks you
for a prediction before it shows a result; your answers stay in this browser. The
{len(asked)} lessons below take about {hours} hours, without the exercises.

**You have trained networks with Keras or PyTorch, and want to know what happens inside.** Begin
with [lesson 03](lessons/03_convolution_2d), do the by-hand parts, and go from there to
[lesson 09](lessons/09_softmax_and_cross_entropy) and
[lesson 11](lessons/11_training_loop).

**You teach.** Each lesson has one question, a widget for the projector, predictions to vote on, and
an exercise that says which mistake was made. [Lesson 90](lessons/90_all_the_slips) lists what the
usual slides get wrong, each with the cell that proves it. [The syllabus](guides/syllabus) plans a
semester or a week, and [the guide for instructors](guides/instructors) goes from handing out to
marks.

## The lessons

<ol class="kk-lessons">
{cards}
</ol>

## Something wrong?

{report}

{trees}

```{{toctree}}
:hidden:
:caption: Yours

answers
```
"""


def _cards(lessons: Sequence[Lesson]) -> Iterator[str]:
    for lesson in lessons:
        title, question = html.escape(lesson.title), html.escape(lesson.question)
        time = f' <span class="kk-minutes">{lesson.minutes} min</span>' if lesson.minutes else ""
        yield (
            f'<li><a href="lessons/{lesson.name}.html"><span class="kk-number">'
            f"{lesson.name[:2]}</span> {title}</a>{time}<br>{question}</li>"
        )


ANSWERS_PAGE = """# Your answers

What you have predicted and answered on these pages stands in this browser alone. Nothing is sent
anywhere. Save it to a file to take it to another computer, and load it there.

<div class="kk-answers" data-page="answers">
<p>This part needs JavaScript.</p>
</div>
"""

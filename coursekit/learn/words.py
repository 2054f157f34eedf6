"""The course's glossary: the words that each lesson lists under "Words", with that lesson's text.

A line of such a list holds one explanation or several: ``**Kernel**, **filter**: the small grid.
**Patch**: the pixels under it.``
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit._files import course_root
from coursekit.errors import CourseError
from coursekit.learn.display import display_markdown

_BOLD = re.compile(r"\*\*([^*]+)\*\*")
# The words that an explanation begins with: at the start of the line or after a sentence.
_EXPLAINED = re.compile(r"(?:^|(?<=[.;:?!)] ))(?:\*\*[^*]+\*\*(?:, | and | or )?)+[^*:.;]*: ")


@dataclass(frozen=True)
class Entry:
    """One explanation: its words, its text in Markdown, and the lesson that gives it."""

    words: tuple[str, ...]
    text: str
    lesson: str
    title: str
    file: str


def words_of(notebook: dict[str, Any], file: str = "") -> list[Entry]:
    r"""Return what a lesson lists under "Words".

    Parameters
    ----------
    notebook
        A built lesson.
    file
        The name of its file, for links.

    Examples
    --------
    >>> text = "## Words\n\n- **Kernel**, **filter**: a grid."
    >>> cell = {"cell_type": "markdown", "source": text}
    >>> course = {"lesson": "02", "title": "Convolution"}
    >>> [entry] = words_of({"cells": [cell], "metadata": {"coursekit": course}})
    >>> entry.words, entry.text
    (('Kernel', 'filter'), '**Kernel**, **filter**: a grid.')
    """
    course = notebook["metadata"]["coursekit"]
    found = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or not text.startswith("## Words"):
            continue
        for line in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
            whole = " ".join(line.split())
            heads = list(_EXPLAINED.finditer(whole))
            ends = [*(head.start() for head in heads[1:]), len(whole)]
            for head, end in zip(heads, ends, strict=False):  # a line may explain nothing
                words = tuple(_BOLD.findall(head[0]))
                said = whole[head.start() : end].rstrip(" ;")
                found.append(Entry(words, said, course["lesson"], course["title"], file))
    return found


def read_glossary(root: Path | None = None) -> dict[str, list[Entry]]:
    """Return every word of the course with its explanations, in alphabetical order.

    Parameters
    ----------
    root
        The folder that holds `lessons/`; the course on this machine unless given.

    Raises
    ------
    CourseError
        When a lesson cannot be read, or there are none.

    Examples
    --------
    >>> [entry.lesson for entry in read_glossary()["Stride"]]
    ['05']
    """
    folder = (root or course_root()) / "lessons"
    found: list[Entry] = []
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        try:
            found += words_of(json.loads(path.read_bytes()), path.name)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise CourseError(f"{path} is not a lesson; fetch the course again") from error
    if not found:
        raise CourseError(f"{folder} holds no lessons; fetch the course again")
    return by_word(found)


def by_word(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return explanations by word, alphabetically; a word is written as it is met first.

    Examples
    --------
    >>> both = [Entry(("Mask", "kernel"), "", "02", "", ""), Entry(("Kernel",), "", "03", "", "")]
    >>> {word: [entry.lesson for entry in found] for word, found in by_word(both).items()}
    {'kernel': ['02', '03'], 'Mask': ['02']}
    """
    spelled: dict[str, str] = {}
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for word in entry.words:
            found.setdefault(spelled.setdefault(word.casefold(), word), []).append(entry)
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def glossary() -> None:
    """Show every word of the course, with a link to each lesson that explains it."""
    display_markdown(as_markdown(read_glossary()))


def as_markdown(words: dict[str, list[Entry]]) -> str:
    """Return the glossary as a text in Markdown: a heading for each letter, a line for each word.

    Examples
    --------
    >>> entry = Entry(("Stride",), "**Stride**: a hop.", "05", "Padding", "05_padding.ipynb")
    >>> print(as_markdown({"Stride": [entry]}))
    ### S
    <BLANKLINE>
    - **Stride**: a hop. ([05 Padding](05_padding.ipynb))
    """
    lines: list[str] = []
    letter = ""
    for word, entries in words.items():
        first = word[0].upper() if word[0].isalpha() else "0-9"
        if first != letter:
            letter = first
            lines += ["", f"### {letter}", ""]
        texts = [_with_links(word, same) for same in by_text(entries)]
        lines += [f"- {texts[0]}"] if len(texts) == 1 else [f"- **{word}**"]
        lines += [f"  - {text}" for text in texts if len(texts) > 1]
    return "\n".join(lines).strip()


def by_text(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return explanations that read the same together, in order of the first."""
    same: dict[str, list[Entry]] = {}
    for entry in entries:
        same.setdefault(entry.text, []).append(entry)
    return list(same.values())


def _with_links(word: str, same: list[Entry]) -> str:
    """Return an explanation with links to its lessons, and no other word of it bold."""
    text = _BOLD.sub(lambda m: m[0] if m[1].casefold() == word.casefold() else m[1], same[0].text)
    links = (f"[{entry.lesson} {entry.title}]({entry.file})" for entry in same)
    return f"{text} ({', '.join(links)})"

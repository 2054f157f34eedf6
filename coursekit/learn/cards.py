"""The glossary as cards for spaced repetition, in a package that Anki imports.

A note is known by its word alone: a package that is written later updates the text of the notes
that a student has, and leaves what Anki knows of their learning.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any

from coursekit._files import write_whole
from coursekit.errors import CallError, cannot_write
from coursekit.learn.words import Entry, by_text, read_glossary

# Chosen once and never changed: Anki knows deck and kind of note by them.
_DECK, _KIND = 1_735_204_011, 1_735_204_012
_NAME = "Kernel by Kernel"
_STYLE = """\
.card { font-family: sans-serif; font-size: 20px; line-height: 1.4; max-width: 36em;
  margin: 0 auto; padding: 1em; }
.word { font-size: 28px; font-weight: bold; text-align: center; }
.lesson { font-size: 15px; }
"""


def write_cards(out: Path, root: Path | None = None) -> int:
    """Write a card for each word of the glossary.

    Parameters
    ----------
    out
        A new file whose name ends in `.apkg`. It is written in one step.
    root
        The folder that holds `lessons/`; the course on this machine unless given.

    Returns
    -------
    int
        How many cards there are.

    Raises
    ------
    CallError
        When the name ends in something else, or the file is there already.
    CourseError
        When it cannot be written, or the lessons cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_cards(Path(folder) / "cards.apkg") > 100
    True
    """
    import genanki

    if out.suffix != ".apkg":
        raise CallError(f"--out {out}: Anki imports files that end in .apkg; name it cards.apkg")
    if out.exists():
        raise CallError(f"--out {out} is there already; name a new file, or remove that one first")
    deck = genanki.Deck(_DECK, _NAME)
    kind = genanki.Model(
        _KIND,
        f"{_NAME}: a word",
        fields=[{"name": "Word"}, {"name": "Meaning"}],
        templates=[
            {
                "name": "What does it mean?",
                "qfmt": '<div class="word">{{Word}}</div>',
                "afmt": "{{FrontSide}}<hr id=answer>{{Meaning}}",
            }
        ],
        css=_STYLE,
    )
    for word, entries in read_glossary(root).items():
        deck.add_note(
            genanki.Note(
                kind,
                fields=[_html(word), "\n".join(_meaning(same) for same in by_text(entries))],
                guid=genanki.guid_for(_NAME, word.casefold()),
                tags=[f"lesson-{entry.lesson}" for entry in entries],
            )
        )
    content = io.BytesIO()
    genanki.Package(deck).write_to_file(content)
    try:
        write_whole(out, content.getvalue())
    except OSError as error:
        raise cannot_write(error, out, "name a file in a folder of your own with --out") from error
    return len(deck.notes)


def _meaning(same: list[Entry]) -> str:
    lessons = "; ".join(f"{entry.lesson} · {_html(entry.title)}" for entry in same)
    return f'<p>{_html(same[0].text)}</p><div class="lesson">Lesson {lessons}</div>'


def _html(text: str) -> str:
    """Return a line of Markdown as HTML, formulas as Anki's MathJax reads them."""
    return str(_markdown()(text)).strip().removeprefix("<p>").removesuffix("</p>")


@cache
def _markdown() -> Any:
    import mistune

    return mistune.create_markdown(plugins=["math"])

"""Each word that a lesson explains under "Words" is used in that lesson."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from coursekit.course.lint_outputs import joined
from coursekit.course.lint_questions import Place
from coursekit.learn.words import words_of


def word_problems(notebook: Any) -> Iterator[Place]:
    """Yield the words that a lesson explains and does not use.

    Parameters
    ----------
    notebook : dict
        A built lesson.

    Yields
    ------
    tuple of str
        The cell (none), the rule, what is wrong, how to fix it.
    """
    sources = (joined(cell["source"]) for cell in notebook["cells"])
    said = _plain(" ".join(text for text in sources if not text.startswith("## Words")))
    for entry in words_of(notebook):
        for word in entry.words:
            if _plain(word) not in said:
                yield (
                    "",
                    "words",
                    f"{word!r} is explained under 'Words' and used nowhere else",
                    "use it in the lesson, or leave it out",
                )


def _plain(text: str) -> str:
    """Return a text in small letters, without marks, so that `ceil_mode` uses "ceil mode"."""
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())

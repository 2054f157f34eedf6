"""A box in which a prediction is written down before the answer is seen."""

import html
from collections.abc import Sequence
from typing import Literal

import traitlets

from coursekit.widgets.base import CourseWidget
from coursekit.widgets.text import rich

Kind = Literal["choice", "number", "text"]
_KINDS = ("choice", "number", "text")
_SENTENCE = (
    "Run this cell to write down your answer: click the cell, then press Shift and Enter. "
    "After that, run the folded cell below: it shows the right one."
)


class Predict(CourseWidget, folder="predict"):
    """One prediction: a choice, a number or a few words. It holds no right answer at all.

    Parameters
    ----------
    answer_id
        The name under which the student's answer is kept, such as ``"02-average"``.
    question
        The question; `` `code` `` in backticks.
    options
        For a choice: two or more different texts.
    kind
        ``"choice"`` when options are given, else ``"number"`` or ``"text"``.
    unit
        Written after the box, such as ``"pixels"``.

    Raises
    ------
    ValueError
        If the kind is unknown, or the options do not go with it.

    Examples
    --------
    >>> Predict("01-size", "How many bytes?", kind="number", unit="bytes")
    Predict: How many bytes?
    Run this cell to write down your answer: click the cell, then press Shift and Enter. After that,
    run the folded cell below: it shows the right one.
    """

    answer_id = traitlets.Unicode().tag(sync=True, page=True)
    question = traitlets.Unicode().tag(sync=True, page=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True, page=True)
    kind = traitlets.Unicode().tag(sync=True, page=True)
    unit = traitlets.Unicode().tag(sync=True, page=True)
    record = traitlets.Dict().tag(sync=True)  # never part of the stored output
    where = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        answer_id: str,
        question: str,
        options: Sequence[str] | None = None,
        kind: Kind = "choice",
        unit: str = "",
    ) -> None:
        if kind not in _KINDS:
            raise ValueError(f"kind is {kind!r}; choose one of {list(_KINDS)}")
        texts = [str(text) for text in options or ()]
        if kind == "choice" and (len(texts) < 2 or len(set(texts)) < len(texts)):
            raise ValueError(
                f"options: a choice needs two or more different texts, found {texts}; "
                'give options=[...], or kind="number" or "text"'
            )
        if kind != "choice" and texts:
            raise ValueError(f'options: {texts} go with kind="choice", found kind={kind!r}')
        super().__init__(
            answer_id=answer_id, question=question, options=texts, kind=kind, unit=unit
        )

    def fallback(self) -> str:
        """Give the question, its options or an empty line, and the sentence."""
        rows = "".join(f"<div>\N{WHITE CIRCLE} {rich(text)}</div>" for text in self.options)
        line = rows or f"<div>Your answer: ________ {html.escape(self.unit)}</div>"
        return (
            f"<p>Predict first: <strong>{rich(self.question)}</strong></p>{line}"
            f"<p><em>{_SENTENCE}</em></p>"
        )

    def plain(self) -> str:
        """Give the same as text."""
        rows = "".join(f"  ( ) {text}\n" for text in self.options)
        return f"Predict: {self.question}\n{rows}{_SENTENCE}"

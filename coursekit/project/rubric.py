"""What a project is worth, part by part, as `rubric.toml` says."""

import html
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SET = "21_capstone"  # the name of the starter notebook, and of what is handed in
NOTEBOOK = "notebook"  # the part that is no section but the whole


@dataclass(frozen=True)
class Part:
    """One part of a project: its heading, its points, and what is looked for under the heading.

    Attributes
    ----------
    name, title, points
        As in ``coursekit mark ... --part NAME``, as the heading in the notebook, and at most.
    full, half
        What earns all points, and what earns half of them.
    words
        How many words of the student's own there must be, at least.
    claims, pictures
        How many claims and cells with a picture, at least.
    split, trains, opens
        Whether the pictures are split here, something is trained, the test part is opened.
    """

    name: str
    title: str
    points: float
    full: str
    half: str
    words: int = 0
    claims: int = 0
    pictures: int = 0
    split: bool = False
    trains: bool = False
    opens: bool = False


@cache
def parts() -> tuple[Part, ...]:
    """Return the parts in their order.

    Examples
    --------
    >>> sum(part.points for part in parts())
    20
    """
    text = (Path(__file__).parent / "rubric.toml").read_text(encoding="utf-8")
    return tuple(Part(**part) for part in tomllib.loads(text)["part"])


def show_rubric() -> None:
    """Show the rubric as a table in a notebook, or print it.

    Examples
    --------
    >>> show_rubric()
    Question (2 points). Full: Says what is to be told apart, ...
    """
    from coursekit.learn.display import display_html

    head = "<tr><th>part</th><th>points</th><th>for all of them</th><th>for half</th></tr>"
    rows = [
        f"<tr><td>{html.escape(part.title)}</td><td>{part.points:g}</td>"
        f'<td style="text-align:left">{html.escape(part.full)}</td>'
        f'<td style="text-align:left">{html.escape(part.half)}</td></tr>'
        for part in parts()
    ]
    total = sum(part.points for part in parts())
    last = f"<tr><td><strong>all</strong></td><td><strong>{total:g}</strong></td></tr>"
    text = [f"{p.title} ({p.points:g} points). Full: {p.full} Half: {p.half}" for p in parts()]
    display_html(
        f"<table>{head}{''.join(rows)}{last}</table>", "\n".join([*text, f"{total:g} in all."])
    )

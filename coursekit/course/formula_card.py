"""The formula card, one page to print: ``python -m coursekit.course.formula_card``.

It is written from `source/formula_card.toml` to `docs/formula_card.html`, formulas as MathML, so
that it opens and prints without a network.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from coursekit._files import write_whole
from coursekit.course.environment import project_root

SOURCE, TARGET = Path("source") / "formula_card.toml", Path("docs") / "formula_card.html"
_STYLE = """\
@page { size: A4 landscape; margin: 9mm; }
body { font: 9.6pt/1.25 system-ui, "DejaVu Sans", sans-serif; margin: 0 auto; max-width: 277mm;
  color: #000; background: #fff; }
h1 { font-size: 13pt; margin: 0 0 2mm; }
main { columns: 2; column-gap: 8mm; }
section { margin: 0 0 2mm; }
h2 { font-size: 9.5pt; margin: 0 0 .5mm; border-bottom: 1pt solid #0a6b4e; break-after: avoid; }
.row { break-inside: avoid; margin: 0 0 1.6mm; }
.row p { margin: 0; }
math { font-size: 11.5pt; math-style: normal; }
@media screen and (max-width: 60rem) { body { padding: 0 4mm; } main { columns: 1; }
  .row p { overflow-x: auto; } }
code { font: 8pt "DejaVu Sans Mono", Consolas, monospace; }
"""


@dataclass(frozen=True)
class Formula:
    """One formula: its section and name, how it is written twice, and the lesson that has it."""

    section: str
    name: str
    latex: str
    python: str
    lesson: str


def read_formulas(path: Path) -> list[Formula]:
    """Read the table of formulas.

    Parameters
    ----------
    path : pathlib.Path
        `source/formula_card.toml`.

    Returns
    -------
    list of Formula

    Raises
    ------
    ValueError
        When two formulas have one name.
    """
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["formula"]
    formulas = [Formula(**row) for row in rows]
    names = [formula.name for formula in formulas]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two formulas have one name; rename one")
    return formulas


def card(formulas: list[Formula]) -> str:
    """Return the card as one HTML page.

    Parameters
    ----------
    formulas : list of Formula
        In order; those of a section stand together.

    Returns
    -------
    str

    Examples
    --------
    >>> page = card([Formula("Sizes", "Padding", "p = 1", "1", "05")])
    >>> "<h2>Sizes</h2>" in page and "<math" in page
    True
    """
    from latex2mathml.converter import convert

    body, section = "", ""
    for formula in formulas:
        if formula.section != section:
            body += ("</section>\n" if section else "") + "<section>"
            section = formula.section
            body += f"<h2>{escape(section)}</h2>\n"
        body += (
            f'<div class="row"><p>{escape(formula.name)} <small>({formula.lesson})</small></p>'
            f"<p>{convert(formula.latex)} &ensp; <code>{escape(formula.python)}</code></p></div>\n"
        )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Kernel by Kernel: formulas</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        "<h1>Kernel by Kernel: the formulas, with the lesson that has each</h1>\n"
        f"<main>\n{body}</section>\n</main>\n</body>\n</html>\n"
    )


def main() -> int:
    """Write the card."""
    root = project_root()
    write_whole(root / TARGET, card(read_formulas(root / SOURCE)).encode())
    print(TARGET.as_posix())
    return 0


if __name__ == "__main__":
    sys.exit(main())

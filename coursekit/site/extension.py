"""What the site adds to Sphinx: formulas as MathML, and the widgets' scripts on each page."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

from coursekit.widgets.page import page_assets, widget_names


def mathml(tex: str, display: str) -> str:
    r"""Turn a formula of TeX into MathML, which browsers draw without a script.

    Parameters
    ----------
    tex
        The formula without its dollars.
    display
        ``"inline"`` or ``"block"``.

    Examples
    --------
    >>> mathml("a_1", "inline").count("<msub>")
    1
    """
    return str(convert(tex, display=display))


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    # A wide formula is scrolled by itself, also with the keyboard.
    formula = mathml(node.astext(), "block")
    self.body.append(f'<div class="kk-math" tabindex="0" role="math">{formula}</div>')
    raise nodes.SkipNode


def _bring_to_life(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Put the scripts of the widgets that a page holds at its end."""
    del app, page, template, tree
    body = context.get("body", "")
    context["body"] = body + page_assets(widget_names(body))


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx what there is."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("html-page-context", _bring_to_life)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

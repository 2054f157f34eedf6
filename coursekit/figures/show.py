"""Putting a figure on the page together with its description."""

from __future__ import annotations

import html
import sys
from base64 import b64encode
from typing import TYPE_CHECKING

from coursekit.figures.arguments import clean_alt
from coursekit.figures.canvas import encode

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The picture is its own white card: it reads the same on a light and on a dark page.
_CARD = "height:auto;background:#fff;border-radius:6px;padding:6px;box-sizing:border-box"


def show(fig: Figure, alt: str) -> None:
    """Display any matplotlib figure with its alt text, and close it.

    Parameters
    ----------
    fig
        A ``matplotlib.figure.Figure``, made by pyplot or not.
    alt
        A sentence of at least 15 characters that says what is to be seen.

    Raises
    ------
    ValueError
        When `alt` is missing or too short, or `fig` is no figure.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> _ = fig.subplots().plot([1, 2, 4])
    >>> show(fig, "A line that rises, faster and faster.")
    A line that rises, faster and faster.
    """
    text = clean_alt(alt)
    if not hasattr(fig, "savefig"):
        raise ValueError(
            f"fig: found {type(fig).__name__}; expected a matplotlib figure. "
            "From axes, take axes.figure."
        )
    present(fig, text, tight=True)


def present(fig: Figure, alt: str, *, tight: bool = False, flat: bool = False) -> None:
    """Display a figure whose alt text has been looked at already, and close it."""
    shell = _shell()
    if shell is None:
        print(alt)
    else:
        from IPython.display import display

        data = {"text/html": markup(fig, alt, tight=tight, flat=flat), "text/plain": alt}
        display(data, raw=True)  # type: ignore[no-untyped-call]
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
    fig.clear()


def markup(fig: Figure, alt: str, *, tight: bool = False, flat: bool = False) -> str:
    """Write the ``<img>`` element of a figure: alt text first, then the bytes."""
    media, data, width = encode(fig, tight=tight, flat=flat)
    return (
        f'<img alt="{html.escape(alt, quote=True)}" '
        f'src="data:{media};base64,{b64encode(data).decode("ascii")}" '
        f'style="max-width:100%;width:{width}px;{_CARD}">'
    )


def _shell() -> object | None:
    """Find the running IPython shell, if there is one, without loading IPython to find out."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None

"""Small pieces of text that several widgets write."""

import html
import re


def rich(text: str) -> str:
    """Give text as HTML: `code` in backticks, everything else as it stands.

    Examples
    --------
    >>> rich("Is `a < b`?")
    'Is <code>a &lt; b</code>?'
    """
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))


def number(value: float, digits: int = 2) -> str:
    """Give a number as it is read: at most `digits` decimals, no trailing zeros, a true minus.

    Examples
    --------
    >>> number(-0.5), number(3.0), number(1 / 9), number(-0.0)
    ('−0.5', '3', '0.11', '0')
    """
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")

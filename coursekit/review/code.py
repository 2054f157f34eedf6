"""Code with its colours, made here: the page runs no script of anybody's for it."""

from functools import lru_cache
from typing import TYPE_CHECKING

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST = 20_000  # characters that are coloured; more is shown plain


@lru_cache(maxsize=2048)
def coloured(source: str) -> "Markup":
    r"""Return Python code as HTML with classes for its colours; every sign of it is escaped.

    Examples
    --------
    >>> str(coloured("</pre><script>"))
    '<span class="o">&lt;/</span><span class="n">pre</span><span class="o">&gt;&lt;</span><span class="n">script</span><span class="o">&gt;</span>\n'
    """  # noqa: E501 - as it comes
    from markupsafe import Markup, escape

    from coursekit.grading.pages.feedback import harmless

    text = harmless(source)
    if len(text) > _MOST:
        return escape(text)
    return Markup(highlight(text, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))

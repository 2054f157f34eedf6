"""Widgets on a page without a kernel: the same scripts, mounted on the stored outputs."""

import html
import re
from collections.abc import Iterable, Sequence

from coursekit.widgets.base import CourseWidget, script, style

_PAGE_STYLE = """
body { margin: 0 auto; padding: 1rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif;
       color: #1f2328; background: #ffffff; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #16181c; } }
"""


def widget_names(markup: str) -> list[str]:
    """List the widgets that a page's HTML holds, each once, in order of the alphabet.

    Examples
    --------
    >>> widget_names('<div class="coursekit-widget" data-widget="quiz" data-state="{}"></div>')
    ['quiz']
    """
    return sorted(set(re.findall(r'<div class="coursekit-widget" data-widget="(\w+)"', markup)))


def page_assets(names: Iterable[str]) -> str:
    """Give the style sheets and scripts that bring the named widgets of a page to life.

    Put it at the end of the page's body. Nothing is fetched from anywhere.

    Raises
    ------
    ValueError
        If there is no widget of a given name.

    Examples
    --------
    >>> 'mountAll("quiz", render)' in page_assets(["quiz"])
    True
    """
    parts = []
    for name in names:
        # An end tag inside a string of the script would close the script element.
        body = script(name).replace("</script", "<\\/script")
        parts.append(f"<style>{style(name)}</style>")
        parts.append(f'<script type="module">{body}\nmountAll("{name}", render);\n</script>')
    return "\n".join(parts)


def standalone_page(widgets: Sequence[CourseWidget | str], title: str) -> str:
    """Give one self-contained HTML page that holds the widgets; strings are taken as HTML.

    Examples
    --------
    >>> page = standalone_page(["<p>Hello</p>"], "A page")
    >>> page.startswith("<!doctype html>"), "<title>A page</title>" in page
    (True, True)
    """
    body = "\n".join(part if isinstance(part, str) else part.page_html() for part in widgets)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_PAGE_STYLE}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>{html.escape(title)}</h1>\n{body}\n</main>\n"
        f"{page_assets(widget_names(body))}\n</body>\n</html>\n"
    )

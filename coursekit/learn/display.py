"""Showing something in a notebook, or printing it where there is none."""

from typing import Any


def display(widget: Any) -> None:
    """Show a widget in a notebook; print its text anywhere else.

    Examples
    --------
    >>> display("hello")
    hello
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import display as show

    if get_ipython() is None:
        print(widget)
    else:
        show(widget)  # type: ignore[no-untyped-call]


def display_html(markup: str, plain: str) -> None:
    """Show HTML with its text beside it; print the text where there is no notebook.

    Examples
    --------
    >>> display_html("<b>hello</b>", "hello")
    hello
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import display as show

    if get_ipython() is None:
        print(plain)
    else:
        show({"text/html": markup, "text/plain": plain}, raw=True)  # type: ignore[no-untyped-call]

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


def display_markdown(text: str) -> None:
    """Show Markdown in a notebook; print it where there is no notebook.

    Examples
    --------
    >>> display_markdown("**hello**")
    **hello**
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import display as show

    if get_ipython() is None:
        print(text)
    else:
        show({"text/markdown": text, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]


def hold_back_rest_of_cell() -> None:
    """Show nothing more of the cell that runs, apart from errors; does nothing outside a notebook.

    What follows still runs, so that the cells below find its names.

    Examples
    --------
    >>> hold_back_rest_of_cell()
    """
    from IPython.core.getipython import get_ipython
    from IPython.utils.capture import capture_output

    shell = get_ipython()
    if shell is None:
        return
    capture = capture_output()

    def let_go(*_: object) -> None:
        # After `post_execute`, in which Matplotlib shows the figures of the cell.
        shell.events.unregister("post_run_cell", let_go)
        capture.__exit__(None, None, None)

    capture.__enter__()
    shell.events.register("post_run_cell", let_go)

"""What IPython makes of a cell before Python sees it: magics, shell commands, `?` and prompts."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from coursekit.notebooks.syntax import parsed

# Cell magics whose body runs in the notebook's own names; any other body is not Python of its.
_RUN_THE_BODY = frozenset({"time", "capture", "prun", "memit", "mprun"})
_MOST_WORK = 1_000_000  # characters times commands
_LINE_MAGIC = re.compile(r"^([ \t]*)%(?:time|prun)[ \t]+(?=\S)", re.MULTILINE)
# Words that start a command without a percent sign where it is the only line of a cell.
_WORDS = """
    cat cd clear colors conda config cp env history less ls ll load load_ext matplotlib mkdir more
    mv pinfo pip precision pwd pylab reload_ext rm rmdir run time timeit uv who whos
"""
_AUTOMAGIC = frozenset(_WORDS.split())


@lru_cache(maxsize=4096)
def python_source(source: str) -> str:
    r"""Return a cell as plain Python, its lines where they were.

    Commands to IPython become calls of `get_ipython()`, as they do there; statements behind
    `%%time`, `%%capture` and `%time` stay statements; the body of another cell magic is left out.
    A cell that is no Python even so is given back as it is.

    Parameters
    ----------
    source
        The text of a code cell.

    Examples
    --------
    >>> python_source("%%time\nx = 1"), python_source("%%html\n<b>bold</b>")
    ('\nx = 1', '')
    >>> print(python_source("files = !ls\nif files:\n    %matplotlib inline"))
    files = get_ipython().getoutput('ls')
    if files:
        get_ipython().run_line_magic('matplotlib', 'inline')
    """
    if _is_python(source):
        return source
    text = source.lstrip("\n \t") if source.lstrip().startswith("%%") else source
    if text.startswith("%%"):
        above = source[: len(source) - len(text)].count("\n")
        magic, _, body = text.partition("\n")
        name = magic[2:].split()[:1]
        if not name or name[0] not in _RUN_THE_BODY:
            return ""
        return "\n" * (above + 1) + python_source(body)
    words = source.split()
    if "\n" not in source.strip() and words and words[0] in _AUTOMAGIC:
        return ""
    timed = _LINE_MAGIC.sub(r"\1", source)
    # IPython reads the whole cell again for each command in it: a hostile one would take minutes.
    if len(timed) * sum(map(timed.count, "%!?")) > _MOST_WORK:
        return source
    from IPython.core.inputtransformer2 import TransformerManager  # only where it is needed

    try:
        transform: Callable[[str], str] = TransformerManager().transform_cell  # type: ignore[no-untyped-call]
        plain = transform(timed)
    except (SyntaxError, ValueError, RuntimeError):
        return source
    return plain.rstrip("\n") if not source.endswith("\n") else plain


def _is_python(source: str) -> bool:
    try:
        parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class NoShell:
    """What `get_ipython()` gives where statements run without IPython: its commands do nothing.

    Examples
    --------
    >>> NoShell().getoutput("ls"), NoShell().run_line_magic("matplotlib", "inline")
    ([], None)
    """

    def getoutput(self, command: str = "", *more: Any, **others: Any) -> list[str]:
        """Return no lines: the command is not run."""
        return []

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *more, **others: None

"""Which cells are handed out folded: those whose Python gives an answer away or is only data."""

from __future__ import annotations

import ast

QUESTIONS = ("quiz", "predict")


def is_folded(text: str, tags: tuple[str, ...]) -> bool:
    r"""Tell whether a code cell is folded in the notebook, so that only its output is seen.

    A quiz lists its right answer, and a cell tagged ``reveal`` holds the answer to a prediction.
    A reader can still open the cell; nobody stumbles over the answer. The tag ``fold`` is for
    long cells of plain data.

    Parameters
    ----------
    text : str
        The cell's Python.
    tags : tuple of str
        Its tags.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_folded("quiz('02-q1', 'Which?', options)", ())
    True
    >>> is_folded("x = [2, 4]\nprint(x)", ())
    False
    >>> is_folded("print(x)", ("reveal",))
    True
    """
    if "reveal" in tags or "fold" in tags:
        return True
    try:
        body = ast.parse(text).body
    except SyntaxError:  # a magic, such as %timeit
        return False
    return bool(body) and all(
        isinstance(line, ast.Expr)
        and isinstance(line.value, ast.Call)
        and isinstance(line.value.func, ast.Name)
        and line.value.func.id in QUESTIONS
        for line in body
    )

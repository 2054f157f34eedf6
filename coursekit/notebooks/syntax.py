"""Parsing Python for several workers at once."""

import ast
import threading

# Before 3.11.8 and 3.12.2 Python counts the depth of the tree that it builds for all threads
# together: two that parse at once may end in a SystemError (python/cpython#106905).
_ONE_AT_A_TIME = threading.Lock()


def parsed(source: str) -> ast.Module:
    """Return the syntax tree of a source, whatever other threads parse meanwhile.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        As `ast.parse` does.

    Examples
    --------
    >>> len(parsed("x = 1; y = 2").body)
    2
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source)

"""What a function's code shows without being run: that it is a stub, or lacks brackets."""

import dis
from functools import lru_cache
from types import CodeType
from typing import Any

_HARMLESS = frozenset(
    {
        "CACHE", "COPY_FREE_VARS", "EXTENDED_ARG", "LOAD_CONST", "LOAD_FAST", "NOP", "POP_TOP",
        "RESUME", "RETURN_CONST", "RETURN_VALUE", "STORE_FAST",
    }
)  # fmt: skip


def is_stub(answer: Any) -> bool:
    """Say whether a function's body does nothing at all: ``pass``, ``...``, a docstring.

    Examples
    --------
    >>> def conv2d(image, kernel):
    ...     result = None  # your code here
    ...     return result
    >>> is_stub(conv2d), is_stub(print)
    (True, False)
    """
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    names = {instruction.opname.split("__")[0] for instruction in dis.get_instructions(code)}
    return all(
        name in _HARMLESS or name.startswith(("LOAD_FAST", "STORE_FAST", "LOAD_SMALL_INT"))
        for name in names
    )


def looked_at(answer: Any) -> frozenset[str]:
    """Return the names that stand on a line of their own without brackets, as ``x.sort`` does.

    Examples
    --------
    >>> def train(model, optimizer):
    ...     model.train
    ...     optimizer.step()
    >>> looked_at(train)
    frozenset({'model.train'})
    """
    code = getattr(answer, "__code__", None)
    return _looked_at(code) if isinstance(code, CodeType) else frozenset()


@lru_cache(maxsize=16)
def _looked_at(code: CodeType) -> frozenset[str]:
    """Read a function's code, once for all questions that it is asked."""
    steps = [i for i in dis.get_instructions(code) if i.opname not in ("CACHE", "NOP")]
    return frozenset(
        f"{first.argval}.{second.argval}"
        for first, second, third in zip(steps, steps[1:], steps[2:], strict=False)
        if second.opname == "LOAD_ATTR" and third.opname == "POP_TOP"
    )

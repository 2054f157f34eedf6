"""An object with which a handed-out cell can do what it likes, and nothing comes of it."""

from collections.abc import Iterator
from typing import Any


class Harmless:
    """Called, indexed, asked for attributes or counted with, it gives itself; it is false and 0.

    Examples
    --------
    >>> history = Harmless()
    >>> history.records[-1]["accuracy"] > 0.9, f"{history.best:.3f}", list(history.records)
    (False, '0.000', [])
    """

    def __call__(self, *args: Any, **kwargs: Any) -> "Harmless":
        """Give itself; used as a decorator it gives the function back."""
        return NOTHING

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # so that libraries do not take it for something it is not
            raise AttributeError(name)
        return NOTHING

    def __getitem__(self, key: Any) -> "Harmless":
        return NOTHING

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __round__(self, digits: int = 0) -> float:
        return 0.0

    def __format__(self, wanted: str) -> str:
        try:
            return format(0.0, wanted) if wanted else ""
        except ValueError:
            return format("", wanted) if wanted.strip("<>^=+-0123456789.,s") == "" else ""

    def __repr__(self) -> str:
        return ""

    def __enter__(self) -> "Harmless":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def _same(self, *others: Any) -> "Harmless":
        return NOTHING

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _same
    __rtruediv__ = __floordiv__ = __mod__ = __pow__ = __neg__ = __abs__ = _same

    def __lt__(self, other: Any) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


NOTHING = Harmless()

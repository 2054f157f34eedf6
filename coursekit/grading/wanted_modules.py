"""Modules that a class imports beyond the handed-out ones, to be imported once for all."""

from collections import Counter
from collections.abc import Iterable

# Large packages of the field; nothing else is ever imported at a student's wish.
_KNOWN = frozenset(
    {"matplotlib", "scipy", "pandas", "PIL", "sklearn", "skimage", "torch", "seaborn"}
)
_MOST = 50


class WantedModules:
    """Counts what submissions import.

    Parameters
    ----------
    loaded
        What is imported from the beginning.

    Examples
    --------
    >>> wanted = WantedModules(["numpy"])
    >>> [wanted.again(["numpy", "scipy.signal", "os"]) for _ in range(3)]
    [[], ['scipy.signal'], []]
    """

    def __init__(self, loaded: Iterable[str]) -> None:
        self._loaded = set(loaded)
        self._counts: Counter[str] = Counter()

    def again(self, modules: Iterable[str]) -> list[str]:
        """Return those that an earlier submission has imported, too, the first time that is so."""
        found = []
        for name in dict.fromkeys(modules):
            if name in self._loaded or name.split(".")[0] not in _KNOWN or not name.isascii():
                continue
            if name in self._counts:
                self._loaded.add(name)
                found.append(name)
            elif len(self._counts) < _MOST:
                self._counts[name] += 1
        return found

"""Modules that a class imports beyond the handed-out ones, to be imported once for all."""

from collections.abc import Iterable

# Public modules of the field's large packages; nothing else is ever imported at a student's wish:
# there are modules in them that end the process which imports them, or change what others do.
_NAMES = """
    matplotlib matplotlib.cm matplotlib.colors matplotlib.gridspec matplotlib.image
    matplotlib.patches matplotlib.pyplot matplotlib.ticker
    pandas seaborn PIL PIL.Image PIL.ImageDraw PIL.ImageFilter PIL.ImageOps
    scipy scipy.fft scipy.fftpack scipy.interpolate scipy.linalg scipy.ndimage scipy.optimize
    scipy.signal scipy.sparse scipy.spatial scipy.spatial.distance scipy.special scipy.stats
    skimage skimage.color skimage.data skimage.exposure skimage.feature skimage.filters skimage.io
    skimage.measure skimage.metrics skimage.transform skimage.util
    sklearn sklearn.datasets sklearn.linear_model sklearn.metrics sklearn.model_selection
    sklearn.preprocessing
    torch torch.nn torch.nn.functional torch.optim torch.optim.lr_scheduler torch.utils
    torch.utils.data
"""
_KNOWN = frozenset(_NAMES.split())


class WantedModules:
    """Remembers what submissions import.

    Parameters
    ----------
    loaded
        What is imported from the beginning.

    Examples
    --------
    >>> wanted = WantedModules(["numpy"])
    >>> [wanted.again(["numpy", "scipy.signal", "scipy.conftest", "os"]) for _ in range(3)]
    [[], ['scipy.signal'], []]
    """

    def __init__(self, loaded: Iterable[str]) -> None:
        self._loaded = set(loaded)
        self._seen: set[str] = set()

    def again(self, modules: Iterable[str]) -> list[str]:
        """Return those that an earlier submission has imported, too, the first time that is so."""
        found = []
        for name in dict.fromkeys(modules):
            if name in self._loaded or name not in _KNOWN:
                continue
            if name in self._seen:
                self._loaded.add(name)
                found.append(name)
            self._seen.add(name)
        return found

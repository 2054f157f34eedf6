"""Functions that leave their work to a library: found in the source, without running it."""

from collections.abc import Sequence

from coursekit.notebooks.cell_facts import Definition, cell_facts
from coursekit.notebooks.reading import Cell

# What does an exercise's own work, by the module it comes from; "*" stands for all of it.
_WORKERS = {
    "numpy": {"convolve", "correlate"},
    "scipy.signal": {
        "convolve", "convolve2d", "correlate", "correlate2d", "fftconvolve", "oaconvolve",
        "lfilter", "sepfir2d",
    },
    "scipy.ndimage": {"*"},
    "scipy.special": {"softmax", "log_softmax", "logsumexp"},
    "torch": {"conv1d", "conv2d", "conv3d", "relu", "softmax", "max_pool2d"},
    "torch.nn": {"*"},
    "torch.nn.functional": {"*"},
    "keras": {"*"},
    "tensorflow": {"*"},
    "jax": {"*"},
    "cv2": {"*"},
    "skimage": {"*"},
    "astropy.convolution": {"*"},
    "PIL.ImageFilter": {"*"},
}  # fmt: skip


def handed_over(cells: Sequence[Cell], name: str) -> list[str]:
    r"""Return the library functions that a function of a notebook leaves its work to.

    Parameters
    ----------
    cells
        The code cells, in order.
    name
        The function; what it calls of the notebook's own functions is looked at, too.

    Examples
    --------
    >>> source = "from scipy import signal as s\ndef f(x, w):\n    return s.convolve2d(x, w)"
    >>> handed_over([Cell(1, "", source)], "f")
    ['scipy.signal.convolve2d']
    """
    meanings: dict[str, str] = {}
    own: dict[str, Definition] = {}
    for cell in cells:
        facts = cell_facts(cell.source)
        meanings |= facts.imports
        own |= facts.defines
    waiting, seen, found = [name], set(), dict[str, None]()
    while waiting:
        current = waiting.pop()
        if current in seen or current not in own:
            continue
        seen.add(current)
        inner = meanings | own[current].imports
        for dotted in own[current].reads:
            first, _, rest = dotted.partition(".")
            whole = ".".join(part for part in (inner.get(first, first), rest) if part)
            if first in inner and _does_the_work(whole):
                found[whole] = None
            waiting.append(first)
    return list(found)


def redefined(cells: Sequence[Cell], names: Sequence[str]) -> dict[str, list[int]]:
    """Return the functions that are given a meaning in several cells, with the cells' numbers."""
    found: dict[str, list[int]] = {name: [] for name in names}
    for cell in cells:
        for name in cell_facts(cell.source).defines.keys() & set(names):
            found[name].append(cell.number)
    return {name: numbers for name, numbers in found.items() if len(numbers) > 1}


def _does_the_work(dotted: str) -> bool:
    module, _, function = dotted.rpartition(".")
    while module:
        workers = _WORKERS.get(module, set())
        if "*" in workers or function in workers:
            return True
        module, _, function = module.rpartition(".")
    return False

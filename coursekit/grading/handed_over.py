"""Functions that leave their work to a library: found in the source, without running it."""

import ast
from collections.abc import Iterator, Sequence

from coursekit.grading.notebooks import Cell

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
    own: dict[str, ast.AST] = {}
    for cell in cells:
        for node in _statements(cell.source):
            meanings |= _imported(node)
            own |= _defined(node)
    waiting, seen, found = [name], set(), dict[str, None]()
    while waiting:
        current = waiting.pop()
        if current in seen or current not in own:
            continue
        seen.add(current)
        inner = dict(meanings)
        for node in ast.walk(own[current]):
            inner |= _imported(node)
        for dotted in _named(own[current]):
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
        given = {key for node in _statements(cell.source) for key in _defined(node)}
        for name in given & set(names):
            found[name].append(cell.number)
    return {name: numbers for name, numbers in found.items() if len(numbers) > 1}


def _statements(source: str) -> Iterator[ast.stmt]:
    """Yield the statements at the top of a cell, those under an `if` or `with` included."""
    lines = ["" if line.startswith(("%", "!")) else line for line in source.split("\n")]
    try:
        top = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    waiting: list[ast.AST] = [*top.body]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While | ast.ExceptHandler):
            waiting += ast.iter_child_nodes(node)


def _imported(node: ast.AST) -> dict[str, str]:
    """Return the names that an import gives, with what they stand for."""
    if isinstance(node, ast.Import):
        return {
            alias.asname or alias.name.split(".")[0]: alias.name
            if alias.asname
            else alias.name.split(".")[0]
            for alias in node.names
        }
    if isinstance(node, ast.ImportFrom) and node.module:
        return {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return {}


def _defined(node: ast.AST) -> dict[str, ast.AST]:
    """Return the functions, classes and other things that a statement gives a name to."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name: node}
    if isinstance(node, ast.Assign):
        return {t.id: node.value for t in node.targets if isinstance(t, ast.Name)}
    return {}


def _named(tree: ast.AST) -> Iterator[str]:
    """Yield every name and dotted name that is read: `np.fft.fft2`."""
    for whole in ast.walk(tree):
        node, words = whole, list[str]()
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            yield ".".join([node.id, *reversed(words)])


def _does_the_work(dotted: str) -> bool:
    module, _, function = dotted.rpartition(".")
    while module:
        workers = _WORKERS.get(module, set())
        if "*" in workers or function in workers:
            return True
        module, _, function = module.rpartition(".")
    return False

"""Modules that hold right answers, packed as a release gives them to students.

A check that runs on a student's own machine brings along what it compares with, so this keeps
answers from being met by a search, an editor or `inspect.getsource`, and no more than that: whoever
wants to can unpack the file.
"""

import json
import sys
import zlib
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

FILE = "packed.bin"
STUB = f'''"""This part of the course is packed: exercises ask for what it holds ({FILE})."""

from coursekit._packed import unpack

unpack(__name__, __file__)
'''


def pack(package: Path, shown: Collection[Path] = ()) -> bytes:
    """Return the content of the file that holds all modules of a package.

    Parameters
    ----------
    package
        Its folder.
    shown
        Files of its that are not packed: they stand beside the packed one as they are.

    Examples
    --------
    >>> from coursekit import scratch
    >>> b"def relu" in pack(Path(scratch.__file__).parent)
    False
    """
    files = sorted(set(package.rglob("*.py")) - set(shown))
    sources = {path.relative_to(package).as_posix(): path.read_text("utf-8") for path in files}
    return zlib.compress(json.dumps(sources).encode(), 9)


def unpack(package: str, stub: str) -> None:
    """Put the modules of a packed package where `import` finds them, and run its own.

    Parameters
    ----------
    package
        Its name, such as `coursekit.scratch`.
    stub
        The file that stands for it, beside the packed one.
    """
    folder = Path(stub).parent
    finder = _Finder(package, folder, json.loads(zlib.decompress((folder / FILE).read_bytes())))
    sys.meta_path.insert(0, finder)
    finder.exec_module(sys.modules[package])


class _Finder(MetaPathFinder, Loader):
    """Finds and runs the modules of one packed package."""

    def __init__(self, package: str, folder: Path, sources: dict[str, str]) -> None:
        self._folder = folder
        self._files: dict[str, str] = {}
        self._sources = sources
        for file in sources:
            parts = [package, *file.removesuffix(".py").split("/")]
            self._files[".".join(parts).removesuffix(".__init__")] = file

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        file = self._files.get(fullname)
        if file is None:
            return None
        # The path that the file had: code in it is told from a student's own by its folder.
        origin = str(self._folder / file)
        spec = ModuleSpec(fullname, self, origin=origin, is_package=file.endswith("__init__.py"))
        spec.has_location = True  # `__file__`, by which a module finds the data beside it
        return spec

    def get_code(self, fullname: str) -> CodeType:
        """Compile a module, also for `python -m`; `get_source` would show it to `inspect`."""
        file = self._files[fullname]
        return compile(self._sources[file], str(self._folder / file), "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.get_code(module.__name__), module.__dict__)

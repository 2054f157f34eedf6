"""Which extra of the package brings a module: said where an import of the course does not find it.

`pip install coursekit` brings what NumPy's part of the course needs; PyTorch, Keras, JupyterLab and
what teachers use come with extras. Modules of the course import what they need as if it were there.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from coursekit._files import in_clone
from coursekit.errors import CourseError

if TYPE_CHECKING:
    from packaging.markers import Marker

# In the order in which they are looked through: a package may be part of several.
EXTRAS = {
    "torch": "training and networks in PyTorch",
    "keras": "networks in Keras",
    "lab": "JupyterLab, the widgets, cards for Anki",
    "grading": "grading a class",
    "site": "slides and the web site",
}
_FURTHER = ("postgresql", "dev")  # asked for by name: no part of `all`
FOR_TEACHERS = ("grading", "site")
# Of modules whose package is named otherwise, or comes along with another.
_PACKAGES = {
    "PIL": "pillow",
    "docutils": "sphinx",
    "jupyter_client": "jupyterlab",
    "jupyter_core": "jupyterlab",
    "markupsafe": "jinja2",
    "sklearn": "scikit-learn",
    "traitlets": "anywidget",
    "urllib3": "requests",
}


class MissingPackage(CourseError, ModuleNotFoundError):
    """A package of the course is not installed; a notebook shows its sentence, no traceback."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(f"{package_of(module)} is not installed; {how_to_get(extra)} brings it")
        self.name = module

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


def how_to_get(extra: str) -> str:
    """Return the command that installs an extra; of the package itself for the empty one."""
    brackets = f"[{extra}]" if extra else ""
    if in_clone():
        return f'`python -m pip install -c constraints.txt -e ".{brackets}"`'
    return f'`pip install "coursekit{brackets}"`'


def extra_that_brings(module: str) -> str | None:
    """Return the extra that brings a module; "" for the package itself, None for a stranger.

    Examples
    --------
    >>> extra_that_brings("torch"), extra_that_brings("numpy"), extra_that_brings("seaborn")
    ('torch', '', None)
    """
    if module == "packaging":  # which reads what the others belong to
        return ""
    package = package_of(module)
    for extra in ("", *EXTRAS, *_FURTHER):
        if any(name == package for name, _ in requirements(extra)):
            return extra
    return None


def package_of(module: str) -> str:
    """Return the package of a module that the course imports.

    Examples
    --------
    >>> package_of("PIL"), package_of("torch")
    ('pillow', 'torch')
    """
    return _PACKAGES.get(module, module.replace("_", "-").lower())


def requirements(extra: str) -> list[tuple[str, str]]:
    """Return the packages that an extra asks for on this machine, by name and versions that fit.

    Those of the package itself are the empty extra's. An extra's are without them, and with those
    of extras that are part of it.

    Examples
    --------
    >>> dict(requirements(""))["numpy"], "numpy" in dict(requirements("torch"))
    ('>=2.0', False)
    """
    from packaging.requirements import Requirement

    try:
        texts = importlib.metadata.requires("coursekit") or ()
    except importlib.metadata.PackageNotFoundError:  # run from its folder, without installing it
        return []
    asked = [Requirement(text) for text in texts]
    return [
        (one.name, str(one.specifier))
        for one in asked
        if one.name != "coursekit" and _applies(one.marker, extra)
    ]


def _applies(marker: Marker | None, extra: str) -> bool:
    """Tell whether a requirement is an extra's own, on this system and this Python."""
    if marker is None or marker.evaluate({"extra": ""}):
        return not extra
    return bool(extra) and marker.evaluate({"extra": extra})


def require(*modules: str) -> None:
    """Stop before work begins that needs modules which the package or an extra brings.

    Raises
    ------
    MissingPackage
        For the first that is not here. None is imported, and a module of no extra is passed over.

    Examples
    --------
    >>> require("numpy", "no_such_module")
    """
    for module in modules:
        # First whether it is here: reading requirements in several threads crashes Python 3.11.
        if find_spec(module) is None:
            extra = extra_that_brings(module)
            if extra is not None:
                raise MissingPackage(module, extra)


class _Last(MetaPathFinder):
    """Asked for what no other finder knows; raises only for what a module of the course imports."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del target
        if path is None and _importer().startswith("coursekit."):
            extra = extra_that_brings(fullname)
            if extra is not None:
                raise MissingPackage(fullname, extra)
        return None


def _importer() -> str:
    """Return the name of the module whose `import` is under way."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__") in ("importlib", "importlib._bootstrap"):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", ""))


def name_missing_packages() -> None:
    """Let every `import` in the course that fails say which extra brings what is missing."""
    sys.meta_path.append(_Last())

"""The pages of the API reference: each public name with its docstring and example."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module

PACKAGES = {
    "coursekit": "In a notebook: predictions, quizzes, checks, hints",
    "coursekit.scratch": "Every function of the exercises, in NumPy",
    "coursekit.training": "Training networks, and looking at how it went",
    "coursekit.models": "The networks of the course in PyTorch",
    "coursekit.attribution": "What a trained network looks at",
    "coursekit.widgets": "Widgets for notebooks and pages",
    "coursekit.figures": "Figures with their text for those who do not see them",
    "coursekit.datasets": "Data sets",
    "coursekit.checks": "Checks of answers",
}


def reference_pages() -> Iterator[tuple[str, str]]:
    """Yield each page of the reference: its name and its text in Markdown.

    Examples
    --------
    >>> dict(reference_pages())["coursekit.figures"].splitlines()[0]
    '# coursekit.figures'
    """
    for package, says in PACKAGES.items():
        module = import_module(package)
        entries = "\n".join(_entry(package, name, module) for name in sorted(module.__all__))
        yield package, f"# {package}\n\n{says}.\n\n```{{eval-rst}}\n{entries}\n```\n"


def _entry(package: str, name: str, module: object) -> str:
    """Write the directive that documents one name."""
    value = getattr(module, name)
    if inspect.isclass(value):
        # What a torch module or a widget inherits stands in the reference of its own library.
        return f".. autoclass:: {package}.{name}\n   :members:\n"
    kind = "autofunction" if callable(value) else "autodata"
    return f".. {kind}:: {package}.{name}\n" + "   :no-value:\n" * (kind == "autodata")

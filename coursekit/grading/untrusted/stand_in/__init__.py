"""What `import coursekit` finds inside the sandbox: nothing that knows an answer.

A handed-out notebook calls `check`, draws figures, loads data and trains. Here all of that is
quick and does nothing, so that the cells around it run as they stand.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from .harmless import NOTHING, Harmless

__version__ = "0"
__all__ = ["check", "hint", "measured", "predict", "progress", "quiz", "reveal"]

_EMPTY = ("figures", "learn", "models", "training", "widgets")  # modules in which all does nothing
_REFUSED = "scratch"  # the module that holds answers


class CheckResult(Harmless):
    """An outcome that says: not passed. The marks are given elsewhere."""

    passed = attempted = False
    points = max_points = 0.0
    misconception = counterexample = None
    message, checks = "checked when this is graded", ()


def check(name: str, answer: Any = None) -> CheckResult:
    """Return an outcome that has not passed, at once."""
    return CheckResult()


def hint(name: str = "", step: int | None = None) -> Harmless:
    """Say nothing."""
    return NOTHING


def predict(*args: Any, **kwargs: Any) -> Harmless:
    """Ask nothing."""
    return NOTHING


measured = progress = quiz = reveal = predict


class _EmptyModule(ModuleType):
    """A module in which every name is there and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return NOTHING


class _RefusingModule(ModuleType):
    """A module in which every name is there and says that it is not here."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*args: Any, **kwargs: Any) -> Any:
            raise ImportError(
                f"coursekit.scratch.{name} is the course's own; work is graded without it"
            )

        return refuse


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the empty modules and whatever is in them."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a module comes from, if it is one of ours."""
        words = name.split(".")
        if ".".join(words[:-1]).startswith(__name__) and words[len(__name__.split("."))] in (
            *_EMPTY,
            _REFUSED,
        ):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Return an empty module."""
        refused = _REFUSED in spec.name.split(".")
        return _RefusingModule(spec.name) if refused else _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing."""


sys.meta_path.append(_Finder())


def __getattr__(name: str) -> Any:
    if name in (*_EMPTY, _REFUSED, "datasets"):
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")

"""The library behind the course Kernel by Kernel.

Importing it loads nothing heavy: each name below is fetched when it is first used.

>>> import coursekit
>>> coursekit.__version__
'0.1.0'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from coursekit._extras import name_missing_packages
from coursekit._keras import settle_keras

if TYPE_CHECKING:
    from coursekit.checks import hint
    from coursekit.learn import check, measured, predict, progress, quiz, reveal

__version__ = "0.1.0"
__all__ = ["check", "hint", "measured", "predict", "progress", "quiz", "reveal"]

_HOME = {
    "check": "coursekit.learn",
    "hint": "coursekit.checks",
    "measured": "coursekit.learn",
    "predict": "coursekit.learn",
    "progress": "coursekit.learn",
    "quiz": "coursekit.learn",
    "reveal": "coursekit.learn",
}


settle_keras()
name_missing_packages()


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'coursekit' has no attribute {name!r}; it has {__all__}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

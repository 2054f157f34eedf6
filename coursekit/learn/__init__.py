"""The student's side: predictions, quizzes, answers, the workspace they are kept in, the glossary.

Each name is fetched when it is first used, so that importing the package stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.learn.checking import check
    from coursekit.learn.course_progress import progress
    from coursekit.learn.measurement import measured
    from coursekit.learn.predictions import predict, reveal
    from coursekit.learn.quizzes import quiz
    from coursekit.learn.words import glossary

__all__ = ["check", "glossary", "measured", "predict", "progress", "quiz", "reveal"]

_HOME = {
    "check": "coursekit.learn.checking",
    "glossary": "coursekit.learn.words",
    "measured": "coursekit.learn.measurement",
    "predict": "coursekit.learn.predictions",
    "progress": "coursekit.learn.course_progress",
    "quiz": "coursekit.learn.quizzes",
    "reveal": "coursekit.learn.predictions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(
            f"module 'coursekit.learn' has no attribute {name!r}; it has {__all__}"
        )
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

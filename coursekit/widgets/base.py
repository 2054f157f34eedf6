"""What every widget of the course shares: front-end files, a fixed text, and a picture.

A widget is a folder: ``name.py`` holds its state, ``name.js`` draws it, ``name.css`` dresses it.
The same JavaScript runs in JupyterLab (through anywidget) and on a page without a kernel.
"""

import html
import json
import os
from pathlib import Path
from typing import Any, ClassVar

import anywidget

from coursekit.widgets.mime import VIEW_MIME

FOLDER = Path(__file__).parent

RUN_SENTENCE = "Run this cell to use it: click the cell, then press Shift and Enter."


def headless() -> bool:
    """Say whether notebooks are being built or tested, with nobody at the screen.

    >>> import os
    >>> before = os.environ.pop("COURSEKIT_HEADLESS", None)
    >>> headless()
    False
    >>> if before is not None: os.environ["COURSEKIT_HEADLESS"] = before
    """
    return os.environ.get("COURSEKIT_HEADLESS", "") not in ("", "0")


def script(name: str) -> str:
    """Give the whole front-end module of a widget: the shared part, then its own files.

    The file with the widget's name comes last; it draws, and the others lend it functions.

    Raises
    ------
    ValueError
        If no widget has that name.

    Examples
    --------
    >>> "export default" in script("quiz")
    True
    """
    folder = FOLDER / _known(name)
    parts = sorted(path.name for path in folder.glob("*.js") if path.stem != name)
    files = ["shared.js", *(f"{name}/{part}" for part in parts), f"{name}/{name}.js"]
    return "\n".join(_read(file) for file in files)


def style(name: str) -> str:
    """Give the whole style sheet of a widget: the shared part, then its own.

    Raises
    ------
    ValueError
        If no widget has that name.

    Examples
    --------
    >>> ".ck" in style("quiz")
    True
    """
    return _read("shared.css") + "\n" + _read(f"{_known(name)}/{name}.css")


def page_element(name: str, state: dict[str, Any], inner: str) -> str:
    """Give the HTML in which a page without a kernel finds a widget: its state and its fallback.

    Examples
    --------
    >>> print(page_element("quiz", {}, "Hello"))
    <div class="coursekit-widget" data-widget="quiz" data-state="{}">Hello</div>
    """
    packed = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return (
        f'<div class="coursekit-widget" data-widget="{name}" '
        f'data-state="{html.escape(packed, quote=True)}">{inner}</div>'
    )


class CourseWidget(anywidget.AnyWidget):
    """A widget that is never blank: live with a kernel, a picture and a sentence without one.

    A subclass names its folder (``class Quiz(CourseWidget, folder="quiz")``), tags the traits that
    the front end needs with ``sync=True, page=True``, and writes `fallback` and `plain`.
    """

    folder: ClassVar[str] = ""

    def __init_subclass__(cls, *, folder: str = "", **kwargs: Any) -> None:
        # Without a folder it is the class that traitlets makes anew when it adds a trait.
        if folder:
            cls.folder = folder
            cls._esm = script(folder)
            cls._css = style(folder)
        super().__init_subclass__(**kwargs)

    def fallback(self) -> str:
        """Give the inner HTML that is seen until the cell is run."""
        raise NotImplementedError

    def plain(self) -> str:
        """Give the fixed text of the widget, for a terminal."""
        raise NotImplementedError

    def page_state(self) -> dict[str, Any]:
        """Give what the front end needs to draw the widget, ready for JSON."""
        state = {}
        for name, trait in self.traits(page=True).items():
            pack = trait.metadata.get("to_json")
            value = getattr(self, name)
            state[name] = pack(value, self) if pack else value
        return state

    def page_html(self) -> str:
        """Give the whole element: state for a page without a kernel, fallback for everyone."""
        return page_element(self.folder, self.page_state(), self.fallback())

    def open(self) -> None:
        """Open the line to the page, unless nobody is at the screen."""
        if not headless():
            super().open()

    def __repr__(self) -> str:
        return self.plain()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: dict[str, Any] = {"text/plain": self.plain(), "text/html": self.page_html()}
        if not headless() and self.comm is not None:
            bundle[VIEW_MIME] = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            }
        return bundle, {}


def _read(relative: str) -> str:
    return (FOLDER / relative).read_text(encoding="utf-8")


def _known(name: str) -> str:
    if not (FOLDER / name / f"{name}.js").is_file():
        names = sorted(path.parent.name for path in FOLDER.glob("*/*.css"))
        raise ValueError(f"name is {name!r}: there is no such widget; choose one of {names}")
    return name

"""What every widget of the course shares: front-end files, a fixed text, and a picture.

A widget is a folder of three files, ``tally/`` say. ``tally.py`` holds its state:

    class Tally(CourseWidget, folder="tally"):
        n = Whole(3, 0, 9)                  # a trait of `coursekit.widgets.traits`

        def describe(self) -> str:          # the fixed text, in full sentences
            return f"Tally: {self.n} of 10 cells are filled."

        def picture(self) -> str:           # what is seen where no script runs
            drawing = Picture()
            drawing.grid(0, 0, [[1.0] * self.n + [0.0] * (10 - self.n)])
            return drawing.img(self.describe())

``tally.js`` draws it on the shared core; the smallest whole one stands at the top of
``core/frame.js``. ``tally.css`` may be empty. Further ``.js`` files of the folder, such as
``arithmetic.js`` and ``sentences.js``, are put before it, in one scope. A name in
``coursekit/widgets/__init__.pyi``, and it is done: live and two-way in JupyterLab (through
anywidget), live on a page without a kernel, a picture and a sentence anywhere else.
"""

import html
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from coursekit._headless import headless
from coursekit.widgets.mime import VIEW_MIME

FOLDER = Path(__file__).parent

_SENSELESS = (traitlets.TraitError, TypeError, ValueError, OverflowError)
_FRAME = (
    *("frame", "controls", "grid", "editing", "sums", "kernels"),
    *("network", "pad", "maps"),
)
RUN_SENTENCE = "Run this cell to use it: click the cell, then press Shift and Enter."


def script(name: str) -> str:
    """Give the whole front-end module of a widget: the shared part, then its own files.

    The file with the widget's name comes last; it draws, and the others lend it functions. Lines
    that hold a comment alone, and indentation, stay out: each page carries the whole of it.

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
    own = "\n".join(_read(f"{name}/{part}") for part in [*parts, f"{name}.js"])
    return _lean(_with_core(own))


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
    return _read("core/core.css") + "\n" + _read(f"{_known(name)}/{name}.css")


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
    the front end needs with ``sync=True, page=True`` (those of `coursekit.widgets.traits` are), and
    writes `describe` and `picture`.
    """

    folder: ClassVar[str] = ""

    def __init_subclass__(cls, *, folder: str = "", **kwargs: Any) -> None:
        # Without a folder it is the class that traitlets makes anew when it adds a trait.
        if folder:
            cls.folder = folder
            cls._esm = script(folder)
            cls._css = style(folder)
        super().__init_subclass__(**kwargs)

    def describe(self) -> str:
        """Say in words what the widget shows."""
        raise NotImplementedError

    def picture(self) -> str:
        """Draw what the widget shows, as an img element."""
        raise NotImplementedError

    def fallback(self) -> str:
        """Give the inner HTML that is seen until the cell is run."""
        words = html.escape(self.describe(), quote=False)
        return f"{self.picture()}<p>{words}</p><p><em>{RUN_SENTENCE}</em></p>"

    def plain(self) -> str:
        """Give the fixed text of the widget, for a terminal."""
        return f"{self.describe()} {RUN_SENTENCE}"

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends; what makes no sense is ignored, and the page is put right."""
        good = {name: value for name, value in sync_data.items() if self._accepts(name, value)}
        before = {name: getattr(self, name) for name in good}
        try:
            super().set_state(good)
        except _SENSELESS:  # each makes sense, but not with the others
            self._trait_values.update(before)
            good = {}
        for name in sorted(sync_data.keys() - good.keys()):
            if name in self.keys:
                self.send_state(name)

    def _accepts(self, name: str, value: Any) -> bool:
        """Say whether a trait of the page could be set to a value."""
        trait = self.traits(sync=True).get(name)
        if trait is None or name in ("_esm", "_css"):
            return False
        unpack = trait.metadata.get("from_json")
        try:
            with self.cross_validation_lock:
                trait._validate(self, unpack(value, self) if unpack else value)
        except _SENSELESS:
            return False
        return True

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


def _with_core(own: str) -> str:
    """Put before a widget's own script the files of the core of which it uses a name."""
    whole = own
    # Quizzes and predictions, of which a page has many, do without frame, controls and grids.
    for part in reversed(_FRAME if "courseWidget(" in own else ()):
        text = _read(f"core/{part}.js")
        names = re.findall(r"^(?:const|function) (\w+)", text, re.MULTILINE)
        if set(names) & set(re.findall(r"\w+", whole)):
            whole = f"{text}\n{whole}"
    return "\n".join([_read("core/elements.js"), _read("core/page.js"), whole])


def _lean(source: str) -> str:
    """Leave out indentation and the lines of a script that hold a comment alone."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _known(name: str) -> str:
    if not (FOLDER / name / f"{name}.js").is_file():
        scripts = FOLDER.glob("*/*.js")
        names = sorted(path.stem for path in scripts if path.stem == path.parent.name)
        raise ValueError(f"name is {name!r}: there is no such widget; choose one of {names}")
    return name

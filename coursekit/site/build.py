"""Build the course's pages with Sphinx: MyST-NB reads the notebooks, furo is the theme."""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit._extras import require
from coursekit._files import course_root
from coursekit.course.store import from_dict, write
from coursekit.errors import CallError, CourseError, cannot_write
from coursekit.site.launch import Launch, launch_of, write_copies
from coursekit.site.pages import (
    ANSWERS_PAGE,
    Lesson,
    as_page,
    front_page,
    guide,
    lesson_of,
    read_notebook,
    with_buttons,
    with_hints,
)
from coursekit.site.reference import reference_pages

ASSETS = Path(__file__).parent / "assets"
LEFT_OUT = ("92_progress",)  # it reads a file of the reader's; the site has a page for that
GUIDES = "guides"  # those of docs/
MARK = ".kernel-by-kernel-site"  # in a folder that may be built anew
SETTINGS: dict[str, Any] = {
    "project": "Kernel by Kernel",
    "extensions": [
        "myst_nb",
        "sphinx.ext.autodoc",
        "sphinx.ext.napoleon",
        "coursekit.site.extension",
    ],
    "default_role": "literal",  # one backtick in a docstring is code
    "autodoc_typehints": "none",  # shapes say more, and stand in the docstrings
    "napoleon_use_ivar": True,
    "python_use_unqualified_type_names": True,
    "language": "en",
    "html_theme": "furo",
    "html_title": "Kernel by Kernel",
    "html_static_path": [str(ASSETS)],
    "html_css_files": ["site.css"],
    "html_js_files": [("answers.js", {"defer": "defer"})],
    "html_math_renderer": "mathml",
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_copyright": False,
    # Summaries are fetched from other pages, which a page in a folder must not do.
    "html_show_search_summary": False,
    "nb_execution_mode": "off",
    "nb_code_prompt_show": "Show the code",
    "nb_code_prompt_hide": "Hide the code",
    "myst_enable_extensions": ["dollarmath", "deflist"],
    "myst_heading_anchors": 3,
    # Headings of a notebook may leave out a level; the lint of the course looks at them.
    "suppress_warnings": ["myst.header", "mystnb.unknown_mime_type"],
}


@dataclass(frozen=True)
class Site:
    """What was built."""

    folder: Path
    pages: int
    bytes: int


def build_site(out: Path, *, solutions: bool = True) -> Site:
    """Build the site into a folder.

    Parameters
    ----------
    out
        A new or empty folder, or one that holds a site built before.
    solutions
        Whether the solutions are part of it.

    Returns
    -------
    Site

    Raises
    ------
    CallError
        When the folder holds something else.
    CourseError
        When a notebook is not as it should be, or the folder cannot be written; `MissingPackage`
        when Sphinx or one of its extensions is not here.

    Examples
    --------
    >>> build_site(Path("pyproject.toml"))
    Traceback (most recent call last):
      ...
    coursekit.errors.CallError: --out pyproject.toml is a file; name a folder
    """
    _refuse_others(out)
    with tempfile.TemporaryDirectory(prefix="kernel-by-kernel-") as room:
        source, built = Path(room) / "source", Path(room) / "site"
        require("sphinx", "furo", "myst_nb")  # Sphinx imports the other two by itself
        root = course_root()
        launch = launch_of(root)
        pages = write_sources(root, source, solutions=solutions, launch=launch)
        _run_sphinx(source, built, Path(room) / "doctrees")
        for path in (root / "docs").glob("*.html"):
            shutil.copy(path, built / GUIDES / path.name)
        if launch:
            write_copies(launch, root, built)
        try:
            return Site(out, pages, _put(built, out))
        except OSError as error:
            raise cannot_write(error, out, "name another folder with --out") from None


def _refuse_others(out: Path) -> None:
    """Refuse a folder whose contents the site would replace."""
    if out.is_file():
        raise CallError(f"--out {out} is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise CallError(f"--out {out} holds files that are no site; name a new or empty folder")


def write_sources(
    root: Path, source: Path, *, solutions: bool, launch: Launch | None = None
) -> int:
    """Write the pages' sources from the course's folder; return how many there are."""
    folders = ["lessons", "exercises", *(["solutions"] if solutions else [])]
    found = {folder: sorted((root / folder).glob("*.ipynb")) for folder in folders}
    missing = [folder for folder in folders if not found[folder]]
    if missing:
        raise CourseError(f"{root / missing[0]} holds no notebooks; build in a clone of the course")
    for folder, paths in found.items():
        found[folder] = [path for path in paths if path.stem not in LEFT_OUT]
    present = [f"{folder}/{path.stem}" for folder in folders for path in found[folder]]
    lessons: list[Lesson] = []
    for folder, paths in found.items():
        for path in paths:
            notebook = read_notebook(path)
            page = as_page(notebook, present, folder)
            if folder == "lessons":
                lessons.append(lesson_of(path.stem, notebook))
            if folder == "exercises":
                page = with_hints(page, path.stem)
            if launch and folder != "solutions":
                page = with_buttons(page, launch.buttons(f"{folder}/{path.stem}"))
            write(from_dict(page), source / folder / path.name)
    guides = {path.stem: path.read_text("utf-8") for path in sorted((root / "docs").glob("*.md"))}
    shown = [*folders, *([GUIDES] if guides else []), "reference"]
    texts = {
        "index": front_page(lessons, _first_widget(), shown, launch.new_issue if launch else ""),
        "answers": ANSWERS_PAGE,
        **{f"reference/{package}": text for package, text in reference_pages()},
        **{f"{GUIDES}/{name}": guide(text, guides, present) for name, text in guides.items()},
    }
    for name, text in texts.items():
        place = source / f"{name}.md"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, "utf-8")
    return len(present) + len(texts)


def _first_widget() -> str:
    from coursekit.widgets import ConvolutionExplorer

    return ConvolutionExplorer().page_html()


def _run_sphinx(source: Path, built: Path, doctrees: Path) -> None:
    """Build, and take each warning for an error: a link that leads nowhere is one."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor

    nocolor()
    warnings = io.StringIO()
    try:
        app = Sphinx(
            source,
            None,
            built,
            doctrees,
            "html",
            confoverrides=SETTINGS,
            status=None,
            warning=warnings,
            freshenv=True,
            parallel=2,
        )
        app.build()
    except SphinxError as error:
        raise CourseError(f"the site could not be built: {error}") from None
    if found := warnings.getvalue().strip():
        raise CourseError(f"the site could not be built: {found}")


def _put(built: Path, out: Path) -> int:
    """Put the finished pages into place; return their size."""
    (built / MARK).touch()
    (built / ".nojekyll").touch()  # or GitHub Pages leaves out what begins with an underscore
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(built, fresh)
    shutil.rmtree(out, ignore_errors=True)
    fresh.replace(out)
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())

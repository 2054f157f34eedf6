"""Buttons that open a lesson on Colab or Binder, and the copies of notebooks that Colab opens.

The repository's address is one setting: ``Repository`` under ``[project.urls]`` in pyproject.toml.
Without it there are no buttons and no copies.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coursekit.errors import CourseError

FOLDERS = ("lessons", "exercises")
BRANCH = "main"
PAGES = "gh-pages"  # the branch that holds the built site
COPIES = "colab"  # the site's folder of copies
# What Colab's machines lack. The rest they have, with the GPU's own torch, and it stays as it is.
INSTALLED_THERE = ("anywidget", "cached-property", "chevron", "frozendict", "genanki", "psygnal")
PACKAGE = "coursekit[torch,keras,lab]"
FIRST_CELL = """\
# For Colab, whose machine is a new one each time: installs the course, which takes about a minute.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet --constraint {constraints} "{package} @ git+{repository}"
    from google.colab import output

    output.enable_custom_widget_manager()
"""


@dataclass(frozen=True)
class Launch:
    """Where the course's repository stands on GitHub.

    Examples
    --------
    >>> Launch("ada/course").colab("lessons/03_maps")
    'https://colab.research.google.com/github/ada/course/blob/gh-pages/colab/lessons/03_maps.ipynb'
    >>> Launch("ada/course").binder("lessons/03_maps")
    'https://mybinder.org/v2/gh/ada/course/main?urlpath=lab%2Ftree%2Flessons%2F03_maps.ipynb'
    """

    repository: str

    def colab(self, page: str) -> str:
        """Return the address that opens the copy of a notebook on Colab."""
        return (
            f"https://colab.research.google.com/github/{self.repository}/blob/{PAGES}/{COPIES}/"
            f"{page}.ipynb"
        )

    def binder(self, page: str) -> str:
        """Return the address that opens a notebook on Binder, from the repository itself."""
        path = quote(f"lab/tree/{page}.ipynb", safe="")
        return f"https://mybinder.org/v2/gh/{self.repository}/{BRANCH}?urlpath={path}"

    @property
    def new_issue(self) -> str:
        """Return the address of the form for an error in a lesson."""
        return f"https://github.com/{self.repository}/issues/new?template=error-in-a-lesson.yml"

    def buttons(self, page: str) -> str:
        """Return the row of buttons under a page's heading, as HTML."""
        links = (
            ("Open in Colab", self.colab(page)),
            ("Open in Binder", self.binder(page)),
            ("Report an error", self.new_issue),
        )
        shown = "\n".join(f'<a href="{address}">{words}</a>' for words, address in links)
        return f'<p class="kk-launch">\n{shown}\n</p>'

    def copy_for_colab(self, notebook: Mapping[str, Any]) -> dict[str, Any]:
        """Return a copy that begins by installing the course, and links to the other copies."""
        import nbformat

        page = copy.deepcopy(dict(notebook))
        base = f"https://raw.githubusercontent.com/{self.repository}/{PAGES}/{COPIES}"
        text = FIRST_CELL.format(
            constraints=f"{base}/constraints.txt",
            package=PACKAGE,
            repository=f"https://github.com/{self.repository}",
        )
        first = nbformat.v4.new_code_cell(text.rstrip(), id="install-on-colab")  # type: ignore[no-untyped-call]
        for cell in page["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = self._elsewhere(cell["source"], page)
        page["cells"] = [first, *page["cells"]]
        return page

    def _elsewhere(self, text: str, page: Mapping[str, Any]) -> str:
        """Turn links between notebooks into links between copies."""
        kind = page["metadata"]["coursekit"]["kind"]
        own = "lessons" if kind == "lesson" else "exercises"

        def link(found: re.Match[str]) -> str:
            folder = found[1] or own
            return f"]({self.colab(f'{folder}/{found[2]}')})" if folder in FOLDERS else found[0]

        return re.sub(r"\]\((?:\.\./(\w+)/)?(\w+)\.ipynb\)", link, text)


def launch_of(root: Path) -> Launch | None:
    """Return where the repository stands, or None where no address is set.

    Raises
    ------
    CourseError
        When the address is not one of GitHub, from which Colab and Binder take notebooks.
    """
    file = root / "pyproject.toml"
    if not file.is_file():  # installed from a wheel
        return None
    urls = tomllib.loads(file.read_text("utf-8"))["project"].get("urls", {})
    address = urls.get("Repository", "")
    if not address:
        return None
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", address)
    if found is None:
        raise CourseError(
            f"{file}: Repository is {address!r}; write https://github.com/OWNER/NAME, or take the "
            "line away: then the site has no buttons for Colab and Binder"
        )
    return Launch(found[1])


def write_copies(launch: Launch, root: Path, built: Path) -> None:
    """Write the copies for Colab, and the versions that they install, into the built site."""
    from coursekit.course.store import from_dict, write
    from coursekit.site.pages import read_notebook

    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.ipynb")):
            copied = launch.copy_for_colab(read_notebook(path))
            write(from_dict(copied), built / COPIES / folder / path.name)
    pins = (root / "constraints.txt").read_text("utf-8").splitlines()
    kept = [pin for pin in pins if pin.partition("==")[0] in INSTALLED_THERE]
    (built / COPIES / "constraints.txt").write_text("\n".join(kept) + "\n", "utf-8")

"""What this machine has for the course, and what to do about what is missing.

Every examination gives one or more findings. `missing` stops a student; `note` does not.
"""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coursekit._files import in_clone

Level = Literal["ok", "note", "missing"]
_GIB = 1 << 30
_MEMORY_NEEDED = 1.5  # GiB: torch and Keras beside a browser
_DISK_NEEDED = 2.0  # GiB: the largest set, unpacked, and room for checkpoints
_AGAIN = (
    "run `make lab` again"
    if in_clone() and os.name == "posix"
    else "run `pip install --force-reinstall coursekit` again"
)


@dataclass(frozen=True)
class Finding:
    """One line of the report: how it stands, what was looked at, what was found, what to do."""

    level: Level
    subject: str
    found: str
    mend: str = ""

    def line(self) -> str:
        """Return the line as it is printed.

        Examples
        --------
        >>> Finding("note", "sandbox", "none", "apt install bubblewrap").line()
        'note     sandbox      none: apt install bubblewrap'
        """
        mend = f": {self.mend}" if self.mend else ""
        return f"{self.level:<8} {self.subject:<12} {self.found}{mend}"


def examine(workspace: Path) -> Iterator[Finding]:
    """Look at this machine, one finding after the other.

    Parameters
    ----------
    workspace
        The folder whose disk is measured.

    Yields
    ------
    Finding
        Those that nothing is missing for, too.
    """
    examinations: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _accelerator,
        lambda: _memory_and_disk(workspace),
        _data,
        _sandbox,
        _browser,
    )
    for examination in examinations:
        yield from examination()


def _python() -> Iterator[Finding]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding("ok", "Python", found)
    else:
        yield Finding("missing", "Python", found, "install Python 3.11, 3.12 or 3.13")


def _packages() -> Iterator[Finding]:
    """Compare what the package asks for with what is installed."""
    try:
        from packaging.requirements import Requirement

        asked = [Requirement(text) for text in importlib.metadata.requires("coursekit") or ()]
    except (ImportError, importlib.metadata.PackageNotFoundError) as error:
        yield Finding("missing", "packages", str(error), _AGAIN)
        return
    versions = []
    for requirement in asked:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding("missing", "packages", f"{requirement.name} is not installed", _AGAIN)
            continue
        if requirement.specifier.contains(version, prereleases=True):
            versions.append(f"{requirement.name} {version}")
        else:
            found = f"{requirement.name} {version} does not fit {requirement}"
            yield Finding("missing", "packages", found, _AGAIN)
    if versions:
        yield Finding("ok", "packages", ", ".join(versions))


def _accelerator() -> Iterator[Finding]:
    try:
        import torch
    except Exception as error:  # a torch that is there and broken fails in many ways
        reason = " ".join(str(error).split()) or type(error).__name__
        yield Finding("missing", "torch", f"cannot be imported ({reason})", _AGAIN)
        return
    if torch.cuda.is_available():
        for number in range(torch.cuda.device_count()):
            device = torch.cuda.get_device_properties(number)
            size = f"{device.total_memory / _GIB:.0f} GiB"
            yield Finding("ok", "accelerator", f"{device.name}, {size}")
    elif torch.backends.mps.is_available():
        yield Finding("ok", "accelerator", "Apple GPU")
    else:
        cores = os.cpu_count() or 1
        found = f"none; {cores} processor core{'s' if cores > 1 else ''}"
        yield Finding("note", "accelerator", found, "every lesson runs without one, only slower")


def _memory_and_disk(workspace: Path) -> Iterator[Finding]:
    try:
        import psutil

        free = psutil.virtual_memory().available / _GIB
    except ImportError:
        pass  # named among the packages
    else:
        enough = free >= _MEMORY_NEEDED
        mend = f"close other programs; {_MEMORY_NEEDED} GiB are needed"
        yield _measured("memory", f"{free:.1f} GiB free", enough, mend)
    place = next(folder for folder in (workspace, *workspace.parents) if folder.exists())
    free = shutil.disk_usage(place).free / _GIB
    mend = f"free some space; {_DISK_NEEDED:.0f} GiB are needed for all data sets"
    yield _measured("disk", f"{free:.1f} GiB free at {place}", free >= _DISK_NEEDED, mend)
    if not os.access(place, os.W_OK):
        found = f"{place} cannot be written"
        yield Finding("missing", "workspace", found, "choose another folder with --workspace DIR")


def _measured(subject: str, found: str, enough: bool, mend: str) -> Finding:
    return Finding("ok", subject, found) if enough else Finding("note", subject, found, mend)


def _data() -> Iterator[Finding]:
    from coursekit.datasets import status
    from coursekit.datasets.mirror import mirror_folder
    from coursekit.errors import CourseError

    try:
        entries = status()
    except (CourseError, OSError) as error:
        yield Finding("missing", "data", str(error), "fetch the course again")
        return
    mirror = mirror_folder()
    if mirror is not None and not mirror.is_dir():
        mend = "name a folder that holds the data sets, or take the variable away"
        yield Finding("note", "data", f"COURSEKIT_DATA is {mirror}, which is no folder", mend)
    here = [f"{entry.name} ({entry.where})" for entry in entries if entry.here]
    yield Finding("ok", "data", ", ".join(here) or "none")
    absent = [entry.name for entry in entries if not entry.here and entry.fetchable]
    if absent:
        mend = f"`coursekit data fetch {' '.join(absent)}`, or wait until a lesson asks for them"
        yield Finding("note", "data", f"not here yet: {', '.join(absent)}", mend)


def _sandbox() -> Iterator[Finding]:
    bubblewrap = shutil.which("bwrap")
    if bubblewrap:
        yield Finding("ok", "sandbox", bubblewrap)
    else:
        mend = (
            "only teachers who grade need it: `apt install bubblewrap`"
            if sys.platform.startswith("linux")
            else "only teachers who grade need it, and it exists on Linux alone"
        )
        yield Finding("note", "sandbox", "bubblewrap is not installed", mend)


def _browser() -> Iterator[Finding]:
    programs = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, programs)), None)
    if found:
        yield Finding("ok", "Chromium", found)
    else:
        mend = "only the project's own tests need it: `apt install chromium`"
        yield Finding("note", "Chromium", "not found", mend)

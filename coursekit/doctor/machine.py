"""What this machine has: Python, packages, accelerator, memory, disk, data, sandbox, browser."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from coursekit._extras import EXTRAS, FOR_TEACHERS, MissingPackage, how_to_get, requirements
from coursekit._files import in_clone
from coursekit.doctor.chromium import HOW_TO_GET_CHROMIUM, find_chromium
from coursekit.doctor.finding import Finding, Level
from coursekit.errors import CourseError

_GIB = 1 << 30
_GRADES = find_spec("coursekit.grading") is not None  # students are given neither it nor tests
_MEMORY_NEEDED = 1.5  # GiB: torch and Keras beside a browser
_DISK_NEEDED = 2.0  # GiB: the largest set, unpacked, and room for checkpoints


def machine(workspace: Path) -> Iterator[Finding]:
    """Look at what is installed and how much room there is."""
    yield from _python()
    yield from _packages()
    yield from _accelerator()
    yield from _memory_and_disk(workspace)
    yield from _data()
    if _GRADES:
        yield from _sandbox()
        yield from _browser()


def _python() -> Iterator[Finding]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding("ok", "Python", found)
    else:
        yield Finding("missing", "Python", found, "install Python 3.11, 3.12 or 3.13")


def _packages() -> Iterator[Finding]:
    """Compare what the package and its extras ask for with what is installed."""
    try:
        parts = {extra: dict(requirements(extra)) for extra in ("", *EXTRAS)}
    except ImportError as error:  # `packaging` itself
        yield Finding("missing", "packages", str(error), how_to_get(""))
        return
    if not parts[""]:
        found = "the package is run from its folder, without being installed"
        yield Finding("missing", "packages", found, how_to_get("all"))
        return
    said: set[str] = set()
    for extra, asked in parts.items():
        own = {name: versions for name, versions in asked.items() if name not in said}
        said |= own.keys()
        if own and (_GRADES or extra not in FOR_TEACHERS):
            yield from _part(extra, own)


def _part(extra: str, asked: dict[str, str]) -> Iterator[Finding]:
    """Look at the packages of one extra, or of the package itself."""
    from packaging.specifiers import SpecifierSet

    here, absent, other = [], [], []
    for name, versions in asked.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            absent.append(name)
            continue
        if SpecifierSet(versions).contains(version, prereleases=True):
            here.append(f"{name} {version}")
        else:
            other.append(f"{name} {version} does not fit {versions}")
    subject = extra or "packages"
    if absent or other:
        found = "; ".join([*([f"{', '.join(absent)} not installed"] if absent else []), *other])
        # A clone installs all extras; who installs the wheel chooses.
        level: Level = "missing" if not extra or in_clone() else "note"
        wanted = f", for {EXTRAS[extra]}" if extra else ""
        yield Finding(level, subject, found, how_to_get(extra) + wanted)
    else:
        yield Finding("ok", subject, ", ".join(here))


def _accelerator() -> Iterator[Finding]:
    try:
        import torch
    except MissingPackage:
        return  # named among the packages
    except Exception as error:  # a torch that is there and broken fails in many ways
        reason = " ".join(str(error).split()) or type(error).__name__
        fix = f"`pip uninstall torch`, then {how_to_get('torch')}"
        yield Finding("missing", "torch", f"cannot be imported ({reason})", fix)
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
        fix = f"close other programs; {_MEMORY_NEEDED} GiB are needed"
        yield _measured("memory", f"{free:.1f} GiB free", enough, fix)
    place = next(folder for folder in (workspace, *workspace.parents) if folder.exists())
    free = shutil.disk_usage(place).free / _GIB
    fix = f"free some space; {_DISK_NEEDED:.0f} GiB are needed for all data sets"
    yield _measured("disk", f"{free:.1f} GiB free at {place}", free >= _DISK_NEEDED, fix)
    if not os.access(place, os.W_OK):
        found = f"{place} cannot be written"
        yield Finding("missing", "workspace", found, "choose another folder with --workspace DIR")


def _measured(subject: str, found: str, enough: bool, fix: str) -> Finding:
    return Finding("ok", subject, found) if enough else Finding("note", subject, found, fix)


def _data() -> Iterator[Finding]:
    from coursekit.datasets import status
    from coursekit.datasets.catalogue import damage

    try:
        entries = status()
        damaged = [line for entry in entries for line in damage(entry.name)]
    except (CourseError, OSError) as error:
        yield Finding("missing", "data", str(error), "fetch the course again")
        return
    here = [f"{entry.name} ({entry.where})" for entry in entries if entry.here]
    yield Finding("ok", "data", ", ".join(here) or "none")
    for line in damaged:
        yield Finding("note", "data", line, "copy or fetch it again")
    absent = [entry.name for entry in entries if not entry.here and entry.fetchable]
    if absent:
        fix = f"`coursekit data fetch {' '.join(absent)}`, or wait until a lesson asks for them"
        yield Finding("note", "data", f"not here yet: {', '.join(absent)}", fix)


def _sandbox() -> Iterator[Finding]:
    from coursekit.grading.sandbox.report import sandbox_report

    if sys.platform == "linux" and not find_spec("pyseccomp"):
        return  # named among the packages
    report = sandbox_report()
    if not report.usable:
        yield Finding("note", "sandbox", report.missing, "only teachers who grade need it")
        return
    details = [f"{part.name}: {part.detail}" for part in report.parts if part.name != "Linux"]
    yield Finding("ok", "sandbox", "; ".join(details))


def _browser() -> Iterator[Finding]:
    found = find_chromium()
    if found:
        yield Finding("ok", "Chromium", found)
    else:
        fix = f"only the project's own tests need it: {HOW_TO_GET_CHROMIUM}"
        yield Finding("note", "Chromium", "not found", fix)

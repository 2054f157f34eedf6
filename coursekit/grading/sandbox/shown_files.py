"""What of this machine's files a sandbox is shown, read-only: a list, and nothing else.

Python's own library, the packages beside this one, the system's shared libraries and its plain
programs. An installed `coursekit` is covered, wherever it lies.
"""

import os
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROGRAMS_AND_LIBRARIES = (
    "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/share/zoneinfo",
    "/bin", "/lib", "/lib64", "/lib32", "/nix/store",
    "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime",
)  # fmt: skip
HERE = Path(__file__).parent
INSIDE = HERE.parent / "untrusted"
RUNNER = HERE.parents[1] / "checks" / "runner"


@dataclass(frozen=True)
class Shown:
    """A file or folder of this machine and where it is seen inside the sandbox."""

    source: str
    place: str


@cache
def interpreter() -> str:
    """Return Python's own program, not a link of a virtual environment to it."""
    return os.path.realpath(sys.executable)


@cache
def package_folders() -> tuple[str, ...]:
    """Return the folders that installed packages are imported from."""
    ends = ("site-packages", "dist-packages")
    places = [os.path.realpath(place) for place in sys.path if place]
    return tuple(dict.fromkeys(p for p in places if p.endswith(ends) and Path(p).is_dir()))


@cache
def packages() -> tuple[Shown, ...]:
    """Return the folders of packages, each with the place where it is seen inside.

    That is not where it lies: there it may be below a folder that is private inside, as `/tmp`.
    """
    return tuple(Shown(p, f"/sandbox/packages/{n}") for n, p in enumerate(package_folders()))


@cache
def shown() -> tuple[tuple[Shown, ...], tuple[tuple[str, str], ...]]:
    """Return what is shown, and the links to be made as (target, place)."""
    found, links = [], []
    for place in _PROGRAMS_AND_LIBRARIES:
        path = Path(place)
        if path.is_symlink():
            if not path.readlink().is_absolute():
                links.append((str(path.readlink()), place))
        elif path.exists():
            found.append(Shown(place, place))
    wanted = [
        *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib")),
        *_libraries_of_python(),
        interpreter(),
    ]
    for place in wanted:
        if not _within(place, [one.place for one in found]):
            found.append(Shown(place, place))
    found += packages()
    found += _own_files()
    return tuple(found), tuple(links)


def covered() -> tuple[Shown, ...]:
    """Return files and folders among those shown that must not be seen.

    They are this project itself, and packages that are not imported from here.
    """
    hidden: list[Shown] = []
    for one in shown()[0]:
        if one.source == one.place:
            top = Path(one.source)
            several = (*top.glob("*-packages"), *top.glob("*/*-packages"))
            hidden += [Shown(str(path), str(path)) for path in several]
    for one in packages():
        for entry in Path(one.source).iterdir():
            name = entry.name.lower()
            if "coursekit" in name or name.endswith((".pth", ".egg-link")):
                hidden.append(Shown(str(entry), f"{one.place}/{entry.name}"))
    return tuple(hidden)


def _libraries_of_python() -> list[str]:
    """Return shared libraries that lie beside Python's own, where it is not the system's."""
    folder = Path(sys.base_prefix) / "lib"
    if str(folder) in ("/usr/lib", "/lib"):
        return []
    return [str(path) for path in folder.glob("*.so*") if path.is_file()]


def _own_files() -> list[Shown]:
    """Return the untrusted side: its own package, and the stand-in for this one."""
    own, coursekit = "/sandbox/own/untrusted", "/sandbox/stand_in/coursekit"
    files = [Shown(str(path), f"{own}/{path.name}") for path in sorted(INSIDE.glob("*.py"))]
    files += [
        Shown(str(path), f"{coursekit}/{path.name}")
        for path in sorted((INSIDE / "stand_in").glob("*.py"))
    ]
    files += [
        Shown(str(path), f"{coursekit}/checks/runner/{path.name}")
        for path in sorted(RUNNER.glob("*.py"))
    ]
    return files


def lay_out(folder: Path) -> None:
    """Make the untrusted side's files under `folder`, as the sandbox would have them."""
    for one in _own_files():
        place = folder / one.place.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(one.source)


def _within(place: str, folders: list[str]) -> bool:
    return any(place == folder or place.startswith(folder + "/") for folder in folders)

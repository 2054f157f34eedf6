"""What this machine has for a sandbox, part by part, and what to do about what is missing."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from coursekit.grading.sandbox import callfilter, cgroups
from coursekit.grading.sandbox.sandbox import UNPRIVILEGED, find_bubblewrap


@dataclass(frozen=True)
class Part:
    """One part: whether it is there, what was found, and whether there is no sandbox without it."""

    name: str
    there: bool
    detail: str
    needed: bool = True


@dataclass(frozen=True)
class SandboxReport:
    """All parts.

    Examples
    --------
    >>> report = SandboxReport((Part("Linux", False, "this is Windows; grade on Linux"),))
    >>> report.usable, report.missing
    (False, 'no sandbox here: Linux: this is Windows; grade on Linux')
    """

    parts: tuple[Part, ...]

    @property
    def usable(self) -> bool:
        """Whether students' code can be kept apart from this machine."""
        return all(part.there for part in self.parts if part.needed)

    @property
    def missing(self) -> str:
        """One line about each needed part that is not there."""
        lacking = [f"{p.name}: {p.detail}" for p in self.parts if p.needed and not p.there]
        return f"no sandbox here: {'; '.join(lacking)}" if lacking else ""

    def __str__(self) -> str:
        marks = {True: "yes", False: "no "}
        return "\n".join(f"{marks[part.there]}  {part.name}: {part.detail}" for part in self.parts)


@cache
def sandbox_report() -> SandboxReport:
    """Look at this machine; takes some hundredths of a second, once."""
    if sys.platform != "linux":
        return SandboxReport((Part("Linux", False, f"this is {sys.platform}; grade on Linux"),))
    parts = [Part("Linux", True, os.uname().release), _bubblewrap()]
    if parts[-1].there:
        parts.append(_namespaces())
    lacking = callfilter.available()
    fix = f"{lacking}; install libseccomp (Debian, Ubuntu: apt install libseccomp2)"
    parts.append(Part("system-call filter", not lacking, fix if lacking else "libseccomp"))
    group = cgroups.make_group("probe")
    if group is not None:
        group.remove()
    limited = "limits of each process, and a watch" if group is None else "control groups"
    parts.append(Part("memory and processes", group is not None, limited, needed=False))
    return SandboxReport(tuple(parts))


def _bubblewrap() -> Part:
    program = find_bubblewrap()
    if program is None:
        return Part("bubblewrap", False, "not found (Debian, Ubuntu: apt install bubblewrap)")
    return Part("bubblewrap", True, program)


def _namespaces() -> Part:
    """Try whether an unprivileged user may make namespaces."""
    program = find_bubblewrap() or "bwrap"
    shown = [w for p in ("/usr", "/lib", "/lib64", "/bin") for w in ("--ro-bind-try", p, p)]
    true = shutil.which("true") or "/bin/true"
    command = [program, "--unshare-all", "--unshare-user", *shown, "--proc", "/proc", true]
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            check=False,
            cwd="/",
        )
        said = done.stderr.decode(errors="replace").strip().splitlines()
        refused = "" if done.returncode == 0 else (said[-1][:200] if said else "refused")
    except (OSError, subprocess.SubprocessError) as error:
        refused = str(error)
    fix = f"{refused}; allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone)"
    return Part("namespaces", not refused, fix if refused else "all of them")

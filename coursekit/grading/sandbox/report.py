"""What this machine has for a sandbox, part by part, and what to do about what is missing."""

import os
import sys
from dataclasses import dataclass
from functools import cache

from coursekit.grading.sandbox import callfilter, cgroups
from coursekit.grading.sandbox.bubblewrap import find_bubblewrap
from coursekit.grading.sandbox.sandbox import probe


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
    """Look at this machine, with a sandbox that is really started; once for each process."""
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
    found = find_bubblewrap()
    if found is None:
        return Part("bubblewrap", False, "not found (Debian, Ubuntu: apt install bubblewrap)")
    advice = (
        "; for a real class install the system's, whose updates come with the distribution "
        "(Debian, Ubuntu: apt install bubblewrap)"
    )
    return Part("bubblewrap", True, f"{found.program}{advice if found.bundled else ''}")


def _namespaces() -> Part:
    refused = probe()
    fix = f"{refused}; allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone)"
    return Part("namespaces", not refused, fix if refused else "all of them")

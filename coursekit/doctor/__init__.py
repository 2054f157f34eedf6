"""What this machine has for the course, and what to do about what is missing or in the way."""

from collections.abc import Iterator
from pathlib import Path

from coursekit.doctor.finding import Finding

__all__ = ["Finding", "examine"]


def examine(workspace: Path) -> Iterator[Finding]:
    """Look at this machine, one finding after the other.

    Parameters
    ----------
    workspace
        The folder whose disk is measured.

    Yields
    ------
    Finding
        `missing` stops a student, `note` does not, `ok` is what is there.
    """
    from coursekit.doctor.machine import machine
    from coursekit.doctor.surroundings import surroundings

    yield from machine(workspace)
    yield from surroundings()

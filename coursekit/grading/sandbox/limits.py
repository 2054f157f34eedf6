"""How much of the machine one submission may use."""

from dataclasses import dataclass
from typing import Any

from coursekit.checks.runner.clock import Allowance


@dataclass(frozen=True)
class Limits:
    """What is given to one submission; seconds, bytes and counts.

    Seconds are those that it computes, and those that it waits; what else the machine has to do
    is not counted (see `coursekit.checks.runner.clock`).

    Parameters
    ----------
    cell, all_cells
        For one cell, and for all cells of a notebook together.
    function, question
        For everything that one function is asked, and for a single question: what a student's own
        check gives, too.
    imports
        For what a cell or a function imports.
    memory
        Memory beside what the imported libraries need.
    processes, open_files
        How many there may be at once.
    temporary, temporary_files
        Room in each temporary folder, and how many files it may hold.
    start
        Wall time until the libraries of a set are imported.
    grace
        Beyond a limit, until it is enforced from outside.

    Raises
    ------
    ValueError
        When one of them is not above zero.

    Examples
    --------
    >>> Limits(cell=5.0).cell
    5.0
    """

    cell: float = 20.0
    all_cells: float = 60.0
    function: float = Allowance.whole
    question: float = Allowance.one
    imports: float = Allowance.imports
    memory: int = 1 << 30
    processes: int = 64
    open_files: int = 256
    temporary: int = 64 << 20
    temporary_files: int = 4096
    start: float = 120.0
    grace: float = 2.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"Limits: {name} is {value!r}; give a number above 0")

    def inside(self) -> dict[str, Any]:
        """Return what the sandbox is told of this."""
        return {
            "memory_bytes": self.memory,
            "cpu_seconds": int(self.all_cells + self.imports + 10 * self.function) + 2,
            "processes": self.processes,
            "open_files": self.open_files,
            "temporary_bytes": self.temporary,
            "temporary_files": self.temporary_files,
        }

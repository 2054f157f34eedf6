"""Which cells of a submission are run: all, but for handed-out ones that nothing needs.

A cell that the student left as it was handed out is the course's own work. Where it gives no
name a meaning that another cell reads, running it tells nothing and costs time: it trains a
network, or draws. A cell of the student's own is always run.
"""

from collections.abc import Iterable, Sequence

from coursekit.notebooks.cell_facts import CellFacts, cell_facts
from coursekit.notebooks.reading import Cell

# Calls in a handed-out cell that take long: it is skipped by its id even if it was changed,
# where it gives no meaning to a name that is needed.
_TRAINING = frozenset({"fit", "train_one_epoch", "backward", "find_lr", "overfit_one_batch"})


class Selection:
    """Knows the cells of a set as they were handed out.

    Parameters
    ----------
    released
        The code cells of the handed-out notebook.
    asked
        The names of the functions that are asked for.
    """

    def __init__(self, released: Sequence[Cell], asked: Iterable[str]) -> None:
        self._sources = {_even(cell.source) for cell in released}
        self._long = {
            cell.id for cell in released if cell.id and cell_facts(cell.source).calls & _TRAINING
        }
        self._asked = frozenset(asked)

    def choose(self, cells: Sequence[Cell]) -> tuple[list[Cell], list[Cell]]:
        """Return the cells to run and those that are left out, in order."""
        names = {cell.number: cell_facts(cell.source) for cell in cells}
        left = [cell for cell in cells if self._may_be_left_out(cell)]
        kept = [cell for cell in cells if cell not in left]
        needed = {*self._asked, "*"}
        for cell in kept:
            needed |= names[cell.number].reads
        fixed = self._asked.union(*(found.imports for found in names.values()))
        while True:  # calling a function or a module changes neither
            wanted = [c for c in left if _gives(names[c.number], fixed) & needed]
            if not wanted:
                break
            kept += wanted
            left = [cell for cell in left if cell not in wanted]
            for cell in wanted:
                needed |= names[cell.number].reads
        return sorted(kept, key=lambda cell: cell.number), left

    def _may_be_left_out(self, cell: Cell) -> bool:
        return _even(cell.source) in self._sources or cell.id in self._long


def _gives(facts: CellFacts, fixed: frozenset[str]) -> frozenset[str]:
    return facts.gives | (facts.may_change - fixed)


def _even(source: str) -> str:
    """Return a source without what editors change: spaces at the ends of lines and of the cell."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())

"""How far the grading is: a bar in a terminal, a plain line now and then elsewhere."""

import sys
import time
from shutil import get_terminal_size
from types import TracebackType
from typing import Any

_EVERY = 10.0  # seconds between two lines where there is no terminal


class Progress:
    """Counts submissions; a context manager, which wipes the bar away at its end.

    Parameters
    ----------
    total
        How many there are.
    """

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self._bar: Any = None
        self._said = time.monotonic()
        if sys.stderr.isatty() and total:
            from tqdm import tqdm

            self._bar = tqdm(
                total=total,
                unit=" submissions",
                leave=False,
                file=sys.stderr,
                # Some terminals do not know how large they are, and would get no bar at all.
                ncols=get_terminal_size().columns,
                nrows=get_terminal_size().lines,
            )

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def one(self) -> None:
        """Count one submission."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()
        elif time.monotonic() - self._said > _EVERY:
            self._said = time.monotonic()
            print(f"{self.done:,} of {self.total:,}", flush=True)

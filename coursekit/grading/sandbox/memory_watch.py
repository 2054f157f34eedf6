"""Where there are no control groups: a look at the memory of a sandbox, several times a second.

The limit of each process holds in any case; this one is for many processes together.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

EVERY = 0.2  # seconds


class MemoryWatch:
    """Ends a submission that uses more memory than it is given.

    Parameters
    ----------
    pid
        The outermost process of the sandbox.
    most
        Bytes beyond what it uses when the watch is made.
    """

    def __init__(self, pid: int, most: int) -> None:
        self._pid = pid
        self._most = most + memory_of(pid)
        self.exceeded = False

    @contextmanager
    def over(self, cut: Callable[[], None]) -> Iterator[None]:
        """Watch while a submission runs; call `cut` when it takes too much."""
        self.exceeded = False
        done = threading.Event()

        def look() -> None:
            while not done.wait(EVERY):
                if memory_of(self._pid) > self._most:
                    self.exceeded = True
                    cut()
                    return

        thread = threading.Thread(target=look, name="memory watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def memory_of(pid: int) -> int:
    """Return the bytes that a process and all below it use; what they share counts once.

    >>> import os
    >>> 1 << 20 < memory_of(os.getpid()) < 1 << 36
    True
    """
    total = 0
    try:
        root = psutil.Process(pid)
        processes = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            total += 1024 * next(int(w.split()[1]) for w in text.splitlines() if w[:4] == "Pss:")
        except (OSError, StopIteration, ValueError):
            with suppress(psutil.Error):
                memory = process.memory_info()
                total += max(0, memory.rss - getattr(memory, "shared", 0))
    return total

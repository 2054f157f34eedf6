"""Ctrl-C during training: the first ends the run in good order, a second one at once."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any, Self

_REASONS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
_ONE_PRESS = 0.3  # seconds


class Interrupt:
    """While it is entered, a signal to stop is noted instead of breaking into the middle of a step.

    Raising `KeyboardInterrupt` wherever the program happens to be would leave an optimizer with
    half of its weights updated. The loop looks at `.reason` after each step instead. A second
    Ctrl-C does raise. After SIGTERM, leaving the context ends the process as the signal would
    have, so that what a scheduler or a shell expects still happens.

    Outside the main thread Python delivers no signals; there, nothing is installed.

    Examples
    --------
    >>> with Interrupt() as interrupt:
    ...     signal.raise_signal(signal.SIGINT)
    ...     print(interrupt.reason)
    interrupted
    """

    def __init__(self) -> None:
        self.reason = ""
        self.noted = ""  # by this process; of several, all have to agree before it is a reason
        self.together = False
        self._last = 0.0
        self._ending = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _REASONS:
                before = signal.getsignal(number)
                # None: set by other than Python, and not ours to replace. SIG_IGN: as with nohup.
                if before not in (None, signal.SIG_IGN):
                    self._before[number] = signal.signal(number, self._note)
        return self

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        # A launcher passes on the Ctrl-C that the terminal has sent already: that is one, not two.
        again = bool(self.noted) and now - self._last > _ONE_PRESS
        self._last = now
        if again and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._ending = self._ending or number == signal.SIGTERM
        self.noted = self.noted or _REASONS[signal.Signals(number)]
        if not self.together:
            self.reason = self.noted

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._before:
            number, before = self._before.popitem()
            signal.signal(number, before)
        if self._ending:
            # Once more, now that whoever handled it before does again.
            signal.raise_signal(signal.SIGTERM)

    def caused(self, error: BaseException) -> bool:
        """Tell whether an error that came out of the loop is only a way of being interrupted.

        A `KeyboardInterrupt` that somebody else raised counts, unless it is the second one.
        Ctrl-C reaches a DataLoader's workers, too: they end, and the loader complains.

        Examples
        --------
        >>> Interrupt().caused(KeyboardInterrupt()), Interrupt().caused(RuntimeError("no"))
        (True, False)
        """
        if isinstance(error, KeyboardInterrupt):
            if self.noted:
                return False
            self.reason = self.reason or _REASONS[signal.SIGINT]
            return True
        workers = isinstance(error, RuntimeError) and "DataLoader worker" in str(error)
        return workers and bool(self.noted)

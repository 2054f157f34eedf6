"""Whether anybody is looking."""

import os


def headless() -> bool:
    """Say whether notebooks are being built or tested, with nobody at the screen.

    >>> before = os.environ.pop("COURSEKIT_HEADLESS", None)
    >>> headless()
    False
    >>> if before is not None: os.environ["COURSEKIT_HEADLESS"] = before
    """
    return os.environ.get("COURSEKIT_HEADLESS", "") not in ("", "0")

"""A Chromium for the project's own tests: the system's, else one that Playwright has downloaded."""

import os
import shutil
import sys
from pathlib import Path

HOW_TO_GET_CHROMIUM = (
    "`apt install chromium` (Debian, Ubuntu), `brew install --cask chromium` (macOS), or "
    "`python -m playwright install chromium`"
)
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_IN_PLAYWRIGHT = (
    "chromium*-*/chrome*/chrome",
    "chromium*-*/chrome*/*headless*shell*",
    "chromium*-*/chrome*/*.app/Contents/MacOS/*",
    "chromium*-*/chrome*/chrome.exe",
)


def find_chromium() -> str | None:
    """Return the program, or None where there is none."""
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found:
        return found
    folder = _playwright_folder()
    newest_first = sorted(
        (path for pattern in _IN_PLAYWRIGHT for path in folder.glob(pattern)), reverse=True
    )
    return next((str(p) for p in newest_first if p.is_file() and os.access(p, os.X_OK)), None)


def _playwright_folder() -> Path:
    """Return where Playwright keeps what it downloads."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if named not in ("", "0"):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "ms-playwright"
    caches = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(caches) if caches else Path.home() / ".cache") / "ms-playwright"

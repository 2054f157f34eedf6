"""The Chromium of the browser tests: one that is here, else Playwright's own download."""

import subprocess
import sys
from functools import cache

import requests

from coursekit.doctor.chromium import HOW_TO_GET_CHROMIUM, find_chromium

SOURCE = "https://cdn.playwright.dev"
WHY_SKIPPED = f"Chromium is not here and could not be downloaded; get it with {HOW_TO_GET_CHROMIUM}"


@cache
def chromium():
    """Return the program; None where there is none and none can be downloaded."""
    found = find_chromium()
    if found is None and reachable():
        print("Downloading Chromium for the browser tests ...", file=sys.__stderr__, flush=True)
        command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = find_chromium()
    return found if found and starts(found) else None


def reachable():
    """Whether Playwright's downloads can be had, found out within seconds."""
    try:
        requests.head(SOURCE, timeout=5)
    except requests.RequestException:
        return False
    return True


def starts(program):
    """Whether it runs here: a download may lack libraries of the system."""
    done = subprocess.run([program, "--version"], capture_output=True, check=False)
    return done.returncode == 0

"""Build one lesson and run the tests that belong to it alone: `make lesson N=03`.

    .venv/bin/python tests/lesson.py 03

Builds the lesson, its exercise and its solution, lints each, and runs the tests of its checks.
`make test` runs everything, also what this lesson may have changed elsewhere.
"""

import os
import subprocess
import sys
from pathlib import Path

from coursekit.checks.sets import FUNCTIONS
from coursekit.course import build
from coursekit.course.sources import SourceError, find_sources

ROOT = Path(__file__).resolve().parents[1]
OF_ALL_LESSONS = ("tests/notebooks/test_committed.py", "tests/course/test_topics.py")


def main(numbers: list[str]) -> int:
    if len(numbers) != 1:
        print("which lesson? Give its number: make lesson N=03", file=sys.stderr)
        return 2
    number = numbers[0].zfill(2)
    try:
        names = {source.path.stem for source in find_sources(ROOT, [number])}
    except SourceError as error:
        print(f"N={numbers[0]}: {error}", file=sys.stderr)
        return 2
    os.environ["OMP_NUM_THREADS"] = "1"
    if build.main(["--root", str(ROOT), number]):
        return 1
    functions = [function for name in names for function in FUNCTIONS.get(name, ())]
    chosen = " or ".join([*names, *functions, "test_topics"])
    places = [*OF_ALL_LESSONS, *(["tests/checks"] if functions else [])]
    tests = [sys.executable, "-m", "pytest", "-q", *places, "-k", chosen]
    return subprocess.run(tests, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

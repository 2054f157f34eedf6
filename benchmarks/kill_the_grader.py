"""Kill the grader 50 times, every phase of its work five times, and compare with an unkilled run.

    python benchmarks/kill_the_grader.py [--rounds 5] [--students 6]

In each round a class is graded into a fresh folder; the grader is killed ten times, each time in
a later phase, and called again. The end must be the results of a run that nobody killed, and no
submission that was kept may have been graded again. Prints a line a round, and `OK` or what
differs.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests" / "grading"
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from classes_at_hand import ALL_RIGHT, FLIPPED_ONLY, SUM  # noqa: E402
from notebooks_at_hand import SET  # noqa: E402

KINDS = (ALL_RIGHT, FLIPPED_ONLY, SUM, b"no notebook")
# A phase, and at which of its turns in the first round; later rounds kill later where they can.
ORDER = (
    ("finding", 1, 1),
    ("preflight", 1, 2),
    ("caching the preflight", 1, 1),
    ("grading", 3, 2),  # after the preflight's two
    ("keeping", 1, 2),
    ("kept", 1, 2),
    ("results", 1, 4),
    ("pages", 1, 4),
    ("packing", 1, 1),
    ("finishing", 1, 1),
)


def main() -> int:
    """Run all rounds; 0 where every end is that of the unkilled run."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--rounds", type=int, default=5)
    given.add_argument("--students", type=int, default=6)
    asked = given.parse_args()
    killed: Counter[str] = Counter()
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        place = top / "class"
        place.mkdir()
        for number in range(asked.students):
            (place / f"student{number}.ipynb").write_bytes(KINDS[number % len(KINDS)])
        unkilled = top / "unkilled"
        call("none", 0, top / "log", place, unkilled)
        expected = lasting(unkilled)
        for number in range(asked.rounds):
            begin = time.monotonic()
            problems += one_round(number, top, place, expected, killed)
            seconds = time.monotonic() - begin
            print(f"round {number + 1}: {sum(killed.values())} kills, {seconds:.0f} s", flush=True)
    phases = ", ".join(f"{phase} {count}" for phase, count in killed.items())
    print(f"{sum(killed.values())} kills: {phases}")
    print("\n".join(problems) or "OK: marks equal, nothing graded twice")
    return bool(problems)


def one_round(
    number: int, top: Path, place: Path, expected: object, killed: Counter[str]
) -> list[str]:
    """Kill the grader once in every phase, let it end, and return what is not as it should be."""
    out, log = top / f"out{number}", top / f"log{number}"
    for phase, turn, most in ORDER:
        code, said = call(phase, turn + number % most, log, place, out)
        if code != -signal.SIGKILL:
            return [f"round {number + 1}: {phase} was not reached; exit code {code}: {said}"]
        killed[phase] += 1
    problems = []
    code, said = call("none", 0, log, place, out)
    if code:
        problems.append(f"round {number + 1}: the last run ended with exit code {code}: {said}")
    elif lasting(out) != expected:
        problems.append(f"round {number + 1}: other results than those of the unkilled run")
    kept: set[str] = set()
    for line in log.read_text().splitlines():
        what, student = line.split(" ", 1)
        if what == "begun" and student in kept:
            problems.append(f"round {number + 1}: {student} was graded twice")
        elif what == "kept":
            kept.add(student)
    return problems


def call(phase: str, turn: int, log: Path, place: Path, out: Path) -> tuple[int, str]:
    """Call the grader, which is killed in `phase`; return its exit code and its complaint."""
    command = [sys.executable, TESTS / "killed_grader.py", phase, str(turn), log]
    words = ["grade", SET, place, "--out", out, "--seed", "7", "--workers", "2"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run([*command, *words], capture_output=True, env=environment)
    return done.returncode, done.stderr.decode(errors="replace").strip()


def lasting(out: Path) -> object:
    """Return the results without the seconds, which differ from run to run."""
    whole = json.loads((out / "results.json").read_text())
    for entry in whole["submissions"]:
        entry.pop("seconds")
    return whole


if __name__ == "__main__":
    sys.exit(main())

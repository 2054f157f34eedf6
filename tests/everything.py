"""Runs everything that `make test` runs, step by step, and says at the end how each step went.

A step that fails does not stop the others: one run shows all there is to mend. What a failed step
printed is kept in `evidence/`, beside the differing cells and screenshots that tests leave there.

    .venv/bin/python tests/everything.py                 all steps
    .venv/bin/python tests/everything.py style units     these steps
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = ROOT / "evidence"
PYTEST = ("-m", "pytest", "-q")
# By file: the tests of one file share what is costly to build, and a notebook's cells their kernel.
TWO_WORKERS = ("-n", "2", "--dist", "loadfile")
NOTEBOOKS = ("lessons", "exercises", "solutions")

STEPS = {
    "style": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy"),
    "units": (*PYTEST, *TWO_WORKERS, "tests", "coursekit", "--ignore=tests/browser"),
    "notebooks": (
        *PYTEST,
        *("--nbval", "--nbval-current-env", "--nbval-sanitize-with=tests/nbval.cfg"),
        *TWO_WORKERS,
        *NOTEBOOKS,
    ),
    "browser": (*PYTEST, "tests/browser"),
}


def run_step(name: str, arguments: tuple[str, ...]) -> int:
    """Run one step, show what it prints as it comes, and keep it when the step fails."""
    print(f"\n=== {name}: python {' '.join(arguments)}", flush=True)
    # PYTHONUNBUFFERED: a step that hangs has shown how far it came.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    log = EVIDENCE / f"{name}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        while chunk := process.stdout.read1(65536):
            file.write(chunk)
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
    code = process.wait()
    if code == 0:
        log.unlink()
    return code


def say_what_is_brought() -> None:
    """Name the sandbox and the browser that the tests use, or say that they are skipped without."""
    from coursekit.doctor.chromium import find_chromium
    from coursekit.grading.sandbox.report import sandbox_report

    report = sandbox_report()
    sandbox = "; ".join(part.detail for part in report.parts if part.name == "bubblewrap")
    print(f"sandbox: {sandbox if report.usable else report.missing + '; its tests are skipped'}")
    download = "not here; Playwright's is tried, and without it the browser tests are skipped"
    print(f"Chromium: {find_chromium() or download}")


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in STEPS]
    if unknown:
        print(f"no step {unknown[0]!r}; choose from {', '.join(STEPS)}", file=sys.stderr)
        return 2
    shutil.rmtree(EVIDENCE, ignore_errors=True)
    EVIDENCE.mkdir()
    say_what_is_brought()
    outcomes = []
    for name in wanted or STEPS:
        begin = time.monotonic()
        code = run_step(name, STEPS[name])
        outcomes.append((name, code, time.monotonic() - begin))
    print("\n=== all steps")
    for name, code, seconds in outcomes:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {name:<10} {seconds:7.1f} s")
    left = sorted(path for path in EVIDENCE.rglob("*") if path.is_file())
    if left:
        print("\nWhat failed left its evidence:")
        for path in left:
            print(f"  {path.relative_to(ROOT)}")
    else:
        shutil.rmtree(EVIDENCE)
    return int(any(code for _, code, _ in outcomes))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

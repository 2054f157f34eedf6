"""Runs everything that `make test` runs, and says at the end how each step went.

Where there are two cores two steps run at a time: one works while the other waits. What a step
prints is shown whole when it ends; until then it stands in `evidence/`. A step that fails does not
stop the others: one run shows all there is to fix. What a failed step printed is kept there,
beside the differing cells and screenshots that tests leave.

    .venv/bin/python tests/everything.py                 all steps
    .venv/bin/python tests/everything.py style units     these steps
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = ROOT / "evidence"
PYTEST = ("-m", "pytest", "-q")
# By file: the tests of one file share what is costly to build, and a notebook's cells their kernel.
# In the order of the plugin `longest_first`, not by the number of tests. A worker that dies ends
# the step: one in its place could wait for ever, as xdist gives it files with no test left to run.
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
TWO_WORKERS = ("-n", "2", *BY_FILE, "--max-worker-restart=0")
NOTEBOOKS = ("lessons", "exercises", "solutions")

# In the order in which they begin.
STEPS = {
    "style": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy"),
    "units": (*PYTEST, *TWO_WORKERS, "tests", "coursekit", "--ignore=tests/browser"),
    "notebooks": (
        *PYTEST,
        *("--nbval", "--nbval-current-env", "--nbval-sanitize-with=tests/nbval.cfg"),
        "--warm-kernels",
        *TWO_WORKERS,
        *NOTEBOOKS,
    ),
    "browser": (*PYTEST, *TWO_WORKERS, "tests/browser"),
}


def run_step(name: str) -> tuple[str, int, float]:
    """Run one step, its output into a file; return its name, exit code and seconds."""
    begin = time.monotonic()
    # PYTHONUNBUFFERED: the file of a step that hangs shows how far it came.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes import the course
    with log_of(name).open("wb") as file:
        done = subprocess.run(
            [sys.executable, *STEPS[name]],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return name, done.returncode, time.monotonic() - begin


def log_of(name: str) -> Path:
    return EVIDENCE / f"{name}.log"


def show(name: str, code: int) -> None:
    """Print what a step has printed, and keep it where the step failed."""
    print(f"\n=== {name}: python {' '.join(STEPS[name])}", flush=True)
    sys.stdout.buffer.write(log_of(name).read_bytes())
    sys.stdout.flush()
    if code == 0:
        log_of(name).unlink()


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
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        try:
            chosen = [name for name in STEPS if not wanted or name in wanted]
            for ended in as_completed([pool.submit(run_step, name) for name in chosen]):
                outcomes.append(ended.result())
                show(*outcomes[-1][:2])
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
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

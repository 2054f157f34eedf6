"""Submissions a second of `coursekit grade`, beside `nbgrader autograde` and `otter run`.

    python benchmarks/grading_throughput.py 03_convolution_2d --count 180 --workers 2 \
        --nbgrader /path/to/nbgrader --otter /path/to/otter

The submissions are the handed-out notebook filled in, with its figures: half of them right, half
of them with a mistake in every function, each with a cell that fails. All graders see the same
files, in turn in each round. Start-up, gradebook and feedback are in our time.

The yardsticks are used as their documentation says, one submission after another, with a test of
one line for each function, so that running the notebook is nearly all they do. nbgrader's time is
`autograde` alone, one call for all; otter-grader's ("Non-containerized Grading", exception-based
tests) is `otter run`, a call for each, with what `otter generate` made before. They are slow, so
they grade `--yardstick-count` submissions; `--workers 1` sets process against process. They are no
dependencies of the course: each needs an environment of its own that has the course as well.

In our sandbox `import coursekit` finds a stand-in whose checks and figures do nothing, and the
cells that wait for a passed check do not go on. The yardsticks run the notebooks with the course
itself, as a teacher who uses them would. With `--stand-in` they find what we find: the ratios are
then those of the graders alone.
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from side_by_side import describe_machine, say

ROOT = Path(__file__).resolve().parents[1]
STAND_IN = ROOT / "coursekit" / "grading" / "untrusted" / "stand_in"
Notebook = dict[str, Any]

# A mistake for each function: what stands in the solution, and what in its place.
MISTAKES = {
    "01_images": (("// 256", "// 255"), ("::step", "1::step"), ("+ 7) // 8", ") // 8")),
    "02_convolution_1d": (("[::-1]", ""),),
    "03_convolution_2d": (("* kernel)", "* kernel[::-1, ::-1])"), ("np.mean(", "np.sum(")),
    "04_kernels": (("np.rint", "np.floor"), ("** 2", "** 1")),
    "10_fashion_mnist_keras": (("softmax", "sigmoid"),),
    "11_training_loop": (("model.eval()", "model.train()"), ("zero_grad()", "state_dict()")),
    "12_lenet": (("AvgPool2d", "MaxPool2d"), ("Tanh", "ReLU")),
}


def filled(name: str, right: bool) -> Notebook:
    """Return the handed-out notebook with the solution's cells put in, right or wrong."""
    released: Notebook = json.loads((ROOT / "exercises" / f"{name}.ipynb").read_bytes())
    solved = json.loads((ROOT / "solutions" / f"{name}.ipynb").read_bytes())
    by_id = {cell["id"]: "".join(cell["source"]) for cell in solved["cells"]}
    for cell in released["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = by_id[cell["id"]]
            if not right and "def " in cell["source"]:
                for good, bad in MISTAKES.get(name, ()):
                    cell["source"] = cell["source"].replace(good, bad)
    released["cells"].append(
        _cell("my-test", "print(1 / 0)  # a failing cell of the student's own")
    )
    return released


def _cell(name: str, source: str, **metadata: Any) -> Notebook:
    return {
        "cell_type": "code", "id": name, "source": source, "metadata": metadata,
        "outputs": [], "execution_count": None,
    }  # fmt: skip


def write_submissions(folder: Path, name: str, count: int) -> None:
    """Write a class's submissions, half of them right."""
    folder.mkdir(parents=True)
    contents = [json.dumps(filled(name, right)) for right in (True, False)]
    for number in range(count):
        (folder / f"student{number:05}.ipynb").write_text(contents[number % 2])


def ours(name: str, submissions: Path, out: Path, workers: int) -> float:
    """Grade with this project; return the seconds."""
    begin = time.perf_counter()
    subprocess.run(
        [
            sys.executable, "-m", "coursekit", "grade", name, str(submissions), "--out", str(out),
            "--workers", str(workers),
        ],
        check=True, stdout=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    seconds = time.perf_counter() - begin
    whole = json.loads((out / "results.json").read_text())
    entries = whole["submissions"]
    full = sum(entry["points"] == whole["max_points"] for entry in entries)
    assert full == (len(entries) + 1) // 2, f"{full} of {len(entries)} have full marks"
    return seconds


def nbgrader(program: str, name: str, submissions: Path, course: Path) -> float:
    """Grade with nbgrader, a locked test for each function; return the seconds."""
    tests = []
    for function in _functions(name):
        grade = {
            "grade": True, "grade_id": f"test_{function}", "locked": True, "points": 2,
            "schema_version": 3, "solution": False, "task": False,
        }  # fmt: skip
        tests.append(_cell(f"test-{function}", _test(function), nbgrader=grade))
    notebook = filled(name, True)
    notebook["cells"][-1:] = tests
    source = course / "source" / name
    source.mkdir(parents=True)
    (source / f"{name}.ipynb").write_text(json.dumps(notebook))
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    call(course, program, "generate_assignment", name, "--force")
    for path in submissions.iterdir():
        handed_in = json.loads(path.read_text())
        handed_in["cells"] += tests
        place = course / "submitted" / path.stem / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_text(json.dumps(handed_in))
    begin = time.perf_counter()
    call(course, program, "autograde", name)
    seconds = time.perf_counter() - begin
    for path in submissions.iterdir():
        graded = course / "autograded" / path.stem / name / f"{name}.ipynb"
        cells = json.loads(graded.read_text())["cells"]
        outputs = [cell["outputs"] for cell in cells if "nbgrader" in cell["metadata"]]
        assert outputs == [[]] * len(tests), f"nbgrader: {path.stem} failed a test: {outputs}"
    return seconds


def otter(program: str, name: str, submissions: Path, course: Path) -> float:
    """Grade with otter-grader, a test file for each function; return the seconds."""
    (course / "tests").mkdir(parents=True)
    for function in _functions(name):
        (course / "tests" / f"{function}.py").write_text(
            "from otter.test_files import test_case\n\n"
            f'OK_FORMAT = False\nname = "{function}"\npoints = 2\n\n\n'
            f"@test_case()\ndef test({function}, check):\n    {_test(function)}\n"
        )
    call(course, program, "generate", "-t", "tests", "-o", "autograder.zip")
    paths = sorted(submissions.iterdir())
    for path in paths:
        (course / path.stem).mkdir()
    begin = time.perf_counter()
    for path in paths:
        call(course, program, "run", "-a", "autograder.zip", "-o", path.stem, str(path))
    seconds = time.perf_counter() - begin
    for path in paths:
        results = json.loads((course / path.stem / "results.json").read_text())["tests"]
        scores = {test["name"]: test.get("score") for test in results}
        passed = [function for function in _functions(name) if scores.get(function) == 2]
        assert passed == _functions(name), f"otter: {path.stem} failed a test: {scores}"
    return seconds


# What each yardstick's option is called, and how it grades.
YARDSTICKS: dict[str, Callable[[str, str, Path, Path], float]] = {
    "nbgrader": nbgrader,
    "otter": otter,
}


def call(folder: Path, program: str, *arguments: str) -> str:
    """Run a yardstick's program, with the stand-in if the folder has it; return what it prints."""
    path = f"{Path(program).parent}:{os.environ['PATH']}"  # it starts programs beside it
    modules = f"{folder / 'stand_in'}:{os.environ.get('PYTHONPATH', '')}".strip(":")
    done = subprocess.run(
        [program, *arguments], cwd=folder, text=True,
        env=os.environ | {"KERAS_BACKEND": "torch", "PATH": path, "PYTHONPATH": modules},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        command = " ".join([program, *arguments])
        raise RuntimeError(f"{command}: exit code {done.returncode}\n{done.stdout[-4000:]}")
    return done.stdout


def _test(function: str) -> str:
    # `check` stands for the first cell: without the course the notebook would be done too soon.
    return f"assert callable({function}) and callable(check)"


def _functions(name: str) -> list[str]:
    from coursekit.checks import exercise_sets

    return [exercise.name for exercise in exercise_sets()[name].exercises]


def program(name: str) -> str:
    """Return where a program that an option names is, from any folder."""
    found = shutil.which(name)
    if found is None:
        raise argparse.ArgumentTypeError(f"there is no program {name}")
    return str(Path(found).absolute())


def version(program: str) -> str:
    """Return what a yardstick says it is: its name and its version."""
    printed = call(Path.cwd(), program, "--version")
    found = re.search(r"(nbgrader|otter-grader) version:? (\S+)", printed, re.IGNORECASE)
    return f"{found[1].lower()} {found[2]}" if found else f"{Path(program).name} of unknown version"


def one_round(name: str, asked: argparse.Namespace, programs: dict[str, str]) -> dict[str, float]:
    """Grade once with each grader; return the submissions a second of each."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_submissions(place / "in", name, asked.count)
        seconds = ours(name, place / "in", place / "out", asked.workers)
        speeds = {"coursekit": asked.count / seconds}
        write_submissions(place / "few", name, asked.yardstick_count)
        for key, path in programs.items():
            if asked.stand_in:
                shutil.copytree(STAND_IN, place / key / "stand_in" / "coursekit")
            seconds = YARDSTICKS[key](path, name, place / "few", place / key)
            speeds[key] = asked.yardstick_count / seconds
    return speeds


COLUMNS = (
    *("set", "round", "count", "workers", "yardstick_count", "yardsticks_import"),
    *(f"{key}_per_second" for key in ("coursekit", *YARDSTICKS)),
    *(f"times_{key}" for key in YARDSTICKS),
    "machine",
)


def record(path: Path, row: dict[str, object]) -> None:
    """Append what one round measured to a CSV file; empty where a yardstick was not run."""
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def main(arguments: list[str] | None = None) -> int:
    """Measure in rounds and print submissions a second and their ratios; return the exit code."""
    parser = argparse.ArgumentParser(description="Submissions a second, side by side.")
    parser.add_argument("sets", nargs="*", default=["03_convolution_2d", "12_lenet"])
    parser.add_argument("--count", type=int, default=180)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    for key in YARDSTICKS:
        parser.add_argument(
            f"--{key}", type=program, metavar="PROGRAM", default=shutil.which(key),
            help=f"the yardstick {key}; as found on the path",
        )  # fmt: skip
    parser.add_argument("--yardstick-count", type=int, default=6, help="0 for no yardsticks")
    parser.add_argument("--stand-in", action="store_true", help="for the yardsticks, too")
    parser.add_argument("--csv", type=Path, help="append each round to this file")
    asked = parser.parse_args(arguments)
    programs = {key: path for key in YARDSTICKS if (path := getattr(asked, key))}
    if asked.yardstick_count == 0:
        programs = {}
    machine = ", ".join([describe_machine(), *map(version, programs.values())])
    course = "the stand-in" if asked.stand_in else "the course"
    say(machine, f"{asked.count} submissions, {asked.workers} workers, {asked.rounds} rounds")
    if programs:
        say(f"yardsticks: {asked.yardstick_count} submissions, with {course}")
    for name in asked.sets:
        ratios: dict[str, list[float]] = {key: [] for key in programs}
        for number in range(1, asked.rounds + 1):
            speeds = one_round(name, asked, programs)
            row: dict[str, object] = {
                "set": name, "round": number, "count": asked.count, "workers": asked.workers,
                "yardstick_count": asked.yardstick_count if programs else "", "machine": machine,
                "yardsticks_import": course if programs else "",
            }  # fmt: skip
            for key, speed in speeds.items():
                row[f"{key}_per_second"] = f"{speed:.3f}"
            for key, measured in ratios.items():
                measured.append(speeds["coursekit"] / speeds[key])
                row[f"times_{key}"] = f"{measured[-1]:.1f}"
            said = ", ".join(f"{key} {speed:.2f} a second" for key, speed in speeds.items())
            say(f"{name}  round {number}: {said}")
            if asked.csv:
                record(asked.csv, row)
        for key, measured in ratios.items():
            spread = f"{min(measured):.0f} to {max(measured):.0f}"
            say(f"{name}: {statistics.median(measured):.0f} times {key}'s speed ({spread})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Submissions a second of `coursekit grade`, beside `nbgrader autograde`, in turn in one run.

    python benchmarks/grading_throughput.py 03_convolution_2d --count 180 --workers 2 \
        --nbgrader /path/to/nbgrader

The submissions are the handed-out notebook filled in, with its figures: half of them right, half
of them with a mistake in every function, each with a cell that fails. Both graders see the same
files. Start-up, gradebook and feedback (for nbgrader: `autograde` alone) are in the time. The
yardstick is slow, so it grades `--yardstick-count` of them.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
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
    released = json.loads((ROOT / "exercises" / f"{name}.ipynb").read_bytes())
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
    """Write a class's hand-ins, half of them right."""
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
    entries = json.loads((out / "results.json").read_text())["submissions"]
    full = sum(entry["points"] == json.loads(_points(out)) for entry in entries)
    assert full == (len(entries) + 1) // 2, f"{full} of {len(entries)} have full marks"
    return seconds


def _points(out: Path) -> str:
    return json.dumps(json.loads((out / "results.json").read_text())["max_points"])


def theirs(program: str, name: str, submissions: Path, course: Path, count: int) -> float:
    """Grade the first `count` with nbgrader, a hidden test a function; return the seconds."""
    notebook = filled(name, True)
    notebook["cells"].pop()
    for function in _functions(name):
        grade = {
            "grade": True, "grade_id": f"test_{function}", "locked": True, "points": 2,
            "schema_version": 3, "solution": False, "task": False,
        }  # fmt: skip
        notebook["cells"].append(
            _cell(f"test-{function}", f"assert callable({function})", nbgrader=grade)
        )
    source = course / "source" / name
    source.mkdir(parents=True)
    (source / f"{name}.ipynb").write_text(json.dumps(notebook))
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    path = f"{Path(program).parent}:{os.environ['PATH']}"  # it starts programs beside it
    environment = os.environ | {"KERAS_BACKEND": "torch", "PATH": path}

    def call(*arguments: str) -> None:
        subprocess.run(
            [program, *arguments], check=True, cwd=course, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    call("generate_assignment", name, "--force")
    tests = notebook["cells"][-len(_functions(name)) :]
    for path in sorted(submissions.iterdir())[:count]:
        handed_in = json.loads(path.read_text())
        handed_in["cells"] += tests
        place = course / "submitted" / path.stem / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_text(json.dumps(handed_in))
    begin = time.perf_counter()
    call("autograde", name)
    seconds = time.perf_counter() - begin
    graded = list((course / "autograded").glob(f"*/{name}/*.ipynb"))
    assert len(graded) == count, f"nbgrader graded {len(graded)} of {count}"
    return seconds


def _functions(name: str) -> list[str]:
    from coursekit.checks import exercise_sets

    return [exercise.name for exercise in exercise_sets()[name].exercises]


def main() -> None:
    """Measure in rounds and print submissions a second and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=["03_convolution_2d", "12_lenet"])
    parser.add_argument("--count", type=int, default=180)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nbgrader", default=shutil.which("nbgrader"), help="the yardstick")
    parser.add_argument("--yardstick-count", type=int, default=6)
    asked = parser.parse_args()
    print(f"{asked.count} submissions, {asked.workers} workers, {os.cpu_count()} processors")
    for name in asked.sets:
        for number in range(asked.rounds):
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder)
                write_submissions(place / "in", name, asked.count)
                speed = asked.count / ours(name, place / "in", place / "out", asked.workers)
                line = f"{name}  round {number + 1}: coursekit {speed:.1f} a second"
                if asked.nbgrader:
                    count = min(asked.yardstick_count, asked.count)
                    took = theirs(asked.nbgrader, name, place / "in", place / "course", count)
                    yardstick = count / took
                    line += f", nbgrader {yardstick:.2f} a second: {speed / yardstick:.0f} times"
                print(line, flush=True)


if __name__ == "__main__":
    main()

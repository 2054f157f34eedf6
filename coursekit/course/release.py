"""Write what students get: lessons, exercises without solutions, and what they need to run them.

Left out are solutions, sources with teacher's notes, tests, and the parts that build the course and
grade it. What the checks compare with is packed (see `coursekit._packed`).
"""

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit._files import course_root, in_clone
from coursekit._packed import FILE, STUB, pack
from coursekit.checks.sets import FUNCTIONS, exercise_set
from coursekit.course.nbgrader import with_test_cells
from coursekit.errors import CallError, CourseError, cannot_write
from coursekit.learn.notebook_sources import student_copy
from coursekit.project.rubric import SET as PROJECT

PACKED = ("checks/sets", "scratch", "models", "runs")  # right answers, written out
SHOWN = ("scratch/layers.py",)  # of these: lesson 19 prints the way back through a layer
LEFT_OUT = ("course", "grading", "review", "site")
WELCOME = "00"
FORMULA_CARD = "docs/formula_card.html"
_HANDOUT = Path(__file__).parent / "handout"
_PROJECT = (  # of pyproject.toml
    *("build-system", "project", "project.optional-dependencies", "project.scripts"),
    "tool.hatch.",
)


@dataclass(frozen=True)
class Release:
    """What was written: the notebooks, by their names below the folder."""

    folder: Path
    lessons: tuple[str, ...]
    exercises: tuple[str, ...]


def release(sets: Sequence[str], out: Path) -> Release:
    """Write the bundle that students get.

    Parameters
    ----------
    sets
        Names such as ``"03_convolution_2d"``; all when empty. Each brings its lesson along, and the
        first lesson is always there.
    out
        A new or empty folder. It is written in one step: after a crash it is not there.

    Raises
    ------
    CallError
        When `out` is a file or holds anything.
    CourseError
        When this is no clone of the course, a notebook is missing, or `out` cannot be written.
    """
    root = course_root()
    if not in_clone() or not (root / "pyproject.toml").is_file():
        raise CourseError("a release is made from a clone of the course; run it there")
    out = out.absolute()
    _must_be_free(out)
    wanted = [name for name in (*FUNCTIONS, PROJECT) if not sets or name in sets]
    lessons = [
        path.name
        for path in sorted((root / "lessons").glob("[0-9][0-9]_*.ipynb"))
        if not sets or path.name[:2] in {WELCOME, *(name[:2] for name in wanted)}
    ]
    exercises = [f"{name}.ipynb" for name in wanted if _built(root, name, bool(sets))]
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            for place, content in _files(root, lessons, exercises):
                target = part / place
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            if out.exists():
                out.rmdir()
            part.rename(out)
        except OSError as error:
            raise cannot_write(error, out, "name another folder with --out") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Release(out, tuple(lessons), tuple(exercises))


def _must_be_free(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise CallError(f"--out {out} is a file; name a new folder")
    if out.is_dir() and any(out.iterdir()):
        raise CallError(
            f"--out {out} holds files already; name a new folder, or remove that one first"
        )


def _built(root: Path, name: str, named: bool) -> bool:
    """Say whether an exercise is there; one that is asked for by name must be."""
    there = (root / "exercises" / f"{name}.ipynb").is_file()
    if named and not there:
        raise CourseError(f"{root / 'exercises' / name}.ipynb is missing; fetch the course again")
    return there


def _files(
    root: Path, lessons: Sequence[str], exercises: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the bundle: its place and what it holds."""
    for name in lessons:
        yield f"lessons/{name}", student_copy(root / "lessons" / name)
    for name in exercises:
        notebook = json.loads(student_copy(root / "exercises" / name))
        stem = Path(name).stem
        asked = () if stem == PROJECT else exercise_set(stem).exercises
        whole = with_test_cells(notebook, asked) if asked else notebook
        text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
        yield f"exercises/{name}", text.encode()
    for path in _tree(root / "datasets"):
        yield path.relative_to(root).as_posix(), path.read_bytes()
    package = root / "coursekit"
    packed = [package / name for name in PACKED]
    for path in _tree(package):
        inside = path.relative_to(package)
        if inside.parts[0] not in LEFT_OUT and not any(p in path.parents for p in packed):
            yield path.relative_to(root).as_posix(), path.read_bytes()
    for place in packed:
        name = place.relative_to(root).as_posix()
        yield f"{name}/__init__.py", STUB.encode()
        shown = {package / file for file in SHOWN}
        yield f"{name}/{FILE}", pack(place, shown)
        for path in _tree(place):
            if path.suffix != ".py" or path in shown:
                yield path.relative_to(root).as_posix(), path.read_bytes()
    yield FORMULA_CARD, (root / FORMULA_CARD).read_bytes()
    yield ".ci/environment", (root / ".ci" / "environment").read_bytes()
    for name in ("constraints.txt", "LICENSE", "LICENSES.md"):
        yield name, (root / name).read_bytes()
    yield "pyproject.toml", _project_file((root / "pyproject.toml").read_text("utf-8")).encode()
    yield "Makefile", (_HANDOUT / "Makefile").read_bytes()
    yield ".gitignore", (_HANDOUT / "gitignore").read_bytes()
    yield "README.md", _readme(root, lessons, exercises).encode()


def _tree(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder, without what tools leave there."""
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        hidden = any(name.startswith(".") or name == "__pycache__" for name in names)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield path


def _project_file(text: str) -> str:
    """Return the parts of pyproject.toml by which the bundle is installed."""
    kept, keeping = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            name = line.strip().strip("[]")
            keeping = any(name == n or (n.endswith(".") and name.startswith(n)) for n in _PROJECT)
        if keeping:
            kept.append(line)
    return "".join(kept).rstrip() + "\n"


def _readme(root: Path, lessons: Sequence[str], exercises: Sequence[str]) -> str:
    """Return what the students' README says: which lessons there are, and how to start."""
    rows = ["| lesson | exercise |", "|---|---|"]
    for name in lessons:
        exercise = next((e for e in exercises if e[:2] == name[:2]), "")
        rows.append(f"| {name[:2]} {_title(root / 'lessons' / name)} | {exercise} |")
    example = Path(exercises[0]).stem
    return (_HANDOUT / "README.md").read_text("utf-8").format(
        table="\n".join(rows), example=example, number=example[:2]
    )  # fmt: skip


def _title(path: Path) -> str:
    return str(json.loads(path.read_bytes())["metadata"]["coursekit"]["title"])

"""Before a class is graded: the solution must earn everything, what is handed out nothing."""

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import coursekit
from coursekit import _files
from coursekit.errors import CourseError, cannot_write
from coursekit.grading.engine import ClassGrader
from coursekit.grading.judging.outcome import GRADED, Outcome
from coursekit.grading.names import printable
from coursekit.grading.reading.grading_set import GradingSet
from coursekit.grading.sandbox.limits import Limits

CACHE_FILE = ".preflight.json"
_PACKAGE = Path(coursekit.__file__).parent
_DECIDING = (  # folders whose code decides marks
    "checks", "project", "scratch", "notebooks", "grading/sandbox", "grading/judging",
    "grading/reading", "grading/untrusted",
)  # fmt: skip
_BESIDE = ("numpy", "scipy", "torch", "keras")


@dataclass(frozen=True)
class Preflight:
    """What came of it: one sentence, and whether it was known from an earlier run."""

    said: str
    cached: bool = False


def preflight(grader: ClassGrader, folder: Path) -> Preflight:
    """Grade a set's solution and what was handed out, as submissions are graded.

    Parameters
    ----------
    grader
        That of the class.
    folder
        Where the outcome is cached, so that it costs nothing the second time.

    Raises
    ------
    CourseError
        When the solution has less than all points or the handed-out notebook has any; the message
        names the check.
    """
    name = grader.set.name
    solution = _read(name, "solutions")
    released = _read(name, "exercises")
    if released is None:
        return Preflight(f"No preflight: the course's own notebooks of {name} are not at hand.")
    notebooks = {"the handed-out notebook": released}
    if solution is not None:
        notebooks = {"the solution": solution} | notebooks
    digest = _digest([name.encode(), *notebooks.values(), checks_digest().encode()])
    known = _cached(folder)
    if known.get(name) != digest:
        for outcome in grader.outcomes(notebooks.items()):
            _agree(outcome, outcome.student == "the solution")
        _keep_cached(folder, known | {name: digest})
    if solution is None:
        said = "the handed-out notebook earns nothing; the solution is not at hand"
    else:
        most = f"{sum(exercise.points for exercise in grader.set.exercises):g}"
        said = f"the solution earns {most} of {most} points, the handed-out notebook none"
    return Preflight(f"Preflight: {said}.", known.get(name) == digest)


@cache
def checks_digest() -> str:
    """Return a digest of the code that marks depend on, and of the libraries beside it."""
    files = sorted((_PACKAGE / "grading").glob("*.py"))
    files += [path for folder in _DECIDING for path in sorted((_PACKAGE / folder).rglob("*.py"))]
    versions = [f"{name} {_version(name)}" for name in _BESIDE]
    return _digest([*(path.read_bytes() for path in files), *(v.encode() for v in versions)])


def fingerprint(asked: GradingSet, limits: Limits, strict: bool) -> str:
    """Return what marks depend on beside submissions and seed: checks, settings, the release."""
    released = _read(asked.name, "exercises") or b""
    worth = [(one.name, [(c.name, c.points) for c in one.checks]) for one in asked.exercises]
    questions = [(one.name, one.points) for one in asked.marked_questions]
    settings = repr((limits, strict, worth, questions))
    return _digest([checks_digest().encode(), settings.encode(), released])


def _agree(outcome: Outcome, solution: bool) -> None:
    """Stop unless a notebook of the course has the points that it must have."""
    fix = "fix the set, or grade all the same with --no-preflight"
    if solution and outcome.status != GRADED:
        why = "; ".join(event.detail for event in outcome.events) or outcome.status
        raise CourseError(f"the solution could not be graded: {printable(why)}; {fix}")
    for function in outcome.functions:
        for check in function.checks:
            if check.points and check.passed is not solution:
                said = f"fails ({printable(check.message)})" if solution else "passes"
                raise CourseError(
                    f"{outcome.student} {said} the check {check.name!r} of {function.name}; {fix}"
                )


def _read(set_name: str, part: str) -> bytes | None:
    with contextlib.suppress(OSError):
        return (_files.course_root() / part / f"{set_name}.ipynb").read_bytes()
    return None


def _cached(folder: Path) -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        known = json.loads((folder / CACHE_FILE).read_bytes())
        if isinstance(known, dict):
            return known
    return {}


def _keep_cached(folder: Path, known: dict[str, str]) -> None:
    try:
        _files.write_whole(folder / CACHE_FILE, json.dumps(known).encode())
    except OSError as error:
        raise cannot_write(error, folder / CACHE_FILE, "name another folder with --out") from error


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _version(name: str) -> str:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return "none"

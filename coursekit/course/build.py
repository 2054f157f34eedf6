"""Build the notebooks: ``python -m coursekit.course.build [NN ...]``.

Each source is read, executed in a fixed environment and written whole. Built again on the same
machine, every notebook comes out byte for byte the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from coursekit.course import store
from coursekit.course.environment import look_for_fonts, project_root
from coursekit.course.execute import CellError, execute
from coursekit.course.lint import lint_file, read_tables
from coursekit.course.sources import (
    FOLDERS,
    Source,
    SourceError,
    find_sources,
    make_notebook,
    read_source,
)


class BuildError(RuntimeError):
    """A notebook that could not be built; the message names the file, the line and the cell."""


def build(path: Path, variant: str, folder: Path) -> Path:
    """Build one notebook and write it in its place.

    Parameters
    ----------
    path : pathlib.Path
        The source.
    variant : {"lesson", "exercise", "solution"}
        Which notebook to make from it.
    folder : pathlib.Path
        Folder for the kernels' settings and caches, shared by one build.

    Returns
    -------
    pathlib.Path
        The notebook that was written.

    Raises
    ------
    BuildError
        When a cell fails. The notebook that stood there before is left as it was.
    """
    source = read_source(path)
    notebook = make_notebook(source, variant)
    try:
        execute(notebook, folder)
    except CellError as error:
        cell = notebook.cells[error.index]
        line = source.cells[int(cell.id.rsplit("-", 1)[1])].line
        text = "\n".join("    " + row for row in cell.source.splitlines())
        raise BuildError(f"{path}:{line}: cell {cell.id} ({variant})\n{text}\n\n{error}") from None
    return store.write(notebook, source.target(variant))


def compare(source: Source, variant: str) -> list[str]:
    """Compare a committed notebook with its source, without running anything.

    Parameters
    ----------
    source : Source
        What `read_source` returned.
    variant : {"lesson", "exercise", "solution"}
        Which of its notebooks.

    Returns
    -------
    list of str
        One sentence for each difference; empty when they agree.
    """
    target = source.target(variant)
    if not target.is_file():
        return [f"{target}: not built yet; run 'python -m coursekit.course.build'"]
    text = target.read_text(encoding="utf-8")
    stored = store.read(text)
    fresh = make_notebook(source, variant)
    problems = []
    if text != store.as_text(stored):
        problems.append("saved by something else than the build")
    if stored.metadata != fresh.metadata:
        problems.append("the notebook's metadata differ from the source's header")
    if [cell.id for cell in stored.cells] != [cell.id for cell in fresh.cells]:
        problems.append("the cells differ in number or ids")
    for old, new in zip(stored.cells, fresh.cells, strict=False):
        kept = {key: value for key, value in old.metadata.items() if key != "coursekit"}
        if (old.cell_type, old.source, kept) != (new.cell_type, new.source, dict(new.metadata)):
            line = source.cells[int(new.id.rsplit("-", 1)[1])].line
            problems.append(f"cell {new.id} differs from {source.path.name}:{line}")
            break
    return [f"{target}: {problem}; build it again" for problem in problems]


def orphans(root: Path) -> list[str]:
    """Return a sentence for each notebook that no source makes.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.

    Returns
    -------
    list of str
    """
    made = {s.target(variant) for s in find_sources(root) for variant in s.variants}
    stored = {path for name in FOLDERS.values() for path in (root.resolve() / name).glob("*.ipynb")}
    return [f"{path}: no source makes this notebook; remove it" for path in sorted(stored - made)]


def check(root: Path, numbers: Iterable[str] = (), kinds: Sequence[str] = ()) -> list[str]:
    """Compare the committed notebooks with their sources.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.
    numbers : iterable of str, optional
        Lesson numbers; all when empty.
    kinds : sequence of str, optional
        Variants; all when empty.

    Returns
    -------
    list of str
        One sentence for each difference.
    """
    problems = []
    for source in find_sources(root, numbers):
        for variant in source.variants:
            if not kinds or variant in kinds:
                problems += compare(source, variant)
    return problems + orphans(root)


def _attempt(task: tuple[Path, str], folder: Path) -> tuple[bool, str]:
    """Build one notebook in this process; return whether it worked, and what to print."""
    path, variant = task
    begin = time.monotonic()
    try:
        target = build(path, variant, folder)
    except (BuildError, SourceError) as error:
        return False, str(error)
    found = lint_file(target, *read_tables(path.parents[2]))
    built = f"{target.parent.name}/{target.name}  {time.monotonic() - begin:.1f} s"
    return not found, "\n".join([built, *map(str, found)])


def report(results: Iterable[tuple[bool, str]]) -> int:
    """Print what became of each notebook as soon as it is known.

    Parameters
    ----------
    results : iterable of tuple of bool and str
        Whether it worked, and what to print.

    Returns
    -------
    int
        How many did not work.
    """
    failed = 0
    for worked, message in results:
        print(message, file=sys.stdout if worked else sys.stderr, flush=True)
        failed += not worked
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; from ``sys.argv`` when not given.

    Returns
    -------
    int
        0 when all is well; 1 when a notebook could not be built, differs from its source, or was
        built and has something for the lint to complain of.
    """
    parser = argparse.ArgumentParser(prog="python -m coursekit.course.build", description=__doc__)
    parser.add_argument("numbers", nargs="*", metavar="NN", help="lesson numbers; default: all")
    parser.add_argument("--check", action="store_true", help="compare sources, execute nothing")
    parser.add_argument("--kind", action="append", choices=list(FOLDERS), default=[])
    parser.add_argument("--jobs", type=int, default=1, help="notebooks built at the same time")
    parser.add_argument("--root", type=Path, help="the folder that holds source/")
    options = parser.parse_args(arguments)
    root = (options.root or project_root()).resolve()
    try:
        if options.check:
            problems = check(root, options.numbers, options.kind)
            print("\n".join(problems) or "the notebooks agree with their sources")
            return 1 if problems else 0
        tasks = [
            (source.path, variant)
            for source in find_sources(root, options.numbers)
            for variant in source.variants
            if not options.kind or variant in options.kind
        ]
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="coursekit-build-") as folder:
        attempt = partial(_attempt, folder=Path(folder))
        look_for_fonts(Path(folder))
        if options.jobs > 1:
            with ProcessPoolExecutor(options.jobs) as pool:
                failed = report(pool.map(attempt, tasks))
        else:
            failed = report(map(attempt, tasks))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

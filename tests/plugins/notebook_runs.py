"""How pytest runs the course's notebooks under nbval.

Every kernel gets the environment in which the notebooks were built. A notebook on a data set that
this machine does not have runs without its outputs being compared, and the closing lines say so.
A failing cell leaves its source, what was stored and what came out in ``evidence/``. A notebook
that leaves a file in the course's folders fails the run.
"""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from frontend_kernel import FrontEndKernel
from nbval import plugin as nbval_plugin
from warm_kernels import POSSIBLE, kernel_command, start_server

from coursekit.course.environment import kernel_environment, look_for_fonts
from coursekit.course.lint_outputs import DATA_URI

FOLDER = "COURSEKIT_TEST_FOLDER"  # one folder for settings and caches, xdist's workers included
ADDRESS = "kernels"  # in it: where to ask for a kernel whose libraries are loaded
# A training asks for the same megabytes in each step, so its kernel keeps what it frees.
KEEPS_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "268435456", "MALLOC_MMAP_THRESHOLD_": "268435456"}
NOT_COMPARED = "outputs not compared"
OWNS = pytest.StashKey[bool]()
BEFORE = pytest.StashKey[set]()
LEFT = pytest.StashKey[list]()
SERVER = pytest.StashKey[subprocess.Popen]()


def pytest_addoption(parser):
    parser.addoption(
        "--warm-kernels",
        action="store_true",
        help="with --nbval: load torch and Keras once, and fork every kernel from there",
    )


def pytest_configure(config):
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="coursekit-tests-")
        config.stash[OWNS] = True
    if nbval_on(config) and not is_worker(config):
        config.stash[BEFORE] = listing(config)
        if config.option.warm_kernels and POSSIBLE:
            folder = Path(os.environ[FOLDER])
            find_fonts(folder)
            config.stash[SERVER] = start_server(folder / ADDRESS, environment_of(folder))


def pytest_unconfigure(config):
    if SERVER in config.stash:
        config.stash[SERVER].stdin.close()
        config.stash[SERVER].wait()
    if config.stash.get(OWNS, False):
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


find_fonts = functools.cache(look_for_fonts)  # once in a process is enough


def environment_of(folder):
    return kernel_environment(folder) | KEEPS_MEMORY


def start_kernel(kernel_name, cwd=None, startup_timeout=60):
    """Stand in for nbval's class of kernels."""
    folder = Path(os.environ[FOLDER])
    address = folder / ADDRESS
    command = kernel_command(address) if address.exists() else None
    if command is None:  # else done before the server of the kernels was started
        find_fonts(folder)
    environment = environment_of(folder)
    return FrontEndKernel(kernel_name, cwd, startup_timeout, environment, command)


nbval_plugin.RunningKernel = start_kernel


def pytest_collection_modifyitems(items):
    for item in items:
        if isinstance(item, nbval_plugin.IPyNbCell):
            missing = missing_sets(item.parent)
            if missing:
                item.options["check"] = False
                # The name travels with the report to the process that prints the closing lines.
                item.user_properties.append((NOT_COMPARED, f"{item.path.name}: {missing}"))


def missing_sets(notebook_file):
    """Return the data sets of a notebook that this machine does not have, as one string."""
    if not hasattr(notebook_file, "missing_sets"):
        course = notebook_file.nb.metadata.get("coursekit", {})
        names = [name for name in course.get("datasets", []) if not available(name)]
        notebook_file.missing_sets = ", ".join(names)
    return notebook_file.missing_sets


@functools.cache
def available(name):
    from coursekit.datasets import DatasetError, load

    try:
        load(name, download=False)
    except DatasetError:
        return False
    return True


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if isinstance(item, nbval_plugin.IPyNbCell) and report.when == "call" and report.failed:
        path = write_evidence(item, report)
        report.sections.append(("Evidence", str(path)))


def write_evidence(item, report):
    """Write what a failing cell was, had stored and gave; return the file."""
    folder = item.config.rootpath / "evidence" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{item.path.parent.name}-{item.path.stem}-cell-{item.cell_num:02d}.txt"
    parts = {
        "source": item.cell.source,
        "stored": readable(item.cell.outputs),
        "got": readable(item.test_outputs),
        "report": report.longreprtext,
    }
    text = "\n\n".join(f"===== {name}\n{part}" for name, part in parts.items())
    path.write_text(f"{item.path.name}, cell {item.cell_num}\n\n{text}\n", encoding="utf-8")
    return path


def readable(outputs):
    return DATA_URI.sub("data:...", json.dumps(outputs or [], indent=1, ensure_ascii=False))


def pytest_sessionfinish(session):
    if BEFORE in session.config.stash:
        left = sorted(listing(session.config) - session.config.stash[BEFORE])
        session.config.stash[LEFT] = left
        if left and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def listing(config):
    """Return what lies in the folders of the notebooks that this run was asked for."""
    folders = {Path(arg.split("::")[0]).absolute() for arg in config.args}
    folders = {path.parent if path.suffix == ".ipynb" else path for path in folders}
    return {str(path) for folder in folders if folder.is_dir() for path in folder.iterdir()}


def pytest_terminal_summary(terminalreporter, config):
    lines = {
        f"{NOT_COMPARED}: {value} cannot be had here; its cells ran, and that is all this run says"
        for reports in terminalreporter.stats.values()
        for report in reports
        for key, value in getattr(report, "user_properties", ())
        if key == NOT_COMPARED
    }
    lines |= {f"left behind by a notebook: {path}" for path in config.stash.get(LEFT, [])}
    if lines:
        terminalreporter.section("notebooks")
        for line in sorted(lines):
            terminalreporter.line(line)


def nbval_on(config):
    return config.option.nbval or config.option.nbval_lax


def is_worker(config):
    return hasattr(config, "workerinput")

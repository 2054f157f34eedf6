"""What surrounds the course: variables, settings and kernels of others, which it does not follow.

`coursekit lab`, `check` and `grade` go their own way. A notebook that is opened otherwise (in
another JupyterLab, or in an editor) does not; each finding says how to make it right there too.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursekit._files import folder_in_variable
from coursekit.doctor.finding import Finding
from coursekit.errors import CourseError

_COURSE = "`coursekit lab` does not follow it"
_KERAS = {"image_data_format": "channels_last", "floatx": "float32", "epsilon": 1e-07}
_JUPYTER_SETTINGS = ("jupyter_config", "jupyter_server_config", "jupyter_lab_config")


def surroundings() -> Iterator[Finding]:
    """Look at what could decide how the course behaves, and does not."""
    yield from _folders()
    yield from _home()
    yield from _keras()
    yield from _python()
    yield from _jupyter()
    yield from _kernels()
    yield from _port()


def _folders() -> Iterator[Finding]:
    for name in ("COURSEKIT_DATA", "COURSEKIT_CACHE"):
        try:
            folder = folder_in_variable(name)
        except CourseError as error:
            yield Finding("note", "folders", str(error), "name a folder, or unset the variable")
            continue
        if folder is None:
            continue
        if not Path(os.environ[name]).expanduser().is_absolute():
            found = f"{name} is {os.environ[name]}, which from this folder is {folder}"
            yield Finding("note", "folders", found, f"write the whole path: {name}={folder}")
        if name == "COURSEKIT_DATA" and not folder.is_dir():
            fix = "name a folder that holds the data sets, or unset the variable"
            yield Finding("note", "folders", f"{name} is {folder}, which is no folder", fix)


def _home() -> Iterator[Finding]:
    from coursekit.datasets import cache_folder

    home = Path.home()
    if not _can_write(home):
        found = f"the home folder {home} cannot be written"
        yield Finding("note", "home", found, "the course keeps what it writes in the workspace")
    try:
        cache = cache_folder()
    except CourseError:
        return  # named among the folders
    if not _can_write(cache):
        fix = "set COURSEKIT_CACHE to a folder that can be written"
        yield Finding("note", "home", f"data sets cannot be kept in {cache}", fix)


def _can_write(folder: Path) -> bool:
    place = next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def _keras() -> Iterator[Finding]:
    backend = os.environ.get("KERAS_BACKEND", "")
    if backend not in ("", "torch"):
        fix = f"{_COURSE}; elsewhere: unset KERAS_BACKEND, since the course installs torch alone"
        yield Finding("note", "Keras", f"KERAS_BACKEND is {backend}", fix)
    folders = (Path(os.environ.get("KERAS_HOME") or "."), Path.home() / ".keras")
    for path in dict.fromkeys(folder / "keras.json" for folder in folders):
        yield from _keras_file(path)


def _keras_file(path: Path) -> Iterator[Finding]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        other = [
            f"{name}={settings[name]}"
            for name, value in _KERAS.items()
            if settings.get(name, value) != value
        ]
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError, AttributeError):
        fix = f"{_COURSE}; elsewhere: move the file away"
        yield Finding("note", "Keras", f"{path} cannot be read", fix)
        return
    if other:
        wanted = ", ".join(f"{name}={value}" for name, value in _KERAS.items())
        fix = f"{_COURSE}; elsewhere: set {wanted} there"
        yield Finding("note", "Keras", f"{path} sets {', '.join(other)}", fix)


def _python() -> Iterator[Finding]:
    for name in ("PYTHONPATH", "PYTHONHOME"):
        if os.environ.get(name):
            found = f"{name} is {os.environ[name]}: what lies there comes before the course's own"
            yield Finding("note", "Python", found, f"unset {name}")


def _jupyter() -> Iterator[Finding]:
    try:
        from jupyter_core.paths import jupyter_config_path
    except ImportError:
        return  # named among the packages
    own = str(Path(sys.prefix, "etc", "jupyter"))
    for folder in dict.fromkeys(jupyter_config_path()):
        for name in _JUPYTER_SETTINGS:
            for path in (Path(folder, f"{name}.json"), Path(folder, f"{name}.py")):
                if folder != own and path.is_file():
                    found = f"{path} holds settings of this machine's Jupyter"
                    fix = f"{_COURSE}; elsewhere: move it away if JupyterLab does not open"
                    yield Finding("note", "Jupyter", found, fix)
    if os.environ.get("JUPYTER_TOKEN"):
        found = "JUPYTER_TOKEN is set: `coursekit lab` takes it as the token of its address"
        yield Finding("note", "Jupyter", found, "unset it for a new token with each start")


def _kernels() -> Iterator[Finding]:
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a home that cannot be written, which is said above
            manager: Any = KernelSpecManager()
            spec = manager.get_kernel_spec("python3")
    except ImportError:
        return  # named among the packages
    except Exception as error:  # a specification that is there and broken fails in many ways
        fix = f"{_COURSE}; elsewhere: remove that kernel"
        yield Finding("note", "kernel", f"python3 cannot be read: {error}", fix)
        return
    program = spec.argv[0] if spec.argv else ""
    # A bare name stands for the Python that starts it.
    if Path(program).name != program and Path(program) != Path(sys.executable):
        found = f"python3 is {program}, by {spec.resource_dir}"
        fix = f"{_COURSE}; elsewhere: choose {sys.executable} as the kernel"
        yield Finding("note", "kernel", found, fix)


def _port() -> Iterator[Finding]:
    from coursekit.learn.lab import FIRST_PORT, choose_port

    try:
        port = choose_port()
    except CourseError as error:
        yield Finding("note", "port", str(error), "or end one of the programs that use them")
        return
    if port != FIRST_PORT:
        found = f"{FIRST_PORT} is taken, perhaps by another JupyterLab"
        yield Finding("note", "port", found, f"nothing to do: `coursekit lab` takes {port}")

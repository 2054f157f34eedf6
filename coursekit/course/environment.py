"""The one environment in which notebooks are built and tested.

A stored output can be compared with a new one only when both runs see the same thread counts,
the same hash seed, no GPU and none of the user's own settings. The build and the tests both take
their environment from here, so that they cannot drift apart.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from coursekit._files import folder_in_variable

# Set by a student's own session or shell; a build must not see them.
PRIVATE = ("COURSEKIT_WORKSPACE", "FORCE_COLOR", "PYTHONSTARTUP", "MATPLOTLIBRC")


def project_root() -> Path:
    """Return the folder of the project: the one that holds ``source/``.

    Returns
    -------
    pathlib.Path
        The checkout that this file is part of, otherwise the current folder.

    Raises
    ------
    FileNotFoundError
        When neither holds a folder ``source``.

    Examples
    --------
    >>> project_root().name != ""
    True
    """
    for folder in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (folder / "source").is_dir():
            return folder
    raise FileNotFoundError(
        f"found no folder 'source' in {Path.cwd()}; run this in a clone of the course's repository"
    )


def run_environment() -> dict[str, str]:
    """Return the variables that every run of a notebook has in common.

    Returns
    -------
    dict of str to str
        Variables to lay over ``os.environ``.

    Examples
    --------
    >>> run_environment()["OMP_NUM_THREADS"]
    '1'
    """
    return {
        "OMP_NUM_THREADS": "1",  # the order of a sum changes with the number of threads
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TZ": "UTC",
        "COLUMNS": "80",
        "CUDA_VISIBLE_DEVICES": "",
        "KERAS_BACKEND": "torch",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "COURSEKIT_HEADLESS": "1",
        "COURSEKIT_OFFLINE": "1",  # a set that is not here is replaced by one that is
        "COURSEKIT_ANSWERS": os.devnull,  # reads as empty, swallows what is written
    }


def kernel_environment(folder: Path) -> dict[str, str]:
    """Return the whole environment of a kernel, with the user's settings kept out of it.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder of our own. Give every kernel of one run the same: matplotlib looks for
        fonts once in a folder, which takes seconds.

    Returns
    -------
    dict of str to str
        ``os.environ`` without what is private to the user, with `run_environment` over it.

    Examples
    --------
    >>> kernel_environment(Path("empty"))["COURSEKIT_HEADLESS"]
    '1'
    """
    variables = {name: value for name, value in os.environ.items() if name not in PRIVATE}
    variables.update(run_environment())
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "KERAS_HOME"):
        variables[name] = str(folder / name.lower())
    mirror = data_mirror()
    if mirror is not None:
        variables["COURSEKIT_DATA"] = str(mirror)
    return variables


def data_mirror() -> Path | None:
    """Return the folder that holds copies of the data sets, where there is one.

    Returns
    -------
    pathlib.Path or None
        ``COURSEKIT_DATA`` when it is set, otherwise ``../shared/data`` beside the project when it
        exists.

    Examples
    --------
    >>> mirror = data_mirror()
    >>> mirror is None or mirror.name != ""
    True
    """
    named = folder_in_variable("COURSEKIT_DATA")
    if named is not None:
        return named
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return beside if beside.is_dir() else None


def look_for_fonts(folder: Path) -> None:
    """Let matplotlib look for fonts once, before the first notebook.

    On a busy machine it says in that notebook that it does, and a stored output would hold it.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of settings and caches that all kernels of one run share.
    """
    code = "import matplotlib.font_manager"
    environment = kernel_environment(folder)
    subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

"""What the course's JupyterLab reads and writes: all of it in the workspace, in `.coursekit/lab`.

JupyterLab does not show that folder. What a student, or a site, has set up elsewhere (settings of
Jupyter, IPython, Matplotlib and Keras, kernels of other installations) is neither read nor changed.
"""

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

from coursekit._files import folder_in_variable, write_whole
from coursekit.errors import cannot_write

_CONFIG = '''\
"""Written by `coursekit lab`; a saved notebook keeps its pictures and no live widgets."""

import atexit
import shutil

from jupyter_core.paths import jupyter_config_dir

from coursekit.widgets.saving import strip_widget_views

# Under JUPYTER_NO_CONFIG an empty folder that Jupyter makes for this process, and leaves.
atexit.register(shutil.rmtree, jupyter_config_dir(), ignore_errors=True)
c = get_config()  # noqa: F821
c.ContentsManager.pre_save_hook = strip_widget_views
c.ServerApp.jpserver_extensions = {"jupyterlab": True, "jupyter_server_terminals": True}
'''
_KERNEL = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "metadata": {"debugger": True},
}
# No news and no questions about updates: the course's versions are pinned.
_QUIET = {"checkForUpdates": False, "doNotDisturbMode": True, "fetchNews": "false"}
_NOTIFICATION = Path("@jupyterlab/apputils-extension/notification.jupyterlab-settings")
# Each would bring in what belongs to another installation or to the student's own work.
_LEFT_OUT = ("JUPYTER", "MATPLOTLIBRC", "PYTHONSTARTUP", "KERAS_", "IPYTHON")
_FOLDERS_OF_THE_COURSE = ("COURSEKIT_DATA", "COURSEKIT_CACHE", "COURSEKIT_REGISTRY")


def lab_folder(workspace: Path) -> Path:
    """Return the folder of JupyterLab's files in a workspace.

    Examples
    --------
    >>> lab_folder(Path("course")).as_posix()
    'course/.coursekit/lab'
    """
    return workspace / ".coursekit" / "lab"


def config_file(workspace: Path) -> Path:
    """Return the file of the server's settings."""
    return lab_folder(workspace) / "jupyter_server_config.py"


def write_jupyter_files(workspace: Path) -> None:
    """Write the settings of the server, its only kernel, and JupyterLab's settings for the course.

    Settings that the student has changed since in JupyterLab stay as they are.

    Parameters
    ----------
    workspace
        The student's folder.

    Raises
    ------
    CourseError
        When the workspace cannot be written.
    """
    folder = lab_folder(workspace)
    files = {
        config_file(workspace): _CONFIG,
        folder / "data" / "kernels" / "python3" / "kernel.json": json.dumps(_KERNEL, indent=1),
        folder / "settings" / _NOTIFICATION: json.dumps(_QUIET, indent=2) + "\n",
    }
    for path, text in files.items():
        if path.suffix == ".jupyterlab-settings" and path.exists():
            continue
        try:
            write_whole(path, text.encode())
        except OSError as error:
            mend = "choose a folder of your own with --workspace DIR"
            raise cannot_write(error, path, mend) from error


def lab_environment(workspace: Path, runtime: Path, token: str) -> dict[str, str]:
    """Return the environment of the server and of the kernels that it starts.

    The token goes this way because a command line can be read by everybody on the machine.

    Parameters
    ----------
    workspace
        The student's folder.
    runtime
        An empty folder, of this server alone.
    token
        What the address must carry.

    Raises
    ------
    CourseError
        When a variable of the course names the home folder of nobody.
    """
    folder = lab_folder(workspace)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    # A kernel starts in the notebook's folder, where a relative path would be another one.
    named = {name: folder_in_variable(name) for name in _FOLDERS_OF_THE_COURSE}
    return (
        kept
        | {name: str(path) for name, path in named.items() if path is not None}
        | {
            "COURSEKIT_WORKSPACE": str(workspace),
            "JUPYTER_TOKEN": token,
            "JUPYTER_NO_CONFIG": "1",
            "JUPYTER_PREFER_ENV_PATH": "0",  # the kernel in the data folder comes first
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "layouts"),
            "IPYTHONDIR": str(folder / "ipython"),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "KERAS_HOME": str(folder / "keras"),
            "KERAS_BACKEND": "torch",
        }
    )


def trust(workspace: Path, notebooks: Iterable[str]) -> None:
    """Sign fresh copies of the course's notebooks, so that JupyterLab shows their stored outputs.

    What JupyterLab does not trust it shows without its layout. Where signing is not possible the
    student sees the full output after running the cell, as in any notebook from elsewhere.

    Parameters
    ----------
    workspace
        The student's folder.
    notebooks
        Names of copies that were just written, such as `lessons/03_convolution_2d.ipynb`.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    with contextlib.suppress(OSError, sqlite3.Error, ValueError):
        folder = lab_folder(workspace) / "data"
        folder.mkdir(parents=True, exist_ok=True)
        notary = NotebookNotary(data_dir=str(folder))  # type: ignore[no-untyped-call]
        for name in notebooks:
            notebook = nbformat.read(workspace / name, as_version=4)  # type: ignore[no-untyped-call]
            notary.sign(notebook)  # type: ignore[no-untyped-call]
        notary.store.close()

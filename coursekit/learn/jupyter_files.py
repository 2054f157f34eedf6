"""The few files that JupyterLab finds in the workspace: settings, and the rule for saving.

They stand in `.coursekit/lab`, which JupyterLab does not show. A student's own settings of
JupyterLab elsewhere are neither read nor changed.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from coursekit._files import write_whole
from coursekit.errors import cannot_write

_CONFIG = '''\
"""Written by `coursekit lab`; a saved notebook keeps its pictures and no live widgets."""

from coursekit.widgets.saving import strip_widget_views

c = get_config()  # noqa: F821
c.ContentsManager.pre_save_hook = strip_widget_views
'''
# No news and no questions about updates: the course's versions are pinned.
_QUIET = {"checkForUpdates": False, "doNotDisturbMode": True, "fetchNews": "false"}
_NOTIFICATION = Path("@jupyterlab/apputils-extension/notification.jupyterlab-settings")


def lab_folder(workspace: Path) -> Path:
    """Return the folder of JupyterLab's files in a workspace.

    Examples
    --------
    >>> lab_folder(Path("course")).as_posix()
    'course/.coursekit/lab'
    """
    return workspace / ".coursekit" / "lab"


def write_jupyter_files(workspace: Path) -> dict[str, str]:
    """Write JupyterLab's settings for the course and return the variables that point to them.

    Settings that the student has changed since stay as they are.

    Parameters
    ----------
    workspace
        The student's folder.

    Returns
    -------
    dict of str to str
        Environment variables for the server.

    Raises
    ------
    CourseError
        When the workspace cannot be written.
    """
    folder = lab_folder(workspace)
    files = {
        folder / "config" / "jupyter_server_config.py": _CONFIG,
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
    return {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "layouts"),
    }


def trust(notebooks: Iterable[Path]) -> None:
    """Sign fresh copies of the course's notebooks, so that JupyterLab shows their stored outputs.

    What JupyterLab does not trust it shows without its layout. Where signing is not possible the
    student sees the full output after running the cell, as in any notebook from elsewhere.

    Parameters
    ----------
    notebooks
        Copies that were just written.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    with contextlib.suppress(OSError, sqlite3.Error, ValueError):
        notary = NotebookNotary()  # type: ignore[no-untyped-call]
        for path in notebooks:
            notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
            notary.sign(notebook)  # type: ignore[no-untyped-call]
        notary.store.close()

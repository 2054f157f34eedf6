"""Run a notebook in a fresh kernel, and keep of it only what every run has in common."""

from __future__ import annotations

import copy
import re
import tempfile
from pathlib import Path
from typing import Any

from coursekit.course.environment import kernel_environment
from coursekit.course.store import LANGUAGE_INFO

ANSI = re.compile(r"\x1b\[[0-9;]*m")
OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\n])", re.MULTILINE)


class CellError(RuntimeError):
    """A cell failed; ``index`` is its place in the notebook."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


def execute(notebook: Any, folder: Path, *, timeout: int = 300) -> Any:
    """Execute a notebook in place, in an empty folder of its own.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A notebook without outputs; filled with them.
    folder : pathlib.Path
        Folder for settings and caches, shared by the kernels of one build.
    timeout : int, default 300
        Longest time for one cell, in seconds.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook.

    Raises
    ------
    CellError
        When a cell raises, takes too long, kills the kernel or leaves a file behind.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    started = [0]

    def remember(cell: Any, cell_index: int) -> None:
        started[0] = cell_index

    # Without folders to search, "python3" is the interpreter that runs this build.
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )
    with tempfile.TemporaryDirectory(prefix="coursekit-") as empty:
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=timeout,
            record_timing=False,
            store_widget_state=True,  # False stumbles over Output widgets; it is dropped below
            on_cell_execute=remember,
            extra_arguments=["--log-level=ERROR"],
        )
        client.owns_km = True  # so that the kernel is shut down at the end
        try:
            client.execute(cwd=empty, env=kernel_environment(folder))
        except CellExecutionError as error:
            rows = [
                row
                for output in notebook.cells[started[0]].outputs
                for row in output.get("traceback", [])
            ]
            raise CellError(started[0], ANSI.sub("", "\n".join(rows) or str(error))) from None
        except CellTimeoutError:
            raise CellError(started[0], f"the cell ran longer than {timeout} s") from None
        except DeadKernelError:
            raise CellError(started[0], "the kernel died while this cell ran") from None
        left = sorted(path.name for path in Path(empty).iterdir())
    if left:
        raise CellError(started[0], f"the notebook left files in its folder: {', '.join(left)}")
    make_portable(notebook)
    return notebook


def make_portable(notebook: Any) -> None:
    """Remove what differs from run to run, and record which outputs each cell has.

    The record, ``metadata.coursekit.outputs``, is what lets the lint see that an output has been
    deleted: without it a stripped notebook looks like one that prints nothing.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook, changed in place.
    """
    notebook.metadata["language_info"] = copy.deepcopy(LANGUAGE_INFO)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        cell.outputs = merge_streams(cell.outputs)
        cell.metadata["coursekit"] = {"outputs": [describe(output) for output in cell.outputs]}


def merge_streams(outputs: list[Any]) -> list[Any]:
    r"""Join pieces of a stream that follow each other.

    How printed text is cut into pieces depends on the clock. A carriage return overwrites the
    line, as on a terminal.

    Parameters
    ----------
    outputs : list of dict
        The outputs of one cell.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> merge_streams([{"output_type": "stream", "name": "stdout", "text": "1\n"},
    ...                {"output_type": "stream", "name": "stdout", "text": "2\n"}])
    [{'output_type': 'stream', 'name': 'stdout', 'text': '1\n2\n'}]
    """
    merged: list[Any] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(output)
    for output in merged:
        if output["output_type"] == "stream":
            output["text"] = OVERWRITTEN.sub("", output["text"])
    return merged


def describe(output: Any) -> str:
    """Return the kind of an output: the stream's name, or its formats.

    Parameters
    ----------
    output : dict
        One output of a code cell.

    Returns
    -------
    str

    Examples
    --------
    >>> describe({"output_type": "display_data", "data": {"text/plain": "", "text/html": ""}})
    'display_data: text/html, text/plain'
    """
    kind = str(output["output_type"])
    if kind == "stream":
        return f"stream: {output['name']}"
    if kind == "error":
        return f"error: {output['ename']}"
    return f"{kind}: {', '.join(sorted(output['data']))}"

"""Run projects as a kernel does, cell by cell, and print them as saved notebooks (JSON).

Read from standard input: a list of projects, each a list of cells [kind, source, place in the order
of running or null].
"""

import io
import json
import sys
from contextlib import redirect_stdout

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


def run(cells):
    """The cells of a saved notebook, run in a fresh session."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    saved = [
        {"cell_type": kind, "source": source, "metadata": {}}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, source, _ in cells
    ]
    order = [n for n, cell in enumerate(cells) if cell[0] == "code" and cell[2] is not None]
    for number in sorted(order, key=lambda n: cells[n][2]):
        cell = saved[number]
        cell["execution_count"] = shell.execution_count
        with capture_output() as seen:
            done = shell.run_cell(cell["source"], store_history=True)
        cell["outputs"] = [
            {"output_type": "display_data", "data": output.data, "metadata": {}}
            for output in seen.outputs
        ]
        error = done.error_in_exec or done.error_before_exec
        if error is not None:
            cell["outputs"].append(
                {"output_type": "error", "ename": type(error).__name__, "evalue": str(error),
                 "traceback": []}
            )  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": saved}


if __name__ == "__main__":
    projects = json.load(sys.stdin)
    with redirect_stdout(io.StringIO()):
        notebooks = [run(cells) for cells in projects]
    json.dump(notebooks, sys.stdout)

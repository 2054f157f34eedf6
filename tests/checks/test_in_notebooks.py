"""One rendering in a notebook, whether or not the call is the last line of its cell."""

import nbformat
import pytest
from nbclient import NotebookClient

from coursekit.course.environment import run_environment

CELLS = [
    "import numpy as np\nfrom coursekit import check, hint\n"
    "right = lambda x, w: np.convolve(x, w, 'valid')",
    "check('convolve1d', right)",
    "check('convolve1d', right);",
    "result = check('convolve1d', right)",
    "result",
    "check('convolve1d', right)\nNone",
    "hint('convolve1d')",
    "def wrong(x, w):\n    total = 0\n    return total + x[99]\ncheck('convolve1d', wrong)",
]


@pytest.fixture(scope="module", params=["headless", "live"])
def outputs(request, tmp_path_factory):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    folder = tmp_path_factory.mktemp(request.param)
    client = NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(folder)}}, record_timing=False
    )
    environment = {**__import__("os").environ, **run_environment()}
    if request.param == "live":
        environment.pop("COURSEKIT_HEADLESS")
    client.execute(env=environment)
    assert list(folder.iterdir()) == []
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.parametrize("cell", [1, 2, 3, 4, 5, 6, 7])
def test_one_rendering_a_cell(outputs, cell):
    assert [o.output_type for o in outputs[cell]] == ["display_data"]
    assert set(outputs[cell][0].data) == {"text/html", "text/plain"}


def test_all_say_the_same(outputs):
    texts = {outputs[cell][0].data["text/plain"] for cell in (1, 2, 3, 4, 5)}
    assert len(texts) == 1
    assert "Checking" not in texts.pop()


def test_the_line_is_that_of_the_cell(outputs):
    assert "IndexError, at line 3: return total + x[99]" in outputs[7][0].data["text/plain"]


def test_a_live_notebook_says_beforehand_what_to_do_about_a_loop_in_c(monkeypatch, tmp_path):
    """The interpreter is held by such a loop, so nothing could be said afterwards."""
    import os
    import queue
    import signal

    from jupyter_client.manager import start_new_kernel

    environment = {**os.environ, **run_environment()}
    environment.pop("COURSEKIT_HEADLESS")
    manager, client = start_new_kernel(env=environment, cwd=str(tmp_path))
    try:
        client.execute(
            "import itertools\nfrom coursekit import check\n"
            "check('convolve1d', lambda x, w: sum(itertools.repeat(0)))"
        )
        said = ""
        while "restart the kernel" not in said:
            try:
                message = client.get_iopub_msg(timeout=600)
            except queue.Empty:
                break
            said += str(message["content"].get("data", ""))
        assert "Checking convolve1d" in said and "restart the kernel" in said
    finally:
        client.stop_channels()
        os.kill(manager.provisioner.pid, signal.SIGKILL)  # this kernel only: it hears nothing else
        manager.shutdown_kernel(now=True)

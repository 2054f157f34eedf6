"""A kernel for nbval that shows a cell's outputs as a front end would.

nbval takes every message of the kernel for an output. A front end does not: `clear_output` removes
what stood there, an update replaces a display, what is printed inside an Output widget belongs to
the widget, and a semicolon silences a value (only where history is stored). nbclient, which builds
the notebooks, follows the front ends, so stored and tested outputs differ unless nbval does too.

It also notices within a second that a kernel has died; nbval alone waits for the cell's timeout.
"""

import subprocess
import time
from queue import Empty

import nbval
from jupyter_client.manager import KernelManager
from nbval.kernel import NbvalKernelspecManager, RunningKernel

KNOWN = ("0.11.0",)
POLL = 1.0  # seconds between two looks at whether the kernel lives
OUTPUTS = ("stream", "display_data", "execute_result")

if nbval.__version__ not in KNOWN:
    raise ImportError(
        f"nbval {nbval.__version__} is not one that this front end was made for ({KNOWN}): run "
        "the probes in tests/notebooks/test_frontend.py with it, mend what fails, add it here"
    )


class KernelDied(RuntimeError):
    """The kernel's process ended while a cell ran."""


class FrontEndKernel(RunningKernel):
    """nbval's kernel, in an environment of our own, with outputs folded as a front end does."""

    def __init__(self, kernel_name, cwd, startup_timeout, environment, command=None):
        self.cell_id = None  # of the request whose messages are folded
        self.ready = []  # folded messages, not yet fetched
        self.km = KernelManager(
            kernel_name=kernel_name, kernel_spec_manager=NbvalKernelspecManager()
        )
        if command is not None:
            self.km.kernel_spec.argv = command
        self.km.start_kernel(
            stderr=subprocess.DEVNULL,
            cwd=cwd,
            env=environment,
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
        )
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=startup_timeout)
        self._ensure_iopub_up()

    def execute_cell_input(self, cell_input, allow_stdin=None):
        self.ready = []
        self.cell_id = self.kc.execute(
            cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
        )
        return self.cell_id

    def await_reply(self, msg_id, timeout=None):
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            left = deadline - time.monotonic()
            try:
                reply = self.kc.get_shell_msg(timeout=max(0.0, min(POLL, left)))
            except Empty:
                if not self.is_alive():
                    raise KernelDied("the kernel died while this cell ran") from None
                if left <= POLL:
                    raise
                continue
            if reply["parent_header"].get("msg_id") == msg_id:
                return

    def get_message(self, stream, timeout=None):
        if stream != "iopub" or self.cell_id is None:
            return super().get_message(stream, timeout)
        if not self.ready:
            self.ready = fold(self._until_idle(timeout))
        return self.ready.pop(0)

    def _until_idle(self, timeout):
        """Yield the messages of the running cell, the last of which says that it is done."""
        while True:
            message = super().get_message("iopub", timeout)
            if message["parent_header"].get("msg_id") != self.cell_id:
                continue
            yield message
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return


def fold(messages):
    """Return the messages of one cell that stand for what is left to see at its end.

    Parameters
    ----------
    messages : iterable of dict
        In the kernel's order.

    Returns
    -------
    list of dict
        Without `clear_output`, updates and what widgets swallow.
    """
    shown = []
    widgets = []  # Output widgets that capture at the moment, innermost last
    clear_next = False
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "comm_msg":
            note_capture(widgets, content)
        elif kind == "clear_output":
            if not widgets and content.get("wait"):
                clear_next = True
            elif not widgets:
                shown = without_outputs(shown)
        elif kind == "update_display_data":
            update(shown, content)
        elif kind in OUTPUTS:
            if widgets:
                continue
            if clear_next:
                shown, clear_next = without_outputs(shown), False
            # A display that appears again changes wherever it already stands.
            update(shown, content)
            shown.append(message)
        else:
            shown.append(message)
    return shown


def note_capture(widgets, content):
    """Keep the list of Output widgets that capture, by what their state says."""
    state = content.get("data", {}).get("state", {})
    if "msg_id" not in state:
        return
    if state["msg_id"]:
        widgets.append(content["comm_id"])
    elif content["comm_id"] in widgets:
        widgets.remove(content["comm_id"])


def update(shown, content):
    """Replace the data of displays with the same id."""
    display_id = (content.get("transient") or {}).get("display_id")
    for message in shown:
        other = (message["content"].get("transient") or {}).get("display_id")
        if display_id and other == display_id:
            message["content"]["data"] = content["data"]


def without_outputs(messages):
    return [message for message in messages if message["msg_type"] not in OUTPUTS]

"""Chromium and a JupyterLab of our own, both on this machine only and stopped by their own id."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # what draws in software saves itself the way between processes
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What lies elsewhere is not found; that it was asked for is recorded.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
HERE = ("http://127.0.0.1", "ws://127.0.0.1", "http://localhost", "file:", "data:", "blob:")


def guarded_page(context):
    """Open a page, and record what it asks of other machines and what it says."""
    refused, messages = [], []

    def note(url):
        if not url.startswith(HERE):
            refused.append(url)

    page = context.new_page()
    # Not by a route, which every answer would go through, and which leaves the cache unused.
    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))
    page.on("console", lambda message: messages.append((message.type, message.text)))
    page.on("pageerror", lambda error: messages.append(("pageerror", str(error))))
    page.refused, page.messages = refused, messages
    return page


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def jupyterlab(root, variables):
    """Run JupyterLab on a folder; gives its address. Nothing of the user's settings is seen."""
    port = free_port()
    home = Path(tempfile.mkdtemp(prefix="lab-home-"))
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        '{"checkForUpdates": false, "doNotDisturbMode": true, "fetchNews": "false"}'
    )
    environment = {
        **os.environ,
        "COURSEKIT_OFFLINE": "1",  # a lesson goes on with a set that is here
        "HOME": str(home),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_PLATFORM_DIRS": "0",
        **variables,
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--port-retries=0", "--IdentityProvider.token="),
        f"--ServerApp.root_dir={root}",
        "--ContentsManager.pre_save_hook=coursekit.widgets.saving.strip_widget_views",
        "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True",
        "--LanguageServerManager.autodetect=False",
    ]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server, home / "server.log")
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(15)
        shutil.rmtree(home, ignore_errors=True)


def _wait(address, server, log, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/api/status", timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


IDLE = """() => {
  const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
  return kernel && kernel.status === 'idle'; }"""
ALL_RUN = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const kernel = panel.sessionContext.session.kernel;
  return kernel && kernel.status === 'idle' && panel.content.widgets
    .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().trim())
    .every(cell => cell.model.executionCount); }"""


OPEN = """async path => {
  const { commands, shell } = window.jupyterapp;
  const panel = await commands.execute('docmanager:open', {path, factory: 'Notebook'});
  shell.activateById(panel.id);
  await panel.context.ready; }"""
# Without asking whether to save.
CLOSE_ALL = """async () => {
  for (const panel of [...window.jupyterapp.shell.widgets('main')]) {
    await panel.sessionContext?.shutdown();
    panel.dispose(); } }"""


def in_lab(page):
    return "/lab/workspaces/" in page.url


def open_notebook(page, address, name):
    """Open a notebook, and nothing beside it, and wait until its kernel is idle.

    JupyterLab is loaded once in a page: it is ten megabytes of scripts.
    """
    if in_lab(page):
        close_notebooks(page)
        page.evaluate(OPEN, name)
    else:
        page.goto(f"{address}/lab/workspaces/tests/tree/{name}?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell", timeout=90_000)
    page.wait_for_function(IDLE, timeout=90_000)


def close_notebooks(page):
    """End the kernels of all notebooks that are open, and close them as they are."""
    page.evaluate(CLOSE_ALL)


def command(page, name):
    return page.evaluate("name => window.jupyterapp.commands.execute(name)", name)


def run_all(page, seconds=120):
    """Run every cell, and wait until each has its number and the kernel is idle."""
    command(page, "notebook:run-all-cells")
    page.wait_for_function(ALL_RUN, timeout=seconds * 1000)


def cell_count(page):
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")


def run_code(page, code):
    """Run a line in the notebook's kernel and give what it prints."""
    return page.evaluate(
        """async code => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const future = kernel.requestExecute({code, store_history: false, silent: false});
          let text = '';
          future.onIOPub = ({content}) => {
            text += content.text ?? content.traceback?.join('\\n') ?? ''; };
          await future.done;
          return text.trim(); }""",
        code,
    )


def comes_to(page, ask, want, seconds=60):
    """Ask until the answer is the one that is wanted; fails with the last one there was.

    What happens on a page reaches the kernel, and its files, a moment later: a change waits while
    the kernel works on the one before.
    """
    end = time.monotonic() + seconds
    while (said := ask()) != want:
        assert time.monotonic() < end, f"{said!r}, not {want!r}"
        page.wait_for_timeout(100)


def kernel_says(page, code, want):
    """Wait until the notebook's kernel prints this."""
    comes_to(page, lambda: run_code(page, code), want)

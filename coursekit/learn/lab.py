"""Starting JupyterLab on a student's workspace, and stopping it."""

import contextlib
import http.client
import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from coursekit.errors import CourseError, cannot_write
from coursekit.learn.jupyter_files import (
    config_file,
    lab_environment,
    lab_folder,
    write_jupyter_files,
)

HOST = "127.0.0.1"
FIRST_PORT = 8888
_PORTS_TRIED = 50
_START_SECONDS = 600.0
_NOTICE_SECONDS = 20.0  # after which a start counts as slow
_STOP_SECONDS = 15.0


def run_lab(
    workspace: Path,
    *,
    port: int | None = None,
    browser: bool = True,
    debug: bool = False,
    say: Callable[[str], object] = print,
) -> None:
    """Run JupyterLab on the workspace until Ctrl-C, or until it is shut down from its menu.

    Parameters
    ----------
    workspace
        The student's folder, already filled.
    port
        The port to use; the first free one from 8888 on unless given.
    browser
        Open a browser, where there is one.
    debug
        Show the server's own messages, which otherwise go to `.coursekit/lab/server-PORT.log`.
    say
        Where sentences for the student go.

    Raises
    ------
    CourseError
        When the given port is taken, or JupyterLab stops by itself with an error.
    """
    write_jupyter_files(workspace)
    token = os.environ.get("JUPYTER_TOKEN", "").strip() or secrets.token_hex(24)
    chosen = choose_port(port)
    while True:
        if chosen != (port or FIRST_PORT):
            say(f"Port {FIRST_PORT} is taken, using {chosen}.")
        log = lab_folder(workspace) / f"server-{chosen}.log"
        with _interrupts(), _log_file(log, debug) as output, _runtime_folder() as runtime:
            code = _serve(workspace, chosen, token, runtime, output, browser, say)
        if code == 0:
            return
        if _is_free(chosen):
            if code is not None:
                raise CourseError(f"JupyterLab stopped with an error (code {code}); see {log}")
            fix = "or run `coursekit lab --debug`"
            raise CourseError(f"JupyterLab did not start or did not answer; see {log}, {fix}")
        # Another program was quicker by a moment. A second lab with the same token may even have
        # answered in place of ours, which then ended with an error.
        chosen = choose_port(port, after=chosen)


def _serve(
    workspace: Path,
    port: int,
    token: str,
    runtime: Path,
    output: IO[bytes] | None,
    browser: bool,
    say: Callable[[str], object],
) -> int | None:
    """Run one server to its end; give its exit code, None where it never came to answer."""
    open_browser = browser and has_browser()
    # A group of its own: Ctrl-C reaches this process alone, which then stops the server without
    # JupyterLab asking whether it is meant.
    server = subprocess.Popen(
        lab_command(workspace, port, open_browser=open_browser),
        env=lab_environment(workspace, runtime, token),
        cwd=workspace,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=os.name == "posix",
    )
    try:
        if not _is_ready(server, port, token, runtime, say):
            return None
        page = f"{_start_page(workspace)}?token={quote(token, safe='')}"
        say(f"Your workspace: {workspace}")
        say(f"The course is open at http://{HOST}:{port}{page}")
        if not open_browser:
            say("Open this address in a browser on this computer.")
        say("Ctrl-C here stops it; your notebooks stay in the workspace.")
        return server.wait()
    except KeyboardInterrupt:
        say("Stopping JupyterLab ...")
        return 0
    finally:
        _stop(server)


def choose_port(port: int | None = None, *, after: int = 0) -> int:
    """Return the port to listen on.

    Parameters
    ----------
    port
        A certain one, or None for the first that is free from 8888 on.
    after
        Only ports above this one, unless a certain one is asked for.

    Raises
    ------
    CourseError
        When the given one is taken, or none of 50 is free.

    Examples
    --------
    >>> choose_port() >= FIRST_PORT
    True
    """
    if port is not None:
        if not _is_free(port):
            raise CourseError(
                f"--port {port} is taken or not allowed; name another, or leave --port out"
            )
        return port
    last = FIRST_PORT + _PORTS_TRIED - 1
    for candidate in range(max(FIRST_PORT, after + 1), last + 1):
        if _is_free(candidate):
            return candidate
    raise CourseError(f"ports {FIRST_PORT} to {last} are all taken; name a free one with --port")


def has_browser() -> bool:
    """Tell whether this machine can show a browser window."""
    graphic = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    windows_inside = "microsoft" in platform.release().lower()
    if sys.platform.startswith("linux") and not graphic and not windows_inside:
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def lab_command(workspace: Path, port: int, *, open_browser: bool) -> list[str]:
    """Return the command that starts the server.

    Parameters
    ----------
    workspace
        The folder it shows.
    port
        A free port.
    open_browser
        Open a browser when it is ready.

    Examples
    --------
    >>> "--ServerApp.port_retries=0" in lab_command(Path("course"), 8888, open_browser=False)
    True
    """
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--config={config_file(workspace)}",
        f"--ServerApp.root_dir={workspace}",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.open_browser={open_browser}",
        f"--LabApp.default_url={_start_page(workspace)}",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def _start_page(workspace: Path) -> str:
    welcome = workspace / "lessons" / "00_welcome.ipynb"
    lessons = [welcome] if welcome.exists() else sorted((workspace / "lessons").glob("*.ipynb"))
    return f"/lab/tree/lessons/{quote(lessons[0].name)}" if lessons else "/lab"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere this option would take a port away from its owner
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _is_ready(
    server: subprocess.Popen[Any],
    port: int,
    token: str,
    runtime: Path,
    say: Callable[[str], object],
) -> bool:
    """Wait until our own server answers; False where it ends before that, or never does."""
    begin, told = time.monotonic(), False
    while server.poll() is None and (waited := time.monotonic() - begin) < _START_SECONDS:
        if waited > _NOTICE_SECONDS and not told:
            say("JupyterLab is still starting; on a busy machine this takes a while ...")
            told = True
        # Another lab with the same token may have this port: only ours writes its file there.
        if any(runtime.glob("jpserver-*.json")):
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection(HOST, port, timeout=5)
                try:
                    connection.request("GET", f"/api/status?token={quote(token, safe='')}")
                    if connection.getresponse().status == http.client.OK:
                        return True
                finally:
                    connection.close()
        time.sleep(0.1)
    return False


def _stop(server: subprocess.Popen[Any]) -> None:
    """Let the server shut its kernels down; end it when it takes too long."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(_STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.kill()
            server.wait()


@contextmanager
def _interrupts() -> Iterator[None]:
    """Treat the end of the terminal and a polite request to end like Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    former = {name: signal.signal(getattr(signal, name), interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in former.items():
            signal.signal(getattr(signal, name), handler)


@contextmanager
def _runtime_folder() -> Iterator[Path]:
    """Give a folder for what lives as long as the server: its address, the kernels' sockets."""
    # Not in the workspace, which may be on a disk that keeps no file private.
    with tempfile.TemporaryDirectory(prefix="coursekit-lab-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _log_file(path: Path, debug: bool) -> Iterator[IO[bytes] | None]:
    if debug:
        yield None
        return
    try:
        file = path.open("wb")
    except OSError as error:
        mend = "choose a folder of your own with --workspace DIR"
        raise cannot_write(error, path, mend) from error
    with file:
        yield file

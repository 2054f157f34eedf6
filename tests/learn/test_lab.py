"""`coursekit lab` as a student meets it: a real server, asked over HTTP, and stopped."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from coursekit.errors import CourseError
from coursekit.learn import lab
from coursekit.learn.jupyter_files import write_jupyter_files

PROC = Path("/proc/self").parent
TOKEN = "a b&c#d/é%20"
VIEW = "application/vnd.jupyter.widget-view+json"
# Not through a proxy that the machine may have.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def foreign_surroundings(folder):
    """What other installations, a site and a shell may have set up; none of it is the course's."""
    settings = {
        "ServerApp": {"base_url": "/course/", "port": 1, "ip": "192.0.2.1", "root_dir": "/"},
        "IdentityProvider": {"token": "theirs"},
        "PasswordIdentityProvider": {"hashed_password": "argon2:none", "password_required": True},
        "KernelSpecManager": {"allowed_kernelspecs": ["r"]},
    }
    config = folder / "config"
    config.mkdir()
    for name in ("jupyter_config", "jupyter_server_config", "jupyter_lab_config"):
        (config / f"{name}.json").write_text(json.dumps(settings))
    kernel = folder / "share" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/no/such/python", "{connection_file}"], "display_name": "P", "language": "p"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    (folder / "data").mkdir()
    return {
        "HOME": os.devnull,  # nothing can be written there, not even by root
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_PATH": str(folder / "share"),
        "JUPYTER_DATA_DIR": "/no/such/folder",
        "JUPYTER_RUNTIME_DIR": "/no/such/folder",
        "JUPYTERLAB_DIR": "/no/such/folder",
        "JUPYTER_PORT": "1",
        "JUPYTER_TOKEN": TOKEN,
        "IPYTHONDIR": "/no/such/folder",
        "KERAS_BACKEND": "tensorflow",
        "KERAS_HOME": "/no/such/folder",
        "MPLBACKEND": "agg",
        "COURSEKIT_DATA": "data",
        "COURSEKIT_CACHE": "kept",
    }


def start(folder, *words, **variables):
    """Start `coursekit lab` as a process of its own, in this folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "coursekit", "lab", "--no-browser", *words],
        env=os.environ | {"PYTHONUNBUFFERED": "1"} | variables,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_until(process, word):
    """The printed lines up to one that holds the word; the process must not end before it."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return "".join(lines)
    raise AssertionError("".join(lines) + process.stderr.read())


class Running:
    """A running lab: where it is, what it printed, and how to ask it."""

    def __init__(self, folder, name, variables):
        self.folder = folder
        self.workspace = folder / name
        self.process = start(folder, "--workspace", str(self.workspace), **variables)

    def wait(self):
        self.printed = read_until(self.process, "Ctrl-C")
        found = re.search(r"http://\S+?:(\d+)(\S+)\?token=(\S+)", self.printed)
        self.port, self.page, self.token = int(found[1]), found[2], found[3]

    def ask(self, path, method="GET", body=None, token=None):
        request = urllib.request.Request(
            f"http://{lab.HOST}:{self.port}{path}?token={token or self.token}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with OPENER.open(request, timeout=600) as answer:
            return answer.read()

    def json(self, *arguments, **keywords):
        return json.loads(self.ask(*arguments, **keywords))


@pytest.fixture(scope="module")
def labs(tmp_path_factory):
    """Three labs, started in the same moment, among what belongs to others."""
    folder = tmp_path_factory.mktemp("lab")
    variables = foreign_surroundings(folder)
    # A space in the name, as folders of students have; two share one workspace.
    started = [Running(folder, name, variables) for name in ("my course", "my course", "other")]
    try:
        for one in started:
            one.wait()
        yield started
    finally:
        for one in started:
            with contextlib.suppress(ProcessLookupError):
                one.process.terminate()
        for one in started:
            with contextlib.suppress(ValueError):  # a test has read it to its end
                one.process.communicate(timeout=600)


@pytest.fixture(scope="module")
def running(labs):
    return labs[0]


def test_labs_started_in_the_same_moment_take_a_port_each(labs):
    assert len({one.port for one in labs}) == 3
    for one in labs:
        names = [entry["name"] for entry in one.json("/api/contents")["content"]]
        assert sorted(names) == ["exercises", "lessons"]


def test_it_serves_the_workspace(running):
    assert "started" in running.json("/api/status")
    names = [entry["path"] for entry in running.json("/api/contents/lessons")["content"]]
    on_disk = sorted(path.name for path in (running.workspace / "lessons").glob("*.ipynb"))
    assert sorted(names) == [f"lessons/{name}" for name in on_disk] and on_disk
    top = {entry["name"] for entry in running.json("/api/contents")["content"]}
    assert top <= {"lessons", "exercises"}


def test_the_printed_address_opens_the_first_lesson(running):
    first = min(path.name for path in (running.workspace / "lessons").glob("*.ipynb"))
    assert running.page == f"/lab/tree/lessons/{first}"
    assert b"<title>JupyterLab</title>" in running.ask(running.page)
    assert "Open this address in a browser" in running.printed


def test_without_the_token_nothing_is_served(running):
    for path in ("/api/contents", "/api/kernels"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            running.ask(path, token="wrong")
        assert caught.value.code == http.client.FORBIDDEN


def test_the_token_cannot_be_read_from_the_list_of_processes(running):
    if not PROC.exists():
        pytest.skip("no /proc on this system")
    lines = []
    for path in PROC.glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # a process that ends meanwhile
            lines.append(path.read_bytes())
    assert any(b"jupyterlab" in line for line in lines)
    assert not any(TOKEN.encode() in line or running.token.encode() in line for line in lines)


def test_no_news_and_no_questions(running):
    path = "/lab/api/settings/@jupyterlab/apputils-extension:notification"
    settings = json.loads(running.json(path)["raw"])
    assert settings == {"checkForUpdates": False, "doNotDisturbMode": True, "fetchNews": "false"}


def test_copies_of_the_course_are_trusted(running):
    first = min(path.name for path in (running.workspace / "lessons").glob("*.ipynb"))
    notebook = running.json(f"/api/contents/lessons/{first}")["content"]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code and all(cell["metadata"]["trusted"] for cell in code)


def test_a_saved_notebook_keeps_the_picture_and_no_live_widget(running):
    live = {"output_type": "display_data", "metadata": {}}
    data = {VIEW: {"model_id": "x"}, "text/html": "<p>picture</p>", "text/plain": "Explorer"}
    cell = {
        "cell_type": "code",
        "id": "one",
        "execution_count": 1,
        "metadata": {},
        "outputs": [live | {"data": data}],
        "source": "explorer",
    }
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    body = {"type": "notebook", "format": "json", "content": content}
    running.ask("/api/contents/saved.ipynb", method="PUT", body=body)
    path = running.workspace / "saved.ipynb"
    stored = json.loads(path.read_bytes())["cells"][0]["outputs"][0]["data"]
    path.unlink()
    assert sorted(stored) == ["text/html", "text/plain"]


def test_a_kernel_is_the_course_s_own_whatever_is_set_up_elsewhere(running):
    (spec,) = running.json("/api/kernelspecs")["kernelspecs"].values()
    assert spec["spec"]["argv"][0] == sys.executable
    kernel = running.json("/api/kernels", method="POST", body={"name": "python3"})
    try:
        if not PROC.exists():
            pytest.skip("no /proc on this system")
        environments = [
            dict(entry.split(b"=", 1) for entry in content.split(b"\0") if b"=" in entry)
            for content in kernel_environments(running.workspace)
        ]
        assert environments
        wanted = {
            "COURSEKIT_WORKSPACE": running.workspace,
            "COURSEKIT_DATA": running.folder / "data",
            "COURSEKIT_CACHE": running.folder / "kept",
            "KERAS_BACKEND": "torch",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        for environment in environments:
            assert environment | {n.encode(): str(v).encode() for n, v in wanted.items()} == (
                environment
            )
            for name in (b"KERAS_HOME", b"IPYTHONDIR", b"MPLCONFIGDIR"):
                assert environment[name].startswith(str(running.workspace).encode())
    finally:
        running.ask(f"/api/kernels/{kernel['id']}", method="DELETE")


def kernel_environments(workspace):
    """What stands in the `environ` files of the processes that run a kernel of this workspace."""
    deadline = time.monotonic() + 120
    found = []
    while not found and time.monotonic() < deadline:
        for path in PROC.glob("[0-9]*"):
            with contextlib.suppress(OSError):
                content = (path / "environ").read_bytes()
                known = b"ipykernel" in (path / "cmdline").read_bytes()
                if known and str(workspace).encode() in content:
                    found.append(content)
        time.sleep(0.1)
    return found


def test_a_second_lab_on_the_same_port_says_so(running, tmp_path):
    with pytest.raises(CourseError, match=f"--port {running.port} is taken"):
        lab.run_lab(tmp_path, port=running.port, browser=False)


def test_a_server_that_cannot_start_is_one_sentence_with_the_log(tmp_path, monkeypatch):
    write_jupyter_files(tmp_path)
    broken = [sys.executable, "-c", "import sys; sys.exit('no such thing')"]
    monkeypatch.setattr(lab, "lab_command", lambda *_, **__: broken)
    with pytest.raises(CourseError, match=r"did not start") as raised:
        lab.run_lab(tmp_path, browser=False, say=lambda _: None)
    (log,) = (tmp_path / ".coursekit" / "lab").glob("*.log")
    assert str(log) in str(raised.value) and "no such thing" in log.read_text()


def test_a_taken_port_is_passed_over(monkeypatch):
    with socket.socket() as owner:
        owner.bind((lab.HOST, 0))
        owner.listen()
        taken = owner.getsockname()[1]
        monkeypatch.setattr(lab, "FIRST_PORT", taken)
        assert taken < lab.choose_port() < taken + 50
        with pytest.raises(CourseError, match=f"--port {taken} is taken"):
            lab.choose_port(taken)
        monkeypatch.setattr(lab, "_PORTS_TRIED", 1)
        with pytest.raises(CourseError, match="are all taken"):
            lab.choose_port()


def test_as_root_jupyter_is_told_so(tmp_path, monkeypatch):
    for user, expected in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user, raising=False)
        command = lab.lab_command(tmp_path, 8888, open_browser=True)
        assert ("--allow-root" in command) is expected


def test_settings_that_the_student_changed_stay(tmp_path):
    write_jupyter_files(tmp_path)
    (file,) = tmp_path.rglob("*.jupyterlab-settings")
    file.write_text('{"fetchNews": "true"}')
    write_jupyter_files(tmp_path)
    assert file.read_text() == '{"fetchNews": "true"}'


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_machine_without_a_screen_has_no_browser(monkeypatch, name):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(lab.platform, "release", lambda: "6.1.0")
    monkeypatch.setattr(lab.webbrowser, "get", lambda: object())
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not lab.has_browser()
    monkeypatch.setenv(name, ":0")
    assert lab.has_browser()

    def none():
        raise lab.webbrowser.Error

    monkeypatch.setattr(lab.webbrowser, "get", none)
    assert not lab.has_browser()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_each_signal_stops_a_lab_cleanly_and_takes_its_server_along(labs):
    for one, number in zip(labs, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP), strict=True):
        one.process.send_signal(number)
    for one in labs:
        printed, complaint = one.process.communicate(timeout=600)
        assert (one.process.returncode, complaint) == (0, "")
        assert "Stopping JupyterLab" in printed
        assert lab.choose_port(one.port) == one.port

"""What the doctor sees: each thing that is missing, damaged or set by others, with its fix."""

import gzip
import json
import os
import socket
import sys

import pytest

from coursekit.doctor import chromium, machine, surroundings
from coursekit.grading.sandbox import report
from coursekit.learn import lab


@pytest.fixture
def clean(monkeypatch, tmp_path):
    """An empty home, and no variable that points elsewhere."""
    for name in list(os.environ):
        if name.startswith(("JUPYTER", "KERAS", "COURSEKIT_", "PYTHONPATH", "XDG_")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(lab, "_is_free", lambda _: True)
    return home


def found_by(examination, *words):
    """The findings of an examination that hold all of these words."""
    lines = [finding for finding in examination() if finding.level != "ok"]
    return [one for one in lines if all(word in f"{one.found} {one.fix}" for word in words)]


def test_packages_that_are_missing_or_too_old(monkeypatch):
    asked = ["numpy>=9999", "no-such-package>=1", "scipy", "pytest>=1; extra == 'dev'"]
    monkeypatch.setattr(machine.importlib.metadata, "requires", lambda _: asked)
    found = [(finding.level, finding.found.split()[0]) for finding in machine._packages()]
    assert found == [("missing", "numpy"), ("missing", "no-such-package"), ("ok", "scipy")]


def test_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(machine.sys, "version_info", (3, 10, 1))
    (finding,) = machine._python()
    assert finding.level == "missing" and "3.11, 3.12 or 3.13" in finding.fix


def test_a_broken_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    (finding,) = machine._accelerator()
    assert (finding.level, finding.subject) == ("missing", "torch")


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox runs on Linux only")
def test_of_the_sandbox_it_says_what_grading_says(monkeypatch):
    report.sandbox_report.cache_clear()
    monkeypatch.setattr(report.callfilter, "available", lambda: "ImportError: no libseccomp")
    try:
        (finding,) = machine._sandbox()
        assert finding.level == "note" and finding.found == report.sandbox_report().missing
        assert "libseccomp2" in finding.found
    finally:
        report.sandbox_report.cache_clear()


def test_chromium_is_the_system_s_else_playwright_s(monkeypatch, tmp_path):
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert chromium.find_chromium() == "/usr/bin/chromium"
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    (finding,) = machine._browser()
    assert finding.level == "note" and "playwright install" in finding.fix
    program = tmp_path / "chromium_headless_shell-1200" / "chrome-linux" / "headless_shell"
    program.parent.mkdir(parents=True)
    program.touch()
    assert chromium.find_chromium() is None  # not a program yet
    program.chmod(0o755)
    assert chromium.find_chromium() == str(program)


def test_a_full_disk(monkeypatch, tmp_path):
    usage = type("Usage", (), {"free": 1 << 20})
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    (disk,) = [f for f in machine._memory_and_disk(tmp_path) if f.subject == "disk"]
    assert disk.level == "note" and "free some space" in disk.fix


def test_a_damaged_file_in_the_mirror(clean, monkeypatch, tmp_path):
    folder = tmp_path / "mirror" / "mnist"
    folder.mkdir(parents=True)
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"<html>"))
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mirror"))
    assert found_by(machine._data, str(folder / "t10k-labels-idx1-ubyte.gz"))
    assert found_by(machine._data, "lacks train-images-idx3-ubyte.gz")


def test_where_nothing_is_set_there_is_nothing_to_say(clean):
    assert list(surroundings.surroundings()) == []


def test_a_home_that_cannot_be_written_is_a_finding_and_no_warning(clean, monkeypatch, recwarn):
    monkeypatch.setenv("HOME", os.devnull)
    assert {finding.subject for finding in surroundings.surroundings()} == {"home"}
    assert list(recwarn) == []


def test_what_others_have_set_up_is_named_with_the_fix(clean, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (clean / ".keras").mkdir()
    settings = {"image_data_format": "channels_first", "floatx": "float16", "epsilon": 0.1}
    (clean / ".keras" / "keras.json").write_text(json.dumps(settings))
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_server_config.json").write_text('{"ServerApp": {"base_url": "/course/"}}')
    kernel = tmp_path / "share" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/no/such/python", "{connection_file}"], "display_name": "P", "language": "p"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    variables = {
        "COURSEKIT_DATA": "data",
        "COURSEKIT_CACHE": "~no-such-user/cache",
        "KERAS_BACKEND": "tensorflow",
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTER_PATH": str(tmp_path / "share"),
        "JUPYTER_TOKEN": "a b",
        "PYTHONPATH": "/elsewhere",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lab, "_is_free", lambda port: port != lab.FIRST_PORT)
    for words in (
        ("COURSEKIT_DATA is data", f"COURSEKIT_DATA={tmp_path / 'data'}"),
        (str(tmp_path / "data"), "no folder"),
        ("COURSEKIT_CACHE is ~no-such-user/cache",),
        ("KERAS_BACKEND is tensorflow", "unset KERAS_BACKEND"),
        ("channels_first", "float16", "epsilon", "channels_last"),
        (str(config / "jupyter_server_config.json"),),
        ("JUPYTER_TOKEN",),
        ("/no/such/python", sys.executable),
        ("PYTHONPATH is /elsewhere", "unset PYTHONPATH"),
        (str(lab.FIRST_PORT), str(lab.FIRST_PORT + 1)),
    ):
        assert len(found_by(surroundings.surroundings, *words)) == 1, words


def test_a_home_that_cannot_be_written(clean, monkeypatch):
    monkeypatch.setenv("HOME", os.devnull)
    assert found_by(surroundings._home, f"home folder {os.devnull}")
    assert found_by(surroundings._home, "COURSEKIT_CACHE")


def test_a_port_that_is_taken(clean, monkeypatch):
    monkeypatch.undo()
    with socket.socket() as owner:
        owner.bind((lab.HOST, 0))
        owner.listen()
        monkeypatch.setattr(lab, "FIRST_PORT", owner.getsockname()[1])
        assert found_by(surroundings._port, "is taken")

"""What the doctor sees: each thing that is missing, damaged or set by others, with its fix."""

import gzip
import json
import os
import socket
import sys

import psutil
import pytest

from coursekit import _extras
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


@pytest.mark.parametrize(("clone", "level"), [(True, "missing"), (False, "note")])
def test_packages_that_are_missing_or_too_old(monkeypatch, clone, level):
    """A clone installs every extra; who installs the wheel chooses."""
    asked = [
        *("numpy>=9999", "no-such-package>=1", "scipy", "pytest>=9999; extra == 'dev'"),
        *("torch; extra == 'torch'", "torch; extra == 'keras'", "no-keras; extra == 'keras'"),
        "sqlalchemy>=9999; extra == 'grading'",
    ]
    monkeypatch.setattr(_extras.importlib.metadata, "requires", lambda _: asked)
    for module in (machine, _extras):
        monkeypatch.setattr(module, "in_clone", lambda: clone)
    package, torch, keras, grading = machine._packages()
    assert package.level == "missing" and package.fix == _extras.how_to_get("")
    assert "no-such-package not installed" in package.found and "numpy" in package.found
    assert (torch.level, torch.found.split()[0]) == ("ok", "torch")
    assert keras.level == grading.level == level
    assert keras.found == "no-keras not installed" and "[keras]" in keras.fix
    assert "sqlalchemy" in grading.found and "[grading]" in grading.fix
    monkeypatch.setattr(machine, "_GRADES", False)  # as students are given it
    assert [finding.subject for finding in machine._packages()] == ["packages", "torch", "keras"]


def test_a_package_that_was_never_installed(monkeypatch):
    def unknown(_):
        raise _extras.importlib.metadata.PackageNotFoundError("coursekit")

    monkeypatch.setattr(_extras.importlib.metadata, "requires", unknown)
    (finding,) = machine._packages()
    assert finding.level == "missing" and finding.fix == _extras.how_to_get("all")


def test_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(machine.sys, "version_info", (3, 10, 1))
    (finding,) = machine._python()
    assert finding.level == "missing" and "3.11, 3.12 or 3.13" in finding.fix


def test_a_broken_torch(monkeypatch, tmp_path):
    (tmp_path / "torch.py").write_text("raise OSError('libtorch_cpu.so: cannot open')")
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    (finding,) = machine._accelerator()
    assert (finding.level, finding.subject) == ("missing", "torch")
    assert "libtorch_cpu.so" in finding.found and "uninstall" in finding.fix


def test_without_packaging_nothing_can_be_compared(monkeypatch):
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    (finding,) = machine._packages()
    assert finding.level == "missing" and "packaging" in finding.found and finding.fix


def test_the_accelerator_that_is_there_is_named(monkeypatch):
    import torch

    device = type("Device", (), {"name": "H200", "total_memory": 141 << 30})
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    (without,) = machine._accelerator()
    assert without.level == "note" and without.fix
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert [finding.found for finding in machine._accelerator()] == ["Apple GPU"]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda number: device)
    assert [finding.found for finding in machine._accelerator()] == ["H200, 141 GiB"] * 2


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


def test_little_memory_a_full_disk_and_a_folder_that_cannot_be_written(monkeypatch, tmp_path):
    usage = type("Usage", (), {"free": 1 << 20, "available": 1 << 20})
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: usage)
    monkeypatch.setattr(machine.os, "access", lambda *_: False)
    memory, disk, workspace = machine._memory_and_disk(tmp_path / "not there yet")
    assert memory.level == "note" and "close other programs" in memory.fix
    assert disk.level == "note" and "free some space" in disk.fix
    assert workspace.level == "missing" and "--workspace" in workspace.fix


def test_data_that_is_not_here_and_a_registry_that_cannot_be_read(clean, monkeypatch, tmp_path):
    (absent,) = found_by(machine._data, "not here yet")
    assert absent.level == "note" and "coursekit data fetch fashion_mnist" in absent.fix
    (tmp_path / "registry.toml").write_text("[")
    monkeypatch.setenv("COURSEKIT_REGISTRY", str(tmp_path))
    (broken,) = machine._data()
    assert broken.level == "missing" and str(tmp_path) in broken.found and broken.fix


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


def test_settings_and_a_kernel_that_cannot_be_read(clean, monkeypatch, tmp_path):
    (clean / ".keras").mkdir()
    (clean / ".keras" / "keras.json").write_text("{")
    kernel = tmp_path / "share" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text("{")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    (settings,) = found_by(surroundings._keras, str(clean / ".keras" / "keras.json"))
    (spec,) = found_by(surroundings._kernels, "python3 cannot be read")
    assert settings.fix and spec.fix


def test_no_port_that_is_free(clean, monkeypatch):
    monkeypatch.setattr(lab, "_is_free", lambda _: False)
    (finding,) = surroundings._port()
    assert finding.level == "note" and finding.fix


def test_a_port_that_is_taken(clean, monkeypatch):
    monkeypatch.undo()
    with socket.socket() as owner:
        owner.bind((lab.HOST, 0))
        owner.listen()
        monkeypatch.setattr(lab, "FIRST_PORT", owner.getsockname()[1])
        assert found_by(surroundings._port, "is taken")

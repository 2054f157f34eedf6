"""The command line: what it prints, its exit codes, and one line for whatever goes wrong."""

import errno
import os
import shutil
import subprocess
import sys

import pytest

from coursekit import cli, datasets, doctor
from coursekit.datasets import DatasetError
from coursekit.errors import CourseError


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Runs a command in this process; gives its exit code, its output and its complaint."""
    monkeypatch.delenv("COURSEKIT_WORKSPACE", raising=False)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))

    def call(*words):
        code = cli.main(words)
        printed, complaint = capsys.readouterr()
        return code, printed, complaint

    return call


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nonsense"], "nonsense"),
        (["--nonsense"], "--nonsense"),
        (["lab", "--nonsense"], "--nonsense"),
        (["lab", "extra"], "extra"),
        (["lab", "--port", "many"], "--port"),
        (["lab", "--port", "0"], "--port"),
        (["lab", "--port", "65536"], "--port"),
        (["lab", "--port"], "--port"),
        (["lab", "--reset"], "--reset"),
        (["lab", "--reset", "99", "--workspace", "{tmp}/w"], "--reset 99"),
        (["lab", "--workspace", "{tmp}/file"], "file"),
        (["lab", "--workspace", "{root}/lessons"], "--workspace"),
        (["doctor", "--workspace", "{tmp}/file"], "file"),
        (["cards"], "--out"),
        (["cards", "--out", "{tmp}/cards.txt"], "name it cards.apkg"),
        (["cards", "--out", "{tmp}/there.apkg"], "is there already"),
        (["cards", "--out", "{tmp}"], ".apkg"),
        (["slides"], "LESSON"),
        (["slides", "03"], "--out"),
        (["slides", "99", "--out", "{tmp}/s"], "'99' is not known; give one of: 00, 01"),
        (["slides", "", "--out", "{tmp}/s"], "is not known"),
        (["slides", "03", "--out", "{tmp}/file"], "is a file"),
        (["progress", "--workspace", "{tmp}/file"], "file"),
        (["progress", "extra"], "extra"),
        (["new"], "command"),
        (["new", "lesson"], "`coursekit new lesson --help`"),
        (["new", "lesson", "dilation"], "NN_name, such as 22_dilation"),
        (["new", "widget", "Quiz"], "small letters, digits and underscores"),
        (["data"], "command"),
        (["data", "nonsense"], "nonsense"),
        (["data", "fetch"], "NAME"),
        (["data", "fetch"], "`coursekit data fetch --help`"),
        (["lab", "--reset", "", "--workspace", "{tmp}/w"], "--reset without a number"),
        (["lab", "--reset", "02", "--reset", "99", "--workspace", "{tmp}/w"], "--reset 99"),
        (["lab", "--workspace", "{tmp}/file/w"], "file is a file"),
        (["doctor", "--workspace", "{tmp}/file/w"], "file is a file"),
        (["data", "fetch", "strokes", "nonsense"], "nonsense"),
    ],
)
def test_a_wrong_call_is_one_line_that_names_the_fix(run, tmp_path, project, words, named):
    (tmp_path / "file").write_text("")
    (tmp_path / "there.apkg").write_text("")
    code, printed, complaint = run(*(word.format(tmp=tmp_path, root=project) for word in words))
    assert (code, printed) == (2, "")
    assert complaint.startswith("coursekit: ") and complaint.count("\n") == 1
    assert named in complaint


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_debug_shows_where_from_any_place_in_the_command(run, tmp_path, place):
    words = ["lab", "--reset", "99", "--workspace", str(tmp_path)]
    words.insert({"before": 0, "between": 1, "after": len(words)}[place], "--debug")
    code, _, complaint = run(*words)
    assert code == 2
    assert "Traceback" in complaint and complaint.splitlines()[-1].startswith("coursekit: ")


def test_without_a_command_the_help_is_shown_and_the_call_counts_as_wrong(run):
    code, printed, complaint = run()
    assert (code, complaint) == (2, "")
    assert "lab" in printed and "doctor" in printed and "data" in printed


def test_help_lists_the_commands_and_loads_nothing_heavy():
    code = (
        "import sys; from coursekit.cli import main; main(['--help']); "
        "print(sorted({'torch', 'keras', 'numpy', 'matplotlib', 'jupyterlab'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(word in done.stdout for word in ("lab", "doctor", "data", "--debug"))
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(run):
    from coursekit import __version__

    assert run("--version") == (0, f"coursekit {__version__}\n", "")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CourseError("a.ipynb is broken;\n fetch it again."), "a.ipynb is broken; fetch it again"),
        (OSError(errno.EACCES, "Permission denied", "/a/b"), "/a/b: permission denied; "),
        (OSError("no answer"), "unexpected OSError: no answer; "),
        (KeyError("k"), "unexpected KeyError: 'k'; "),
    ],
)
def test_work_that_cannot_be_done_is_one_line(run, monkeypatch, error, expected):
    def fail(_):
        raise error

    monkeypatch.setattr(doctor, "examine", fail)
    code, _, complaint = run("doctor")
    assert code == 1
    assert complaint.startswith(f"coursekit: {expected}") and complaint.count("\n") == 1
    assert ("--debug" in complaint) is not isinstance(error, CourseError)


def test_an_interrupted_command_ends_like_one(run, monkeypatch):
    def fail(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "examine", fail)
    assert run("doctor") == (130, "", "coursekit: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes")
def test_a_reader_that_goes_away_is_no_error():
    for unbuffered in ([], ["-u"]):
        command = [sys.executable, *unbuffered, "-m", "coursekit", "data", "list"]
        read, write = os.pipe()
        os.close(read)
        try:
            done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
        finally:
            os.close(write)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_a_folder_in_which_no_environment_can_be_made_is_named(project, tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(project / ".ci" / "environment", tmp_path / ".ci")
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ]\n')  # right in everything but `-m venv`
    python.chmod(0o755)
    command = ["sh", str(tmp_path / ".ci" / "environment"), "lab"]
    environment = os.environ | {"PYTHON": str(python)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{tmp_path}/.venv could not be made" in done.stderr


def test_an_output_that_knows_no_tick_is_no_error(project):
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    solved = project / "solutions" / "02_convolution_1d.ipynb"
    command = [sys.executable, "-m", "coursekit", "check", str(solved)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"correlate1d is right" in done.stdout


def test_reset_says_what_became_of_each_notebook(run, tmp_path, project):
    name = next((project / "lessons").glob("02_*.ipynb")).name
    code, printed, _ = run("lab", "--reset", "02", "--workspace", str(tmp_path))
    assert code == 0 and f"lessons/{name} is as the course has it\n" in printed
    (tmp_path / "lessons" / name).write_text("mine")
    _, printed, _ = run("lab", "--reset", "2", "--workspace", str(tmp_path))
    old = name.replace(".ipynb", ".old-1.ipynb")
    assert f"yours is now lessons/{old}" in printed
    assert (tmp_path / "lessons" / old).read_text() == "mine"


def test_lab_says_what_it_did_with_the_notebooks(run, tmp_path, project, monkeypatch):
    from coursekit.learn import lab

    monkeypatch.setattr(lab, "run_lab", lambda *_, **__: None)
    number = len([*project.glob("lessons/*.ipynb"), *project.glob("exercises/*.ipynb")])
    _, printed, _ = run("lab", "--workspace", str(tmp_path))
    assert printed.startswith("Copied into your workspace: ")
    assert number <= 6 or f"{number} notebooks" in printed
    assert run("lab", "--workspace", str(tmp_path)) == (0, "", "")
    first = min((tmp_path / "lessons").glob("*.ipynb"))
    first.unlink()
    _, printed, _ = run("lab", "--workspace", str(tmp_path))
    assert printed == f"Put back, because they were missing: lessons/{first.name}\n"


def test_data_list_has_a_line_for_each_set(run):
    code, printed, _ = run("data", "list")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()[1:]] == list(datasets.names())


def test_data_fetch_looks_at_all_names_before_it_fetches(run, monkeypatch):
    fetched = []
    monkeypatch.setattr(datasets, "fetch", lambda *names: fetched.append(names) or [])
    assert run("data", "fetch", "mnist", "nonsense")[0] == 2
    assert fetched == []
    assert run("data", "fetch", "mnist", "shapes")[0] == 0
    assert fetched == [("mnist",), ("shapes",)]


def test_data_fetch_that_fails_is_one_line(run, monkeypatch):
    def fail(name):
        raise DatasetError(f"{name} cannot be had; look at the network")

    monkeypatch.setattr(datasets, "fetch", fail)
    code, _, complaint = run("data", "fetch", "mnist")
    assert (code, complaint) == (1, "coursekit: mnist cannot be had; look at the network\n")


def test_doctor_names_what_is_missing_and_the_fix(run, tmp_path, monkeypatch):
    findings = [
        doctor.Finding("ok", "Python", "3.12"),
        doctor.Finding("missing", "packages", "numpy is not installed", "install it"),
        doctor.Finding("note", "sandbox", "none", "not needed"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda _: findings)
    code, printed, complaint = run("doctor", "--workspace", str(tmp_path))
    assert code == 1 and complaint.count("\n") == 1 and "1 of these" in complaint
    assert "missing  packages     numpy is not installed: install it" in printed
    monkeypatch.setattr(doctor, "examine", lambda _: [findings[0], findings[2]])
    assert run("doctor", "--workspace", str(tmp_path))[0] == 0


def test_doctor_on_this_machine(run, tmp_path):
    code, printed, _ = run("doctor", "--workspace", str(tmp_path / "not yet"))
    assert code == 0
    subjects = (
        "Python",
        "packages",
        "accelerator",
        "memory",
        "disk",
        "data",
        "sandbox",
        "Chromium",
    )
    assert all(subject in printed for subject in subjects)

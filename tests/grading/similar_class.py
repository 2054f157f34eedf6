"""A class of different solutions of set 03, and copies of some of them, changed to hide it.

The solutions are those by which the checks are tested: each student has a `conv2d` of a style, or
with a slip, of one's own. Some wrote what the release leads to, as a third of a real class does.
"""

import ast
import io
import json
import re
import runpy
import tokenize
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from notebooks_at_hand import SET, handed_out

CHECKS = Path(__file__).resolve().parents[1] / "checks"
PARAMETERS = {"conv2d": "image, kernel", "match_score": "patch, pattern"}
LOOP = """\
height, width = image.shape
m, n = kernel.shape
feature_map = np.zeros((height - m + 1, width - n + 1))
for i in range(height - m + 1):
    for j in range(width - n + 1):
        patch = image[i : i + m, j : j + n]
        {}
return feature_map"""
NATURAL = [LOOP.format(f"feature_map[i, j] = {value}") for value in (
    "np.sum(patch * kernel)", "(patch * kernel).sum()", "np.sum(kernel * patch)",
    "np.sum(np.multiply(patch, kernel))", "np.vdot(patch, kernel)", "float(np.sum(patch * kernel))",
    "np.einsum('ab,ab->', patch, kernel)", "(kernel * patch).sum()",
)]  # fmt: skip
COMMENTS = [
    "go over every place where it fits",
    "the kernel is not turned here",
    "add up all the products",
    "how many places there are",
    "slide along the rows first",
    "this took me a while",
    "window under the kernel",
    "same as in the lecture",
]


def _indented(body):
    return "".join(f"    {line}\n" for line in body.split("\n"))


def answers(name):
    """Give (whether it is right, source) of each answer to a function in the tests of checks."""
    for path in sorted(CHECKS.glob("*answers*.py")):
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in tree.body:
            target = getattr(node, "target", None) or getattr(node, "targets", [None])[0]
            table = getattr(target, "id", "")
            if table not in ("RIGHT", "WRONG") or not isinstance(node.value, ast.Dict):
                continue
            for key, listed in zip(node.value.keys, node.value.values, strict=True):
                if ast.literal_eval(key) != name:
                    continue
                for one in listed.elts:
                    answer = one.elts[0] if isinstance(one, ast.Tuple) else one
                    source = _source(answer, name, defined)
                    if source is not None:
                        yield table == "RIGHT", source


def _source(answer, name, defined):
    """Return an answer as a function of the name that was asked for; None for another kind."""
    if isinstance(answer, ast.Lambda):
        head = f"def {name}({ast.unparse(answer.args)}):\n"
        source = head + f"    return {ast.unparse(answer.body)}\n"
    elif isinstance(answer, ast.Name) and answer.id in defined:
        source = ast.unparse(defined[answer.id]).replace(f"{answer.id}(", f"{name}(") + "\n"
    else:
        return None
    called = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)} & set(defined)
    return source if called <= {name} else None  # several answers are made of one function


def beginners(name):
    """Give (False, source) of what beginners write."""
    for asked, _, body in runpy.run_path(str(CHECKS / "beginners.py"))["WRONG"]:
        if asked == name:
            if body.startswith("LOOP:"):
                body = LOOP.format(body.removeprefix("LOOP: ").replace("out[", "feature_map["))
                body = body.replace("; return out", "\n        return feature_map")
            yield False, f"def {name}({PARAMETERS[name]}):\n{_indented(body)}"


def solutions(name):
    """Return the different answers to a function of set 03 as (right, source)."""
    found = [*answers(name), *beginners(name)]
    if name == "conv2d":
        found += [(True, f"def conv2d(image, kernel):\n{_indented(body)}") for body in NATURAL]
    kept: dict[str, tuple[bool, str]] = {}
    for right, source in found:
        plain = ast.unparse(ast.parse(renamed(source)))
        if not ("feature_map" not in source and any(_twins(plain, one) for one in kept)):
            kept.setdefault(plain, (right, source))
    return list(kept.values())


def _twins(one, other):
    """Say, by a measure of its own, whether two longer answers are the same but for a word.

    They are by one hand then. (What the release leads to is alike in every class, and stays.)
    """
    if min(len(one), len(other)) <= 200:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.78


def commented(source, number):
    """Put two comments into a function, as different students put different ones."""
    lines = source.rstrip("\n").split("\n")
    for place, step in ((1, 1), (len(lines), 3)):
        words = COMMENTS[(number * step + place) % len(COMMENTS)]
        indent = re.match(" *", lines[min(place, len(lines) - 1)]).group()
        lines.insert(place if place == 1 else len(lines) - 1, f"{indent}# {words}")
    return "\n".join(lines) + "\n"


@cache
def honest_class():
    """Return for each student the sources of both functions, every `conv2d` another one."""
    convolutions, scores = solutions("conv2d"), solutions("match_score")
    return {
        f"student{number:02d}": {
            "match_score": commented(scores[(number * 7) % len(scores)][1], number + 3),
            "conv2d": commented(convolutions[number][1], number),
        }
        for number in range(len(convolutions))
    }


def handed_in(functions, order=("match_score", "conv2d"), name=SET):
    """Return the notebook of a student: the released one with these functions filled in."""
    whole = json.loads(handed_out(name))
    places = [
        number for number, cell in enumerate(whole["cells"])
        if cell["cell_type"] == "code"
        and re.search(rf"^(?:def|class) (?:{'|'.join(functions)})\b", "".join(cell["source"]), re.M)
    ]  # fmt: skip
    for place, one in zip(places, order, strict=True):
        whole["cells"][place]["source"] = functions[one]
    return json.dumps(whole).encode()


def renamed(source, suffix="_x"):
    """Return a function with every name of its own changed, comments and all else as it was."""
    tree = ast.parse(source)
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    own -= keywords | {"self"}
    new = {name: f"v{number}{suffix}" for number, name in enumerate(sorted(own))}
    tokens, before = [], ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        named = token.type == tokenize.NAME and before != "."
        before = token.string
        tokens.append((token.type, new.get(token.string, token.string) if named else token.string))
    return tokenize.untokenize(tokens)


class _While(ast.NodeTransformer):
    """Turns `for i in range(n)` into a `while`."""

    def visit_For(self, node):
        self.generic_visit(node)
        call = node.iter
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "range"):
            return node
        if len(call.args) != 1:
            return node
        name, end = ast.unparse(node.target), ast.unparse(call.args[0])
        begin, loop = ast.parse(f"{name} = 0\nwhile {name} < {end}:\n    {name} += 1").body
        loop.body = [*node.body, *loop.body]
        return [begin, loop]


def with_other_loops(source):
    """Return a function with other loops, other names and without its comments."""
    tree = ast.fix_missing_locations(_While().visit(ast.parse(source)))
    changed = ast.unparse(tree) + "\n"
    assert "while" in changed
    return renamed(changed, "_y")

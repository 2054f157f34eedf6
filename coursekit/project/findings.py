"""What a saved project shows of its rubric: which parts are there, and what is missing where.

Everything is read from the file as it was saved; no cell is run. What a person has to judge, how
well a part is done, is not asked here, and no points are given.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from coursekit._files import course_root
from coursekit._record import cell_digest
from coursekit.notebooks.ipython import python_source
from coursekit.notebooks.reading import Unreadable
from coursekit.notebooks.syntax import parsed
from coursekit.project.rubric import NOTEBOOK, SET, Part, parts
from coursekit.project.saved import CodeCell, Project, Record, read_project

_RUN_AGAIN = "choose Kernel > Restart Kernel and Run All Cells, then save"
_TRAINS = {"fit", "backward", "train_one_epoch", "train_on_batch", "partial_fit", "fit_transform"}
_COPIED, _REPEATED = 6, 3  # so many words in a row are copied, or have been said before
_MOST_NAMED = 5
_MOST_SOURCE = 60_000  # characters of a cell that are looked at


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for in a part: whether it is so, and what is missing where.

    A message beside what passed is for whoever judges the part.
    """

    part: str
    name: str
    passed: bool
    message: str = ""


def findings(content: bytes) -> list[Finding]:
    """Return all that was looked for in a project, part by part, in the order of the rubric.

    Parameters
    ----------
    content
        The bytes of the notebook as it was saved.

    Raises
    ------
    Unreadable
        When it is no notebook, or too large.
    """
    project = read_project(content)
    found = []
    for part in parts():
        looked = _of_the_whole(project) if part.name == NOTEBOOK else _of_a_part(project, part)
        found += [Finding(part.name, name, not wrong, wrong) for name, wrong in looked]
        if part.opens and (remark := _opened_before(project)):
            found.append(Finding(part.name, "the first opening", True, remark))
    return found


Looked = tuple[str, str]  # what was looked for, and what is wrong; "" where nothing is


def _of_a_part(project: Project, part: Part) -> Iterator[Looked]:
    heading, wrong = _heading_of(project, part)
    yield f"the part “{part.title}” is there, in its place", wrong
    cells = project.under(heading)
    text = project.texts.get(heading, "")
    if part.words:
        yield f"at least {part.words} words of your own", _too_few_words(text, part)
    if part.split:
        yield "one split of pictures of your own, by from_folder", _split(project, heading)
    if part.trains:
        yield "something is trained", _trains(project, cells, part)
    if part.name == "baseline":
        yield "no network is trained for it", _network_in(project, cells)
    if part.pictures:
        few = sum(cell.picture for cell in cells) < part.pictures
        missing = f"no cell under “{part.title}” shows a picture; show some with coursekit.figures"
        yield "pictures", missing if few else ""
    if part.opens:
        yield "the test part is opened here, once, and nowhere else", _opened(project, heading)
        yield "nothing is trained after that", _trained_after(project)
        yield "one network is tested", _several_tested(project)
    if part.claims:
        yield _counted(part.claims, "claim"), _claims(cells, part)
    if part.name == "report":
        yield "the number claimed in the test is quoted", _quoted(project, text)


def _counted(count: int, thing: str) -> str:
    return f"at least {count} {thing}{'' if count == 1 else 's'}, kept"


def _heading_of(project: Project, part: Part) -> tuple[str, str]:
    """Return a part's heading as it stands in the notebook, and what is wrong with its place."""
    plain = {heading: heading.casefold() for heading in project.headings}
    known = {one.title.casefold(): number for number, one in enumerate(parts())}
    here = [heading for heading in project.headings if plain[heading] == part.title.casefold()]
    if not here:
        return "", f"there is no heading “## {part.title}”; write the part under it"
    if len(here) > 1:
        return here[0], f"there are {len(here)} headings “## {part.title}”; keep one of them"
    own = known[part.title.casefold()]
    before = project.headings[: project.headings.index(here[0])]
    late = [heading for heading in before if known.get(plain[heading], -1) > own]
    if late:
        return here[0], f"it comes after “{late[0]}”; the order of the rubric is the order of work"
    return here[0], ""


def _too_few_words(text: str, part: Part) -> str:
    count = _own_words(text)
    if count >= part.words:
        return ""
    return f"{count} words of your own under “{part.title}” so far; write at least {part.words}"


def _own_words(text: str) -> int:
    """Return how many words are the student's own: not the starter's, and not said before."""
    lines = [line for line in _lines(text) if line not in _starter_lines()]
    words = re.findall(r"\w+", " ".join(lines).casefold())
    copied = {
        place + k
        for place, run in enumerate(_runs(words, _COPIED))
        if run in _starter_runs()
        for k in range(_COPIED)
    }
    own = [word for place, word in enumerate(words) if place not in copied]
    return min(len(own), len(set(_runs(own, _REPEATED))) + _REPEATED - 1)


def _runs(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[k : k + length]) for k in range(len(words) - length + 1)]


@cache
def _starter_runs() -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(_starter_text()).casefold())
    return frozenset(_runs(words, _COPIED))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@cache
def _starter_lines() -> frozenset[str]:
    """Return the lines of text of the starter notebook: they are not the student's own."""
    return frozenset(line for text in _starter_text() for line in _lines(text))


@cache
def _starter_text() -> tuple[str, ...]:
    try:
        content = (course_root() / "exercises" / f"{SET}.ipynb").read_bytes()
        return tuple(read_project(content).texts.values())
    except (OSError, Unreadable):
        return ()


def _split(project: Project, heading: str) -> str:
    splits = [(cell, record) for cell, record in _records(project.cells, "split")]
    if not splits:
        return "no cell has called from_folder; load your pictures with it"
    if len(splits) > 1:
        where = _cells(cell for cell, _ in splits)
        return (
            f"from_folder was called {len(splits)} times ({where}): another call makes another "
            "split, in which pictures of the test part may be trained on; call it once"
        )
    cell, record = splits[0]
    if cell.heading != heading:
        return f"{cell} calls from_folder; do it under “Data”"
    if record.facts.get("example") is not False:
        return "these are the pictures that the course has drawn; take pictures of your own"
    return ""


def _trains(project: Project, cells: list[CodeCell], part: Part) -> str:
    trainers = _trainers(project)
    if any(_calls(cell.source) & trainers for cell in cells):
        return ""
    return f"no cell under “{part.title}” trains anything (calls fit, or a function with backward)"


def _opened(project: Project, heading: str) -> str:
    opened = _records(project.cells, "opened")
    elsewhere = [cell for cell, _ in opened if cell.heading != heading]
    if elsewhere:
        return (
            f"{_cells(elsewhere)} opens the test part before the end; what is decided with it "
            "cannot be tested by it: use data.validation there"
        )
    times = max([record.number("time") or 1 for _, record in opened], default=0)
    if not opened:
        return "it was never opened: x_test, y_test = data.test.open(), when all else is settled"
    if len(opened) > 1 or times > 1:
        count = max(len(opened), int(times))
        return f"it was opened {count} times ({_cells(cell for cell, _ in opened)}); open it once"
    return ""


def _opened_before(project: Project) -> str:
    """Say whether the code before the opening was another one in earlier runs."""
    opened = _records(project.cells, "opened")
    versions = max([record.number("versions") or 1 for _, record in opened], default=1)
    if versions <= 1:
        return ""
    return (
        f"these pictures were opened in {versions:g} runs with different code before; the report "
        "should say what was changed after the first"
    )


def _trained_after(project: Project) -> str:
    opened = [cell.number for cell, _ in _records(project.cells, "opened")]
    if not opened:
        return ""
    trainers = _trainers(project)
    late = [
        cell
        for cell in project.cells
        if cell.number >= opened[0] and _calls(cell.source) & trainers
    ]
    if not late:
        return ""
    return (
        f"{_cells(late)} trains when the test part is open; train before, and choose by the "
        "validation part"
    )


def _network_in(project: Project, cells: list[CodeCell]) -> str:
    """Say where a network is trained; a method of another library may have a `fit` of its own."""
    trainers = _callers_of(project, {"backward", "train_one_epoch", "train_on_batch"}, {"fit"})
    late = [cell for cell in cells if _calls(cell.source) & trainers - {"fit"} or _plain_fit(cell)]
    if not late:
        return ""
    return f"{_cells(late)} trains a network; a baseline is a method that needs none"


def _plain_fit(cell: CodeCell) -> bool:
    """Say whether a cell calls the function `fit`, not a method of that name."""
    calls = _calls_in(cell.source, functions=False)
    return any(isinstance(call.func, ast.Name) and call.func.id == "fit" for call in calls)


def _several_tested(project: Project) -> str:
    """Say where more than one network is tried on the opened test part."""
    opened = [cell.number for cell, _ in _records(project.cells, "opened")]
    later = [cell for cell in project.cells if opened and cell.number >= opened[0]]
    tested: dict[str, CodeCell] = {}
    for cell in later:
        tree = _tree(cell.source[:_MOST_SOURCE])
        loops = [node for node in ast.walk(tree) if isinstance(node, _LOOPS)]
        looped = {_first_of(call) for loop in loops for call in _evaluations(loop)}
        targets = {
            name.id
            for loop in loops
            for part in ([loop.target] if isinstance(loop, ast.For) else
                         [one.target for one in loop.generators])
            for name in ast.walk(part)
            if isinstance(name, ast.Name)
        }  # fmt: skip
        if looped & targets:
            return f"{cell} tries several networks on the test part; test the one that was chosen"
        tested |= {_first_of(call): cell for call in _evaluations(tree)}
    if len(tested) <= 1:
        return ""
    return (
        f"{_cells(tested.values())} tries {len(tested)} networks on the test part "
        f"({', '.join(sorted(tested)[:_MOST_NAMED])}); test the one that was chosen"
    )


_LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _evaluations(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "evaluate" and node.args:
            yield node


def _first_of(call: ast.Call) -> str:
    return ast.unparse(call.args[0])[:80]


def _claims(cells: list[CodeCell], part: Part) -> str:
    claimed = _records(cells, "claim")
    problems = [wrong for cell, record in claimed if (wrong := _claim(cell, record))]
    if problems:
        return "; ".join(problems[:_MOST_NAMED])
    if len(claimed) < part.claims:
        return (
            f"{len(claimed)} of {part.claims} under “{part.title}”; write "
            'claim("what", value, at=0.85, within=0.05)'
        )
    return ""


def _claim(cell: CodeCell, record: Record) -> str:
    """Return what is wrong with a claim: not kept, or another number than its cell has."""
    said = record.facts.get("what")
    what = said[:80] if isinstance(said, str) else ""
    at, within = record.number("at"), record.number("within")
    if at is None or within is None:
        return f"{cell}: the record of a claim is damaged; {_RUN_AGAIN}"
    written = _written_claims(cell.source)
    if (at, within) not in written:
        return (
            f"{cell}: the claim {what!r} has the numbers {at:g} and {within:g}, which do not stand "
            "in the cell; write at=... and within=... as numbers"
        )
    if all(_literal(node) is not None for node in written[at, within]):
        return (
            f"{cell}: the claim {what!r} is of a number that is written out; give it the value "
            "that your code has computed"
        )
    value = record.number("value")
    kept = record.facts.get("kept") is True
    if value is not None:
        kept = at - within - 1e-9 <= value <= at + within + 1e-9
    elif "value" in record.facts:
        kept = False
    if not kept:
        came = "" if value is None else f", and {value:.4g} came out"
        return f"{cell}: the claim {what!r} is not kept: {at:g} within {within:g}{came}"
    return ""


def _written_claims(source: str) -> dict[tuple[float, float], list[ast.expr]]:
    """Return what is claimed, by `at` and `within`, where a cell has these written out."""
    found: dict[tuple[float, float], list[ast.expr]] = {}
    for node in _calls_in(source):
        given = {word.arg: word.value for word in node.keywords}
        numbers = {name: _literal(value) for name, value in given.items()}
        at, within = numbers.get("at"), numbers.get("within")
        if _name(node.func) == "claim" and at is not None and within is not None:
            value = node.args[1] if len(node.args) > 1 else given.get("value")
            found.setdefault((at, within), []).append(value or ast.Name("value"))
    return found


def _literal(node: ast.expr) -> float | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return float(value) if type(value) in (int, float) else None


def _quoted(project: Project, text: str) -> str:
    under = [cell for cell in project.cells if cell.heading.casefold() == "test"]
    numbers = [
        n for _, record in _records(under, "claim") if (n := record.number("at")) is not None
    ]
    if not numbers:
        return "nothing is claimed in the test that the report could quote"
    percent = r"\s?(?:%|per ?cent)"
    for number in numbers:
        if re.search(rf"{_written(number)}(?!{percent})|{_written(100 * number)}{percent}", text):
            return ""
    return f"the report does not say {numbers[0]:g} or {100 * numbers[0]:g} %"


def _written(number: float) -> str:
    """Return a pattern of the number as people write it: 0.5, 0.50 or 0,5."""
    whole, _, decimals = f"{number:g}".partition(".")
    ending = rf"[.,]{decimals}0*" if decimals else r"(?:[.,]0+)?"
    return rf"(?<![\d.])(?<!\d,){whole}{ending}(?!\d|[.,]\d)"


def _of_the_whole(project: Project) -> Iterator[Looked]:
    yield "every code cell has run, once, from top to bottom", _in_order(project)
    errors = [cell for cell in project.cells if cell.error]
    named = ", ".join(f"{cell} ({cell.error})" for cell in errors[:_MOST_NAMED])
    yield "no cell ended in an error", f"{named}: fix it, then {_RUN_AGAIN}" if errors else ""
    yield "no cell was changed after it had run", _changed(project)


def _in_order(project: Project) -> str:
    if not project.cells:
        return "there is no code in it"
    idle = [cell for cell in project.cells if cell.count is None]
    if idle:
        return f"{_cells(idle)} has not run: {_RUN_AGAIN}"
    for place, cell in enumerate(project.cells, start=1):
        if cell.count != place:
            return f"{cell} was number {cell.count} to run, not {place}: {_RUN_AGAIN}"
    return ""


def _changed(project: Project) -> str:
    by_count = {cell.count: (cell, cell_digest(cell.source)) for cell in project.cells}
    told = [(cell, record) for cell in project.cells for record in cell.records]
    if not told:
        return f"no cell has left a record (from_folder and claim do): {_RUN_AGAIN}"
    changed: dict[int, CodeCell] = {}
    for cell, record in told:
        if len(record.ran) != cell.count:
            return f"{cell} holds the output of another run: {_RUN_AGAIN}"
        for count, digest in enumerate(record.ran, start=1):
            ran, now = by_count.get(count, (cell, digest))
            if now != digest:
                changed[ran.number] = ran
    if not changed:
        return ""
    return f"{_cells(changed[number] for number in sorted(changed))} was: {_RUN_AGAIN}"


def _records(cells: Iterable[CodeCell], kind: str) -> list[tuple[CodeCell, Record]]:
    return [(cell, record) for cell in cells for record in cell.records if record.kind == kind]


def _cells(cells: Iterable[CodeCell]) -> str:
    named = list(dict.fromkeys(map(str, cells)))
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"{', '.join(named[:_MOST_NAMED])}{more}"


def _trainers(project: Project) -> set[str]:
    """Return the names of functions that train: the libraries' own, and those that call them."""
    return _callers_of(project, _TRAINS, set())


def _callers_of(project: Project, names: set[str], plain: set[str]) -> set[str]:
    """Return `names`, `plain`, and all functions that call them; `plain` not as methods."""
    callers: dict[str, set[str]] = {}
    for cell in project.cells:
        for node in ast.walk(_tree(cell.source[:_MOST_SOURCE])):
            if isinstance(node, ast.FunctionDef):
                for call in ast.walk(node):
                    method = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
                    if isinstance(call, ast.Call) and not (method and _name(call.func) in plain):
                        callers.setdefault(_name(call.func), set()).add(node.name)
    known = names | plain
    waiting = list(known)
    while waiting:
        more = callers.get(waiting.pop(), set()) - known
        known |= more
        waiting += more
    return known


def _calls(source: str) -> set[str]:
    """Return the names that a cell calls when it runs, not those its functions call."""
    return {_name(call.func) for call in _calls_in(source, functions=False)}


def _calls_in(source: str, functions: bool = True) -> Iterator[ast.Call]:
    waiting: list[ast.AST] = [_tree(source[:_MOST_SOURCE])]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if functions or not isinstance(node, ast.FunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@lru_cache(maxsize=2048)
def _tree(source: str) -> ast.Module:
    """Return the syntax tree of a cell; that of nothing where it cannot be read."""
    try:
        return parsed(python_source(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])

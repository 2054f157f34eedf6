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
    if part.pictures:
        few = sum(cell.picture for cell in cells) < part.pictures
        missing = f"no cell under “{part.title}” shows a picture; show some with coursekit.figures"
        yield "pictures", missing if few else ""
    if part.opens:
        yield "the test part is opened here, once, and nowhere else", _opened(project, heading)
        yield "nothing is trained after that", _trained_after(project)
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
    own = [line for line in _lines(text) if line not in _starter_lines()]
    count = len(re.findall(r"\w+", " ".join(own)))
    if count >= part.words:
        return ""
    return f"{count} words of your own under “{part.title}” so far; write at least {part.words}"


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@cache
def _starter_lines() -> frozenset[str]:
    """Return the lines of text of the starter notebook: they are not the student's own."""
    try:
        content = (course_root() / "exercises" / f"{SET}.ipynb").read_bytes()
        starter = read_project(content)
    except (OSError, Unreadable):
        return frozenset()
    return frozenset(line for text in starter.texts.values() for line in _lines(text))


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


def _written_claims(source: str) -> set[tuple[float, float]]:
    """Return `at` and `within` of each claim of a cell that has them written out."""
    found = set()
    for node in _calls_in(source):
        numbers = {word.arg: _literal(word.value) for word in node.keywords}
        at, within = numbers.get("at"), numbers.get("within")
        if _name(node.func) == "claim" and at is not None and within is not None:
            found.add((at, within))
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
    for number in numbers:
        share = rf"(?<![\d.]){re.escape(f'{100 * number:g}')}\s?(?:%|per ?cent)"
        if re.search(rf"(?<![\d.]){re.escape(f'{number:g}')}0*(?![\d.]\d)|{share}", text):
            return ""
    return f"the report does not say {numbers[0]:g} or {100 * numbers[0]:g} %"


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
    callers: dict[str, set[str]] = {}
    for cell in project.cells:
        for node in ast.walk(_tree(cell.source[:_MOST_SOURCE])):
            if isinstance(node, ast.FunctionDef):
                for call in ast.walk(node):
                    if isinstance(call, ast.Call):
                        callers.setdefault(_name(call.func), set()).add(node.name)
    known, waiting = set(_TRAINS), list(_TRAINS)
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

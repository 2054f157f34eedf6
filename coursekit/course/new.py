"""Write the sources of a new lesson or a new widget: small, whole, and passing every test."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2

from coursekit.course.topics import read_topics
from coursekit.errors import CallError, CourseError, cannot_write

TEMPLATES = Path(__file__).parent / "templates"
QUESTION = "What is left of a row of numbers, if only its changes are known?"
LAST = 89  # appendices follow
SETS = Path("coursekit/checks/sets")
WIDGETS = Path("coursekit/widgets")


def new_lesson(root: Path, name: str, title: str = "") -> list[Path]:
    """Write the sources of a lesson, its exercise, its checks and their test; add it to the lists.

    Parameters
    ----------
    root
        The folder of the project.
    name
        ``"22_dilation"``: a number that no lesson has, and a name.
    title
        Unless given, the name in words.

    Returns
    -------
    list of pathlib.Path
        The new files, then those to which a line was added.

    Raises
    ------
    CallError
        When the name has another form, or its number or name is taken.
    CourseError
        When a list is not as expected, or a file cannot be written.

    Examples
    --------
    >>> new_lesson(Path(), "dilation")
    Traceback (most recent call last):
      ...
    coursekit.errors.CallError: NAME 'dilation' is not of the form NN_name, such as 22_dilation...
    """
    found = re.fullmatch(r"(\d\d)_([a-z][a-z0-9_]*)", name)
    if found is None:
        raise CallError(
            f"NAME {name!r} is not of the form NN_name, such as 22_dilation: two digits, and small "
            "letters, digits and underscores"
        )
    number, words = found[1], found[2]
    _refuse_taken_lesson(root, number, words)
    title = _title(title or words)
    topic = f"T{len(read_topics(root / 'source/topics.toml')) + 1:03d}"
    function = f"differences_{number}"
    texts = _texts(
        "lesson",
        {
            f"source/lessons/{name}.py": "lesson.py",
            f"source/lessons/{name}.teacher.md": "lesson.teacher.md",
            f"source/exercises/{name}.py": "exercise.py",
            f"{SETS}/set_{name}/__init__.py": "set.py",
            f"{SETS}/set_{name}/wrong_{function}.py": "wrong.py",
            f"tests/checks/numpy_answers_{number}.py": "answers.py",
        },
        {
            "number": number,
            "name": words,
            "title": title,
            "function": function,
            "topic": topic,
            "question": QUESTION,
        },
    )
    lists: dict[str, Callable[[str], str | None]] = {
        f"{SETS}/__init__.py": lambda text: _into_functions(text, name, function),
        "source/topics.toml": lambda text: (
            f'{text.rstrip()}\n\n[{number}]\n{topic} = "{title}: what the lesson teaches"\n'
        ),
        "README.md": lambda text: _after_lessons(text, f"| {number} {title} | {QUESTION} |"),
        "docs/syllabus.md": lambda text: _into_ways(text, f"| later | {number} | 30 | {title} |"),
    }
    return _write(root, texts, lists)


def new_widget(root: Path, name: str) -> list[Path]:
    """Write a widget: its Python class, front end and tests; add it to ``coursekit.widgets``.

    Parameters
    ----------
    root
        The folder of the project.
    name
        Its folder: ``"kernel_ruler"``, whose class is then ``KernelRuler``.

    Returns
    -------
    list of pathlib.Path
        The new files, then the one to which a line was added.

    Raises
    ------
    CallError
        When the name has another form or is taken.
    CourseError
        When a file cannot be written.

    Examples
    --------
    >>> new_widget(Path(), "KernelRuler")
    Traceback (most recent call last):
      ...
    coursekit.errors.CallError: NAME 'KernelRuler' is no name of a widget's folder; write...
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise CallError(
            f"NAME {name!r} is no name of a widget's folder; write small letters, digits and "
            "underscores, such as kernel_ruler"
        )
    taken = root / WIDGETS / name
    if taken.exists() or taken.with_suffix(".py").exists():
        raise CallError(f"NAME {name!r} is taken by {taken}; choose another")
    class_name = "".join(part.capitalize() for part in name.split("_"))
    texts = _texts(
        "widget",
        {
            f"{WIDGETS}/{name}/{name}.py": "widget.py",
            f"{WIDGETS}/{name}/{name}.js": "widget.js",
            f"{WIDGETS}/{name}/{name}.css": "widget.css",
            f"{WIDGETS}/{name}/arithmetic.js": "arithmetic.js",
            f"tests/widgets/test_{name}.py": "test_python.py",
            f"tests/browser/test_{name}_page.py": "test_page.py",
        },
        {"name": name, "class_name": class_name, "title": _title(name)},
    )
    texts[f"{WIDGETS}/{name}/__init__.py"] = f'"""{_title(name)}."""\n'
    line = f"from .{name}.{name} import {class_name} as {class_name}\n"
    if len(line) > 101:  # as `ruff format` writes it
        line = f"from .{name}.{name} import (\n    {class_name} as {class_name},\n)\n"
    stub = f"{WIDGETS}/__init__.pyi"
    return _write(root, texts, {stub: lambda text: _into_stub(text, line)})


def _refuse_taken_lesson(root: Path, number: str, words: str) -> None:
    present = sorted(path.stem for path in (root / "source/lessons").glob("*.py"))
    numbers = {stem[:2] for stem in present}
    free = next((f"{n:02d}" for n in range(LAST + 1) if f"{n:02d}" not in numbers), None)
    if int(number) > LAST:
        raise CallError(
            f"NAME: from {LAST + 1} on stand appendices, which have neither parts nor exercise; "
            + (f"the first free number is {free}" if free else "no number is free")
        )
    for stem in present:
        if stem[:2] == number:
            raise CallError(f"NAME: {number} is taken by {stem}; the first free number is {free}")
        if stem[3:] == words:
            raise CallError(f"NAME: {words!r} is taken by {stem}; choose another name")


def _title(words: str) -> str:
    """Return a title for a heading: its first letter large."""
    text = " ".join(words.replace("_", " ").split())
    if any(sign in text for sign in ':#"|[]{}`<>\\'):
        raise CallError(f"--title {words!r}: write letters, digits and simple punctuation alone")
    return text[:1].upper() + text[1:]


def _texts(kind: str, files: dict[str, str], values: dict[str, str]) -> dict[str, str]:
    """Return the text of each new file."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / kind),
        variable_start_string="<<",
        variable_end_string=">>",
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # sources, not pages
    )
    return {
        place: environment.get_template(f"{template}.jinja").render(values)
        for place, template in files.items()
    }


def _into_functions(text: str, name: str, function: str) -> str | None:
    """Add a set to the index of the functions that are asked for, in its place."""
    index = re.search(r"^FUNCTIONS\b.*?^\}", text, re.DOTALL | re.MULTILINE)
    if index is None:
        return None
    rows = re.findall(r'^    "\d\d_.*?\),\n', index[0], re.MULTILINE | re.DOTALL)
    ordered = "".join(sorted([*rows, f'    "{name}": ("{function}",),\n']))
    return text.replace("".join(rows), ordered)


def _after_lessons(text: str, row: str) -> str | None:
    """Put a row into the README's table of lessons, by its number."""
    rows = re.findall(r"^\| \d\d .*\|\n", text, re.MULTILINE)
    return text.replace("".join(rows), "".join(sorted([*rows, f"{row}\n"]))) if rows else None


def _into_ways(text: str, row: str) -> str:
    """Add a row to the end of each of the syllabus's tables."""
    return re.sub(r"((?:^\|.*\n)+)", rf"\1{row}\n", text, flags=re.MULTILINE)


def _into_stub(text: str, line: str) -> str:
    """Add an import to those of a stub, in the order of the alphabet."""
    statements = re.split(r"^(?=from )", text, flags=re.MULTILINE)
    return "".join(sorted([*statements, line]))


def _write(
    root: Path, texts: dict[str, str], lists: dict[str, Callable[[str], str | None]]
) -> list[Path]:
    """Write new files and longer lists, after everything that can be refused was looked at."""
    there = [place for place in texts if (root / place).exists()]
    if there:
        raise CallError(f"NAME: {there[0]} is there already; remove it, or choose another name")
    added = dict(_longer(root, lists))
    for place, text in {**texts, **added}.items():
        path = root / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise cannot_write(error, path, "is this clone yours to write in?") from None
    return [root / place for place in [*texts, *added]]


def _longer(root: Path, lists: dict[str, Callable[[str], str | None]]) -> Iterator[tuple[str, str]]:
    for place, add in lists.items():
        path = root / place
        try:
            text = add(path.read_text("utf-8"))
        except OSError:
            text = None
        if text is None:
            raise CourseError(
                f"{path} is missing or lacks its list; `git checkout {place}` brings it back"
            )
        yield place, text

"""The command `coursekit`: thin functions over the library, and one place for what goes wrong.

Exit codes: 0 done, 1 the work itself could not be done, 2 the call was wrong. An error is one line
on standard error that names the file or argument and the fix.
"""

import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from coursekit import __version__
from coursekit.errors import CallError, CourseError

app = typer.Typer(
    name="coursekit",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Kernel by Kernel: a hands-on course on convolutional neural networks.",
    epilog="`--debug`, anywhere in a command, shows where in the code an error arose.",
)
data = typer.Typer(help="The data sets: which there are, and fetching them.")
app.add_typer(data, name="data")
FOR_TEACHERS: frozenset[str] = frozenset()
if find_spec("coursekit.grading"):  # what students are given holds no grading
    from coursekit.grading.commands import options

    options.add_to(app)
    FOR_TEACHERS = options.NAMES

if WRITES_SOURCES := find_spec("coursekit.course") is not None:
    FOR_TEACHERS |= {"new"}
    new = typer.Typer(help="For authors: the sources of a new lesson or widget, whole and tested.")
    app.add_typer(new, name="new")

if BUILDS_A_SITE := find_spec("coursekit.site") is not None:
    FOR_TEACHERS |= {"site"}

if HAS_REVIEW := find_spec("coursekit.review") is not None:
    FOR_TEACHERS |= {"review"}

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace", metavar="DIR", help="The folder that you work in.", show_default=False
    ),
]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Parameters
    ----------
    argv
        The words after `coursekit`; those of this process unless given.

    Returns
    -------
    int
        0 done, 1 the work could not be done, 2 the call was wrong, 130 interrupted.

    Examples
    --------
    >>> main(["--version"])
    coursekit 0.1.0
    0
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file on Windows may have no tick and no cross; the words beside them say the same.
        sys.stdout.reconfigure(errors="replace")
    debug = "--debug" in words
    if debug:
        words = [word for word in words if word != "--debug"]
    try:
        return _run(words, debug)
    except BrokenPipeError:
        return _reader_gone()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # typer ends the program itself then
            return _reader_gone()
        raise
    except typer.TyperException as error:
        if debug:
            traceback.print_exc()
        _complain(error.format_message(), _help_hint(words))
        return 2
    except CallError as error:  # says itself how to call it
        if debug:
            traceback.print_exc()
        _complain(str(error))
        return 2
    except KeyboardInterrupt:
        _complain("interrupted")
        return 130
    except Exception as error:
        if debug:
            traceback.print_exc()
        if isinstance(error, CourseError):
            _complain(str(error))
            return int(getattr(error, "exit_code", 1))
        _complain(_words_for(error), "run it again with --debug to see where")
        return 1


def _run(words: list[str], debug: bool) -> int:
    code: Any = app(words or ["--help"], prog_name="coursekit", standalone_mode=False, obj=debug)
    if not words:
        return 2
    if code == 130:  # typer's answer to Ctrl-C
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _reader_gone() -> int:
    """End quietly when nobody reads on (`coursekit data list | head -1`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _complain(message: str, fix: str = "") -> None:
    sentence = " ".join(message.split()).rstrip(".")
    sys.stderr.write(f"coursekit: {sentence}{'; ' + fix if fix else ''}\n")


def _help_hint(words: list[str]) -> str:
    """Name the help of the command that was meant."""
    first = {"lab", "doctor", "data", "check", "cards", "progress"} | FOR_TEACHERS
    below = {"data": {"list", "fetch"}, "new": {"lesson", "widget"}}
    known = (first, below.get(words[0], ()) if words else ())
    command = [word for word, there in zip(words, known, strict=False) if word in there]
    return f"`{' '.join(['coursekit', *command])} --help` says how to call it"


def _words_for(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        reason = error.strerror.lower()
        return f"{error.filename}: {reason}" if error.filename else reason
    return f"unexpected {type(error).__name__}: {error}"


def _show_version(asked: bool) -> None:
    if asked:
        print(f"coursekit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    del version


@app.command()
def lab(
    context: typer.Context,
    workspace: Workspace = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="The port; the first free one from 8888 on.", show_default=False
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; print the address.")
    ] = False,
    reset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NN",
            help="Put lesson and exercise NN back, keep yours beside them, and stop.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Open the course in JupyterLab, on your own copy of the notebooks."""
    from coursekit._extras import require
    from coursekit.learn.places import lesson_number, workspace_folder
    from coursekit.learn.workspace import reset as put_back
    from coursekit.learn.workspace import update

    folder = workspace_folder(workspace)
    if reset:
        for number in [lesson_number(given) for given in reset]:
            for name, kept in put_back(folder, number):
                print(
                    f"{name} is as the course has it" + (f"; yours is now {kept}" if kept else "")
                )
        return
    require("jupyterlab")
    changes = update(folder)
    _report(changes)
    from coursekit.learn.jupyter_files import trust
    from coursekit.learn.lab import run_lab

    if fresh := [*changes.added, *changes.restored, *changes.updated]:
        trust(folder, fresh)
    run_lab(
        folder,
        port=port,
        browser=not no_browser,
        debug=bool(context.obj),
        say=lambda sentence: print(sentence, flush=True),
    )


def _report(changes: Any) -> None:
    """Say what became of the workspace, in one line for each kind of change."""
    edited = sorted({Path(name).name[:2] for name in changes.edited})
    sentences = (
        ("Copied into your workspace", changes.added),
        ("Put back, because they were missing", changes.restored),
        ("Updated to the course's new version", changes.updated),
        ("Left alone, because you have changed them", changes.edited),
        ("No longer part of the course, yours to keep", changes.retired),
    )
    for words, names in sentences:
        if len(names) > 6:
            print(f"{words}: {len(names)} notebooks.")
        elif names:
            print(f"{words}: {', '.join(names)}")
    if edited:
        print(
            "The course has newer versions of these; "
            f"`coursekit lab --reset {edited[0]}` takes one and keeps yours beside it."
        )


@app.command()
def doctor(workspace: Workspace = None) -> None:
    """Say what this machine has for the course, and what to do about what is missing."""
    from coursekit.doctor import examine
    from coursekit.learn.places import workspace_folder

    missing = 0
    for finding in examine(workspace_folder(workspace)):
        print(finding.line(), flush=True)
        missing += finding.level == "missing"
    if missing:
        raise CourseError(f"{missing} of these must be fixed first; see the lines with `missing`")
    print(
        "Nothing is missing that the course needs"
        + ("; whether you can grade here stands under `sandbox`." if FOR_TEACHERS else ".")
    )


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="An exercise notebook.")],
) -> None:
    """Check every function of an exercise notebook, as `check` does inside it, or a project."""
    from coursekit._keras import settle_keras
    from coursekit.learn.notebook_check import check_notebook
    from coursekit.project.check import check_project, is_project

    if is_project(notebook):
        right, asked = check_project(notebook)
    else:
        settle_keras(whole_process=True)
        right, asked = check_notebook(notebook)
    print(f"{right} of {asked} right.")


@app.command()
def progress(workspace: Workspace = None) -> None:
    """Say how far you are: what is read, predicted and solved, and with which mistakes."""
    from coursekit.learn.answers import FILE_NAME, read_all
    from coursekit.learn.course_progress import as_text, course_progress
    from coursekit.learn.places import workspace_folder

    file = workspace_folder(workspace) / FILE_NAME
    records = read_all(file)
    print(as_text(course_progress(records)))
    there = f"Read from {file}, which stays on this computer."
    print(f"\n{there if records else f'There are no answers in {file.parent} yet.'}")


@app.command()
def cards(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="A new file, such as cards.apkg."),
    ],
) -> None:
    """Write the words of the course as cards for Anki."""
    from coursekit.learn.cards import write_cards

    count = write_cards(out)
    print(f"{out}: {count} cards. In Anki, choose File, Import; a newer file updates the cards.")


@data.command("list")
def data_list() -> None:
    """List the data sets, their size, and where each one is."""
    from coursekit.datasets import status

    print(f"{'name':<20} {'images':>7}  {'shape':<12} {'download':>9}  {'where':<9} licence")
    for entry in status():
        shape = " x ".join(map(str, entry.image_shape))
        size = f"{entry.bytes / 1e6:.1f} MB" if entry.bytes else "none"
        images = entry.train + entry.test
        print(
            f"{entry.name:<20} {images:>7}  {shape:<12} {size:>9}  {entry.where:<9} {entry.licence}"
        )


@data.command("fetch")
def data_fetch(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Which; `coursekit data list` has them.")
    ],
) -> None:
    """Fetch data sets, check them, and keep them for later."""
    from coursekit import datasets

    known = datasets.names()
    for name in names:
        if name not in known:
            raise CallError(f"NAME {name!r} is no data set; choose from {', '.join(known)}")
    for name in names:
        for entry in datasets.fetch(name):
            print(f"{entry.name}: {entry.where}" + (f", {entry.place}" if entry.place else ""))


if HAS_REVIEW:

    @app.command()
    def review(
        folder: Annotated[
            Path, typer.Argument(metavar="DIR", help="The --out of `coursekit grade`.")
        ],
        set_name: Annotated[
            str | None,
            typer.Option(
                "--set",
                metavar="SET",
                help="Where several sets were graded.",
                show_default=False,
            ),
        ] = None,
        who: Annotated[
            str | None,
            typer.Option(metavar="NAME", help="Who decides; you.", show_default=False),
        ] = None,
        anonymous: Annotated[
            bool, typer.Option("--anonymous", help="Begin without names; the page can switch.")
        ] = False,
        port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, help="The port; one that is free.", show_default=False),
        ] = None,
        no_browser: Annotated[
            bool, typer.Option("--no-browser", help="Open no browser; print the address.")
        ] = False,
    ) -> None:
        """Look through a graded class on a page: code, checks, marks and comments by hand."""
        from coursekit.grading.commands.options import me
        from coursekit.review.serving import serve

        serve(
            folder,
            set_name=set_name,
            who=who or me(),
            anonymous=anonymous,
            port=port,
            browser=not no_browser,
        )


if BUILDS_A_SITE:

    @app.command()
    def site(
        out: Annotated[
            Path, typer.Option("--out", metavar="DIR", help="A new folder, or one built before.")
        ],
        no_solutions: Annotated[
            bool, typer.Option("--no-solutions", help="Leave the solutions out.")
        ] = False,
    ) -> None:
        """Build the course as web pages that need no server and no network."""
        from coursekit.site.build import build_site

        built = build_site(out, solutions=not no_solutions)
        print(
            f"{built.pages} pages, {built.bytes / 1e6:.1f} MB in {built.folder}; "
            f"open {built.folder / 'index.html'}"
        )


if WRITES_SOURCES:

    @new.command("lesson")
    def new_lesson(
        name: Annotated[
            str, typer.Argument(metavar="NAME", help="A free number and a name: 22_dilation.")
        ],
        title: Annotated[
            str,
            typer.Option("--title", help="Unless given, the name in words.", show_default=False),
        ] = "",
    ) -> None:
        """Write a lesson, its exercise, checks and tests: a small whole one, to be rewritten."""
        from coursekit.course.new import new_lesson as write

        _write_sources(write, name, title)
        print(f"\n`make lesson N={name[:2]}` builds and tests it; how to go on: docs/authors.md.")

    @new.command("widget")
    def new_widget(
        name: Annotated[str, typer.Argument(metavar="NAME", help="Its folder: kernel_ruler.")],
    ) -> None:
        """Write a widget and its tests: a small whole one, to be rewritten."""
        from coursekit.course.new import new_widget as write

        _write_sources(write, name)
        tests = f"tests/widgets/test_{name}.py tests/browser/test_{name}_page.py"
        print(f"\n`python -m pytest {tests}` tests it; how to go on: docs/authors.md.")


def _write_sources(write: Callable[..., Sequence[Path]], *words: str) -> None:
    """Write sources into the clone that this is part of, and say which."""
    from coursekit.course.environment import project_root

    try:
        root = project_root()
    except FileNotFoundError as error:
        raise CourseError(str(error)) from None
    for path in write(root, *words):
        print(path.relative_to(root))

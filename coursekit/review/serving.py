"""Serving the page on this machine, until Ctrl-C."""

import contextlib
import hashlib
import os
import secrets
import socket
import tempfile
import webbrowser
from collections.abc import Iterator
from html import escape
from pathlib import Path

from coursekit.errors import CallError, CourseError
from coursekit.grading.commands.by_hand import as_graded, set_here
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.course import course_rules
from coursekit.grading.gradebook.store import is_there
from coursekit.grading.names import printable
from coursekit.grading.pages.out_folder import BOOK, gradebook_of
from coursekit.learn.lab import has_browser
from coursekit.review.pages_kept import PagesKept
from coursekit.review.showing import Desk

HOST = "127.0.0.1"
_FIRST, _PORTS = 8700, 200  # each gradebook has a port of its own, if that is free


def serve(
    folder: Path,
    *,
    set_name: str | None = None,
    who: str,
    anonymous: bool = False,
    port: int | None = None,
    browser: bool = True,
) -> None:
    """Serve the page of a graded class, print its address, and open it; return at Ctrl-C.

    Raises
    ------
    CallError
        When the folder holds no gradebook, the set is not in it, or the port is taken.
    CourseError
        When the gradebook cannot be opened.
    """
    with opened(folder, set_name, who) as desk, _bound(port, folder) as bound:
        import uvicorn

        from coursekit.review.app import make_app

        address = f"http://{HOST}:{bound.getsockname()[1]}"
        token = secrets.token_urlsafe(32)
        pages = PagesKept(folder, desk.asked.name)
        pages.changed()  # a server that was killed may not have written them
        hidden = anonymous or bool(course_rules(desk.book).get("anonymous"))
        app = make_app(desk, token, address, pages=pages, anonymous=hidden, book=book_name(folder))
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, ws="none",
            lifespan="off", timeout_graceful_shutdown=5, h11_max_incomplete_event_size=32_768,
        )  # fmt: skip
        print(f"{address}/?token={token}", flush=True)
        print(f"{desk.asked.name}, as {printable(who)}. Ctrl-C stops it.", flush=True)
        try:
            with _first_page(f"{address}/?token={token}") as page:
                if browser and has_browser():
                    webbrowser.open(page.as_uri())
                with contextlib.suppress(KeyboardInterrupt):
                    uvicorn.Server(config).run(sockets=[bound])
        finally:
            pages.close()
        if pages.trouble:
            raise CourseError(f"the marks are in the gradebook, but {pages.trouble}")


@contextlib.contextmanager
def opened(folder: Path, set_name: str | None, who: str) -> Iterator[Desk]:
    """Open a folder's gradebook for looking through a set."""
    book = gradebook_of(folder)
    if not is_there(book):
        shown = printable(str(folder))
        raise CallError(f"{shown} holds no gradebook; name the --out of `coursekit grade`")
    gradebook = GradeBook(book)
    try:
        name = set_here(gradebook, folder, set_name)
        yield Desk(gradebook, as_graded(gradebook, name), who)
    finally:
        gradebook.close()


def book_name(folder: Path) -> str:
    """Return a short name of a folder's gradebook: drafts in a browser are kept under it."""
    return hashlib.sha256(str((folder / BOOK).absolute()).encode()).hexdigest()[:10]


@contextlib.contextmanager
def _bound(port: int | None, folder: Path) -> Iterator[socket.socket]:
    """Give a socket on this machine alone.

    A gradebook has the same port each time, so that what a browser keeps of it is found again.
    """
    own = _FIRST + int(book_name(folder), 16) % _PORTS
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        for number in (port,) if port is not None else (own, 0):
            try:
                bound.bind((HOST, number))
                break
            except OSError as error:
                if port is not None:
                    reason = (error.strerror or str(error)).lower()
                    raise CallError(f"--port {port}: {reason}; name another one") from error
        bound.listen(128)  # whoever follows the address at once waits, and is not refused
        yield bound
    finally:
        bound.close()


@contextlib.contextmanager
def _first_page(address: str) -> Iterator[Path]:
    """Give a private file that leads to the address: a command line is seen by everybody."""
    with tempfile.TemporaryDirectory(prefix="coursekit-") as place:
        page = Path(place) / "open.html"
        page.touch(mode=0o600)
        page.write_text(
            f'<!DOCTYPE html><meta charset="utf-8"><title>Opening</title>'
            f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
            f'<p><a href="{escape(address)}">The class</a></p>',
            encoding="utf-8",
        )
        yield page

"""The page's addresses, and who may ask for them: one browser on this machine, with a cookie.

Reading is a page; each change is a small piece of JSON, answered with the part of the page that it
changed, or with what somebody else decided in the meantime.
"""

import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from coursekit.errors import CallError, CourseError
from coursekit.grading.pages.feedback import local_time, page_environment
from coursekit.review import showing
from coursekit.review.classroom import ORDERS, STATES, Row, Wanted, counted, failing_of, ideas_of
from coursekit.review.code import coloured
from coursekit.review.deciding import Overtaken, Wish, carry_out, undo
from coursekit.review.files import NotThere
from coursekit.review.notebook import PNG
from coursekit.review.showing import Desk

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MOST_SENT = 65_536  # bytes of a change
_AT_ONCE = 12  # students side by side on one page
_NO_ENTRY = "Open the address that coursekit review has printed; it holds the key to this page."


class Pages(Protocol):
    """Writes what a folder holds anew; see `PagesKept`."""

    trouble: str

    def changed(self) -> None:
        """Say that something was decided."""


def make_app(
    desk: Desk, token: str, address: str, *, pages: Pages, anonymous: bool = False, book: str = ""
) -> Starlette:
    """Return the application.

    Parameters
    ----------
    desk
        The class, and who is grading.
    token
        The key in the first address, which is exchanged for a cookie.
    address
        Where the page is; its port is in the cookie's name, since a browser keeps one jar for all
        ports of a machine.
    pages
        Told of each decision.
    anonymous
        Whether names are hidden until somebody asks for them.
    book
        Under which name a browser keeps drafts.
    """
    port = urlsplit(address).port
    guard = Middleware(_Guard, token=token, cookie=f"coursekit-review-{port}")
    place = _Place(desk, pages, anonymous, book, f"coursekit-names-{port}")
    routes = [
        Route("/", place.classroom),
        Route("/hand-in/{tag}", place.hand_in),
        Route("/picture/{tag}/{cell:int}/{number:int}", place.picture),
        Route("/side-by-side", place.side_by_side),
        Route("/decide", place.decide, methods=["POST"]),
        Route("/undo", place.undo, methods=["POST"]),
        Route("/names", place.names, methods=["POST"]),
        Route("/favicon.ico", lambda request: Response(status_code=204)),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    handlers: dict[Any, Any] = {HTTPException: place.refused, CourseError: place.failed}
    return Starlette(routes=routes, middleware=[hosts, guard], exception_handlers=handlers)


class _Guard:
    """Lets in who has the key, refuses what another site sends, and sets the headers."""

    def __init__(self, app: Any, token: str, cookie: str) -> None:
        self._app, self._token, self._cookie = app, token, cookie
        self._session = secrets.token_urlsafe(32)

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                message["headers"] = list(message["headers"]) + [
                    (name.lower().encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.lower().encode() not in known
                ]
            await send(message)

        request = Request(scope)
        answer: Any = self._answer(request)
        await (answer or self._app)(scope, receive, with_headers)

    def _answer(self, request: Request) -> Response | None:
        """Return what is said in place of the page, None where it may be seen."""
        given = request.query_params.get("token")
        if request.method == "GET" and given is not None and _equal(given, self._token):
            response = RedirectResponse("/", 303)
            response.set_cookie(self._cookie, self._session, httponly=True, samesite="lax")
            return response
        if not _equal(request.cookies.get(self._cookie, ""), self._session):
            return Response(_NO_ENTRY, 403, media_type="text/plain")
        if request.method == "POST" and not _is_own(request):
            return Response("Not from this page.", 403, media_type="text/plain")
        return None


def _equal(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _is_own(request: Request) -> bool:
    """Say whether a change comes from this page: no other can send JSON with its own origin."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    origin = urlsplit(request.headers.get("origin", ""))
    return kind == "application/json" and origin.netloc == request.headers.get("host")


class _Place:
    """What is answered at each address."""

    def __init__(
        self, desk: Desk, pages: Pages, anonymous: bool, book: str, names_cookie: str
    ) -> None:
        self._desk, self._pages = desk, pages
        self._anonymous, self._book, self._cookie = anonymous, book, names_cookie
        self._templates = page_environment("coursekit.review")
        self._templates.filters.update(coloured=coloured)

    def classroom(self, request: Request) -> Response:
        """Answer with the class's table."""
        wanted, anonymous = Wanted.of(request.query_params), self._hides(request)
        everybody = self._desk.classroom.rows()
        rows = self._desk.classroom.wanted(wanted, anonymous)
        return self._page(
            request,
            "class.html",
            rows=rows,
            count=len(everybody),
            left=sum(row.facts is not None and row.reviewed is None for row in everybody),
            wanted=wanted,
            states=STATES,
            orders=ORDERS,
            worth=self._desk.asked.worth,
            checks=counted(everybody, failing_of),
            ideas=counted(everybody, ideas_of),
        )

    def hand_in(self, request: Request) -> Response:
        """Answer with one student's page."""
        row, wanted = self._row(request), Wanted.of(request.query_params)
        try:
            cells, missing = self._desk.cells(row), ""
        except NotThere as problem:
            cells, missing = (), str(problem)
        names = list(self._desk.asked.worth)
        return self._page(
            request,
            "hand_in.html",
            blocks=showing.in_blocks(cells, names),
            names=names,
            missing=missing,
            wanted=wanted,
            **self._neighbours(row, wanted, self._hides(request)),
            **showing.panel(self._desk, row),
        )

    def picture(self, request: Request) -> Response:
        """Answer with a picture from the outputs of a cell."""
        where = request.path_params
        found = self._desk.picture(self._row(request), where["cell"], where["number"])
        if found is None:
            raise HTTPException(404, "There is no such picture.")
        kind = "png" if found.startswith(PNG) else "webp"
        return Response(found, media_type=f"image/{kind}")

    def side_by_side(self, request: Request) -> Response:
        """Answer with what several students have in one part of the set."""
        wanted, anonymous = Wanted.of(request.query_params), self._hides(request)
        sections = showing.sections(self._desk)
        section = request.query_params.get("part", "")
        if section not in sections:
            section = showing.first_section(self._desk, sections)
        rows = [
            row
            for row in self._desk.classroom.wanted(wanted, anonymous)
            if row.facts is not None and row.facts.digest
        ]
        last = max(0, (len(rows) - 1) // _AT_ONCE)
        asked = request.query_params.get("page", "0")
        page = min(int(asked) if asked.isdecimal() and len(asked) < 6 else 0, last)
        shown = rows[page * _AT_ONCE : (page + 1) * _AT_ONCE]
        return self._page(
            request,
            "side_by_side.html",
            sections=sections,
            section=section,
            sides=[(row, showing.side(self._desk, row, section)) for row in shown],
            function=showing.function_of(self._desk, section),
            worth=self._desk.asked.worth,
            seen=showing.seen,
            page_number=page,
            last_page=last,
            count=len(rows),
            first=page * _AT_ONCE,
            wanted=wanted,
            to_page=lambda number: _address(
                "/side-by-side", wanted.words() | {"part": section, "page": str(number)}
            ),
        )

    async def decide(self, request: Request) -> Response:
        """Write down a decision, and answer with the part of the page that it changed."""
        sent = await _sent(request)
        return await run_in_threadpool(self._decide, request, sent)

    def _decide(self, request: Request, sent: dict[str, Any]) -> Response:
        desk = self._desk
        row = desk.classroom.row(str(sent.get("student", "")))
        if row is None:
            return _wrong("this student is not in the gradebook any more; load the page anew")
        try:
            wish = Wish.of(sent)
            if wish.kind == "reviewed" and wish.value is not None:
                wish = wish.about(row.facts.seen_as if row.facts is not None else None)
            number = carry_out(desk.book, desk.asked, row.mark.student, wish, desk.who)
        except Overtaken as overtaken:
            return self._overtaken(overtaken)
        except CallError as error:
            return _wrong(str(error))
        return self._done(request, row.tag, number, wish, str(sent.get("view", "")))

    async def undo(self, request: Request) -> Response:
        """Take a change back."""
        sent = await _sent(request)
        return await run_in_threadpool(self._undo, request, sent)

    def _undo(self, request: Request, sent: dict[str, Any]) -> Response:
        row, number = self._desk.classroom.row(str(sent.get("student", ""))), sent.get("change")
        if row is None or type(number) is not int:
            return _wrong("student, change: expected those of a decision")
        try:
            done, kind = undo(
                self._desk.book, self._desk.asked.name, row.mark.student, number, self._desk.who
            )
        except Overtaken as overtaken:
            return self._overtaken(overtaken)
        except CallError as error:
            return _wrong(str(error))
        wish = Wish(kind, None, None, "", 0, False)
        return self._done(request, row.tag, done, wish, str(sent.get("view", "")))

    async def names(self, request: Request) -> Response:
        """Hide names, or show them, in this browser."""
        sent = await _sent(request)
        response = JSONResponse({})
        hidden = "hidden" if sent.get("anonymous") is True else "shown"
        response.set_cookie(self._cookie, hidden, httponly=True, samesite="lax")
        return response

    def refused(self, request: Request, error: HTTPException) -> Response:
        """Answer that there is nothing here."""
        return Response(str(error.detail), error.status_code, media_type="text/plain")

    def failed(self, request: Request, error: CourseError) -> Response:
        """Answer what the disk or the gradebook said; nothing was written then."""
        if request.method == "POST":
            return _wrong(f"not saved: {error}", 503)
        return Response(str(error), 503, media_type="text/plain")

    def _done(self, request: Request, tag: str, number: int, wish: Wish, view: str) -> Response:
        self._pages.changed()
        row = self._desk.classroom.row(tag)
        assert row is not None
        html = ""
        if view == "panel":
            html = self._rendered(request, "panel.html", **showing.panel(self._desk, row))
        answer = {
            "change": number,
            "seen": showing.seen(row, wish.kind, wish.function),
            "student": tag,
            "label": self._label(row, self._hides(request)),
            "kind": wish.kind,
            "function": wish.function,
            "value": wish.value,
            "final": row.mark.final,
            "html": html,
            "trouble": self._pages.trouble,
        }
        return JSONResponse(answer)

    def _overtaken(self, overtaken: Overtaken) -> Response:
        newest = overtaken.newest
        theirs = {
            "seen": 0 if newest is None else newest.id,
            "value": None if newest is None else newest.value,
            "reason": "" if newest is None else newest.reason,
            "who": "" if newest is None else newest.who,
            "when": "" if newest is None else local_time(newest.when, self._desk.zone),
        }
        return JSONResponse({"theirs": theirs}, 409)

    def _row(self, request: Request) -> Row:
        row = self._desk.classroom.row(request.path_params["tag"])
        if row is None:
            raise HTTPException(404, "There is no such student in this class.")
        return row

    def _neighbours(self, row: Row, wanted: Wanted, anonymous: bool) -> dict[str, Any]:
        """Return who comes before and after a row among those that are asked for.

        The row itself may have dropped out of them, reviewed a moment ago.
        """
        everybody = self._desk.classroom.ordered(wanted, anonymous)
        place = next(number for number, other in enumerate(everybody) if other.tag == row.tag)
        fitting = [
            number
            for number, one in enumerate(everybody)
            if wanted.fits(one, anonymous) and (one.facts or wanted.state == "absent")
        ]
        before = [number for number in fitting if number < place]
        after = [number for number in fitting if number > place]
        return {
            "before": everybody[before[-1]] if before else None,
            "after": everybody[after[0]] if after else None,
            "position": len(before) + 1,
            "of": len(before) + len(after) + 1,
        }

    def _hides(self, request: Request) -> bool:
        said = request.cookies.get(self._cookie)
        return self._anonymous if said is None else said == "hidden"

    def _label(self, row: Row, anonymous: bool) -> str:
        return f"Student {row.tag}" if anonymous else row.mark.name or row.mark.student

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        return HTMLResponse(self._rendered(request, template, **values))

    def _rendered(self, request: Request, template: str, **values: Any) -> str:
        anonymous = self._hides(request)
        page: str = self._templates.get_template(template).render(
            set_name=self._desk.asked.name,
            max_points=self._desk.asked.max_points,
            by_person=self._desk.asked.by_person,
            who=self._desk.who,
            book=self._book,
            anonymous=anonymous,
            label=lambda row: self._label(row, anonymous),
            to=lambda path, wanted=None, **more: _address(
                path, (wanted.words() if wanted is not None else {}) | more
            ),
            when=lambda moment: local_time(moment, self._desk.zone),
            **values,
        )
        return page


async def _sent(request: Request) -> dict[str, Any]:
    """Return the JSON of a change, read only so far as a change may be long."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _MOST_SENT:
            raise HTTPException(413, "Too long; shorten it.")
    try:
        sent = json.loads(content)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise HTTPException(400, "Expected JSON.")
    return sent


def _wrong(said: str, status: int = 422) -> Response:
    return JSONResponse({"said": said[:1].upper() + said[1:]}, status)


def _address(path: str, words: dict[str, str]) -> str:
    return f"{path}?{urlencode(words)}" if words else path

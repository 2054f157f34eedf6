"""A graded class looked through in Chromium: hostile hand-ins, keys, two graders, reloads."""

import contextlib
import sys
import threading
import time
from pathlib import Path

import pytest
from accessibility import broken_rules

sys.path.insert(0, str(Path(__file__).parents[1] / "review"))

from class_to_look_through import (
    cell,
    display,
    entry,
    handed_in,
    make_class,
    png,
    small_class,
    stream,
)
from lab_harness import guarded_page
from notebooks_at_hand import CONV

from coursekit.grading.gradebook.decisions import decide
from coursekit.review.app import make_app
from coursekit.review.serving import opened

pytestmark = pytest.mark.browser
HIT = "window.hit = 1"
MARKUP = f'"><script>{HIT}</script><img src=x onerror="{HIT}"><a href="javascript:{HIT}">a</a>'
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{HIT}'><script>{HIT}</script></svg>"


class Quiet:
    trouble = ""

    def changed(self):
        pass


@contextlib.contextmanager
def served(folder, who):
    """Serve a class; gives its first address, what it works with, and how to stop it."""
    import uvicorn

    with opened(folder, None, who) as desk:
        server = uvicorn.Server(uvicorn.Config(None, port=0, log_level="error", lifespan="off"))
        import socket

        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.config.app = make_app(desk, "key", address, pages=Quiet(), book="tested")
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()

        def stop():
            server.should_exit = True
            thread.join(30)

        end = time.monotonic() + 60
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        yield f"{address}/?token=key", desk, stop
        stop()


def said(page):
    page.wait_for_selector("#said:not(:empty)")
    return page.locator("#said").inner_text()


def row(desk, student):
    return next(r for r in desk.classroom.rows() if r.mark.student == student)


def hostile_class(top):
    cells = [
        cell("markdown", f"# {MARKUP}\n[a](javascript:{HIT}) {SVG}"),
        cell("raw", MARKUP),
        cell(
            "code",
            f"print('''{MARKUP}''')  # \u202e{MARKUP}",
            stream("x" * 3_000_000),
            stream(MARKUP),
            display(text_html=MARKUP, text_plain=MARKUP),
            display(image_svg=SVG),
            display(application_javascript=HIT),
            display(image_png=png(), text_html=MARKUP),
            {"output_type": "error", "ename": MARKUP, "traceback": [MARKUP]},
            {"output_type": MARKUP, "data": {MARKUP: MARKUP, "text/" + MARKUP: HIT}},
        ),
    ]
    found = entry("x", "x", right=False)["functions"]
    found[0] |= {"misconception": MARKUP, "remarks": [MARKUP], "code": MARKUP}
    found[0]["checks"][1] |= {"name": MARKUP, "message": MARKUP}
    found[0]["counterexample"] = {"args": [MARKUP, [[MARKUP]]], "expected": SVG, "got": [HIT]}
    wrong = {"functions": found, "events": [{"code": "odd", "detail": MARKUP}]}
    return make_class(top, {"a" + MARKUP: (handed_in(CONV, *cells), wrong), "bob": (b"{", {})})


def test_hostile_hand_ins_are_text_and_nothing_of_them_runs(page, tmp_path):
    folder = hostile_class(tmp_path)
    with served(folder, MARKUP) as (address, desk, _):
        student = next(r.mark.student for r in desk.classroom.rows() if r.mark.student[0] == "a")
        for kind, value in (("comment", MARKUP), ("request", MARKUP), ("answer", SVG)):
            decide(desk.book, student, desk.asked.name, kind, value, who=MARKUP, reason=MARKUP)
        page.goto(address)
        assert page.locator("a.row").count() >= 2
        tag = row(desk, student).tag
        for place in ("/", f"/hand-in/{tag}", "/side-by-side", f"/?person={tag}"):
            page.goto(address.split("/?")[0] + place)
            assert page.evaluate("window.hit") is None
            assert page.locator("main :is(script, svg, iframe, object)").count() == 0
            links = page.evaluate("[...document.links].map(link => link.protocol)")
            assert set(links) == {"http:"}
        page.goto(address.split("/?")[0] + f"/hand-in/{tag}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert MARKUP in page.locator(".cell pre.code").last.inner_text()
        assert "more characters" in " ".join(page.locator("pre.output").all_inner_texts())
        assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []
        assert len(page.content()) < 400_000
        # Even what had become markup would not run.
        page.evaluate(
            """code => {
              const script = document.createElement('script');
              script.textContent = code;
              document.body.append(script);
              document.body.insertAdjacentHTML('beforeend', `<img src=x onerror="${code}">`); }""",
            HIT,
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.hit") is None


def test_everything_goes_by_keyboard_and_a_reload_loses_nothing(page, tmp_path):
    with served(small_class(tmp_path), "grace") as (address, desk, stop):
        page.goto(address)
        press = page.keyboard.press
        press("?")
        assert page.locator("#help").is_visible()
        press("Escape")
        press("j")
        press("j")
        press("Enter")
        page.wait_for_selector("#panel")
        assert page.locator("#panel h1").inner_text() == "Ben Tal"
        press("1")
        page.keyboard.type("3,5")
        press("Enter")
        assert "points of conv2d saved" in said(page)
        assert row(desk, "bob").by_hand == {"conv2d": 3.5}
        press("Escape")
        press("c")
        page.keyboard.type("Look at the flip. <b>")
        page.reload()
        assert page.locator("#comment").input_value() == "Look at the flip. <b>"
        press("c")
        press("Shift+Tab")
        page.keyboard.type("conv")  # what it is about
        press("Tab")
        press("Control+Enter")
        page.wait_for_selector(".comment")
        assert row(desk, "bob").mark.comments == ("conv2d: Look at the flip. <b>",)
        assert page.locator("#comment").input_value() == ""
        press("Escape")
        press("z")
        page.wait_for_selector(".comment", state="detached")
        press("z")
        page.wait_for_selector("#panel .function .by-hand", state="detached")
        assert row(desk, "bob").mark.comments == () and row(desk, "bob").by_hand == {}
        press("r")
        page.wait_for_selector("#panel h1:text-is('Cy Young')")
        assert row(desk, "bob").reviewed.who == "grace"
        press("c")
        press("Alt+1")
        assert "turns the kernel" in page.locator("#comment").input_value()
        press("Escape")
        press("k")
        page.wait_for_selector("#panel h1:text-is('Ben Tal')")
        press("n")
        page.wait_for_selector("body[data-anonymous='yes']")
        assert "Ben Tal" not in page.content()
        press("u")
        page.wait_for_selector(".class")
        press("s")
        page.wait_for_selector(".sides")
        press("j")
        press("1")
        page.keyboard.type("1")
        stop()  # as if the server were killed
        press("Enter")
        assert "Not saved" in said(page)
        assert page.evaluate("document.activeElement.value") == "1"
        assert page.evaluate("Object.keys(localStorage).length") >= 2  # that, and Cy's comment


def test_of_two_graders_the_second_sees_both_marks_and_chooses(page, browser, tmp_path):
    folder = small_class(tmp_path)
    with (
        served(folder, "grace") as (hers, desk, _),
        served(folder, "kurt") as (his, _, _),
        contextlib.closing(browser.new_context()) as context,
    ):
        other = guarded_page(context)
        for one, address in ((page, hers), (other, his)):
            one.goto(address)
            one.goto(address.split("/?")[0] + "/hand-in/" + row(desk, "bob").tag)
        page.fill('[data-number="1"]', "3")
        page.keyboard.press("Enter")
        said(page)
        other.fill('[data-number="1"]', "1")
        other.keyboard.press("Enter")
        other.wait_for_selector("#conflict[open]")
        assert other.locator("#theirs").inner_text() == "3.0"
        assert "grace" in other.locator("#theirs-by").inner_text()
        assert other.locator("#mine").inner_text() == "1"
        assert row(desk, "bob").by_hand == {"conv2d": 3.0}
        other.click("#put-mine")
        other.wait_for_selector("#panel .function .by-hand")
        assert row(desk, "bob").by_hand == {"conv2d": 1.0}
        page.fill('[data-number="1"]', "2")
        page.keyboard.press("Enter")
        page.click("#keep-theirs")
        page.wait_for_selector('[data-number="1"][value="1"]')
        assert row(desk, "bob").by_hand == {"conv2d": 1.0}


def test_axe_finds_nothing_in_light_and_dark_narrow_and_wide(page, tmp_path):
    with served(small_class(tmp_path), "grace") as (address, desk, _):
        decide(desk.book, "bob", desk.asked.name, "request", "why?", who="grace")
        page.goto(address)
        found = []
        for place in ("/", "/hand-in/" + row(desk, "bob").tag, "/side-by-side"):
            page.goto(address.split("/?")[0] + place)
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = 1; })")
            for scheme, width in (("light", 1400), ("dark", 900)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, place
                broken = broken_rules(page, within=["html"], colours_only=scheme == "dark")
                found += [f"{scheme} {place} {one}" for one in broken]
        assert found == []

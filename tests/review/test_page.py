"""What the page shows, and to whom."""

import sqlite3
from base64 import b64encode

import pytest
from class_to_look_through import FLIPPED_CHECK, answered_class, cell, display, png, stream, written
from graders import ADDRESS, Grader
from starlette.testclient import TestClient

from coursekit.review.app import make_app
from coursekit.review.notebook import shown_cells
from coursekit.review.serving import opened


def stranger(grader):
    """Somebody else on the machine: the same server, no key."""
    return TestClient(grader.client.app, base_url=ADDRESS)


@pytest.mark.parametrize("address", ["/", "/?token=wrong", "/static/review.js", "/side-by-side"])
def test_without_the_key_there_is_no_entry(grader, address):
    assert stranger(grader).get(address).status_code == 403
    assert stranger(grader).get("/hand-in/" + grader.tag("ada")).status_code == 403


def test_the_key_becomes_a_cookie_that_no_script_reads(grader):
    answer = stranger(grader).get("/?token=the-token", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite" in cookie and "the-token" not in cookie


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ADDRESS, "content-type": "text/plain"}, 403),
        ({"origin": ADDRESS, "host": "evil.example"}, 400),
        ({"origin": ADDRESS}, 200),
    ],
)
def test_a_change_comes_from_this_page_alone(grader, headers, status):
    sent = f'{{"student": "{grader.tag("ada")}", "kind": "comment", "value": "good"}}'
    headers = {"content-type": "application/json", **headers}
    assert grader.client.post("/decide", content=sent, headers=headers).status_code == status
    assert len(grader.row("ada").mark.comments) == (status == 200)


def test_every_answer_forbids_scripts_of_others(grader):
    for address in ("/", "/hand-in/" + grader.tag("bob"), "/static/review.js", "/nothing"):
        headers = grader.client.get(address).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_table_is_filtered_searched_and_put_in_order(grader):
    everybody = ["Ada Berg", "Ben Tal", "Cy Young", "Zoë Weiß"]
    assert grader.shown() == everybody
    for asked, expected in (
        ({"person": "ben"}, ["Ben Tal"]),
        ({"code": "[::-1, ::-1]"}, ["Ben Tal", "Cy Young"]),
        ({"state": "lost"}, ["Ben Tal", "Cy Young"]),
        ({"state": "absent"}, ["Zoë Weiß"]),
        ({"check": f"conv2d\t{FLIPPED_CHECK}"}, ["Ben Tal", "Cy Young"]),
        ({"idea": "conv2d\tkernel_flipped", "person": "cy"}, ["Cy Young"]),
        ({"order": "points"}, ["Zoë Weiß", "Ben Tal", "Cy Young", "Ada Berg"]),
        ({"state": "no such thing", "order": "none"}, everybody),
    ):
        assert grader.shown(**asked) == expected, asked
    assert grader.decide("bob", "points", "3", "conv2d").status_code == 200
    assert grader.decide("cy", "reviewed", "yes").status_code == 200
    assert grader.decide("ada", "request", "why?", "conv2d").status_code == 200
    assert grader.shown(state="by_hand") == ["Ben Tal"]
    assert grader.shown(state="unreviewed") == ["Ada Berg", "Ben Tal"]
    assert grader.shown(state="request") == ["Ada Berg"]


def test_one_goes_from_hand_in_to_hand_in_within_the_filter(grader):
    page = grader.page("/hand-in/" + grader.tag("bob"), state="lost")
    assert f"/hand-in/{grader.tag('cy')}?state=lost" in page
    assert grader.tag("ada") not in page and grader.tag("zoe") not in page
    # Who drops out of the filter on the way is still a place to go on from.
    grader.decide("bob", "reviewed", "yes")
    page = grader.page("/hand-in/" + grader.tag("bob"), state="unreviewed")
    assert f"/hand-in/{grader.tag('ada')}?state=unreviewed" in page
    assert f"/hand-in/{grader.tag('cy')}?state=unreviewed" in page


def test_without_names_nothing_says_who_it_is(grader):
    assert grader.send("/names", anonymous=True).status_code == 200
    shown = grader.shown()
    assert shown == [
        f"Student {tag}" for tag in sorted(map(grader.tag, ("ada", "bob", "cy", "zoe")))
    ]
    for address in ("/", "/hand-in/" + grader.tag("bob"), "/side-by-side"):
        page = grader.page(address)
        assert not any(name in page for name in ("Ben Tal", "bob", "Ada Berg", "Cy Young")), address
    assert grader.shown(person="Ben") == []
    assert grader.shown(person=grader.tag("cy")) == [f"Student {grader.tag('cy')}"]
    grader.send("/names", anonymous=False)
    assert grader.shown()[0] == "Ada Berg"


def test_without_the_file_there_is_the_code_that_was_graded(folder):
    with sqlite3.connect(folder / "gradebook.db") as book:
        book.execute("DELETE FROM submitted_file")
    with opened(folder, None, "grace") as desk:
        grader = Grader(desk)
        page = grader.page("/hand-in/" + grader.tag("bob"))
    assert "cannot be shown" in page and "def" in page and "conv2d" in page


def test_a_picture_is_sent_as_what_it_is(grader):
    tag = grader.tag("ada")
    cells = grader.desk.cells(grader.row("ada"))
    (place,) = [c.place for c in cells if "match_score" in c.defines]
    answer = grader.client.get(f"/picture/{tag}/{place}/1")
    assert answer.headers["content-type"] == "image/png" and answer.content[1:4] == b"PNG"
    for address in (f"{tag}/{place}/2", f"{tag}/{place}/0", f"{tag}/999/1", "none/1/1"):
        assert grader.client.get("/picture/" + address).status_code == 404


def test_outputs_are_text_or_png_bounded_and_all_else_is_named():
    bomb = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00" + bytes(16)
    outputs = [
        stream("x" * 1_000_000),
        display(text_html="<script>alert(1)</script>"),
        display(image_svg="<svg onload=alert(1)>", text_plain="a figure"),
        display(image_png=b64encode(b"<svg onload=alert(1)>").decode()),
        display(image_png="no base64 %"),
        display(image_png=b64encode(bomb).decode()),
        display(image_png=png()),
        display(
            text_html=f'<img alt="<script>" src="data:image/png;base64,{png()}">', text_plain="a"
        ),
        display(text_html='<img src="data:image/webp;base64,' + b64encode(bytes(40)).decode()),
        {"output_type": "error", "traceback": ["\x1b[31mValueError\x1b[0m: no"]},
        {"output_type": 7},
        display(application_javascript="alert(1)"),
    ]
    (one,) = shown_cells(written(cell("code", "f()", *outputs)))
    kinds = [(output.kind, output.text[:24]) for output in one.outputs]
    assert [kind for kind, _ in kinds].count("picture") == 2
    assert sum(len(output.text) for output in one.outputs) < 120_000
    assert one.outputs[0].left_out >= 900_000
    assert ("error", "ValueError: no") in kinds and ("text", "a figure") in kinds
    shown = " ".join(output.text for output in one.outputs)
    assert "alert" not in shown and "text/html" in shown and "svg" in shown


def test_what_students_write_is_never_markup(grader):
    page = grader.page("/hand-in/" + grader.tag("ada"))
    assert "<img src=x" not in page and "&lt;img src=x onerror=alert(1)&gt;" in page
    grader.decide("ada", "comment", "<script>alert(1)</script>")
    assert "<script>alert" not in grader.page("/hand-in/" + grader.tag("ada"))


def test_what_was_handed_out_is_told_from_what_is_own(grader):
    cells = grader.desk.cells(grader.row("ada"))
    own = [c for c in cells if c.own]
    assert len(own) == 3 and any("conv2d" in c.defines for c in own)
    assert len(cells) > 10


def test_one_part_lies_side_by_side(grader):
    page = grader.page("/side-by-side", part="3 · `conv2d`: slide down, slide right, multiply, add")
    assert page.count("<article") == 3  # Zoë handed nothing in
    assert page.count('data-function="conv2d"') == 3
    last = grader.desk.files.released[-1].heading
    page = grader.page("/side-by-side", part=last)
    assert "I think the *kernel* slides." in page


def test_an_answer_in_words_is_text_and_waits_until_it_is_marked(tmp_path):
    text = "## Nought\n<script>alert(1)</script> because {{ 7 * 7 }} of it cancels."
    folder, name = answered_class(tmp_path, text)
    with opened(folder, None, "grace") as desk:
        grader = Grader(desk)
        assert "alert(1)&lt;/script&gt; because {{ 7 * 7 }}" in grader.page(
            "/hand-in/" + grader.tag("ada")
        )
        (question,) = desk.asked.marked_questions
        side = grader.page("/side-by-side", part=question.title)
        assert side.count(f'data-function="{name}"') == 2 and "because {{ 7 * 7 }}" in side
        for page in (grader.page("/"), side, grader.page("/hand-in/" + grader.tag("ada"))):
            assert "<script>alert" not in page
        assert ">open<" in grader.page("/") and grader.shown(state="unmarked") == ["Ada Berg"]
        assert grader.decide("ada", "points", "2,5", name).status_code == 422
        assert grader.decide("ada", "points", "1,5", name).status_code == 200
        assert grader.row("ada").mark.final == 7.5 and grader.shown(state="unmarked") == []
        assert "Nothing was written" in grader.page("/hand-in/" + grader.tag("bob"))


@pytest.mark.parametrize("sent", [b"", b"[", b"[]", b"x" * 70_000, b'{"student": 3}', b"{}"])
def test_what_no_page_sends_is_refused(grader, sent):
    headers = {"content-type": "application/json", "origin": ADDRESS}
    for path in ("/decide", "/undo"):
        answer = grader.client.post(path, content=sent, headers=headers)
        assert 400 <= answer.status_code < 500


def test_begun_without_names(grader):
    app = make_app(grader.desk, "t", ADDRESS, pages=grader.told, anonymous=True)
    client = TestClient(app, base_url=ADDRESS)
    assert "Ada Berg" not in client.get("/?token=t").text

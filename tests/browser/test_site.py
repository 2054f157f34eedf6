"""The built site in Chromium, from a folder and without a network: pages, search, one's answers."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest
from accessibility import broken_rules

from coursekit._files import course_root
from coursekit.site.build import build_site
from coursekit.widgets.page import widget_names

STORE = "kernel-by-kernel:answer:"


@pytest.fixture(scope="module")
def site(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "site"
    built = build_site(folder)
    assert built.bytes < 40e6
    return folder


class Found(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.names = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.names |= {given["id"]} if given.get("id") else set()
        target = given.get("href") if tag in ("a", "link") else given.get("src")
        if target and not target.startswith(("data:", "mailto:", "javascript:")):
            self.links.append((tag, target))


def test_every_link_leads_somewhere_and_only_readers_leave(site):
    pages = {path: Found(path.read_text("utf-8")) for path in site.rglob("*.html")}
    names = {path.resolve(): found.names for path, found in pages.items()}
    broken = []
    for path, found in pages.items():
        for tag, target in found.links:
            if target.startswith(("http:", "https:")):
                assert tag == "a" or "canonical" in target, f"{path.name} asks for {target}"
                continue
            place, anchor = urldefrag(unquote(target))
            file = (path.parent / place.split("?")[0]).resolve() if place else path.resolve()
            if not file.is_file() or (anchor and file in names and anchor not in names[file]):
                broken.append(f"{path.relative_to(site)}: {target}")
    assert broken == []


def test_no_page_has_an_error_a_dead_widget_raw_tex_or_a_sideways_scroll(site, page):
    wrong = []
    page.set_viewport_size({"width": 390, "height": 800})
    for path in sorted(site.rglob("*.html")):
        text = path.read_text("utf-8")
        page.goto(path.as_uri())
        for name in widget_names(text):
            hosts = page.locator(f'.coursekit-widget[data-widget="{name}"]')
            alive = page.locator(f'.coursekit-widget[data-widget="{name}"] .ck')
            if not hosts.count() or alive.count() < hosts.count():
                wrong.append(f"{path.name}: {name} {alive.count()} of {hosts.count()}")
        prose = page.evaluate(
            "[...document.querySelectorAll('article p, article li')].map(e => e.textContent).join()"
        )
        wrong += [f"{path.name}: {tex}" for tex in re.findall(r"\\(?:frac|cdot|sum|text)", prose)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{path.name}: {wide} px wide"] if wide > 390 else []
    assert wrong == []
    assert [words for kind, words in page.messages if kind in ("error", "pageerror")] == []


@pytest.mark.parametrize(
    "name",
    ["index", "lessons/09_softmax_and_cross_entropy", "exercises/03_convolution_2d", "answers"],
)
def test_axe_finds_nothing_serious_outside_the_theme(site, page, name):
    page.goto((site / f"{name}.html").as_uri())
    # The article is the course's; colours of code and the frame around it are the theme's.
    part = {"within": ["article"], "but": [".highlight"]}
    found = broken_rules(page, **part)
    page.emulate_media(color_scheme="dark")
    found += broken_rules(page, **part, colours_only=True)
    assert [one for one in found if "(serious)" in one or "(critical)" in one] == []


def test_answers_are_folded_and_open_by_keyboard(site, page):
    page.goto((site / "lessons/03_convolution_2d.html").as_uri())
    answer = page.locator("details", has_text="The filter knows nothing of digits").first
    assert not answer.evaluate("e => e.open")
    answer.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert answer.evaluate("e => e.open")


def test_search_finds_a_word_without_a_server(site, page):
    page.goto((site / "search.html").as_uri() + "?q=receptive")
    page.wait_for_selector("#search-results li a")
    links = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")
    assert any("07_why_convolution_works" in link for link in links)


def test_what_a_reader_answers_can_be_taken_to_another_browser(site, page, browser, tmp_path):
    page.goto((site / "lessons/02_convolution_1d.html").as_uri())
    quiz = page.locator('.coursekit-widget[data-widget="quiz"]').first
    quiz.get_by_label("96", exact=True).check()
    quiz.get_by_role("button", name="Check").click()
    page.goto((site / "answers.html").as_uri())
    assert page.get_by_role("row").count() == 2
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save to a file").click()
    file = tmp_path / "answers.json"
    saving.value.save_as(file)
    (name,) = json.loads(file.read_text("utf-8"))["answers"]

    page.evaluate("localStorage.clear()")
    page.reload()
    assert "No answer yet" in page.locator(".kk-answers").inner_text()
    for content, words in [
        ("{", "not readable"),
        ('{"format": "other", "answers": {}}', "holds no answers of this course"),
        (file.read_text("utf-8"), "1 answers loaded"),
    ]:
        page.get_by_label("Load from a file").set_input_files(
            {"name": "a.json", "mimeType": "application/json", "buffer": content.encode()}
        )
        page.wait_for_function(
            "words => document.querySelector('[role=status]').textContent.includes(words)",
            arg=words,
        )
    assert page.evaluate("key => localStorage.getItem(key)", STORE + name)


def test_each_lesson_and_exercise_is_reached_from_the_front_page(site):
    front = (site / "index.html").read_text("utf-8")
    for folder in ("lessons", "exercises", "solutions"):
        for path in (course_root() / folder).glob("[0-8]*.ipynb"):
            assert f'href="{folder}/{path.stem}.html"' in front

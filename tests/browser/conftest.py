"""Fixtures of the browser tests: one Chromium, one JupyterLab, and a picture of what failed."""

import os
import re

import pytest
from chromium import WHY_SKIPPED, chromium
from lab_harness import CHROMIUM_FLAGS, close_notebooks, guarded_page, in_lab, jupyterlab

from coursekit.widgets import standalone_page
from coursekit.widgets.base import script

VIEWPORT = {"width": 1280, "height": 950}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        item.failed = True
    if report.when == "call" and report.failed:
        for page in getattr(item, "open_pages", []):
            folder = item.config.rootpath / "evidence"
            folder.mkdir(exist_ok=True)
            name = re.sub(r"[^A-Za-z0-9_-]+", "-", item.nodeid.rpartition("/")[2])
            page.screenshot(path=folder / f"{name}.png")
            (folder / f"{name}.console.txt").write_text(
                "\n".join(f"{kind}: {text}" for kind, text in page.messages), encoding="utf-8"
            )


@pytest.fixture(scope="session")
def browser():
    program = chromium()
    if program is None:
        pytest.skip(WHY_SKIPPED)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, headless=True, args=list(CHROMIUM_FLAGS)
        )
        yield running
        running.close()


class Pages:
    """Pages that tests use one after another: a new one costs more than most tests do."""

    def __init__(self, browser):
        self.browser, self.open = browser, {}

    def get(self, kind):
        if kind not in self.open:
            self.open[kind] = guarded_page(self.browser.new_context(viewport=VIEWPORT))
            self.open[kind].set_default_timeout(60_000)  # a busy machine takes its time
        page = self.open[kind]
        page.messages.clear()
        page.refused.clear()
        return page

    def close(self, kind):
        self.open.pop(kind).context.close()


@pytest.fixture(scope="session")
def pages(browser):
    return Pages(browser)


@pytest.fixture
def own_context():
    """For a test that changes what pages begin with, scripts or clock: it cannot be undone."""


@pytest.fixture
def page(pages, request):
    """A page that asks nothing of any other machine; the test fails if it tried to."""
    kind = next((name for name in ("lab", "own_context") if name in request.fixturenames), "")
    page = pages.get(kind)
    request.node.open_pages = [page]
    yield page
    refused = list(page.refused)
    if kind == "own_context" or getattr(request.node, "failed", False):
        pages.close(kind)
    else:
        empty(page)
    assert refused == [], f"the page asked other machines: {refused}"


def empty(page):
    """Bring a page to where a new one begins; JupyterLab stays loaded, with nothing open."""
    if in_lab(page):
        close_notebooks(page)
    elif page.url != "about:blank":
        page.evaluate("localStorage.clear(); sessionStorage.clear();")
        page.context.clear_cookies()
        page.goto("about:blank")
    page.mouse.move(0, 0)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    if page.viewport_size != VIEWPORT:
        page.set_viewport_size(VIEWPORT)


@pytest.fixture
def show(page, tmp_path):
    """Open a page without a kernel that holds the given widgets."""

    def show(*widgets, title="Widgets"):
        path = tmp_path / "page.html"
        path.write_text(standalone_page(widgets, title), encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_selector(".ck")
        return page

    return show


@pytest.fixture
def call(page):
    """Call a function of a widget's front end in Chromium with each of several arguments."""
    page.goto("about:blank")

    def call(widget, name, cases):
        return page.evaluate(
            """async ([source, name, cases]) => {
              const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
              const module = await import(file);
              return cases.map(args => module[name](...args)); }""",
            [script(widget), name, cases],
        )

    return call


@pytest.fixture
def violations():
    """Give the rules of accessibility that the widgets of a page break."""
    from accessibility import broken_rules

    return broken_rules


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory):
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="session")
def lab(browser, lab_root):
    """Give the address of a JupyterLab whose kernels know their workspace."""
    variables = {"COURSEKIT_WORKSPACE": str(lab_root), "OMP_NUM_THREADS": "1"}
    with jupyterlab(lab_root, {**variables, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}) as at:
        yield at

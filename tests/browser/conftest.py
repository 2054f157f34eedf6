"""Fixtures of the browser tests: one Chromium, one JupyterLab, and a picture of what failed."""

import os
import re

import pytest
from chromium import WHY_SKIPPED, chromium
from lab_harness import CHROMIUM_FLAGS, guarded_page, jupyterlab

from coursekit.widgets import standalone_page
from coursekit.widgets.base import script

VIEWPORT = {"width": 1280, "height": 950}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
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


@pytest.fixture(scope="session")
def lab_context(browser):
    """One cache for all pages of JupyterLab, which loads and compiles ten megabytes."""
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture
def page(browser, request):
    """A page that asks nothing of any other machine; the test fails if it tried to."""
    in_lab = "lab" in request.fixturenames
    context = (
        request.getfixturevalue("lab_context") if in_lab else browser.new_context(viewport=VIEWPORT)
    )
    page = guarded_page(context)
    page.set_default_timeout(60_000)  # for what hangs: a busy machine takes its time
    request.node.open_pages = [page]
    yield page
    refused = list(page.refused)
    page.close()
    if not in_lab:
        context.close()
    assert refused == [], f"the page asked other machines: {refused}"


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
    from axe_playwright_python.sync_playwright import Axe

    def violations(page):
        found = Axe().run(page, context={"include": [[".ck"]]}).response
        assert found["passes"], "axe looked at nothing"
        return [
            f"{rule['id']}: {node['html'][:120]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return violations


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory):
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="session")
def lab(browser, lab_root):
    """Give the address of a JupyterLab whose kernels know their workspace."""
    variables = {"COURSEKIT_WORKSPACE": str(lab_root), "OMP_NUM_THREADS": "1"}
    with jupyterlab(lab_root, {**variables, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}) as at:
        yield at

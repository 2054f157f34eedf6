"""What some tests need of the machine; where it is not to be had they are skipped, by name.

`@pytest.mark.sandbox` is for tests that run submissions in the sandbox, `@pytest.mark.browser` for
those that need Chromium. Every test in `tests/security` needs the one, every one in `tests/browser`
the other.
"""

import pytest

FOLDERS = {"tests/security/": "sandbox", "tests/browser/": "browser"}


def pytest_collection_modifyitems(items):
    for item in items:
        for folder, name in FOLDERS.items():
            if item.nodeid.startswith(folder):
                item.add_marker(getattr(pytest.mark, name))


def pytest_runtest_setup(item):
    if item.get_closest_marker("sandbox"):
        from coursekit.grading.sandbox.report import sandbox_report

        if not sandbox_report().usable:
            pytest.skip(sandbox_report().missing)

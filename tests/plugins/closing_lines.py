"""Skips: said by name at the end of a run, and failures where nothing may be skipped unseen.

With ``CI=true`` or ``COURSEKIT_STRICT_SKIPS=1`` every skip that is not in
``tests/allowed_skips.toml``, with a reason, makes the run fail.
"""

import os
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ALLOWED = Path(__file__).parents[1] / "allowed_skips.toml"


def strict():
    return (
        os.environ.get("CI", "").lower() in ("1", "true")
        or os.environ.get("COURSEKIT_STRICT_SKIPS") == "1"
    )


def allowed_skips(path=ALLOWED):
    """Return the patterns of tests that may be skipped everywhere, each with its reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("skip", [])
    for entry in entries:
        if set(entry) != {"test", "reason"} or not entry["reason"].strip():
            raise pytest.UsageError(f"{path}: a skip needs 'test' and 'reason', found {entry}")
    return {entry["test"]: entry["reason"] for entry in entries}


def skipped_tests(config):
    """Return (test, why) of everything that this run skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    found = []
    for report in reporter.stats.get("skipped", []) if reporter else []:
        where = report.longrepr
        why = where[2] if isinstance(where, tuple) else str(where)
        found.append((report.nodeid, why.removeprefix("Skipped: ")))
    return found


def unexpected_skips(config):
    patterns = allowed_skips()
    return [
        (test, why)
        for test, why in skipped_tests(config)
        if not any(fnmatchcase(test, pattern) for pattern in patterns)
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    if hasattr(session.config, "workerinput") or not strict():
        return
    if unexpected_skips(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    skipped = skipped_tests(config)
    if not skipped:
        return
    refused = unexpected_skips(config) if strict() else []
    terminalreporter.section("skipped here")
    reasons = {}
    for test, why in skipped:
        reasons.setdefault(why, []).append(test)
    for why, tests in reasons.items():
        others = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
        terminalreporter.line(f"{tests[0]}{others}: {why}")
    for test, _ in refused:
        terminalreporter.line(
            f"NOT ALLOWED: {test} was skipped, and {ALLOWED.name} does not list it", red=True
        )

"""Skips are named at the end; where skips are strict, those not on the list fail the run."""

import pytest
from closing_lines import allowed_skips
from test_frontend import Run

TESTS = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="no such machine")
def test_skipped():
    pass
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("skips")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (folder / "test_some.py").write_text(TESTS)
    (folder / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_thing')\n")
    return folder


def ran(folder, *arguments, **variables):
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # it starts sooner
    return Run(folder, *arguments, plugins=("closing_lines",), **alone, **variables)


def test_elsewhere_a_skip_is_named_and_passes(folder):
    run = ran(folder)
    assert run.code == 0, run.text
    assert "test_some.py::test_skipped: no such machine" in run.text


@pytest.mark.parametrize(
    ("workers", "variables"),
    [((), {"COURSEKIT_STRICT_SKIPS": "1"}), (("-p", "xdist", "-n1"), {"CI": "true"})],
)
def test_where_skips_are_strict_an_unlisted_one_fails(folder, workers, variables):
    run = ran(folder, *workers, **variables)
    assert run.code == 1
    assert "NOT ALLOWED: test_some.py::test_skipped" in run.text
    assert "NOT ALLOWED: test_module.py" in run.text  # which skips itself


def test_a_run_without_skips_passes(folder):
    assert ran(folder, "test_some.py", "-k", "runs", CI="true").code == 0


def test_the_list_has_a_reason_for_each_entry(tmp_path):
    assert isinstance(allowed_skips(), dict)
    path = tmp_path / "allowed.toml"
    path.write_text('[[skip]]\ntest = "a::b"\nreason = "needs Windows"\n')
    assert allowed_skips(path) == {"a::b": "needs Windows"}
    path.write_text('[[skip]]\ntest = "a::b"\nreason = " "\n')
    with pytest.raises(pytest.UsageError, match="needs 'test' and 'reason'"):
        allowed_skips(path)

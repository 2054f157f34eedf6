"""Reading what was handed in, whatever it is."""

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notebooks_at_hand import notebook

from coursekit.notebooks.reading import MOST_BYTES, Notebook, Unreadable, read_notebook

HOSTILE = {
    "empty_file": b"  \n",
    "not_json": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "truncated": notebook("x = 1")[:60],
    "retyped": notebook("x = 1").decode().replace('"', "”").replace("{”", "{“").encode(),
    "not_a_notebook": b"[1, 2, 3]",
    "too_many_cells": notebook(*["x = 1"] * 5000),
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_no_notebook_has_its_own_code(code):
    with pytest.raises(Unreadable) as found:
        read_notebook(HOSTILE[code])
    assert found.value.event.code == code


@pytest.mark.parametrize(
    "content",
    [
        b"{" * 200_000,
        b'{"cells": ' + b"[" * 200_000,
        b'{"cells": 3}',
        b'{"worksheets": [3, {"cells": 4}]}',
        b'{"cells": [' + b"9" * 100_000 + b"]}",
        json.dumps({"cells": {"0": {}}}).encode(),
        b"null",
        b'"cells"',
        b"\0" * 1000,
    ],
)
def test_odd_json_is_unreadable_or_empty_and_never_an_error(content):
    begin = time.process_time()
    with contextlib.suppress(Unreadable):
        assert read_notebook(content).cells == ()
    assert time.process_time() - begin < 2


def test_a_huge_file_is_not_parsed():
    content = b'{"cells": []' + b" " * MOST_BYTES + b"}"
    begin = time.process_time()
    with pytest.raises(Unreadable, match="MB"):
        read_notebook(content)
    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize("value", [b"[]", b'{"":0}', b"1.5"])
def test_a_file_of_millions_of_values_is_not_parsed(value):
    """Parsing 32 MB of them takes seconds in which no neighbour is graded."""
    outputs = b",".join([value] * 2_100_000)
    begin = time.process_time()
    with pytest.raises(Unreadable, match="values"):
        read_notebook(b'{"cells": [], "metadata": [' + outputs + b"]}")
    assert time.process_time() - begin < 0.5


def test_a_huge_cell_is_refused():
    with pytest.raises(Unreadable, match="cell 2"):
        read_notebook(notebook("x = 1", "# " + "x" * 3_000_000))


def test_large_outputs_are_no_reason_to_refuse():
    cell = {"cell_type": "code", "source": "x", "outputs": [{"data": {"image/png": "A" * 10**7}}]}
    assert read_notebook(json.dumps({"nbformat": 4, "cells": [cell]}).encode()).cells


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ends):
    found = read_notebook(notebook(f"if True:{ends}    x = 1{ends}"))
    assert found.cells[0].source == "if True:\n    x = 1\n"
    assert [event.code for event in found.events] == ["line_ends"]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_other_encodings(encoding):
    text = json.dumps(json.loads(notebook("name = 'Zoë'")), ensure_ascii=False)
    found = read_notebook(text.encode(encoding))
    assert found.cells[0].source == "name = 'Zoë'"
    assert [event.code for event in found.events] == ["encoding"]


def test_format_3_is_read():
    sheet = {"cells": [{"cell_type": "code", "input": ["a = 1\n", "b"], "language": "python"}]}
    whole = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
    found = read_notebook(json.dumps(whole).encode())
    assert [cell.source for cell in found.cells] == ["a = 1\nb"]
    assert [event.code for event in found.events] == ["older_format"]


def test_cells_that_cannot_be_read_are_left_out_and_mentioned():
    odd = [3, None, {"cell_type": 4}, {"cell_type": "code", "source": {"a": 1}}]
    good = {"cell_type": "code", "source": "x = 1"}
    found = read_notebook(json.dumps({"nbformat": 4, "cells": [*odd, good]}).encode())
    assert [cell.source for cell in found.cells] == ["x = 1"]
    assert [event.code for event in found.events] == ["odd_cell"]


def test_no_code_is_mentioned():
    text = {"cell_type": "markdown", "source": "hello"}
    found = read_notebook(json.dumps({"nbformat": 4, "cells": [text]}).encode())
    assert [event.code for event in found.events] == ["no_code"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "source", "cell_type", "code", "id", "metadata", "nbformat", "worksheets"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=80, deadline=None)
@given(JSON | st.binary(max_size=60))
def test_nothing_makes_reading_fail_in_another_way(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        assert isinstance(read_notebook(content), Notebook)
    except Unreadable as problem:
        assert problem.event.code
        assert "\n" not in problem.event.detail

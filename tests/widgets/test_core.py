"""What all widgets share: limits of their traits, and messages from the page that make no sense."""

import re

import numpy as np
import pytest
import traitlets

from coursekit import widgets
from coursekit.widgets import ConvolutionExplorer, DescentExplorer
from coursekit.widgets.base import FOLDER, script, style
from coursekit.widgets.traits import Choice, Flag, Matrix, Number, Place, Series, Volume, Whole


class Holder(traitlets.HasTraits):
    whole = Whole(1, 1, 9)
    number = Number(0.5, 0, 1)
    choice = Choice("max", "average")
    flag = Flag(False)
    place = Place(2)
    matrix = Matrix(3, [[0]])
    series = Series(4, [0])
    volume = Volume((2, 3, 3), np.zeros((1, 1, 1)), "channels, rows, columns")


SENSELESS = [
    ("whole", [0, 10, 1.5, "2", None, True, float("nan"), [1], 10**400]),
    ("number", [-1, 2, "x", None, float("inf"), {}, 10**400]),
    ("choice", ["mean", 3, None, ["max"]]),
    ("flag", [1, "True", None]),
    ("place", [[0], [0, -1], [0, 1.5], "00", 3, None, [0, "x"], [0, float("nan")]]),
    (
        "matrix",
        [[], [[]], [1], [[1], [1, 2]], [[float("nan")]], "x", {}, np.zeros((4, 1)), [[10**400]]],
    ),
    ("series", [[], [[1]], 3, [1] * 5, ["a"], None]),
    ("volume", [[[1]], np.zeros((3, 1, 1)), np.zeros((0, 1, 1)), "x"]),
]


@pytest.mark.parametrize(
    "name, values", SENSELESS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_makes_no_sense_is_refused_by_name(name, values):
    for value in values:
        holder = Holder()
        before = getattr(holder, name)
        with pytest.raises(ValueError, match=rf"^{name}\b"):
            setattr(holder, name, value)
        assert getattr(holder, name) is before


def test_numbers_of_other_kinds_are_taken():
    holder = Holder(whole=np.int64(3), number=np.float32(0.5), flag=np.True_, place=(1.0, 2))
    assert (holder.whole, holder.flag, holder.place) == (3, True, [1, 2])
    assert type(holder.whole) is int and type(holder.flag) is bool
    holder.matrix = np.ones((2, 2), dtype="uint8")
    with pytest.raises(ValueError, match="read-only"):
        holder.matrix[0, 0] = 5


def from_page(widget, **state):
    """Let a widget take a message of the page, as it comes over the wire; gives what goes back."""
    sent = []
    widget.send_state = lambda key=None: sent.append(key)
    widget._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})
    return sent


def test_a_senseless_message_from_the_page_is_ignored_and_the_page_put_right(caplog):
    for name, values in {
        "stride": [0, "two", None, {"a": 1}],
        "padding": [-1, 1e9],
        "flip": ["maybe", 3],
        "selected": [[0], "x", [[1], 2]],
        "kernel": [[], "kernel", [[1, "a"]], np.zeros((20, 20)).tolist()],
        "input": [None, [[1], [2, 3]], 3],
    }.items():
        for value in values:
            explorer = ConvolutionExplorer()
            before = explorer.page_state(), explorer.output.tolist()
            assert name in from_page(explorer, **{name: value})
            assert (explorer.page_state(), explorer.output.tolist()) == before
    explorer = ConvolutionExplorer()
    from_page(explorer, stride="x", padding=1, unknown=4, _esm="alert(1)", output=[[1]])
    assert (explorer.stride, explorer.padding, explorer.output.shape) == (1, 1, (5, 5))
    assert explorer._esm == ConvolutionExplorer()._esm
    assert not hasattr(explorer, "unknown")
    assert caplog.records == []


@pytest.mark.parametrize(
    "name",
    sorted(
        name for name in widgets.__all__ if name.endswith(("Explorer", "Calculator", "Playground"))
    ),
)
def test_no_message_that_makes_no_sense_changes_a_widget(name, caplog):
    widget = getattr(widgets, name)()
    before = widget.page_state()
    for trait in widget.traits(page=True):
        for value in (None, {"a": [1]}, [[[[[["x"]]]]]], 10**400, float("nan"), "<script>"):
            assert trait in from_page(widget, **{trait: value}), (trait, value)
    assert widget.page_state() == before
    assert caplog.records == []


def test_values_that_make_sense_but_not_together_change_nothing():
    explorer = DescentExplorer()
    from_page(explorer, optimizer="adam", momentum=0.9)
    assert (explorer.optimizer, explorer.momentum) == ("sgd", 0)
    from_page(explorer, optimizer="adam", momentum=0.0, learning_rate=0.5)
    assert (explorer.optimizer, explorer.learning_rate) == ("adam", 0.5)


def test_words_and_pictures_hold_no_markup_of_the_values():
    with pytest.raises(
        ValueError, match=re.escape("choice is '<b>'; give one of 'max', 'average'")
    ):
        Holder(choice="<b>")


def test_every_front_end_is_small():
    names = sorted(
        path.parent.name for path in FOLDER.glob("*/*.css") if path.parent.name != "core"
    )
    assert len(names) > 6
    for name in names:
        runs_a_network = name in ("augmentation_explorer", "draw_digit", "network_explorer")
        most = 100_000 if runs_a_network else 60_000
        assert len((script(name) + style(name)).encode()) < most, name


def test_a_style_sheet_reaches_its_own_widget_alone():
    # In JupyterLab the style sheets of all widgets of a notebook hold for the whole page.
    for path in sorted(FOLDER.glob("*/*.css")):
        if path.parent.name == "core":
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        rules = re.findall(r"([^{};]+)\{[^{}]*\}", text)
        selectors = [each.strip() for rule in rules for each in rule.split(",")]
        roots = {re.search(r"\.(ck-[a-z]+|ckd)", each)[1] for each in selectors}
        assert selectors and len(roots - {"ckd"}) <= 1, (path.name, sorted(roots))

"""The size calculator in Python: what layers may be, and what follows."""

import re

import pytest

from coursekit.widgets import SizeCalculator


def test_layers_are_written_in_three_ways():
    ways = [(3, 1)], [(3, 1, 0, 1)], [{"kernel": 3}], ((3,),)
    full = {"kind": "conv", "kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "filters": 1}
    assert all(SizeCalculator(layers=way).layers == (full,) for way in ways)
    pooled = SizeCalculator(layers=[{"kind": "pool", "kernel": 3}])
    assert pooled.layers[0]["stride"] == 3


def test_the_table_follows_and_the_layers_of_lesson_and_lenet_are_right():
    calculator = SizeCalculator(6, [(3, 2)])
    seen = []
    calculator.observe(lambda change: seen.append(len(change["new"])), "table")
    calculator.layers = [
        {"kernel": 5, "padding": 2, "filters": 6},
        {"kind": "pool", "kernel": 2},
        {"kernel": 5, "filters": 16},
        {"kind": "pool", "kernel": 2},
    ]
    calculator.size = 28
    assert seen == [4, 4]
    assert [row["size"] for row in calculator.table] == [28, 14, 10, 5]
    assert [row["parameters"] for row in calculator.table] == [156, 0, 2416, 0]
    assert calculator.table[-1]["receptive_field"] == 16
    calculator.size = 4
    assert calculator.table[2]["size"] is None and "Layer 3 does not fit." in repr(calculator)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"size": 0}, "size is 0; give a whole number from 1 to 512"),
        ({"layers": 3}, "layers is 3; give a list of layers"),
        ({"layers": [3]}, "layers: layer 1 is 3; give (kernel, stride)"),
        ({"layers": [(3, 1), {"stride": 1}]}, "layers: layer 2 is {'stride': 1}; give"),
        ({"layers": [{"kernel": 3, "width": 2}]}, "layer 1 is {'kernel': 3, 'width': 2}; give"),
        ({"layers": [{"kind": "dense", "kernel": 1}]}, "layer 1 is {'kind': 'dense'"),
        ({"layers": [(3, 1.5)]}, "the stride of layer 1 is 1.5; give a whole number from 1 to 16"),
        ({"layers": [(0, 1)]}, "the kernel of layer 1 is 0; give a whole number from 1 to 31"),
        ({"layers": [(3, 1)] * 13}, "layers has 13 layers; give 12 at most"),
        ({"channels": "rgb"}, "channels is 'rgb'; give a whole number from 1 to 2048"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_fix(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        SizeCalculator(**arguments)

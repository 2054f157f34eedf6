"""Wrong ideas about LeNet-5 that show in the shapes of its weights, or keep it from computing."""

from collections.abc import Callable

import numpy as np

from coursekit.checks.lenet import parameter_rows
from coursekit.checks.spec import Misconception, Parts
from coursekit.checks.torch_probes import NO_FORWARD, NO_OUTPUT, NO_SUPER, NO_TENSOR


def shape_fault(parts: Parts) -> str:
    """Return the name of what is wrong with the shapes of a network's weights; "" for nothing.

    The last layer may have any number of units.
    """
    rows = [tuple(n for n in row if n) for row in parts[2].tolist()]
    if not rows:
        return "not_registered"
    wide = [row for row in rows if len(row) > 1]
    filters = [row for row in wide if len(row) == 4]
    dense = [row for row in wide if len(row) == 2]
    classes = [row[0] for row in dense if row[1] == 84] or [10]
    right = [tuple(n for n in row if n) for row in parameter_rows(classes[0]).tolist()]
    if rows == right:
        return _arriving(parts)
    if sorted(rows) == sorted(right):
        return "other_order"
    if len(rows) < 2 * len(wide):
        return "no_bias"
    if len(rows) > 2 * len(wide):
        return "parameters_added"
    if [len(filters), len(dense)] != [2, 3]:
        return (
            "layers_missing"
            if len(wide) < 5
            else "layers_added"
            if len(wide) > 5
            else "layers_other"
        )
    if [filters[0][0], filters[1][0]] == [16, 6]:
        return "filters_swapped"
    if filters[0][1] == 3:
        return "three_channels"
    if any(row[2:] != (5, 5) for row in filters):
        return "other_kernel"
    if filters != [right[0], right[2]]:
        return "other_filters"
    if [dense[0][0], dense[1][0]] != [120, 84] or dense[2][1] != 84 or dense[1][1] != 120:
        return "other_units"
    return {256: "no_padding", 784: "padded_twice", 16: "global_pooling"}.get(
        dense[0][1], "maps_other_size"
    )


def _arriving(parts: Parts) -> str:
    """Return the name of what is wrong where the weights are right but do not meet their inputs."""
    rows, arriving, wanted, _ = parts[3].tolist()
    if not wanted:
        return ""
    if wanted != 400:
        return "layer_left_out"
    if rows == 1 and arriving % 400 == 0:
        return "batch_flattened"
    if arriving in (5, 1):
        return "not_flattened"
    return {256: "no_padding", 784: "padded_twice", 16: "global_pooling"}.get(
        arriving, "maps_other_size"
    )


def _shows(name: str) -> Callable[[Parts], bool]:
    return lambda parts: not parts[4] and shape_fault(parts) == name


def _fault(code: int) -> Callable[[Parts], bool]:
    return lambda parts: bool(parts[4] == code)


def _ten_classes(parts: Parts) -> bool:
    return np.array_equal(parts[2], parameter_rows(10)) and not parts[3].any() and not parts[4]


_TABLE = "Put your layers beside the table, one by one: filters, kernel, inputs, units."
_SIZES = "Follow the side of the maps: 28, then padded and convolved, pooled, convolved, pooled."

WRONG_SHAPES: dict[str, Misconception] = {
    "classes_ignored": Misconception(
        "has ten outputs, whatever num_classes says",
        "Where does num_classes go in?",
        fits=_ten_classes,
    ),
    "super_missing": Misconception(
        "does not call super().__init__() before it makes its layers",
        "nn.Module has work to do before it can hold a layer. Which line lets it?",
        fits=_fault(NO_SUPER),
    ),
    "forward_missing": Misconception(
        "has no method forward",
        "Which method says what happens to x? Look at its name and its indentation.",
        fits=_fault(NO_FORWARD),
    ),
    "nothing_returned": Misconception(
        "has a forward that returns nothing",
        "What should stand on the last line of forward?",
        fits=_fault(NO_OUTPUT),
    ),
    "no_tensor": Misconception(
        "has a forward that returns something else than one tensor",
        "The scores alone are wanted. What stands on the last line of forward?",
        fits=_fault(NO_TENSOR),
    ),
    "one_number_a_picture": Misconception(
        "gives one number for each picture, not one score for each class",
        "Which class is likeliest comes out of the scores later. What does forward return?",
        fits=lambda parts: parts[0].ndim == 1 and not shape_fault(parts) and not parts[4],
    ),
    "not_registered": Misconception(
        "has no parameters: its layers are in a plain list, or are made in forward",
        "A layer becomes part of the module when it is set on self in __init__ (or put into an "
        "nn.Sequential or nn.ModuleList there).",
        fits=_shows("not_registered"),
    ),
    "other_order": Misconception(
        "makes its layers in another order than they are used",
        "Write the lines of __init__ in the order of the table.",
        fits=_shows("other_order"),
    ),
    "no_bias": Misconception(
        "leaves out biases",
        "Every filter and every unit has one bias. Which argument took them away?",
        fits=_shows("no_bias"),
    ),
    "parameters_added": Misconception(
        "has parameters beside the weights and biases of the five layers, as batch norm has",
        _TABLE,
        fits=_shows("parameters_added"),
    ),
    "layers_missing": Misconception(
        "has too few layers with weights",
        "There are two convolutions and three dense layers. Which one is missing?",
        fits=_shows("layers_missing"),
    ),
    "layers_added": Misconception(
        "has too many layers with weights",
        "There are two convolutions and three dense layers. Which one is left over?",
        fits=_shows("layers_added"),
    ),
    "layers_other": Misconception(
        "has five layers, but not two convolutions and three dense ones",
        _TABLE,
        fits=_shows("layers_other"),
    ),
    "filters_swapped": Misconception(
        "has 16 filters first and 6 second",
        "The maps become smaller and more. Which number comes first?",
        fits=_shows("filters_swapped"),
    ),
    "three_channels": Misconception(
        "takes pictures with three channels",
        "How many numbers has a pixel of a grey picture?",
        fits=_shows("three_channels"),
    ),
    "other_kernel": Misconception(
        "has other kernels than 5 x 5",
        "How wide is each filter in the table?",
        fits=_shows("other_kernel"),
    ),
    "other_filters": Misconception(
        "has convolutions that do not lead from 1 channel to 6, and from 6 to 16",
        _TABLE,
        fits=_shows("other_filters"),
    ),
    "other_units": Misconception(
        "has dense layers of other sizes than 120 and 84",
        _TABLE,
        fits=_shows("other_units"),
    ),
    "no_padding": Misconception(
        "does not pad the first convolution, so that 4 x 4 maps are left at the end",
        _SIZES,
        fits=_shows("no_padding"),
    ),
    "padded_twice": Misconception(
        "pads both convolutions, so that 7 x 7 maps are left at the end",
        _SIZES,
        fits=_shows("padded_twice"),
    ),
    "global_pooling": Misconception(
        "averages whole maps, so that 16 numbers are left of a picture",
        "Each 2x2 window becomes one number. How large are the maps then?",
        fits=_shows("global_pooling"),
    ),
    "maps_other_size": Misconception(
        "has maps of another size than 5 x 5 before the dense layers",
        "Write the size of the maps beside each line of forward. How many times do you pool?",
        fits=_shows("maps_other_size"),
    ),
    "not_flattened": Misconception(
        "does not flatten the maps before the dense layers",
        "A dense layer takes one row of 400 numbers for each picture.",
        fits=_shows("not_flattened"),
    ),
    "batch_flattened": Misconception(
        "flattens the batch as well, so that all pictures become one row",
        "Each row should hold one picture. From which axis on do you flatten?",
        fits=_shows("batch_flattened"),
    ),
    "layer_left_out": Misconception(
        "makes a layer that forward does not use",
        "Go through forward line by line: is every layer there, once?",
        fits=_shows("layer_left_out"),
    ),
}

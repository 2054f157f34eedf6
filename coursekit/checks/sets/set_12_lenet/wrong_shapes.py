"""Wrong ideas about LeNet-5 that show in the shapes of its weights, or keep it from computing."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from coursekit.checks.engine.spec import Misconception, Parts
from coursekit.checks.runner.torch_probes import NO_FORWARD, NO_OUTPUT, NO_SUPER, NO_TENSOR
from coursekit.checks.sets.modules import WRONG_MODULE
from coursekit.checks.sets.networks import sizes
from coursekit.checks.sets.set_12_lenet.lenet import parameter_rows

# What is wrong where so many numbers, not 400, reach the dense layers.
_MAPS = {784: "padded_twice", 16: "global_pooling"}


def shape_fault(parts: Parts) -> str:
    """Return the name of what is wrong with the shapes of a network's weights; "" for nothing.

    The last layer may have any number of units.
    """
    rows = sizes(parts[2])
    if not rows:
        return "in_plain_list" if parts[7] else "not_registered"
    wide = [row for row in rows if len(row) > 1]
    filters = [row for row in wide if len(row) == 4]
    dense = [row for row in wide if len(row) == 2]
    classes = [row[0] for row in dense if row[1] == 84] or [10]
    right = sizes(parameter_rows(classes[0]))
    if rows == right:
        return _arriving(parts)
    if sorted(rows) == sorted(right):
        return "other_order"
    if len(rows) < 2 * len(wide):
        return "no_bias"
    if len(rows) > 2 * len(wide):
        return "parameters_added"
    if [len(filters), len(dense)] != [2, 3]:
        if len(wide) < 5 and parts[7]:
            return "in_plain_list"
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
    if [row[0] for row in dense[:2]] == [120, 84] and dense[1:] == [(84, 120), (dense[2][0], 120)]:
        return "layer_left_out"  # the last one follows the first
    if [dense[0][0], dense[1][0]] != [120, 84] or dense[2][1] != 84 or dense[1][1] != 120:
        return "other_units"
    arriving = int(parts[3][1]) or dense[0][1]
    if arriving == 25:
        return "dense_inputs"
    return "dense_inputs" if arriving == 400 else _of_maps(parts, arriving)


def _of_maps(parts: Parts, arriving: int) -> str:
    """Return what is wrong where so many numbers, not 400, are left of a picture."""
    if arriving == 256:  # maps of 4 x 4
        return "padded_by_one" if parts[6].tolist()[:1] == [1] else "no_padding"
    return _MAPS.get(arriving, "maps_other_size")


def _arriving(parts: Parts) -> str:
    """Return the name of what is wrong where the weights are right but do not meet their inputs."""
    rows, arriving, wanted, _ = parts[3].tolist()
    if not wanted:
        return ""
    if wanted != 400:
        return "layer_left_out" if arriving > wanted else "layer_used_twice"
    if rows == 1 and arriving % 400 == 0:
        return "batch_flattened"
    if arriving in (5, 1, 25) or rows == 400:
        return "not_flattened"
    if arriving in (10, 84, 120):
        return "layer_used_twice"
    return _of_maps(parts, arriving)


def _shows(name: str) -> Callable[[Parts], bool]:
    return lambda parts: not parts[4] and shape_fault(parts) == name


def _fault(code: int) -> Callable[[Parts], bool]:
    return lambda parts: bool(parts[4] == code)


def _ten_classes(parts: Parts) -> bool:
    return np.array_equal(parts[2], parameter_rows(10)) and not parts[3].any() and not parts[4]


_TABLE = "Put your layers beside the table, one by one: filters, kernel, inputs, units."
_SIZES = "Follow the side of the maps: 28, then padded and convolved, pooled, convolved, pooled."

# What an answer with a fault of `shape_fault` does, and what to rethink.
_FAULTS = {
    "not_registered": (
        "has no parameters: its layers are made in forward, and anew for each batch",
        "What would become of weights that have been learned? Where are layers made and kept?",
    ),
    "in_plain_list": (
        "keeps layers in a plain Python list, where PyTorch does not find their parameters",
        "Which list does PyTorch look into? Or does each layer get a name of its own on self?",
    ),
    "other_order": (
        "makes its layers in another order than they are used",
        "Write the lines of __init__ in the order of the table.",
    ),
    "no_bias": (
        "leaves out biases",
        "Every filter and every unit has one bias. Which argument took them away?",
    ),
    "parameters_added": (
        "has parameters beside the weights and biases of the five layers",
        _TABLE,
    ),
    "layers_missing": (
        "has too few layers with weights",
        "There are two convolutions and three dense layers. Which one is missing?",
    ),
    "layers_added": (
        "has too many layers with weights",
        "There are two convolutions and three dense layers. Which one is left over?",
    ),
    "layers_other": (
        "has five layers, but not two convolutions and three dense ones",
        _TABLE,
    ),
    "filters_swapped": (
        "has 16 filters first and 6 second",
        "The maps become smaller and more. Which number comes first?",
    ),
    "three_channels": (
        "takes pictures with three channels",
        "How many numbers has a pixel of a grey picture?",
    ),
    "other_kernel": (
        "has other kernels than 5 x 5",
        "How wide is each filter in the table?",
    ),
    "other_filters": (
        "has convolutions that do not lead from 1 channel to 6, and from 6 to 16",
        _TABLE,
    ),
    "other_units": (
        "has dense layers of other sizes than 120 and 84",
        _TABLE,
    ),
    "no_padding": (
        "does not pad the first convolution, so that 4 x 4 maps are left at the end",
        _SIZES,
    ),
    "padded_by_one": (
        "pads the first convolution by 1, so that 4 x 4 maps are left at the end",
        "A 5 x 5 filter reaches two pixels beyond its middle. How wide must the frame be?",
    ),
    "dense_inputs": (
        "has 16 maps of 5 x 5, as it should, and a first dense layer made for another number",
        "How many numbers are 16 maps of 5 x 5?",
    ),
    "padded_twice": (
        "pads both convolutions, so that 7 x 7 maps are left at the end",
        _SIZES,
    ),
    "global_pooling": (
        "makes the maps so small that 16 numbers are left of a picture, one of each map",
        "Each 2x2 window becomes one number. How large are the maps then?",
    ),
    "maps_other_size": (
        "has maps of another size than 5 x 5 before the dense layers",
        "Write the size of the maps beside each line of forward. How many times do you pool?",
    ),
    "not_flattened": (
        "does not flatten the maps into one row a picture before the dense layers",
        "A dense layer takes one row of 400 numbers for each picture.",
    ),
    "batch_flattened": (
        "flattens the batch as well, so that all pictures become one row",
        "Each row should hold one picture. From which axis on do you flatten?",
    ),
    "layer_used_twice": (
        "gives a dense layer fewer numbers than it was made for: it is used twice, or too late",
        "Go through forward line by line: is every layer there, once?",
    ),
    "layer_left_out": (
        "makes a layer that forward does not use",
        "Go through forward line by line: is every layer there, once?",
    ),
}

_THE_400 = (
    "Follow one picture: C1 28 x 28 (padded by 2), S2 14 x 14, C3 10 x 10, S4 5 x 5. There are 16 "
    "maps, so 16 * 5 * 5 = 400 numbers go into nn.Linear(400, 120). Print x.shape in forward "
    "where yours differs."
)
_HINTS = {
    **dict.fromkeys(
        ("no_padding", "padded_by_one", "padded_twice", "dense_inputs", "maps_other_size"), _THE_400
    ),
    "in_plain_list": "self.layers = [nn.Conv2d(...), ...] hides the layers. A name for each, as in "
    "self.c1 = nn.Conv2d(...), shows them, and so does nn.ModuleList([...]).",
    "not_registered": "Make each layer once, in __init__, as self.c1 = nn.Conv2d(...); in forward "
    "call self.c1(x).",
    "batch_flattened": "x.flatten() makes one row of everything; x.flatten(start_dim=1) leaves the "
    "first axis, the pictures, alone.",
    "not_flattened": "Between S4 and C5: x = x.flatten(start_dim=1), (N, 16, 5, 5) -> (N, 400).",
}

WRONG_SHAPES: dict[str, Misconception] = {
    "classes_ignored": Misconception(
        "has ten outputs, whatever num_classes says",
        "Where does num_classes go in?",
        fits=_ten_classes,
        hint="The last layer is nn.Linear(84, num_classes), with the name in place of a number.",
    ),
    **{
        name: replace(WRONG_MODULE[name], fits=_fault(code))
        for name, code in (("super_missing", NO_SUPER), ("forward_missing", NO_FORWARD))
    },
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
    "returned_too_early": Misconception(
        "returns what another layer than the last one gives",
        "There should be one score for each class. On which line of forward does return stand?",
        fits=lambda parts: (
            parts[0].ndim > 1
            and parts[0].size > 0
            and not shape_fault(parts)
            and not parts[4]
            and parts[0][0].size != parts[2][-1, 0]
        ),
    ),
    "one_number_a_picture": Misconception(
        "gives one number for each picture, not one score for each class",
        "Which class is likeliest comes out of the scores later. What does forward return?",
        fits=lambda parts: parts[0].ndim == 1 and not shape_fault(parts) and not parts[4],
    ),
    **{
        name: Misconception(does, rethink, fits=_shows(name), hint=_HINTS.get(name, ""))
        for name, (does, rethink) in _FAULTS.items()
    },
}

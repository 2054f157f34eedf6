"""Wrong ideas about giving a network a new head.

An answer has one fault, read off what it did; the fault's name is that of the idea.
"""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.torch_transfer import LAYER, NO_MODULE, NOTHING, OTHER


def head_fault(parts: Parts) -> str:
    """Return the name of what is wrong with a network that should have a new head, or ""."""
    if len(parts) != 7:
        return "other"
    outputs, returned, rows, flags, changed, there, facts = parts
    classes, _, inputs, frozen, says_other, old_rows, bias = facts.tolist()
    replaced = len(rows) and not (there[-1] and len(rows) == len(there))
    if returned in (NO_MODULE, LAYER, OTHER):
        return {NO_MODULE: "no_module", LAYER: "layer_returned", OTHER: "another_model"}[
            int(returned)
        ]
    if returned == NOTHING and replaced:
        return "nothing_returned"
    shape = _shape_fault(rows, there, classes, inputs, bool(says_other))
    if shape:
        return shape
    if not bias:
        return "no_bias"
    if old_rows:
        return "old_rows_kept"
    if changed[0]:
        return "body_changed"
    if not flags[-2:].all():
        return "head_frozen"
    body = flags[:-2]
    if frozen and body.any():
        return "body_opened"
    if not frozen and not body.all():
        return "body_frozen"
    if changed[1]:
        return "mode_changed"
    return "softmax_added" if outputs.size and _like_probabilities(outputs) else ""


def _shape_fault(rows: Array, there: Array, classes: int, inputs: int, says_other: bool) -> str:
    """Return the name of what is wrong with the number of dense layers and with their sizes."""
    sizes = [tuple(row) for row in rows.tolist()]
    if len(sizes) != len(there):
        if len(sizes) < len(there):
            return "head_missing"
        return "old_head_kept" if there[-1] else "layers_added"
    if there.all():
        if says_other and sizes[-1][0] == classes:
            return "old_layer_filled"
        return "only_number_changed" if says_other else "nothing_replaced"
    if there[-1]:
        return "other_layer"
    if not there.all() and len(there) > 1 and not there[:-1].all():
        return "every_layer"
    if sizes[-1] == (classes, inputs):
        return ""
    if sizes[-1] == (inputs, classes):
        return "sizes_swapped"
    if sizes[-1][0] == classes:
        return "other_inputs"
    return "other_classes"


def _like_probabilities(outputs: Array) -> bool:
    """Say whether rows are probabilities, or their logarithms."""
    both = outputs.sum(axis=1), np.exp(np.minimum(outputs, 50)).sum(axis=1)
    return any(np.allclose(sums, 1, atol=1e-4) for sums in both)


def _shows(name: str) -> Callable[[Parts], bool]:
    """Return whether a reply shows the fault, or none: not every network brings it out."""
    return lambda parts: head_fault(parts) in ("", name)


_SET = (
    "owner, _, last = name.rpartition('.'); setattr(model.get_submodule(owner), last, new) puts a "
    "layer in the place called name."
)
_RETURN = "The last line: return model."
_FAULTS = {
    "no_module": (
        "returns something that is no network",
        "The network itself is to come back. What stands after return?",
        _RETURN,
    ),
    "layer_returned": (
        "returns the new layer, not the network",
        "Whoever called it wants to train the whole network. What stands after return?",
        _RETURN,
    ),
    "another_model": (
        "returns another network than the one it was given",
        "A copy, or a new nn.Sequential, leaves the model that came in with its old head, and a "
        "new one may lose what forward does between the layers. Can you put the new layer into "
        "the old one's place?",
        _SET,
    ),
    "nothing_returned": (
        "replaces the head, and returns nothing",
        "The work is done. What does somebody get who writes model = replace_head(model, 4)?",
        _RETURN,
    ),
    "nothing_replaced": (
        "leaves the network with its old head",
        "A new layer was made, perhaps: does the network know of it? Assigning to a name inside "
        "a function changes no place in the network. And are other classes as many as the old "
        "ones, they need a new head all the same.",
        _SET,
    ),
    "only_number_changed": (
        "changes the number that the layer shows, not the layer",
        "layer.out_features is a note for the reader. Which array decides how many scores come "
        "out?",
        "Make a new nn.Linear(layer.in_features, num_classes).",
    ),
    "old_layer_filled": (
        "writes new weights into the old layer, and makes no new one",
        "The old layer still holds its bias and its number of classes. What is missing is a layer "
        "of its own: who makes one?",
        "Make a new nn.Linear(layer.in_features, num_classes).",
    ),
    "old_rows_kept": (
        "takes rows of the old head over into the new one",
        "Each row was learned for an old class. Which new class should begin as an airplane?",
        "nn.Linear(in_features, num_classes) begins with random weights; leave them.",
    ),
    "other_layer": (
        "replaces another dense layer than the last",
        "A network may have several nn.Linear. Which of them gives the scores?",
        "Go on with the loop to its end: the last nn.Linear that it meets is the head.",
    ),
    "every_layer": (
        "replaces every dense layer",
        "Those before the last belong to the body. Which one gives the scores?",
        "Remember the last nn.Linear in the loop, and replace that one after the loop.",
    ),
    "old_head_kept": (
        "keeps the old head, and has the new one beside or behind it",
        "The old head turns the features into old classes. Which numbers should the new one see?",
        _SET,
    ),
    "layers_added": (
        "puts more than one dense layer in the place of the head",
        "One nn.Linear, from the features to the classes, is asked for.",
        "",
    ),
    "head_missing": (
        "takes the head away and puts nothing in its place",
        "Where do num_classes scores come from?",
        "",
    ),
    "sizes_swapped": (
        "swaps the numbers of inputs and of outputs",
        "nn.Linear takes first how many numbers come in. Which is that?",
        "nn.Linear(layer.in_features, num_classes).",
    ),
    "other_inputs": (
        "makes a head for another number of features than arrives",
        "How many numbers does the body give? The old head knows.",
        "layer.in_features of the old head is what the new one needs as well.",
    ),
    "other_classes": (
        "makes a head for another number of classes than num_classes",
        "Where does num_classes go in?",
        "nn.Linear(layer.in_features, num_classes).",
    ),
    "no_bias": (
        "makes a head without biases",
        "The old head has a bias for each class. Which argument took them away?",
        "",
    ),
    "softmax_added": (
        "puts a softmax behind the head",
        "The network gives logits; softmax is in the loss (lesson 11). What may stand behind the "
        "last layer?",
        "",
    ),
    "head_frozen": (
        "leaves the new head frozen, so that nothing in the network can learn",
        "The head is what feature extraction trains. What comes first: freezing, or the new layer?",
        "A new layer is open. Leave requires_grad of its parameters alone.",
    ),
    "body_opened": (
        "opens the body again, which came frozen",
        "Whoever froze the body wanted it so. Which line reaches more than the new head?",
        "A new layer is open by itself: no requires_grad is needed here.",
    ),
    "body_frozen": (
        "freezes the body, which came open",
        "replace_head replaces the head; freezing is another function's work, and fine-tuning "
        "needs the body open.",
        "No requires_grad is needed here.",
    ),
    "body_changed": (
        "changes weights of the body",
        "The body holds what was learned. Which line writes into it?",
        "",
    ),
    "mode_changed": (
        "puts the body in another mode",
        "train() on the whole network sets batch norm going again, eval() stops dropout. Which of "
        "the two does a line of yours call?",
        "Neither train() nor eval() is needed here.",
    ),
}


def _in_old_layer(name: str) -> Callable[[Parts], bool]:
    """Return the same for what is written into the old layer: as many classes as before hide it."""

    def shows(parts: Parts) -> bool:
        fault = head_fault(parts)
        alike = fault == "nothing_replaced" and parts[6][0] == parts[6][1]
        return fault == name or bool(alike)

    return shows


WRONG_REPLACE_HEAD = {
    name: Misconception(
        does,
        rethink,
        fits=(
            _in_old_layer(name)
            if name in ("only_number_changed", "old_layer_filled")
            else _shows(name)
        ),
        hint=hint,
    )
    for name, (does, rethink, hint) in _FAULTS.items()
}

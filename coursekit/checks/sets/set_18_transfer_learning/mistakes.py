"""Wrong ideas about freezing a module, and about giving a network a new head.

An answer has one fault, read off what it did; the fault's name is that of the idea.
"""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.torch_transfer import LAYER, NO_MODULE, NOTHING, OTHER

# Which parameters an answer leaves open, in the order of `torch_transfer.PARAMETERS`: scale and
# offset of the module itself, weight and bias of a convolution, a batch norm and a dense layer.
_OPEN = {
    "first_only": ("01111111",),
    "own_only": ("00111111",),
    "own_left": ("11000000",),
    "last_left": ("00000001",),
    "last_layer_left": ("00000011", "11000011"),
    "weights_only": ("11010101", "00010101", "11011101"),
    "biases_only": ("11101010", "00101010"),
    "norm_left": ("00001100", "11001100"),
    "norm_only": ("11110011",),
    "convolution_only": ("11001111", "00001111"),
    "dense_only": ("11111100", "00111100"),
    "rows_left": ("00011101",),
}


def frozen_fault(parts: Parts) -> str:
    """Return the name of what is wrong with a module after it should have been frozen, or ""."""
    if len(parts) != 8:
        return "other"
    flags, opened, moved = (np.asarray(part) for part in parts[4:7])
    stats_moved, new_stats, training, passed, on_module, no_grad, other = parts[7].tolist()
    if np.array_equal(flags, opened):
        if not moved.any():
            return "no_grad_only"
        if other:
            return "copy_frozen"
        if on_module:
            return "set_on_module"
        if no_grad:
            return "no_grad_only"
        return "nothing_frozen" if training else "eval_only"
    if flags.any():
        return _left_open(flags, opened)
    if moved.any():
        return "weights_changed"
    if new_stats:
        return "statistics_reset"
    if stats_moved:
        return "batch_norm_moves"
    if training:
        return "batch_norm_uses_batch"
    return "" if passed else "way_blocked"


def _left_open(flags: Array, opened: Array) -> str:
    """Return the name for those parameters that can still be trained."""
    if flags.all():
        return "switched_on"
    if np.array_equal(flags, 1 - opened):
        return "toggled"
    return next((name for name in _OPEN if _leaves_open(name, flags, opened)), "some_left")


def _leaves_open(name: str, flags: Array, opened: Array) -> bool:
    """Say whether just those parameters are open that the idea leaves so."""
    rows = [np.array([int(digit) for digit in row]) for row in _OPEN[name]]
    return any(np.array_equal(flags, row * opened) for row in rows)


def _shows_frozen(name: str) -> Callable[[Parts], bool]:
    """Return whether a reply shows the fault; what came frozen may hide a part of it."""

    def shows(parts: Parts) -> bool:
        fault, flags, opened = frozen_fault(parts), *parts[4:6]
        if name in _OPEN and _leaves_open(name, flags, opened):
            return True
        if name == "switched_on":
            return bool(flags.all())
        if name == "some_left" and not opened.all():
            return bool(flags.any()) and fault not in ("toggled", "switched_on")
        return fault in ("", name)

    return shows


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


def _shows_head(name: str) -> Callable[[Parts], bool]:
    """Return whether a reply shows the fault, or none: not every network brings it out."""
    return lambda parts: head_fault(parts) in ("", name)


_EACH = (
    "Each parameter has a switch of its own. Which loop reaches all of them, however deep they lie?"
)
_SWITCH = "for parameter in module.parameters(): parameter.requires_grad = False reaches every one."
_EVAL = (
    "module.eval() puts every batch norm inside into evaluation mode: it uses its statistics and "
    "leaves them alone."
)
# What an answer does, what to rethink, and a hint of its own.
_FROZEN = {
    "nothing_frozen": (
        "leaves every parameter as it was",
        "Print [p.requires_grad for p in module.parameters()] before and after. Is = an "
        "assignment there, or ==? Is the result of detach() used anywhere?",
        _SWITCH,
    ),
    "set_on_module": (
        "sets requires_grad on a module, where nobody looks at it",
        "module.requires_grad = False makes a new attribute of the module. Who has the switch "
        "that PyTorch reads: modules or parameters?",
        "module.requires_grad_(False), with an underscore and brackets, is a method that goes "
        "through all parameters; requires_grad without it belongs to each parameter.",
    ),
    "no_grad_only": (
        "uses torch.no_grad() and switches no parameter off",
        "no_grad holds for what is computed inside it, while it lasts. What about the training "
        "steps that come later, and the gradient for what lies before the module?",
        _SWITCH,
    ),
    "eval_only": (
        "puts the module in evaluation mode and switches no parameter off",
        "eval() changes how dropout and batch norm compute. Do weights stop learning by it?",
        _SWITCH,
    ),
    "copy_frozen": (
        "freezes a copy and leaves the module that it was given as it was",
        "The network that will be trained holds the module itself. Which object is frozen?",
        "Leave out the copy: freeze changes the module that comes in.",
    ),
    "switched_on": (
        "switches training on for every parameter",
        "requires_grad says whether a gradient is wanted. Which value freezes?",
        "",
    ),
    "toggled": (
        "turns every switch over, so that what was frozen can be trained again",
        "What does your function do to a module of which a part is frozen already?",
        "Assign False; what stood there before does not matter.",
    ),
    "first_only": (
        "freezes the first parameter and stops",
        "How many times does the loop run? Where does return stand?",
        "return belongs below the loop, at the level of for.",
    ),
    "own_only": (
        "freezes the module's own parameters and none of those of the layers inside it",
        _EACH,
        "module.parameters() goes into all layers; recurse=False keeps it out.",
    ),
    "own_left": (
        "freezes the parameters of the layers and leaves those that the module holds itself",
        "A module can hold a parameter itself, beside its layers: self.offset = nn.Parameter(...). "
        + _EACH,
        _SWITCH,
    ),
    "last_left": (
        "leaves the last parameter open",
        "Which one does a slice such as [:-1] leave out?",
        "",
    ),
    "last_layer_left": (
        "leaves the module's last layer open",
        "What is to be trained is not in this module: freeze is given the body alone.",
        "",
    ),
    "weights_only": (
        "freezes weights and leaves biases open",
        "A bias is a parameter, too. Why does your loop pass it over?",
        _SWITCH,
    ),
    "biases_only": (
        "freezes biases and leaves weights open",
        "Which numbers hold what was learned? " + _EACH,
        _SWITCH,
    ),
    "norm_left": (
        "leaves scale and shift of batch norm open",
        "Batch norm has a weight and a bias that are trained. " + _EACH,
        _SWITCH,
    ),
    "norm_only": (
        "freezes batch norm alone",
        "What of the convolutions and dense layers? " + _EACH,
        _SWITCH,
    ),
    "convolution_only": (
        "freezes convolutions alone",
        "A body can hold dense layers and batch norms as well. " + _EACH,
        _SWITCH,
    ),
    "dense_only": (
        "freezes dense layers alone",
        "What of the convolutions? " + _EACH,
        _SWITCH,
    ),
    "rows_left": (
        "leaves parameters with one axis open",
        "Biases, and scale and shift of batch norm, have one axis only. " + _EACH,
        _SWITCH,
    ),
    "some_left": (
        "leaves some parameters open and freezes the others",
        _EACH,
        _SWITCH,
    ),
    "weights_changed": (
        "changes the weights themselves",
        "To freeze is to keep what was learned. Which line writes into the weights?",
        "",
    ),
    "batch_norm_moves": (
        "freezes all parameters, while batch norm goes on collecting statistics",
        "Running mean and variance are no parameters: no gradient moves them, each batch in "
        "training mode does. Which mode leaves them alone?",
        _EVAL,
    ),
    "batch_norm_uses_batch": (
        "keeps the statistics of batch norm, which goes on using those of each batch",
        "In training mode batch norm computes with the mean of the batch, whatever it has stored. "
        "Which mode computes with what was learned?",
        _EVAL,
    ),
    "statistics_reset": (
        "throws the statistics of batch norm away",
        "Mean and variance were learned, too. Why reset them?",
        _EVAL,
    ),
    "way_blocked": (
        "lets no gradient through the module to what lies before it",
        "A frozen layer passes gradients on: what stands before it may want to learn. What cuts "
        "them off?",
        "Leave forward as it is: requires_grad = False on the parameters is enough.",
    ),
}

_SET = (
    "owner, _, last = name.rpartition('.'); setattr(model.get_submodule(owner), last, new) puts a "
    "layer in the place called name."
)
_RETURN = "The last line: return model."
_HEAD = {
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
        "train() on the whole network sets batch norm going again. Which line does it?",
        "Neither train() nor eval() is needed here.",
    ),
}


def _only_number(parts: Parts) -> bool:
    """Say the same of a number that was written over where it is the old one, so nothing shows."""
    fault = head_fault(parts)
    alike = fault == "nothing_replaced" and parts[6][0] == parts[6][1]
    return fault == "only_number_changed" or bool(alike)


WRONG_FREEZING = {
    name: Misconception(does, rethink, fits=_shows_frozen(name), hint=hint)
    for name, (does, rethink, hint) in _FROZEN.items()
}
WRONG_HEADS = {
    name: Misconception(
        does,
        rethink,
        fits=_only_number if name == "only_number_changed" else _shows_head(name),
        hint=hint,
    )
    for name, (does, rethink, hint) in _HEAD.items()
}

"""Wrong ideas about freezing a module.

An answer has one fault, read off what it did; the fault's name is that of the idea.
"""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts

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
    stats_moved, new_stats, training, passed, on_module, no_grad, other, gone = parts[7].tolist()
    if gone:
        return "parameters_gone"
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


def _shows(name: str) -> Callable[[Parts], bool]:
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


_EACH = (
    "Each parameter has a switch of its own. Which loop reaches all of them, however deep they lie?"
)
_SWITCH = "for parameter in module.parameters(): parameter.requires_grad = False reaches every one."
_EVAL = (
    "module.eval() puts every batch norm inside into evaluation mode: it uses its statistics and "
    "leaves them alone."
)
# What an answer does, what to rethink, and a hint of its own.
_FAULTS = {
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
        "eval() changes how dropout and batch norm compute. Do weights stop learning by it? And if "
        "a line was to switch parameters off: is = an assignment there, or ==, is requires_grad "
        "spelt right, is the result of detach() used anywhere?",
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
        "freezes dense layers alone, or only layers that stand directly in the module",
        "What of the convolutions, and of layers inside another layer? " + _EACH,
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
    "parameters_gone": (
        "takes layers out of the module, or puts others in their place",
        "Everything in the module should stay and go on computing as before. Which line takes "
        "something away?",
        _EVAL,
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

WRONG_FREEZE = {
    name: Misconception(does, rethink, fits=_shows(name), hint=hint)
    for name, (does, rethink, hint) in _FAULTS.items()
}

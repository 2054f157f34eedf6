"""Wrong ideas that any torch module can hold, whatever it computes."""

from collections.abc import Callable
from typing import Any

from coursekit.checks.engine.spec import Misconception
from coursekit.checks.runner.torch_probes import NO_FORWARD, NO_SUPER, NO_TENSOR

# The last part of a reply about a module is the number of its fault.
WRONG_MODULE = {
    "super_missing": Misconception(
        "does not call super().__init__() before it makes its layers",
        "nn.Module has work to do before it can hold a layer. Which line lets it?",
        fits=lambda parts: bool(parts[-1] == NO_SUPER),
    ),
    "forward_missing": Misconception(
        "has no method forward",
        "Which method says what happens to x? Look at its name and its indentation.",
        fits=lambda parts: bool(parts[-1] == NO_FORWARD),
    ),
    "no_tensor": Misconception(
        "gives something else than one tensor",
        "One tensor is wanted. What stands on the last line of forward?",
        fits=lambda parts: bool(parts[-1] == NO_TENSOR),
    ),
}


# The last but two holds the shapes of the parameters, the last but one what happens in training:
# how many parameters no gradient reaches, and whether it computes otherwise.
NOT_REGISTERED = Misconception(
    "has no parameters: its layers are in a plain list, or are made in forward",
    "A layer becomes part of a module when it is set on self in __init__, or put into an "
    "nn.Sequential or nn.ModuleList.",
    fits=lambda parts: not len(parts[-3]) and not parts[-1],
)


def wrong_in_training(*right: Callable[..., Any]) -> dict[str, Misconception]:
    """Return what may go wrong in training alone, where the numbers are those of `right`."""
    return {
        "gradient_cut_off": Misconception(
            "lets no gradient through to some of its layers",
            "The numbers are right. Does backward find its way from the output to every "
            "convolution?",
            right,
            fits=lambda parts: bool(parts[-2][0]),
            hint="detach(), .data and torch.no_grad() cut a tensor off from what it was made of.",
        ),
        "other_in_training": Misconception(
            "computes something else while it is trained, as dropout does",
            "After eval() the numbers are right, after train() they are others. Which layer is "
            "asked for nowhere?",
            right,
            fits=lambda parts: bool(parts[-2][1]),
        ),
    }

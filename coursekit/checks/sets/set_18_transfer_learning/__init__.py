"""Set 18: freezing a module, and giving a network a new head, as feature extraction needs both.

What was asked of a module shows in a training step after it; what was asked of a network, when
weights are put into its new head. Both right answers come from NumPy.
"""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.pick import Pick
from coursekit.checks.engine.spec import (
    Args,
    Array,
    Check,
    Exercise,
    Misconception,
    Parts,
    Words,
    only,
)
from coursekit.checks.runner.torch_transfer import (
    CLASSIFIER,
    FC,
    HEADS,
    IN_A_ROW,
    PARAMETERS,
    SAME,
)
from coursekit.checks.sets.networks import TORCH_ERRORS
from coursekit.checks.sets.set_18_transfer_learning.networks import right_frozen, right_head
from coursekit.checks.sets.set_18_transfer_learning.wrong_freeze import WRONG_FREEZE
from coursekit.checks.sets.set_18_transfer_learning.wrong_replace_head import WRONG_REPLACE_HEAD

_TOLERANCE = 1e-3
_KINDS = {
    FC: "A network whose head is model.fc",
    IN_A_ROW: "An nn.Sequential, whose head is its last layer",
    CLASSIFIER: "A network whose head is the last of three layers in model.classifier",
    HEADS: "A network whose head lies in model.heads, two steps down",
}
_FREEZE_ERRORS = (
    (
        r"'generator' object has no attribute 'requires_grad",
        "module.parameters() gives the parameters one after another; each has a switch. Go through "
        "them with a for loop.",
    ),
    (
        r"'tuple' object has no attribute 'requires_grad",
        "named_parameters() gives pairs, a name and a parameter: two names belong into the for "
        "line.",
    ),
    (
        r"'method' object is not iterable",
        "Brackets are missing: module.parameters() gives the parameters.",
    ),
    (
        r"'str' object has no attribute 'requires_grad",
        "state_dict() and dictionaries give names first. module.parameters() gives the parameters.",
    ),
    (
        r"values to unpack",
        "parameters() gives parameters alone; named_parameters() gives pairs of a name and a "
        "parameter.",
    ),
    (
        r"'Body' object has no attribute '(\w+)'",
        "The module may be any: this one has no {0}. module.parameters() works for all.",
    ),
    *TORCH_ERRORS,
)
_HEAD_ERRORS = (
    (
        r"'(\w+)' object has no attribute '(?:in_features|out_features)'",
        "in_features belongs to nn.Linear, and what you have there is a layer of the kind {0}: is "
        "it the last nn.Linear that you found?",
    ),
    (
        r"'(?:Residual|Visual|Heads|Sequential)' object has no attribute '(\w+)'",
        "This network has no {0}: its head has another name. for name, layer in "
        "model.named_modules() goes through all layers, however they are called.",
    ),
    (
        r"'(?:Residual|Visual|Heads)' object is not subscriptable",
        "Only nn.Sequential has numbered layers. for name, layer in model.named_modules() goes "
        "through the layers of any network.",
    ),
    *TORCH_ERRORS,
)


def _body(before: tuple[int, ...]) -> Callable[[Pick], Args]:
    """Return a draw of a body, of which the first so many parameters are frozen, and of a head."""

    def draw(pick: Pick) -> Args:
        rng = pick.generator()
        channels, maps, features, classes = map(int, rng.integers((1, 2, 2, 2), (4, 5, 5, 5)))

        def drawn(*shape: int, low: float = -1.0, high: float = 1.0) -> Array:
            values: Array = rng.uniform(low, high, shape).astype(np.float32)
            return values

        height, width = map(int, rng.integers(5, 8, size=2))
        images = drawn(6, channels, height, width, low=0)
        return (
            images, drawn(6, classes), int(rng.choice(before)),
            drawn(classes, features), drawn(classes),
            drawn(channels, 1, 1, low=0.5, high=2), drawn(channels, 1, 1),
            drawn(maps, channels, 3, 3), drawn(maps),
            drawn(maps, low=0.5, high=2), drawn(maps, low=0.5),
            drawn(features, maps), drawn(features),
            drawn(maps), drawn(maps, low=0.5, high=3),
        )  # fmt: skip

    return draw


def _model(kinds: tuple[int, ...], frozen: tuple[int, ...]) -> Callable[[Pick], Args]:
    """Return a draw of networks whose head lies here or there, and of weights for a new one."""

    def draw(pick: Pick) -> Args:
        rng = pick.generator()
        channels, maps, wide, before = map(int, rng.integers((1, 2, 5, 3), (4, 5, 8, 6)))
        kind = int(rng.choice(kinds))
        inputs = wide if kind in (CLASSIFIER, HEADS) else maps
        now = before if rng.random() < 0.2 else int(rng.integers(2, 12))

        def drawn(*shape: int) -> Array:
            values: Array = rng.uniform(-1, 1, shape).astype(np.float32)
            return values

        hidden = (drawn(wide, maps), drawn(wide)) if inputs == wide else (drawn(0), drawn(0))
        return (
            drawn(3, channels, 5, 6), kind, now, int(rng.choice(frozen)),
            drawn(maps, channels, 3, 3), drawn(maps), *hidden,
            drawn(before, inputs), drawn(before), drawn(now, inputs), drawn(now),
        )  # fmt: skip

    return draw


def _frozen_explained(
    args: Args, got: Parts, expected: Parts, idea: Misconception | None
) -> list[str]:
    """Say what happened to the body's parameters, statistics and gradient."""
    if not got:
        return []
    channels, before = args[0].shape[1], args[2]
    said = [
        f"A body for images of {channels} channel{'s' * (channels > 1)} was frozen, a head put "
        "behind it, and one step of training taken"
        + f"; {before} parameters came frozen" * bool(before)
        + "."
    ]
    names = [name for name, open_ in zip(PARAMETERS, got[4], strict=True) if open_]
    if names:
        said.append(f"Still open: {_listed(names)}.")
    moved = [name for name, one in zip(PARAMETERS, got[6], strict=True) if one]
    if moved:
        said.append(f"Moved in the step: {_listed(moved)}.")
    elif got[3].shape == expected[3].shape and not np.allclose(got[3], expected[3], atol=1e-5):
        said.append(
            f"Running mean of the first map: {expected[3][0, 0]:.3f} before, {got[3][0, 0]:.3f} "
            "after the step."
        )
    if not got[1].size:
        said.append("No gradient came to the images.")
    return _unnamed(said, idea)


def _head_explained(
    args: Args, got: Parts, expected: Parts, idea: Misconception | None
) -> list[str]:
    """Say which network came in, which dense layers it has now, and what else is otherwise."""
    if not got:
        return []
    kind, classes, frozen, old = args[1], args[2], args[3], args[8]
    said = [
        f"{_KINDS[kind]}, nn.Linear({old.shape[1]}, {len(old)})"
        + ", all frozen" * bool(frozen)
        + f"; {classes} classes are asked for."
    ]
    if got[2].tolist() != expected[2].tolist():
        said.append(
            f"Its dense layers now: {_linear(got[2]) or 'none'}; wanted: {_linear(expected[2])}."
        )
    elif got[5].any() and got[5][-1]:
        said.append("Its last dense layer is still the old one.")
    elif got[3].shape == expected[3].shape and not np.array_equal(got[3], expected[3]):
        numbers = [sum(part.tolist()) for part in (got[3], expected[3])]
        said.append(
            f"{numbers[0]} of its {len(got[3])} parameters can be trained; wanted: {numbers[1]}."
        )
    elif not got[6][6]:
        said.append("The new layer has no bias.")
    elif got[4].tolist() == [0, 1]:
        came = "evaluation" if frozen else "training"
        said.append(f"The body came in {came} mode, and is in another one now.")
    elif got[1] == SAME and got[0].shape != expected[0].shape:
        said.append("With weights put into the new head, no scores of the right shape come out.")
    elif got[1] == SAME and not np.allclose(got[0], expected[0], atol=_TOLERANCE):
        said.append("With weights put into the new head, other scores come out than expected.")
    return _unnamed(said, idea)


def _unnamed(said: list[str], idea: Misconception | None) -> list[str]:
    if idea is None:
        said.append("That fits none of the mistakes known here: go through the text again.")
    return said


def _listed(names: list[str]) -> str:
    return f"all {len(names)} parameters" if len(names) == len(PARAMETERS) else ", ".join(names)


def _linear(rows: Array) -> str:
    return ", ".join(f"nn.Linear({inputs}, {outputs})" for outputs, inputs in rows.tolist())


_SOME_FROZEN = _body((2,))(Pick(np.random.default_rng(18)))  # before freeze is called

EXERCISES = (
    Exercise(
        name="freeze",
        parameters=(
            "images", "costs", "frozen before", "head", "head's bias", *PARAMETERS,
            "running mean", "running variance",
        ),
        oracle=right_frozen,
        checks=(
            Check("no parameter can be trained", 1.5, _body((0, 0, 2)), 4,
                  (_SOME_FROZEN,), probe="torch_frozen", look=only(2, 4)),
            Check("batch norm as it was", 1.0, _body((0,)), 3,
                  probe="torch_frozen", look=only(0, 3)),
            Check("gradients pass through it", 0.5, _body((0,)), 2,
                  probe="torch_frozen", look=only(1)),
        ),
        misconceptions=WRONG_FREEZE,
        hints=(
            "Two things move in a body during training: its parameters, by gradients, and the "
            "statistics of its batch norms, by the batches that pass. Each needs a line.",
            "Each parameter has requires_grad, and module.parameters() goes through all of them. "
            "module.eval() puts every batch norm inside into evaluation mode.",
            "A for loop over module.parameters() sets parameter.requires_grad = False. Below the "
            "loop stand module.eval() and return module.",
        ),
        parts=(
            "head after the step", "gradient by the images", "parameters", "statistics",
            "parameters that can be trained", "could be before", "moved", "facts",
        ),
        compared=5,
        tolerance=_TOLERANCE,
        direct=True,
        prepare=("torch",),
        words=Words(
            "A frozen module",
            asked="bodies, each in a step of training",
            errors=_FREEZE_ERRORS,
            explain=_frozen_explained,
        ),
    ),
    Exercise(
        name="replace_head",
        parameters=(
            "images", "kind", "num_classes", "frozen", "kernels", "biases", "hidden",
            "hidden bias", "old head", "old bias", "new head", "new bias",
        ),
        oracle=right_head,
        checks=(
            Check("a head called fc", 1.0, _model((FC,), (0,)), 4,
                  probe="torch_head", look=only(0, 1, 2)),
            Check("other names, and deeper inside", 1.0,
                  _model((IN_A_ROW, CLASSIFIER, HEADS), (0,)), 9,
                  probe="torch_head", look=only(0, 1, 2)),
            Check("a new head that learns, the body as it was", 1.0,
                  _model((FC, IN_A_ROW, CLASSIFIER, HEADS), (0, 1)), 8,
                  probe="torch_head", look=only(3, 4, 5, 6)),
        ),
        misconceptions=WRONG_REPLACE_HEAD,
        hints=(
            "The head is the last nn.Linear that the network holds, whatever it is called. What "
            "comes in stays as it was; what comes out is num_classes.",
            "for name, layer in model.named_modules() goes through all layers, however deep; "
            "isinstance(layer, nn.Linear) tells which are dense, and layer.in_features how many "
            "numbers come in. The last one that you meet is the head.",
            "In the loop, if layer is an nn.Linear: found, old = name, layer. After it: new = "
            "nn.Linear(old.in_features, num_classes), and owner, _, last = "
            "found.rpartition('.'), which splits 'classifier.2' before its last dot. Then "
            "setattr(model.get_submodule(owner), last, new), and return model.",
        ),
        parts=(
            "scores", "what is returned", "dense layers", "parameters that can be trained",
            "changes in the body", "old layers that are left", "facts",
        ),
        compared=7,
        tolerance=_TOLERANCE,
        direct=True,
        prepare=("torch",),
        words=Words(
            "The network",
            asked="networks",
            errors=_HEAD_ERRORS,
            explain=_head_explained,
        ),
    ),
)  # fmt: skip

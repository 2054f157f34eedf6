"""The loop of a call as source: assembled from only those lines that the call needed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

from coursekit.training.settings import Settings
from coursekit.training.shown import source_judging as judging
from coursekit.training.shown import source_parts as parts


@dataclass(frozen=True)
class SetFacts:
    """How a set of images was given.

    `kind` is ``"arrays"``, ``"dataset"`` or ``"loader"``; `reshaped` is the call that brings its
    images into (N, C, H, W), if any; `bytes` says whether they are divided by 255; `floats`
    whether they are turned into float32; `labels` is the call that labels need, if any; `tensors`
    marks a ``TensorDataset``.
    """

    kind: str = "arrays"
    reshaped: str = ""
    bytes: bool = False
    floats: bool = False
    labels: str = ""
    tensors: bool = False
    batch_size: int = 128
    examples: int = 0


@dataclass(frozen=True)
class Facts:
    """What the source depends on besides the settings.

    `split` says whether the validation set is a share of the training set; `one_channel` whether
    channels-last filters of one channel need their strides set; `classes` whether labels are
    numbers of classes; `optimizer` and `cycle` are the arguments of the optimizer and OneCycleLR.
    """

    train: SetFacts = field(default_factory=SetFacts)
    validation: SetFacts | None = None
    test: SetFacts | None = None
    split: bool = False
    channels_last: bool = False
    one_channel: bool = False
    classes: bool = True
    tf32: bool = False
    device: str = "cpu"
    steps_per_epoch: int = 0
    optimizer: tuple[tuple[str, Any], ...] = (("lr", 0.001), ("weight_decay", 0.0))
    cycle: tuple[tuple[str, Any], ...] = ()


def is_share(validation: Any) -> bool:
    """Say whether a validation set is given as a share of the training set.

    Examples
    --------
    >>> is_share(0.1), is_share(None)
    (True, False)
    """
    return isinstance(validation, Real) and not isinstance(validation, bool)


def write_loop(settings: Settings, facts: Facts) -> str:
    """Write the source.

    Examples
    --------
    >>> settings = Settings(epochs=2, batch_size=128, lr=0.001, seed=0, schedule="constant")
    >>> source = write_loop(settings, Facts())
    >>> _ = compile(source, "loop", "exec")
    """
    body = [
        *parts.placing(settings, facts),
        *judging.splitting(settings, facts),
        *parts.data(settings, facts),
        *parts.building(settings, facts),
        *judging.evaluating(settings, facts),
        "",
        f"torch.manual_seed({settings.seed})",
        f"for epoch in range(1, {settings.epochs + 1}):",
        *_indented(_epoch(settings, facts)),
        *judging.ending(settings, facts),
    ]
    text = "\n".join(body)
    return "\n".join([*parts.imports(text), "", *body]) + "\n"


def _epoch(settings: Settings, facts: Facts) -> Iterator[str]:
    yield "model.train()"
    yield "total = count = 0"
    yield from parts.order(settings, facts)
    if settings.accumulate == 1:
        yield parts.each_batch(settings, facts)
        yield from _indented(_update(settings, facts))
    else:
        yield parts.each_group(settings, facts)
        yield from _indented(_group(settings, facts))
    yield 'print(f"epoch {epoch}: loss {total / count:.4f}")'
    yield from judging.judging(settings, facts)


def _update(settings: Settings, facts: Facts) -> Iterator[str]:
    yield from parts.batch(settings, facts)
    yield from parts.forward(settings, facts)
    yield "optimizer.zero_grad()"
    yield "loss.backward()"
    yield from parts.stepping(settings)
    yield from parts.adding()


def _group(settings: Settings, facts: Facts) -> Iterator[str]:
    yield "optimizer.zero_grad()"
    yield from parts.each_part(settings, facts)
    yield from _indented(
        [
            *parts.batch(settings, facts),
            *parts.forward(settings, facts),
            f"(loss * ({parts.share(settings, facts)})).backward()",
            *parts.adding(),
        ]
    )
    yield from parts.stepping(settings)


def _indented(lines: Any) -> list[str]:
    return [textwrap.indent(line, "    ") for line in lines]

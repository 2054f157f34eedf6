"""The lines of the loop that `show_loop` shows which evaluate, choose and stop."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import TYPE_CHECKING

from coursekit.training.settings import Settings
from coursekit.training.shown import source_parts as parts

if TYPE_CHECKING:
    from coursekit.training.shown.source import Facts, SetFacts


def splitting(settings: Settings, facts: Facts) -> Iterator[str]:
    """Cut the validation set off."""
    if facts.validation is None or not facts.split:
        return
    share = float(settings.validation)
    given = "train.tensors" if facts.train.tensors else "train"
    yield f"train, validation = split_validation({given}, {share}, {settings.seed})"
    if facts.train.kind == "arrays":
        pair = "TensorDataset" if facts.train.tensors else ""
        yield "train, validation = ("
        yield f"    {pair}(part.inputs[part.rows], part.targets[part.rows])"
        yield "    for part in (train, validation)"
        yield ")"


def evaluating(settings: Settings, facts: Facts) -> Iterator[str]:
    """Define how a set is evaluated."""
    sets = [made for made in (facts.validation, facts.test) if made is not None]
    if not sets:
        return
    for name, made in (("validation", facts.validation), ("test", facts.test)):
        if made is not None:
            yield from _set(name, made, facts)
    counted = facts.classes
    yield ""
    yield "@torch.no_grad()"
    yield "def evaluate(model, batches):"
    yield "    model.eval()"
    yield "    total = right = count = 0" if counted else "    total = count = 0"
    margin = "    "
    if any(made.kind == "loader" for made in sets):
        yield "    with torch.random.fork_rng(devices=[]):  # a DataLoader draws a number"
        margin = "        "
    yield from (indent(line, margin) for line in _pass(settings, facts, sets, counted))
    yield "    return total / count, right / count" if counted else "    return total / count, None"


def _set(name: str, made: SetFacts, facts: Facts) -> Iterator[str]:
    if made.kind == "arrays":
        short = "val" if name == "validation" else name
        x, y = f"x_{short}", f"y_{short}"
        size = made.batch_size
        yield from parts.stored(x, y, name, made, facts.device)
        if parts.prepared(x, made, facts) != x:
            yield f"{x} = {parts.prepared(x, made, facts)}"
        yield f"{name} = list(zip({x}.split({size}), {y}.split({size})))"
    elif made.kind == "dataset":
        yield f"{name} = DataLoader({name}, {made.batch_size}, generator=torch.Generator())"


def _pass(settings: Settings, facts: Facts, sets: list[SetFacts], counted: bool) -> Iterator[str]:
    yield "for images, labels in batches:"
    read = next((made for made in sets if made.kind != "arrays"), None)
    lines = [] if read is None else list(parts.moved(read, facts))
    for line in (*lines, *parts.forward(settings, facts, training=False)):
        yield f"    {line}"
    yield "    total += loss.item() * len(labels)"
    if counted:
        yield "    right += (logits.argmax(1) == labels).sum().item()"
    yield "    count += len(labels)"


def judging(settings: Settings, facts: Facts) -> Iterator[str]:
    """Evaluate at the end of an epoch; the validation set alone decides."""
    chosen = "model" if settings.average is None else "average.module"
    if facts.validation is not None:
        if settings.average is None:
            yield "value, _ = evaluate(model, validation)"
        else:
            yield "losses = {m: evaluate(m, validation)[0] for m in (average.module, model)}"
            yield "chosen = min(losses, key=losses.get)"
            yield "value = losses[chosen]"
            chosen = "chosen"
        yield "if epoch == 1 or value < best:"
        yield f"    best, waited, weights = value, 0, deepcopy({chosen}.state_dict())"
        if settings.patience is not None:
            yield "else:"
            yield "    waited += 1"
    if facts.test is not None:
        yield f"test_loss, test_accuracy = evaluate({chosen}, test)"
        yield (
            'print(f"    {test_loss=:.4f} {test_accuracy=:.4f}")'
            if facts.classes
            else ('print(f"    {test_loss=:.4f}")')
        )
    if settings.patience is not None:
        yield f"if waited >= {settings.patience}:"
        yield "    break"


def ending(settings: Settings, facts: Facts) -> Iterator[str]:
    """Put into the model what the run leaves."""
    if facts.validation is not None and settings.keep == "best":
        yield "model.load_state_dict(weights)"
    elif settings.average is not None:
        yield "model.load_state_dict(average.module.state_dict())"

"""The lines of the loop that `show_loop` shows which evaluate, choose and stop."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import TYPE_CHECKING

from coursekit.training import source_parts as parts
from coursekit.training.settings import Settings

if TYPE_CHECKING:
    from coursekit.training.source import Facts, SetFacts


def splitting(settings: Settings, facts: Facts) -> Iterator[str]:
    """Cut the validation set off."""
    if not isinstance(settings.validation, float):
        return
    yield f"train, validation = split_validation(train, {settings.validation!r}, {settings.seed})"
    if facts.train.kind == "arrays":
        yield "train, validation = ("
        yield "    (part.inputs[part.rows], part.targets[part.rows]) for part in (train, validation)"
        yield ")"


def evaluating(settings: Settings, facts: Facts) -> Iterator[str]:
    """Define how a set is evaluated."""
    sets = [made for made in (facts.validation, facts.test) if made is not None]
    if not sets:
        return
    for name, made in (("validation", facts.validation), ("test", facts.test)):
        if made is not None and made.kind == "arrays":
            yield from parts.stored("x, y", name, made, facts.device)
            yield f"{name} = list(zip(x.split({made.batch_size}), y.split({made.batch_size})))"
        elif made is not None and made.kind == "dataset":
            yield (
                f"{name} = DataLoader({name}, {made.batch_size}, generator=torch.Generator())"
            )
    yield ""
    yield "@torch.no_grad()"
    yield "def evaluate(model, batches):"
    yield "    model.eval()"
    yield "    total = right = count = 0"
    loader = any(made.kind == "loader" for made in sets)
    lines = _pass(settings, facts, sets[0])
    if loader:  # iterating over a DataLoader draws a number
        yield "    with torch.random.fork_rng(devices=[]):"
        yield from (indent(line, " " * 8) for line in lines)
    else:
        yield from (indent(line, " " * 4) for line in lines)
    yield "    return total / count, right / count"


def _pass(settings: Settings, facts: Facts, made: SetFacts) -> Iterator[str]:
    yield "for x, y in batches:"
    stored = made.kind == "arrays"
    x = parts.prepared("x", made, facts)
    lines = [f"x = {x}"] * (x != "x") if stored else list(parts.moved(made, facts))
    for line in (*lines, *parts.forward(settings, facts, training=False)):
        yield f"    {line}"
    yield "    total += loss.item() * len(y)"
    yield "    right += (logits.argmax(1) == y).sum().item()"
    yield "    count += len(y)"


def judging(settings: Settings, facts: Facts) -> Iterator[str]:
    """Evaluate at the end of an epoch; the validation set alone decides."""
    chosen = "model" if settings.average is None else "average.module"
    if facts.validation is not None:
        if settings.average is None:
            yield "value, right = evaluate(model, validation)"
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
        yield f"test_loss, right = evaluate({chosen}, test)"
        yield 'print(f"    test loss {test_loss:.4f}, accuracy {right:.4f}")'
    if settings.patience is not None:
        yield f"if waited >= {settings.patience}:"
        yield "    break"


def ending(settings: Settings, facts: Facts) -> Iterator[str]:
    """Put into the model what the run leaves."""
    if facts.validation is not None and settings.keep == "best":
        yield "model.load_state_dict(weights)"
    elif settings.average is not None:
        yield "model.load_state_dict(average.module.state_dict())"

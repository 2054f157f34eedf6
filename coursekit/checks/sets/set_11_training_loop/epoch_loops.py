"""One pass of training on the NumPy model, right, and with a switch for each known slip."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Parts
from coursekit.checks.runner.torch_probes import GENERATOR
from coursekit.checks.sets.set_11_training_loop.linear_model import Batch, Loss, Machine

Update = Callable[[Machine, Batch], Loss]
Result = Callable[[Array, Array, Machine], Any]  # of the batches' mean losses and sizes
Answer = Callable[..., Parts]


def calls(
    *names: str, factor: Callable[[Machine, Batch], float] = lambda m, b: 1.0, **options: Any
) -> Update:
    """Return an update that makes these calls in this order.

    Backward is called on a multiple of the loss; `options` say which loss (see `Machine.loss`).
    """

    def update(m: Machine, batch: Batch) -> Loss:
        loss = m.loss(batch, **options)
        for name in names:
            if name == "backward":
                m.backward(loss, factor(m, batch))
            else:
                getattr(m, name)()
        return loss

    return update


_THREE_CALLS = ("zero_grad", "backward", "step")
right_update = calls(*_THREE_CALLS)


def per_example(losses: Array, sizes: Array, m: Machine) -> Any:
    """Return the mean loss of all examples from the means and sizes of the batches."""
    return np.sum(losses * sizes) / np.sum(sizes)


def loop(
    update: Update = right_update,
    result: Result = per_example,
    training: bool | None = True,
    over: Callable[[Machine], Sequence[Batch]] = lambda m: m.batches,
) -> Answer:
    """Return a training loop; the options are where it goes wrong.

    `training` is the mode that it puts the model into; None leaves the model's own. `over` chooses
    the batches.
    """

    def answer(*args: Any) -> Parts:
        m = Machine(*args)
        m.training = m.training if training is None else training
        batches = over(m)
        losses = [update(m, batch).value for batch in batches]
        sizes = [len(labels) for _, labels in batches]
        return m.parts(result(np.array(losses), np.array(sizes), m))

    return answer


def scaled(factor: Callable[[Machine, Batch], float], result: Result = per_example) -> Answer:
    """Return a loop that calls backward on a multiple of the loss."""
    return loop(calls(*_THREE_CALLS, factor=factor), result)


def losing(**options: Any) -> Answer:
    """Return a loop with another loss."""
    return loop(calls(*_THREE_CALLS, **options))


def then_measured(m: Machine, batch: Batch) -> Loss:
    """Update rightly, then return the loss of the same batch once more."""
    right_update(m, batch)
    return m.loss(batch)


def measured_at_the_end(training: bool) -> Answer:
    """Return a right loop that measures its loss when all steps are done, in a mode."""

    def result(losses: Array, sizes: Array, m: Machine) -> Any:
        m.training = training
        return per_example(np.array([m.loss(batch).value for batch in m]), sizes, m)

    return loop(result=result)


def by_hand(sign: float) -> Answer:
    """Return a loop that steps without the optimizer: against the gradients or along them."""

    def update(m: Machine, batch: Batch) -> Loss:
        loss = calls("zero_grad", "backward")(m, batch)
        m.step_by_hand(sign)
        return loss

    return loop(update)


def one_step(share: Callable[[int, int, int, int], float], result: Result = per_example) -> Answer:
    """Return a loop with one step at its end; `share` is what each batch's gradient counts.

    It takes the place of the batch, its size, the number of batches and of examples.
    """

    def answer(*args: Any) -> Parts:
        m = Machine(*args)
        m.training = True
        losses, sizes = [], [len(labels) for _, labels in m.batches]
        for place, batch in enumerate(m):
            loss = m.loss(batch)
            m.backward(loss, share(place, sizes[place], len(sizes), sum(sizes)))
            losses.append(loss.value)
        m.step()
        return m.parts(result(np.array(losses), np.array(sizes), m))

    return answer


def first_is_used_up(m: Machine) -> Sequence[Batch]:
    """Return the batches after a look at the first, which a generator gives only once."""
    return m.batches[1:] if m.supply == GENERATOR else m.batches


def all_but_last(m: Machine) -> Sequence[Batch]:
    """Return the batches but the last; fails where they cannot be counted."""
    return m.batches[: len(m) - 1]


def share_right(*args: Any) -> Parts:
    """Train rightly, but return the share of right answers on the way."""
    m = Machine(*args)
    m.training = True
    hits: list[bool] = []
    for batch in m:
        hits += (m.scores(batch[0]).argmax(axis=1) == batch[1]).tolist()
        right_update(m, batch)
    return m.parts(np.mean(hits))


def returning(*results: Result) -> tuple[Answer, ...]:
    """Return right loops that end in these numbers."""
    return tuple(loop(result=result) for result in results)


def rounded(places: int) -> Result:
    """Return the mean loss per example, rounded."""
    return lambda losses, sizes, m: np.round(per_example(losses, sizes, m), places)


right_epoch = loop()

"""A look at the loss while a run goes on: NaN, a leap, nothing learned."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from coursekit.training import say
from coursekit.training.diagnosis.findings import (
    Finding,
    TrainingError,
    code_of,
    listed,
    number,
    times,
)
from coursekit.training.diagnosis.loss_readers import Reading, reader_for
from coursekit.training.diagnosis.stuck import mixed, why_nothing_is_learned

if TYPE_CHECKING:
    from coursekit.training.run import Run

_HIGH = 3  # times its reference: a loss that is out of bounds
_LONG = 20  # readings that it has to stay there
_FIRST_JUDGED = 200  # steps before a run is told that it has learned nothing
_NEAR = 0.985  # of the loss of a guess: nothing learned
_LOOKED_AT = 512  # examples, of which a batch with all their classes is made


class Watch:
    """A hook that stops a run whose loss is no number, and warns where it leaps or stands still.

    On a GPU the loss is copied aside and read when it has arrived, so that no step waits for it.

    Parameters
    ----------
    head
        Gives the first examples, as many as asked for: (inputs, targets).
    guess
        The loss of a model that has learned nothing but how frequent the classes are, such as
        ln 10; None where that is not known.
    inspect
        Looks for broken numbers among all images, once a loss is none.
    said
        Codes of what was said before the start: nothing is complained of twice.

    Examples
    --------
    >>> watch = Watch(lambda count: (torch.zeros(count, 4), torch.zeros(count)), math.log(10))
    >>> watch.mean is None
    True
    """

    def __init__(
        self,
        head: Callable[[int], tuple[Any, Any]],
        guess: float | None = None,
        inspect: Callable[[], Finding | None] = lambda: None,
        said: Sequence[str] = (),
    ) -> None:
        self._head, self._guess, self._inspect = head, guess, inspect
        self._read: Callable[[Tensor, int], Reading | None] | None = None
        self._start: float | None = None
        self._last = math.nan  # the last finite loss
        self._high = self._readings = 0
        self._rate_said = any(code.startswith("lr_too_") for code in said)
        self._judged = "same_scores" in said
        self.mean: float | None = None

    def after_step(self, run: Run) -> None:
        """Read the loss, if it is there."""
        if self._read is None:
            self._read = reader_for(run.device)
        reading = self._read(run.loss, run.step)  # type: ignore[arg-type]
        if reading is not None:
            self._take(run, *reading)

    def after_epoch(self, run: Run) -> None:
        """Judge what was learned."""
        if self._guess is None or self.mean is None or self._judged:
            return
        total = run.settings.epochs * run.steps_per_epoch
        early = run.scheduler is not None and run.step < 0.3 * total
        if run.step < _FIRST_JUDGED or early or self.mean < _NEAR * self._guess:
            return
        self._judged = True
        if not self._rate_said:
            say.warn(str(why_nothing_is_learned(run, *mixed(*self._head(_LOOKED_AT)))))

    def _take(self, run: Run, value: float, step: int) -> None:
        if not math.isfinite(value):
            self._stop(run, value, step)
        if self._start is None:
            self._start = value
        self._last = value
        # Over about the last fifty readings; of fewer, their plain mean.
        self._readings += 1
        self.mean = (self.mean or 0.0) + (value - (self.mean or 0.0)) / min(self._readings, 50)
        bound = _HIGH * max(self._start, self._guess or 0.0)
        self._high = self._high + 1 if value > bound else 0
        if self._high == _LONG and not self._rate_said:
            self._rate_said = True
            say.warn(str(self._leap(run, value, bound)))

    def _leap(self, run: Run, value: float, bound: float) -> Finding:
        lr = float(run.lr)
        return Finding(
            "lr_too_high",
            "warning",
            f"The loss is {times(_HIGH * value / bound)} what it was at the start, "
            f"and has been far above it for {_LONG} steps, with a learning rate of {number(lr)}; "
            "expected it to fall, so this rate is too high.",
            f"lr = {_tenth(lr)}",
        )

    def _stop(self, run: Run, value: float, step: int) -> None:
        what = "NaN" if math.isnan(value) else "infinite"
        finding = self._inspect() or self._of_no_number(run, what, step)
        run.stop = finding.sentence
        raise TrainingError(str(finding), history=run.history, finding=finding)

    def _of_no_number(self, run: Run, what: str, step: int) -> Finding:
        lr = float(run.lr)
        broken = broken_layers(run.model)
        trained = [name for name, p in run.model.named_parameters() if p.requires_grad]
        if not broken:
            return Finding(
                "loss_not_finite",
                "error",
                f"The loss became {what} at step {step:,} while all weights are finite; expected a "
                "finite loss: look at this batch, and for a logarithm of 0 or a division by 0 in "
                "the loss function.",
                "assert torch.isfinite(images).all()  # for each batch",
            )
        layers = len({name.rpartition(".")[0] for name in trained})
        where = (
            f"the weights of all {layers} layers with it"
            if len(broken) >= layers
            else f"first of all in {listed(broken)}"
        )
        reference = max(self._start or 0.0, self._guess or 0.0)
        if self._start is None or not self._last > _HIGH * reference:
            last = "it had been finite until then"
        else:
            last = f"it had risen to {times(self._last / reference)} its start"
        return Finding(
            "loss_nan",
            "error",
            f"The loss became {what} at step {step:,}, {where}; {last}, with a learning rate of "
            f"{number(lr)}; expected a finite loss, so try a smaller rate, or clip=1.0.",
            f"lr = {_tenth(lr)}",
        )


def _tenth(lr: float) -> float:
    return min(float(f"{lr / 10:.2g}"), 0.1)


def broken_layers(model: nn.Module) -> list[str]:
    """Name the layers with weights that are no numbers, in the model's order.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    >>> _ = model[1].weight.data.fill_(math.nan)
    >>> broken_layers(model)
    ['model[1]']
    """
    names = [
        name.rpartition(".")[0]
        for name, p in model.named_parameters()
        if not bool(torch.isfinite(p.detach()).all())
    ]
    return [code_of(name) for name in dict.fromkeys(names)]

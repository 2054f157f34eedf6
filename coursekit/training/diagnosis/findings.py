"""What a look at a model and its data finds: one sentence each, with the mend as code."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from coursekit.errors import CourseError

if TYPE_CHECKING:
    from torch import nn

Level = Literal["error", "warning"]
RESET = (  # the mend of spoilt weights
    'model.apply(lambda layer: layer.reset_parameters() if hasattr(layer, "reset_parameters") '
    "else None)"
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or looks wrong.

    Parameters
    ----------
    code
        Its name, for programs: `"labels_range"`.
    level
        `"error"` where no training can succeed, `"warning"` where it goes on, but worse.
    sentence
        What was found, with numbers, and what was expected.
    mend
        Python to paste; the names are those of lesson 11: `model`, `images`, `labels`, `loader`,
        `optimizer`. Where the mend belongs inside the model, a comment says so.

    Examples
    --------
    >>> print(Finding("one_class", "warning", "All labels are 3.", "labels = y_train"))
    All labels are 3. Mend: labels = y_train
    """

    code: str
    level: Level
    sentence: str
    mend: str

    def __str__(self) -> str:
        return f"{self.sentence} Mend: {self.mend}"


class Findings(list[Finding]):
    """A list of findings that reads well when it is shown.

    Parameters
    ----------
    found
        The findings, the most important one first.
    quiet
        What is said when there are none.

    Attributes
    ----------
    scores
        How many classes the model tells apart, where it is such a model.

    Examples
    --------
    >>> Findings()
    Nothing suspicious found.
    >>> Findings([Finding("eval_mode", "warning", "Dropout is off.", "model.train()")])
    1 thing to look at:
    warning: Dropout is off.
        model.train()
    """

    def __init__(
        self, found: Iterable[Finding] = (), *, quiet: str = "Nothing suspicious found."
    ) -> None:
        super().__init__(found)
        self.quiet = quiet
        self.scores: int | None = None

    @property
    def codes(self) -> list[str]:
        """The names of what was found."""
        return [finding.code for finding in self]

    @property
    def errors(self) -> list[Finding]:
        """Those with which no training can succeed."""
        return [finding for finding in self if finding.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """Those with which training goes on, but worse."""
        return [finding for finding in self if finding.level == "warning"]

    def __repr__(self) -> str:
        if not self:
            return self.quiet
        things = "1 thing" if len(self) == 1 else f"{len(self)} things"
        lines = [f"{things} to look at:"]
        for finding in self:
            lines.append(f"{finding.level}: {finding.sentence}")
            lines += [f"    {line}" for line in finding.mend.splitlines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{html.escape(self.quiet)}</p>"
        items = "".join(
            f"<li><strong>{finding.level}</strong>: {html.escape(finding.sentence)}"
            f"<pre>{html.escape(finding.mend)}</pre></li>"
            for finding in self
        )
        return f"<ul>{items}</ul>"


class TrainingError(CourseError):
    """A run that had to stop; `.history` holds what was recorded until then, `.finding` why.

    Examples
    --------
    >>> error = TrainingError("The loss became NaN at step 3.")
    >>> print(error, error.history)
    The loss became NaN at step 3. None
    """

    def __init__(
        self, message: str, *, history: Any = None, finding: Finding | None = None
    ) -> None:
        super().__init__(message)
        self.history = history
        self.finding = finding


def need_module(model: Any) -> None:
    """Refuse what is no model.

    Raises
    ------
    TypeError
        Saying what it is.

    Examples
    --------
    >>> need_module(list)
    Traceback (most recent call last):
    ...
    TypeError: model: found a class; expected a torch.nn.Module, ... Write it with brackets.
    """
    from torch import nn

    if not isinstance(model, nn.Module):
        found = "a class" if isinstance(model, type) else f"a {type(model).__name__}"
        mend = " Write it with brackets." if isinstance(model, type) else ""
        raise TypeError(
            f"model: found {found}; expected a torch.nn.Module, such as LeNet5().{mend}"
        )


def listed(names: Sequence[str], most: int = 3) -> str:
    """Join names for a sentence, and count what does not fit.

    Examples
    --------
    >>> listed(["a", "b"]), listed(list("abcde"))
    ('a and b', 'a, b, c and 2 more')
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def number(value: float) -> str:
    """Write a number as briefly as it can be read; whole numbers with thousands marked.

    Examples
    --------
    >>> number(10000.0), number(0.001), number(0.00392157), number(1e-8), number(123456.7)
    ('10,000', '0.001', '0.0039', '1e-08', '123,457')
    """
    if value == int(value) if abs(value) < 1e15 else False:
        return f"{int(value):,}"
    return f"{value:,.0f}" if 100 <= abs(value) < 1e15 else f"{value:.2g}"


def count(amount: int, one: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count(1, "image"), count(12000, "image")
    ('1 image', '12,000 images')
    """
    return f"{amount:,} {one}" if amount == 1 else f"{amount:,} {one}s"


def times(factor: float) -> str:
    """Write a factor in whole numbers.

    Examples
    --------
    >>> times(6.8), times(4e19)
    ('7 times', 'more than a million times')
    """
    return f"{round(factor):,} times" if factor < 1e6 else "more than a million times"


def code_of(name: str, root: str = "model") -> str:
    """Write the path of a layer as Python.

    Examples
    --------
    >>> code_of("features.0.conv"), code_of("2"), code_of("")
    ('model.features[0].conv', 'model[2]', 'model')
    """
    written = root
    for part in filter(None, name.split(".")):
        written += f"[{part}]" if part.isdigit() else f".{part}"
    return written


def named(name: str, layer: nn.Module) -> str:
    """Name a layer in a sentence: where it is and what it is.

    Examples
    --------
    >>> from torch import nn
    >>> named("fc1", nn.Linear(4, 2))
    'model.fc1 (Linear)'
    """
    kind = type(layer).__name__
    return f"{code_of(name)} ({kind})" if name else f"the model ({kind})"


def for_arrays(mend: str) -> str:
    """Write a mend of tensors so that it does for NumPy arrays, too.

    Examples
    --------
    >>> for_arrays("images = images.permute(0, 3, 1, 2)")
    'images = torch.as_tensor(images).permute(0, 3, 1, 2)'
    >>> for_arrays("labels = labels - 1")
    'labels = labels - 1'
    """
    methods = "permute|repeat|float|long|squeeze|flatten"
    return re.sub(rf"\b(images|labels)\.(?={methods})", r"torch.as_tensor(\1).", mend).replace(
        "one_hot(labels.", "one_hot(torch.as_tensor(labels)."
    )


def rebuilt(name: str, layer: nn.Module, old: str, new: str) -> str:
    """Write the line that puts a layer like this one, with one thing changed, in its place.

    Examples
    --------
    >>> from torch import nn
    >>> rebuilt("fc1", nn.Linear(4, 2), "in_features=4", "in_features=8")
    'model.fc1 = torch.nn.Linear(in_features=8, out_features=2, bias=True)'
    """
    return f"{code_of(name)} = torch.nn.{repr(layer).replace(old, new, 1)}"

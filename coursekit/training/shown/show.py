"""`show_loop`: the loop that the last call of `fit` ran, as source that runs by itself."""

from __future__ import annotations

import sys
from typing import Any

from coursekit.training.settings import Settings
from coursekit.training.shown.source import Facts, write_loop

_last: list[tuple[Settings, Facts]] = []


class Loop:
    """A loop as source: highlighted in a notebook, plain elsewhere; ``str`` of it is the text."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"<a loop of {len(self.source.splitlines())} lines; print shows it>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from IPython.lib.display import Code

        code: Any = Code(self.source, language="python")  # type: ignore[no-untyped-call]
        html: str = code._repr_html_()
        return {"text/plain": self.source, "text/html": html}


def remember(settings: Settings, facts: Facts) -> None:
    """Keep what `show_loop` needs of a call."""
    _last[:] = [(settings, facts)]


def show_loop() -> Loop:
    """Show the plain loop that the last call of `fit` ran, with that call's settings filled in.

    Only the lines that the call needed are there. Run with ``model`` and ``train`` (and ``test``,
    ``validation``) as they were before the call, the source gives the same weights. Before any
    call it is the loop of ``fit(model, train, epochs=1, batch_size=128, lr=0.001, seed=0,
    precision="float32")``.

    Returns
    -------
    Loop
        Shown highlighted as the last line of a cell; outside a notebook it is printed at once.
        ``str(show_loop())`` is the source.

    Examples
    --------
    >>> import torch
    >>> from coursekit.training import fit
    >>> data = torch.rand(20, 4), torch.arange(20) % 2
    >>> history = fit(torch.nn.Linear(4, 2), data, lr=0.01, seed=0, progress=False)
    >>> loop = show_loop()
    import torch
    ...
    >>> "loss.backward()" in str(loop)
    True
    """
    settings, facts = _last[0] if _last else _before_any_call()
    loop = Loop(write_loop(settings, facts))
    if not _in_notebook():
        print(loop)
    return loop


def _before_any_call() -> tuple[Settings, Facts]:
    settings = Settings(
        epochs=1, batch_size=128, lr=0.001, seed=0, precision="float32", schedule="constant",
        device="cpu", keep="last", compile=False, plain=True,
    )  # fmt: skip
    return settings, Facts()


def _in_notebook() -> bool:
    """Say whether a shell is running that displays the last value of a cell."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None

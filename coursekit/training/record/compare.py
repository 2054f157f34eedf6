"""Several runs in one picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from coursekit.figures import palette
from coursekit.figures.arguments import clean_alt
from coursekit.figures.canvas import course_style
from coursekit.figures.show import present
from coursekit.training.record.history import History
from coursekit.training.record.plots import Curve, draw_panels, plural
from coursekit.training.record.spread import (
    BANDS,
    Band,
    Spread,
    as_curve,
    in_words,
    known_band,
    values_of,
    write_below,
)
from coursekit.training.record.trends import trend

_CLEAR = 0.1  # the part of all the picture's range by which an end has to be ahead


def compare(
    histories: Mapping[str, History | Spread],
    key: str = "test_accuracy",
    *,
    alt: str | None = None,
    band: Band = "range",
) -> None:
    """Draw one quantity of several runs in one picture.

    Parameters
    ----------
    histories
        A dict from label to run; or to the `spread` of several seeds, which is drawn as mean and
        band. At most five.
    key
        A quantity that all of them have.
    alt
        A sentence that says what is to be seen; without one it is made from the curves.
    band
        What is drawn around a mean: ``"range"`` or ``"std"``.

    Raises
    ------
    TypeError
        When `histories` is no dict of histories.
    ValueError
        When there are none or more than five, or one has no values under `key`.

    Examples
    --------
    >>> def run(*losses):
    ...     return History(records=[{"epoch": e, "loss": x} for e, x in enumerate(losses, 1)])
    >>> compare({"slow": run(1.0, 0.9, 0.8), "fast": run(1.0, 0.5, 0.2)}, key="loss")
    The loss of 2 runs over the epochs: slow; fast. Both fall. At the end fast is lowest.
    """
    if not isinstance(histories, Mapping):
        raise TypeError(
            f"histories: found {type(histories).__name__}; expected a dict from label to history. "
            'Write compare({"batch 32": first, "batch 256": second}).'
        )
    if not 1 <= len(histories) <= len(palette.LINES):
        raise ValueError(
            f"histories: found {len(histories)} runs; expected 1 to {len(palette.LINES)}, which "
            "is what a reader can tell apart. Draw several pictures."
        )
    known_band(band)
    curves = [
        _compared(str(label), run, key, look, band)
        for look, (label, run) in enumerate(histories.items())
    ]
    text = describe(curves, key) if alt is None else clean_alt(alt)
    with course_style():
        fig = draw_panels([(in_words(key), curves)])
        if any(curve.low for curve in curves):
            write_below(fig, f"lines: means; bands: {BANDS[band]}")
        present(fig, text)


def describe(curves: Sequence[Curve], key: str) -> str:
    """Say what is to be seen without a measured number.

    Which run ends ahead is said only where it is ahead by a tenth of the picture's range.
    """
    labels = [curve.label for curve in curves]
    runs = "one run" if len(curves) == 1 else f"{len(curves)} runs"
    sentences = [f"The {in_words(key)} of {runs} over the epochs: {'; '.join(labels)}."]
    trends = [trend(curve.values) for curve in curves]
    if len(set(trends)) == 1 and len(curves) > 1:
        all_of_them = "Both" if len(curves) == 2 else "All"
        sentences.append(f"{all_of_them} {plural(trends[0])}.")
    else:
        each = [f"{label} {words}" for label, words in zip(labels, trends, strict=True)]
        sentences.append("; ".join(each) + ".")
    known = [[v for v in c.values if v is not None and math.isfinite(v)] for c in curves]
    to_the_end = all(c.values[-1] is not None and math.isfinite(c.values[-1]) for c in curves)
    if len(curves) > 1 and to_the_end:
        margin = _CLEAR * (max(map(max, known)) - min(map(min, known)))
        ends = sorted((values[-1], label) for values, label in zip(known, labels, strict=True))
        if key.endswith("loss"):
            if ends[1][0] - ends[0][0] > margin:
                sentences.append(f"At the end {ends[0][1]} is lowest.")
        elif ends[-1][0] - ends[-2][0] > margin:
            sentences.append(f"At the end {ends[-1][1]} is highest.")
    return " ".join(sentences)


def _compared(label: str, run: object, key: str, look: int, band: Band) -> Curve:
    if isinstance(run, Spread):
        if run.key != key:
            raise ValueError(
                f"key: found {key!r}, and a spread of {run.key!r} under {label!r}; expected the "
                f"same. Write spread(runs, key={key!r})."
            )
        return as_curve(label, run, look, band)
    values = values_of(f"histories[{label!r}]", run, key)
    epochs = run["epoch"] if isinstance(run, History) else []
    return Curve(label, epochs, values, look)

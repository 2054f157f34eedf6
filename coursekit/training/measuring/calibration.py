"""Does a network know how sure it may be? Confidence beside the share right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 15
_WIDTH, _HEIGHT = 6.2, 5.4


@dataclass(frozen=True)
class Calibration:
    """Answers sorted into bins by confidence, the probability of the class that was chosen.

    Attributes
    ----------
    edges
        (bins + 1,): a bin holds the answers above its lower edge, up to and with its upper edge.
    counts
        (bins,): answers in each bin.
    confidence, accuracy
        (bins,): mean confidence and share right in each bin; NaN where a bin is empty.
    """

    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]

    @property
    def error(self) -> float:
        """The expected calibration error: |share right - confidence|, averaged over all answers.

        0 says: of the answers given with 80 percent confidence, 80 percent are right, and so on.
        M. P. Naeini, G. F. Cooper and M. Hauskrecht, *Obtaining well calibrated probabilities
        using Bayesian binning*, AAAI 2015; C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, *On
        calibration of modern neural networks*, ICML 2017.
        """
        if not self.counts.any():
            return float("nan")
        gaps = np.abs(self.accuracy - self.confidence)
        return float(np.nansum(gaps * self.counts) / self.counts.sum())

    @property
    def overconfident(self) -> bool:
        """Whether the mean confidence is above the share right."""
        return bool(np.nansum((self.confidence - self.accuracy) * self.counts) > 0)

    def plot(self, *, alt: str = "") -> None:
        """Draw the reliability diagram: share right by confidence, and how many answers each has.

        Parameters
        ----------
        alt
            A sentence that says what is to be seen; a general one unless given.
        """
        from coursekit.figures.arguments import clean_alt
        from coursekit.figures.canvas import course_style
        from coursekit.figures.show import present

        text = clean_alt(
            alt
            or "Share of right answers for each range of confidence, as bars, beside the diagonal "
            "on which both are equal; below it, how many answers each range has."
        )
        with course_style():
            present(draw(self), text)


def calibration(
    confidence: npt.ArrayLike, right: npt.ArrayLike, *, bins: int = BINS
) -> Calibration:
    """Sort answers into bins of equal width by their confidence.

    Parameters
    ----------
    confidence
        (N,) probabilities of the chosen classes. Those that are no number are left out.
    right
        (N,) whether each answer is right.
    bins
        How many bins share the range from 0 to 1.

    Raises
    ------
    ValueError
        When the lengths differ, a confidence lies outside 0 to 1, or `bins` is less than 1.

    Examples
    --------
    >>> found = calibration([0.9, 0.8, 0.8, 0.6], [True, True, False, True], bins=2)
    >>> found.counts.tolist(), round(found.error, 3)   # 3 of 4 right, 0.775 sure on the average
    ([0, 4], 0.025)
    """
    sure, correct = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=bool)
    if sure.shape != correct.shape or sure.ndim != 1:
        raise ValueError(
            f"confidence: found shape {sure.shape} for answers of shape {correct.shape}; expected "
            "one number for each answer, (N,). Take probabilities.max(axis=1)."
        )
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 1:
        raise ValueError(
            f"bins: found {bins!r}; expected a whole number of at least 1. Leave it out for {BINS}."
        )
    sure, correct = sure[~np.isnan(sure)], correct[~np.isnan(sure)]
    # Sums of float32 probabilities may end a hair above 1.
    if sure.size and not (sure.min() >= 0 and sure.max() <= 1 + 1e-5):
        raise ValueError(
            f"confidence: found numbers from {sure.min():g} to {sure.max():g}; expected "
            "probabilities from 0 to 1. Apply softmax to the logits first."
        )
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], sure, side="left")
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):  # 0 / 0 where a bin is empty
        means = np.bincount(place, weights=sure, minlength=bins) / counts
        shares = np.bincount(place, weights=correct, minlength=bins) / counts
    return Calibration(edges, counts, means, shares)


def draw(found: Calibration) -> Figure:
    """Draw the figure: bars and the diagonal above, counts below, on one axis of confidence."""
    from coursekit.figures import palette
    from coursekit.figures.canvas import new_figure

    fig = new_figure(_WIDTH, _HEIGHT, layout="constrained")
    upper, lower = fig.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    some = found.counts > 0
    left, width = found.edges[:-1][some], np.diff(found.edges)[some]
    bars: dict[str, Any] = {"width": width, "align": "edge", "linewidth": 1.2}
    blue, pale = palette.LINES[0], palette.tint(0.35, palette.rgb(palette.LINES[0]))
    upper.bar(
        left,
        found.accuracy[some],
        color=pale,
        edgecolor=blue,
        label="share right",
        zorder=1,
        **bars,
    )
    upper.plot(
        [0, 1],
        [0, 1],
        color=palette.INK,
        linestyle=(0, (5, 3)),
        linewidth=1.6,
        label="as sure as right",
        zorder=2,
    )
    upper.plot(
        found.confidence[some],
        found.accuracy[some],
        linestyle="none",
        marker="o",
        markersize=7,
        color=palette.LINES[1],
        markeredgecolor="white",
        markeredgewidth=0.8,
        label="at the mean confidence",
        zorder=3,
    )
    upper.set(xlim=(0, 1), ylim=(0, 1.03), ylabel="share right")
    lower.bar(left, found.counts[some], color=palette.QUIET, edgecolor="white", **bars)
    lower.set(xlabel="confidence", ylabel="answers")
    lower.yaxis.set_major_locator(_few_whole_ticks())
    lower.yaxis.set_major_formatter(lambda tick, _: f"{tick:,.0f}")
    fig.align_ylabels()
    fig.legend(
        *upper.get_legend_handles_labels(),
        loc="outside upper left",
        ncols=3,
        handlelength=2,
        columnspacing=1.2,
        borderaxespad=0.2,
    )
    return fig


def _few_whole_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=3, integer=True)

"""Convolution in one dimension: a kernel that is dragged along a signal."""

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from coursekit.scratch import convolve1d, correlate1d
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import ACCENT, EDGE, Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Flag, Series, Whole

_KERNEL = (8, 6, 4, 2, 2, 1, 1)
_SECOND = "#a63c06"
_WIDTH, _HEIGHT = 560, 110


def _ship() -> NDArray[np.float64]:
    """Give 120 reports of a noisy sensor, those of the lesson, rounded to a tenth."""
    seconds = np.arange(120)
    noise = np.random.default_rng(2).normal(0, 1, size=120)
    return np.asarray((10 + 4 * np.sin(seconds / 25) + noise).round(1), dtype=np.float64)


class Convolution1dExplorer(CourseWidget, folder="convolution_1d"):
    """Drag a kernel along a signal, and see each sum with the flip and without it.

    What is changed on the screen is changed here, and the other way round: `signal`, `kernel`,
    `average` and `selected` can be read, set and observed; `correlated` (no flip) and `convolved`
    (flip) follow.

    Parameters
    ----------
    signal
        Up to 400 numbers, oldest first; unless given, 120 noisy reports of a ship.
    kernel
        Up to 31 weights; unless given, the ship's: 8 6 4 2 2 1 1.
    average
        Divide each sum by the sum of the weights, where that is not 0.

    Raises
    ------
    ValueError
        If an argument is not what is described, or the kernel is longer than the signal.

    Notes
    -----
    Three things to try.

    1. Choose *Ship: the lesson's 8 reports* and take the tick off *Divide by the sum of the
       weights*. One of the two sums of the first window is 186. Which one, and what is the other?
       (The flip gives 186, since its largest weight, 8, meets the newest report, 10. Without the
       flip 8 meets the oldest, 2, and the sum is 102.)
    2. Choose *Sound: a low hum and a high whistle*. Which kernel of the menu silences the whistle
       altogether, and why does *Fifteen equal weights* leave some of it? (Four equal weights: four
       readings are one whole swing of the whistle, whose ups and downs add up to 0. Of fifteen
       readings twelve are three whole swings and cancel; three readings are left over.)
    3. Type the weights 0 0 0 0 0 0 1. What do the two lines look like? Then find weights for which
       the flip changes nothing. (Without the flip the line repeats the newest reading of each
       window, with it the oldest: the signal six readings late. Weights that read the same from
       both ends, such as 1 2 1.)

    Examples
    --------
    >>> explorer = Convolution1dExplorer([2, 4, 4, 6, 8, 8, 10, 12], average=False)
    >>> explorer.convolved, explorer.correlated
    (array([186., 224.]), array([102., 134.]))
    >>> explorer.average = True
    >>> explorer.convolved
    array([7.75      , 9.33333333])
    """

    signal = Series(400, np.zeros(1))
    kernel = Series(31, np.array(_KERNEL))
    average = Flag(True)
    selected = Whole(0, 0, 399)
    correlated = traitlets.Any(read_only=True)
    convolved = traitlets.Any(read_only=True)

    def __init__(
        self,
        signal: ArrayLike | None = None,
        kernel: ArrayLike | None = None,
        average: bool = True,
    ) -> None:
        given: dict[str, Any] = {} if kernel is None else {"kernel": kernel}
        super().__init__(signal=_ship() if signal is None else signal, average=average, **given)
        if len(self.kernel) > len(self.signal):
            raise ValueError(
                f"kernel has {len(self.kernel)} weights, but signal only {len(self.signal)} "
                "numbers; give a shorter kernel or a longer signal"
            )
        self.observe(self._follow, ("signal", "kernel", "average"))
        self._follow()

    def _follow(self, change: Any = None) -> None:
        fits = len(self.kernel) <= len(self.signal)
        total = float(self.kernel.sum())
        divisor = total if self.average and abs(total) > 1e-12 else 1.0
        for name, slide in (("correlated", correlate1d), ("convolved", convolve1d)):
            sums = slide(self.signal, self.kernel) if fits else np.zeros(0)
            self.set_trait(name, np.asarray(sums, dtype=np.float64) / divisor)

    def describe(self) -> str:
        """Say in words what the picture shows: lengths and the first results."""
        n, f = len(self.signal), len(self.kernel)
        text = f"Convolution in one dimension: a signal of {n} numbers and a kernel of {f}."
        if not len(self.convolved):
            return f"{text} The kernel is longer than the signal, so there is no result."
        kind = "sums" if not self.average else "averages"
        first = [number(float(values[0])) for values in (self.correlated, self.convolved)]
        return (
            f"{text} The {kind} begin with {first[0]} without the flip and with {first[1]} with "
            "it; the flip lets the first weight meet the newest number."
        )

    def picture(self) -> str:
        """Draw the signal, and under it the results without the flip and with it."""
        drawing = Picture()
        drawing.text(0, 10, "Signal")
        self._curve(drawing, 20, [(self.signal, 0, EDGE, False)])
        if len(self.convolved):
            late = len(self.kernel) - 1
            drawing.text(0, _HEIGHT + 50, "Without the flip (line) and with the flip (dashed)")
            lines = [
                (self.correlated, late, ACCENT, False),
                (self.convolved, late, _SECOND, True),
            ]
            self._curve(drawing, _HEIGHT + 60, lines)
        return drawing.img(self.describe())

    def _curve(
        self, drawing: Picture, top: int, lines: list[tuple[NDArray[np.float64], int, str, bool]]
    ) -> None:
        """Draw lines into one frame, each from its first place on."""
        every = np.concatenate([values for values, *_ in lines])
        low, high = float(every.min()), float(every.max())
        step = _WIDTH / max(1, len(self.signal))
        for values, first, colour, dashed in lines:
            spots = [
                (
                    round((first + i + 0.5) * step),
                    top + round(_HEIGHT * (1 - (float(value) - low) / ((high - low) or 1))),
                )
                for i, value in enumerate(values)
            ]
            drawing.line(spots, colour, 2, dashed)

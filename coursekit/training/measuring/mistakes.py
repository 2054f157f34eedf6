"""The mistakes that a network was surest of, as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_MOST, _BYTES = 1000, 32_000_000


class SurestMistakes:
    """Keeps the inputs of the surest mistakes while batches pass by, and no others.

    Parameters
    ----------
    most
        How many; unless given, 1,000 or as many as take 32 MB.

    Examples
    --------
    >>> keeper = SurestMistakes(most=1)
    >>> images = np.arange(3.0).reshape(3, 1, 1)
    >>> keeper.add(0, images, np.array([0.9, 0.99, 0.6]), wrong=np.array([True, False, True]))
    >>> list(keeper.images)
    [0]
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.images: dict[int, npt.NDArray[Any]] = {}
        self._sure: dict[int, float] = {}

    def add(
        self,
        first: int,
        inputs: Any,
        sure: npt.NDArray[Any],
        wrong: npt.NDArray[np.bool_],
    ) -> None:
        """Look at a batch whose first example is number `first` of its set."""
        sure = np.nan_to_num(sure)
        if self.most is None and len(inputs):
            self.most = min(_MOST, max(1, _BYTES // (4 * max(1, _numbers(inputs[0])))))
        floor = min(self._sure.values()) if len(self._sure) == self.most else -1.0
        for place in np.flatnonzero(wrong & ~(sure <= floor)).tolist():
            self._sure[first + place] = float(sure[place])
            self.images[first + place] = _array(inputs[place])
        for index in surest_first(self._sure)[self.most :]:
            del self.images[index], self._sure[index]


def _numbers(image: Any) -> int:
    return int(np.prod(image.shape, dtype=np.int64))


def _array(image: Any) -> npt.NDArray[Any]:
    if hasattr(image, "detach"):  # a tensor, which may be on a GPU
        image = image.detach().float().cpu().numpy()
    return np.array(image)


def surest_first(sure: Mapping[int, float]) -> list[int]:
    """Return the numbers of examples, the surest first; of equally sure ones the earlier.

    Examples
    --------
    >>> surest_first({3: 0.5, 1: 0.9, 2: 0.9})
    [1, 2, 3]
    """
    return sorted(sure, key=lambda index: (-sure[index], index))


def show_mistakes(
    shown: Sequence[tuple[str, str, float, npt.NDArray[Any]]], *, alt: str = ""
) -> None:
    """Show mistakes as pictures: the answer and how sure it was, the true class below it.

    Parameters
    ----------
    shown
        (answer, true class, confidence, image), the image (H, W), (C, H, W) or (H, W, 3).
    alt
        A sentence that says what is to be seen; a general one unless given.

    Raises
    ------
    ValueError
        When an example is no picture.

    Examples
    --------
    >>> show_mistakes([("cat", "dog", 0.97, np.zeros((4, 4)))])
    A picture that the network was wrong about; above it the answer and the true class.
    """
    from coursekit import figures

    if not shown:
        print("No mistakes: every answer is right.")
        return
    many = f"{len(shown)} pictures that the network was wrong about, the surest mistake first; "
    one = "A picture that the network was wrong about; "
    above = "above it the answer and the true class."
    figures.images(
        [
            # Rounded down: nobody is 100 percent sure.
            (f"says {answer} ({int(100 * sure)}%), is {true}", picture_of(image))
            for answer, true, sure, image in shown
        ],
        columns=min(5, len(shown)),
        alt=alt or (one + above if len(shown) == 1 else many + above.replace("it", "each", 1)),
    )


def picture_of(image: npt.ArrayLike) -> npt.NDArray[Any]:
    """Turn an input of a network into something to look at: (H, W) grey or (H, W, 3) colour.

    Of channels that are not colours the mean is shown.

    Examples
    --------
    >>> picture_of(np.zeros((1, 28, 28))).shape, picture_of(np.zeros((3, 32, 30))).shape
    ((28, 28), (32, 30, 3))
    """
    array = np.asarray(image)
    if array.ndim == 3:
        if array.shape[2] == 3 and array.shape[0] != 3:
            return array
        if array.shape[2] == 1 and array.shape[0] != 1:
            return array[:, :, 0]
        array = np.moveaxis(array, 0, -1) if array.shape[0] == 3 else array.mean(axis=0)
    if array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3):
        return array
    raise ValueError(
        f"images: found inputs of shape {array.shape}; expected pictures, (C, H, W) or (H, W). "
        "Look at evaluation.wrong, which lists the mistakes by number."
    )

"""The softmax explorer: scores, probabilities, the loss, and its slope along every score."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from coursekit.scratch import classification_error, cross_entropy, softmax
from coursekit.widgets.base import CourseWidget
from coursekit.widgets.picture import ACCENT, EDGE, Picture
from coursekit.widgets.text import number
from coursekit.widgets.traits import Flag, Place, Series, Volume, Whole

_LARGEST = 10_000
_SCORES = (2.0, 1.0, 0.1)
_CLASSES = ("dog", "cat", "bird")
# The decks' two networks and three pictures: probabilities of dog and cat.
_TWO = (((0.9, 0.1), (0.1, 0.9), (0.4, 0.6)), ((0.6, 0.4), (0.3, 0.7), (0.1, 0.9)))
TARGETS = (0, 1, 0)


class Names(traitlets.TraitType[Any, Any]):
    """A list of words, one for each class."""

    def __init__(self, default: Sequence[str]) -> None:
        super().__init__(list(default))
        self.tag(sync=True, page=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Give it as a fresh list, or say what is wrong with it."""
        words = list(value) if isinstance(value, list | tuple) else []
        if not words or not all(isinstance(word, str) and word.strip() for word in words):
            raise ValueError(f"{self.name} is {value!r}; give names such as ['dog', 'cat']")
        return words


class SoftmaxExplorer(CourseWidget, folder="softmax_explorer"):
    """Drag scores; probabilities, the loss and its gradient follow.

    What is changed on the screen is changed here, and the other way round: `scores`, `target`,
    `classes`, `compare`, `networks` and `chosen` can be read, set and observed; `probabilities`,
    `loss` and `gradient` follow.

    With ``compare=True`` the decks' two networks are beside each other, each with its answers to
    the same three pictures. `chosen` is the network and the picture whose scores are dragged.

    To try:

    1. Press "Add 1 to every score" several times. What changes? (The scores, and nothing else: only
       their differences count. Dog 0.95 and cat 0.05 need a difference of ln 19 = 2.944.)
    2. Make the true class the one with the lowest score and press "One step against the gradient"
       again and again. Which score is moved most, and when do the steps become small? (The score
       of the true class, by 1 - q, the longest bar. The steps become small as q of the true class
       comes near 1, for the gradient is q - p.)
    3. Choose "Two networks, three pictures". Both get one picture in three wrong. Drag the scores
       of network 2 until its mean loss is below that of network 1, without changing which pictures
       it gets right. Where is most to be gained? (At picture 3, which costs 2.303 of 3.170: bring
       its q of dog from 0.1 near 0.5, and make the other two surer.)

    Parameters
    ----------
    scores
        (k,), 2 to 10 scores from -10,000 to 10,000, what the last layer gives before the softmax.
    target
        The index of the true class.
    classes
        k names; "class 0", "class 1", ... unless given.
    compare
        Begin with the decks' two networks of equal error; then no scores are given.

    Raises
    ------
    ValueError
        If the scores are not 2 to 10 finite numbers within their limits, the target is not the
        index of a class, the names are not one for each score, scores are given to compare, or
        another argument is something else than described.

    Examples
    --------
    >>> explorer = SoftmaxExplorer([2, 1, 0.1], target=0)
    >>> explorer.probabilities.round(3)
    array([0.659, 0.242, 0.099])
    >>> round(explorer.loss, 3)
    0.417
    >>> explorer.gradient.round(3)
    array([-0.341,  0.242,  0.099])
    >>> two = SoftmaxExplorer(compare=True)
    >>> two.errors.round(2), two.losses.round(2)
    (array([0.33, 0.33]), array([0.38, 1.06]))
    """

    scores = Series(10, _SCORES)
    target = Whole(0, 0, 9)
    classes = Names(_CLASSES)
    compare = Flag(False)
    networks = Volume((2, 3, 2), np.log(_TWO), "2 networks, 3 pictures, the scores of dog and cat")
    chosen = Place(2)
    probabilities = traitlets.Any(read_only=True)
    loss = traitlets.Float(read_only=True)
    gradient = traitlets.Any(read_only=True)

    def __init__(
        self,
        scores: ArrayLike | None = None,
        target: int = 0,
        classes: list[str] | None = None,
        compare: bool = False,
    ) -> None:
        if compare and scores is not None:
            raise ValueError(
                "scores are given with compare=True, which shows the two networks of the decks; "
                "leave one of them out"
            )
        given: dict[str, Any] = {"target": target, "compare": compare}
        if compare:
            given |= {"scores": np.log(_TWO[0][0]), "classes": ["dog", "cat"], "target": TARGETS[0]}
        elif scores is not None:
            given |= {"scores": scores, "classes": _numbered(np.size(scores))}
        if classes is not None:
            given["classes"] = classes
        super().__init__(**given)
        self.observe(self._mirror, ("scores", "networks", "chosen", "compare"))
        self.observe(self._follow, ("scores", "target"))
        self._follow()

    @property
    def losses(self) -> NDArray[np.float64]:
        """The mean loss of each of the two networks over the three pictures, (2,)."""
        truth = np.eye(2)[list(TARGETS)]
        return np.array([cross_entropy(truth, softmax(rows)) for rows in self.networks])

    @property
    def errors(self) -> NDArray[np.float64]:
        """The share of the three pictures that each of the two networks gets wrong, (2,)."""
        truth = np.eye(2)[list(TARGETS)]
        return np.array([classification_error(truth, rows) for rows in self.networks])

    @traitlets.validate("scores", "target", "classes", "networks", "chosen")
    def _fits(self, proposal: dict[str, Any]) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        now = {each: getattr(self, each) for each in ("scores", "target", "classes")}
        if name in now:
            now[name] = value
        if name in ("scores", "networks") and np.abs(value).max() > _LARGEST:
            raise ValueError(
                f"{name} holds {value.flat[np.abs(value).argmax()]:g}; give scores from "
                f"{-_LARGEST:,} to {_LARGEST:,}"
            )
        if name == "networks" and value.shape != (2, 3, 2):
            raise ValueError(
                f"networks has the shape {value.shape}; give (2, 3, 2): two networks, three "
                "pictures, the scores of dog and cat"
            )
        if name == "chosen" and (value[0] > 1 or value[1] > 2):
            raise ValueError(
                f"chosen is {value}; give the network, 0 or 1, and the picture, 0 to 2"
            )
        count = len(now["scores"])
        if count < 2:
            raise ValueError("scores holds a single number; give 2 to 10 scores")
        if now["target"] >= count:
            raise ValueError(
                f"target is {now['target']}, but there are {count} scores; give the index of the "
                f"true class, 0 to {count - 1}"
            )
        picture = self.chosen[1]
        if name == "target" and self.compare and value != TARGETS[picture]:
            raise ValueError(
                f"target is {value}, but picture {picture} of the two networks is of class "
                f"{TARGETS[picture]}; choose another picture with chosen"
            )
        if len(now["classes"]) != count:
            names = "1 name" if len(now["classes"]) == 1 else f"{len(now['classes'])} names"
            raise ValueError(
                f"classes has {names}, but there are {count} scores; give one name for each"
            )
        return value

    def _follow(self, change: Any = None) -> None:
        q = softmax(self.scores)
        self.set_trait("probabilities", q)
        self.set_trait("gradient", q - np.eye(len(q))[self.target])
        # From the scores, not from q: finite even where q of the true class is rounded to 0.
        powers = np.exp(self.scores - self.scores.max())
        self.set_trait(
            "loss", float(np.log(powers.sum()) + self.scores.max() - self.scores[self.target])
        )

    def _mirror(self, change: dict[str, Any]) -> None:
        """Keep the scores and those of the chosen network and picture one and the same."""
        if not self.compare:
            return
        network, picture = self.chosen
        if change["name"] == "scores":
            if len(self.scores) == 2:
                networks = np.array(self.networks)
                networks[network, picture] = self.scores
                self.networks = networks
            return
        with self.hold_trait_notifications():
            self.scores = self.networks[network, picture]
            self.target = TARGETS[picture]
            self.classes = ["dog", "cat"]

    def describe(self) -> str:
        """Say in words what the picture shows: scores, probabilities, the loss and its gradient."""
        if self.compare:
            losses = " and ".join(number(float(loss)) for loss in self.losses)
            errors = " and ".join(number(float(error)) for error in self.errors)
            return (
                "Softmax explorer: two networks, three pictures of dog, cat and dog. The errors "
                f"are {errors}, the mean losses {losses}."
            )
        each = "; ".join(
            f"{name}: score {number(float(z))}, probability {number(float(q), 3)}, gradient "
            f"{number(float(slope), 3)}"
            for name, z, q, slope in zip(
                self.classes, self.scores, self.probabilities, self.gradient, strict=True
            )
        )
        return (
            f"Softmax explorer: the true class is {self.classes[self.target]}. {each}. "
            f"The loss is {number(self.loss, 3)}."
        )

    def picture(self) -> str:
        """Draw a bar for every probability, or the table of the two networks."""
        return (self._table() if self.compare else self._bars()).img(self.describe())

    def _bars(self) -> Picture:
        drawing = Picture()
        for x, title in ((130, "score"), (220, "probability"), (480, "gradient")):
            drawing.text(x, 14, title)
        for i, name in enumerate(self.classes):
            y = 26 + 30 * i
            words = f"{name} (true)" if i == self.target else name
            q, slope = float(self.probabilities[i]), float(self.gradient[i])
            drawing.text(0, y + 16, words)
            drawing.text(130, y + 16, number(float(self.scores[i])))
            fill = ACCENT if i == self.target else EDGE
            drawing.shape(
                f'<rect x="220" y="{y}" width="{round(180 * q)}" height="22" fill="{fill}"/>'
            )
            drawing.text(226 + round(180 * q), y + 16, number(q, 3))
            drawing.text(480, y + 16, number(slope, 3))
        drawing.text(0, 52 + 30 * len(self.classes), f"loss = {number(self.loss, 3)}", 15)
        return drawing

    def _table(self) -> Picture:
        drawing = Picture()
        for x, title in ((130, "network 1: dog, cat, loss"), (350, "network 2: dog, cat, loss")):
            drawing.text(x, 14, title)
        for n, target in enumerate(TARGETS):
            y = 44 + 26 * n
            drawing.text(0, y, f"picture {n + 1}: {('dog', 'cat')[target]}")
            for x, scores in zip((130, 350), self.networks[:, n], strict=True):
                q = softmax(scores)
                words = "   ".join(number(float(value), 3) for value in (*q, -np.log(q[target])))
                drawing.text(x, y, words)
        drawing.text(0, 126, "error, mean loss")
        for x, error, loss in zip((130, 350), self.errors, self.losses, strict=True):
            drawing.text(x, 126, f"{number(float(error))}   {number(float(loss))}")
        return drawing


def _numbered(count: int) -> list[str]:
    return [f"class {i}" for i in range(count)]

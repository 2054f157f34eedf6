"""Which hand-ins share what hardly anybody else in the class has."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coursekit.grading.similarity.traits import Trait, Work, is_words

WORDS_WEIGH, WRONG_WEIGH = 3.0, 3.0
_BLOCK = 4096


@dataclass(frozen=True)
class Pair:
    """Two hand-ins.

    Parameters
    ----------
    first, second
        Whose they are; the second may be from elsewhere.
    weight
        How much they share that is rare, in bits: a trait that one in eight has counts 3; words
        and code of the same wrong answer count three times.
    likeness
        The share of the rare things of the one with fewer that the other has, too: 1 for a copy.
    code, words
        How many rare traits of each kind they share.
    wrong
        The functions to which they gave the same wrong answer, with rare code in common.
    """

    first: str
    second: str
    weight: float
    likeness: float
    code: int
    words: int
    wrong: tuple[str, ...]

    @property
    def rank(self) -> float:
        """What pairs are ordered by: much that is rare, and not much else beside it."""
        return self.weight * self.likeness


class Comparison:
    """Hand-ins side by side.

    Parameters
    ----------
    works
        Of the class.
    elsewhere
        Others that these are compared with, such as last year's; not with each other.
    common
        Traits that everybody may have: those of what was handed out, and of the solution.
    wrong
        What each of the class answered wrongly, by function: the same text for the same mistake.
    """

    def __init__(
        self,
        works: Mapping[str, Work],
        *,
        elsewhere: Mapping[str, Work] | None = None,
        common: Collection[Trait] = frozenset(),
        wrong: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.works = {**works, **(elsewhere or {})}
        self.own = len(works)
        self._wrong = wrong or {}
        counted = Counter(t for work in self.works.values() for t in work.spans if t not in common)
        most = len(self.works) + 1
        self._weights = {
            trait: float(np.log2(most / count)) * (WORDS_WEIGH if is_words(trait) else 1.0)
            for trait, count in counted.items()
        }
        # What so few have that it halves the surprise at most: of 60 hand-ins, 11.
        self._rare = {trait for trait, count in counted.items() if count <= (2 * most) ** 0.5}
        self._shared = [trait for trait, count in counted.items() if count > 1]

    def marked(self, first: str, second: str) -> set[Trait]:
        """Return the rare traits that two share."""
        return self._rare & self.works[first].spans.keys() & self.works[second].spans.keys()

    def pairs(self) -> list[Pair]:
        """Return all pairs that share something, those with the most that is rare first."""
        names = list(self.works)
        everything = [set(self.works[name].spans) for name in names]
        weight, code, words = self._sums(everything)
        totals = np.array([sum(self._weights.get(t, 0.0) for t in one) for one in everything])
        more, same = self._wrong_alike(names)
        found = []
        for i, j in zip(*np.nonzero(np.triu(weight, 1)), strict=True):
            if i >= self.own:
                continue
            least = min(totals[i], totals[j])
            found.append(
                Pair(
                    names[i], names[j], float(weight[i, j] + more[i, j]),
                    float(min(1.0, weight[i, j] / least)) if least else 0.0,
                    int(code[i, j]), int(words[i, j]), tuple(same.get((i, j), ())),
                )
            )  # fmt: skip
        return sorted(found, key=lambda pair: (-pair.rank, pair.first, pair.second))

    def _sums(
        self, having: Sequence[set[Trait]], traits: Sequence[Trait] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return for each two the weight of what they share, and the numbers of rare traits."""
        n = len(having)
        sums = np.zeros((3, n, n))
        traits = self._shared if traits is None else traits
        for begin in range(0, len(traits), _BLOCK):
            block = traits[begin : begin + _BLOCK]
            has = np.array([[t in one for t in block] for one in having], dtype=np.float64)
            rare = np.array([t in self._rare for t in block])
            words = np.array([is_words(t) for t in block])
            weights = np.array([self._weights[t] for t in block])
            for total, counts in zip(sums, (weights, rare & ~words, rare & words), strict=True):
                total += (has * counts) @ has.T
        return sums[0], sums[1], sums[2]

    def _wrong_alike(
        self, names: Sequence[str]
    ) -> tuple[NDArray[np.float64], dict[tuple[int, int], list[str]]]:
        """Return what the same wrong answers add, and which functions they are for each two."""
        more = np.zeros((len(names), len(names)))
        same: dict[tuple[int, int], list[str]] = {}
        alike: dict[tuple[str, str], list[int]] = {}
        for i, name in enumerate(names):
            for function, answer in self._wrong.get(name, {}).items():
                alike.setdefault((function, answer), []).append(i)
        for (function, _), group in alike.items():
            having = [self.works[names[i]].inside.get(function, set()) for i in group]
            traits = [t for t in set().union(*having) if t in self._weights]
            weight, code, _ = self._sums(having, traits)
            more[np.ix_(group, group)] += (WRONG_WEIGH - 1) * weight
            for a, b in zip(*np.nonzero(np.triu(code, 1)), strict=True):
                same.setdefault((group[a], group[b]), []).append(function)
        return more, same

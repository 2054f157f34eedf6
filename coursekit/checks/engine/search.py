"""Which failing questions show a wrong idea, and no other one."""

from collections.abc import Mapping, Sequence

import numpy as np

from coursekit.checks.engine.compare import fits, same_shape
from coursekit.checks.engine.name import Idea, gives_the_same, known_ideas, only_name
from coursekit.checks.engine.outcomes import right_answer
from coursekit.checks.engine.spec import Exercise, Parts, Question
from coursekit.checks.runner.reply import Reply


class Search:
    """Says whether a question still shows the same failure, and no other known idea's."""

    def __init__(
        self,
        exercise: Exercise,
        kind: str,
        known: Sequence[Idea],
        left: Sequence[Idea],
        against: Mapping[Idea, Question],
    ) -> None:
        self.exercise, self.kind = exercise, kind
        self.left, self.against = list(left), against
        self.name = only_name(exercise, left)
        ideas = known_ideas(exercise)
        self.others = [  # an idea that this one is a part of misleads nobody, nor does a slip
            idea
            for idea in known
            if idea[0] in exercise.misconceptions
            and self.name not in (idea[0], *ideas[idea[0]].made_of)
        ]
        self.refuted: Idea | None = None
        self.only_telling = False

    def __call__(self, question: Question, reply: Reply) -> bool:
        """Say whether the question shows it; note an idea that the reply speaks against."""
        for idea in self.left:
            if reply.kind != "skipped" and not gives_the_same(self.exercise, idea, question, reply):
                self.refuted = idea
                return False
        if self.refuted is not None or not self.fails(question, reply):
            return False
        return self.kind != "values" or self._apart_from_all(question, reply)

    def _apart_from_all(self, question: Question, reply: Reply) -> bool:
        """Say whether no other idea gives this reply; the one that last did is asked first."""
        for place, idea in enumerate(self.others):
            if not self.apart(idea, question, reply):
                self.others.insert(0, self.others.pop(place))
                return False
        return True

    def apart(self, idea: Idea, question: Question, reply: Reply) -> bool:
        """Say whether an idea gives something else than the reply."""
        if self.against.get(idea) is question:
            return True
        return not gives_the_same(self.exercise, idea, question, reply)

    def leave_out_inseparable(self, pairs: Sequence[tuple[Question, Reply]]) -> None:
        """Keep only those other ideas that one and the same failing question can tell apart.

        Of all failing questions the one that tells most of them apart decides.
        """
        apart = [
            [idea for idea in self.others if self.apart(idea, *pair)]
            for pair in pairs
            if self.fails(*pair)
        ]
        self.others = max(apart, key=len, default=[])

    def fails(self, question: Question, reply: Reply) -> bool:
        """Say whether the reply is wrong in the way that this search is about."""
        if self.kind not in ("values", "shape"):
            return reply.kind == self.kind
        if reply.kind != "value":
            return False
        expected = right_answer(self.exercise, question)
        if self.only_telling and not telling(reply, expected):
            return False
        if fits(self.exercise, reply, expected, question):
            return False
        shaped = all(
            same_shape(g.shape, e.shape) for g, e in zip(reply.parts, expected, strict=True)
        )
        return shaped == (self.kind == "values")


def telling(reply: Reply, expected: Parts) -> bool:
    """Say whether an example shows something: no division by 0, and not nothing but zeros."""
    finite = all(np.isfinite(part).all() for part in (*reply.parts, *expected))
    return finite and any(np.any(part != 0) for part in expected)

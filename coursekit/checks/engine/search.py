"""Which failing questions show a wrong idea, and no other one."""

from collections.abc import Mapping, Sequence

import numpy as np

from coursekit.checks.engine.compare import agrees, fits, right_answer, same_shape
from coursekit.checks.engine.name import Idea, gives_the_same, only_name
from coursekit.checks.engine.spec import Exercise, Question
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
        self.name = only_name(left)
        ideas = exercise.misconceptions
        self.others = [  # an idea that this one is a part of misleads nobody
            idea for idea in known if self.name not in (idea[0], *ideas[idea[0]].made_of)
        ]
        self.refuted: Idea | None = None
        self.only_finite = False  # a division by 0 hides a mistake that shows elsewhere, too

    def __call__(self, question: Question, reply: Reply) -> bool:
        """Say whether the question shows it; note an idea that the reply speaks against."""
        for idea in self.left:
            if reply.kind != "skipped" and not gives_the_same(self.exercise, idea, question, reply):
                self.refuted = idea
                return False
        if self.refuted is not None or not self.fails(question, reply):
            return False
        return self.kind != "values" or all(
            self.apart(idea, question, reply) for idea in self.others
        )

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
        if self.kind != "values" and self.kind not in ("shape", "result type"):
            return reply.kind == self.kind
        if reply.kind != "value" or (self.only_finite and not finite(reply)):
            return False
        expected = right_answer(self.exercise, question)
        if fits(self.exercise, reply, expected, question):
            return False
        right = agrees(self.exercise, reply, expected, question)
        shaped = all(
            same_shape(g.shape, e.shape) for g, e in zip(reply.parts, expected, strict=True)
        )
        return {"result type": right, "shape": not shaped, "values": not right}[self.kind]


def finite(reply: Reply) -> bool:
    """Say whether no number of a reply is infinite or missing."""
    return all(np.isfinite(part).all() for part in reply.parts)

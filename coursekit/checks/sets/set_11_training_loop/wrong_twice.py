"""The slips in a pass of training that are made most often, two of them at once.

A wrong idea is named when it explains every number. Two at once need an implementation that holds
both; so the commonest pairs are written down, and what is said of a pair is what is said of each.
"""

from coursekit.checks.engine.spec import Misconception
from coursekit.checks.sets.set_11_training_loop.epoch_loops import Answer, calls, loop
from coursekit.checks.sets.set_11_training_loop.wrong_losses import MEANS_OF_MEANS, WRONG_LOSSES
from coursekit.checks.sets.set_11_training_loop.wrong_updates import WRONG_UPDATES

_IDEAS = {**WRONG_UPDATES, **WRONG_LOSSES}
_KEEPS_GRADIENTS = calls("backward", "step")


def _both(first: str, second: str, *answers: Answer) -> dict[str, Misconception]:
    """Return the idea of making two known slips, by its name."""
    one, other = _IDEAS[first], _IDEAS[second]
    does, rethink = f"{one.does}; besides, it {other.does}", f"{one.rethink} {other.rethink}"
    idea = Misconception(does, rethink, answers, made_of=(first, second))
    return {f"{first}_and_{second}": idea}


WRONG_TWICE: dict[str, Misconception] = {
    **_both(
        "gradients_kept",
        "mean_of_batch_means",
        *(loop(_KEEPS_GRADIENTS, mean) for mean in MEANS_OF_MEANS),
    ),
    **_both(
        "not_in_training_mode",
        "mean_of_batch_means",
        *(loop(result=mean, training=mode) for mean in MEANS_OF_MEANS for mode in (None, False)),
    ),
    **_both(
        "gradients_kept",
        "not_in_training_mode",
        *(loop(_KEEPS_GRADIENTS, training=mode) for mode in (None, False)),
    ),
}

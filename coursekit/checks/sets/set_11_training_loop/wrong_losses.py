"""Wrong ideas about the number that one pass of training returns."""

import numpy as np

from coursekit.checks.engine.spec import Misconception
from coursekit.checks.sets.set_11_training_loop.epoch_loops import (
    Result,
    per_example,
    returning,
    rounded,
    share_right,
)

# How the mean of the batches' means is written down.
MEANS_OF_MEANS: tuple[Result, ...] = (
    lambda losses, sizes, m: losses.mean(),
    lambda losses, sizes, m: losses.sum() / len(m),
)
_MEAN = "Ten examples with a loss of 1 and two with a loss of 3: what is the mean of the twelve?"

WRONG_LOSSES: dict[str, Misconception] = {
    "mean_of_batch_means": Misconception(
        "takes the mean of the batches' means, so an example in a small batch counts more",
        _MEAN,
        returning(*MEANS_OF_MEANS),
    ),
    "batch_means_added": Misconception(
        "adds up the mean losses of the batches and divides by nothing",
        _MEAN,
        returning(lambda v, n, m: v.sum()),
    ),
    "losses_added": Misconception(
        "adds up the losses of all examples and does not divide",
        _MEAN,
        returning(lambda v, n, m: (v * n).sum()),
    ),
    "divided_by_batches": Misconception(
        "adds up the losses of all examples, then divides by the number of batches",
        _MEAN,
        returning(lambda v, n, m: (v * n).sum() / len(v), lambda v, n, m: (v * n).sum() / len(m)),
    ),
    "means_divided_by_examples": Misconception(
        "adds up the mean losses of the batches, then divides by the number of examples",
        "loss_fn gives the mean of a batch. How do you get from it to the sum of its losses?",
        returning(lambda v, n, m: v.sum() / n.sum()),
    ),
    "begins_at_one": Misconception(
        "begins its sum or its count with 1 in place of 0",
        "How many examples have been counted before the first batch, and what do they cost?",
        returning(
            lambda v, n, m: (v * n).sum() / (n.sum() + 1),
            lambda v, n, m: ((v * n).sum() + 1) / n.sum(),
            lambda v, n, m: ((v * n).sum() + 1) / (n.sum() + 1),
        ),
    ),
    "sign_turned": Misconception(
        "gives the mean loss with a minus",
        "Is the loss added to the sum, or subtracted from it?",
        returning(lambda v, n, m: -(v * n).sum() / n.sum()),
    ),
    "squared_or_rooted": Misconception(
        "squares the losses, or takes the root of their mean",
        "loss.item() is what is to be averaged, as it is.",
        returning(
            lambda v, n, m: (v**2 * n).sum() / n.sum(),
            lambda v, n, m: np.sqrt((v * n).sum() / n.sum()),
            lambda v, n, m: np.sqrt((v**2 * n).sum() / n.sum()),
        ),
    ),
    "fixed_batch_size": Misconception(
        "multiplies each batch's mean by a number that is not the size of this batch",
        "loss.item() is the mean of so many examples as the batch has. Which number is that?",
        returning(
            *(
                lambda v, n, m, size=size: size * v.sum() / n.sum()
                for size in (2, 4, 8, 10, 16, 20, 32, 50, 64, 100, 128, 256)
            ),
            *(
                lambda v, n, m, size=size: size * (v * n).sum() / n.sum()
                for size in (2, 4, 8, 10, 16, 20, 32, 50, 64, 100, 128, 256)
            ),
            lambda v, n, m: (v * n).sum() * m.weights.shape[1] / n.sum(),
            lambda v, n, m: (v * n).sum() * len(m.biases) / n.sum(),
        ),
    ),
    "wrong_number_counted": Misconception(
        "divides by something else than the number of examples",
        "How many numbers has one picture, and how many scores? Count examples alone.",
        returning(
            lambda v, n, m: (v * n).sum() / (n.sum() * len(m.biases)),
            lambda v, n, m: (v * n).sum() / (n.sum() * m.weights.shape[1]),
            lambda v, n, m: (v * n).sum() / (len(n) * len(m.biases)),
            lambda v, n, m: (v * n).sum() / n.sum() / len(n),
            lambda v, n, m: (v / n).sum() / n.sum(),
            lambda v, n, m: (v / n).sum() / len(n),
            lambda v, n, m: (v / n).sum(),
            lambda v, n, m: (v * n).sum() / n.sum() / len(m),
        ),
    ),
    "equal_batches": Misconception(
        "counts as if all batches were as large as one of them",
        "The last batch is often smaller. Where does each batch say how many examples it has?",
        returning(
            *(
                lambda v, n, m, i=i, size=size: (v * n).sum() / (size(v, m) * n[i])
                for i in (0, -1)
                for size in (lambda v, m: len(v), lambda v, m: len(m))
            ),
            *(lambda v, n, m, i=i: (v * n[i]).sum() / n.sum() for i in (0, -1)),
        ),
    ),
    "last_loss": Misconception(
        "returns the loss of the last batch alone",
        "The mean is wanted over the whole pass. What has to be remembered from batch to batch?",
        returning(lambda v, n, m: v[-1], lambda v, n, m: (v * n)[-1]),
    ),
    "first_loss": Misconception(
        "returns the loss of the first batch, though it goes on training",
        "The mean is wanted over the whole pass. What has to be remembered from batch to batch?",
        returning(lambda v, n, m: v[0], lambda v, n, m: (v * n)[0]),
    ),
    "total_overwritten": Misconception(
        "starts its sum, or its count, anew in every batch",
        "Which lines belong before the loop, and does = or += belong into it?",
        returning(
            lambda v, n, m: (v * n)[-1] / n.sum(),
            lambda v, n, m: v[-1] / len(v),
            lambda v, n, m: v[-1] / len(m),
            lambda v, n, m: (v * n).sum() / n[-1],
        ),
    ),
    "one_loss_kept": Misconception(
        "keeps the largest or the smallest loss of all batches",
        "The mean is wanted over the whole pass. Which operation makes one number of many?",
        returning(
            lambda v, n, m: v.max(),
            lambda v, n, m: v.min(),
            lambda v, n, m: v.max() / n.sum(),
            lambda v, n, m: max(v.max(), 0) / len(v),
        ),
    ),
    "share_returned": Misconception(
        "returns the share of right answers in place of the loss",
        "Which number does loss_fn give for a batch?",
        share_right,
    ),
    "rounded": Misconception(
        "rounds the loss",
        "Round where you print, not where you return.",
        returning(
            *(rounded(places) for places in range(5)),
            lambda v, n, m: per_example(v, n, m) // 1,
            lambda v, n, m: per_example(v // 1, n, m),
            lambda v, n, m: per_example(np.round(v), n, m),
            lambda v, n, m: per_example(np.round(v, 2), n, m),
        ),
    ),
    "several_numbers": Misconception(
        "returns several numbers in place of one",
        "One number is wanted: the mean of the losses of all examples.",
        fits=lambda parts: parts[0].size > 1,
    ),
    "no_return": Misconception(
        "trains, but returns nothing",
        "What has to come after the loop? A print shows a number, but gives nothing back.",
        returning(lambda v, n, m: np.zeros(0)),
    ),
    "nothing_added": Misconception(
        "adds nothing to its sum, which stays 0",
        "Which line makes total grow?",
        returning(lambda v, n, m: 0.0),
        hint="count grows by len(labels) in every batch. total grows by the losses of those "
        "pictures, and loss.item() is their mean.",
    ),
}

"""Wrong ideas about saliency."""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Misconception, Parts
from coursekit.checks.runner.torch_saliency import ADDED
from coursekit.checks.sets.set_16_looking_inside.maps import (
    Weigh,
    joined,
    largest,
    log_probability,
    probability,
    right_saliency,
    saliency_of,
)

GRADS, MODE, PIXELS, PICTURE, WEIGHTS, FROZEN = range(6)
CLOSED = 2  # what a picture is that no longer asks for gradients


def _nothing_but(*places: int) -> Callable[[Parts], bool]:
    """Return whether all is left as it was, but for what stands in these places."""
    others = [place for place in range(6) if place not in places]
    return lambda parts: not bool(parts[2][others].any())


def _gradients_added(parts: Parts) -> bool:
    left = parts[2]
    return bool(left[GRADS] == ADDED and not left[[PIXELS, WEIGHTS, FROZEN]].any())


def _gradients_cleared(parts: Parts) -> bool:
    return bool(parts[2][GRADS] != ADDED) and _nothing_but(GRADS)(parts)


def _score_of(slope: int, start: int) -> Weigh:
    """Count another class: the target times a slope, and a start."""
    return lambda scores, target: np.eye(len(scores))[(slope * target + start) % len(scores)]


_CLASS = "One score is asked for: that of the target. How do you take it out of the scores?"
_CHANNELS = "Red, green and blue each have a gradient. What is to become of the three numbers?"
_SHAPE = "One number for each pixel is wanted, (H, W). What shape has your result?"
_NO_MORE = "The map is the gradient's size, and nothing more is done to it."

WRONG_SALIENCY: dict[str, Misconception] = {
    "signed": Misconception(
        "keeps the signs of the gradient",
        "A pixel whose brightening lowers the score matters, too. What takes the sign off?",
        joined(
            lambda g: g.max(axis=0),
            lambda g: g.sum(axis=0),
            lambda g: g.mean(axis=0),
            lambda g: g.min(axis=0),
            lambda g: g[0],
            lambda g: g[-1],
        ),
        hint="abs() comes first, then the largest over the channels.",
    ),
    "negative_thrown_away": Misconception(
        "sets negative gradients to 0",
        "A pixel whose brightening lowers the score matters, too. What takes the sign off?",
        joined(lambda g: np.maximum(g, 0).max(axis=0), lambda g: np.maximum(g, 0).sum(axis=0)),
    ),
    "abs_after_max": Misconception(
        "takes the largest over the channels first, and the absolute value after it",
        "Channels with -5 and 1: which of the two is the stronger gradient, and which do you take?",
        joined(lambda g: np.abs(g.max(axis=0))),
        hint="The order counts: abs() first, then the largest over the channels.",
    ),
    "mean_over_channels": Misconception(
        "takes the mean over the channels, not the largest",
        _CHANNELS,
        joined(lambda g: np.abs(g).mean(axis=0), lambda g: np.abs(g.mean(axis=0))),
    ),
    "sum_over_channels": Misconception(
        "adds up the channels in place of taking the largest",
        _CHANNELS,
        joined(lambda g: np.abs(g).sum(axis=0), lambda g: np.abs(g.sum(axis=0))),
    ),
    "length_over_channels": Misconception(
        "takes the root of the sum of squares over the channels",
        _CHANNELS,
        joined(lambda g: np.sqrt((g**2).sum(axis=0))),
    ),
    "squared": Misconception(
        "squares the gradient",
        _NO_MORE,
        joined(
            lambda g: (g**2).max(axis=0),
            lambda g: (g**2).sum(axis=0),
            lambda g: (g**2).mean(axis=0),
        ),
    ),
    "smallest": Misconception(
        "takes the smallest over the channels, not the largest",
        _CHANNELS,
        joined(lambda g: np.abs(g).min(axis=0)),
    ),
    "one_channel": Misconception(
        "looks at one channel alone",
        _CHANNELS,
        joined(lambda g: np.abs(g[0]), lambda g: np.abs(g[-1])),
    ),
    "channels_kept": Misconception(
        "gives a map for each channel",
        _SHAPE,
        joined(np.abs, lambda g: g),
        hint="amax(dim=0) takes the largest over the first axis, the channels.",
    ),
    "batch_kept": Misconception(
        "still has the axis of the batch in its result",
        _SHAPE,
        joined(
            lambda g: largest(g)[None],
            lambda g: np.abs(g)[None],
            lambda g: g[None],
        ),
        fits=lambda parts: parts[0].ndim > 2 and len(parts[0]) == 1,
        hint="The gradient of a batch of one has four axes. [0] takes the one picture out.",
    ),
    "wrong_axis": Misconception(
        "takes the largest over rows or columns, not over channels",
        "The gradient of one picture is (C, H, W). Which axis is that of the channels?",
        joined(
            *(
                lambda g, axis=axis, batch=batch: np.abs(g[None] if batch else g).max(axis=axis)
                for axis, batch in ((1, False), (2, False), (2, True), (3, True))
            )
        ),
    ),
    "rows_for_columns": Misconception(
        "has rows and columns the wrong way round",
        "Row i, column j of the map belongs to row i, column j of the picture. Is something "
        "transposed?",
        joined(lambda g: largest(g).T),
    ),
    "one_number": Misconception(
        "gives one number for the whole picture",
        _SHAPE,
        joined(lambda g: np.abs(g).max(), lambda g: np.abs(g).mean(), lambda g: np.abs(g).sum()),
        hint="amax(dim=0) takes the largest over the channels alone; max() takes it over all.",
    ),
    "values_and_places": Misconception(
        "returns two things: the largest values, and where they are",
        "max(dim=0) gives both. Which of them is the map?",
        joined(lambda g: np.stack([np.abs(g).max(axis=0), np.abs(g).argmax(axis=0)])),
        hint="max(dim=0).values, or amax(dim=0), gives the values alone.",
    ),
    "places": Misconception(
        "returns the number of the channel that is largest, not the value in it",
        "max(dim=0) gives both values and places. Which of them is the map?",
        joined(lambda g: np.abs(g).argmax(axis=0)),
    ),
    "all_scores": Misconception(
        "takes the gradient of all scores together",
        _CLASS,
        (
            saliency_of(weigh=lambda s, t: np.ones(len(s))),
            saliency_of(weigh=lambda s, t: np.full(len(s), 1 / len(s))),
        ),
        hint="scores has the shape (1, classes): scores[0, target] is one number.",
    ),
    "highest_score": Misconception(
        "takes the gradient of the highest score, not of the target's",
        _CLASS,
        saliency_of(weigh=lambda s, t: np.eye(len(s))[s.argmax()]),
        hint="scores has the shape (1, classes): scores[0, target] is one number.",
    ),
    "wrong_target": Misconception(
        "takes the gradient of another class's score",
        "Classes are counted from 0, as Python counts. Is target used as it comes?",
        tuple(
            saliency_of(weigh=_score_of(slope, start))
            for slope, start in ((1, -1), (1, 1), (0, 0), (0, 1), (0, -1))
        ),
    ),
    "probability": Misconception(
        "takes the gradient of the probability after a softmax, not of the score",
        "A sure network's probabilities hardly move, whatever a pixel does. What moves?",
        saliency_of(weigh=probability),
        hint="Leave the softmax out: the model's own output, [0, target].",
    ),
    "loss": Misconception(
        "takes the gradient of a loss or of a logarithm, not of the score",
        "The loss mixes in all other classes. Of which number is the gradient asked for?",
        saliency_of(weigh=log_probability),
        hint="Leave the loss out: the model's own output, [0, target].",
    ),
    "times_picture": Misconception(
        "multiplies the gradient by the picture",
        _NO_MORE,
        (
            saliency_of(made=lambda m, x: m * x.max(axis=0)),
            saliency_of(made=lambda m, x: m * np.abs(x).max(axis=0)),
            saliency_of(join=lambda g: g, made=lambda g, x: np.abs(g * x).max(axis=0)),
        ),
    ),
    "scaled": Misconception(
        "scales the map",
        "Scale a map where you draw it. What do two maps say beside each other if both end at 1?",
        tuple(
            saliency_of(made=made)
            for made in (
                lambda m, x: m / m.max(),
                lambda m, x: m / (m.max() + 1e-8),
                lambda m, x: (m - m.min()) / (m.max() - m.min()),
                lambda m, x: (m - m.min()) / (m.max() - m.min() + 1e-8),
                lambda m, x: m / m.sum(),
                lambda m, x: m / np.sqrt((m**2).sum()),
            )
        ),
    ),
    "training_mode": Misconception(
        "puts the model into training mode",
        "Batch norm and dropout compute something else while training. What is asked for here?",
        saliency_of(batch_statistics=True),
        fits=lambda parts: bool(parts[2][MODE]) or not parts[2][WEIGHTS],
    ),
    "accumulates": Misconception(
        "adds to the gradients of the call before, so a second call gives twice the map",
        "backward adds to what .grad holds. Which tensor holds it after your function has ended?",
        saliency_of(times=2.0),
        hint="Ask for gradients of a copy of the picture: image.detach().clone().requires_grad_().",
    ),
    "picture_left_open": Misconception(
        "leaves the caller's picture with requires_grad switched on",
        "The picture belongs to whoever called. Of what could you ask the gradient in its place?",
        right_saliency,
        fits=lambda parts: bool(parts[2][PICTURE] < CLOSED) and _nothing_but(PICTURE)(parts),
        hint="Ask for gradients of a copy of the picture: image.detach().clone().requires_grad_().",
    ),
    "picture_closed": Misconception(
        "switches off requires_grad of the caller's picture",
        "The picture may have asked for gradients before. Of what could you ask the gradient in "
        "its place?",
        right_saliency,
        fits=lambda parts: parts[2][PICTURE] in (0, CLOSED) and _nothing_but(PICTURE)(parts),
        hint="Ask for gradients of a copy of the picture: image.detach().clone().requires_grad_().",
    ),
    "picture_changed": Misconception(
        "writes other numbers into the caller's picture",
        "The picture belongs to whoever called. Which line writes into it?",
        fits=lambda parts: bool(parts[2][PIXELS]),
    ),
    "gradients_left": Misconception(
        "leaves gradients in the weights' .grad, where a next training step would use them",
        "backward fills .grad of every weight. Which function gives the one gradient you want?",
        right_saliency,
        fits=_gradients_added,
        hint="torch.autograd.grad(score, x)[0] returns the gradient by x and touches nothing else.",
    ),
    "gradients_cleared": Misconception(
        "throws away gradients that the weights held before",
        "Whoever called may be in the middle of a training step. What does zero_grad do to it?",
        right_saliency,
        fits=_gradients_cleared,
        hint="torch.autograd.grad(score, x)[0] returns the gradient by x and touches nothing else.",
    ),
    "mode_left": Misconception(
        "leaves the model in another mode than it came in",
        "eval() and train() last until somebody calls the other one. Which mode did it come in?",
        right_saliency,
        fits=_nothing_but(MODE),
        hint="was = model.training before, model.train(was) after: or do not touch the mode.",
    ),
    "model_changed": Misconception(
        "changes the model's weights",
        "Looking is not training: which line moves the weights?",
        fits=lambda parts: bool(parts[2][WEIGHTS]) and not parts[2][MODE],
    ),
    "model_frozen": Misconception(
        "changes which of the model's weights can be trained",
        "requires_grad of the weights is somebody's choice. Does the map need it to be another?",
        right_saliency,
        fits=_nothing_but(FROZEN),
    ),
}

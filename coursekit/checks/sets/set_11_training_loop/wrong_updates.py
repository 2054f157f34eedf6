"""Wrong ideas about how one pass of training moves the weights."""

from coursekit.checks.engine.spec import Misconception
from coursekit.checks.runner.torch_probes import GENERATOR
from coursekit.checks.sets.set_11_training_loop.epoch_loops import (
    all_but_last,
    by_hand,
    calls,
    first_is_used_up,
    loop,
    losing,
    measured_at_the_end,
    one_step,
    scaled,
    then_measured,
)

_THREE_CALLS = "Three calls belong to every batch: clear, backward, step. In which order?"

WRONG_UPDATES: dict[str, Misconception] = {
    "loss_after_step": Misconception(
        "measures the loss after the weights have moved",
        "The loss that is wanted is the one that backward was called on.",
        (loop(then_measured), measured_at_the_end(True), measured_at_the_end(False)),
    ),
    "gradients_kept": Misconception(
        "never clears the gradients between batches, so they add up",
        "backward adds to what is there. What does the second batch's step use, then?",
        loop(calls("backward", "step")),
        hint="optimizer.zero_grad() sets the gradients back. It may stand anywhere in the loop but "
        "between backward and step.",
    ),
    "cleared_before_step": Misconception(
        "clears the gradients before the step can use them, so nothing moves",
        _THREE_CALLS,
        loop(calls("backward", "zero_grad", "step")),
        hint="Between backward and step the gradients must stay. Clear them before, or after both.",
    ),
    "no_step": Misconception(
        "computes gradients but never steps, so nothing moves",
        "Who changes the weights, once the gradients are there?",
        loop(calls("zero_grad", "backward")),
        hint="backward only computes gradients. optimizer.step() changes the weights by them.",
    ),
    "no_backward": Misconception(
        "never computes gradients, so nothing moves",
        "A step uses the gradients. Which call, on which tensor, computes them?",
        (loop(calls("zero_grad", "step")), loop(calls("zero_grad"))),
        hint="loss.backward() computes the gradients of this batch. Without it there are none, and "
        "a step changes nothing.",
    ),
    "one_batch_late": Misconception(
        "steps before backward, so each step uses the gradients of the batch before",
        _THREE_CALLS,
        (loop(calls("step", "zero_grad", "backward")), loop(calls("step", "backward"))),
    ),
    "stepped_twice": Misconception(
        "steps twice for every batch",
        _THREE_CALLS,
        loop(calls("zero_grad", "backward", "step", "step")),
    ),
    "one_step": Misconception(
        "moves the weights once, after the last batch, in place of once a batch",
        "Look at the indentation: which lines belong into the loop?",
        (
            one_step(lambda i, n, batches, count: float(i == batches - 1)),
            one_step(lambda i, n, batches, count: 1.0),
            one_step(lambda i, n, batches, count: 1 / batches),
            one_step(lambda i, n, batches, count: n / count),
            one_step(lambda i, n, batches, count: n),
            one_step(lambda i, n, batches, count: float(i == batches - 1), lambda v, n, m: v[-1]),
        ),
    ),
    "stops_after_first_batch": Misconception(
        "returns after the first batch",
        "Look at the indentation of return: when is it reached?",
        (
            loop(over=lambda m: m.batches[:1]),
            loop(result=lambda v, n, m: (v * n)[0], over=lambda m: m.batches[:1]),
            loop(result=lambda v, n, m: v[0] / len(m), over=lambda m: m.batches[:1]),
        ),
    ),
    "batch_left_out": Misconception(
        "leaves out a batch",
        "What takes the first batch out of a generator before the loop, or ends the loop early?",
        (
            loop(over=lambda m: m.batches[1:]),
            loop(over=lambda m: m.batches[:-1]),
            loop(over=all_but_last),
            loop(over=first_is_used_up),
        ),
    ),
    "two_passes": Misconception(
        "goes through the batches twice",
        "One epoch is one pass. Who calls the function again for the next one?",
        (
            loop(over=lambda m: m.batches * (1 if m.supply == GENERATOR else 2)),
            loop(over=lambda m: m.batches * 2),
        ),
    ),
    "not_in_training_mode": Misconception(
        "does not put the model into training mode",
        "Layers such as dropout compute something else while training. Which method says so?",
        (loop(training=None), loop(training=False)),
        hint="model.train() belongs before the loop. With its brackets: without them the method is "
        "only looked at.",
    ),
    "uphill": Misconception(
        "moves the weights uphill, along the gradients",
        "The loss should fall. Which sign has the step?",
        (scaled(lambda m, b: -1.0), by_hand(-1.0)),
    ),
    "own_update": Misconception(
        "moves the weights by hand, past the optimizer and its momentum",
        "The optimizer knows how to step. Which of its methods does it?",
        by_hand(1.0),
    ),
    "gradients_scaled": Misconception(
        "calls backward on a multiple of the loss, so the steps are too long or too short",
        "The multiple that counts examples is for the sum alone. What should backward see?",
        (
            scaled(lambda m, b: len(b[1])),
            scaled(lambda m, b: 1 / len(b[1])),
            scaled(lambda m, b: 2),
            scaled(lambda m, b: 1 / len(m.batches)),
            scaled(lambda m, b: 1 / len(m)),
            scaled(lambda m, b: len(b[1]), lambda v, n, m: (v * n * n).sum() / n.sum()),
            scaled(lambda m, b: 1 / len(b[1]), lambda v, n, m: v.sum() / n.sum()),
            scaled(lambda m, b: 1 / len(b[1]), lambda v, n, m: (v / n).sum() / n.sum()),
        ),
    ),
    "own_optimizer": Misconception(
        "makes an optimizer of its own and never steps with the one that it was given",
        "Where does the optimizer come from, and who has chosen its learning rate?",
        fits=lambda parts: parts[3].tolist() == [1, 0] and bool(parts[5]),
        hint="The lesson made its SGD before the loop, where you choose a learning rate. Here the "
        "optimizer comes in as an argument: delete the line that makes another.",
    ),
    "other_loss": Misconception(
        "uses a cross-entropy of its own in place of loss_fn",
        "Which argument says what the loss is?",
        losing(smoothing=0.0),
    ),
    "softmax_before_loss": Misconception(
        "applies softmax before the loss",
        "Cross-entropy in PyTorch takes scores: the softmax is inside it.",
        losing(softened=True),
    ),
}  # fmt: skip

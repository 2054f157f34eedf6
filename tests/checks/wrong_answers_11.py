"""Training loops and accuracies with one slip each, in PyTorch, with the name that is right for it.

A slip is an edit of the right source: (what stood there, what stands there now), perhaps several.
None stands where no name would be right.
"""

import textwrap
from typing import Any

import numpy as np
import torch

EPOCH = """
def train_one_epoch(model, batches, loss_fn, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in batches:
        optimizer.zero_grad()
        scores = model(images)
        loss = loss_fn(scores, labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
"""

ACCURACY = """
def accuracy(model, batches):
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for images, labels in batches:
            scores = model(images)
            right += (scores.argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return right / count
"""

ZERO, BACK, STEP = "optimizer.zero_grad()", "loss.backward()", "optimizer.step()"
ADD, COUNT, RETURN = "total += loss.item() * len(labels)", "count += len(labels)", "total / count"
LOSS, LOOP = "loss = loss_fn(scores, labels)", "for images, labels in batches:"
MEAN = (ADD, "total += loss.item()")
NUMBER = (COUNT, "count += 1")
OUT = "        optimizer.step()\n        total"  # the step, to be moved out of the loop
AFTER = "    return total / count"


def edited(source: str, name: str, *edits: tuple[str, str]) -> Any:
    """Return the function that stands in the source after some edits, all made at once."""
    assert all(source.count(old) == 1 for old, _ in edits), edits
    for place, old, new in sorted(((source.index(o), o, n) for o, n in edits), reverse=True):
        assert source[place:].startswith(old), edits
        source = source[:place] + new + source[place + len(old) :]
    space: dict[str, Any] = {"np": np, "torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    exec(textwrap.dedent(source), space)
    return space[name]


def swapped(first: str, second: str, third: str) -> list[tuple[str, str]]:
    """Return edits that put other lines in place of the three calls."""
    return [(ZERO, first), (BACK, second), (STEP, third)]


EPOCHS: list[tuple[list[tuple[str, str]], str | None]] = [
    # what is returned
    ([MEAN, NUMBER], "mean_of_batch_means"),
    ([MEAN, (RETURN, "total / len(batches)")], "mean_of_batch_means"),
    ([MEAN, (RETURN, "total / len(list(batches))")], "mean_of_batch_means"),
    ([MEAN, (RETURN, "total")], "batch_means_added"),
    ([(RETURN, "total")], "losses_added"),
    ([NUMBER], "divided_by_batches"),
    ([(RETURN, "total / len(batches)")], "divided_by_batches"),
    ([MEAN], "means_divided_by_examples"),
    ([(ADD, "total += loss.item() / len(labels)")], "wrong_number_counted"),
    ([(ADD, "total = max(total, loss.item())"), (RETURN, "total")], "one_loss_kept"),
    ([(ADD, "total += int(loss.item()) * len(labels)")], "rounded"),
    ([MEAN, (COUNT, "count += 1; size = len(labels)"), (RETURN, "total / (count * size)")], None),
    ([NUMBER, (RETURN, "total / (count * len(labels))")], "equal_batches"),
    ([(RETURN, "total / (len(batches) * len(labels))")], "equal_batches"),
    ([(COUNT, "count += first if count else (first := len(labels))")], "equal_batches"),
    ([(COUNT, "count += len(labels); last = loss.item()"), (RETURN, "last")], "last_loss"),
    ([(RETURN, "loss.item()")], "last_loss"),
    ([(RETURN, "loss.detach()")], "last_loss"),
    ([(RETURN, "loss.item() * len(labels)")], "last_loss"),
    ([(COUNT, "first = loss.item() if not count else first; count += 1"), (RETURN, "first")],
     "first_loss"),
    ([(ADD, "total = loss.item() * len(labels)")], "total_overwritten"),
    ([(ADD, "total = loss.item()"), NUMBER], "total_overwritten"),
    ([(COUNT, "count = len(labels)")], "total_overwritten"),
    ([(ADD, "total += (scores.argmax(1) == labels).sum().item()")], "share_returned"),
    ([(RETURN, "round(total / count, 2)")], "rounded"),
    ([(RETURN, "round(total / count, 4)")], "rounded"),
    ([(RETURN, "int(total / count)")], "rounded"),
    ([(RETURN, "total // count")], "rounded"),
    ([(RETURN, "total, count")], "several_numbers"),
    ([(RETURN, "[total / count, total]")], "several_numbers"),
    ([("total, count = 0.0, 0", "total, count, all_of_them = 0.0, 0, []"),
      (ADD, "all_of_them.append(loss.item())"), (RETURN, "all_of_them")], "several_numbers"),
    ([("return total / count", "total / count")], "no_return"),
    ([("return total / count", "print(total / count)")], "no_return"),
    ([(ADD, "pass")], "nothing_added"),
    ([(RETURN, "-total / count")], "sign_turned"),
    ([(RETURN, "total / (count + 1)")], "begins_at_one"),
    ([("total, count = 0.0, 0", "total, count = 1.0, 0")], "begins_at_one"),
    ([(ADD, "total += loss.item() * 32")], "fixed_batch_size"),
    ([(ADD, "total += loss.item() * images.numel()")], "fixed_batch_size"),
    ([(COUNT, "count += scores.numel()")], "wrong_number_counted"),
    ([(ADD, "total += loss.item() ** 2 * len(labels)")], "squared_or_rooted"),
    ([(LOSS, "loss = ((scores - scores.mean()) ** 2).mean()")], None),
    ([(LOOP, "for images, labels in list(batches) * 2:")], "two_passes"),
    ([(ADD, "total += loss_fn(model(images), labels).item() * len(labels)")], "loss_after_step"),
    ([(AFTER, "    model.eval()\n    total = sum(loss_fn(model(x), y).item() * len(y) "
              "for x, y in batches)\n    return total / count")], None),  # a generator is used up
    ([(LOOP, "batches = list(batches)\n    for images, labels in batches:"),
      (AFTER, "    total = sum(loss_fn(model(x), y).item() * len(y) for x, y in batches)\n"
              "    return total / count")], "loss_after_step"),
    # how the weights move
    ([(ZERO, "pass")], "gradients_kept"),
    ([(ZERO, "pass"), ("model.train()", "model.train(); optimizer.zero_grad()")], "gradients_kept"),
    (swapped("pass", BACK + "; " + ZERO, STEP), "cleared_before_step"),
    (swapped("pass", BACK + "; optimizer.zero_grad(set_to_none=False)", STEP),
     "cleared_before_step"),
    (swapped("pass", BACK + "; model.zero_grad()", STEP), "cleared_before_step"),
    (swapped(ZERO, STEP, BACK), "cleared_before_step"),
    ([(STEP, "pass")], "no_step"),
    ([(STEP, "optimizer.step")], "no_step"),
    ([(STEP, "pass"), (ZERO, "pass")], "no_step"),
    ([(BACK, "pass")], "no_backward"),
    ([(BACK, "loss.backward")], "no_backward"),
    ([(BACK, "pass"), (STEP, "pass")], "no_backward"),
    (swapped("pass", STEP + "; " + ZERO, BACK), "one_batch_late"),
    (swapped("pass", STEP, BACK), "one_batch_late"),
    ([(STEP, STEP + "; optimizer.step()")], "stepped_twice"),
    ([(OUT, "        total"), (AFTER, "    optimizer.step()\n" + AFTER)], "one_step"),
    ([(OUT, "        total"), (ZERO, "pass"), (AFTER, "    optimizer.step()\n" + AFTER)],
     "one_step"),
    ([(BACK, "pass"), (OUT, "        total"),
      (AFTER, "    loss.backward()\n    optimizer.step()\n" + AFTER)], "one_step"),
    ([(BACK, "pass"), (OUT, "        total"), (ZERO, "pass"),
      (ADD, "total = total + loss * len(labels)"),
      (AFTER, "    (total / count).backward()\n    optimizer.step()\n"
              "    return (total / count).item()")], "one_step"),
    ([("    return", "        return")], "stops_after_first_batch"),
    ([("    return total / count", "        return loss.item()")], "stops_after_first_batch"),
    ([(COUNT, "count += len(labels); break")], "stops_after_first_batch"),
    ([(LOOP, "for images, labels in list(batches)[1:]:")], "batch_left_out"),
    ([(LOOP, "for images, labels in list(batches)[:-1]:")], "batch_left_out"),
    ([(LOOP, "next(iter(batches))\n    for images, labels in batches:")], "batch_left_out"),
    ([(LOOP, "for images, labels in [*batches, *batches]:")], "two_passes"),
    ([("model.train()", "pass")], "not_in_training_mode"),
    ([("model.train()", "model.eval()")], "not_in_training_mode"),
    ([("model.train()", "model.train")], "not_in_training_mode"),
    ([(BACK, "(-loss).backward()")], "uphill"),
    ([(STEP, "rate = optimizer.param_groups[0]['lr']\n        with torch.no_grad():\n"
             "            for p in model.parameters():\n                p -= rate * p.grad")],
     "own_update"),
    ([(STEP, "rate = optimizer.param_groups[0]['lr']\n        with torch.no_grad():\n"
             "            for p in model.parameters():\n                p += rate * p.grad")],
     "uphill"),
    ([(BACK, "(loss * len(labels)).backward()")], "gradients_scaled"),
    ([(BACK, "(loss / len(labels)).backward()")], "gradients_scaled"),
    ([(BACK, "(loss / len(batches)).backward()")], "gradients_scaled"),
    ([(BACK, "(2 * loss).backward()")], "gradients_scaled"),
    ([(LOSS, "loss = loss_fn(scores, labels) / len(labels)")], "gradients_scaled"),
    ([("    model.train()", "    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
       "    model.train()")], "own_optimizer"),
    ([(STEP, "torch.optim.Adam(model.parameters()).step()")], "own_optimizer"),
    ([(LOSS, "loss = F.cross_entropy(scores, labels)")], "other_loss"),
    ([(LOSS, "loss = nn.CrossEntropyLoss()(scores, labels)")], "other_loss"),
    ([(LOSS, "loss = loss_fn(scores.softmax(1), labels)")], "softmax_before_loss"),
    ([(LOSS, "loss = loss_fn(F.softmax(scores, dim=-1), labels)")], "softmax_before_loss"),
    ([(BACK, BACK + "; nn.utils.clip_grad_norm_(model.parameters(), 0.1)")], None),
    # two slips at once
    ([(ZERO, "pass"), MEAN, NUMBER], "gradients_kept_and_mean_of_batch_means"),
    ([(ZERO, "pass"), MEAN, (RETURN, "total / len(batches)")],
     "gradients_kept_and_mean_of_batch_means"),
    ([("model.train()", "pass"), MEAN, NUMBER], "not_in_training_mode_and_mean_of_batch_means"),
    ([("model.train()", "model.eval()"), MEAN, NUMBER],
     "not_in_training_mode_and_mean_of_batch_means"),
    ([("model.train()", "pass"), (ZERO, "pass")], "gradients_kept_and_not_in_training_mode"),
    ([("model.train()", "pass"), (ZERO, "pass"), MEAN, NUMBER], None),
    ([(STEP, "pass"), MEAN, NUMBER], None),
    # what ends in an error
    ([(LOSS, "loss = loss_fn(labels, scores)")], None),
    ([("scores = model(images)", "scores = model(images).detach()")], None),
    ([(LOSS, "loss = loss_fn(scores, labels).item()")], None),
    ([(BACK, "total += loss; total.backward()"), (ADD, "pass")], None),
    ([(BACK, "scores.backward()")], None),
    ([(LOOP, "for i in range(len(batches)):\n        images, labels = batches[i]")], None),
    ([(RETURN, "total / len(batches.dataset)")], None),
    ([(LOOP, "for images in batches:")], None),
    ([(RETURN, "str(total / count)")], None),
]  # fmt: skip

HITS = "right += (scores.argmax(dim=1) == labels).sum().item()"
SHARE = "right / count"
NO_GRAD = ("with torch.no_grad():", "if True:")

ACCURACIES: list[tuple[list[tuple[str, str]], str | None]] = [
    ([("model.eval()", "pass")], "training_mode"),
    ([("model.eval()", "model.train()")], "training_mode"),
    ([("model.eval()", "pass"), NO_GRAD], "training_mode"),
    ([(HITS, "right += (scores.argmax(1) == labels).float().mean().item()"), (COUNT, "count += 1")],
     "mean_of_batch_shares"),
    ([(HITS, "right += (scores.argmax(1) == labels).float().mean().item()"),
      (SHARE, "right / len(batches)")], "mean_of_batch_shares"),
    ([(HITS, "right += (scores.argmax(1) == labels).float().mean().item()"), (SHARE, "right")],
     "batch_shares_added"),
    ([(HITS, "right += (scores.argmax(1) == labels).float().mean().item()")],
     "means_divided_by_examples"),
    ([("right, count = 0, 0", "right, count = 1, 0")], "one_too_many"),
    ([(COUNT, "count += scores.numel()")], "wrong_number_counted"),
    ([(COUNT, "count += images.numel()")], "wrong_number_counted"),
    ([(".sum().item()", ".any().item()")], "one_hit_a_batch"),
    ([(HITS, "right += (scores[0].argmax() == labels[0]).item()"), (COUNT, "count += 1")],
     "one_hit_a_batch"),
    ([(HITS, "right += len(labels)")], "nothing_compared"),
    ([("argmax(dim=1) ==", "argmax(dim=1) + 1 ==")], "class_one_off"),
    ([("scores.argmax(dim=1)", "(scores > 0).long().argmax(dim=1)")], "above_a_threshold"),
    ([(HITS, "right += (scores.softmax(1).max(1).values > 0.5).sum().item()")],
     "above_a_threshold"),
    ([(HITS, "right += scores.softmax(1)[range(len(labels)), labels].sum().item()")],
     "probabilities_added"),
    ([(HITS, "right += (scores.topk(2).indices == labels[:, None]).sum().item()")], "two_guesses"),
    ([(HITS, "right += (scores.sum(dim=1) > 0).sum().item()")], None),
    ([(SHARE, "100 * right / count")], "percent"),
    ([(SHARE, "right")], "not_divided"),
    ([(COUNT, "count += 1")], "divided_by_batches"),
    ([(SHARE, "right / len(batches)")], "divided_by_batches"),
    ([(SHARE, "right / (len(batches) * len(labels))")], "equal_batches"),
    ([("right += (", "right = (")], "last_batch_only"),
    ([("right += (", "right = ("), ("count += len", "count = len")], "last_batch_only"),
    ([(SHARE, "(scores.argmax(1) == labels).float().mean().item()")], "last_batch_only"),
    ([("count += len", "count = len")], "count_overwritten"),
    ([("    return", "            return")], "first_batch_only"),
    ([(COUNT, "count += len(labels); break")], "first_batch_only"),
    ([(LOOP, "for images, labels in list(batches)[:-1]:")], "batch_left_out"),
    ([(LOOP, "for images, labels in list(batches)[1:]:")], "batch_left_out"),
    ([("argmax(dim=1)", "argmax(dim=0)")], "wrong_axis"),
    ([("argmax(dim=1)", "max(0)[1]")], "wrong_axis"),
    ([("argmax(dim=1)", "argmax()")], "whole_batch"),
    ([("argmax(dim=1)", "argmin(dim=1)")], "smallest_score"),
    ([("scores = model(images)", "scores = -model(images)")], "smallest_score"),
    ([("argmax(dim=1)", "max(dim=1).values")], "scores_compared"),
    ([("argmax(dim=1)", "max(dim=1)[0]")], "scores_compared"),
    ([("==", "!=")], "share_wrong"),
    ([(SHARE, "1 - right / count")], "share_wrong"),
    ([("==", "!="), (SHARE, "right")], "number_wrong"),
    ([(SHARE, "right // count")], "whole_division"),
    ([(SHARE, "int(right / count)")], "whole_division"),
    ([(SHARE, "round(right / count, 2)")], "rounded"),
    ([(".sum().item()", ".all().item()"), (COUNT, "count += 1")], "whole_batches"),
    ([(".sum().item()", ".all().item()")], "whole_batches"),
    ([(SHARE, "right, count")], "several_numbers"),
    ([NO_GRAD], "no_grad_missing"),
    ([("scores = model(images)", "scores = model(images).detach()"), NO_GRAD], "no_grad_missing"),
    ([(LOOP, "for images, labels in batches:\n            model[-1].weight *= 2")],
     "model_changed"),
    ([NO_GRAD, ("model.eval()", "model.eval(); model.requires_grad_(False)")], "model_frozen"),
    ([NO_GRAD, ("model.eval()", "model.eval(); torch.set_grad_enabled(False)")], "model_frozen"),
    ([(SHARE, "right / (count + 1)")], "one_too_many"),
    ([(SHARE, "right / (count + 2)")], None),
    ([(SHARE, "right / (count + right)")], "wrong_number_counted"),
    ([(SHARE, "count")], "pictures_counted"),
    ([("==", ">=")], "larger_counted"),
    ([("argmax(dim=1)", "argmax(dim=1, keepdim=True)")], "every_pair_compared"),
    ([(HITS, "right += scores.argmax(1).sum().item()")], "classes_averaged"),
    ([("return right / count", "pass")], None),
    ([("return right / count", "print(right / count)")], None),
    ([(".sum().item()", ".mean().item()")], None),
    ([(".sum().item()", ".item()")], None),
    ([("argmax(dim=1)", "round()")], None),
    ([(SHARE, "right / len(batches.dataset)")], None),
    ([(SHARE, "f'{right / count:.0%}'")], None),
    ([("model.eval()", "eval(model)")], None),
]  # fmt: skip

WRONG: dict[str, list[tuple[Any, str | None]]] = {
    "train_one_epoch": [(edited(EPOCH, "train_one_epoch", *e), name) for e, name in EPOCHS],
    "accuracy": [(edited(ACCURACY, "accuracy", *e), name) for e, name in ACCURACIES],
}

"""Training loops and accuracies that are right, in many styles; each has to pass."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch import nn
from wrong_answers_11 import (
    ACCURACY,
    ADD,
    BACK,
    COUNT,
    EPOCH,
    HITS,
    LOOP,
    LOSS,
    RETURN,
    SHARE,
    STEP,
    ZERO,
    edited,
)  # fmt: skip


def epoch_of_lists(model, batches, loss_fn, optimizer):
    model.train()
    losses, sizes = [], []
    for batch in batches:
        images, labels = batch[0], batch[1]
        loss = loss_fn(model(images), labels)
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(images.shape[0])
    return np.average([float(loss) for loss in losses], weights=sizes)


def epoch_weighted_tensors(model, batches, loss_fn, optimizer):
    model.train(True)
    pairs = [_one_step(model, batch, loss_fn, optimizer) for batch in batches]
    losses, sizes = torch.tensor(pairs, dtype=torch.float64).T
    return (losses * sizes).sum() / sizes.sum()


def _one_step(model, batch, loss_fn, optimizer):
    images, labels = batch
    device = next(model.parameters()).device
    images, labels = images.to(device), labels.to(device)
    loss = loss_fn(model(images), labels)
    for parameter in model.parameters():
        parameter.grad = None
    loss.backward()
    optimizer.step()
    return loss.item(), labels.numel()


def epoch_with_closure(model, batches, loss_fn, optimizer):
    model.train()
    total = count = 0
    for images, labels in batches:

        def closure(images=images, labels=labels):
            optimizer.zero_grad()
            loss = loss_fn(model(images), labels)
            loss.backward()
            return loss

        total += float(optimizer.step(closure)) * len(images)
        count += len(images)
    return total / count


def epoch_with_autograd(model, batches, loss_fn, optimizer):
    model.train()
    parameters = list(model.parameters())
    total, count = torch.zeros(()), 0
    for images, labels in batches:
        loss = loss_fn(model(images), labels)
        for parameter, grad in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter.grad = grad
        optimizer.step()
        total += loss.detach() * len(images)
        count += len(images)
    return total / count


def epoch_running_mean(model, batches, loss_fn, optimizer):
    model.train()
    mean, count = 0.0, 0
    for images, labels in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(images), labels)
        loss.backward()
        optimizer.step()
        count += len(images)
        mean += (loss.item() - mean) * len(images) / count
    return mean


def epoch_loud(model, batches, loss_fn, optimizer):
    model.train()
    total = count = 0
    for number, (images, labels) in enumerate(batches):
        optimizer.zero_grad()
        scores = model(images)
        loss = loss_fn(scores, labels)
        loss.backward()
        optimizer.step()
        print(f"batch {number}: {loss.item():.4f} {(scores.argmax(1) == labels).float().mean()}")
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count


class Trainer:
    def __init__(self):
        self.history = []

    def __call__(self, model, batches, loss_fn, optimizer):
        self.history.append(epoch_of_lists(model, batches, loss_fn, optimizer))
        return self.history[-1]

    def epoch(self, model, batches, loss_fn, optimizer):
        return self(model, batches, loss_fn, optimizer)


EPOCH_EDITS: list[list[tuple[str, str]]] = [
    [],
    [(ZERO, "model.zero_grad()")],
    [(ZERO, "pass"), (STEP, STEP + "; " + ZERO)],
    [(ZERO, "pass"), (LOSS, LOSS + "; " + ZERO)],
    [(ZERO, "pass"), (COUNT, COUNT + "\n        optimizer.zero_grad(set_to_none=True)")],
    [(ADD, "total += float(loss) * labels.size(0)")],
    [(ADD, "total += loss * len(labels)")],
    [(ADD, "total += loss.detach() * images.size(0)")],
    [(ADD, "total += loss.detach().numpy() * len(labels)")],
    [(ADD, "total += loss.item() * labels.shape[0]"), (RETURN, "np_total / count"),
     ("    return", "    import numpy\n    np_total = numpy.float32(total)\n    return")],
    [(RETURN, "torch.tensor(total / count)")],
    [(RETURN, "torch.tensor([total / count])")],
    [(LOSS, "loss = loss_fn(F.log_softmax(scores, dim=1), labels)")],
    [(STEP, STEP + "\n        optimizer.zero_grad()")],
    [("    return", "    model.eval()\n    return")],
    [(LOOP, "for images, labels in list(batches):")],
    [(LOOP, "for images, labels in iter(batches):")],
    [(LOOP, "for _, (images, labels) in enumerate(batches, start=1):")],
    [("scores = model(images)", "with torch.enable_grad():\n            scores = model(images)")],
    [("scores = model(images)", "scores = model.forward(images)")],
    [(BACK, "torch.autograd.backward(loss)")],
    [(RETURN, "round(total / count, 6)")],
]  # fmt: skip


def accuracy_all_at_once(model, batches):
    model.eval()
    with torch.inference_mode():
        pairs = [(model(images).argmax(1), labels) for images, labels in batches]
    predictions, labels = (torch.cat(column) for column in zip(*pairs, strict=True))
    return (predictions == labels).double().mean()


@torch.no_grad()
def accuracy_decorated(model, batches):
    was_training = model.training
    model.train(False)
    hits = [hit for images, labels in batches for hit in model(images).argmax(-1).eq(labels)]
    model.train(was_training)
    return float(np.mean([bool(hit) for hit in hits]))


def accuracy_by_numpy(model, batches):
    model.eval()
    hits, count = 0, 0
    for images, labels in batches:
        with torch.no_grad():
            scores = model(images).numpy()
        hits += np.sum(np.argmax(scores, axis=1) == labels.numpy())
        count += labels.numel()
    return hits / count


def accuracy_exact(model, batches):
    model.eval()
    hits, count = 0, 0
    for images, labels in batches:
        for image, label in zip(images, labels, strict=True):
            with torch.no_grad():
                hits += int(model(image[None]).argmax() == label)
            count += 1
    return Fraction(hits, count)


def accuracy_by_error(model, batches):
    torch.set_grad_enabled(False)
    model.eval()
    wrong = count = 0
    for images, labels in batches:
        wrong += torch.count_nonzero(model(images).argmax(1) - labels)
        count += len(images)
    torch.set_grad_enabled(True)
    return 1 - wrong / count


def accuracy_weighted(model, batches):
    model.eval()
    with torch.no_grad():
        shares = [
            ((model(x).max(1).indices == y).float().mean().item(), len(y)) for x, y in batches
        ]
    return np.average([s for s, _ in shares], weights=[n for _, n in shares])


class Judge(nn.Module):
    def forward(self, model, batches):
        return accuracy_all_at_once(model, batches)


ACCURACY_EDITS: list[list[tuple[str, str]]] = [
    [],
    [("argmax(dim=1)", "max(1)[1]")],
    [("argmax(dim=1)", "topk(1).indices[:, 0]")],
    [("argmax(dim=1)", "softmax(dim=1).argmax(dim=1)")],
    [("argmax(dim=1)", "sort(descending=True).indices[:, 0]")],
    [("argmax(dim=1)", "detach().argmax(axis=-1)")],
    [(HITS, "right += int((scores.argmax(1) == labels).sum())")],
    [(HITS, "right += (scores.argmax(1) == labels).sum()")],
    [(HITS, "right += sum(int(p == t) for p, t in zip(scores.argmax(1), labels))")],
    [(HITS, "right += torch.eq(scores.argmax(1), labels).float().sum().item()")],
    [(SHARE, "torch.tensor(right / count)")],
    [("    return", "    model.train()\n    return")],
    [(COUNT, "count += labels.size(0)")],
    [("with torch.no_grad():", "with torch.set_grad_enabled(False):")],
]  # fmt: skip

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "train_one_epoch": [
        *(edited(EPOCH, "train_one_epoch", *edits) for edits in EPOCH_EDITS),
        epoch_of_lists,
        epoch_weighted_tensors,
        epoch_with_closure,
        epoch_with_autograd,
        epoch_running_mean,
        epoch_loud,
        Trainer(),
        Trainer().epoch,
    ],
    "accuracy": [
        *(edited(ACCURACY, "accuracy", *edits) for edits in ACCURACY_EDITS),
        accuracy_all_at_once,
        accuracy_decorated,
        accuracy_by_numpy,
        accuracy_exact,
        accuracy_by_error,
        accuracy_weighted,
    ],
}

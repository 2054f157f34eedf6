"""The lines of the loop that `show_loop` shows, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from torch import nn

from coursekit.training.schedules import WARM_START
from coursekit.training.settings import Settings

if TYPE_CHECKING:
    from coursekit.training.shown.source import Facts, SetFacts

# A name in the source -> the import that it needs.
_IMPORTS = {
    "deepcopy(": "from copy import deepcopy",
    "islice(": "from itertools import islice",
    "cross_entropy(": "from torch.nn.functional import cross_entropy",
    "clip_grad_norm_(": "from torch.nn.utils import clip_grad_norm_",
    "lr_scheduler.": "from torch.optim import lr_scheduler",
    "AveragedModel(": "from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn",
    "DataLoader(": "from torch.utils.data import DataLoader",
    "TensorDataset(": "from torch.utils.data import TensorDataset",
    "parameter_groups(": "from coursekit.training.optimizers import Settings, parameter_groups",
    "Augmentation(": "from coursekit.training.data.augment import Augmentation",
    "as_channels_last(": "from coursekit.training.machine.precision import as_channels_last",
    "split_validation(": "from coursekit.training.data.split import split_validation",
}
_NAMES = ("AlternatingFlip", "RandomCrop", "RandomHorizontalFlip", "epoch_order")


def imports(text: str) -> list[str]:
    """Return the import lines that a text needs: Python's, torch's, this package's."""
    lines = [line for name, line in _IMPORTS.items() if name in text]
    python = [line for line in lines if not line.startswith(("from torch", "from coursekit"))]
    torch = [line for line in lines if line.startswith("from torch")]
    own = [line for line in lines if line.startswith("from coursekit")]
    public = [name for name in _NAMES if f"{name}(" in text]
    if public:
        own.insert(0, f"from coursekit.training import {', '.join(public)}")
    return [*python, *([""] if python else []), "import torch", *torch, *own]


def _each(steps: Any) -> str:
    steps = steps if isinstance(steps, list | tuple) else [steps]
    return f"[{', '.join(getattr(step, '__name__', None) or repr(step) for step in steps)}]"


def arguments(pairs: Any) -> str:
    """Write keyword arguments as source."""
    return ", ".join(f"{name}={value!r}" for name, value in pairs)


def placing(settings: Settings, facts: Facts) -> Iterator[str]:
    """Bring the model to its device, and into its layout in memory."""
    if facts.tf32:
        yield 'torch.set_float32_matmul_precision("high")  # TF32'
    if facts.device != "cpu":
        yield f'model.to("{facts.device}")'
    if facts.channels_last:
        yield "model.to(memory_format=torch.channels_last)"
    if facts.one_channel:
        yield "for layer in model.modules():  # one channel lies the same either way: say which"
        yield "    if isinstance(layer, torch.nn.Conv2d):"
        yield "        layer.weight.data = as_channels_last(layer.weight.data)"


def data(settings: Settings, facts: Facts) -> Iterator[str]:
    """Prepare the training set once."""
    if facts.train.kind == "arrays":
        yield from stored("x_train", "y_train", "train", facts.train, facts.device)
    if settings.augment:
        yield f"augmentation = Augmentation({_each(settings.augment)}, seed={settings.seed})"


def stored(x: str, y: str, of: str, made: SetFacts, device: str) -> Iterator[str]:
    """Bring a pair of arrays to the device, as it is stored."""
    place = f'.to("{device}")' if device != "cpu" else ""
    images, labels = (f"{of}.tensors[0]", f"{of}.tensors[1]")
    if not made.tensors:
        images, labels = f"torch.as_tensor({of}[0])", f"torch.as_tensor({of}[1])"
    yield f"{x} = {images}{made.reshaped}{place}"
    yield f"{y} = {labels}{made.labels}{place}"


def prepared(images: str, made: SetFacts, facts: Facts, *, reshape: bool = False) -> str:
    """Write how images as stored become what the model takes."""
    text = images + (made.reshaped if reshape else "")
    text += ".float() / 255" if made.bytes else ".float()" if made.floats else ""
    if facts.one_channel:
        return f"as_channels_last({text})"
    if facts.channels_last:
        text = f"({text})" if made.bytes else text
        return f"{text}.to(memory_format=torch.channels_last)"
    return text


def building(settings: Settings, facts: Facts) -> Iterator[str]:
    """Make the optimizer, the schedule, the average, the compiled model."""
    if not isinstance(settings.optimizer, str):
        yield "# optimizer: the one that you gave"
    else:
        name = {"adamw": "AdamW", "adam": "Adam", "sgd": "SGD"}[settings.optimizer]
        given = arguments(facts.optimizer)
        if settings.weight_decay or settings.lr_scale:
            asked: dict[str, Any] = {"lr": settings.lr, "weight_decay": settings.weight_decay}
            if settings.lr_scale:
                asked["lr_scale"] = dict(settings.lr_scale)
            yield "# no weight decay on biases and norms" if settings.weight_decay else ""
            yield f"groups = parameter_groups(model, Settings({arguments(asked.items())}))"
            yield f"optimizer = torch.optim.{name}(groups, {given})"
        else:
            yield f"optimizer = torch.optim.{name}(model.parameters(), {given})"
    yield from _schedule(settings, facts)
    if settings.average is not None:
        yield f"moving = get_ema_multi_avg_fn({settings.average!r})"
        yield "average = AveragedModel(model, multi_avg_fn=moving, use_buffers=True)"
    if settings.compile is True:
        yield "compiled = torch.compile(model)"
    yield from _loss(settings)


def _schedule(settings: Settings, facts: Facts) -> Iterator[str]:
    total = settings.epochs * facts.steps_per_epoch
    warm = min(total, round(settings.warmup * facts.steps_per_epoch))
    several = bool(settings.lr_scale) or not isinstance(settings.optimizer, str)
    if settings.schedule == "onecycle":
        peak = '[group["lr"] for group in optimizer.param_groups]' if several else settings.lr
        cycle = arguments(facts.cycle)
        yield f"schedule = lr_scheduler.OneCycleLR(optimizer, max_lr={peak}, {cycle})"
        return
    left = total - warm
    main = {
        "constant": "",
        "cosine": f"lr_scheduler.CosineAnnealingLR(optimizer, T_max={max(1, left)})",
        "step": (f"lr_scheduler.MultiStepLR(optimizer, milestones=[{left // 2}, {left * 3 // 4}])"),
    }.get(settings.schedule, "lr_scheduler.LambdaLR(optimizer, factor)  # factor: your function")
    if not warm:
        if main:
            yield f"schedule = {main}"
        return
    rise = f"lr_scheduler.LinearLR(optimizer, start_factor={WARM_START}, total_iters={warm})"
    if not main:
        yield f"schedule = {rise}"
        return
    yield f"main = {main}"
    yield f"rise = {rise}"
    yield f"schedule = lr_scheduler.SequentialLR(optimizer, [rise, main], milestones=[{warm}])"


def _loss(settings: Settings) -> Iterator[str]:
    if settings.class_weights is not None:
        weights = [float(each) for each in settings.class_weights]
        yield f"weight = torch.tensor({weights})"
    if settings.loss is None:
        return
    known = type(settings.loss).__module__ == "torch.nn.modules.loss"
    if isinstance(settings.loss, nn.Module) and known:
        yield f"loss_fn = torch.nn.{settings.loss!r}"
    elif getattr(settings.loss, "__module__", "") == "torch.nn.functional":
        yield f"loss_fn = torch.nn.functional.{settings.loss.__name__}"
    else:
        yield "# loss_fn: the one that you gave"


def order(settings: Settings, facts: Facts) -> Iterator[str]:
    """Draw the order of an epoch, and its augmentation."""
    made = facts.train
    count = "len(x_train)" if made.kind == "arrays" else str(made.examples)
    if made.kind != "loader":
        yield f"order = epoch_order({count}, seed={settings.seed}, epoch=epoch)"
    if settings.augment:
        yield f'draws = augmentation.draw({count}, epoch, torch.device("{facts.device}"))'
    if made.kind == "dataset":
        yield f"batches = DataLoader(train, {settings.batch_size}, sampler=order.tolist(),"
        yield "                     generator=torch.Generator())"
    if made.kind == "arrays":
        return
    batches = "train" if made.kind == "loader" else "batches"
    if settings.augment:
        yield from _augmented(
            batches, f"torch.arange({count})" if batches == "train" else "order", facts
        )
    elif settings.accumulate > 1:
        yield f"batches = iter({batches})"


def _augmented(batches: str, order: str, facts: Facts) -> Iterator[str]:
    """Augment the batches that a loader gives, each image by its own row of the draws."""
    made = facts.train
    place = f'.to("{facts.device}")' if facts.device != "cpu" else ""
    yield "batches = ("
    yield f"    (augmentation(x{place}{made.reshaped}, [each[rows] for each in draws]), y)"
    yield f"    for rows, (x, y) in zip({order}.split({made.batch_size}), {batches})"
    yield ")"


def each_batch(settings: Settings, facts: Facts) -> str:
    """Open the loop over the batches of an epoch."""
    if facts.train.kind == "arrays":
        return f"for rows in order.split({settings.batch_size}):"
    whole = facts.train.kind == "loader" and not settings.augment
    return f"for images, labels in {'train' if whole else 'batches'}:"


def each_group(settings: Settings, facts: Facts) -> str:
    """Open the loop over the updates of an epoch, each of several batches."""
    size, count = settings.batch_size, settings.accumulate
    if facts.train.kind == "arrays":
        return f"for group in order.split({count} * {size}):  # {count} batches, one update"
    return f"while group := list(islice(batches, {count})):  # {count} batches, one update"


def each_part(settings: Settings, facts: Facts) -> Iterator[str]:
    """Open the loop over the batches of an update."""
    if facts.train.kind == "arrays":
        if settings.class_weights is not None:
            yield "size = weight[y_train[group]].sum()"
        yield f"for rows in group.split({settings.batch_size}):"
    else:
        size = "weight[y].sum()" if settings.class_weights is not None else "len(y)"
        yield f"size = sum({size} for _, y in group)"
        yield "for images, labels in group:"


def share(settings: Settings, facts: Facts) -> str:
    """Write the share of a batch in its update."""
    if settings.class_weights is not None:
        return "weight[labels].sum() / size"
    return "len(rows) / len(group)" if facts.train.kind == "arrays" else "len(labels) / size"


def batch(settings: Settings, facts: Facts) -> Iterator[str]:
    """Take one batch."""
    made = facts.train
    if made.kind != "arrays":
        done = replace(made, bytes=False, floats=False, reshaped="")
        yield from moved(done if settings.augment else made, facts)
        return
    images = prepared("x_train[rows]", made, facts)
    if settings.augment:
        yield "images = augmentation(x_train[rows], [each[rows] for each in draws])"
        images = prepared("images", replace(made, bytes=False, floats=False), facts)
    if (settings.augment and images != "images") or len(images) > 40:
        yield f"images = {images}"
        yield "labels = y_train[rows]"
    elif settings.augment:
        yield "labels = y_train[rows]"
    else:
        yield f"images, labels = {images}, y_train[rows]"


def moved(made: SetFacts, facts: Facts) -> Iterator[str]:
    """Bring a batch to the device and make it ready."""
    if facts.device != "cpu":
        yield f'images, labels = images.to("{facts.device}"), labels.to("{facts.device}")'
    images = prepared("images", made, facts, reshape=True)
    if images != "images":
        yield f"images = {images}"


def forward(settings: Settings, facts: Facts, *, training: bool = True) -> Iterator[str]:
    """Go through the model and the loss."""
    model = "compiled" if settings.compile is True and training else "model"
    scores = "logits"
    if settings.precision == "bfloat16":
        device = facts.device.partition(":")[0]
        yield f'with torch.autocast("{device}", dtype=torch.bfloat16):'
        yield f"    logits = {model}(images)"
        scores = "logits.float()"
    else:
        yield f"logits = {model}(images)"
    if settings.loss is not None:
        yield f"loss = loss_fn({scores}, labels)"
        return
    more = ", weight" if settings.class_weights is not None else ""
    if settings.label_smoothing:
        more += f", label_smoothing={settings.label_smoothing!r}"
    yield f"loss = cross_entropy({scores}, labels{more})"


def stepping(settings: Settings) -> Iterator[str]:
    """Make the update and what follows it."""
    if settings.clip is not None:
        yield f"clip_grad_norm_(model.parameters(), {settings.clip!r})"
    yield "optimizer.step()"
    if settings.schedule != "constant" or settings.warmup:
        yield "schedule.step()"
    if settings.average is not None:
        yield "average.update_parameters(model)"


def adding() -> Iterator[str]:
    """Add up the loss."""
    yield "total += loss.item() * len(labels)"
    yield "count += len(labels)"

"""Training that uses what the machine has: `fit`, what it leaves behind, and what explains it.

Importing this loads nothing heavy: each name below is fetched when it is first used.

>>> from coursekit.training import fit
>>> fit.__module__
'coursekit.training.fitting'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.training.data.augment import AlternatingFlip, RandomCrop, RandomHorizontalFlip
    from coursekit.training.data.order import epoch_order
    from coursekit.training.diagnosis.diagnose import diagnose
    from coursekit.training.diagnosis.finder import find_lr
    from coursekit.training.diagnosis.findings import TrainingError
    from coursekit.training.diagnosis.overfit import overfit_one_batch
    from coursekit.training.fitting import fit
    from coursekit.training.machine.devices import describe_device
    from coursekit.training.measuring.evaluate import evaluate
    from coursekit.training.measuring.evaluation import Evaluation
    from coursekit.training.measuring.inference import inference_time
    from coursekit.training.measuring.summary import summary
    from coursekit.training.measuring.whiten import whiten
    from coursekit.training.record.compare import compare
    from coursekit.training.record.history import History
    from coursekit.training.record.keras_history import keras_history
    from coursekit.training.record.spread import spread
    from coursekit.training.say import TrainingWarning
    from coursekit.training.shown.show import show_loop

__all__ = [
    "AlternatingFlip",
    "Evaluation",
    "History",
    "RandomCrop",
    "RandomHorizontalFlip",
    "TrainingError",
    "TrainingWarning",
    "compare",
    "describe_device",
    "diagnose",
    "epoch_order",
    "evaluate",
    "find_lr",
    "fit",
    "inference_time",
    "keras_history",
    "overfit_one_batch",
    "show_loop",
    "spread",
    "summary",
    "whiten",
]

_HOME = {
    "AlternatingFlip": "data.augment",
    "Evaluation": "measuring.evaluation",
    "History": "record.history",
    "RandomCrop": "data.augment",
    "RandomHorizontalFlip": "data.augment",
    "TrainingError": "diagnosis.findings",
    "TrainingWarning": "say",
    "compare": "record.compare",
    "describe_device": "machine.devices",
    "diagnose": "diagnosis.diagnose",
    "epoch_order": "data.order",
    "evaluate": "measuring.evaluate",
    "find_lr": "diagnosis.finder",
    "fit": "fitting",
    "inference_time": "measuring.inference",
    "keras_history": "record.keras_history",
    "overfit_one_batch": "diagnosis.overfit",
    "show_loop": "shown.show",
    "spread": "record.spread",
    "summary": "measuring.summary",
    "whiten": "measuring.whiten",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value  # the next time it is found at once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

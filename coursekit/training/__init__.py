"""Training that uses what the machine has: `fit`, what it leaves behind, and what explains it.

Importing this loads nothing heavy: each name below is fetched when it is first used.

>>> from coursekit.training import fit
>>> fit.__module__
'coursekit.training.fit'
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.training.augment import AlternatingFlip, RandomCrop, RandomHorizontalFlip
    from coursekit.training.batches import epoch_order
    from coursekit.training.compare import compare
    from coursekit.training.device import describe_device
    from coursekit.training.diagnose import TrainingError, diagnose
    from coursekit.training.evaluate import evaluate
    from coursekit.training.evaluation import Evaluation
    from coursekit.training.finder import find_lr
    from coursekit.training.fit import fit
    from coursekit.training.history import History
    from coursekit.training.inference import inference_time
    from coursekit.training.keras_history import keras_history
    from coursekit.training.overfit import overfit_one_batch
    from coursekit.training.say import TrainingWarning
    from coursekit.training.show import show_loop
    from coursekit.training.spread import spread
    from coursekit.training.summary import summary
    from coursekit.training.whiten import whiten

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

# Several functions bear the name of their module. Loading a module sets its name on the package,
# so the package's own class gives out the function whatever was loaded, and in whatever order.
_HOME = {
    "AlternatingFlip": "augment",
    "Evaluation": "evaluation",
    "History": "history",
    "RandomCrop": "augment",
    "RandomHorizontalFlip": "augment",
    "TrainingError": "diagnose",
    "TrainingWarning": "say",
    "compare": "compare",
    "describe_device": "device",
    "diagnose": "diagnose",
    "epoch_order": "batches",
    "evaluate": "evaluate",
    "find_lr": "finder",
    "fit": "fit",
    "inference_time": "inference",
    "keras_history": "keras_history",
    "overfit_one_batch": "overfit",
    "show_loop": "show",
    "spread": "spread",
    "summary": "summary",
    "whiten": "whiten",
}


class _Package(ModuleType):
    def __getattribute__(self, name: str) -> Any:
        if name in _HOME:
            return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        return super().__getattribute__(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package

"""Keras as the course means it, whatever a file `keras.json` or the shell have set.

Keras reads `keras.json` when it is imported: before that, its home folder is set to one where no
other file stands; after that, its settings are set to what the course assumes.
"""

import os
import sys
from pathlib import Path


def settle_keras(*, whole_process: bool = False) -> None:
    """Make Keras, imported already or not, put channels last and compute in float32, with torch.

    Parameters
    ----------
    whole_process
        Choose backend and home folder although the shell names others: for a process that is the
        course's own.
    """
    if "keras" not in sys.modules:
        caches = os.environ.get("XDG_CACHE_HOME", "")
        folder = Path(caches) if caches else Path(os.path.expanduser("~"), ".cache")  # noqa: PTH111
        ours = {"KERAS_BACKEND": "torch", "KERAS_HOME": str(folder / "coursekit" / "keras")}
        for name, value in ours.items():
            if whole_process or not os.environ.get(name):
                os.environ[name] = value
        return
    config = getattr(sys.modules["keras"], "config", None)
    if config is not None:  # None while Keras itself is being imported
        config.set_image_data_format("channels_last")
        config.set_floatx("float32")
        config.set_epsilon(1e-7)

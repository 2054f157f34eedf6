"""The data sets of the course, by name.

>>> from coursekit.datasets import load
>>> (x_train, y_train), (x_test, y_test) = load("shapes")
>>> x_train.shape, y_train.shape
((6000, 32, 32, 3), (6000,))
"""

from coursekit.datasets.cache import cache_folder
from coursekit.datasets.catalogue import Info, fetch, info, status
from coursekit.datasets.folder import FolderDataset, example_folder, from_folder
from coursekit.datasets.held_out import HeldOut
from coursekit.datasets.loading import Dataset, load
from coursekit.datasets.registry import DatasetError, names
from coursekit.datasets.results import results

__all__ = [
    "Dataset",
    "DatasetError",
    "FolderDataset",
    "HeldOut",
    "Info",
    "cache_folder",
    "example_folder",
    "fetch",
    "from_folder",
    "info",
    "load",
    "names",
    "results",
    "status",
]

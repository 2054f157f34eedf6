"""Widgets of the course: live in JupyterLab, live on a page without a kernel, never blank.

Each name is fetched when it is first used, so that importing the package stays quick.

>>> from coursekit.widgets import ConvolutionExplorer
>>> ConvolutionExplorer([[1, 2], [3, 4]], [[1, 0], [0, 1]]).output
array([[5.]])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.widgets.architecture_explorer.architecture_explorer import ArchitectureExplorer
    from coursekit.widgets.augmentation_explorer.augmentation_explorer import (
        AugmentationExplorer,
    )
    from coursekit.widgets.base import CourseWidget
    from coursekit.widgets.convolution_1d.convolution_1d import Convolution1dExplorer
    from coursekit.widgets.convolution_explorer.convolution_explorer import ConvolutionExplorer
    from coursekit.widgets.descent_explorer.descent_explorer import DescentExplorer
    from coursekit.widgets.draw_digit.draw_digit import DrawDigit
    from coursekit.widgets.kernel_playground.kernel_playground import KernelPlayground
    from coursekit.widgets.network_explorer.network_explorer import NetworkExplorer
    from coursekit.widgets.page import page_assets, standalone_page
    from coursekit.widgets.pooling_explorer.pooling_explorer import PoolingExplorer
    from coursekit.widgets.predict.predict import Predict
    from coursekit.widgets.quiz.quiz import Quiz
    from coursekit.widgets.saving import strip_widget_views
    from coursekit.widgets.size_calculator.size_calculator import SizeCalculator
    from coursekit.widgets.softmax_explorer.softmax_explorer import SoftmaxExplorer
    from coursekit.widgets.training_monitor.training_monitor import TrainingMonitor
    from coursekit.widgets.volume_explorer.volume_explorer import VolumeExplorer

__all__ = [
    "ArchitectureExplorer",
    "AugmentationExplorer",
    "Convolution1dExplorer",
    "ConvolutionExplorer",
    "CourseWidget",
    "DescentExplorer",
    "DrawDigit",
    "KernelPlayground",
    "NetworkExplorer",
    "PoolingExplorer",
    "Predict",
    "Quiz",
    "SizeCalculator",
    "SoftmaxExplorer",
    "TrainingMonitor",
    "VolumeExplorer",
    "page_assets",
    "standalone_page",
    "strip_widget_views",
]

_HOME = {
    "ArchitectureExplorer": "coursekit.widgets.architecture_explorer.architecture_explorer",
    "AugmentationExplorer": "coursekit.widgets.augmentation_explorer.augmentation_explorer",
    "Convolution1dExplorer": "coursekit.widgets.convolution_1d.convolution_1d",
    "ConvolutionExplorer": "coursekit.widgets.convolution_explorer.convolution_explorer",
    "CourseWidget": "coursekit.widgets.base",
    "DescentExplorer": "coursekit.widgets.descent_explorer.descent_explorer",
    "DrawDigit": "coursekit.widgets.draw_digit.draw_digit",
    "KernelPlayground": "coursekit.widgets.kernel_playground.kernel_playground",
    "NetworkExplorer": "coursekit.widgets.network_explorer.network_explorer",
    "PoolingExplorer": "coursekit.widgets.pooling_explorer.pooling_explorer",
    "Predict": "coursekit.widgets.predict.predict",
    "Quiz": "coursekit.widgets.quiz.quiz",
    "SoftmaxExplorer": "coursekit.widgets.softmax_explorer.softmax_explorer",
    "TrainingMonitor": "coursekit.widgets.training_monitor.training_monitor",
    "VolumeExplorer": "coursekit.widgets.volume_explorer.volume_explorer",
    "SizeCalculator": "coursekit.widgets.size_calculator.size_calculator",
    "page_assets": "coursekit.widgets.page",
    "standalone_page": "coursekit.widgets.page",
    "strip_widget_views": "coursekit.widgets.saving",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(
            f"module 'coursekit.widgets' has no attribute {name!r}; it has {__all__}"
        )
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

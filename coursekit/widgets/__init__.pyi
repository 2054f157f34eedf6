from .architecture_explorer.architecture_explorer import (
    ArchitectureExplorer as ArchitectureExplorer,
)
from .augmentation_explorer.augmentation_explorer import (
    AugmentationExplorer as AugmentationExplorer,
)
from .base import CourseWidget as CourseWidget
from .convolution_1d.convolution_1d import Convolution1dExplorer as Convolution1dExplorer
from .convolution_explorer.convolution_explorer import ConvolutionExplorer as ConvolutionExplorer
from .descent_explorer.descent_explorer import DescentExplorer as DescentExplorer
from .draw_digit.draw_digit import DrawDigit as DrawDigit
from .kernel_playground.kernel_playground import KernelPlayground as KernelPlayground
from .network_explorer.network_explorer import NetworkExplorer as NetworkExplorer
from .page import page_assets as page_assets
from .page import standalone_page as standalone_page
from .pooling_explorer.pooling_explorer import PoolingExplorer as PoolingExplorer
from .predict.predict import Predict as Predict
from .quiz.quiz import Quiz as Quiz
from .saving import strip_widget_views as strip_widget_views
from .size_calculator.size_calculator import SizeCalculator as SizeCalculator
from .softmax_explorer.softmax_explorer import SoftmaxExplorer as SoftmaxExplorer
from .training_monitor.training_monitor import TrainingMonitor as TrainingMonitor
from .volume_explorer.volume_explorer import VolumeExplorer as VolumeExplorer

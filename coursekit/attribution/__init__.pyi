from .activations import TopActivations as TopActivations
from .activations import layer_outputs as layer_outputs
from .activations import top_activations as top_activations
from .deconvnet import deconvnet as deconvnet
from .grad_cam import grad_cam as grad_cam
from .occlusion import occlusion as occlusion
from .saliency import saliency as saliency
from .shuffled import shuffle_weights as shuffle_weights

"""A convolutional network in NumPy alone: layers that compute forwards and gradients backwards.

Each layer remembers in `forward` what its `backward` needs. `backward` takes the gradient of the
loss by the layer's output, stores the gradients of its own weights in `gradients`, and returns the
gradient by its input: that is the output of the layer before.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.scratch._arguments import Array
from coursekit.scratch.activations import softmax


class Layer:
    """What all layers have: weights and their gradients, in the same order; most have none."""

    def __init__(self, *weights: Array) -> None:
        self.weights = list(weights)
        self.gradients = [np.zeros_like(weight) for weight in weights]

    def forward(self, x: Array) -> Array:
        """Return the output for a batch of inputs."""
        raise NotImplementedError

    def backward(self, grad_out: Array) -> Array:
        """Store the gradients of the weights; return the gradient by the input."""
        raise NotImplementedError


class Conv2d(Layer):
    """A convolution of many maps with many filters: (N, C, H, W) -> (N, K, H2, W2).

    The weights are drawn with the variance 2 / (numbers in a sum), the biases are 0.

    Parameters
    ----------
    in_channels, out_channels, kernel_size
        C, K and the side of the kernels.
    rng
        Draws the weights.
    padding
        Zeros on every side.

    Examples
    --------
    >>> layer = Conv2d(1, 8, 3, np.random.default_rng(0), padding=1)
    >>> layer.forward(np.zeros((5, 1, 28, 28))).shape
    (5, 8, 28, 28)
    >>> layer.backward(np.ones((5, 8, 28, 28))).shape, layer.gradients[0].shape
    ((5, 1, 28, 28), (8, 1, 3, 3))
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        rng: np.random.Generator,
        padding: int = 0,
    ) -> None:
        shape = out_channels, in_channels, kernel_size, kernel_size
        spread = np.sqrt(2 / (in_channels * kernel_size**2))
        super().__init__(rng.normal(0, spread, shape), np.zeros(out_channels))
        self.padding = padding

    def forward(self, x: Array) -> Array:
        """Multiply every patch with every filter, as one product of two matrices."""
        weight, bias = self.weights
        p, f = self.padding, weight.shape[-1]
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        patches = sliding_window_view(self.padded, (f, f), axis=(2, 3)).transpose(0, 2, 3, 1, 4, 5)
        n, rows, columns = patches.shape[:3]
        self.patches = patches.reshape(n * rows * columns, -1)  # a row for each place
        out = self.patches @ weight.reshape(len(weight), -1).T + bias
        return out.reshape(n, rows, columns, -1).transpose(0, 3, 1, 2)

    def backward(self, grad_out: Array) -> Array:
        """Give every weight, and every pixel that it met, its share."""
        weight = self.weights[0]
        n, filters, rows, columns = grad_out.shape
        shares = grad_out.transpose(0, 2, 3, 1).reshape(-1, filters)  # a row for each place
        self.gradients = [(shares.T @ self.patches).reshape(weight.shape), shares.sum(axis=0)]
        grad_x: Array = np.zeros(self.padded.shape)
        for a, b in np.ndindex(weight.shape[2:]):  # one weight at a time: it moves the map by a, b
            met = (shares @ weight[:, :, a, b]).reshape(n, rows, columns, -1)
            grad_x[:, :, a : a + rows, b : b + columns] += met.transpose(0, 3, 1, 2)
        p = self.padding
        return grad_x[:, :, p : grad_x.shape[2] - p, p : grad_x.shape[3] - p]


class ReLU(Layer):
    """max(0, x), cell by cell.

    Examples
    --------
    >>> layer = ReLU()
    >>> layer.forward(np.array([3, -1])), layer.backward(np.array([5, 5]))
    (array([3, 0]), array([5, 0]))
    """

    def forward(self, x: Array) -> Array:
        """Keep what is above 0."""
        self.above = x > 0
        return x * self.above

    def backward(self, grad_out: Array) -> Array:
        """Let the gradient through where the number came through."""
        return grad_out * self.above


class MaxPool2d(Layer):
    """The largest number of each 2 by 2 window, side by side: (N, C, H, W), both sides even.

    Examples
    --------
    >>> layer = MaxPool2d()
    >>> layer.forward(np.array([[[[1, 5], [2, 3]]]]))
    array([[[[5]]]])
    >>> layer.backward(np.array([[[[7]]]]))
    array([[[[0, 7],
             [0, 0]]]])
    """

    def forward(self, x: Array) -> Array:
        """Keep one number of four."""
        n, channels, height, width = x.shape
        windows = x.reshape(n, channels, height // 2, 2, width // 2, 2).transpose(0, 1, 2, 4, 3, 5)
        self.windows = windows.reshape(n, channels, height // 2, width // 2, 4)
        self.winner = self.windows.argmax(axis=-1)[..., None]  # of equal ones the first
        return np.take_along_axis(self.windows, self.winner, -1)[..., 0]

    def backward(self, grad_out: Array) -> Array:
        """Give the whole gradient to the number that was kept."""
        n, channels, rows, columns = grad_out.shape
        grad = np.zeros(self.windows.shape, dtype=grad_out.dtype)
        np.put_along_axis(grad, self.winner, grad_out[..., None], -1)
        grad = grad.reshape(n, channels, rows, columns, 2, 2).transpose(0, 1, 2, 4, 3, 5)
        return grad.reshape(n, channels, 2 * rows, 2 * columns)


class Flatten(Layer):
    """All maps of a picture in one row.

    Examples
    --------
    >>> Flatten().forward(np.zeros((5, 8, 4, 4))).shape
    (5, 128)
    """

    def forward(self, x: Array) -> Array:
        """Write the numbers of each picture into a row."""
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, grad_out: Array) -> Array:
        """Write the gradients back to where the numbers came from."""
        return grad_out.reshape(self.shape)


class Linear(Layer):
    """A dense layer: (N, features) -> (N, out_features).

    Examples
    --------
    >>> layer = Linear(128, 10, np.random.default_rng(0))
    >>> layer.forward(np.zeros((5, 128))).shape
    (5, 10)
    """

    def __init__(self, in_features: int, out_features: int, rng: np.random.Generator) -> None:
        spread = np.sqrt(2 / in_features)
        super().__init__(rng.normal(0, spread, (out_features, in_features)), np.zeros(out_features))

    def forward(self, x: Array) -> Array:
        """Give each output its sum of products and its bias."""
        self.x = x
        out: Array = x @ self.weights[0].T + self.weights[1]
        return out

    def backward(self, grad_out: Array) -> Array:
        """Error times input for the weights; for the input the weights times the error."""
        self.gradients = [grad_out.T @ self.x, grad_out.sum(axis=0)]
        grad_x: Array = grad_out @ self.weights[0]
        return grad_x


class Sequential(Layer):
    """Layers one after the other.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> network = Sequential(Conv2d(1, 4, 3, rng), ReLU(), Flatten(), Linear(144, 10, rng))
    >>> network.forward(np.zeros((5, 1, 8, 8))).shape
    (5, 10)
    """

    def __init__(self, *layers: Layer) -> None:
        self.layers = layers
        super().__init__(*(weight for layer in layers for weight in layer.weights))

    def forward(self, x: Array) -> Array:
        """Go through the layers from the first to the last."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_out: Array) -> Array:
        """Go through the layers from the last to the first."""
        for layer in reversed(self.layers):
            grad_out = layer.backward(grad_out)
        self.gradients = [gradient for layer in self.layers for gradient in layer.gradients]
        return grad_out


def softmax_loss(scores: Array, labels: Sequence[int] | Array) -> tuple[float, Array]:
    """Return the mean cross-entropy of scores (N, classes), and its gradient by them.

    Examples
    --------
    >>> loss, gradient = softmax_loss(np.zeros((1, 4)), [2])
    >>> round(loss, 3), gradient
    (1.386, array([[ 0.25,  0.25, -0.75,  0.25]]))
    """
    rows = np.arange(len(scores))
    gradient = softmax(scores)
    loss = -np.log(gradient[rows, labels]).mean()
    gradient[rows, labels] -= 1  # predicted less true
    return float(loss), gradient / len(scores)


def train_epoch(
    network: Layer, images: Array, labels: Array, rng: np.random.Generator, lr: float = 0.1,
    batch_size: int = 32,
) -> float:  # fmt: skip
    """Train for one pass in a random order with plain SGD; return the mean loss per picture.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> network = Sequential(Flatten(), Linear(4, 2, rng))
    >>> images, labels = np.eye(4).reshape(4, 1, 2, 2), np.array([0, 1, 0, 1])
    >>> losses = [train_epoch(network, images, labels, rng, batch_size=2) for _ in range(60)]
    >>> losses[-1] < losses[0] / 2
    True
    """
    order, total = rng.permutation(len(images)), 0.0
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        loss, gradient = softmax_loss(network.forward(images[rows]), labels[rows])
        network.backward(gradient)
        for weight, by_weight in zip(network.weights, network.gradients, strict=True):
            weight -= lr * by_weight
        total += loss * len(rows)
    return total / len(order)

"""The network that runs on the page against PyTorch: forwards, backwards, one number's products."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from coursekit.models import LeNet5, load_pretrained
from coursekit.widgets.base import script
from coursekit.widgets.networks import Network

RUN = """async ([source, packed, image, target]) => {
  const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const js = await import(file);
  const network = js.unpackNetwork(packed);
  const results = js.forward(network, image);
  const sums = network.layers.flatMap((layer, i) => {
    if (!['conv', 'linear'].includes(layer.kind)) return [];
    return [0, results[i + 1].length >> 1, results[i + 1].length - 1].map(at => {
      const { bias, sources } = js.sourcesOf(network, results, i + 1, at);
      const sum = sources.reduce((all, { values, weights }) =>
        all + values.reduce((part, value, k) => part + value * weights[k], 0), bias);
      return sum - results[i + 1][at]; }); });
  return { results: results.slice(1).map(each => [...each]), sums,
    saliency: [...js.saliencyOf(network, results, target)],
    softmax: js.softmaxOf(results.at(-1)) }; }"""


def random_network(rng):
    """Draw a chain of layers of every kind with odd settings, and the shape of its pictures."""
    channels, height, width = (int(n) for n in (rng.choice([1, 3]), *rng.integers(9, 15, 2)))
    groups = int(rng.choice([1, 2]))
    first = nn.Conv2d(
        *(channels, 4, tuple(map(int, rng.integers(1, 4, 2)))),
        stride=int(rng.integers(1, 3)),
        padding=int(rng.integers(0, 3)),
        dilation=int(rng.integers(1, 3)),
        bias=bool(rng.integers(2)),
    )
    pool = nn.MaxPool2d if rng.integers(2) else nn.AvgPool2d
    second = nn.Conv2d(4, 6, 3, padding="same", groups=groups)
    layers = [first, nn.BatchNorm2d(4), rng.choice([nn.ReLU, nn.Tanh])()]
    layers += [pool(2, stride=int(rng.integers(1, 3)), padding=1, ceil_mode=bool(rng.integers(2)))]
    layers += [second, nn.ReLU(), nn.Dropout2d()]
    if rng.integers(2):
        layers += [nn.AdaptiveAvgPool2d(1)]
    layers += [nn.Flatten(), nn.Dropout(), nn.LazyLinear(7), nn.BatchNorm1d(7), nn.Tanh()]
    model = nn.Sequential(*layers, nn.Linear(7, 5)).eval()
    model(torch.zeros(1, channels, height, width))
    for module in model:
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            for tensor in (module.weight, module.bias, module.running_mean):
                nn.init.normal_(tensor)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return model, (channels, height, width)


class Functional(nn.Module):
    """A network whose forward method calls functions, as students write them."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.fc = nn.Linear(3 * 3 * 3, 4)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        x = F.dropout(x, 0.5, training=self.training)
        return self.fc(x.view(x.size(0), -1))


def networks():
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    yield load_pretrained("digit_cnn"), (1, 28, 28)
    yield LeNet5(), (1, 28, 28)
    yield Functional(), (1, 8, 8)
    for _ in range(20):
        yield random_network(rng)


def test_page_and_torch_compute_the_same(page):
    page.goto("about:blank")
    source = script("network_explorer")
    kinds = set()
    for model, shape in networks():
        network = Network(model, shape)
        kinds |= {layer["kind"] for layer in network.layers}
        image = torch.rand(shape) * 2 - 0.5
        image.requires_grad_(True)
        model.eval()
        scores = model(image[None])[0]
        target = int(scores.argmin())
        scores[target].backward()
        values = image.detach().flatten().tolist()
        found = page.evaluate(RUN, [source, network.packed(), values, target])
        np.testing.assert_allclose(found["results"][-1], scores.detach(), atol=1e-4)
        by_layer = network.activations(image.detach())
        assert len(by_layer) == len(found["results"])
        for ours, theirs in zip(found["results"], by_layer, strict=True):
            np.testing.assert_allclose(ours, theirs.ravel(), atol=1e-4)
        np.testing.assert_allclose(found["softmax"], scores.detach().softmax(0), atol=1e-4)
        slopes = image.grad.abs().amax(0).flatten()
        np.testing.assert_allclose(found["saliency"], slopes, atol=1e-4 * (1 + float(slopes.max())))
        np.testing.assert_allclose(found["sums"], 0, atol=1e-9)
    assert len(kinds) == 8


@pytest.mark.parametrize("kind", ["corner", "large", "empty"])
def test_centring_gives_a_picture_as_mnist_has_them(kind, page):
    picture = np.zeros((28, 28))
    if kind == "corner":
        picture[2:9, 1:5] = 0.9
        picture[2:4, 1:9] = 0.6
    if kind == "large":
        picture[1:27, 10:14] = 1
        picture[1:5, 10:26] = 1
    page.goto("about:blank")
    centred = page.evaluate(
        """async ([source, values]) => {
          const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          return [...(await import(file)).centred(values, [1, 28, 28])]; }""",
        [script("network_explorer"), picture.ravel().tolist()],
    )
    centred = np.reshape(centred, (28, 28))
    if kind == "empty":
        assert not centred.any()
        return
    y, x = np.argwhere(centred > 0.3).T
    assert 19 <= max(np.ptp(y), np.ptp(x)) + 1 <= 21
    rows, columns = np.mgrid[:28, :28]
    for axis in (rows, columns):
        assert abs((axis * centred).sum() / centred.sum() - 13.5) < 0.4
    assert centred.max() == pytest.approx(picture.max(), abs=0.05)

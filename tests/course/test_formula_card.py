"""Every formula on the card, worked out as it is printed, against code that knows nothing of it."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from coursekit import scratch
from coursekit.course.formula_card import SOURCE, TARGET, card, read_formulas

FUNCTIONS = {
    **{name: getattr(math, name) for name in ("ceil", "prod")},
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "tanh")},
}


def whole(rng, low, high):
    return int(rng.integers(low, high))


def quantising(rng):
    v, levels = whole(rng, 0, 256), whole(rng, 2, 257)
    image = np.array([[v]], dtype=np.uint8)
    return {"v": v, "L": levels}, scratch.quantize(image, levels)[0, 0]


def picture_bytes(rng):
    h, w, c, b = whole(rng, 1, 90), whole(rng, 1, 90), whole(rng, 1, 4), whole(rng, 1, 17)
    truth = len(np.packbits(np.zeros(h * w * c * b, dtype=bool)))
    return {"H": h, "W": w, "C": c, "b": b}, truth


def one_dimension(rng):
    x, w = rng.normal(size=9), rng.normal(size=4)
    i = whole(rng, 0, 6)
    return {"x": x, "w": w, "f": 4, "i": i}, np.convolve(x, w, "valid")[i]


def two_dimensions(rng):
    x, k = rng.normal(size=(5, 7)), rng.normal(size=(2, 3))
    truth = F.conv2d(torch.tensor(x)[None, None], torch.tensor(k)[None, None])[0, 0]
    i, j = whole(rng, 0, 4), whole(rng, 0, 5)
    return {"X": x, "K": k, "m": 2, "n": 3, "i": i, "j": j}, truth[i, j].item()


def volume(rng):
    x, w, b = rng.normal(size=(3, 6, 6)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
    truth = F.conv2d(torch.tensor(x)[None], torch.tensor(w), torch.tensor(b))[0]
    k, i, j = whole(rng, 0, 4), whole(rng, 0, 4), whole(rng, 0, 4)
    return {"X": x, "W": w, "b": b, "F": 3, "k": k, "i": i, "j": j}, truth[k, i, j].item()


def side(rng):
    f, p, s = whole(rng, 1, 6), whole(rng, 0, 3), whole(rng, 1, 4)
    n = whole(rng, f, 20)
    map_ = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, f), stride=s, padding=p)
    return {"n": n, "f": f, "p": p, "s": s}, map_.shape[-1]


def same_padding(rng):
    f = 2 * whole(rng, 0, 4) + 1
    truth = next(p for p in range(9) if scratch.output_size(11, f, 1, p) == 11)
    return {"f": f}, truth


def receptive_field(rng):
    f, s = [whole(rng, 1, 5) for _ in range(3)], [whole(rng, 1, 4) for _ in range(3)]
    x = torch.zeros(1, 1, 400, requires_grad=True)
    y = x
    for kernel, stride in zip(f, s, strict=True):
        y = F.conv1d(y, torch.ones(1, 1, kernel), stride=stride)
    y[0, 0, 0].backward()
    return {"f": f, "s": s}, int(x.grad[0, 0].nonzero().max()) + 1


def numbers_in(layer):
    return sum(parameter.numel() for parameter in layer.parameters())


def convolution_parameters(rng):
    k, c, f = whole(rng, 1, 9), whole(rng, 1, 9), whole(rng, 1, 6)
    return {"K": k, "C": c, "F": f}, numbers_in(torch.nn.Conv2d(c, k, f))


def dense_parameters(rng):
    n, m = whole(rng, 1, 90), whole(rng, 1, 90)
    return {"n": n, "m": m}, numbers_in(torch.nn.Linear(n, m))


def multiply_adds(rng):
    k, c, f = whole(rng, 1, 5), whole(rng, 1, 5), whole(rng, 1, 4)
    maps = F.conv2d(torch.ones(1, c, 9, 8), torch.ones(k, c, f, f))  # each product adds a one
    size = dict(zip("HW", maps.shape[2:], strict=True))
    return {"K": k, "C": c, "F": f, **size}, maps.sum().item()


def relu(rng):
    x = float(rng.normal())
    return {"x": x}, F.relu(torch.tensor(x, dtype=torch.float64)).item()


def softmax(rng):
    z = rng.normal(size=5)
    return {"z": z, "i": 3}, torch.softmax(torch.tensor(z), 0)[3].item()


def probabilities(rng):
    return rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(4))


def cross_entropy(rng):
    p, q = probabilities(rng)
    return {"p": p, "q": q}, F.cross_entropy(torch.tensor(q).log(), torch.tensor(p)).item()


def score_gradient(rng):
    p, z = probabilities(rng)[0], rng.normal(size=4)
    scores = torch.tensor(z, requires_grad=True)
    F.cross_entropy(scores, torch.tensor(p)).backward()
    return {"p": p, "q": torch.softmax(torch.tensor(z), 0).numpy()}, scores.grad.numpy()


def step(rng, momentum=0.0):
    w, v, g = rng.normal(size=3), rng.normal(size=3), rng.normal(size=3)
    weights = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=0.1, momentum=momentum)
    if momentum:
        weights.grad = torch.tensor(v)
        optimizer.step()  # the step before, from which the optimizer has v
        weights.data = torch.tensor(w)
    weights.grad = torch.tensor(g)
    optimizer.step()
    values = {"w": w, "r": 0.1, "g": g}
    return values | ({"m": momentum, "v": v} if momentum else {}), weights.detach().numpy()


def dropout(rng):
    x, p = rng.uniform(1, 2, size=50), 0.25
    torch.manual_seed(whole(rng, 0, 999))
    truth = F.dropout(torch.tensor(x), p).numpy()
    return {"x": x, "p": p, "k": (truth != 0).astype(int)}, truth


def he(rng):
    n = whole(rng, 1, 500)
    return {"n": n}, torch.nn.init.calculate_gain("relu") / math.sqrt(n)


def batch_norm(rng):
    x, c, b = rng.normal(size=(8, 1)), rng.normal(), rng.normal()
    scale, shift = (torch.tensor([number], dtype=torch.float64) for number in (c, b))
    truth = F.batch_norm(torch.tensor(x), None, None, scale, shift, training=True)
    return {"x": x, "u": x.mean(), "V": x.var(), "c": c, "b": b}, truth.numpy()


def kernel_gradient(rng):
    x, g = rng.normal(size=(5, 6)), rng.normal(size=(4, 4))
    kernel = torch.zeros(1, 1, 2, 3, dtype=torch.float64, requires_grad=True)
    maps = F.conv2d(torch.tensor(x)[None, None], kernel)[0, 0]
    (maps * torch.tensor(g)).sum().backward()
    a, b = whole(rng, 0, 2), whole(rng, 0, 3)
    values = {"X": x, "G": g, "H": 4, "W": 4, "a": a, "b": b}
    return values, kernel.grad[0, 0, a, b].item()


def recurrent(rng):
    x, h, b = rng.normal(size=3), rng.normal(size=2), rng.normal(size=2)
    w, u = rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    cell = torch.nn.RNNCell(3, 2, dtype=torch.float64)
    given = {"weight_ih": w.T, "weight_hh": u.T, "bias_ih": b, "bias_hh": np.zeros(2)}
    cell.load_state_dict({name: torch.tensor(value) for name, value in given.items()})
    truth = cell(torch.tensor(x)[None], torch.tensor(h)[None])[0].detach().numpy()
    return {"x": x, "h": h, "b": b, "W": w, "U": u}, truth


TRUTHS = {
    "Quantising": quantising,
    "Bytes": picture_bytes,
    "In one dimension": one_dimension,
    "In two dimensions": two_dimensions,
    "Of a volume": volume,
    "Side": side,
    "Padding": same_padding,
    "Receptive field": receptive_field,
    "Parameters of a convolution": convolution_parameters,
    "Parameters of a dense": dense_parameters,
    "Multiply-adds": multiply_adds,
    "ReLU": relu,
    "Softmax": softmax,
    "Cross-entropy": cross_entropy,
    "Its gradient": score_gradient,
    "Gradient descent": step,
    "The same with momentum": lambda rng: step(rng, 0.9),
    "Inverted dropout": dropout,
    "He": he,
    "Batch norm": batch_norm,
    "Gradient by the kernel": kernel_gradient,
    "A step of a recurrent": recurrent,
}


@pytest.fixture(scope="module")
def formulas(project):
    return read_formulas(project / SOURCE)


def test_every_formula_on_the_card_has_a_truth(formulas):
    assert len(formulas) == len(TRUTHS)
    for formula, name in zip(formulas, TRUTHS, strict=True):
        assert formula.name.startswith(name)


@pytest.mark.parametrize("name", TRUTHS)
def test_a_formula_gives_what_code_gives(formulas, name):
    [formula] = [formula for formula in formulas if formula.name.startswith(name)]
    for seed in range(8):
        values, truth = TRUTHS[name](np.random.default_rng(seed))
        found = eval(formula.python, {**FUNCTIONS, **values})
        assert np.allclose(found, truth, rtol=1e-9, atol=1e-12), (formula.python, values)
        # Both ways of writing use the same letters.
        for letter in values:
            assert letter in formula.latex


def test_the_card_is_the_one_of_its_source(project, formulas):
    assert (project / TARGET).read_text(encoding="utf-8") == card(formulas), (
        "run python -m coursekit.course.formula_card"
    )

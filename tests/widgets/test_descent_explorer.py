"""The descent explorer in Python: its updates against torch.optim, what it refuses and stores."""

import base64
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
import traitlets

from coursekit.widgets import DescentExplorer, standalone_page
from coursekit.widgets.descent_explorer.arithmetic import normal_pair
from coursekit.widgets.mime import VIEW_MIME

OPTIMIZERS = {
    "sgd": ({}, lambda w, lr: torch.optim.SGD(w, lr=lr)),
    "momentum": ({"momentum": 0.9}, lambda w, lr: torch.optim.SGD(w, lr=lr, momentum=0.9)),
    "half": ({"momentum": 0.5}, lambda w, lr: torch.optim.SGD(w, lr=lr, momentum=0.5)),
    "adam": ({"optimizer": "adam"}, lambda w, lr: torch.optim.Adam(w, lr=lr)),
}


def by_torch(make, rates, curvature, start, noise=0.0, seed=0):
    """The path that PyTorch takes, its gradients by autograd, noise added to them."""
    weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([weights], rates[0])
    path = [weights.tolist()]
    for update, rate in enumerate(rates, 1):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        (torch.tensor(curvature, dtype=torch.float64) * weights**2).sum().div(2).backward()
        weights.grad += noise * torch.tensor(normal_pair(seed, update), dtype=torch.float64)
        optimizer.step()
        path.append(weights.tolist())
    return np.array(path)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("noise", [0.0, 0.7])
@pytest.mark.parametrize("rate", [0.002, 0.05, 0.19, 0.21])
def test_every_update_is_that_of_torch(name, noise, rate):
    arguments, make = OPTIMIZERS[name]
    explorer = DescentExplorer(rate, (1.5, 9), (2.1, -1.2), noise=noise, seed=3, **arguments)
    explorer.step(15)
    want = by_torch(make, [rate] * 15, (1.5, 9.0), (2.1, -1.2), noise, 3)
    np.testing.assert_allclose(explorer.path, want, rtol=1e-9, atol=1e-12)
    losses = (np.array([1.5, 9]) * want**2).sum(axis=1) / 2
    np.testing.assert_allclose(explorer.losses, losses, rtol=1e-8)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_changed_on_the_way_works_from_the_next_update_on(name):
    arguments, make = OPTIMIZERS[name]
    explorer = DescentExplorer(0.1, **arguments)
    explorer.step(4)
    explorer.learning_rate = 0.02
    explorer.step(3)
    explorer.step(3)
    assert explorer.updates == ((4, 0.1), (6, 0.02))
    want = by_torch(make, [0.1] * 4 + [0.02] * 6, (1.0, 10.0), (-1.6, 0.9))
    np.testing.assert_allclose(explorer.path, want, rtol=1e-9, atol=1e-12)


def test_the_noise_is_normal_and_of_two_weights_and_two_seeds_apart():
    zero, one = (np.array([normal_pair(s, u) for u in range(1, 4001)]) for s in (0, 1))
    for draws in (zero, one):
        assert abs(draws.mean()) < 0.04 and abs(draws.std() - 1) < 0.03
        assert 0.66 < (np.abs(draws) < 1).mean() < 0.705
        assert abs(np.corrcoef(draws[:-1, 0], draws[1:, 0])[0, 1]) < 0.05
    assert abs(np.corrcoef(zero.T)[0, 1]) < 0.05
    assert abs(np.corrcoef(zero[:, 0], one[:, 0])[0, 1]) < 0.05


def test_what_the_student_shall_discover():
    def after(updates, *arguments, **more):
        explorer = DescentExplorer(*arguments, **more)
        explorer.step(updates)
        return explorer.losses

    assert after(40, 0.001)[-1] > 2.5  # timid
    assert after(40, 0.18)[-1] < 1e-5  # to and fro, and there
    assert (np.diff(np.sign(path_of(0.18, 20)[:, 1])) != 0).all()
    assert after(40, 0.2)[-1] > 4  # for ever to and fro
    assert len(after(400, 0.21)) < 200  # explodes
    assert after(40, 0.01, momentum=0.9)[-1] < after(40, 0.01)[-1] / 5
    noisy = after(400, 0.18, noise=1)[200:].mean()
    assert after(400, 0.01, noise=1)[200:].mean() < noisy / 5


def path_of(rate, updates):
    explorer = DescentExplorer(rate)
    explorer.step(updates)
    return explorer.path


def test_nothing_grows_without_end():
    for arguments in ({"learning_rate": 10}, {"learning_rate": 10, "curvature": (100, 100)}):
        explorer = DescentExplorer(**arguments, momentum=0.99, noise=10)
        explorer.step(10_000)
        assert np.isfinite(explorer.path).all() and np.isfinite(explorer.losses).all()
        assert (explorer.losses[:-1] <= 1e4).all() and explorer.losses[-1] > 1e4
        before = explorer.updates
        explorer.step(5)
        assert explorer.updates == before
        assert "it is off the chart" in repr(explorer)
    calm = DescentExplorer(0.001)
    calm.step(10_000)
    assert len(calm.path) == 401 and calm.updates == ((400, 0.001),)


def test_everything_but_the_learning_rate_starts_a_new_run():
    changes = [
        {"start": (1, 1)},
        {"curvature": (2, 3)},
        {"momentum": 0.9},
        {"noise": 1},
        {"seed": 4},
        {"optimizer": "adam"},
    ]
    for change in changes:
        explorer = DescentExplorer()
        explorer.step(3)
        seen = []
        explorer.observe(lambda event, seen=seen: seen.append(event["name"]), traitlets.All)
        ((name, value),) = change.items()
        setattr(explorer, name, value)
        # The page must hear of the end of the old run before it hears of the new value.
        assert seen == ["updates", name] and len(explorer.path) == 1
    explorer.step(3)
    explorer.optimizer = "adam"
    explorer.learning_rate = 0.3
    assert len(explorer.path) == 4
    explorer.reset()
    assert len(explorer.path) == 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"learning_rate": 0}, "learning_rate is 0; give a number from 0.0001 to 10"),
        ({"learning_rate": -0.1}, "learning_rate is -0.1; give a number"),
        ({"learning_rate": "fast"}, "learning_rate is 'fast'; give a number"),
        ({"learning_rate": float("nan")}, "learning_rate is nan; give a number"),
        ({"learning_rate": True}, "learning_rate is True; give a number"),
        ({"curvature": 3}, "curvature is 3; give two numbers, weight 1 from 0.1 to 100"),
        ({"curvature": (1, -1)}, "curvature[1] is -1; give two numbers"),
        ({"start": (1, 2, 3)}, "start is (1, 2, 3); give two numbers"),
        ({"start": (0, 3)}, "start[1] is 3; give two numbers, weight 1 from -2.2 to 2.2 and"),
        ({"momentum": 1}, "momentum is 1; give a number from 0 to 0.99"),
        ({"noise": -1}, "noise is -1; give a number from 0 to 10"),
        ({"optimizer": "momentum"}, "give one of ('sgd', 'adam'): SGD with momentum=0.9"),
        ({"optimizer": "adam", "momentum": 0.9}, 'momentum is 0.9 with optimizer="adam"'),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_mend(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        DescentExplorer(**arguments)


def test_other_things_that_are_refused():
    with pytest.raises(ValueError, match="seed is -1; give a whole number from 0 to 9999"):
        DescentExplorer(seed=-1)
    with pytest.raises(ValueError, match="optimizer is None; give one of"):
        DescentExplorer(optimizer=None)
    with pytest.raises(ValueError, match="updates is 0; give how many updates"):
        DescentExplorer().step(0)
    for updates in ([(500, 0.1)], [(0, 0.1)], [(3, -1)], "many", [3]):
        with pytest.raises(ValueError, match="give pairs of count and learning rate"):
            DescentExplorer().updates = updates


def test_numbers_of_other_kinds_are_taken():
    explorer = DescentExplorer(np.float32(0.5), np.array([1, 2]), torch.tensor([1.0, -1.0]))
    assert explorer.learning_rate == 0.5 and explorer.curvature == (1.0, 2.0)
    assert explorer.start == (1.0, -1.0)


def test_headless_it_is_a_picture_and_a_sentence_and_opens_no_line(monkeypatch):
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    explorer = DescentExplorer()
    data, _ = explorer._repr_mimebundle_()
    assert sorted(data) == ["text/html", "text/plain"] and explorer.comm is None
    assert repr(explorer) == data["text/plain"]
    assert data["text/plain"] == (
        "Descent explorer: two weights whose loss is half of (1 · weight 1 squared + "
        "10 · weight 2 squared). SGD, learning rate 0.1. The ball starts at weight 1 = −1.6, "
        "weight 2 = 0.9, where the loss is 5.33. No update yet. Run this cell to use it: click "
        "the cell, then press Shift and Enter."
    )
    monkeypatch.delenv("COURSEKIT_HEADLESS")
    assert VIEW_MIME in DescentExplorer()._repr_mimebundle_()[0]


def picture_of(explorer):
    image = re.search(r'<img alt="([^"]*)".*base64,([^"]*)"', explorer.fallback())
    return image[1], ElementTree.fromstring(base64.b64decode(image[2]))


def test_the_fallback_holds_the_state_and_a_picture_of_the_valley():
    explorer = DescentExplorer(0.05, (4, 1), (1, -1), momentum=0.5)
    explorer.step(2)
    state = json.loads(
        re.search(r'data-state="([^"]*)"', explorer.page_html())[1].replace("&quot;", '"')
    )
    assert state["start"] == [1, -1] and state["updates"] == [[2, 0.05]]
    assert state["momentum"] == 0.5 and state["optimizer"] == "sgd"
    alt, svg = picture_of(explorer)
    # By hand: 1 - 0.05·4 = 0.8, then 0.8 - 0.05·(0.5·4 + 3.2) = 0.54; -0.95, -0.8775.
    assert explorer.path[-1] == pytest.approx([0.54, -0.8775])
    assert "SGD with momentum 0.5" in alt and "After 2 updates the loss is 0.968" in alt
    circle = svg.find(".//{*}circle")
    zero = svg.find(".//{*}ellipse")
    assert float(circle.get("cx")) - float(zero.get("cx")) == pytest.approx(54)
    assert float(circle.get("cy")) - float(zero.get("cy")) == pytest.approx(87.75, abs=0.06)
    # On every ellipse the loss is one of the levels that are written beside them.
    for ellipse in svg.findall(".//{*}ellipse"):
        across, up = (float(ellipse.get(name)) / 100 for name in ("rx", "ry"))
        assert 4 * across**2 == pytest.approx(up**2, rel=0.05)
    _, exploded = picture_of(make_exploded())
    assert max(len(line.get("points")) for line in exploded.findall(".//{*}polyline")) < 2000


def make_exploded():
    explorer = DescentExplorer(10)
    explorer.step(9)
    return explorer


def test_two_processes_store_the_same_bytes_and_nothing_heavy_is_loaded():
    program = (
        "import sys; from coursekit.widgets import DescentExplorer as D;"
        "e = D(0.05, noise=1, optimizer='adam'); e.step(30); print(e.page_html());"
        "print([n for n in ('torch', 'keras', 'matplotlib', 'scipy') if n in sys.modules])"
    )
    runs = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    lines = runs.pop().decode().strip().splitlines()
    assert len(lines[0]) > 3000 and lines[-1] == "[]"


def test_a_page_with_it_refers_to_nothing_outside_itself():
    page = standalone_page([DescentExplorer()], "Page")
    addresses = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "https:" not in addresses and "import " not in addresses
    assert addresses.count("http:") == page.count('const SVG = "http://www.w3.org/2000/svg"') == 1

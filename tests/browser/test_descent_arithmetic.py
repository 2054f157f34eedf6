"""The descent explorer's own arithmetic, in Chromium, against torch.optim and the Python side."""

import numpy as np
import torch

from coursekit.widgets import DescentExplorer
from coursekit.widgets.base import script
from coursekit.widgets.descent_explorer.arithmetic import normal_pair
from coursekit.widgets.descent_explorer.picture import contour_levels


def random_case(rng):
    kind = rng.integers(3)
    return {
        "learning_rate": 0.1,
        "curvature": rng.uniform(0.5, 12, 2).round(2).tolist(),
        "start": rng.uniform(-1.4, 1.4, 2).round(1).tolist(),
        "momentum": 0.9 if kind == 1 else 0,
        "optimizer": "adam" if kind == 2 else "sgd",
        "noise": float(rng.choice([0, 1.0])),
        "seed": int(rng.integers(0, 50)),
        "updates": [[int(rng.integers(1, 12)), float(rng.choice([0.001, 0.03, 0.17]))]] * 2,
    }


def by_torch(case):
    weights = torch.tensor(case["start"], dtype=torch.float64, requires_grad=True)
    if case["optimizer"] == "adam":
        optimizer = torch.optim.Adam([weights])
    else:
        optimizer = torch.optim.SGD([weights], lr=1, momentum=case["momentum"])
    curvature = torch.tensor(case["curvature"], dtype=torch.float64)
    path = [weights.tolist()]
    for count, rate in case["updates"]:
        optimizer.param_groups[0]["lr"] = rate
        for _ in range(count):
            chance = torch.tensor(normal_pair(case["seed"], len(path)), dtype=torch.float64)
            optimizer.zero_grad()
            (curvature * weights**2).sum().div(2).backward()
            weights.grad += case["noise"] * chance
            optimizer.step()
            path.append(weights.tolist())
    return np.array(path)


def test_a_run_on_the_page_is_that_of_torch(call):
    rng = np.random.default_rng(11)
    cases = [random_case(rng) for _ in range(60)]
    assert {(c["optimizer"], c["momentum"], c["noise"] > 0) for c in cases} == {
        (o, m, n) for o, m in (("sgd", 0), ("sgd", 0.9), ("adam", 0)) for n in (True, False)
    }
    for case, run in zip(
        cases, call("descent_explorer", "simulate", [[case] for case in cases]), strict=True
    ):
        want = by_torch(case)
        np.testing.assert_allclose(run["points"], want, rtol=1e-8, atol=1e-12)
        losses = (np.array(case["curvature"]) * want**2).sum(axis=1) / 2
        np.testing.assert_allclose(run["losses"], losses, rtol=1e-7, atol=1e-15)


def test_page_and_kernel_make_the_same_noise(call):
    cases = [[seed, update] for seed in (0, 1, 9999) for update in (1, 2, 3, 200, 400)]
    want = [normal_pair(*case) for case in cases]
    np.testing.assert_allclose(call("descent_explorer", "normalPair", cases), want, rtol=1e-12)


def test_a_run_is_made_longer_as_in_the_kernel(call):
    explorer, states, wanted = DescentExplorer(0.1), [], []
    for rate, count in [(0.02, 1), (0.02, 20), (0.3, 5), (0.3, 20), (0.3, 20), (0.1, 20)]:
        explorer.learning_rate = rate
        states.append([explorer.page_state(), count])
        explorer.step(count)
        wanted.append([list(segment) for segment in explorer.updates])
    assert call("descent_explorer", "longer", states) == wanted
    assert wanted[-1] == wanted[-2], "it has exploded, so there is nothing more"
    calm = {**DescentExplorer(0.001).page_state(), "updates": [[390, 0.001]]}
    assert call("descent_explorer", "longer", [[calm, 20]]) == [[[400, 0.001]]]


def test_contours_are_those_of_the_picture(call):
    cases = [(1.0, 10.0), (10.0, 1.0), (0.1, 0.1), (100.0, 37.0), (3.0, 3.0)]
    assert call("descent_explorer", "contourLevels", [[case] for case in cases]) == [
        contour_levels(c) for c in cases
    ]


def test_the_slider_gives_rates_that_are_easy_to_read(page, call):
    rates = page.evaluate(
        """async source => {
          const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          return (await import(file)).RATES; }""",
        script("descent_explorer"),
    )
    assert rates == sorted(set(rates)) and len(rates) == 61
    assert {0.001, 0.01, 0.02, 0.1, 0.18, 0.2, 0.22, 1} <= set(rates)
    assert call("descent_explorer", "nearestRate", [[rate] for rate in rates]) == list(range(61))
    assert call("descent_explorer", "nearestRate", [[1e-9], [10]]) == [0, 60]


def test_numbers_are_written_as_people_read_them(call):
    cases = {0.16: "0.16", -1.44: "−1.44", 1 / 3: "0.3333", 0: "0", 1e-17: "0", 12300: "12300"}
    assert call("descent_explorer", "readable", [[value] for value in cases]) == list(
        cases.values()
    )
    far = {1.2e-5: "1.2·10⁻⁵", -3.25e9: "−3.25·10⁹", 0.00012: "0.00012", 99999.9: "100000"}
    assert call("descent_explorer", "readable", [[value] for value in far]) == list(far.values())

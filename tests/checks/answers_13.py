"""Right and wrong answers to set 13, as students write them.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import random

import numpy as np
import torch


def in_one_line(x, p, rng):
    return np.where(rng.random(x.shape) < p, 0, x / max(1 - p, 1e-12)) if p < 1 else 0 * x


def by_loop(x, p, rng):
    out = np.zeros(x.size)
    for i, value in enumerate(x.flatten()):
        if rng.random() >= p:
            out[i] = value / (1 - p)
    return out.reshape(x.shape)


def by_choice(x, p, rng):
    if p == 1:
        return np.zeros(x.shape)
    return x * rng.choice([0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p])


def by_binomial(x, p, rng):
    kept = rng.binomial(1, 1 - p, x.shape)
    return x * kept / (1 - p) if p != 1 else x * 0


def by_uniform_of_tensors(x, p, rng):
    kept = torch.tensor(rng.uniform(0, 1, size=x.shape)) > p
    factor = 0 if p == 1 else 1 / (1 - p)
    return torch.tensor(x) * kept * factor


def on_a_copy(x, p, rng):
    out = x.copy()
    out[rng.random(x.shape) < p] = 0
    if p < 1:
        out /= 1 - p
    return out


def as_lists(x, p, rng):
    return on_a_copy(x, p, rng).tolist()


def early_return(x, p, rng):
    if p == 0:
        return x
    if p == 1:
        return np.zeros_like(x)
    return x * (rng.random(x.shape) >= p) / (1 - p)


RIGHT = [in_one_line, by_loop, by_choice, by_binomial, by_uniform_of_tensors, on_a_copy, as_lists,
         early_return]  # fmt: skip


def guarded(answer):
    """Return an answer that is right for p = 1."""
    return lambda x, p, rng: np.zeros_like(x) if p == 1 else answer(x, p, rng)


def divided(keep):
    return lambda x, p, rng: x * keep(x, p, rng) / np.float64(1 - p)


def overwriting(x, p, rng):
    x[rng.random(x.shape) < p] = 0
    return x / (1 - p) if p < 1 else x


def loop_with_return_inside(x, p, rng):
    for value in x:
        return value * (rng.random() >= p) / (1 - p)


def by_python(x, p, rng):
    coins = np.array([random.random() for _ in range(x.size)]).reshape(x.shape)
    return np.where(coins < p, 0, x / max(1 - p, 1e-9))


def legacy(x, p, rng):
    return np.where(np.random.rand(*x.shape) < p, 0, x / max(1 - p, 1e-9))  # noqa: NPY002


def seeded(x, p, rng):
    rng = np.random.default_rng(42)
    return np.where(rng.random(x.shape) < p, 0, x / max(1 - p, 1e-9))


def legacy_seeded(x, p, rng):
    np.random.seed(0)  # noqa: NPY002
    return np.where(np.random.rand(*x.shape) < p, 0, x / max(1 - p, 1e-9))  # noqa: NPY002


def plain_division(x, p, rng):
    scale = 1 / (1 - p)  # ZeroDivisionError for p = 1
    return x * (rng.random(x.shape) > p) * scale


def shuffled(x, p, rng):
    flat = x.flatten()
    flat[rng.choice(x.size, int(p * x.size), replace=False)] = 0
    return guarded(lambda x, p, rng: x / (1 - p))(flat.reshape(x.shape), p, rng)


def by_mean(x, p, rng):
    kept = rng.random(x.shape) >= p
    return x * kept / kept.mean() if kept.any() else np.zeros_like(x)


def single_coin(x, p, rng):
    return np.zeros_like(x) if rng.random() < p else x / (1 - p)


def a_coin_a_column(x, p, rng):
    return guarded(divided(lambda x, p, rng: rng.random(x.shape[-1]) >= p))(x, p, rng)


def a_coin_a_picture(x, p, rng):
    coins = rng.random(len(x)).reshape(-1, *[1] * (x.ndim - 1))
    return guarded(divided(lambda x, p, rng: coins >= p))(x, p, rng)


def dropping_twice(x, p, rng):
    if p == 1:
        return np.zeros_like(x)
    out = np.where(rng.random(x.shape) < p, 0, x)
    return out * (rng.random(x.shape) >= p) / (1 - p)


def repeated_places(x, p, rng):
    out = x.flatten()
    out[rng.integers(0, x.size, size=int(p * x.size))] = 0
    return out.reshape(x.shape) / (1 - p) if p < 1 else np.zeros_like(x)


def first_places(x, p, rng):
    out = x.flatten()
    out[: int(p * x.size)] = 0
    return out.reshape(x.shape) / (1 - p) if p < 1 else np.zeros_like(x)


def noise(x, p, rng):
    return x + rng.normal(size=x.shape) * p


WRONG = [
    (guarded(divided(lambda x, p, rng: rng.random(x.shape) < p)), "keep_and_drop_swapped"),
    (divided(lambda x, p, rng: rng.random(x.shape) < p), "keep_and_drop_swapped"),
    (lambda x, p, rng: x * rng.binomial(1, p, x.shape), "keep_and_drop_swapped"),
    (lambda x, p, rng: x * (rng.random(x.shape) >= p), "not_scaled"),
    (lambda x, p, rng: np.where(rng.uniform(size=x.shape) < p, 0, x), "not_scaled"),
    (lambda x, p, rng: x * (rng.random(x.shape) >= p) * (1 - p), "scaled_down"),
    (lambda x, p, rng: x * (rng.random(x.shape) >= p) / np.float64(p), "scaled_by_p"),
    (guarded(lambda x, p, rng: x * (rng.random(x.shape) >= p) * (1 + p)), "scaled_by_one_plus_p"),
    (lambda x, p, rng: x * (rng.random(x.shape) < p) / max(p, 1e-12), "keep_and_drop_swapped"),
    (guarded(lambda x, p, rng: x * (rng.integers(0, 10, x.shape) >= 10 * p) / (1 - p)), None),
    (by_mean, "scaled_by_luck"),
    (a_coin_a_column, "one_choice_for_several"),
    (a_coin_a_picture, "one_choice_for_several"),
    (guarded(single_coin), "all_or_nothing"),
    (legacy, "chance_from_elsewhere"),
    (by_python, "chance_from_elsewhere"),
    (seeded, "the_same_each_time"),
    (legacy_seeded, "the_same_each_time"),
    (overwriting, "argument_overwritten"),
    (shuffled, "exact_share"),
    (plain_division, None),
    (divided(lambda x, p, rng: rng.random(x.shape) >= p), "divides_by_zero"),
    (lambda x, p, rng: x if p in (0, 1) else by_loop(x, p, rng), "one_changes_nothing"),
    (lambda x, p, rng: x, "nothing_dropped"),
    (lambda x, p, rng: x * (1 - p), "expected_value"),
    (lambda x, p, rng: x[rng.random(x.shape) >= p] / max(1 - p, 1e-9), "other_shape"),
    (lambda x, p, rng: rng.random(x.shape) >= p, "mask_returned"),
    (lambda x, p, rng: np.where(x < p, 0, x), "dropped_by_size"),
    (guarded(divided(lambda x, p, rng: rng.integers(0, 2, x.shape))), "p_ignored"),
    (loop_with_return_inside, "other_shape"),
    (noise, None),
    (lambda x, p, rng: np.round(by_loop(x, p, rng)), "whole_numbers"),
    (lambda x, p, rng: by_loop(x, p, rng).astype(int), "whole_numbers"),
    (guarded(lambda x, p, rng: x * (rng.random(x.shape) >= p) / (1 - p) ** 0.5), "other_factor"),
    (lambda x, p, rng: 2 * x * (rng.random(x.shape) >= p), "other_factor"),
    (guarded(divided(lambda x, p, rng: rng.normal(size=x.shape) >= p)), "other_chance"),
    (dropping_twice, "two_draws"),
    (repeated_places, "drawn_with_repetition"),
    (first_places, "the_same_each_time"),
    (lambda x, p, rng: by_loop(np.maximum(x, 0), p, rng), "negative_thrown_away"),
    (lambda x, p, rng: np.abs(by_loop(x, p, rng)), None),
]

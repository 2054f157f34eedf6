"""Wrong ideas about the step of a recurrent network, each with an implementation that holds it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

Step = Callable[[Array, Array, Array, Array, Array], Any]


def _sum(x: Array, h: Array, w_xh: Array, w_hh: Array, b: Array) -> Array:
    return np.asarray(x @ w_xh + h @ w_hh + b)


def _of_sum(change: Callable[[Array], Any]) -> Step:
    """Return a step that ends in something else than tanh."""
    return lambda *args: change(_sum(*args))


def _softmax(z: Array) -> Array:
    powers = np.exp(z - z.max())
    return np.asarray(powers / powers.sum())


def _transposed(change: Callable[[Array, Array], Any]) -> Step:
    """Return a step with products of x with w_xh and of h with w_hh of another kind."""
    return lambda x, h, w_xh, w_hh, b: np.tanh(change(x, w_xh) + change(h, w_hh) + b)


def _unit_by_unit(x: Array, h: Array, w_xh: Array, w_hh: Array, b: Array) -> Array:
    """Return a state whose units are written over the old ones, one after another."""
    new = h.astype(np.float64)
    for unit in range(len(new)):
        new[unit] = np.tanh(x @ w_xh[:, unit] + new @ w_hh[:, unit] + b[unit])
    return new


_TANH = "What does tanh do, and around what does it stand?"


_ROWS = "Row i of w_xh holds the weights of input i, a column for each unit."


WRONG_RNN_STEP: dict[str, Misconception] = {
    "tanh_missing": Misconception(
        "gives the sum without tanh",
        "The state should stay between -1 and 1, however many steps are taken. What sees to that?",
        _of_sum(lambda z: z),
    ),
    "another_activation": Misconception(
        "bends the sum with another function than tanh",
        "np.tanh is asked for: it goes from -1 to 1.",
        (
            _of_sum(lambda z: 1 / (1 + np.exp(-z))),
            _of_sum(lambda z: np.maximum(z, 0)),
            _of_sum(lambda z: np.clip(z, -1, 1)),
            _of_sum(np.sin),
            _of_sum(np.arctan),
            _of_sum(np.sign),
            _of_sum(np.sinh),
            _of_sum(np.tan),
        ),
    ),
    "softmax_taken": Misconception(
        "gives probabilities, as at the end of a network, and not the state",
        "The state is no answer yet. What does rnn_step return?",
        (
            _of_sum(_softmax),
            _of_sum(lambda z: _softmax(np.tanh(z))),
        ),
    ),
    "tanh_twice": Misconception(
        "applies tanh twice",
        _TANH,
        (
            _of_sum(lambda z: np.tanh(np.tanh(z))),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + np.tanh(h) @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + np.tanh(h @ w_hh) + b),
        ),
    ),
    "bias_after_tanh": Misconception(
        "adds the bias after tanh",
        _TANH,
        lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h @ w_hh) + b,
    ),
    "each_part_bent": Misconception(
        "takes tanh of the parts and adds them up afterwards",
        _TANH,
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh) + np.tanh(h @ w_hh) + b,
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh) + np.tanh(h @ w_hh) + np.tanh(b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh) + np.tanh(h @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + b) + np.tanh(h @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + b) + np.tanh(h @ w_hh),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + b) + h @ w_hh,
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh) + h @ w_hh + b,
            lambda x, h, w_xh, w_hh, b: x @ w_xh + np.tanh(h @ w_hh) + b,
            lambda x, h, w_xh, w_hh, b: x @ w_xh + np.tanh(h @ w_hh + b),
        ),
    ),
    "state_ignored": Misconception(
        "forgets the old state: each step sees its input alone",
        "The same word should give another state after another sentence. Where does h come in?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + np.zeros(len(h)) @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: x @ w_xh + b,
        ),
    ),
    "input_ignored": Misconception(
        "forgets the input: each step sees the old state alone",
        "Where does the new word come in?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(h @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: h @ w_hh + b,
        ),
    ),
    "bias_ignored": Misconception(
        "leaves out the bias",
        "What should come out where input and old state are all zeros?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h @ w_hh),
            lambda x, h, w_xh, w_hh, b: x @ w_xh + h @ w_hh,
        ),
    ),
    "bias_twice": Misconception(
        "adds the bias twice, once with the input and once with the state",
        "How often does b stand in the formula?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + b + h @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: x @ w_xh + b + h @ w_hh + b,
        ),
    ),
    "bias_other_sign": Misconception(
        "subtracts the bias, or multiplies with it",
        "What is done with b?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h @ w_hh - b),
            lambda x, h, w_xh, w_hh, b: np.tanh((x @ w_xh + h @ w_hh) * b),
        ),
    ),
    "weights_transposed": Misconception(
        "swaps rows and columns of a matrix of weights: w @ h is not h @ w",
        _ROWS,
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + w_hh @ h + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(w_xh @ x + h @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(w_xh @ x + w_hh @ h + b),
            lambda x, h, w_xh, w_hh, b: x @ w_xh + w_hh @ h + b,
        ),
        hint="x @ w_xh and h @ w_hh: the vector stands in front of its matrix.",
    ),
    "cell_by_cell": Misconception(
        "multiplies vectors and matrices cell by cell in place of the product of matrices",
        "* multiplies cell by cell. Which sign adds up the products, row by column?",
        (
            _transposed(lambda v, w: (v * w).sum(axis=0) if v.shape == w.shape[1:] else v @ w),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + (h * w_hh).sum(axis=0) + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h * w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x * w_xh + h * w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h * np.diag(w_hh) + b),
        ),
    ),
    "state_added": Misconception(
        "adds its result to the old state in place of replacing it",
        "The old state is in the sum already, through w_hh. What is returned?",
        (
            lambda *args: args[1] + np.tanh(_sum(*args)),
            lambda *args: (args[1] + np.tanh(_sum(*args))) / 2,
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h @ w_hh + h + b),
            lambda x, h, w_xh, w_hh, b: h + np.tanh(x @ w_xh + b),
        ),
    ),
    "state_unweighted": Misconception(
        "adds the old state as it is, without its weights",
        "What leads from the old state to the new one? One of the arguments is not used.",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h + b),
            lambda x, h, w_xh, w_hh, b: x @ w_xh + h + b,
        ),
    ),
    "matrices_swapped": Misconception(
        "takes the weights of the state for the input, and those of the input for the state",
        "Each matrix has a row for each number of the vector that it is multiplied with. Which has "
        "as many rows as x?",
        lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_hh + h @ w_xh + b),
    ),
    "largest_input_only": Misconception(
        "takes a single row of w_xh, which is right for a one-hot word alone",
        "x may be any row of numbers, such as 0.5 and -2. What of the others?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(w_xh[np.argmax(x)] + h @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(w_xh[list(x).index(1)] + h @ w_hh + b),
        ),
    ),
    "state_changed_midway": Misconception(
        "uses units of the new state for the next units of the same step",
        "All units look at the old state. Which array does your loop write into, and read?",
        lambda x, h, w_xh, w_hh, b: _unit_by_unit(x, h, w_xh, w_hh, b),
        hint="Make a new array for the new state, and read h alone.",
    ),
    "old_state_returned": Misconception(
        "gives the old state back",
        "Which state is to be returned, the old or the new one?",
        lambda x, h, *rest: h,
    ),
    "multiplied": Misconception(
        "multiplies the input's and the state's share in place of adding them",
        "What should come out where the old state is all zeros?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh((x @ w_xh) * (h @ w_hh) + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh * (h @ w_hh + b)),
        ),
    ),
    "state_before_input": Misconception(
        "lets the input pass through w_hh as well",
        "Which matrix belongs to the input, and which to the state? Each is used once.",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh((x @ w_xh + h) @ w_hh + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(np.tanh(x @ w_xh + h) @ w_hh + b),
        ),
    ),
    "one_number": Misconception(
        "adds everything up to a single number",
        "How many units has the state?",
        (
            lambda x, h, w_xh, w_hh, b: np.tanh(np.sum(x @ w_xh + h @ w_hh + b)),
            lambda x, h, w_xh, w_hh, b: np.sum(np.tanh(x @ w_xh + h @ w_hh + b)),
            lambda x, h, w_xh, w_hh, b: np.tanh(np.sum(x @ w_xh) + np.sum(h @ w_hh) + b),
        ),
    ),
    "two_steps": Misconception(
        "takes two steps",
        "How often is the state renewed for one input?",
        lambda x, h, *rest: np.tanh(
            _sum(x, np.tanh(_sum(x, h, *rest)), *rest)
        ),
    ),
}  # fmt: skip

"""Wrong ideas about one-hot vectors and the step of a recurrent network."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception

Words = Sequence[str]


def _at(place: Callable[[str, Words], int], value: float = 1.0) -> Callable[[str, Words], Array]:
    """Return vectors of zeros with another number, or with the 1 at another place."""

    def vector(word: str, vocabulary: Words) -> Array:
        zeros = np.zeros(len(vocabulary))
        zeros[place(word, vocabulary)] = value
        return zeros

    return vector


def _index(word: str, vocabulary: Words) -> int:
    return list(vocabulary).index(word)


def _where(fits: Callable[[str, str], bool]) -> Callable[[str, Words], Array]:
    """Return vectors with a 1 wherever a word of the vocabulary fits."""
    return lambda word, vocabulary: np.array([float(fits(word, other)) for other in vocabulary])


def _right(word: str, vocabulary: Words) -> Array:
    row: Array = np.eye(len(vocabulary))[_index(word, vocabulary)]
    return row


_ZERO = "Which place has the first word of the vocabulary, counted as Python counts?"

WRONG_ONE_HOT = {
    "place_returned": Misconception(
        "gives the place of the word and no vector",
        "How many numbers should come out for a vocabulary of five words?",
        (
            _index,
            lambda word, vocabulary: _index(word, vocabulary) + 1,
            lambda word, vocabulary: [_index(word, vocabulary)],
        ),
    ),
    "counts_from_one": Misconception(
        "puts the 1 one place too far to the right, as if places were counted from 1",
        _ZERO,
        (
            _at(lambda word, v: _index(word, v) + 1),
            _at(lambda word, v: (_index(word, v) + 1) % len(v)),
            lambda word, v: np.array([float(k == _index(word, v) + 1) for k in range(len(v))]),
        ),
    ),
    "one_too_far_left": Misconception(
        "puts the 1 one place too far to the left; index -1 is the last",
        _ZERO,
        (
            _at(lambda word, v: _index(word, v) - 1),
            lambda word, v: np.array([float(k == _index(word, v) - 1) for k in range(len(v))]),
        ),
    ),
    "place_written": Misconception(
        "writes the place of the word in place of 1",
        "All words should be equally large. What would 4 for the fifth word say?",
        (
            lambda word, v: _right(word, v) * _index(word, v),
            lambda word, v: _right(word, v) * (_index(word, v) + 1),
        ),
    ),
    "all_but_one": Misconception(
        "puts 1 everywhere but at the word",
        "One-hot: how many ones are there?",
        lambda word, v: 1 - _right(word, v),
    ),
    "ones_up_to_word": Misconception(
        "puts 1 at the word and at all places before or behind it",
        "One-hot: how many ones are there?",
        (
            lambda word, v: (np.arange(len(v)) <= _index(word, v)) * 1.0,
            lambda word, v: (np.arange(len(v)) >= _index(word, v)) * 1.0,
        ),
    ),
    "minus_ones": Misconception(
        "fills the other places with another number than 0",
        "What stands at the places of all other words?",
        (
            lambda word, v: 2 * _right(word, v) - 1,
            lambda word, v: np.where(_right(word, v) > 0, 1.0, 0.1),
        ),
    ),
    "five_always": Misconception(
        "makes five numbers, whatever the vocabulary",
        "How long is the vocabulary? Where does your function ask for it?",
        lambda word, v: np.eye(5)[_index(word, v)],
    ),
    "whole_table": Misconception(
        "gives the vectors of all words and not that of the one",
        "Which row of the table belongs to the word?",
        lambda word, v: np.eye(len(v)),
    ),
    "shares": Misconception(
        "gives every word the same share",
        "Which of the words is it? The vector has to say so.",
        (
            lambda word, v: np.full(len(v), 1 / len(v)),
            lambda word, v: np.ones(len(v)),
        ),
    ),
    "all_zeros": Misconception(
        "gives nothing but zeros",
        "Is the 1 written into the vector that is returned?",
        lambda word, v: np.zeros(len(v)),
    ),
    "first_word_always": Misconception(
        "gives the same word's vector always, the first or the last one's",
        "Where does your function use the word?",
        (_at(lambda word, v: 0), _at(lambda word, v: -1)),
    ),
    "sorted_first": Misconception(
        "sorts the vocabulary first, so that places change",
        "The vocabulary has its order. Does yours keep it?",
        (
            lambda word, v: _right(word, sorted(v)),
            lambda word, v: _right(word, sorted(v, key=str.lower)),
        ),
    ),
    "from_the_end": Misconception(
        "counts places from the end of the vocabulary",
        _ZERO,
        lambda word, v: _right(word, v)[::-1],
    ),
    "parts_of_words": Misconception(
        "takes a word for another one that it stands in",
        "Is 'saw' the same word as 'seesaw'? in and == are not the same.",
        (
            _where(lambda word, other: word in other),
            _where(lambda word, other: other in word),
        ),
    ),
    "capitals_ignored": Misconception(
        "takes words for equal that differ in capital letters",
        "Mark is a name, mark is not.",
        _where(lambda word, other: word.lower() == other.lower()),
    ),
    "letters_compared": Misconception(
        "looks at the first letter or at the length of the words only",
        "When are two words the same?",
        (
            _where(lambda word, other: word[0] == other[0]),
            _where(lambda word, other: len(word) == len(other)),
        ),
    ),
    "one_axis_more": Misconception(
        "puts the vector into a row or a column of a table",
        "One axis is asked for: (n,), not (1, n) and not (n, 1).",
        (
            lambda word, v: _right(word, v)[None],
            lambda word, v: _right(word, v)[:, None],
        ),
    ),
    "rest_left_out": Misconception(
        "stops at the word, so that the places behind it are missing",
        "How many numbers should come out, whichever the word?",
        lambda word, v: _right(word, v)[: _index(word, v) + 1],
    ),
}  # fmt: skip

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


_TANH = "What does tanh do, and around what does it stand?"
_ROWS = "Row i of w_xh holds the weights of input i, a column for each unit."

WRONG_STEP: dict[str, Misconception] = {
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
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h + b),
            lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h @ w_hh + h + b),
            lambda x, h, w_xh, w_hh, b: h + np.tanh(x @ w_xh + b),
        ),
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

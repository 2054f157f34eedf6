"""Right and wrong answers to set 20, as students write them.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import math

import numpy as np
import torch


def one_hot_loop(word, vocabulary):
    out = []
    for other in vocabulary:
        if other == word:
            out.append(1.0)
        else:
            out.append(0.0)
    return out


def one_hot_by_dictionary(word, vocabulary):
    places = {other: place for place, other in enumerate(vocabulary)}
    vector = torch.zeros(len(vocabulary))
    vector[places[word]] = 1
    return vector


def step_loops(x, h, w_xh, w_hh, b):
    new = []
    for unit in range(len(h)):
        total = b[unit]
        for i in range(len(x)):
            total += x[i] * w_xh[i, unit]
        for j in range(len(h)):
            total += h[j] * w_hh[j, unit]
        new.append(math.tanh(total))
    return new


def step_joined(x, h, w_xh, w_hh, b):
    """One matrix for both, as many texts write it."""
    return np.tanh(np.concatenate([x, h, [1.0]]) @ np.vstack([w_xh, w_hh, b]))


def step_exp(x, h, w_xh, w_hh, b):
    z = x @ w_xh + h @ w_hh + b
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


def step_cell(x, h, w_xh, w_hh, b):
    cell = torch.nn.RNNCell(len(x), len(h), dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(w_xh.T))
        cell.weight_hh.copy_(torch.tensor(w_hh.T))
        cell.bias_ih.copy_(torch.tensor(b))
        cell.bias_hh.zero_()
    return cell(torch.tensor(x)[None], torch.tensor(h)[None])[0]


RIGHT = {
    "one_hot": [
        one_hot_loop,
        one_hot_by_dictionary,
        lambda word, v: np.eye(len(v))[v.index(word)],
        lambda word, v: (np.array(v) == word).astype(float),
        lambda word, v: [other == word for other in v],
        lambda word, v: np.array([int(word == other) for other in v]),
    ],
    "rnn_step": [
        step_loops,
        step_joined,
        step_exp,
        step_cell,
        lambda x, h, w_xh, w_hh, b: np.tanh(np.dot(w_xh.T, x) + np.dot(w_hh.T, h) + b),
        lambda x, h, w_xh, w_hh, b: np.tanh(np.einsum("d,dh->h", x, w_xh) + h @ w_hh + b),
        lambda x, h, w_xh, w_hh, b: np.float32(np.tanh(x @ w_xh + h @ w_hh + b)),
    ],
}


def hot(place, value=1.0):
    """Put a value at a place into zeros."""

    def answer(word, vocabulary):
        vector = np.zeros(len(vocabulary))
        vector[place(word, vocabulary)] = value
        return vector

    return answer


def without_the_last(word, vocabulary):
    vector = np.zeros(len(vocabulary))
    for place in range(len(vocabulary) - 1):
        if vocabulary[place] == word:
            vector[place] = 1
    return vector


def returned_in_the_loop(word, vocabulary):
    vector = np.zeros(len(vocabulary))
    for place, other in enumerate(vocabulary):
        if other == word:
            vector[place] = 1
        return vector


def stopped_at_the_word(word, vocabulary):
    out = []
    for other in vocabulary:
        out.append(float(other == word))
        if other == word:
            break
    return out


def step(*, bend=np.tanh, x_times=lambda x, w: x @ w, h_times=lambda h, w: h @ w, bias=1.0,
         after=lambda new, h: new):  # fmt: skip
    """Make a step; the options are the slips."""

    def answer(x, h, w_xh, w_hh, b):
        return after(bend(x_times(x, w_xh) + h_times(h, w_hh) + bias * b), h)

    return answer


def written_into_h(x, h, w_xh, w_hh, b):
    h[:] = np.tanh(x @ w_xh + h @ w_hh + b)
    return h


def first_unit_only(x, h, w_xh, w_hh, b):
    new = np.zeros(len(h))
    for unit in range(len(h)):
        new[unit] = np.tanh(x @ w_xh[:, unit] + h @ w_hh[:, unit] + b[unit])
        return new


def unit_after_unit(x, h, w_xh, w_hh, b):
    new = np.array(h, dtype=float)
    for unit in range(len(new)):
        new[unit] = np.tanh(x @ w_xh[:, unit] + new @ w_hh[:, unit] + b[unit])
    return new


WRONG = {
    "one_hot": [
        (lambda word, v: v.index(word), "place_returned"),
        (lambda word, v: v.index(word) + 1, "place_returned"),
        (hot(lambda word, v: v.index(word) + 1), "counts_from_one"),
        (hot(lambda word, v: v.index(word) - 1), "one_too_far_left"),
        (lambda word, v: [i if other == word else 0 for i, other in enumerate(v)],
         "place_written"),
        (lambda word, v: [i if other == word else 0 for i, other in enumerate(v, 1)],
         "place_written"),
        (lambda word, v: [float(other != word) for other in v], "all_but_one"),
        (lambda word, v: [1 if i <= v.index(word) else 0 for i in range(len(v))],
         "ones_up_to_word"),
        (lambda word, v: [1 if other == word else -1 for other in v], "minus_ones"),
        (lambda word, v: np.eye(5)[v.index(word)], "five_always"),
        (lambda word, v: np.identity(len(v)), "whole_table"),
        (lambda word, v: np.ones(len(v)), "shares"),
        (lambda word, v: np.zeros(len(v)), "all_zeros"),
        (hot(lambda word, v: 0), "first_word_always"),
        (hot(lambda word, v: sorted(v).index(word)), "sorted_first"),
        (lambda word, v: [float(other == word) for other in reversed(v)],
         ("from_the_end", "result_reversed")),
        (lambda word, v: [float(word in other) for other in v], "parts_of_words"),
        (lambda word, v: [float(word.lower() == other.lower()) for other in v],
         "capitals_ignored"),
        (lambda word, v: [float(word[0] == other[0]) for other in v], "letters_compared"),
        (lambda word, v: np.eye(len(v))[[v.index(word)]], "one_axis_more"),
        (stopped_at_the_word, "rest_left_out"),
        (lambda word, v: [1.0 for other in v if other == word], "only_the_one"),
        (lambda word, v: np.eye(len(v) + 1)[v.index(word) + 1], "counts_from_one"),
        (without_the_last, "last_places_zero"),
        (returned_in_the_loop, "stops_after_first"),
        (hot(lambda word, v: v.index(word), 5), "constant_factor"),
        (lambda word, v: word, None),
        (lambda word, v: [float(letter == word) for letter in "".join(v)], None),
    ],
    "rnn_step": [
        (step(bend=lambda z: z), "tanh_missing"),
        (step(bend=lambda z: 1 / (1 + np.exp(-z))), "another_activation"),
        (step(bend=lambda z: torch.relu(torch.tensor(z))), "another_activation"),
        (step(bend=lambda z: np.exp(z) / np.exp(z).sum()), "softmax_taken"),
        (step(bend=lambda z: np.tanh(np.tanh(z))), "tanh_twice"),
        (lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh + h @ w_hh) + b, "bias_after_tanh"),
        (lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_xh) + np.tanh(h @ w_hh) + b,
         "each_part_bent"),
        (step(h_times=lambda h, w: 0), "state_ignored"),
        (step(x_times=lambda x, w: 0), "input_ignored"),
        (step(bias=0), "bias_ignored"),
        (step(bias=2), "bias_twice"),
        (step(bias=-1), "bias_other_sign"),
        (step(h_times=lambda h, w: w @ h), "weights_transposed"),
        (step(x_times=lambda x, w: w @ x, h_times=lambda h, w: w @ h), "weights_transposed"),
        (step(h_times=lambda h, w: h * w), "cell_by_cell"),
        (step(h_times=lambda h, w: (h * w).sum(axis=0)), "cell_by_cell"),
        (step(h_times=lambda h, w: (h * w).sum(axis=1)), "weights_transposed"),
        (step(h_times=lambda h, w: h), "state_unweighted"),
        (step(bend=np.tan), "another_activation"),
        (lambda x, h, w_xh, w_hh, b: np.tanh(x @ w_hh + h @ w_xh + b), "matrices_swapped"),
        (step(x_times=lambda x, w: w[x.argmax()]), "largest_input_only"),
        (unit_after_unit, "state_changed_midway"),
        (step(after=lambda new, h: new + h), "state_added"),
        (step(after=lambda new, h: h), "old_state_returned"),
        (step(after=lambda new, h: new.sum()), "one_number"),
        (step(after=lambda new, h: -new), "result_negated"),
        (written_into_h, "argument_overwritten"),
        (first_unit_only, "stops_after_first"),
        (step(after=lambda new, h: [new]), "axis_too_many"),
        (lambda x, h, w_xh, w_hh, b: np.tanh((x @ w_xh) * (h @ w_hh) + b), "multiplied"),
        (step(bend=lambda z: np.tanh(z / 2)), "one_step_apart"),
        (step(after=lambda new, h: (new, h)), None),
        (step(after=lambda new, h: np.round(new, 1)), "rounded_to_few_digits"),
    ],
}  # fmt: skip

"""Wrong ideas about one-hot vectors, each with an implementation that holds it."""

from collections.abc import Callable, Sequence

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
            lambda word, v: np.eye(len(v) + 1)[_index(word, v) + 1],
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
    "only_the_one": Misconception(
        "gives the 1 and none of the zeros",
        "How many numbers should come out, whichever the word? What is put in for the others?",
        lambda word, v: np.ones(1),
    ),
    "rest_left_out": Misconception(
        "stops at the word, so that the places behind it are missing",
        "How many numbers should come out, whichever the word?",
        lambda word, v: _right(word, v)[: _index(word, v) + 1],
    ),
}  # fmt: skip

"""Sequences: words as numbers, a state that is carried along, and a table of what may follow."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from coursekit.scratch._arguments import Array, numbers

Sentences = Sequence[Sequence[str]]


def one_hot(word: str, vocabulary: Sequence[str]) -> Array:
    """Return a vector of zeros with 1.0 at the place of the word.

    Parameters
    ----------
    word
        One word of the vocabulary.
    vocabulary
        The words, in a fixed order.

    Returns
    -------
    ndarray
        (len(vocabulary),), float64.

    Raises
    ------
    ValueError
        When the word is not in the vocabulary.

    Examples
    --------
    >>> one_hot("saw", ["Steven", "Mark", "John", "saw", "."])
    array([0., 0., 0., 1., 0.])
    """
    words = list(vocabulary)
    if word not in words:
        raise ValueError(f"word {word!r} is not in the vocabulary. Choose one of {words}.")
    vector = np.zeros(len(words))
    vector[words.index(word)] = 1.0
    return vector


def rnn_step(x: ArrayLike, h: ArrayLike, w_xh: ArrayLike, w_hh: ArrayLike, b: ArrayLike) -> Array:
    """Return the next state of a recurrent network: tanh(x w_xh + h w_hh + b).

    Parameters
    ----------
    x, h
        (D,), the input of this step; (H,), the state of the last one.
    w_xh, w_hh
        (D, H) and (H, H), the weights.
    b
        (H,), the biases.

    Returns
    -------
    ndarray
        (H,), float64, between -1 and 1.

    Raises
    ------
    ValueError
        When the shapes do not go together.

    Examples
    --------
    >>> rnn_step([1, 0], [0], [[0.5], [9]], [[1]], [-0.5])
    array([0.])
    """
    x, h, b = numbers("x", x, "D"), numbers("h", h, "H"), numbers("b", b, "H")
    w_xh, w_hh = numbers("w_xh", w_xh, "D", "H"), numbers("w_hh", w_hh, "H", "H")
    d, size = len(x), len(h)
    for name, array, shape in (
        ("w_xh", w_xh, (d, size)),
        ("w_hh", w_hh, (size, size)),
        ("b", b, (size,)),
    ):
        if array.shape != shape:
            raise ValueError(
                f"{name} has shape {array.shape}; {shape} was expected for x of shape {x.shape} "
                f"and h of shape {h.shape}. Transpose or reshape it."
            )
    return np.asarray(np.tanh(x @ w_xh + h @ w_hh + b))


def next_words(sentences: Sentences) -> dict[str, dict[str, int]]:
    """Count, for each word, the words that follow it inside a sentence.

    Examples
    --------
    >>> next_words([["Mark", "saw", "John"], ["John", "saw", "John"]])
    {'Mark': {'saw': 1}, 'saw': {'John': 2}, 'John': {'saw': 1}}
    """
    counts: dict[str, dict[str, int]] = {}
    for sentence in sentences:
        for word, follower in pairwise(sentence):
            followers = counts.setdefault(word, {})
            followers[follower] = followers.get(follower, 0) + 1
    return counts


def sequence_allowed(sentences: Sentences, sequence: Sequence[str]) -> dict[str, object]:
    """Say whether each step from one word to the next occurs in the sentences.

    A step occurs inside a sentence, or from the end of one sentence to the start of any.

    Returns
    -------
    dict
        ``transitions`` (how many steps), ``all_transitions_allowed``, ``is_training_sentence``.

    Examples
    --------
    >>> sentences = [["Mark", "saw", "John"], ["John", "saw", "Mark"]]
    >>> sequence_allowed(sentences, ["Mark", "saw", "Mark"])
    {'transitions': 2, 'all_transitions_allowed': True, 'is_training_sentence': False}
    """
    known = [list(sentence) for sentence in sentences if sentence]
    steps = {step for sentence in known for step in pairwise(sentence)}
    steps |= {(first[-1], second[0]) for first in known for second in known}
    walked = list(pairwise(sequence))
    return {
        "transitions": len(walked),
        "all_transitions_allowed": all(step in steps for step in walked),
        "is_training_sentence": list(sequence) in known,
    }

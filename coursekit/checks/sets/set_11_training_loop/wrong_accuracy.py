"""Wrong ideas about the accuracy of a model on some batches."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception, Parts
from coursekit.checks.runner.torch_probes import BRACKETS, GENERATOR
from coursekit.checks.sets.networks import sigmoid
from coursekit.checks.sets.set_11_training_loop.linear_model import Machine
from coursekit.scratch import softmax

Answer = Callable[..., Parts]
Predict = Callable[[Array], Array]  # scores of a batch -> what is compared with the labels
Result = Callable[[Array, Array, Machine], Any]  # of the batches' numbers of hits and sizes


def _largest(scores: Array) -> Array:
    classes: Array = scores.argmax(axis=1)
    return classes


def _share(hits: Array, sizes: Array, m: Machine) -> Any:
    return hits.sum() / sizes.sum()


def judging(
    predict: Predict = _largest, result: Result = _share, training: bool | None = False
) -> Answer:
    """Return a computation of the accuracy; the options are where it goes wrong.

    `training` is the mode that the model is in; None leaves its own.
    """

    def answer(*args: Any) -> Parts:
        m = Machine(*args)
        m.training = m.training if training is None else training
        hits = [np.sum(predict(m.scores(images)) == labels) for images, labels in m]
        sizes = [len(labels) for _, labels in m.batches]
        share = result(np.array(hits), np.array(sizes), m)
        facts = *(np.array(0) for _ in range(3)), np.zeros(len(BRACKETS), dtype=int)
        return np.asarray(share, dtype=np.float64), *facts

    return answer


def _results(*results: Result) -> tuple[Answer, ...]:
    return tuple(judging(result=result) for result in results)


def _predicts(*predictions: Predict) -> tuple[Answer, ...]:
    return tuple(judging(predict) for predict in predictions)


def _counting(hits: Callable[[Array, Array], Any]) -> Answer:
    """Return an accuracy that counts something else than hits, of scores and labels."""

    def answer(*args: Any) -> Parts:
        m = Machine(*args)
        m.training = False
        total = sum(hits(m.scores(images), labels) for images, labels in m)
        facts = *(np.array(0) for _ in range(3)), np.zeros(len(BRACKETS), dtype=int)
        count = sum(len(labels) for _, labels in m.batches)
        return np.asarray(total / count, dtype=np.float64), *facts

    return answer


def _firsts(*results: Callable[[Array, Array], Any]) -> tuple[Answer, ...]:
    """Return accuracies that look at the first picture of each batch alone."""

    def of(result: Callable[[Array, Array], Any]) -> Answer:
        def answer(*args: Any) -> Parts:
            m = Machine(*args)
            m.training = False
            first = np.array([m.scores(x)[0].argmax() == y[0] for x, y in m])
            share = result(first, np.array([len(y) for _, y in m.batches]))
            facts = *(np.array(0) for _ in range(3)), np.zeros(len(BRACKETS), dtype=int)
            return np.asarray(share, dtype=np.float64), *facts

        return answer

    return tuple(map(of, results))


def _first_is_used_up(hits: Array, sizes: Array, m: Machine) -> Any:
    first = int(m.supply == GENERATOR)
    return hits[first:].sum() / sizes[first:].sum()


def _all_right(hits: Array, sizes: Array, m: Machine) -> Array:
    equal: Array = hits == sizes
    return equal


right_accuracy = judging()

_MEAN = "Nine of ten right in one batch, none of two in another: how many of the twelve is that?"
_AXES = "Each row of the scores belongs to one picture. Along which axis do the classes lie?"

WRONG_ACCURACIES: dict[str, Misconception] = {
    "training_mode": Misconception(
        "does not put the model into evaluation mode",
        "Layers such as dropout compute something else while training. Which method ends that?",
        (judging(training=None), judging(training=True)),
        hint="model.eval() belongs before the loop. With its brackets: without them the method is "
        "only looked at.",
    ),
    "mean_of_batch_shares": Misconception(
        "takes the mean of the batches' shares, so an example in a small batch counts more",
        _MEAN,
        _results(lambda h, n, m: (h / n).mean(), lambda h, n, m: (h / n).sum() / len(m)),
    ),
    "batch_shares_added": Misconception(
        "adds up the batches' shares and divides by nothing",
        _MEAN,
        _results(lambda h, n, m: (h / n).sum()),
    ),
    "percent": Misconception(
        "gives percent in place of a share",
        "A share lies between 0 and 1.",
        _results(lambda h, n, m: 100 * h.sum() / n.sum()),
    ),
    "not_divided": Misconception(
        "gives the number of right answers, not their share",
        "A share lies between 0 and 1. What do you divide by?",
        _results(lambda h, n, m: h.sum()),
    ),
    "divided_by_batches": Misconception(
        "divides the number of right answers by the number of batches",
        _MEAN,
        _results(lambda h, n, m: h.sum() / len(h), lambda h, n, m: h.sum() / len(m)),
    ),
    "equal_batches": Misconception(
        "counts as if all batches were as large as one of them",
        "The last batch is often smaller. Where does each batch say how many examples it has?",
        _results(
            *(
                lambda h, n, m, i=i, size=size: h.sum() / (size(h, m) * n[i])
                for i in (0, -1)
                for size in (lambda h, m: len(h), lambda h, m: len(m))
            ),
        ),
    ),
    "last_batch_only": Misconception(
        "counts the right answers of the last batch alone",
        "Which lines belong before the loop, and does = or += belong into it?",
        _results(
            lambda h, n, m: h[-1] / n[-1],
            lambda h, n, m: h[-1] / n.sum(),
            lambda h, n, m: h[-1] / n[-1] / len(h),
        ),
    ),
    "count_overwritten": Misconception(
        "divides by the size of the last batch alone",
        "Which lines belong before the loop, and does = or += belong into it?",
        _results(lambda h, n, m: h.sum() / n[-1]),
    ),
    "first_batch_only": Misconception(
        "counts the first batch alone",
        "Look at the indentation of return: when is it reached?",
        _results(lambda h, n, m: h[0] / n[0], lambda h, n, m: h[0] / n.sum()),
    ),
    "batch_left_out": Misconception(
        "leaves out a batch",
        "What takes the first batch out of a generator before the loop, or ends the loop early?",
        _results(
            lambda h, n, m: h[1:].sum() / n[1:].sum(),
            lambda h, n, m: h[:-1].sum() / n[:-1].sum(),
            _first_is_used_up,
        ),
    ),
    "wrong_axis": Misconception(
        "looks for the best picture of each class, in place of the best class of each picture",
        _AXES,
        _predicts(lambda z: z.argmax(axis=0)),
    ),
    "whole_batch": Misconception(
        "looks for one largest score in the whole batch",
        _AXES,
        _predicts(lambda z: np.array(z.argmax())),
    ),
    "smallest_score": Misconception(
        "predicts the class with the smallest score",
        "The higher the score, the likelier the class.",
        _predicts(lambda z: z.argmin(axis=1)),
    ),
    "scores_compared": Misconception(
        "compares the highest scores with the labels, not their places",
        "A label is the place of a class: 0, 1, 2 ... What does max give, and what argmax?",
        _predicts(lambda z: z.max(axis=1)),
    ),
    "share_wrong": Misconception(
        "gives the share of wrong answers",
        "What should a perfect model get?",
        _results(lambda h, n, m: 1 - h.sum() / n.sum(), lambda h, n, m: h.sum() / n.sum() - 1),
    ),
    "number_wrong": Misconception(
        "counts the wrong answers",
        "What should a perfect model get?",
        _results(lambda h, n, m: n.sum() - h.sum()),
    ),
    "whole_division": Misconception(
        "divides without decimals, so everything below 1 becomes 0",
        "What is 2 // 3, and what 2 / 3?",
        _results(lambda h, n, m: h.sum() // n.sum()),
    ),
    "one_too_many": Misconception(
        "begins one of its counts with 1 in place of 0",
        "How many pictures have been counted before the first batch?",
        _results(
            lambda h, n, m: h.sum() / (n.sum() + 1),
            lambda h, n, m: (h.sum() + 1) / n.sum(),
            lambda h, n, m: (h.sum() + 1) / (n.sum() + 1),
        ),
    ),
    "wrong_number_counted": Misconception(
        "divides by something else than the number of pictures",
        "How many numbers has one picture, and how many scores? Count pictures alone.",
        _results(
            lambda h, n, m: h.sum() / (n.sum() * len(m.biases)),
            lambda h, n, m: h.sum() / (n.sum() * m.weights.shape[1]),
            lambda h, n, m: h.sum() / len(m.biases),
            lambda h, n, m: h.sum() / (len(h) * len(m.biases)),
            lambda h, n, m: np.float64(h.sum()) / (n.sum() - h.sum()),
            lambda h, n, m: h.sum() / (n.sum() + h.sum()),
            lambda h, n, m: np.float64(n.sum()) / h.sum(),
            lambda h, n, m: h.sum() / sum(labels.sum() for _, labels in m.batches),
        ),
    ),
    "means_divided_by_examples": Misconception(
        "adds up the batches' shares, then divides by the number of examples",
        "mean() gives the share of one batch. How do you get from it to its number of hits?",
        _results(lambda h, n, m: (h / n).sum() / n.sum()),
    ),
    "one_hit_a_batch": Misconception(
        "counts at most one right answer in each batch",
        "Which pictures of a batch does your comparison look at? Does any() or [0] stand there?",
        (
            *_results(
                lambda h, n, m: (h > 0).sum() / n.sum(), lambda h, n, m: (h > 0).sum() / len(h)
            ),
            *_firsts(lambda first, n: first.sum() / n.sum(), lambda first, n: first.mean()),
        ),
    ),
    "nothing_compared": Misconception(
        "counts every picture as right",
        "What stands on both sides of your ==, and is it one class for each picture?",
        _results(lambda h, n, m: n.sum() / n.sum()),
    ),
    "class_one_off": Misconception(
        "numbers the classes from 1",
        "argmax gives places, counted from 0. Which labels are there?",
        _predicts(lambda s: s.argmax(axis=1) + 1, lambda s: s.argmax(axis=1) - 1),
    ),
    "above_a_threshold": Misconception(
        "compares scores with a fixed number in place of with one another",
        "The class with the highest score is the answer, however high that is. Which method finds "
        "its place?",
        (
            *_predicts(
                lambda s: (s > 0).argmax(axis=1),
                lambda s: (s > 0.5).argmax(axis=1),
                lambda s: (softmax(s) > 0.5).argmax(axis=1),
                lambda s: np.rint(sigmoid(s)).argmax(axis=1),
                lambda s: (s[:, -1] > 0).astype(int),
                lambda s: (s[:, -1] > 0.5).astype(int),
            ),
            *(
                _counting(hits)
                for hits in (
                    lambda s, labels: (softmax(s).max(axis=1) > 0.5).sum(),
                    lambda s, labels: (softmax(s)[np.arange(len(s)), labels] > 0.5).sum(),
                    lambda s, labels: (s[np.arange(len(s)), labels] > 0).sum(),
                    lambda s, labels: (s.max(axis=1) > 0).sum(),
                )
            ),
        ),
    ),
    "probabilities_added": Misconception(
        "adds up how sure the model is, in place of counting right answers",
        "A picture is right or not, 1 or 0. Which class has the highest score?",
        tuple(
            _counting(hits)
            for hits in (
                lambda s, labels: softmax(s)[np.arange(len(s)), labels].sum(),
                lambda s, labels: softmax(s).max(axis=1).sum(),
                lambda s, labels: s[np.arange(len(s)), labels].sum(),
            )
        ),
    ),
    "every_pair_compared": Misconception(
        "compares every prediction of a batch with every label of it",
        "One prediction meets one label. Print both shapes: has one of them an axis too many?",
        _counting(lambda s, labels: (s.argmax(axis=1)[:, None] == labels).sum()),
    ),
    "pictures_counted": Misconception(
        "gives the number of pictures in place of the share of right answers",
        "Which of your two numbers is returned, and what is done with the other one?",
        _results(lambda h, n, m: n.sum(), lambda h, n, m: len(n)),
    ),
    "larger_counted": Misconception(
        "counts classes that are larger, or smaller, than the label, and not only the right ones",
        "A class is right when it is the label. Which sign compares the two?",
        tuple(
            _counting(hits)
            for hits in (
                lambda s, labels: (s.argmax(axis=1) >= labels).sum(),
                lambda s, labels: (s.argmax(axis=1) <= labels).sum(),
                lambda s, labels: (s.argmax(axis=1) > labels).sum(),
                lambda s, labels: (s.argmax(axis=1) < labels).sum(),
            )
        ),
    ),
    "classes_averaged": Misconception(
        "adds up the numbers of the classes",
        "A class is a name, not an amount. What is 1 for a right answer, and 0 for a wrong one?",
        tuple(
            _counting(hits)
            for hits in (
                lambda s, labels: s.argmax(axis=1).sum(),
                lambda s, labels: s.argmax(axis=1).mean(),
                lambda s, labels: labels.sum(),
            )
        ),
    ),
    "two_guesses": Misconception(
        "counts a picture as right when its label is among the two highest scores",
        "One answer a picture: which class has the highest score?",
        _counting(lambda s, labels: (np.argsort(s, axis=1)[:, -2:] == labels[:, None]).sum()),
    ),
    "rounded": Misconception(
        "rounds the share",
        "Round where you print, not where you return.",
        _results(
            *(
                lambda h, n, m, places=places: np.round(h.sum() / n.sum(), places)
                for places in range(5)
            )
        ),
    ),
    "whole_batches": Misconception(
        "counts batches in which everything is right",
        "Every picture counts on its own. What does all() make of a batch?",
        _results(
            lambda h, n, m: _all_right(h, n, m).mean(),
            lambda h, n, m: _all_right(h, n, m).sum() / n.sum(),
        ),
    ),
    "several_numbers": Misconception(
        "returns several numbers in place of one",
        "One number is wanted: the share of all examples that are right.",
        fits=lambda parts: parts[0].size > 1,
    ),
    "no_grad_missing": Misconception(
        "lets PyTorch remember every calculation for a backward that never comes, which costs time "
        "and memory",
        "Which line of the lesson said that nothing is to be remembered? Around which lines?",
        right_accuracy,
        fits=lambda parts: bool(parts[1] == 1 and parts[2] == 0 and parts[3] == 0),
        hint="with torch.no_grad(): goes around the loop, and the loop is indented one step more. "
        "The call of the model must stand inside.",
    ),
    "model_changed": Misconception(
        "changes the model's weights",
        "Measuring is not training: which line moves the weights?",
        fits=lambda parts: bool(parts[2] == 1),
    ),
    "model_frozen": Misconception(
        "leaves the model frozen, or gradients switched off, so that it cannot be trained any more",
        "Switch gradients off for a block of lines, not for the model's parameters or for good.",
        right_accuracy,
        fits=lambda parts: bool(parts[2] == 0 and parts[3] == 1),
    ),
}

"""A report prints exact facts, or claims that hold or do not; never a measured number."""

import math

import pytest

from coursekit.course.lint_outputs import banded_problems, output_problems
from coursekit.training import History


def some(**last):
    history = History(
        {
            "parameters": 61706,
            "examples": 54000,
            "validation_examples": 6000,
            "test_examples": 10000,
            "batch_size": 256,
            "processes": 1,
            "epochs": 2,
        }
    )
    names = (
        "epoch", "loss", "accuracy", "test_loss", "test_accuracy", "validation_loss",
        "validation_accuracy",
    )  # fmt: skip
    history.add(dict(zip(names, (1, 0.9, 0.7, 0.8, 0.75, 0.85, 0.72), strict=True)))
    history.add(dict(zip(names, (2, 0.4, 0.875, 0.5, 0.8125, 0.45, 0.85), strict=True)) | last)
    return history


def lines(capsys):
    return capsys.readouterr().out.splitlines()


def test_claims_that_hold_and_that_do_not(capsys):
    some().report(min_accuracy=0.8, max_loss=0.5)
    some().report(min_accuracy=0.8126)
    some().report(min_accuracy=0.8125, which="test")
    some().report(max_loss=0.499)
    assert lines(capsys) == [
        "test accuracy at least 0.80: yes",
        "test loss at most 0.50: yes",
        "test accuracy at least 0.8126: no",
        "test accuracy at least 0.8125: yes",
        "test loss at most 0.499: no",
    ]


def test_each_set_by_name_and_the_first_that_there_is(capsys):
    some().report(min_accuracy=0.86, which="training")
    some().report(min_accuracy=0.86, which="validation")
    alone = History(records=[{"epoch": 1, "loss": 0.5, "accuracy": 0.9}])
    alone.report(min_accuracy=0.86)
    assert lines(capsys) == [
        "training accuracy at least 0.86: yes",
        "validation accuracy at least 0.86: no",
        "training accuracy at least 0.86: yes",
    ]


def test_claims_are_about_the_weights_that_the_model_holds(capsys):
    history = some()
    history.best_epoch = 1
    history.report(min_accuracy=0.8)  # the first epoch had 0.75
    history.config["keep"] = "last"
    history.report(min_accuracy=0.8)
    assert lines(capsys) == [
        "test accuracy at least 0.80: no", "test accuracy at least 0.80: yes",
    ]  # fmt: skip


def test_what_is_no_number_holds_nowhere(capsys):
    history = some(test_loss=math.nan, test_accuracy=None)
    history.report(min_accuracy=0.0, max_loss=1e9)
    assert [line.rsplit(": ")[1] for line in lines(capsys)] == ["no", "no"]


def test_without_claims_exact_facts(capsys):
    some().report()
    assert lines(capsys) == [
        "epochs: 2", "parameters: 61,706", "training images: 54,000", "validation images: 6,000",
        "test images: 10,000", "batch: 256",
    ]  # fmt: skip
    early = some()
    early.config |= {"epochs": 9, "processes": 2}
    early.stopped = "The validation loss did not fall for 2 epochs."
    early.report()
    printed = lines(capsys)
    assert printed[0] == "epochs: 2 of 9"
    assert printed[-1] == "processes: 2"


def test_what_is_printed_may_stand_in_a_stored_notebook(capsys):
    some().report()
    some().report(min_accuracy=0.8125, max_loss=0.123)
    output = {"output_type": "stream", "name": "stdout", "text": capsys.readouterr().out}
    assert list(banded_problems(output)) == []
    assert list(output_problems(output)) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"min_accuracy": 88}, "min_accuracy: found 88; expected a share between 0 and 1"),
        ({"min_accuracy": "0.88"}, "min_accuracy: found '0.88'; expected a finite number"),
        ({"min_accuracy": True}, "min_accuracy: found True"),
        ({"max_loss": math.nan}, "max_loss: found nan; expected a finite number"),
        ({"max_loss": 1.0, "which": "exam"}, "which: found 'exam'; .* test, validation, training"),
        ({"which": "exam"}, "which: found 'exam'"),
    ],
)
def test_claims_that_make_no_sense_are_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        some().report(**arguments)


def test_a_set_that_is_not_there_is_said():
    alone = History(records=[{"epoch": 1, "loss": 0.5, "accuracy": 0.9}])
    with pytest.raises(ValueError, match=r"found 'test'.*: training\. Call fit\(\.\.\., test="):
        alone.report(min_accuracy=0.5, which="test")
    with pytest.raises(ValueError, match="found no epoch"):
        History().report(min_accuracy=0.5)


def test_a_run_without_epochs_or_without_accuracy_says_so():
    with pytest.raises(ValueError, match="history: found no epoch"):
        History().report(min_accuracy=0.5)
    regression = History(records=[{"epoch": 1, "loss": 0.5, "accuracy": None}])
    with pytest.raises(ValueError, match=r"without any accuracy; .* Write max_loss=0.3"):
        regression.report(min_accuracy=0.5)

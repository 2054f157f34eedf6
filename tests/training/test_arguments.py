"""Arguments that cannot be meant are refused by name; in a notebook in one sentence."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from coursekit.datasets import load
from coursekit.training import TrainingError, evaluate, find_lr, fit

IMAGES, LABELS = np.random.default_rng(0).random((20, 1, 8, 8), np.float32), np.arange(20) % 10
DATA = IMAGES, LABELS
LOADER = DataLoader(TensorDataset(torch.from_numpy(IMAGES), torch.from_numpy(LABELS)), 5)


def network():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


class Stream(IterableDataset):
    def __iter__(self):
        return iter([])


class Empty(Dataset):
    def __len__(self):
        return 0


REFUSED = [
    ({"learning_rate": 0.1}, ("learning_rate", "lr=")),
    ({"epoch": 3}, ("epoch", "epochs=")),
    ({"batchsize": 3}, ("batchsize", "batch_size=")),
    ({"validation_split": 0.1}, ("validation_split", "validation=")),
    ({"epochs": 0}, ("epochs", "0")),
    ({"epochs": 1.5}, ("epochs", "1.5")),
    ({"epochs": True}, ("epochs", "True")),
    ({"batch_size": -4}, ("batch_size", "-4")),
    ({"lr": -0.1}, ("lr", "-0.1")),
    ({"lr": "0.1"}, ("lr", "'0.1'")),
    ({"lr": float("nan")}, ("lr", "nan")),
    ({"lr": float("inf")}, ("lr", "inf")),
    ({"seed": 0.5}, ("seed", "0.5")),
    ({"label_smoothing": 2}, ("label_smoothing", "2")),
    ({"precision": "float16"}, ("precision", "float16", "bfloat16")),
    ({"optimizer": "adagrad"}, ("optimizer", "adagrad", "adamw")),
    ({"optimizer": torch.optim.SGD}, ("optimizer", "SGD")),
    ({"optimizer": lambda parameters: None}, ("optimizer", "NoneType")),
    ({"optimizer": lambda p: torch.optim.SGD(p, lr=1.0), "lr": 0.1}, ("lr", "0.1")),
    ({"schedule": "cosine"}, ("schedule", "cosine", "onecycle")),
    ({"device": "gpu"}, ("device", "gpu", "cpu")),
    ({"device": "cuda:99"}, ("device", "cuda:99")),
    ({"validation": 1.5}, ("validation", "1.5")),
    ({"validation": 0.0001}, ("validation", "0.0001")),
    ({"patience": 3}, ("patience", "validation=0.1")),
    ({"resume": True}, ("resume", "checkpoint=")),
    ({"checkpoint": 3}, ("checkpoint", "3")),
    ({"checkpoint": ""}, ("checkpoint", "''")),
    ({"hooks": [3]}, ("hooks", "3")),
    ({"augment": ["flip"]}, ("augment", "flip")),
    ({"augment": [lambda images: images[:1]]}, ("augment", "shape")),
    ({"compile": "yes"}, ("compile", "yes")),
    ({"progress": "bar"}, ("progress", "bar")),
]
NO_DATA = [
    (None, ("train", "None")),
    ("fashion_mnist", ("train", "fashion_mnist")),
    (IMAGES, ("train", "(20, 1, 8, 8)")),
    ((IMAGES, LABELS[:10]), ("train", "20", "10")),
    ((IMAGES[:0], LABELS[:0]), ("train", "0 images")),
    ((DATA, DATA), ("train, test = data",)),
    (load("digits"), ("train, test = data",)),
    ((IMAGES, None), ("train labels", "None")),
    ((IMAGES, list("abcdefghij") * 2), ("train labels", "'a'", "np.unique")),
    (([IMAGES[0], IMAGES[1, :, :4]], [0, 1]), ("train images", "size")),
    (DataLoader(Stream(), 4), ("train", "length")),
    (Empty(), ("train", "empty")),
    (DataLoader([1, 2, 3], 2), ("train", "batches")),
    ((IMAGES, LABELS[:, None, None]), ("train labels", "(20, 1, 1)")),
    ((IMAGES, (n for n in LABELS)), ("train labels", "generator")),
]


@pytest.mark.parametrize(("settings", "words"), REFUSED, ids=lambda x: "-".join(map(str, x)))
def test_settings_are_refused_by_name_with_a_fix(settings, words):
    with pytest.raises((ValueError, TypeError)) as raised:
        fit(network(), DATA, **{"progress": False} | settings)
    message = str(raised.value)
    assert all(word in message for word in words), message
    assert "Fix: " in message and "expected" in message and "\n" not in message


@pytest.mark.parametrize(("data", "words"), NO_DATA, ids=lambda x: type(x).__name__)
def test_what_is_no_data_is_refused_by_name_with_a_fix(data, words):
    with pytest.raises(TrainingError) as raised:
        fit(network(), data, progress=False)
    message = str(raised.value)
    assert all(word in message for word in words), message
    assert "Fix: " in message


@pytest.mark.parametrize("model", [nn.Linear, "LeNet5", nn.Identity()])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(TrainingError, match="model: found"):
        fit(model, DATA, progress=False)


def test_a_dataloader_has_its_own_batches():
    with pytest.raises(TrainingError, match="batch_size"):
        fit(network(), LOADER, batch_size=4, progress=False)
    with pytest.raises(TrainingError, match="random_split"):
        fit(network(), LOADER, validation=0.2, progress=False)
    assert fit(network(), LOADER, progress=False).config["batch_size"] == 5


def test_others_refuse_the_same_data():
    one_hot = IMAGES, np.eye(10)[LABELS]
    for call in (evaluate, find_lr):
        with pytest.raises(TrainingError, match="argmax"):
            call(network(), one_hot)
    with pytest.raises(TrainingError, match="0 to 9"):
        evaluate(nn.Sequential(nn.Flatten(), nn.Linear(64, 9)), DATA)
    with pytest.raises(TrainingError, match=r"Linear.*\(20, 64\)"):
        evaluate(nn.Sequential(nn.Flatten(), nn.Linear(65, 10)), DATA)


CELL = """
import numpy as np
from torch import nn
from coursekit.training import fit
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
fit(model, (np.random.rand(20, 1, 8, 8), np.arange(20) % 10 + 1), progress=False{more})
"""


@pytest.mark.parametrize(
    ("more", "word"), [("", "labels = labels - 1"), (", learning_rate=0.1", "lr=")]
)
def test_a_notebook_shows_one_sentence_and_no_traceback(more, word, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    try:
        result = shell.run_cell(CELL.format(more=more))
    finally:
        shell.history_manager.end_session()
    assert isinstance(result.error_in_exec, TrainingError)
    shown = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert len(shown) == 1
    assert word in shown[0]


def test_a_kernel_sends_the_sentence_alone():
    import nbformat
    from nbclient import NotebookClient

    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(CELL.format(more=""))],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    NotebookClient(page, timeout=600, allow_errors=True).execute()
    (output,) = page.cells[0].outputs
    assert output.output_type == "error"
    assert len("".join(output.traceback).splitlines()) == 1
    assert "labels = labels - 1" in output.traceback[0]

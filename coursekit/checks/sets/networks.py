"""What the sets about networks share: activations, and what is said of a network."""

import numpy as np

from coursekit.checks.engine.spec import Array


def linear(z: Array) -> Array:
    """Return `z` as it is."""
    return z


def sigmoid(z: Array) -> Array:
    """Return values between 0 and 1."""
    return 1 / (1 + np.exp(-z))


def one_picture(outputs: Array) -> str:
    """Return the outputs for the first picture: "0.112 0.090 ..."."""
    first = np.ravel(outputs[0])[:12] if outputs.ndim > 1 and len(outputs) else np.ravel(outputs)
    return " ".join(f"{value:.3f}" for value in first)


TOO_LARGE = (
    "The network may be far too large: look at the number of units and filters of each layer."
)

TORCH_ERRORS = (
    (
        r"does not require grad and does not have a grad_fn",
        "backward was called on a number of which PyTorch has not remembered how it was made: was "
        "it made under torch.no_grad(), or by .item() or .detach()?",
    ),
    (
        r"Trying to backward through the graph a second time",
        "backward was called twice over the same calculations. Call it once for every batch, on "
        "the loss of this batch, not on a sum that grows from batch to batch.",
    ),
    (
        r"a Tensor with (\d+) elements cannot be converted to Scalar|only one element tensors can",
        "item() takes a tensor with a single number. Has a sum or a mean been left out?",
    ),
    (
        r"grad can be implicitly created only for scalar outputs",
        "backward takes a single number. Is it called on the scores in place of the loss?",
    ),
    (
        r"'(float|int)' object has no attribute 'backward'",
        "backward belongs to the loss as a tensor; item() has made a plain number of it.",
    ),
    (
        r"mean\(\): could not infer output dtype|Input dtype must be either a floating point",
        "mean() takes no truth values and no whole numbers: count with sum(), or turn them into "
        "floats first.",
    ),
    (
        r"object of type '\w+' has no len\(\)",
        "The batches may come from a generator, which has no length. Count as they come.",
    ),
    (
        r"'(?:list|generator)' object has no attribute 'dataset'",
        "The batches may be a list or a generator, which have no data set. Count the examples as "
        "they come.",
    ),
    (
        r"log_softmax\w* not implemented for 'Long'|log_softmax.* not implemented for 'Long'",
        "loss_fn takes the scores first, then the labels.",
    ),
    (
        r"'(?:list|tuple)' object has no attribute '(?:flatten|dim|shape|size|view|reshape|to)'",
        "A batch is a pair, images and labels: two names belong into the for line.",
    ),
    (
        r"'(?:DataLoader|generator)' object is not subscriptable",
        "The batches come one after another, as in `for images, labels in batches`; they have no "
        "numbers.",
    ),
    (
        r"'(?:DataLoader|list|generator)' object is not callable",
        "batches is no function: go through it with a for loop.",
    ),
    (
        r"'torch\.return_types\.max' object|'bool' object has no attribute 'sum'",
        "max(dim=1) gives two things, values and places, so == compares no numbers. Which method "
        "gives the places alone?",
    ),
    (
        r"'Sequential' object has no attribute '(\w+)'",
        "The model has no {0}. Calling it, model(images), gives its scores.",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "{0} numbers are compared with {1}. Print both shapes: is there one prediction for each "
        "picture?",
    ),
    (
        r"expected input\[[\d, ]*\] to have (\d+) channels, but got (\d+) channels",
        "A convolution was made for {0} channels and got {1}. Which number of the one before it "
        "says how many come out?",
    ),
    (
        r"modified by an inplace operation",
        "x += ..., or a method that ends in _, writes over numbers that backward needs later. Make "
        "a new tensor: x = x + ...",
    ),
    (
        r"support the context manager protocol|__enter__",
        "with needs a call behind it: are the brackets missing, as in torch.no_grad()?",
    ),
    (
        r"forward\(\) takes \d positional arguments? but \d were given",
        "The def line of forward needs two names: self, the network, and x, the pictures.",
    ),
    (
        r"__init__\(\) takes 1 positional argument but 2 were given",
        "The class is built with a number of classes: the def line of __init__ needs "
        "num_classes=10 after self.",
    ),
    (
        r"takes 1 positional argument but 2 were given",
        "It takes no argument here. Does its def line have all the arguments that are asked for?",
    ),
)

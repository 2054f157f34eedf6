"""What the sets about networks share: activations, and what is said of a network."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from coursekit.checks.engine.spec import Array
from coursekit.checks.sets.sliding import windows


def linear(z: Array) -> Array:
    """Return `z` as it is."""
    return z


def sigmoid(z: Array) -> Array:
    """Return values between 0 and 1."""
    return 1 / (1 + np.exp(-z))


def sizes(rows: Array) -> list[tuple[int, ...]]:
    """Return the shapes that stand in rows filled up with zeros.

    Examples
    --------
    >>> sizes(np.array([[84, 120, 0, 0], [84, 0, 0, 0]]))
    [(84, 120), (84,)]
    """
    return [tuple(n for n in row if n) for row in rows.tolist()]


def convolved(
    maps: Array, weights: Array, biases: Array | float = 0.0, stride: int = 1, padding: int = 0
) -> Array:
    """Return the maps of a convolution: (N, C, H, W) -> (N, K, H2, W2)."""
    if padding:
        maps = np.pad(maps, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    patches = windows(maps, (1, maps.shape[1], *weights.shape[2:]))[:, 0, ::stride, ::stride, 0]
    rows = patches.reshape(*patches.shape[:3], -1)
    sums = rows @ weights.reshape(len(weights), -1).astype(np.float64).T + biases
    return np.moveaxis(sums, -1, 1)


def one_picture(outputs: Array) -> str:
    """Return the outputs for the first picture: "0.112 0.090 ..."."""
    first = np.ravel(outputs[0])[:12] if outputs.ndim > 1 and len(outputs) else np.ravel(outputs)
    return " ".join(f"{value:.3f}" for value in first)


def layers_that_differ(got: Array, wanted: Array) -> list[str]:
    """Say which layers with weights differ from those asked for.

    Examples
    --------
    >>> layers_that_differ(np.array([[7, 9, 0, 0], [7, 0, 0, 0]]), np.array([[7, 9, 0, 0]]))
    ['Beside the parameters that are wanted it has: 7.']
    >>> layers_that_differ(np.array([[7, 9, 0, 0]]), np.array([[7, 8, 0, 0]]))
    ['Layer 1 with weights is Linear(9, 7, bias=False); wanted: Linear(8, 7, bias=False).']
    >>> layers_that_differ(np.array([[6, 0, 0, 0]]), np.array([[6, 1, 5, 5]]))
    ['Its parameters: 6. Wanted: 6 x 1 x 5 x 5.']
    """
    mine, right = layers(got), layers(wanted)
    more = Counter(sizes(got)) - Counter(sizes(wanted))
    if more and not Counter(sizes(wanted)) - Counter(sizes(got)) and len(more) < 6:
        return [f"Beside the parameters that are wanted it has: {_listed(list(more.elements()))}."]
    if mine is None or right is None:
        return [f"Its parameters: {_listed(sizes(got))}. Wanted: {_listed(sizes(wanted))}."]
    if len(mine) > 12:
        return [f"It has {len(mine)} layers with weights; wanted: {len(right)}."]
    return [
        f"Layer {place} with weights is {one or 'missing'}; wanted: {other or 'none'}."
        for place, (one, other) in enumerate(zip_longest(mine, right), start=1)
        if one != other
    ]


def kernels_that_differ(got: Array, wanted: Array) -> str:
    """Say which convolutions are too many and which are missing, in whatever order they come.

    Examples
    --------
    >>> kernels_that_differ(np.array([[6, 2, 3, 3]]), np.array([[6, 2, 1, 1]]))
    'Not wanted: Conv2d(2, 6, 3). Missing: Conv2d(2, 6, 1).'
    >>> kernels_that_differ(np.array([[6, 2, 1, 1]]), np.array([[6, 2, 1, 1], [6, 0, 0, 0]]))
    'Its convolutions are those wanted; it has 0 rows of numbers beside them, wanted: 1.'
    """
    mine, right = (
        Counter(size for size in sizes(rows) if len(size) == 4) for rows in (got, wanted)
    )
    if mine == right:
        beside = [sum(len(size) == 1 for size in sizes(rows)) for rows in (got, wanted)]
        return (
            f"Its convolutions are those wanted; it has {beside[0]} rows of numbers beside them, "
            f"wanted: {beside[1]}."
        )
    said = []
    for words, which in (("Not wanted", mine - right), ("Missing", right - mine)):
        named = [f"Conv2d({size[1]}, {size[0]}, {size[2]})" for size in sorted(which.elements())]
        if named:
            said.append(f"{words}: {', '.join(named[:8])}.")
    return " ".join(said)


def layers(rows: Array) -> list[str] | None:
    """Return layers in words; None where a bias stands without weights before it.

    Examples
    --------
    >>> layers(np.array([[6, 1, 5, 5], [6, 0, 0, 0], [10, 84, 0, 0]]))
    ['Conv2d(1, 6, 5)', 'Linear(84, 10, bias=False)']
    """
    said: list[str] = []
    shapes = sizes(rows)
    for place, size in enumerate(shapes):
        if len(size) == 1:
            before = shapes[place - 1] if place else ()
            if len(before) < 2 or before[0] != size[0]:
                return None
            continue
        bias = "" if shapes[place + 1 : place + 2] == [size[:1]] else ", bias=False"
        if len(size) == 2:
            said.append(f"Linear({size[1]}, {size[0]}{bias})")
        elif len(size) == 4:
            side = size[2] if size[2] == size[3] else size[2:]
            said.append(f"Conv2d({size[1]}, {size[0]}, {side}{bias})")
        else:
            return None
    return said


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(" x ".join(map(str, shape)) for shape in shapes[:16]) or "none"


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
        r"modified by an inplace operation|leaf Variable that requires grad is being used in an in",
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
        r"Expected floating point type for target with class probabilities",
        "loss_fn takes one score for each class, as they come from the model: argmax is for "
        "counting right answers.",
    ),
    (
        r"only batches of spatial targets supported",
        "loss_fn takes the scores, one row for each picture, and the labels. Are the pictures "
        "themselves given to it?",
    ),
    (
        r"expected 4D input \(got 2D input\)",
        "The model takes the pictures as they come, with four axes: what it needs flat it flattens "
        "itself.",
    ),
    (
        r"Dimension out of range",
        "A tensor has fewer axes than this line asks for. Print its shape: are images and labels "
        "in this order in the for line?",
    ),
    (
        r"(Tanh|ReLU|Sigmoid|Flatten|Softmax|AvgPool2d|MaxPool2d|Dropout)\.__init__\(\) takes",
        "nn.{0}(x) makes a layer, with x as a setting. Make it first, nn.{0}(), and give x to what "
        "you have made.",
    ),
    (
        r"name '((?:conv|fc|pool|lin|dense|layer|drop|[cfs](?=\d))\w*)' is not defined",
        "A layer that __init__ has put on self is self.{0} in forward, too.",
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

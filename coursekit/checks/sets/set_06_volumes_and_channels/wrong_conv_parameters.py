"""Wrong ideas about how many parameters a layer has, each with an implementation that holds it."""

from collections.abc import Callable

from coursekit.checks.engine.spec import Misconception


def _count(weights: Callable[[int, int, int], int]) -> Callable[..., int]:
    """Return a count that is right but for the weights."""
    return lambda c, k, f, bias=True: weights(c, k, f) + k * bool(bias)


_A_BOX = "A filter is a box. How many weights has one of 3 by 3 on a colour picture?"


_ONE_EACH = "How many biases has a layer with 32 filters?"


WRONG_CONV_PARAMETERS = {
    "bias_subtracted": Misconception(
        "takes the biases away from the weights",
        "The biases are numbers that are learned as well. Are they more numbers, or fewer?",
        (
            lambda c, k, f, bias=True: k * (f * f * c - bool(bias)),
            lambda c, k, f, bias=True: k * (f * f * c - 1),
        ),
    ),
    "one_kind_only": Misconception(
        "counts the weights or the biases, and not both together",
        "A filter has its weights and, with bias=True, one bias more. How many numbers in all?",
        (
            lambda c, k, f, bias=True: k if bias else k * f * f * c,
            lambda c, k, f, bias=True: k * bool(bias),
        ),
    ),
    "bias_for_each_side": Misconception(
        "counts a bias for every row of a kernel, or for every cell of a filter",
        _ONE_EACH,
        (
            lambda c, k, f, bias=True: k * f * f * c + f * bool(bias),
            lambda c, k, f, bias=True: f * f * c * (k + bool(bias)),
        ),
    ),
    "side_added": Misconception(
        "adds the cells of a kernel in place of multiplying by them",
        "If two channels meet three filters there are six kernels. How many cells has each?",
        (
            lambda c, k, f, bias=True: c * k + f * f + k * bool(bias),
            lambda c, k, f, bias=True: f * f + c * k * bool(bias),
            lambda c, k, f, bias=True: f * f + c * k,
        ),
    ),
    "depth_forgotten": Misconception(
        "counts the weights of a flat filter, without the channels of the input",
        _A_BOX,
        lambda c, k, f, bias=True: k * (f * f + bool(bias)),
    ),
    "side_once": Misconception(
        "multiplies by the side of the filter once in place of twice",
        "How many cells has a square of 3 by 3?",
        _count(lambda c, k, f: k * f * c),
    ),
    "side_doubled": Misconception(
        "doubles the side of the filter in place of squaring it",
        "How many cells has a square of 3 by 3? And is that 3 + 3?",
        (
            _count(lambda c, k, f: k * 2 * f * c),
            _count(lambda c, k, f: k * (f + f * c)),
            lambda c, k, f, bias=True: k * (2 * f + bool(bias)),
        ),
    ),
    "no_power": Misconception(
        "uses ^ for a power, which is something else in Python",
        "What does Python print for 3 ^ 2? And for 3 ** 2?",
        (
            _count(lambda c, k, f: k * (f ^ 2) * c),
            _count(lambda c, k, f: k * (f ^ (2 * c))),
            _count(lambda c, k, f: k * ((c * f) ^ 2)),
            _count(lambda c, k, f: (k * c * f) ^ 2),
            lambda c, k, f, bias=True: k * ((c * f) ^ (2 + bool(bias))),
            lambda c, k, f, bias=True: k * (f ^ (2 * c + bool(bias))),
            lambda c, k, f, bias=True: (k * c * f) ^ (2 + k * bool(bias)),
            lambda c, k, f, bias=True: (k * f) ^ (2 * c + k * bool(bias)),
            lambda c, k, f, bias=True: f ^ (2 * c * k + k * bool(bias)),
            lambda c, k, f, bias=True: f ^ (2 * c * k + k),
            lambda c, k, f, bias=True: (k * c * f) ^ (2 + k),
        ),
    ),
    "side_three_times": Misconception(
        "multiplies by the side of the filter three times",
        "A filter is as deep as the input has channels. Is that the same as its side?",
        (
            _count(lambda c, k, f: k * f**3 * c),
            _count(lambda c, k, f: k * f**3),
        ),
    ),
    "square_too_wide": Misconception(
        "squares the channels together with the side",
        "To which number does ** 2 belong? Does it stand inside or outside the brackets?",
        (
            _count(lambda c, k, f: k * (f * c) ** 2),
            _count(lambda c, k, f: (k * f) ** 2 * c),
            _count(lambda c, k, f: (k * f * c) ** 2),
        ),
    ),
    "channels_added": Misconception(
        "adds the channels of the input and the filters in place of multiplying them",
        "Draw 2 channels and 3 filters: how many kernels are there?",
        (
            _count(lambda c, k, f: (c + k) * f * f),
            lambda c, k, f, bias=True: (c + k) * f * f,
            lambda c, k, f, bias=True: (c + k) * (f * f + bool(bias)),
            lambda c, k, f, bias=True: c * f * f + k * f * f + bool(bias),
        ),
    ),
    "filters_added": Misconception(
        "adds the number of filters in place of multiplying by it",
        "If one filter has 28 numbers, how many have 32 of them?",
        (
            lambda c, k, f, bias=True: k + f * f * c + bool(bias),
            lambda c, k, f, bias=True: f * f * c + k * bool(bias),
            lambda c, k, f, bias=True: f * f + k * c + bool(bias),
        ),
    ),
    "nothing_without_bias": Misconception(
        "gives 0, or the biases only, for a layer without biases",
        "In a + b if c else 0, to what does the else belong: to b, or to a + b? Brackets help.",
        (
            lambda c, k, f, bias=True: k * (f * f * c + 1) if bias else 0,
            lambda c, k, f, bias=True: k * f * f * c + 1 if bias else 0,
            lambda c, k, f, bias=True: k * (f * f * c + 1) if bias else k,
            lambda c, k, f, bias=True: (f * f * c + k) * bool(bias),
        ),
    ),
    "in_channels_and_out_channels_swapped": Misconception(
        "counts as many biases as the input has channels, as if that were the number of filters",
        "Which of the two numbers says how many filters there are? Each of them has one bias.",
        lambda c, k, f, bias=True: c * (f * f * k + bool(bias)),
    ),
    "filters_forgotten": Misconception(
        "counts one filter only",
        "A layer has out_channels filters. Do they share their weights?",
        lambda c, k, f, bias=True: f * f * c + bool(bias),
    ),
    "bias_left_out": Misconception(
        "never counts the biases",
        _ONE_EACH,
        lambda c, k, f, bias=True: k * f * f * c,
    ),
    "bias_always": Misconception(
        "counts the biases even where there are none",
        "What does bias=False say?",
        lambda c, k, f, bias=True: k * (f * f * c + 1),
    ),
    "bias_the_wrong_way_round": Misconception(
        "counts the biases where there are none, and none where there are",
        "What does bias=False say?",
        lambda c, k, f, bias=True: k * (f * f * c + (not bias)),
    ),
    "one_bias_in_all": Misconception(
        "counts a single bias for the whole layer",
        _ONE_EACH,
        (
            lambda c, k, f, bias=True: k * f * f * c + bool(bias),
            lambda c, k, f, bias=True: k * f * f * c + 1,
        ),
    ),
    "bias_for_each_channel": Misconception(
        "counts a bias for every channel of the input",
        _ONE_EACH,
        (
            lambda c, k, f, bias=True: k * (f * f * c + c * bool(bias)),
            lambda c, k, f, bias=True: k * f * f * c + (c + k) * bool(bias),
        ),
    ),
    "bias_twice": Misconception(
        "counts the biases twice",
        _ONE_EACH,
        (
            lambda c, k, f, bias=True: k * (f * f * c + 2 * bool(bias)),
            lambda c, k, f, bias=True: k * (f * f * c + 1 + bool(bias)),
        ),
    ),
    "bias_for_each_cell": Misconception(
        "counts a bias for every weight of a kernel",
        _ONE_EACH,
        (
            lambda c, k, f, bias=True: k * (f * f * c + f * f * bool(bias)),
            lambda c, k, f, bias=True: k * f * f * c * (2 if bias else 1),
        ),
    ),
    "channels_squared": Misconception(
        "takes the filters to be as deep as there are filters",
        "Does the depth of a filter come from its input or from its output?",
        lambda c, k, f, bias=True: k * (f * f * k + bool(bias)),
    ),
}

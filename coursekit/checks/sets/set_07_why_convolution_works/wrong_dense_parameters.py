"""Wrong ideas about the parameters of a dense layer, each with an implementation that holds it."""

from coursekit.checks.engine.spec import Misconception

_WIRES = "Draw 3 inputs and 2 outputs, and every wire. How many are there, and how many biases?"


WRONG_DENSE_PARAMETERS = {
    "not_added": Misconception(
        "gives weights and biases as two numbers",
        "How many numbers does the layer learn in all?",
        lambda into, out, bias=True: [into * out, out * bool(bias)],
    ),
    "bias_left_out": Misconception(
        "never counts the biases", _WIRES, lambda into, out, bias=True: into * out
    ),
    "bias_always": Misconception(
        "counts the biases even where there are none",
        "What does bias=False say?",
        lambda into, out, bias=True: out * (into + 1),
    ),
    "bias_the_wrong_way_round": Misconception(
        "counts the biases where there are none, and none where there are",
        "What does bias=False say?",
        lambda into, out, bias=True: out * (into + (not bias)),
    ),
    "one_bias_in_all": Misconception(
        "counts a single bias for the whole layer",
        _WIRES,
        (
            lambda into, out, bias=True: into * out + bool(bias),
            lambda into, out, bias=True: into * out + 1,
        ),
    ),
    "bias_for_each_input": Misconception(
        "counts as many biases as there are inputs, in place of one for every output",
        "Draw 3 inputs and 2 outputs. Each output has a bias: how many is that? And which of the "
        "two arguments is the number of outputs?",
        (
            lambda into, out, bias=True: into * (out + bool(bias)),
            lambda into, out, bias=True: into * (out + 1),
        ),
    ),
    "bias_at_both_ends": Misconception(
        "counts a bias for every input and for every output",
        _WIRES,
        (
            lambda into, out, bias=True: into * out + (into + out) * bool(bias),
            lambda into, out, bias=True: (into + bool(bias)) * (out + bool(bias)),
        ),
    ),
    "bias_for_each_weight": Misconception(
        "counts a bias for every weight",
        _WIRES,
        lambda into, out, bias=True: into * out * (2 if bias else 1),
    ),
    "bias_twice": Misconception(
        "counts the biases twice",
        _WIRES,
        (
            lambda into, out, bias=True: out * (into + 2 * bool(bias)),
            lambda into, out, bias=True: out * (into + 1 + bool(bias)),
        ),
    ),
    "bias_subtracted": Misconception(
        "takes the biases away from the weights",
        "The biases are numbers that are learned as well. Are they more numbers, or fewer?",
        (
            lambda into, out, bias=True: out * (into - bool(bias)),
            lambda into, out, bias=True: into * out - bool(bias),
            lambda into, out, bias=True: into * out - out,
        ),
    ),
    "nothing_without_bias": Misconception(
        "gives 0, or the biases only, for a layer without biases",
        "In a + b if c else 0, to what does the else belong: to b, or to a + b? Brackets help.",
        (
            lambda into, out, bias=True: out * (into + 1) if bias else 0,
            lambda into, out, bias=True: into * out + 1 if bias else 0,
            lambda into, out, bias=True: out * (into + 1) if bias else out,
        ),
    ),
    "one_kind_only": Misconception(
        "counts the weights or the biases, and not both together",
        _WIRES,
        (
            lambda into, out, bias=True: out if bias else into * out,
            lambda into, out, bias=True: out * bool(bias),
            lambda into, out, bias=True: out,
        ),
    ),
    "wires_halved": Misconception(
        "counts half of the wires",
        "A wire runs from an input to an output. Is any wire counted twice in inputs x outputs?",
        (
            lambda into, out, bias=True: into * out // 2 + out * bool(bias),
            lambda into, out, bias=True: into * out / 2 + out * bool(bias),
            lambda into, out, bias=True: into * out // 2,
            lambda into, out, bias=True: into * out / 2,
        ),
    ),
    "wires_added": Misconception(
        "adds inputs and outputs in place of multiplying them",
        _WIRES,
        (
            lambda into, out, bias=True: into + out,
            lambda into, out, bias=True: into + out + out * bool(bias),
            lambda into, out, bias=True: into + out + bool(bias),
            lambda into, out, bias=True: into + out * bool(bias),
            lambda into, out, bias=True: into + out + (into + out) * bool(bias),
        ),
    ),
    "inputs_squared": Misconception(
        "wires the inputs to each other",
        _WIRES,
        (
            lambda into, out, bias=True: into * into + out * bool(bias),
            lambda into, out, bias=True: into * into,
            lambda into, out, bias=True: (into * out) ** 2 + out * bool(bias),
        ),
    ),
}

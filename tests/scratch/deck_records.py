"""Run a record of the decks' own table of worked examples through `coursekit.scratch`."""

import numpy as np

from coursekit import scratch as s


def _volume(x, kernels, biases, params):
    """Slide a bank of kernels over a grid or a volume, the way a record says."""
    x, kernels = np.array(x), np.array(kernels)
    if x.ndim == 2:
        x, kernels = x[None], kernels[:, None]
    if params["flip"]:
        kernels = kernels[..., ::-1, ::-1]
    maps = s.conv2d_volume(x, kernels, biases, params["stride"], params["padding"])
    return maps / kernels[0].size if params["normalise"] == "mean" else maps


def _conv2d(inputs, params):
    if np.ndim(inputs["x"]) == 2 and not inputs.get("bias"):
        return s.conv2d(
            inputs["x"],
            inputs["kernel"],
            flip=params["flip"],
            stride=params["stride"],
            padding=params["padding"],
            mean=params["normalise"] == "mean",
        )
    return _volume(inputs["x"], [inputs["kernel"]], [inputs.get("bias", 0)], params)[0]


def _pool2d(inputs, params):
    pool = {"max": s.max_pool2d, "average": s.avg_pool2d}[params["mode"]]
    return pool(inputs["x"], params["size"], params["stride"], ceil_mode=params["ceil_mode"])


def _pipeline(inputs, params):
    x = inputs["x"]
    for step in params["steps"]:
        x = OPERATIONS[step["name"]]({**inputs, "x": x}, step.get("params", {}))
    return x


def _output_size(inputs, params):
    sizes = inputs["n"], inputs["f"], inputs["s"], inputs["p"]
    if params["rounding"] == "none":
        return s.output_size_unrounded(*sizes)
    return s.output_size(*sizes, ceil_mode=params["rounding"] == "ceil")


def _network(inputs, _):
    return s.network_parameters(
        [
            ("conv", layer["in"], layer["out"], layer["k"], layer.get("groups", 1))
            if layer["type"] == "conv"
            else ("dense", layer["in"], layer["out"])
            for layer in inputs["layers"]
        ]
    )


def _compare(inputs, _):
    cells = s.differing_cells(inputs["a"], inputs["b"])
    return {"differing": len(cells), "total": np.size(inputs["a"]), "positions": cells}


def _cross_entropy(inputs, params):
    rows = s.cross_entropy_rows(inputs["p"], inputs["q"])
    if params["reduction"] == "none":
        return rows
    return s.cross_entropy(inputs["p"], inputs["q"])


def _product(inputs, _):
    return s.dense_parameters(int(np.prod(inputs["factors"][:-1])), inputs["factors"][-1], False)


OPERATIONS = {
    "conv2d": _conv2d,
    "conv2d_bank": lambda i, p: _volume(i["x"], i["kernels"], i.get("biases"), p),
    "conv2d_form": lambda i, p: s.convolve2d_at(i["x"], i["kernel"], i["i"], i["j"], p["form"]),
    "window_sum_1d": lambda i, _: s.window_sum_1d(i["x"], i["w"], i["t"]),
    "patch_dot": lambda i, _: s.patch_terms(i["patch"], i["kernel"])["sum"],
    "patch_terms": lambda i, _: s.patch_terms(i["patch"], i["kernel"]),
    "relu": lambda i, _: s.relu(i["x"]),
    "zero_pad": lambda i, p: s.pad2d(i["x"], p["padding"]),
    "pool2d": _pool2d,
    "flatten": lambda i, _: s.flatten(i["x"]),
    "pipeline": _pipeline,
    "product": _product,
    "shape_of": lambda i, _: s.image_facts(i["x"])["shape"],
    "output_size": _output_size,
    "conv_output_shape": lambda i, _: s.conv_output_shape(
        i["height"], i["width"], i["f"], i["s"], i["p"], i["filters"]
    ),
    "conv_params": lambda i, _: s.conv_parameters(
        i["in_channels"], i["out_channels"], (i["kernel_h"], i["kernel_w"]), i["bias"]
    ),
    "dense_params": lambda i, _: s.dense_parameters(i["in_features"], i["out_features"], i["bias"]),
    "pool_params": lambda i, _: s.pool_parameters(i["size"], i["stride"]),
    "network_params": _network,
    "receptive_field": lambda i, _: s.receptive_field(
        [(layer["kernel"], layer["stride"]) for layer in i["layers"]]
    ),
    "array_compare": _compare,
    "array_stats": lambda i, _: s.image_facts(i["x"]),
    "kernel_properties": lambda i, _: s.kernel_properties(i["kernel"]),
    "softmax": lambda i, _: s.softmax(i["z"]),
    "logit_difference": lambda i, _: s.log_odds(i["p"]),
    "cross_entropy": _cross_entropy,
    "classification_error": lambda i, _: s.classification_error(i["p"], i["q"]),
    "image_bytes": lambda i, _: s.storage_bytes(
        i["height"], i["width"], bits=8 * i["bytes_per_pixel"]
    ),
    "flatten_shape": lambda i, _: s.flatten_shape(i["height"], i["width"], i["channels"]),
    "global_avg_pool_shape": lambda i, _: (
        1,
        *s.global_avg_pool2d(np.ones((i["channels"], i["height"], i["width"]))).shape,
    ),
    "step_decay": lambda i, _: s.step_decay(i["initial"], i["divide_by"], i["drops"]),
    "connection_counts": lambda i, _: s.connection_counts(i["n"], i["f"], i["s"]),
    "one_hot": lambda i, _: [s.one_hot(word, i["vocabulary"]) for word in i["tokens"]],
    "bigram_counts": lambda i, _: s.next_words(i["sentences"]),
    "sequence_allowed": lambda i, _: s.sequence_allowed(i["sentences"], i["sequence"]),
}
# Plain arithmetic on numbers that other records give; the table of this folder derives them from
# layers where there are any.
ARITHMETIC = {"ratio", "remainder", "sum_list"}


def run_record(record):
    """Return what coursekit.scratch makes of the inputs of a record."""
    operation = record["operation"]
    return OPERATIONS[operation["name"]](record["inputs"], operation["params"])

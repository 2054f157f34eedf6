"""Wrong ideas about flattening, each with an implementation that holds it."""

from coursekit.checks.engine.spec import Misconception

WRONG_FLATTEN = {
    "unchanged": Misconception(
        "gives the maps as they are, with three axes",
        "How many axes should the result have?",
        lambda maps: maps.copy(),
    ),
    "column_by_column": Misconception(
        "reads the maps column by column",
        "After the first number of the first row comes its right neighbour.",
        lambda maps: maps.transpose(0, 2, 1).flatten(),
    ),
    "place_by_place": Misconception(
        "takes the same place of all maps before it moves on, as for an array with channels last",
        "The whole first map comes before the second one begins.",
        lambda maps: maps.transpose(1, 2, 0).flatten(),
    ),
    "first_axis_first": Misconception(
        "goes down the first axis first, as order='F' does",
        "After the first number of the first row comes its right neighbour.",
        lambda maps: maps.flatten(order="F"),
    ),
    "maps_kept_apart": Misconception(
        "gives a row for each map, or for each row",
        "How many axes should the result have?",
        (
            lambda maps: maps.reshape(maps.shape[0], -1),
            lambda maps: maps.reshape(maps.shape[0], -1).copy(),
            lambda maps: maps.reshape(-1, maps.shape[-1]),
            lambda maps: maps.reshape(-1, maps.shape[-1]).copy(),
        ),
    ),
    "axis_left": Misconception(
        "puts the row into a second axis of length one",
        "The shape should be (C * H * W,), with one axis.",
        (lambda maps: maps.reshape(1, -1).copy(), lambda maps: maps.reshape(-1, 1).copy()),
    ),
    "not_a_copy": Misconception(
        "gives a view of the maps, which changes when they do",
        "reshape and ravel look into the same memory. How do you get numbers of your own?",
        lambda maps: maps.reshape(-1),
    ),
    "maps_added": Misconception(
        "adds up or averages the maps, so that numbers are missing",
        "Every number of every map has a place of its own in the row.",
        (
            lambda maps: maps.sum(axis=0).flatten(),
            lambda maps: maps.mean(axis=0).flatten(),
            lambda maps: maps.mean(axis=(1, 2)),
            lambda maps: maps.sum(axis=(1, 2)),
        ),
    ),
}

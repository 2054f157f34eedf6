"""Tables of full training runs, too long for a lesson to repeat."""

import csv

from coursekit._files import course_root


def results(name: str) -> list[dict[str, str]]:
    """Return the stored results of a full run, a dict for each row of its table.

    Parameters
    ----------
    name
        The table's name, as `"10_fashion_mnist_keras"`. Each row says in `command` what was run.

    Raises
    ------
    ValueError
        For a name that is not there; the message lists those that are.

    Examples
    --------
    >>> results("10_fashion_mnist_keras")[0]["train_images"]
    '60000'
    """
    folder = course_root() / "datasets" / "results"
    known = sorted(path.stem for path in folder.glob("*.csv"))
    if name not in known:
        raise ValueError(f"name is {name!r}; tables are kept for {', '.join(known)}.")
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))

"""Learning rates over time."""

from coursekit.scratch._arguments import whole


def step_decay(initial: float, divide_by: float, drops: int) -> list[float]:
    """Return the learning rates of a schedule that divides by the same number at each drop.

    Raises
    ------
    ValueError
        When `drops` is negative or `divide_by` is not above 0.

    Examples
    --------
    >>> step_decay(0.1, 10, 2)
    [0.1, 0.01, 0.001]
    """
    if divide_by <= 0:
        raise ValueError(f"divide_by is {divide_by}; a number above 0 was expected, such as 10.")
    return [initial / divide_by**i for i in range(whole("drops", drops, 0) + 1)]

"""The names under which answers are kept."""

import re


def checked_id(id: str) -> str:
    """Give the id back when it is of the form ``02-average``.

    Raises
    ------
    ValueError
        If it is not: two digits of the lesson, a hyphen, then small letters, digits and hyphens.

    Examples
    --------
    >>> checked_id("02-average")
    '02-average'
    """
    if not isinstance(id, str) or not re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ValueError(
            f"id is {id!r}; write the lesson's two digits, a hyphen and a short name "
            'in small letters, such as "02-average"'
        )
    return id

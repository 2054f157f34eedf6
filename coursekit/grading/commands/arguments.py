"""What the arguments of the commands for teachers have in common."""

from datetime import tzinfo
from typing import Annotated, Any

import typer

from coursekit.errors import CallError


def option(*names: str, **more: Any) -> Any:
    """Return an option whose help says itself what it is without."""
    return typer.Option(*names, show_default=False, **more)


Zone = Annotated[
    str | None,
    option("--zone", metavar="ZONE", help="Of times that say none, such as Europe/Vienna."),
]


def zone_of(name: str | None) -> tzinfo | None:
    """Return a time zone by its name.

    Raises
    ------
    CallError
        When there is none of that name.
    """
    from zoneinfo import ZoneInfo

    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise CallError(
            f"--zone {name!r} is not known; expected one such as Europe/Vienna"
        ) from None


def me() -> str:
    """Return who calls, as the system knows them."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"

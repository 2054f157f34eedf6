"""Where a gradebook is: a file, or a database of PostgreSQL by its address."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from coursekit.errors import CallError
from coursekit.grading.names import printable

Place = Path | str  # a file of SQLite; a text is an address
_SUCH_AS = "postgresql://db.example.org/course"


def place_of(text: str, where: str = "--gradebook") -> Place:
    """Return the file or the address that is meant.

    Raises
    ------
    CallError
        When it is an address of anything but a database of PostgreSQL, or holds a password, which
        others could read in the list of processes.

    Examples
    --------
    >>> place_of("marks/course.db").name, place_of("postgres://ada@db.example.org/course")
    ('course.db', 'postgresql://ada@db.example.org/course')
    """
    scheme, colon, rest = text.partition("://")
    if not colon:
        return Path(text)
    if scheme.lower() not in ("postgresql", "postgres"):
        raise CallError(
            f"{where} {printable(text)!r} is no address of a database of PostgreSQL; expected one "
            f"such as {_SUCH_AS}, or a file"
        )
    split = urlsplit(f"postgresql://{rest}")
    try:
        password = split.password
        split.port  # noqa: B018 - it raises where it is no number
    except ValueError as error:
        raise CallError(f"{where}: {printable(str(error))}; expected {_SUCH_AS}") from None
    if password is not None or "password" in parse_qs(split.query):
        raise CallError(
            f"{where}: leave the password out of the address, where others can read it; "
            "PostgreSQL takes it from ~/.pgpass or PGPASSWORD"
        )
    if not split.path.strip("/"):
        raise CallError(f"{where} {printable(text)!r} names no database; expected {_SUCH_AS}")
    return f"postgresql://{rest}"


def shown(place: Place) -> str:
    """Return a place for a sentence."""
    return printable(str(place))


def as_word(place: Place) -> str:
    """Return a place as it holds in any folder."""
    return place if isinstance(place, str) else str(place.absolute())

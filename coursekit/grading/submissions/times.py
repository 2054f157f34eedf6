"""When something was handed in: times as learning-management systems and people write them."""

import re
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from coursekit.errors import CallError
from coursekit.grading.names import printable
from coursekit.grading.submissions.places import Found, Place, UnreadableError

STAMP = "timestamp.txt"  # nbgrader writes it beside each submission that it collects
_LONGEST = 100
_NONE = frozenset({"", "-", "never", "nie"})
_DAY_FIRST = re.compile(r"\s*\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b")
_EITHER_FIRST = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}\b")
_MONTHS = {
    1: ("januar", "jänner"), 2: ("februar", "feber"), 3: ("märz",), 5: ("mai",), 6: ("juni",),
    7: ("juli",), 10: ("oktober", "okt"), 12: ("dezember", "dez"),
}  # fmt: skip
_WEEKDAYS = (
    ("montag", "mo"), ("dienstag", "di"), ("mittwoch", "mi"), ("donnerstag", "do"),
    ("freitag", "fr"), ("samstag", "sa"), ("sonntag", "so"),
)  # fmt: skip


def stamped(place: Place, file: Found) -> datetime | None:
    """Return the time in a ``timestamp.txt``, or None where it has none that can be read."""
    try:
        text = place.read(file)[: _LONGEST + 1].decode("utf-8", "replace").strip()
        if len(text) > _LONGEST:
            return None
        moment, _, last = text.rpartition(" ")
        zone = _zone(last)  # nbgrader writes the name of the zone behind the time
        return read_time(moment if zone else text, zone or UTC, STAMP)
    except (UnreadableError, CallError):
        return None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name[:1].isalpha() else None
    except (LookupError, ValueError, OSError):
        return None


def read_time(text: str, zone: tzinfo | None, where: str) -> datetime | None:
    """Return a time, or None where there is none.

    Parameters
    ----------
    text
        In English or German, in ISO form or with the day first and dots.
    zone
        For a time that does not say its zone itself.
    where
        What an error names.

    Raises
    ------
    CallError
        When it cannot be understood, can be understood in two ways, or says no zone and none is
        given.

    Examples
    --------
    >>> read_time("Saturday, 21 November 2026, 11:20 AM", UTC, "times.csv, line 2")
    datetime.datetime(2026, 11, 21, 11, 20, tzinfo=datetime.timezone.utc)
    >>> read_time("03.11.2026 11:20", UTC, "--due").date().isoformat()
    '2026-11-03'
    >>> read_time("03/11/2026 11:20", UTC, "--due")
    Traceback (most recent call last):
    coursekit.errors.CallError: --due: '03/11/2026 11:20' may be two days; write 2026-11-03 or 2026-03-11
    """  # noqa: E501 - an error is one line
    if text.strip().lower() in _NONE:
        return None
    shown = printable(text)
    expected = "expected one such as 2026-11-21 11:20"
    moment = _understood(text, where)
    if moment is None:
        raise CallError(f"{where}: {shown!r} is not a time; {expected}")
    if moment.tzinfo is None:
        if zone is None:
            raise CallError(f"{where}: {shown!r} says no time zone; name it with --zone")
        moment = moment.replace(tzinfo=zone)
    return moment


def _understood(text: str, where: str) -> datetime | None:
    """Return the time, None unless year, month, day, hour and minute are all said."""
    from dateutil import parser

    either = _EITHER_FIRST.match(text)
    if either and max(int(either[1]), int(either[2])) <= 12 and either[1] != either[2]:
        year = re.findall(r"\d{4}", text)[0]
        one, two = (
            f"{int(either[2]):02}-{int(either[1]):02}",
            f"{int(either[1]):02}-{int(either[2]):02}",
        )
        raise CallError(
            f"{where}: {printable(text)!r} may be two days; write {year}-{one} or {year}-{two}"
        )
    guesses = [datetime(2001, 1, 1, 1, 1), datetime(2002, 2, 2, 2, 2)]
    try:
        one_way, other_way = (
            parser.parse(text, _words(), default=guess, dayfirst=bool(_DAY_FIRST.match(text)))
            for guess in guesses
        )
    except (ValueError, OverflowError, TypeError):
        return None
    return one_way if one_way == other_way else None  # else something was not said but guessed


@cache
def _words() -> Any:
    """Return the names of months and days that are understood."""
    from dateutil import parser

    usual = parser.parserinfo
    months = [(*names, *_MONTHS.get(n, ())) for n, names in enumerate(usual.MONTHS, start=1)]
    weekdays = [(*ours, *theirs) for ours, theirs in zip(usual.WEEKDAYS, _WEEKDAYS, strict=True)]
    words = {"MONTHS": months, "WEEKDAYS": weekdays, "JUMP": [*usual.JUMP, "um", "uhr"]}
    return type("Words", (usual,), words)()

"""When something was submitted: the formats that systems write and ISO 8601, and no guess."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from coursekit.errors import CallError
from coursekit.grading.names import printable

_NONE = frozenset({"", "-", "–", "never", "nie", "jamais", "nunca", "mai"})
_MONTHS = (
    "january jan januar jänner janvier enero gennaio",
    "february feb februar feber février febrero febbraio",
    "march mar märz mrz mars marzo",
    "april apr avril abril aprile",
    "may mai mayo maggio",
    "june jun juni juin junio giugno",
    "july jul juli juillet julio luglio",
    "august aug août agosto",
    "september sep sept septembre septiembre settembre",
    "october oct oktober okt octobre octubre ottobre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre diciembre dicembre",
)
_MONTH = {name: n for n, names in enumerate(_MONTHS, start=1) for name in names.split()}
_WEEKDAYS = """
    monday mon montag mo lundi lun lunes lunedì
    tuesday tue tues dienstag di mardi martes mar martedì
    wednesday wed mittwoch mi mercredi mer miércoles mercoledì
    thursday thu thur thurs donnerstag do jeudi jeu jueves giovedì
    friday fri freitag fr vendredi ven viernes venerdì
    saturday sat samstag sa sonnabend samedi sam sábado sabato
    sunday sun sonntag so dimanche dim domingo domenica
"""
_WEEKDAY = {name: n for n, names in enumerate(_WEEKDAYS.strip().splitlines())
            for name in names.split()}  # fmt: skip
_FILLERS = frozenset({"um", "uhr", "at", "à", "a", "las", "alle", "ore", "de", "of", "the"})
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?::|(?<=\d)h(?=\d))(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?![\d:])",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d)")
_NUMBERS = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[./-])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<c>\d{4}|\d\d)\b"
)
_OFFSET = re.compile(r"(?:(?:UTC|GMT)\s?)?(?P<sign>[+\-−])(?P<h>\d{1,2})(?::?(?P<m>\d\d))?\Z")
DATE_FORMATS = ("dmy", "mdy", "ymd")
_EXPECTED = "expected one such as 2026-11-21 11:20"


def read_time(
    text: str, zone: tzinfo | None, where: str, date_format: str | None = None
) -> datetime | None:
    """Return a time, or None where there is none (an empty cell, a dash).

    Parameters
    ----------
    text
        As Moodle, Canvas or nbgrader write it (English, German, French, Spanish, Italian), in ISO
        8601, or as day, month and year with dots.
    zone
        For a time that does not say its zone itself, and for an abbreviation such as CEST.
    where
        What an error names.
    date_format
        Which of day, month and year come first in numbers with slashes: ``"dmy"``, ``"mdy"`` or
        ``"ymd"``.

    Raises
    ------
    CallError
        When it cannot be understood, can be understood in two ways, or says no zone and none is
        given.

    Examples
    --------
    >>> read_time("Saturday, 21 November 2026, 11:20 AM", UTC, "times.csv, line 2")
    datetime.datetime(2026, 11, 21, 11, 20, tzinfo=datetime.timezone.utc)
    >>> read_time("03.11.26 11:20", UTC, "--due").date().isoformat()
    '2026-11-03'
    >>> read_time("2026-11-03 23:30 GMT+1", UTC, "--due").isoformat()
    '2026-11-03T23:30:00+01:00'
    >>> read_time("03/11/2026 11:20", UTC, "--due")
    Traceback (most recent call last):
    coursekit.errors.CallError: --due: '03/11/2026 11:20' may be two days; write 2026-11-03 or 2026-03-11, or say which with --date-format dmy or mdy
    """  # noqa: E501 - an error is one line
    if text.strip().lower() in _NONE:
        return None
    shown = f"{where}: {printable(text)!r}"
    rest = " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())
    clock = _clock(rest)
    if clock is None:
        raise CallError(f"{shown} is not a time; {_EXPECTED}")
    (hour, minute, second, micro), before, after = clock
    day, left = _day(before.removesuffix("T"), shown, date_format)
    name, left_behind = _zone_name(after)
    if day is None and left_behind:  # the day behind the clock: "23:59 21.11.2026"
        day, more = _day(left_behind, shown, date_format)
        left, left_behind = left + more, ""
    if day is None or left_behind or any(word not in _FILLERS for word in _words(left)):
        weekdays = [word for word in _words(left) if word in _WEEKDAY]
        strange = [w for w in _words(left) if w not in _FILLERS and w not in _WEEKDAY]
        if day is None or left_behind or strange or len(weekdays) > 1:
            raise CallError(f"{shown} is not a time; {_EXPECTED}")
        try:
            said = datetime(*day).weekday()
        except ValueError:
            said = -1
        if said >= 0 and _WEEKDAY[weekdays[0]] != said and weekdays[0] != "mar":
            raise CallError(f"{shown} names a weekday that this day is not; {_EXPECTED}")
    try:
        moment = datetime(*day, hour, minute, second, micro)
    except ValueError as error:
        raise CallError(f"{shown} is no day of the calendar ({error}); {_EXPECTED}") from None
    return _in_zone(moment, name, zone, shown)


def _clock(text: str) -> tuple[tuple[int, int, int, int], str, str] | None:
    """Return the time of day, with what stands before and behind it; None where it is not one."""
    found = list(_CLOCK.finditer(text))
    # An offset such as +01:00 looks like a clock, too, and stands behind a sign.
    found = [one for one in found if text[: one.start()][-1:] not in ("+", "-", "−", ":")]
    if len(found) != 1:
        return None
    (one,) = found
    hour, minute, second = int(one["h"]), int(one["m"]), int(one["s"] or 0)
    if half := (one["half"] or "").lower().replace(".", ""):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    micro = int((one["f"] or "0").ljust(6, "0")[:6])
    return (hour, minute, second, micro), text[: one.start()], text[one.end() :].strip(" ,")


def _day(text: str, shown: str, date_format: str | None) -> tuple[tuple[int, int, int] | None, str]:
    """Return year, month and day, and the words around them."""
    if iso := _ISO.search(text):
        rest = text[: iso.start()] + " " + text[iso.end() :]
        return (int(iso["y"]), int(iso["mo"]), int(iso["d"])), rest
    if numbers := _NUMBERS.search(text):
        rest = text[: numbers.start()] + " " + text[numbers.end() :]
        return _numeric(numbers, shown, date_format), rest
    words = _words(text)
    months = [word for word in words if word in _MONTH and not (word == "mar" and _named(words))]
    figures = [word for word in words if word.isdigit()]
    if len(months) != 1 or len(figures) != 2:
        return None, text
    years = [word for word in figures if len(word) == 4]
    days = [word for word in figures if len(word) <= 2]
    if len(years) != 1 or len(days) != 1:
        return None, text
    rest = " ".join(word for word in words if word not in (months[0], years[0], days[0]))
    return (int(years[0]), _MONTH[months[0]], int(days[0])), rest


def _named(words: Sequence[str]) -> bool:
    """Say whether another word names the month: `mar` may be a weekday, too."""
    return any(word in _MONTH for word in words if word != "mar")


def _numeric(found: re.Match[str], shown: str, date_format: str | None) -> tuple[int, int, int]:
    """Return the day that three numbers stand for."""
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == 4:
        return int(a), int(b), int(c)
    if len(a) == 3:
        raise CallError(f"{shown} is not a time; {_EXPECTED}")
    if date_format == "ymd":
        return 2000 + int(a), int(b), int(c)
    year = int(c) if len(c) == 4 else 2000 + int(c)
    one, two = int(a), int(b)
    if date_format == "mdy":
        return year, one, two
    if date_format == "dmy" or found["sep"] == ".":  # dots: day first, wherever they are used
        return year, two, one
    if one != two and max(one, two) <= 12:
        raise CallError(
            f"{shown} may be two days; write {year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}, "
            "or say which with --date-format dmy or mdy"
        )
    return (year, two, one) if one > 12 or one == two else (year, one, two)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,.()]+", text.lower()) if word]


def _zone_name(text: str) -> tuple[str, str]:
    """Return the zone that stands behind the clock, and what else does."""
    words = [word for word in text.split() if word.lower().strip(".,") not in _FILLERS]
    rest = " ".join(words)
    if not rest or _OFFSET.match(rest) or rest == "Z":
        return rest, ""
    if len(words) == 1 and not any(char.isdigit() for char in rest):
        return rest.strip("()"), ""
    if len(words) == 1 and "/" in rest and rest[0].isalpha():
        return rest, ""
    return "", rest


def _in_zone(moment: datetime, name: str, zone: tzinfo | None, shown: str) -> datetime:
    """Return a local time with its zone; what happened twice or never is refused."""
    if name.upper() in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    if offset := _OFFSET.match(name):
        size = timedelta(hours=int(offset["h"]), minutes=int(offset["m"] or 0))
        if size > timedelta(hours=14):
            raise CallError(f"{shown} has an offset that no zone has; {_EXPECTED}")
        return moment.replace(tzinfo=timezone(size if offset["sign"] == "+" else -size))
    if "/" in name:
        try:
            return _unmistakable(moment, ZoneInfo(name), shown)
        except (LookupError, ValueError, OSError):
            raise CallError(f"{shown} names no time zone that is known; {_EXPECTED}") from None
    if name:
        if zone is None:
            raise CallError(
                f"{shown} says {printable(name)!r}, which is the name of several zones; say with "
                "--zone where the class is, or write an offset such as +02:00"
            )
        several = [moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
        fitting = [one for one in several if one.tzname() == name.upper()]
        if not fitting:
            raise CallError(
                f"{shown} says {printable(name)!r}, and there the time of {zone} is "
                f"{several[0].tzname()}; write an offset such as +02:00"
            )
        return fitting[0]
    if zone is None:
        raise CallError(f"{shown} says no time zone; name it with --zone")
    return _unmistakable(moment, zone, shown)


def _unmistakable(moment: datetime, zone: tzinfo, shown: str) -> datetime:
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    how = "was twice" if back == moment else "was left out"
    raise CallError(
        f"{shown} {how} in {zone}, when the clocks were changed; write an offset such as +01:00"
    )

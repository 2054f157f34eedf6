"""The rules of a run: given, or those of the run before, and always shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from coursekit.grading.commands.before import Before
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.sandbox.limits import Limits

_OPTIONS = {
    "cell": "--cell-seconds",
    "all_cells": "--all-seconds",
    "function": "--function-seconds",
    "memory": "--memory",
}


@dataclass(frozen=True)
class Rules:
    """What marks depend on beside the submissions, and what it takes to have them again.

    Parameters
    ----------
    strict
        Whether a function that leaves its work to a library earns nothing.
    limits
        Those that were given, by the names of `Limits`.
    zone
        Of the class; None where nobody said.
    date_format
        See `read_time`.
    words
        Of the command line: the other options that lead to the same marks.
    kept
        Which of these were not given but are those of the run before.
    file, text
        The `grading.toml` that they came from, and what it held.
    worth
        What the file makes the set worth; see `with_worth`.
    over
        What the command line said otherwise than the file.
    """

    strict: bool = False
    limits: tuple[tuple[str, float], ...] = ()
    zone: str | None = None
    date_format: str | None = None
    words: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    file: str | None = None
    text: str = ""
    worth: Mapping[str, Any] = field(default_factory=dict)
    over: tuple[str, ...] = ()

    @classmethod
    def settled(
        cls,
        earlier: Before,
        *,
        strict: bool | None,
        limits: Mapping[str, float | None],
        zone: str | None,
        date_format: str | None,
    ) -> "Rules":
        """Return the rules that are given, and for the rest those of the last run of the set."""
        before = _last(earlier.rules)
        kept = []
        if strict is None and before.strict:
            kept.append("--strict")
        if zone is None and before.zone:
            kept.append(f"--zone {before.zone}")
        given = {name: value for name, value in limits.items() if value is not None}
        for name, value in before.limits:
            if name not in given:
                given[name] = value
                kept.append(" ".join(_limit(name, value)))
        return cls(
            before.strict if strict is None else strict,
            tuple(sorted(given.items())),
            zone or before.zone,
            date_format or before.date_format,
            kept=tuple(kept),
        )

    def with_words(self, name: str, value: str | None) -> "Rules":
        """Return these with one more option, unless it was not given."""
        if value is None:
            return self
        return replace(self, words=(*self.words, name, value) if value else (*self.words, name))

    def with_rule(self, rule: Rule | None, where: tzinfo | None, given: bool) -> "Rules":
        """Return these with when the set is due, given now or kept from an earlier run."""
        if rule is None:
            return self
        minutes = rule.grace.total_seconds() / 60
        words = ["--due", rule.due.astimezone(where or rule.due.tzinfo).isoformat()]
        for name, value in (
            ("--penalty", rule.penalty_per_day or None),
            ("--grace", minutes or None),
            ("--most-days", rule.most_days),
            ("--marked-late", rule.marked_late),
        ):
            words += [] if value is None else [name, f"{value:g}"]
        kept = () if given else (" ".join(words),)
        return replace(self, words=(*self.words, *words), kept=(*self.kept, *kept))

    def grading_limits(self) -> Limits:
        """Return what a submission may use."""
        given: dict[str, Any] = dict(self.limits)
        return Limits(**given)

    def command(self) -> list[str]:
        """Return all of them as words of a command line."""
        found = ["--strict"] if self.strict else []
        for name, value in self.limits:
            found += _limit(name, value)
        found += ["--zone", self.zone] if self.zone else []
        found += ["--date-format", self.date_format] if self.date_format else []
        return [*found, *self.words]

    def as_json(self) -> dict[str, Any]:
        """Return what the gradebook keeps."""
        return {
            "strict": self.strict,
            "limits": dict(self.limits),
            "zone": self.zone,
            "date_format": self.date_format,
            "words": list(self.words),
            "command": self.command(),
            "file": self.file,
            "text": self.text,
            "worth": dict(self.worth),
            "over": list(self.over),
        }


def _limit(name: str, value: float) -> list[str]:
    return [_OPTIONS[name], f"{int(value) >> 20}" if name == "memory" else f"{value:g}"]


def _last(known: Mapping[str, Any]) -> Rules:
    """Return the rules that a gradebook kept of the last run of a set."""
    limits = known.get("limits") or {}
    return Rules(
        bool(known.get("strict")),
        tuple(sorted((name, value) for name, value in limits.items() if name in _OPTIONS)),
        known.get("zone"),
        known.get("date_format"),
    )

"""One line of the doctor's report."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "missing"]


@dataclass(frozen=True)
class Finding:
    """One line of the report: how it stands, what was looked at, what was found, what to do."""

    level: Level
    subject: str
    found: str
    fix: str = ""

    def line(self) -> str:
        """Return the line as it is printed.

        Examples
        --------
        >>> Finding("note", "sandbox", "none", "apt install bubblewrap").line()
        'note     sandbox      none: apt install bubblewrap'
        """
        fix = f": {self.fix}" if self.fix else ""
        return f"{self.level:<8} {self.subject:<12} {self.found}{fix}"

"""Tables that instructors have, as CSV (RFC 4180), in a declared or unmistakable encoding."""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CallError
from coursekit.grading.names import printable

_LARGEST = 20 * 2**20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@dataclass(frozen=True)
class Row:
    """A line of a table: where it stands in the file, and its cells by the names of the columns."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str | None) -> str:
        return self.cells.get(column, "") if column is not None else ""


@dataclass(frozen=True)
class Table:
    """A table as it was read; `content` is the file itself, byte by byte.

    Names of columns are in small letters in `columns` and in the rows, and as written in `heading`.
    """

    path: Path
    content: bytes
    encoding: str
    delimiter: str
    heading: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in small letters."""
        return tuple(name.strip().lower() for name in self.heading)

    def at(self, row: Row) -> str:
        """Say where a row stands."""
        return f"{printable(str(self.path))}, line {row.line}"


def read_table(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Table:
    r"""Return the rows of a CSV file.

    Parameters
    ----------
    path
        The file.
    encoding
        Such as ``"cp1252"``; not needed for UTF-8, and for UTF-16 as Excel writes it.
    delimiter
        ``"comma"``, ``"semicolon"`` or ``"tab"``; that which the heading has, unless given.

    Raises
    ------
    CallError
        When it cannot be read, or can be read in two ways; the message names the line and the
        option that settles it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "roster.csv"
    ...     _ = file.write_text("sep=;\nStudent;Number\nanna;'11\n")
    ...     table = read_table(file)
    >>> table.columns, table.rows
    (('student', 'number'), (Row(line=3, cells={'student': 'anna', 'number': "'11"}),))
    """
    shown = printable(str(path))
    try:
        content = path.read_bytes()[: _LARGEST + 1]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CallError(f"{shown} cannot be read ({reason})") from error
    if len(content) > _LARGEST:
        raise CallError(f"{shown} is larger than 20 MB; expected a list of students")
    return table_of(path, content, encoding, delimiter)


def table_of(
    path: Path, content: bytes, encoding: str | None = None, delimiter: str | None = None
) -> Table:
    """Return the rows of a CSV file whose content is at hand; see `read_table`."""
    shown = printable(str(path))
    text, encoding = _decoded(content, encoding, shown)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    skipped = 0
    sign = DELIMITERS.get(delimiter or "", delimiter)
    if first.lower().startswith("sep=") and len(first.rstrip()) in (4, 5):  # as Excel writes it
        sign = sign or first[4:5] or None
        text, skipped = rest, 1
    sign = sign or _delimiter_of(text, shown)
    lines = _parsed(text, sign, shown, skipped)
    if len(lines) < 2:
        raise CallError(
            f"{shown} has no lines below its heading; expected a CSV file with a heading and one "
            "line a student"
        )
    heading = tuple(cell.strip() for cell in lines[0][1])
    names = [name.lower() for name in heading]
    rows = []
    for number, cells in lines[1:]:
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            raise CallError(
                f"{shown}, line {number} has {len(cells)} cells, the heading {len(names)}; put a "
                "cell that holds the delimiter into quotation marks, or name it with --delimiter"
            )
        if len(cells) == 1 < len(names) and any(other in cells[0] for other in DELIMITERS.values()):
            raise CallError(
                f"{shown}, line {number} has no {sign!r} between its cells, as the heading has; "
                "write it there, or put a cell that holds another delimiter into a line of "
                f"{len(names)} cells"
            )
        if any(cell.strip() for cell in cells):
            pairs = zip(names, cells, strict=False)
            known: dict[str, str] = {}
            for name, cell in pairs:
                known.setdefault(name, cell.strip())
            rows.append(Row(number, known))
    return Table(path, content, encoding, sign, heading, tuple(rows))


def _decoded(content: bytes, declared: str | None, shown: str) -> tuple[str, str]:
    """Return the text, and the encoding that it is in."""
    if declared is not None:
        try:
            return content.decode(declared), declared
        except LookupError:
            raise CallError(f"--encoding {declared!r} is not known; try utf-8 or cp1252") from None
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise CallError(f"{shown}, line {line} is not in --encoding {declared}") from None
    marked = (name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark))
    encoding = next(marked, None) or _without_a_mark(content[:2])
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CallError(
            f"{shown}, line {line} is not in {encoding.removesuffix('-sig').upper()}; say with "
            "--encoding which one it is (Excel on Windows: cp1252), or save it as CSV UTF-8"
        ) from None


def _without_a_mark(first: bytes) -> str:
    """Return the encoding of a table without a mark: its heading starts with a plain letter."""
    if len(first) == 2 and 0 in first:
        return "utf-16-le" if first[1] == 0 else "utf-16-be"
    return "utf-8"


def _delimiter_of(text: str, shown: str) -> str:
    """Return the delimiter that the heading has, outside quotation marks."""
    quoted, found = False, dict[str, int]()
    for char in text:
        if char == '"':
            quoted = not quoted
        elif not quoted and char == "\n":
            break
        elif not quoted and char in DELIMITERS.values():
            found[char] = found.get(char, 0) + 1
    if len(found) > 1:
        names = [name for name, sign in DELIMITERS.items() if sign in found]
        raise CallError(
            f"{shown}, line 1 may be divided by {' or '.join(names)}; say which with --delimiter"
        )
    return next(iter(found), ",")


def _parsed(text: str, delimiter: str, shown: str, skipped: int) -> list[tuple[int, list[str]]]:
    """Return the cells of each line, with the number of the line that it starts in."""
    if len(delimiter) != 1:
        raise CallError(f"--delimiter {delimiter!r}: give one of {', '.join(DELIMITERS)}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    before = skipped
    try:
        for cells in reader:
            if cells:
                lines.append((before + 1, cells))
            before = reader.line_num + skipped
    except csv.Error as error:
        raise CallError(
            f"{shown}, line {before + 1}: a quotation mark opens a cell that does not end as CSV "
            f"has it ({error}); write it twice inside quotation marks"
        ) from None
    return lines

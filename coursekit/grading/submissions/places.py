"""Where submissions are read from: a folder or a zip. Nothing is unpacked, no link is followed."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

from coursekit.errors import CallError, CourseError
from coursekit.grading.names import printable

MOST_BYTES = 32 * 2**20  # of one notebook; pictures of a whole lesson need a tenth of it
MOST_FILES = 200_000


class UnreadableError(Exception):
    """A submission that cannot be read: `code` for the list of events, and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Found:
    """A file in the place: its path inside, when it was written, and whether it is a link."""

    path: PurePosixPath
    written: datetime | None
    link: bool
    index: int = 0  # in an archive, where two members may have the same name


class Place(Protocol):
    """Something that holds files."""

    def files(self) -> list[Found]:
        """Return every file, in the order of their names."""

    def read(self, file: Found) -> bytes:
        """Return what a file holds, or raise `UnreadableError`."""


def open_place(path: Path) -> Place:
    """Return the place at `path`: a folder, a zip or a single notebook.

    Raises
    ------
    CallError
        When there is no such place.
    CourseError
        When it cannot be listed.

    Examples
    --------
    >>> open_place(Path("no/such/folder"))
    Traceback (most recent call last):
    coursekit.errors.CallError: no/such/folder is not there; name a folder or a zip of submissions
    """
    if path.is_dir():
        return FolderPlace(path)
    if not path.exists():
        shown = printable(str(path))
        raise CallError(f"{shown} is not there; name a folder or a zip of submissions")
    if path.suffix.lower() == ".ipynb":
        return FolderPlace(path.parent, only=path.name)
    return ZipPlace(path)


def refuse_a_file(path: Path) -> None:
    """Refuse a path where no folder can be made.

    Raises
    ------
    CallError
        When it is a file, or lies below one.
    """
    for place in (path, *path.parents):
        if place.exists():
            if not place.is_dir():
                raise CallError(
                    f"{printable(str(place))} is a file; name another folder with --out"
                )
            return


class FolderPlace:
    """A folder of submissions, or one notebook in it."""

    def __init__(self, top: Path, only: str | None = None) -> None:
        self.top, self.only = top, only

    def files(self) -> list[Found]:
        """List the files of all folders below; a linked folder is listed as a link."""
        try:
            found = sorted(self._walk(self.top), key=lambda file: file.path.parts)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CourseError(
                f"{printable(str(error.filename or self.top))} cannot be listed ({reason}); "
                "look at its permissions"
            ) from error
        return found

    def _walk(self, folder: Path) -> Iterator[Found]:
        waiting, count = [folder], 0
        while waiting:
            for entry in waiting.pop().iterdir():
                if self.only is not None and entry.name != self.only:
                    continue
                about = entry.lstat()
                if stat.S_ISDIR(about.st_mode):
                    waiting.append(entry)
                    continue
                count += 1
                if count > MOST_FILES:
                    raise CourseError(
                        f"{printable(str(self.top))} holds more than {MOST_FILES:,} files; "
                        "name the folder of one set's submissions"
                    )
                written = datetime.fromtimestamp(about.st_mtime, UTC)
                path = PurePosixPath(entry.relative_to(self.top).as_posix())
                yield Found(path, written, link=not stat.S_ISREG(about.st_mode))

    def read(self, file: Found) -> bytes:
        """Read one file, which must be a plain one."""
        try:
            with (self.top / file.path).open("rb") as opened:
                return bounded(opened.read(MOST_BYTES + 1))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UnreadableError("not_readable", f"the file cannot be read: {reason}") from error


class ZipPlace:
    """A zip of submissions. Its members are read in memory, bounded, and never unpacked."""

    def __init__(self, archive: Path, content: bytes | None = None) -> None:
        self.archive = archive
        try:
            self._zip = zipfile.ZipFile(archive if content is None else io.BytesIO(content))
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise CourseError(
                f"{printable(str(archive))} is neither a folder nor a zip that can be read "
                f"({printable(str(error))}); download it again"
            ) from error
        self._members = [member for member in self._zip.infolist() if not member.is_dir()]
        if len(self._members) > MOST_FILES:
            raise CourseError(
                f"{printable(str(archive))} holds more than {MOST_FILES:,} files; "
                "pack one set's submissions only"
            )

    @staticmethod
    def _inside(name: str) -> PurePosixPath:
        """Return a member's name without anything that points out of the archive."""
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        return PurePosixPath(*parts)

    def files(self) -> list[Found]:
        """List the members."""
        found = []
        for index, member in enumerate(self._members):
            kind = stat.S_IFMT(member.external_attr >> 16)
            odd = kind not in (0, stat.S_IFREG)
            try:
                written = datetime(*member.date_time, tzinfo=UTC)
            except ValueError:  # a month 0, as some tools write it
                written = None
            path = self._inside(_member_name(member))
            found.append(Found(path, written, link=odd, index=index))
        return sorted(found, key=lambda file: file.path.parts)

    def read(self, file: Found) -> bytes:
        """Read one member, never more of it than a notebook may hold."""
        member = self._members[file.index]
        if member.file_size > MOST_BYTES:
            raise _too_large(member.file_size)
        try:
            with self._zip.open(member) as opened:
                return bounded(opened.read(MOST_BYTES + 1))
        except RuntimeError as error:  # needs a password
            raise UnreadableError("encrypted", "the file in the zip is encrypted") from error
        except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
            sentence = f"the file in the zip is damaged: {printable(str(error))}"
            raise UnreadableError("damaged", sentence) from error


class WithZipsOpened:
    """A place in which a zip is a folder of the same name: students pack what they hand in.

    Zips in zips in it stay closed. One that cannot be read stays a file.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._inside: dict[tuple[PurePosixPath, int], tuple[Found, Found]] = {}

    def files(self) -> list[Found]:
        """List the files, those in zips as if they lay in a folder."""
        found = []
        for file in self._place.files():
            inner = self._opened(file) if file.path.suffix.lower() == ".zip" else None
            if inner is None:
                found.append(file)
                continue
            for index, member in enumerate(inner.files()):
                path = file.path.with_suffix("") / member.path
                listed = Found(path, member.written, member.link, -1 - len(self._inside) - index)
                self._inside[path, listed.index] = file, member
                found.append(listed)
        return sorted(found, key=lambda file: file.path.parts)

    def read(self, file: Found) -> bytes:
        """Read one file, wherever it lies."""
        packed = self._inside.get((file.path, file.index))
        if packed is None:
            return self._place.read(file)
        archive, member = packed
        opened = self._opened(archive)
        if opened is None:
            raise UnreadableError("damaged", "the zip that it is in cannot be read")
        return opened.read(member)

    def _opened(self, file: Found) -> ZipPlace | None:
        if file.link:
            return None
        try:
            return ZipPlace(Path(file.path.name), self._place.read(file))
        except (UnreadableError, CourseError):
            return None


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member: UTF-8 where it says so, or is nothing else by chance.

    Many programs write UTF-8 and do not set the flag for it (APPNOTE.TXT 4.4.4, bit 11); a name in
    another encoding is no UTF-8, and is then read in the one that the format has, code page 437.
    """
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    try:
        return member.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def bounded(content: bytes) -> bytes:
    """Return what was read, unless it is more than a notebook may hold."""
    if len(content) > MOST_BYTES:
        raise _too_large(len(content))
    return content


def _too_large(size: int) -> UnreadableError:
    return UnreadableError(
        "too_large",
        f"the file holds {size / 2**20:,.0f} MB or more; at most {MOST_BYTES // 2**20} MB are read",
    )

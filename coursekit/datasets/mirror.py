"""The mirror: a folder, named by `COURSEKIT_DATA`, that holds the publishers' files.

A file is known by its digest, not by its place: MNIST and Fashion-MNIST name their files alike.
"""

from pathlib import Path

from coursekit._files import folder_in_variable
from coursekit.datasets.formats import WrongBytes, unpack
from coursekit.datasets.registry import FileRecord, SetRecord


def mirror_folder() -> Path | None:
    """Return the mirror folder, as an absolute path, or None where none is named.

    Examples
    --------
    >>> mirror_folder() is None or mirror_folder().name != ""
    True
    """
    return folder_in_variable("COURSEKIT_DATA")


def _candidates(record: SetRecord, file: FileRecord) -> list[Path]:
    mirror = mirror_folder()
    if mirror is None:
        return []
    bare = file.name.removesuffix(".gz")
    places = [mirror / folder / name for folder in record.folders for name in (file.name, bare)]
    return [place for place in places if place.is_file()]


def holds(record: SetRecord) -> bool:
    """Tell, without reading them, whether the mirror has files with the names of a set.

    Examples
    --------
    >>> from coursekit.datasets.registry import record
    >>> holds(record("strokes"))
    False
    """
    return bool(record.files) and all(_candidates(record, file) for file in record.files)


def read(record: SetRecord, complaints: list[str]) -> dict[str, bytes] | None:
    """Return the unzipped contents of a set's files by name, or None where one is missing or wrong.

    Parameters
    ----------
    record
        What the registry says of the set.
    complaints
        Gets a line for each file that is there but wrong, and one for each that is missing where
        others of the set are there.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from coursekit.datasets.registry import record
    >>> read(replace(record("mnist"), folders=()), []) is None
    True
    """
    contents: dict[str, bytes] = {}
    places = {file.name: _candidates(record, file) for file in record.files}
    if not any(places.values()):
        return None
    for file in record.files:
        if not places[file.name]:
            complaints.append(f"{mirror_folder()} lacks {file.name}")
        elif (found := _first_right(places[file.name], file, complaints)) is not None:
            contents[file.name] = found
    return contents if len(contents) == len(record.files) else None


def _first_right(places: list[Path], file: FileRecord, complaints: list[str]) -> bytes | None:
    wrong = []
    for place in places:
        try:
            return unpack(place, file)
        except WrongBytes as error:
            wrong.append(f"{place} {error}")
        except OSError as error:
            wrong.append(f"{place} cannot be read ({error.strerror})")
    complaints.extend(wrong)
    return None

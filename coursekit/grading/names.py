"""Students' names as file names, and on a terminal: nothing in a name is ever an instruction."""

import hashlib
import string

_PLAIN = frozenset(string.ascii_letters + string.digits + "._-")
_LONGEST = 180  # file systems allow 255 bytes, and an ending is still to come


def file_name(student: str) -> str:
    r"""Return the name as a file name: all but letters, digits, ``._-`` is percent-encoded.

    A name that would be too long for a file is cut and ends in a digest, so that two stay two.

    Examples
    --------
    >>> file_name("ada")
    'ada'
    >>> file_name("../O'Brien\n")
    '..%2FO%27Brien%0A'
    """
    raw = student.encode("utf-8", "surrogatepass")
    coded = "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in raw)
    if len(coded) > _LONGEST:
        digest = hashlib.sha256(raw).hexdigest()[:16]
        coded = f"{coded[: _LONGEST - 17].rsplit('%', 1)[0]}-{digest}"
    return coded or "%"


def printable(text: str, longest: int = 200) -> str:
    r"""Return text without anything that could steer a terminal or hide in a line.

    Examples
    --------
    >>> printable("a\x1b[31mb\nc")
    'a\\x1b[31mb\\nc'
    """
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text[: longest + 1]
    )
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"

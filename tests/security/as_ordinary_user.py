"""Runs a Python file as a user without any privilege: `as_ordinary_user.py FILE ARGUMENT...`.

Started as root it first makes a view of the files, seen by this process alone, in which the
interpreter and the project can be reached by everybody; then it becomes an ordinary user.
"""

import ctypes
import os
import runpy
import sys
import tempfile
from pathlib import Path

USER = 54321


def main() -> None:
    if os.geteuid() == 0:
        _open_the_way([sys.base_prefix, sys.prefix, str(Path(__file__).parents[2])])
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
    os.environ["HOME"] = tempfile.mkdtemp()
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


def _open_the_way(needed: list[str]) -> None:
    """Show `needed` in place, below folders that everybody may enter."""
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(source: str, place: str, kind: str, flags: int, options: str = "") -> None:
        texts = [text.encode() for text in (source, place, kind)]
        if libc.mount(*texts, ctypes.c_ulong(flags), options.encode()) != 0:
            raise OSError(ctypes.get_errno(), place)

    if libc.unshare(0x00020000) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    mount("none", "/", "", (1 << 18) | (1 << 14))
    for path in map(Path, needed):
        closed = [p for p in reversed(path.parents) if not p.stat().st_mode & 0o001]
        if not closed:
            continue
        kept = os.open(path, os.O_PATH)
        mount("tmpfs", str(closed[0]), "tmpfs", 0, "mode=0755")
        path.mkdir(parents=True, mode=0o755)
        mount(f"/proc/self/fd/{kept}", str(path), "", 4096)
        os.close(kept)


if __name__ == "__main__":
    main()

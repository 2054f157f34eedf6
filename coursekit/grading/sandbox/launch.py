"""Started as a program of its own: gives up root, joins its limits, then becomes the sandbox.

It is told what to do as JSON in its first argument. It imports nothing of this project.
"""

import ctypes
import json
import os
import sys
from pathlib import Path

_NEW_MOUNTS, _BIND, _RECURSIVE, _PRIVATE = 0x00020000, 4096, 1 << 14, 1 << 18


def main() -> None:
    """Prepare this process, then replace it."""
    told = json.loads(sys.argv[1])
    for file in told["join"]:
        Path(file).write_text(str(os.getpid()))
    if told["user"] is not None:
        if told["stage"]:
            _stage(told["stage"], told["sources"])
        os.setgroups([])
        os.setresgid(told["user"], told["user"], told["user"])
        os.setresuid(told["user"], told["user"], told["user"])
    os.umask(0o077)
    os.chdir("/")
    os.execve(told["command"][0], told["command"], told["environment"])


def _stage(folder: str, sources: dict[str, str]) -> None:
    """Show each source under `folder`, in mounts of this process alone.

    Python may lie in a folder that only root may enter; below `folder` everybody may read it.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(source: str, place: str, kind: str, flags: int, options: str = "") -> None:
        texts = [text.encode() for text in (source, place, kind)]
        if libc.mount(*texts, ctypes.c_ulong(flags), options.encode()) != 0:
            sys.exit(f"mounting {place}: {os.strerror(ctypes.get_errno())}")

    if libc.unshare(_NEW_MOUNTS) != 0:
        sys.exit(f"a mount namespace: {os.strerror(ctypes.get_errno())}")
    mount("none", "/", "", _PRIVATE | _RECURSIVE)
    descriptors = {name: os.open(source, os.O_PATH) for name, source in sources.items()}
    mount("tmpfs", folder, "tmpfs", 0, "size=1m,mode=0755")
    for name, descriptor in descriptors.items():
        place = Path(folder) / name
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            place.mkdir()
        else:
            place.touch()
        mount(f"/proc/self/fd/{descriptor}", str(place), "", _BIND)
        os.close(descriptor)


if __name__ == "__main__":
    main()

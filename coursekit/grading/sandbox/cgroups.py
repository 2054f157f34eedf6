"""Control groups: a bound on memory and processes that nothing inside can get around.

Version 1 and version 2, wherever this process may make a group. Where it may not, limits of the
process and a watch over its memory serve instead.
"""

import contextlib
import os
import secrets
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "coursekit-"
_LOOKS = 100  # of a hundredth of a second each, until killed processes are gone
_YOUNG = 60.0  # seconds: long after a group is made and joined


@dataclass(frozen=True)
class Group:
    """The folders of one group: one for version 2, one a controller for version 1."""

    folders: tuple[Path, ...]

    def joined_by(self) -> list[str]:
        """Return the files into which a process writes its number to belong to it."""
        return [str(folder / "cgroup.procs") for folder in self.folders]

    def take(self, pid: int) -> bool:
        """Move a process here, with all that it starts from now on; say whether that was possible.

        What it has used so far stays counted where it was.
        """
        try:
            for file in self.joined_by():
                Path(file).write_text(str(pid))
        except OSError:
            return False
        return True

    def used(self) -> int:
        """Return the bytes of memory in use, 0 where that cannot be read."""
        return max(self._number("memory.usage_in_bytes"), self._number("memory.current"))

    def bound(self, memory: int, processes: int) -> None:
        """Let it have so many bytes and processes at most."""
        self._write("memory.limit_in_bytes", memory)
        self._write("memory.memsw.limit_in_bytes", memory)
        self._write("memory.max", memory)
        self._write("memory.swap.max", 0)
        self._write("pids.max", processes)

    def ended_for_memory(self) -> int:
        """Return how many processes have been ended because memory was used up."""
        count = 0
        for folder in self.folders:
            for name in ("memory.oom_control", "memory.events"):
                with contextlib.suppress(OSError, ValueError):
                    words = (folder / name).read_text().split()
                    count += int(words[words.index("oom_kill") + 1])
        return count

    def end_all(self) -> None:
        """Kill every process in it, and wait a moment until they are gone."""
        for _ in range(_LOOKS):
            numbers = self._members()
            for number in numbers:
                with contextlib.suppress(OSError):
                    handle = os.pidfd_open(number)
                    try:
                        if number in self._members():  # still: the number was not given anew
                            signal.pidfd_send_signal(handle, signal.SIGKILL)
                    finally:
                        os.close(handle)
            if not numbers:
                return
            time.sleep(0.01)

    def remove(self) -> None:
        """Take the group away; what is still in it keeps it."""
        for folder in self.folders:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _write(self, name: str, value: int) -> None:
        for folder in self.folders:
            if (folder / name).exists():
                with contextlib.suppress(OSError):
                    (folder / name).write_text(str(value))

    def _members(self) -> set[int]:
        """Return the numbers of the processes in it."""
        try:
            return set(map(int, (self.folders[0] / "cgroup.procs").read_text().split()))
        except (OSError, ValueError):
            return set()

    def _number(self, name: str) -> int:
        for folder in self.folders:
            with contextlib.suppress(OSError, ValueError):
                return int((folder / name).read_text())
        return 0


def make_group(name: str) -> Group | None:
    """Make a group below the one that this process is in; None where that is not possible.

    Groups that an earlier process left behind when it was killed are taken away first.
    """
    parents = _parents()
    if not parents:
        return None
    for parent in parents:
        _sweep(parent)
    # A name of its own: bounds and dying processes of another sandbox are no concern of this one.
    own_name = f"{_PREFIX}{os.getpid()}-{name}-{secrets.token_hex(4)}"
    folders = tuple(parent / own_name for parent in parents)
    group = Group(folders)
    try:
        for folder in folders:
            folder.mkdir()
        usable = any(
            os.access(folder / file, os.W_OK)
            for folder in folders
            for file in ("memory.limit_in_bytes", "memory.max")
        ) and all(os.access(file, os.W_OK) for file in group.joined_by())
    except OSError:
        usable = False
    if not usable:
        group.remove()
        return None
    return group


def _parents() -> tuple[Path, ...]:
    """Return the folders below which groups for memory and processes can be made."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    except OSError:
        return ()
    own = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            own[controller] = path
    first, second = {}, None
    for words in mounts:
        kind, options = words[words.index("-") + 1], words[-1].split(",")
        root, place = words[3], words[4]
        if kind == "cgroup2" and "" in own:
            second = _below(place, root, own[""])
        elif kind == "cgroup":
            for controller in {"memory", "pids", "cpu"} & set(options) & set(own):
                first[controller] = _below(place, root, own[controller])
    if "memory" in first:
        return tuple(dict.fromkeys(path for path in first.values() if os.access(path, os.W_OK)))
    if second is not None and os.access(second, os.W_OK):
        return (second,)
    return ()


def _below(place: str, root: str, path: str) -> Path:
    """Return the folder of a group, as this process sees it."""
    inner = path[len(root) :] if root != "/" and path.startswith(root) else path
    return Path(place) / inner.lstrip("/")


def _sweep(parent: Path) -> None:
    """Take away groups of processes that are gone.

    Young ones stay: they may be of a grader in another container, whose number is not known here.
    """
    for folder in parent.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > _YOUNG
            if owner.isdigit() and old and not Path(f"/proc/{owner}").exists():
                _end_orphans(folder)
                folder.rmdir()


def _end_orphans(folder: Path) -> None:
    """End sandboxes that wait for ever: their other half was killed while it set them up."""
    with contextlib.suppress(OSError, ValueError):
        for number in (folder / "cgroup.procs").read_text().split():
            words = Path(f"/proc/{number}/stat").read_text().rpartition(")")
            if words[0].endswith("(bwrap") and words[2].split()[1] == "1":  # nobody's child
                os.kill(int(number), signal.SIGKILL)

"""A child in namespaces of its own: nothing it does is seen, kept or held by what it came from.

One `clone` gives it a user, mount, network, process and message namespace. It is process 1 of the
new process namespace, so killing it ends everything that it has started.
"""

import ctypes
import os
import resource
import signal
import struct
from pathlib import Path
from typing import Any

import numpy as np

_LIBC = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock: nothing else runs
_API = ctypes.pythonapi

_NEW_NAMESPACES = (  # mount, ipc, user, pid, net
    0x00020000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
)
_CLONE = {"x86_64": 56, "aarch64": 220}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_PRIVATE, _RECURSIVE = 1 << 18, 1 << 14
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_SET_PARENT_DEATH, _SET_DUMPABLE, _SET_SECCOMP, _DROP_BOUND, _NO_NEW_PRIVILEGES = 1, 4, 22, 24, 38

_USER, _GROUP = os.getuid(), os.getgid()  # a new user namespace does not know them

Limits = dict[str, Any]


def clone_child() -> int:
    """Fork into new namespaces; return the child's number, and 0 in the child.

    Raises
    ------
    OSError
        When this machine refuses namespaces within namespaces.
    """
    number = _CLONE[os.uname().machine]
    _API.PyOS_BeforeFork()
    ctypes.set_errno(0)
    pid = _LIBC.syscall(number, _NEW_NAMESPACES | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        _API.PyOS_AfterFork_Child()
        return 0
    failed = ctypes.get_errno()
    _API.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(failed, f"clone: {os.strerror(failed)}")
    return int(pid)


def settle(limits: Limits) -> None:
    """Give a child made by `clone_child` its own view of the machine.

    Raises
    ------
    OSError
        When a part of it is refused.
    """
    _control(_SET_DUMPABLE, 1)  # else the three files below belong to nobody
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_USER} {_USER} 1")
    Path("/proc/self/gid_map").write_text(f"{_GROUP} {_GROUP} 1")
    Path("/proc/self/oom_score_adj").write_text("1000")  # it goes first, its parent stays
    _mount(None, "/", None, _PRIVATE | _RECURSIVE)
    plain = _NO_SUID | _NO_DEVICES
    room = f"size={limits['temporary_bytes']},nr_inodes={limits['temporary_files']}"
    _mount("tmpfs", "/tmp", "tmpfs", plain, f"{room},mode=0777")
    _mount("tmpfs", "/dev/shm", "tmpfs", plain, f"{room},mode=0777")
    if Path("/dev/pts").is_dir():  # terminals are shared by all; nobody here has one
        _mount("tmpfs", "/dev/pts", "tmpfs", plain | _READ_ONLY, "size=4096")
    _mount("proc", "/proc", "proc", plain | _NO_PROGRAMS | _READ_ONLY)
    os.chdir("/tmp")


def give_up_powers() -> None:
    """Lose every capability that a new user namespace brings, for good."""
    for capability in range(64):
        if _LIBC.prctl(_DROP_BOUND, capability, 0, 0, 0) != 0:
            break
    header = struct.pack("Ii", 0x20080522, 0)
    if _LIBC.syscall(_CAPSET[os.uname().machine], header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset was refused")
    _control(_NO_NEW_PRIVILEGES, 1)


def set_limits(limits: Limits) -> None:
    """Bound memory, processor time, processes, open files and the size of files."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for name, value in {
        "RLIMIT_AS": now + limits["memory_bytes"],
        "RLIMIT_CPU": limits["cpu_seconds"],
        "RLIMIT_NPROC": limits["processes"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_FSIZE": limits["temporary_bytes"],
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
    }.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def end_with_parent() -> None:
    """Be killed when the process ends that this one was forked from."""
    _control(_SET_PARENT_DEATH, signal.SIGKILL)


def keep_only(*descriptors: int) -> None:
    """Close every open file but those named; 0, 1 and 2 lead nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    start = 3
    for kept in sorted(descriptors):
        os.closerange(start, kept)
        start = kept + 1
    os.closerange(start, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def filter_calls(program: "np.ndarray[Any, Any]") -> None:
    """Install a system-call filter that was written on the other side."""
    code = program.tobytes()
    if not code:
        return
    buffer = ctypes.create_string_buffer(code, len(code))
    address = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    _control(_SET_SECCOMP, 2, address)


def refuse_tracing() -> None:
    """Keep other processes of the same user from reading or changing this one's memory."""
    _control(_SET_DUMPABLE, 0)


def _control(what: int, value: int, more: Any = 0) -> None:
    if _LIBC.prctl(what, value, more, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {what} was refused")


def _mount(source: str | None, place: str, kind: str | None, flags: int, options: str = "") -> None:
    texts = [None if text is None else text.encode() for text in (source, place, kind)]
    if _LIBC.mount(*texts, ctypes.c_ulong(flags), options.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mounting {place}: {os.strerror(number)}")

"""One sandbox: bubblewrap around a process that knows nothing and can reach nothing."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from coursekit.errors import CourseError
from coursekit.grading.sandbox import cgroups, shown_files
from coursekit.grading.sandbox.bubblewrap import find_bubblewrap
from coursekit.grading.sandbox.limits import Limits

UNPRIVILEGED = 65534  # whom the sandbox belongs to when root grades
INSIDE_USER = 1000
_PROBE_SECONDS = 60.0
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "SHELL": "/bin/sh",
    "KERAS_BACKEND": "torch",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": "/tmp",
    "IPYTHONDIR": "/tmp/ipython",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "COURSEKIT_HEADLESS": "1",
}


class SandboxError(CourseError):
    """A sandbox could not be made, or has gone."""


class Sandbox:
    """A process inside a sandbox and the one socket that leads to it.

    Parameters
    ----------
    limits
        What a submission may use.
    name
        Tells sandboxes of one run apart.
    isolated
        False: no sandbox at all, only a process. Nothing protects this machine then.

    Attributes
    ----------
    channel : socket.socket
        Leads to the process inside.
    """

    def __init__(
        self,
        limits: Limits,
        name: str = "0",
        isolated: bool = True,
    ) -> None:
        self.limits, self.name, self.isolated = limits, name, isolated
        self.group = cgroups.make_group(name) if isolated else None
        self.channel, inner = socket.socketpair()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._bare = None if isolated else tempfile.TemporaryDirectory(prefix="coursekit-")
        if self._bare is None:
            places = tuple(one.place for one in shown_files.packages())
            told = _told(limits, _python("/sandbox", inner.fileno(), places), self.group)
        else:
            told = _told_unsafe(self._bare.name, inner.fileno())
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(shown_files.HERE / "launch.py"), json.dumps(told)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            pass_fds=[inner.fileno()],
            env={},
            start_new_session=True,
        )
        inner.close()

    @property
    def pid(self) -> int:
        """The number of the outermost process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def said(self) -> str:
        """Return the last thing that was written where errors go; nothing once it is closed."""
        if self._log.closed:
            return ""
        self._log.seek(0)
        lines = self._log.read(20_000).decode(errors="replace").strip().splitlines()
        return "".join(c if c.isprintable() else " " for c in lines[-1][:300]) if lines else ""

    def close(self) -> None:
        """End everything inside."""
        self.channel.close()
        self._process.kill()
        self._process.wait()
        self._log.close()
        if self._bare is not None:
            self._bare.cleanup()
        if self.group is not None:
            self.group.end_all()  # what is inside dies a moment later than what is around it
            self.group.remove()


@contextmanager
def started_early(limits: Limits) -> Iterator[Sandbox | None]:
    """Give a sandbox that is starting, before anything else is imported or looked at here.

    None where there is none to be had: the grader finds out later why, and says so.
    """
    sandbox = None
    if sys.platform == "linux" and find_bubblewrap() is not None:
        with suppress(CourseError, OSError):
            sandbox = Sandbox(limits, "warm")
    try:
        yield sandbox
    finally:
        if sandbox is not None:
            sandbox.close()


def probe() -> str:
    """Start a sandbox as for a submission, with nothing to do; return why there is none, or ""."""
    nothing = [shown_files.interpreter(), "-I", "-S", "-c", "pass"]
    try:
        told = _told(Limits(), nothing, None)
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(shown_files.HERE / "launch.py"), json.dumps(told)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            env={},
            start_new_session=True,
            check=False,
        )
    except (SandboxError, OSError, subprocess.SubprocessError) as error:
        return str(error)
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return "" if done.returncode == 0 else (said[-1][:200] if said else "refused")


def _told(limits: Limits, inside: list[str], group: cgroups.Group | None) -> dict[str, object]:
    """Return what the launcher is told to make a sandbox in which `inside` runs."""
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        raise SandboxError(
            "bubblewrap is missing; install it (Debian, Ubuntu: apt install bubblewrap)"
        )
    root = os.geteuid() == 0
    shown, links = shown_files.shown()
    stage = _free_folder([one.source for one in shown]) if root else ""
    sources = {str(n): one.source for n, one in enumerate(shown)}
    sources |= {folder.name: str(folder) for folder in bubblewrap.folders}
    command = [bubblewrap.below(stage), *_walls(limits, stage, shown, links), "--", *inside]
    return {
        "user": UNPRIVILEGED if root else None,
        "stage": stage,
        "sources": sources if root else {},
        "join": group.joined_by() if group is not None else [],
        "command": command,
        "environment": _ENVIRONMENT,
    }


def _told_unsafe(folder: str, descriptor: int) -> dict[str, object]:
    """Return what the launcher is told where there is no sandbox, only a folder to work in."""
    shown_files.lay_out(Path(folder))
    command = _python(f"{folder}/sandbox", descriptor, shown_files.package_folders())
    return {"user": None, "join": [], "command": command, "environment": _ENVIRONMENT}


def _free_folder(sources: list[str]) -> str:
    """Return an empty place for mounts of the launcher's own; nothing is left there."""
    for folder in ("/mnt", "/media", "/srv", "/opt", "/var/tmp", "/tmp"):
        if Path(folder).is_dir() and not any(s.startswith(folder + "/") for s in sources):
            return folder
    raise SandboxError("there is no folder to mount the interpreter in; make an empty /mnt")


def _walls(
    limits: Limits,
    stage: str,
    shown: tuple[shown_files.Shown, ...],
    links: tuple[tuple[str, str], ...],
) -> list[str]:
    """Return bubblewrap's options."""
    words = [
        "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox",
        "--uid", str(INSIDE_USER), "--gid", str(INSIDE_USER),
    ]  # fmt: skip
    for name, value in _ENVIRONMENT.items():
        words += ["--setenv", name, value]
    for number, one in enumerate(shown):
        words += ["--ro-bind", f"{stage}/{number}" if stage else one.source, one.place]
    for target, place in links:
        words += ["--symlink", target, place]
    for one in shown_files.covered():
        if Path(one.source).is_dir():
            words += ["--size", "4096", "--tmpfs", one.place, "--remount-ro", one.place]
        else:
            words += ["--ro-bind", "/dev/null", one.place]
    room = str(limits.temporary)
    words += [
        "--proc", "/proc", "--dev", "/dev",
        "--size", room, "--tmpfs", "/dev/shm", "--size", room, "--tmpfs", "/tmp",
        "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp",
    ]  # fmt: skip
    return words


def _python(folder: str, descriptor: int, packages: tuple[str, ...]) -> list[str]:
    """Return the command that runs inside."""
    start = f"{folder}/own/untrusted/start.py"
    own = [shown_files.interpreter(), "-I", "-S", "-B", start]
    return [*own, str(descriptor), folder, *packages]

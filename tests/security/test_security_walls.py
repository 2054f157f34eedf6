"""What a cell can reach: nothing outside its sandbox. The controls reach it without one."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hostile_notebooks import ROOT, inside, said, without_a_sandbox

# Each raises AssertionError("reached") where it gets what it wants, something else where not.
ATTACKS = {
    "the project's files": f"open('{ROOT}/coursekit/checks/engine/judge.py').read()",
    "the solutions": f"open('{ROOT}/solutions/03_convolution_2d.ipynb').read()",
    "the password file of this machine": (
        "assert 'root:' not in open('/etc/passwd').read(), 'reached'\nraise OSError"
    ),
    "the grader's own modules": (
        "import sys\nfor name in [n for n in sys.modules if n.startswith('coursekit')]:\n"
        f"    del sys.modules[name]\nsys.path.insert(0, '{ROOT}')\nimport coursekit.grading.engine"
    ),
    "a socket to this machine": ("import socket\nsocket.create_connection(('127.0.0.1', PORT), 2)"),
    "a socket of another kind": "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "system folders that can be written": """
import json, os
places = ["/", "/usr/lib", "/dev", "/etc", "/sandbox", os.path.dirname(json.__file__)]
assert not any(os.access(place, os.W_OK) for place in places), "reached"
raise OSError
""",
    "a new device": """
import os
os.mknod("device", 0o600 | 0o020000, os.makedev(1, 3))
os.remove("device")
""",
    "settings of the kernel": "open('/proc/sys/vm/swappiness', 'r+')",
    "settings of the kernel about namespaces": "open('/proc/sys/kernel/hostname', 'r+')",
    "the processes of this machine": """
import os
assert sum(name.isdigit() for name in os.listdir("/proc")) < 4, "reached"
raise OSError
""",
    "the memory of its parent": """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(0x4206, ctypes.c_long(os.getppid()), 0, 0) != 0:  # without stopping it
    raise OSError
""",
    "a signal to its parent": "import os\nos.kill(os.getppid(), 0) if os.getppid() else 1 / 0",
    "a mount, in a namespace where that can be made": """
import ctypes
libc = ctypes.CDLL(None)
if libc.unshare(0x00020000) == 0:  # from here on nothing of it is seen elsewhere
    assert libc.mount(b"none", b"/", None, (1 << 18) | (1 << 14), None) != 0, "reached"
assert libc.mount(b"x", b"/sandbox", b"tmpfs", 0, b"") != 0, "reached"
raise OSError
""",
    "memory that no limit counts": "import os\nos.memfd_create('x')",
    "a lock on a file that others see": "import fcntl, os\nfcntl.lockf(open(os.__file__), 5)",
    "another's lock": (
        "import fcntl, os, struct\nask = struct.pack('hhqqi', 1, 0, 0, 1, 0)\n"
        "fcntl.fcntl(open(os.__file__), fcntl.F_GETLK, ask)"
    ),
    "a lock on a whole file": "import fcntl, os\nfcntl.flock(open(os.__file__), 5)",
    "notices of what others open": (
        "import ctypes\nif ctypes.CDLL(None).inotify_init1(0) < 0: raise OSError"
    ),
    "a terminal, which all share": "import os\nos.close(os.open('/dev/ptmx', os.O_RDWR))",
    "descriptors on their way, which count for all": (
        "import socket\na, b = socket.socketpair()\nsocket.send_fds(a, [b'x'], [0])"
    ),
    "an order to a terminal, in a number too long": """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
libc.ioctl(os.open("/dev/null", 0), ctypes.c_ulong(0x100005412), b"x")
if ctypes.get_errno() == errno.EPERM:  # refused by the filter, before the kernel looks
    raise OSError
""",
}
NEEDS_ROOT = {
    "system folders that can be written", "a new device", "settings of the kernel",
    "settings of the kernel about namespaces", "a mount, in a namespace where that can be made",
}  # fmt: skip


@pytest.fixture(scope="module")
def listening():
    """A server on this machine that accepts whoever comes."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(60)
    stop = threading.Event()

    def accept():
        while not stop.is_set():
            try:
                server.accept()[0].close()
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    stop.set()
    server.close()


def prepared(name, port):
    """A cell that says whether the attack has succeeded; none of them changes this machine."""
    cell = ATTACKS[name].replace("PORT", str(port))
    body = "\n".join("    " + line for line in cell.strip().splitlines())
    return (
        f"try:\n{body}\n    got = True\nexcept AssertionError:\n    got = True\n"
        "except BaseException:\n    got = False\n"
        "raise ValueError('reached' if got else 'kept out')"
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_a_cell_does_not_reach(walls, listening, name):
    (report,) = inside(walls, prepared(name, listening))
    assert said(report) == "kept out", report


def test_the_same_cells_reach_it_all_without_the_walls(listening):
    names = [name for name in ATTACKS if os.geteuid() == 0 or name not in NEEDS_ROOT]
    reports = without_a_sandbox(*(prepared(name, listening) for name in names))
    kept = [name for name, report in zip(names, reports, strict=True) if said(report) != "reached"]
    assert kept == []


def test_nothing_of_the_environment_comes_in(walls, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    cell = "import os\nraise ValueError(str('hunter2' in str(dict(os.environ))))"
    (report,) = inside(walls, cell)
    assert said(report) == "False"
    control = [sys.executable, "-c", cell]  # a process that is simply started has it
    done = subprocess.run(control, capture_output=True, text=True, check=False)
    assert "ValueError: True" in done.stderr


def test_no_open_file_comes_in_but_the_one_socket(walls, tmp_path):
    cell = """
import os
found = []
for fd in os.listdir("/proc/self/fd"):
    try:
        found.append(os.readlink("/proc/self/fd/" + fd).split(":")[0])
    except OSError:
        pass
raise ValueError(" ".join(sorted(set(found))))
"""
    with (tmp_path / "marks.txt").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        (report,) = inside(walls, cell)
        control = subprocess.run(
            [sys.executable, "-c", cell], capture_output=True, text=True, check=False,
            close_fds=False,
        )  # fmt: skip
    own = [word for word in said(report).split() if not word.startswith("/proc/")]
    assert own == ["/dev/null", "socket"]
    assert "marks.txt" in control.stderr


def test_only_plain_devices_are_there(walls):
    (report,) = inside(walls, "import os\nraise ValueError(' '.join(sorted(os.listdir('/dev'))))")
    known = "core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero"
    assert set(said(report).split()) <= set(known.split())
    if os.geteuid() == 0:  # the control: this machine has others
        assert {path.name for path in Path("/dev").iterdir()} - set(known.split())


def test_nothing_of_the_course_can_be_imported_but_the_stand_in(walls):
    cell = """
import importlib
found = []
for name in ("grading", "scratch.convolution2d", "checks.engine", "checks.sets", "checks.run",
             "checks.engine.draw", "checks.engine.judge", "course", "cli", "_files", "errors"):
    try:
        module = importlib.import_module("coursekit." + name)
        module.conv2d(1, 2) if "scratch" in name else None  # there, and gives no answer
        found.append(name)
    except ImportError:
        pass
from coursekit import check, figures, training
from coursekit.datasets import load
(x, y), _ = load("fashion_mnist")
assert x.shape[1:] == (28, 28) and not check("conv2d", None).passed
assert not training.fit(None, (x, y)).records
raise ValueError(str(found))
"""
    (report,) = inside(walls, cell)
    assert said(report) == "[]"


def test_no_source_inside_knows_an_answer(walls):
    """Whatever is readable in there holds no check and no oracle."""
    cell = """
import os
hits = []
for top in ("/sandbox", "/tmp", "/root", "/home", "/work", "/opt", "/mnt", "/srv"):
    for folder, _, names in os.walk(top):
        if folder.startswith("/sandbox/packages") or "/lib/python3" in folder:
            continue
        for name in names:
            try:
                text = open(os.path.join(folder, name), errors="replace").read(1_000_000)
            except OSError:
                continue
            if any(w in text for w in ("oracle", "Misconception(", "def judge", "QuestionSet")):
                hits.append(name)
raise ValueError(str(hits))
"""
    (report,) = inside(walls, cell, seconds=8)
    assert said(report) == "[]", report
    text = (ROOT / "coursekit/checks/sets/set_03_convolution_2d/__init__.py").read_text()
    assert "oracle" in text  # the control: outside there is such a file


def test_the_sandbox_is_never_root_outside(walls):
    """Seen from this machine, every process of a sandbox has another user than root."""
    import psutil

    with walls.submission() as process:
        process.run_cell("import subprocess\np = subprocess.Popen(['sleep', '5'])", 3)
        (outer,) = [p for p in psutil.Process().children() if p.pid == walls.sandbox.pid]
        owners = {p.uids().real for p in outer.children(recursive=True)}
        names = {p.name() for p in outer.children(recursive=True)}
        number = process.run_cell("import os\nraise ValueError(str(os.getuid()))", 3)
    assert "sleep" in names
    assert owners == {65534 if os.geteuid() == 0 else os.getuid()}
    assert said(number) == "1000"


def test_powers_are_gone_for_good(walls):
    cell = """
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
raise ValueError(" ".join(status[key].strip() for key in
                          ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp")))
"""
    (report,) = inside(walls, cell)
    assert said(report).split() == ["0" * 16, "0" * 16, "0" * 16, "1", "2"]


def test_a_child_of_the_child_is_under_the_same_walls(walls):
    cell = f"""
import subprocess, sys
code = "import os, socket, sys\\nprint(os.path.exists('{ROOT}/coursekit'), os.getuid())"
code += "\\ntry:\\n    socket.socket()\\nexcept OSError:\\n    print('no network')"
done = subprocess.run([sys.executable or "python3", "-I", "-S", "-c", code], capture_output=True)
raise ValueError(done.stdout.decode().replace("\\n", " ") + done.stderr.decode()[-80:])
"""
    (report,) = inside(walls, cell)
    assert said(report).strip() == "False 1000 no network"

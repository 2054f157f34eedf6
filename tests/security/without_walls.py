"""Runs the cells on standard input without the sandbox, and prints what each came to as JSON.

What they may do to a machine must still not be done to this one: started as root, the program
first gives itself a process and a mount namespace of its own, in which it is the only one.
"""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


def main() -> None:
    cells = json.load(sys.stdin)
    if os.geteuid() == 0:
        _alone()
    others = [subprocess.Popen(["sleep", "100"]) for _ in range(5)]  # somebody to be seen

    from coursekit.grading.sandbox.limits import Limits
    from coursekit.grading.sandbox.worker import Worker

    worker = Worker(["numpy"], Limits(cell=20.0), "control", isolated=False)
    with worker.submission() as process:
        reports = [process.run_cell(cell, 20.0) for cell in cells]
    worker.close()
    own = {os.getpid(), *(other.pid for other in others)}
    left = [path.name for path in Path("/proc").glob("[0-9]*") if int(path.name) not in own]
    for other in others:
        other.kill()
    print(json.dumps({"reports": reports, "left": len(left)}))


def _alone() -> None:
    """Go on as the first process of a namespace; whatever is left there ends with it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x20000000 | 0x00020000) != 0:
        sys.exit("this control runs in namespaces of its own or not at all")
    pid = os.fork()
    if pid:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    private = libc.mount(b"none", b"/", None, (1 << 18) | (1 << 14), None)
    if os.getpid() != 1 or private != 0 or libc.mount(b"proc", b"/proc", b"proc", 0, None) != 0:
        os._exit(3)


if __name__ == "__main__":
    main()

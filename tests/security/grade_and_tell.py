"""Grades a few submissions and prints what came of them as JSON; run by other tests."""

import json
import os
import sys

import psutil
from hostile_notebooks import SET, codes, marks, right, wrong

from coursekit.grading.engine import Grader
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.worker import Worker

LIMITS = Limits(
    cell=2.0, all_cells=6.0, function=2.0, grace=1.5, memory=192 << 20, processes=24,
    temporary=8 << 20, temporary_files=50,
)  # fmt: skip
SUBMISSIONS = {
    "good": right(),
    "bad": wrong(),
    "reads": right("open('/etc/shadow').read()"),
    "settings": right("open('/proc/sys/vm/swappiness', 'w')"),
    "memory": right("big = np.ones(10**9)"),
    "many": right(
        "import os\nfor _ in range(6):\n    if os.fork() == 0:\n"
        "        x = np.ones(15_000_000)\n        while True: x += 1\n"
        # By its own processor time: where the machine is busy, the others get theirs meanwhile.
        "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass"
    ),
    "exit": right("import os\nos._exit(0)"),
    "loop": right("while True: pass"),
    "last": right(),
}


def main(warm: bool, only: list[str]) -> None:
    found = {}
    with Grader(SET, seed=5, limits=LIMITS, warm=warm) as grader:
        chosen = {name: SUBMISSIONS[name] for name in only or SUBMISSIONS}
        for one in grader.outcomes(chosen.items()):
            found[one.student] = [one.status, marks(one), sorted(codes(one))]
        cold = grader.cold_because
    worker = Worker(["numpy"], LIMITS, "owners", warm=warm)
    with worker.submission() as process:
        process.run_cell("x = 1", 2.0)
        tree = psutil.Process(worker.sandbox.pid).children(recursive=True)
        owners = sorted({p.uids().real for p in tree})
        group = worker.sandbox.group is not None
    worker.close()
    told = {"outcomes": found, "user": os.geteuid(), "owners": owners, "cold": cold, "group": group}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1] == "warm", sys.argv[2:])

"""Cells read by several workers at once."""

import gc
import sys
import threading

from coursekit.notebooks.ipython import python_source

CELL = "\n".join(
    f"def f{i}(a, b=({i}, [1, 2, [3, 4]])):\n    for x in a:\n"
    "        if x: return [y * (1 + 2 * (3 - x)) for y in b]"
    for i in range(60)
)


class Garbage:
    """Collected while a tree is built, it lets another thread go on in the middle of that."""

    def __init__(self):
        self.me = self

    def __del__(self):
        for _ in range(50):
            pass


def test_threads_that_read_cells_at_once_do_not_disturb_each_other():
    failed = []

    def read(worker):
        for turn in range(20):
            for _ in range(20):
                Garbage()
            source = f"x{worker} = {turn}\n{CELL}"
            try:
                assert python_source(source) == source
            except BaseException as error:
                failed.append(error)

    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    try:
        threads = [threading.Thread(target=read, args=(worker,)) for worker in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
    assert failed == []

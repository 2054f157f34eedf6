"""Kernels forked from a server that has loaded libraries are as good as those started alone."""

import os
import time

import pytest
from frontend_kernel import FrontEndKernel, KernelDied
from nbval.kernel import CURRENT_ENV_KERNEL_NAME
from warm_kernels import POSSIBLE, kernel_command, start_server

from coursekit.course.environment import kernel_environment

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="warm kernels are for Linux alone")
LIBRARIES = ("fractions", "ipykernel.kernelapp", "numpy")


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Start a kernel, by default in the folder of the server."""
    folder = tmp_path_factory.mktemp("kernels")
    environment = kernel_environment(folder)
    server = start_server(folder / "at", environment, LIBRARIES)
    started = []

    def start(cwd=folder, **variables):
        command = kernel_command(folder / "at")
        started.append(
            FrontEndKernel(CURRENT_ENV_KERNEL_NAME, str(cwd), 60, environment | variables, command)
        )
        return started[-1]

    yield start
    for kernel in started:
        kernel.stop()
    server.stdin.close()
    assert server.wait() == 0


def printed(kernel, source):
    asked = kernel.execute_cell_input(source)
    kernel.await_reply(asked, timeout=60)
    text = ""
    while (message := kernel.get_message("iopub", timeout=60))["msg_type"] != "status" or (
        message["content"]["execution_state"] != "idle"
    ):
        text += message["content"].get("text", "") + message["content"].get("ename", "")
    return text.strip()


def gone(pid):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_libraries_are_loaded_and_nothing_else_is_shared(start, tmp_path):
    one, two = start(), start(tmp_path, COURSE_TEST="two")
    assert printed(one, "import sys; print('fractions' in sys.modules)") == "True"
    assert printed(one, "print('coursekit' in sys.modules, 'sys' in globals())") == "False True"
    assert printed(two, "print('sys' in globals())") == "False"
    assert printed(two, "import os; print(os.environ['COURSE_TEST'])") == "two"
    assert printed(two, "print(os.getcwd())") == str(tmp_path)
    draws = "import random, numpy; print(random.random(), numpy.random.rand())"
    first, second = printed(one, draws).split(), printed(two, draws).split()
    assert len(first) == 2 and not set(first) & set(second)


def test_an_interruption_reaches_it_and_it_goes_on(start):
    kernel = start()
    asked = kernel.execute_cell_input("print('begun')\nimport time\nwhile True: time.sleep(0.01)")
    while kernel.kc.get_iopub_msg(timeout=60)["msg_type"] != "stream":
        pass
    kernel.interrupt()
    kernel.await_reply(asked, timeout=60)
    assert printed(kernel, "print(6 * 7)") == "42"


def test_one_that_ends_itself_is_seen_to_be_gone(start):
    kernel = start()
    asked = kernel.execute_cell_input("import os; os._exit(1)")
    with pytest.raises(KernelDied):
        kernel.await_reply(asked, timeout=60)


def test_one_that_is_stopped_is_gone(start):
    kernel = start()
    pid = int(printed(kernel, "import os; print(os.getpid())"))
    kernel.km.shutdown_kernel(now=True)  # the fixture stops it once more, to no effect
    assert gone(pid)

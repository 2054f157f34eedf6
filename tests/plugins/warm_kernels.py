"""Kernels whose heavy libraries are loaded before they start.

To import torch and Keras takes ten seconds of the processor, and most notebooks do. One server
imports them once, and forks itself for every kernel. What Jupyter starts, and takes for the
kernel, is a small client: it hands signals on and ends as the kernel ends, and the kernel ends
with it. Only libraries that keep no state of a session are loaded beforehand: the course itself,
its widgets and pyplot are imported by every notebook, as ever.

    warm_kernels.py serve ADDRESS LIBRARY...  until its standard input ends
    warm_kernels.py ADDRESS ARGUMENT...       the client, with the kernel's arguments
"""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "ipykernel.kernelapp",
    "keras",
    "matplotlib.figure",
    "numpy",
    "scipy.signal",
    "sklearn.datasets",
    "torch",
    "torch._dynamo",  # every optimizer of torch loads it
)
POSSIBLE = sys.platform == "linux"  # elsewhere libraries may not live through a fork


def start_server(address, environment, libraries=HEAVY):
    """Start the server and return it; it ends when its standard input is closed."""
    command = [sys.executable, "-P", __file__, "serve", str(address), *libraries]
    server = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    if not server.stdout.readline():  # said as soon as clients may come, before the libraries
        raise RuntimeError("the server of warm kernels did not start")
    return server


def kernel_command(address):
    """Return the command for a kernel's specification."""
    return [sys.executable, "-P", "-S", __file__, str(address), "-f", "{connection_file}"]


def client(address, arguments):
    """Ask for a kernel, hand signals on to it, and return its exit code."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        asked = {
            "arguments": arguments,
            "folder": str(Path.cwd()),
            "environment": dict(os.environ),
        }
        server.sendall(json.dumps(asked).encode() + b"\n")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: server.sendall(b"%d\n" % number))
        said = server.makefile().read()  # the exit code, as the kernel ends
    return int(said or 1)


def serve(address, libraries):
    """Fork for every client; return what it asked for in the kernel, None where all is over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernels = {}  # by process id: the client's connection
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as events:
        listening.bind(address)
        listening.listen(64)
        print("listening", flush=True)
        for name in libraries:
            __import__(name)
        woken, wake = socket.socketpair()
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for source in (listening, woken, sys.stdin):
            events.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in events.select():
                source = key.fileobj
                if source is sys.stdin:
                    signal.set_wakeup_fd(-1)
                    for kernel in kernels:
                        os.kill(kernel, signal.SIGKILL)
                    return None
                if source is listening:
                    connection = listening.accept()[0]
                    asked = json.loads(connection.makefile().readline())
                    kernel = os.fork()
                    if kernel == 0:
                        signal.set_wakeup_fd(-1)
                        for one in (*kernels.values(), connection, woken, wake):
                            one.close()
                        return asked
                    kernels[kernel] = connection
                    events.register(connection, selectors.EVENT_READ, kernel)
                elif source is woken:
                    woken.recv(64)
                    forget_ended(kernels, events)
                elif source in kernels.values():
                    for number in source.recv(64).split() or [signal.SIGKILL]:
                        os.kill(key.data, int(number))


def forget_ended(kernels, events):
    """Tell the clients of kernels that have ended how they did."""
    for kernel in list(kernels):
        ended, status = os.waitpid(kernel, os.WNOHANG)
        if ended:
            connection = kernels.pop(kernel)
            events.unregister(connection)
            with contextlib.suppress(OSError):  # the client may have ended first
                connection.sendall(b"%d" % (os.waitstatus_to_exitcode(status) % 256))
            connection.close()


def become(asked):
    """Be the kernel."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.setsid()
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"], JPY_PARENT_PID=str(os.getppid()))
    import numpy as np
    from ipykernel import kernelapp

    np.random.seed()  # noqa: NPY002  not the one that all kernels would share
    sys.argv = ["ipykernel_launcher", *asked["arguments"]]
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        wish = serve(sys.argv[2], sys.argv[3:])
        if wish is not None:
            become(wish)
    else:
        sys.exit(client(sys.argv[1], sys.argv[2:]))

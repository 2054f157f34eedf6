"""A server of PostgreSQL for tests: its own user, its own folder, a Unix socket and no port.

One serves all tests of a run, each in a schema of its own: starting it takes time.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

LACKING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"


def _program(name):
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(newest[-1]) if newest else None)


def _user():
    """The user that the server runs as; it refuses to run as root."""
    if os.getuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip(LACKING)


@contextmanager
def server():
    """Start a server, and stop it in the end."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip(LACKING)
    user = _user()
    # Short: the path of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as top:
        if user:
            shutil.chown(top, user)
        data = f"{top}/data"

        def call(*words):
            done = subprocess.run(
                words, user=user, cwd=top, check=False, capture_output=True, text=True,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": top},
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr

        call(initdb, "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync")
        # Without fsync it starts and makes databases faster; what dies in tests are clients.
        options = f"-F -k {top} -h '' -c autovacuum=off -c max_connections=30"

        class Server:
            """Started; called, it gives the address of an empty schema."""

            schemas = 0

            def __call__(self):
                import psycopg

                self.schemas += 1
                address = f"postgresql://grader@/postgres?host={top}"
                with psycopg.connect(address, autocommit=True) as connection:
                    # A database would take ten times as long.
                    connection.execute(f"CREATE SCHEMA course{self.schemas}")
                return f"{address}&options=-csearch_path%3Dcourse{self.schemas}"

            def start(self):
                call(pg_ctl, "-D", data, "-w", "-l", f"{top}/log", "-o", options, "start")

            def kill(self):
                """End it at once: it tells nobody and tidies nothing up."""
                call(pg_ctl, "-D", data, "-w", "-m", "immediate", "stop")

            @contextmanager
            def killed(self):
                self.kill()
                try:
                    yield
                finally:
                    self.start()

        one = Server()
        one.start()
        try:
            yield one
        finally:
            one.kill()


@pytest.fixture(scope="session")
def postgresql():
    """A server, for addresses of empty schemas; where there is none, the test is skipped."""
    with server() as one:
        yield one

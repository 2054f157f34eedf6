"""`coursekit review` as a process: what is confirmed survives it, however it ends."""

import contextlib
import csv
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests
from classes_of_commands import account

from coursekit.cli import main
from coursekit.grading.gradebook.book import GradeBook


@contextlib.contextmanager
def review(folder, *more):
    """The server, and a session with its page."""
    words = [sys.executable, "-m", "coursekit", "review", str(folder), "--no-browser", *more]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            session = requests.Session()
            address = server.stdout.readline().strip()
            session.get(address, timeout=60).raise_for_status()
            split = urlsplit(address)
            session.address = f"{split.scheme}://{split.netloc}"
            yield server, session
        finally:
            server.kill()


def comment(session, tag, text):
    sent = {"student": tag, "kind": "comment", "value": text}
    headers = {"origin": session.address}
    answer = session.post(f"{session.address}/decide", json=sent, headers=headers, timeout=60)
    answer.raise_for_status()


def test_what_was_confirmed_is_there_after_a_kill_and_after_a_stop(folder):
    book = GradeBook(folder / "gradebook.db")
    tag = book.aliases()["bob"]
    book.close()
    with review(folder, "--who", "grace") as (server, session):
        port = urlsplit(session.address).port
        comment(session, tag, "before the kill")
        server.send_signal(signal.SIGKILL)
        server.wait(60)
    assert "grace: comment: before the kill" in account(folder, "bob")
    (folder / "results.csv").unlink(missing_ok=True)
    with review(folder, "--who", "kurt") as (server, session):
        assert urlsplit(session.address).port == port  # drafts in the browser are found again
        comment(session, tag, "before the stop")
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
    with (folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        bob = next(row for row in csv.DictReader(file) if row["student"] == "bob")
    assert "before the kill" in bob["comments"] and "before the stop" in bob["comments"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["none"], "holds no gradebook"),
        (["{out}", "--set", "04_kernels"], "03_convolution_2d"),
        (["{out}", "--port", "{taken}"], "--port"),
    ],
)
def test_a_wrong_call_is_one_line(folder, capsys, words, named):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        known = {"out": folder, "taken": taken.getsockname()[1]}
        assert main(["review", "--no-browser", *(word.format(**known) for word in words)]) == 2
    said = capsys.readouterr().err
    assert named in said and said.count("\n") == 1

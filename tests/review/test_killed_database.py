"""A database server that dies while two people mark: one sentence, nothing lost, and on it goes."""

import threading
from itertools import count

import pytest
from class_to_look_through import small_class
from classes_of_commands import account

from coursekit.cli import main

GONE = "the server cannot be reached"


@pytest.fixture
def folder(tmp_path, postgresql):
    """The --out of a class whose gradebook is on a server."""
    return small_class(tmp_path, postgresql())


def test_what_was_confirmed_outlives_the_server(grader, second, folder, postgresql, capsys):
    tag = grader.tag("bob")
    confirmed, at_work = [], threading.Semaphore(0)
    last = {}

    def marking(who):
        for number in count():
            sent = {"student": tag, "kind": "comment", "value": f"{who.desk.who}, {number}"}
            last[who] = who.send("/decide", **sent)
            if last[who].status_code != 200:
                return
            confirmed.append(sent["value"])
            at_work.release()

    threads = [threading.Thread(target=marking, args=(who,)) for who in (grader, second)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        assert at_work.acquire(timeout=60)
    with postgresql.killed():
        for thread in threads:
            thread.join()
        for answer in last.values():
            assert answer.status_code == 503
            assert answer.json()["said"].startswith("Not saved") and GONE in answer.json()["said"]
        page = grader.client.get("/")
        assert page.status_code == 503 and GONE in page.text
        for words in (["mark", folder, "bob", "--comment", "lost"], ["review", folder]):
            assert main([str(word) for word in words]) == 1
            said = capsys.readouterr().err
            assert GONE in said and said.count("\n") == 1
    there = grader.row("bob").mark.comments
    assert set(confirmed) <= set(there) and len(set(there)) == len(there)
    # What each was about to write may be there or not: nobody was told that it is.
    assert len(there) <= len(confirmed) + 2 and "lost" not in there
    assert second.decide("bob", "points", "3", "conv2d").status_code == 200
    assert "kurt, 0" in grader.page(f"/hand-in/{tag}")
    assert "kurt: points of conv2d: 3" in account(folder, "bob")

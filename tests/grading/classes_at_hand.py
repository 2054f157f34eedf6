"""Small classes for tests of the commands, and the commands called as a person calls them."""

import contextlib
import io
import json

from notebooks_at_hand import CONV, FLIPPED, IMPORTS, MATCH, SET, WRONG_MATCH, handed_out, notebook

from coursekit import cli

FLIPPED_ONLY = notebook(IMPORTS, MATCH, FLIPPED)
ALL_RIGHT = notebook(IMPORTS, MATCH, CONV)
SUM = notebook(IMPORTS, "1 / 0", WRONG_MATCH)
POINTS = {"ada": 6.0, "bob": 4.0, "cy": 0.0, "dee": 0.0, "eve": 0.0}


def make_class(folder):
    """Five submissions: all right, half right, a failing cell, no notebook, nothing done."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ada.ipynb").write_bytes(ALL_RIGHT)
    (folder / "bob.ipynb").write_bytes(FLIPPED_ONLY)
    (folder / "cy.ipynb").write_bytes(SUM)
    (folder / "dee.ipynb").write_bytes(b"no notebook")
    (folder / "eve.ipynb").write_bytes(handed_out(SET))
    return folder


def command(*words):
    """Call `coursekit`; give its exit code, what it printed and what it complained of."""
    printed, complaint = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaint):
        code = cli.main([str(word) for word in words])
    printed.flush()
    return code, printed.buffer.getvalue().decode(), complaint.getvalue()


def grade(place, out, *more, preflight=False):
    """Grade set 03 with one worker, without the preflight unless asked."""
    words = ["grade", SET, place, "--out", out, "--workers", "1", *more]
    return command(*words, *(() if preflight else ("--no-preflight",)))


def results(out):
    """What `results.json` holds; it must be strict JSON."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads((out / "results.json").read_text(), parse_constant=refuse)


def points(out):
    """Points by student."""
    return {entry["student"]: entry["points"] for entry in results(out)["submissions"]}


def lasting(out):
    """The results without what differs from run to run: the seconds."""
    whole = results(out)
    for entry in whole["submissions"]:
        entry.pop("seconds")
    return whole

"""Runs `coursekit` and kills it, as the system would, when it is about to do a thing again.

    python killed_grader.py KILLS LOG WORDS...

KILLS are several PHASE:TURN with commas between them; the command is called for each in a process
of its own, forked from this one, so that the course is imported once. PHASE is one of those below,
TURN says at which of its turns. In the end the command is called in this process and not killed.
LOG gets a line when a submission is begun, when it is kept, and when a process has ended.
"""

import functools
import os
import signal
import sys
from pathlib import Path

from coursekit import cli
from coursekit.grading import class_run, preflight
from coursekit.grading.commands import grade as grade_command
from coursekit.grading.commands import grade_class
from coursekit.grading.commands.progress_line import Progress
from coursekit.grading.engine import Grader
from coursekit.grading.gradebook import book
from coursekit.grading.pages import feedback, results

PHASES = {
    "finding": (grade_command, "find"),
    "opening": (grade_class, "OutFolder"),
    "preflight": (preflight, "_agree"),
    "caching the preflight": (preflight, "_keep_cached"),
    "beginning": (book.GradeBook, "begin"),
    "grading": (Grader, "_one"),
    "keeping": (book, "_student"),  # in the midst of a transaction
    "kept": (Progress, "one"),
    "results": (results, "_strict"),
    "table": (results, "write_csv"),
    "pages": (results, "student_page"),
    "packing": (feedback.zipfile.ZipFile, "close"),
    "class page": (results, "class_page"),
    "finishing": (book.GradeBook, "finish"),
    "telling": (grade_class, "_tell"),
}


def main():
    """Call the command for each of the kills, and once more."""
    kills, log, *words = sys.argv[1:]
    written = Path(log).open("a", buffering=1)  # noqa: SIM115 - until the end, which may be sudden
    for kill in filter(None, kills.split(",")):
        child = os.fork()
        if child == 0:
            phase, turn = kill.split(":")
            _arm(*PHASES[phase], int(turn))
            call(written, words)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        written.write(f"ended {kill} {ended}\n")
    call(written, words)


def call(written, words):
    """Call the command, which writes down whom it grades; it does not come back."""
    class_run.KEPT_EVERY = 0.0  # each submission by itself: more places to be killed at
    begin, record = Grader._one, book.GradeBook.record

    def one(self, student, content):
        written.write(f"begun {student}\n")
        return begin(self, student, content)

    def kept(self, run, graded):
        graded = list(graded)
        record(self, run, graded)
        for each in graded:
            written.write(f"kept {each.entry['student']}\n")

    Grader._one, book.GradeBook.record = one, kept
    sys.exit(cli.main(words))


def _arm(owner, name, turn):
    real, turns = getattr(owner, name), []

    @functools.wraps(real, updated=())
    def trapped(*args, **more):
        turns.append(1)
        if len(turns) == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)

    setattr(owner, name, trapped)


if __name__ == "__main__":
    main()

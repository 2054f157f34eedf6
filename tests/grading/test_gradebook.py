"""The gradebook: nothing is lost, a stopped run goes on, what people decide is kept beside."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from coursekit.errors import CallError
from coursekit.grading.gradebook.book import GradeBook, Graded, MarkChange
from coursekit.grading.gradebook.decisions import decide
from coursekit.grading.gradebook.lateness import Rule
from coursekit.grading.gradebook.marks import marks, set_deadline
from coursekit.grading.gradebook.people import enrol
from coursekit.grading.submissions.roster import read_people

SET = "03_convolution_2d"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def book(place):
    opened = GradeBook(place)
    yield opened
    opened.close()


def graded(student, points, *, digest="d", number=None, handed_in=None):
    functions = [
        {"name": "match_score", "points": min(points, 2.0), "max_points": 2.0},
        {"name": "conv2d", "points": max(points - 2.0, 0.0), "max_points": 4.0},
    ]
    entry = {
        "student": student,
        "points": points,
        "status": "graded",
        "seconds": 0.1,
        "functions": functions,
    }
    return Graded(entry, digest, number, handed_in)


def run_of(book, *items, seed=1, fingerprint="f", finish=True, **more):
    run = book.begin(SET, 6.0, fingerprint, seed=seed, **more)
    book.record(run, items)
    if finish:
        book.finish(run)
    return run


def only(book):
    (mark,) = marks(book, SET)
    return mark


def test_a_regrade_keeps_the_earlier_attempt_and_says_what_changed(book):
    run_of(book, graded("ada", 4.0), graded("bob", 6.0))
    second = run_of(book, graded("ada", 5.0, digest="e"), graded("bob", 6.0))
    assert book.changed_by(second) == [MarkChange("ada", 4.0, 5.0, same_file=False)]
    assert [attempt.points for attempt in book.attempts("ada", SET)] == [4.0, 5.0]
    assert [entry["points"] for entry in book.entries(SET)] == [5.0, 6.0]


def test_a_stopped_run_goes_on_and_a_finished_one_does_not(book):
    first = run_of(book, graded("ada", 4.0), finish=False)
    again = book.begin(SET, 6.0, "f", seed=1)
    assert again.id == first.id
    assert book.graded_in(again) == {"ada": "d"}
    book.finish(again)
    assert book.begin(SET, 6.0, "f", seed=1).id != first.id


@pytest.mark.parametrize("other", [{"seed": 2}, {"fingerprint": "g"}, {"unsafe": True}])
def test_a_stopped_run_under_other_conditions_is_not_gone_on_with(book, other):
    first = run_of(book, graded("ada", 4.0), finish=False)
    asked = {"seed": 1, "fingerprint": "f", "unsafe": False} | other
    fingerprint = asked.pop("fingerprint")
    assert book.begin(SET, 6.0, fingerprint, **asked).id != first.id


def test_grading_one_student_leaves_a_stopped_run_to_go_on(book):
    first = run_of(book, graded("ada", 4.0), finish=False)
    run_of(book, graded("bob", 3.0), whole_class=False)
    assert book.unfinished_seed(SET) == 1
    assert book.begin(SET, 6.0, "f", seed=1).id == first.id
    assert [entry["student"] for entry in book.entries(SET)] == ["ada", "bob"]


def test_sets_do_not_mix(book):
    run_of(book, graded("ada", 4.0))
    other = book.begin("01_images", 6.0, "f", seed=1)
    book.record(other, [graded("ada", 1.0)])
    assert [entry["points"] for entry in book.entries(SET)] == [4.0]


def test_a_batch_is_kept_whole_or_not_at_all(book):
    run = book.begin(SET, 6.0, "f", seed=1)
    with pytest.raises(KeyError):
        book.record(run, [graded("ada", 4.0), Graded({"student": "bob"}, "d")])
    assert book.entries(SET) == []


KILLED = """
import sys
from coursekit.grading.gradebook.book import GradeBook, Graded
from coursekit.grading.gradebook.place import place_of
book = GradeBook(place_of(sys.argv[1]))
run = book.begin("03_convolution_2d", 6.0, "f", seed=1)
print("begun", flush=True)
for k in range(100_000):
    entry = {"student": f"s{k}", "points": float(k), "status": "graded", "seconds": 0.0}
    book.record(run, [Graded(entry, "d")])
    print(k, flush=True)
"""


def test_what_was_recorded_survives_a_kill(place):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(place)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGKILL)
    told = [int(line) for line in process.stdout.read().split("\n")[:-1] if line]
    process.wait()
    book = GradeBook(place)
    kept = {entry["student"] for entry in book.entries(SET)}
    assert {f"s{k}" for k in told} <= kept
    assert len(kept) <= len(told) + 1
    assert book.unfinished_seed(SET) == 1
    book.close()


def test_manual_marks_stand_beside_automatic_ones(book):
    run_of(book, graded("ada", 3.0))
    decide(book, "ada", SET, "points", "4", function="conv2d", who="grace", reason="typo only")
    assert (only(book).automatic, only(book).points, only(book).final) == (3.0, 6.0, 6.0)
    decide(book, "ada", SET, "points", "2.5", who="grace")
    assert only(book).points == 2.5
    decide(book, "ada", SET, "points", None, who="grace")
    assert only(book).points == 6.0
    run_of(book, graded("ada", 1.0))  # a regrade leaves decisions alone
    assert (only(book).automatic, only(book).points) == (1.0, 5.0)


def test_comments_pile_up(book):
    run_of(book, graded("ada", 3.0))
    decide(book, "ada", SET, "comment", "well done", who="grace")
    decide(book, "ada", SET, "comment", "see me", who="grace")
    assert only(book).comments == ("well done", "see me")


@pytest.mark.parametrize(
    ("kind", "value"),
    [("points", "many"), ("points", "-1"), ("points", "nan"), ("extension", ""), ("wish", "1")],
)
def test_decisions_that_make_no_sense_are_refused(book, kind, value):
    run_of(book, graded("ada", 3.0))
    with pytest.raises(CallError, match=kind):
        decide(book, "ada", SET, kind, value, who="grace")


def test_a_decision_about_nobody_is_refused(book):
    with pytest.raises(CallError, match="'eve' is not in the gradebook"):
        decide(book, "eve", SET, "points", "1", who="grace")


def test_late_days_extensions_and_excuses(book):
    run_of(book, graded("ada", 5.0, handed_in=NOON + timedelta(hours=30)))
    assert only(book).late_days == 0  # nothing is late without a deadline
    set_deadline(book, SET, Rule(NOON, penalty_per_day=0.1), who="grace")
    assert (only(book).late_days, only(book).penalty, only(book).final) == (2, 1.0, 4.0)
    decide(book, "ada", SET, "extension", "1", who="grace")
    assert (only(book).late_days, only(book).final) == (1, 4.5)
    decide(book, "ada", SET, "in_time", "1", who="grace", reason="ill")
    assert (only(book).late_days, only(book).final) == (0, 5.0)
    decide(book, "ada", SET, "in_time", None, who="grace")
    decide(book, "ada", SET, "excused", "1", who="grace")
    assert (only(book).excused, only(book).final, only(book).points) == (True, None, 5.0)
    decide(book, "ada", SET, "excused", None, who="grace")
    decide(book, "ada", SET, "extension", None, who="grace")
    decide(book, "ada", SET, "handed_in", "2026-11-01T11:00+00:00", who="grace")
    assert only(book).final == 5.0


def test_too_late_earns_nothing(book):
    run_of(book, graded("ada", 5.0, handed_in=NOON + timedelta(days=9)))
    set_deadline(book, SET, Rule(NOON, penalty_per_day=0.0, most_days=7), who="grace")
    assert only(book).final == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"due": datetime(2026, 11, 1)},
        {"due": NOON, "penalty_per_day": 10},
        {"due": NOON, "grace": timedelta(minutes=-1)},
        {"due": NOON, "most_days": -1},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="found"):
        Rule(**wrong)


ROSTERS = {
    "plain": "student,name,email\nada,Ada Lovelace,ada@example.org\nbob,Bob,\n",
    "semicolons": "Student;Name;Email\nada;Ada Lovelace;ada@example.org\nbob;Bob;\n",
    "bom and windows line ends": "\ufeffstudent,name,email\r\nada,Ada Lovelace,ada@example.org\r\n"
    "bob,Bob,\r\n",
}


@pytest.mark.parametrize("form", list(ROSTERS))
def test_a_roster_names_students_also_those_without_a_hand_in(book, tmp_path, form):
    path = tmp_path / "roster.csv"
    path.write_bytes(ROSTERS[form].encode())
    run_of(book, graded("ada", 3.0))
    assert enrol(book, read_people(path)) == 2
    ada, bob = marks(book, SET)
    assert (ada.name, ada.email, ada.final) == ("Ada Lovelace", "ada@example.org", 3.0)
    assert (bob.name, bob.status, bob.final) == ("Bob", None, None)


def test_times_of_moodle_and_of_a_named_column(tmp_path):
    path = tmp_path / "times.csv"
    path.write_text(
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 77,Ada,ada@example.org,"Sunday, 1 November 2026, 11:20 AM"\n'
        "Participant 78,Bob,bob@example.org,-\n"
    )
    ada, bob = read_people(path, zone=UTC)
    assert (ada.number, ada.handed_in) == ("77", datetime(2026, 11, 1, 11, 20, tzinfo=UTC))
    assert bob.handed_in is None
    path.write_text("login,when\nada,2026-11-01T11:20:00+01:00\n")
    (ada,) = read_people(path, time_column="when")
    assert ada.handed_in == datetime(2026, 11, 1, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no lines"),
        ("student,name\n", "no lines"),
        ("shoe,hat\n1,2\n", "no column that names the students"),
        ("student,handed_in\nada,soon\n", "line 2.*'soon' is not a time"),
        ("student,handed_in\nada,2026-11-01 10:00\n", "says no time zone"),
    ],
)
def test_rosters_that_cannot_be_read_say_where(tmp_path, text, said):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(CallError, match=said):
        read_people(path)
    with pytest.raises(CallError, match="cannot be read"):
        read_people(tmp_path / "nothing.csv")

"""Decisions on the page: kept, taken back, and never over another that was not seen."""

import threading

import pytest
from class_to_look_through import SET, entry
from classes_of_commands import account, final

from coursekit.grading.gradebook.book import GradeBook, Graded

KINDS = [
    ("points", "3.5", "conv2d"),
    ("points", "5", ""),
    ("extension", "2", ""),
    ("in_time", "1", ""),
    ("excused", "1", ""),
    ("reviewed", "yes", ""),
    ("request", "why?", "conv2d"),
    ("answer", "because", "conv2d"),
]

BOTH = pytest.mark.parametrize("folder", ["a file", "PostgreSQL"], indirect=True)


def test_points_by_hand_count_as_coursekit_mark_counts_them(grader, folder):
    answer = grader.decide("bob", "points", "3,5", "conv2d", reason="a slip")
    assert answer.status_code == 200 and answer.json()["final"] == 5.5
    assert final(folder, "bob") == "5.5"
    assert "grace: points of conv2d: 3.5 (a slip)" in account(folder, "Tal, Ben")
    assert grader.told.times == 1


@pytest.mark.parametrize(("kind", "value", "function"), KINDS)
def test_each_decision_is_undone_and_both_stay_on_record(grader, kind, value, function):
    before = grader.row("bob")
    first = grader.decide("bob", kind, value, function).json()
    decided = grader.row("bob")
    assert decided.given(kind, function or None).value is not None and decided != before
    undone = grader.undo("bob", first["change"])
    assert undone.status_code == 200 and grader.row("bob") == before
    again = grader.undo("bob", undone.json()["change"])  # which brings it back
    assert again.status_code == 200 and grader.row("bob").mark == decided.mark
    assert grader.history("bob") == 3


def test_undo_goes_back_to_the_mark_before_with_its_reason(grader):
    first = grader.decide("bob", "points", "1", "conv2d", reason="copied").json()
    second = grader.decide("bob", "points", "3", "conv2d", seen=first["seen"]).json()
    grader.undo("bob", second["change"])
    (one,) = grader.row("bob").mark.by_hand
    assert (one.points, one.reason, one.who) == (1.0, "copied", "grace")


@BOTH
def test_comments_pile_up_and_are_taken_back_one_by_one(grader, second):
    first = grader.decide("bob", "comment", "see me").json()
    second.decide("bob", "comment", "well argued")
    assert grader.row("bob").mark.comments == ("see me", "well argued")
    taken = grader.undo("bob", first["change"])
    assert taken.status_code == 200
    assert second.row("bob").mark.comments == ("well argued",)
    assert second.undo("bob", first["change"]).status_code == 422  # it is taken back already
    grader.undo("bob", taken.json()["change"])
    assert second.row("bob").mark.comments == ("see me", "well argued")


@BOTH
def test_who_comes_second_sees_both_values_and_nothing_is_lost(grader, second):
    assert grader.decide("bob", "points", "3", "conv2d", reason="fair").status_code == 200
    late = second.decide("bob", "points", "1", "conv2d")  # the page was loaded before
    assert late.status_code == 409
    theirs = late.json()["theirs"]
    assert (theirs["value"], theirs["who"], theirs["reason"]) == ("3.0", "grace", "fair")
    assert grader.row("bob").by_hand == {"conv2d": 3.0} and second.told.times == 0
    chosen = second.decide("bob", "points", "1", "conv2d", seen=theirs["seen"])
    assert chosen.status_code == 200 and grader.row("bob").by_hand == {"conv2d": 1.0}
    # Another function, another student, another kind are in nobody's way.
    assert grader.decide("bob", "points", "2", "match_score").status_code == 200


@BOTH
def test_undoing_what_somebody_has_changed_since_changes_nothing(grader, second):
    mine = grader.decide("bob", "points", "3", "conv2d").json()
    second.decide("bob", "points", "1", "conv2d", seen=mine["seen"])
    answer = grader.undo("bob", mine["change"])
    assert answer.status_code == 409 and answer.json()["theirs"]["who"] == "kurt"
    assert grader.row("bob").by_hand == {"conv2d": 1.0}


@BOTH
def test_of_many_at_the_same_moment_exactly_one_stands(grader, second):
    codes = []

    def one(who, points):
        codes.append(who.decide("bob", "points", str(points), "conv2d").status_code)

    threads = [
        threading.Thread(target=one, args=(who, points))
        for points in (1, 2, 3)
        for who in (grader, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] + [409] * 5
    assert grader.history("bob") == 1


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"kind": "points", "value": "many", "function": "conv2d"}, "number"),
        ({"kind": "points", "value": "-1", "function": "conv2d"}, "0 or more"),
        ({"kind": "points", "value": "nan", "function": "conv2d"}, "points"),
        ({"kind": "points", "value": "5", "function": "conv2d"}, "bonus"),
        ({"kind": "points", "value": "1", "function": "relu"}, "relu"),
        ({"kind": "handed_in", "value": "2026-11-01"}, "kind"),
        ({"kind": "comment", "value": "  "}, "nothing written"),
        ({"kind": "comment", "value": "x" * 10_001}, "10,000"),
        ({"kind": "points", "value": "1", "seen": None}, "seen"),
        ({"kind": "points", "value": "1", "seen": True}, "seen"),
        ({"kind": "points", "value": 1}, "text"),
    ],
)
def test_what_makes_no_sense_is_refused_and_says_why(grader, sent, named):
    answer = grader.send("/decide", **({"student": grader.tag("bob"), "seen": 0} | sent))
    assert answer.status_code == 422 and named in answer.json()["said"].lower()
    assert grader.history("bob") == 0


def test_more_than_it_is_worth_is_taken_where_it_is_meant(grader):
    assert grader.decide("bob", "points", "5", "conv2d", bonus=True).json()["final"] == 7.0


def test_a_request_is_open_until_it_is_answered_and_the_student_reads_both(grader, folder):
    grader.decide("bob", "request", "is it not <right>?", "conv2d")
    assert grader.row("bob").waiting
    page = grader.page("/hand-in/" + grader.tag("bob"))
    assert "is it not &lt;right&gt;?" in page
    grader.decide("bob", "answer", "No: it turns the kernel.")
    assert not grader.row("bob").waiting
    account(folder, "bob", "--comment", "done")  # writes the pages
    page = (folder / "feedback" / "bob.html").read_text("utf-8")
    assert "is it not &lt;right&gt;?" in page and "No: it turns the kernel." in page
    # Asked again it is open again, whatever was answered before.
    grader.decide("bob", "request", "and now?", "conv2d")
    assert grader.row("bob").waiting


def test_comments_to_use_again_fit_the_mistake(grader):
    page = grader.page("/hand-in/" + grader.tag("cy"))
    assert "turns the kernel by half a turn" in page
    grader.decide("ada", "comment", "Well done.")
    grader.decide("bob", "comment", "Look at the flip again.")
    page = grader.page("/hand-in/" + grader.tag("cy"))
    assert 0 < page.index("Look at the flip again.") < page.index("Well done.")
    bob = grader.page("/hand-in/" + grader.tag("bob"))
    assert bob.count('class="suggestion"') == 2  # not the one that stands there already


def test_another_file_is_not_reviewed_yet(grader, folder):
    grader.decide("ada", "reviewed", "yes")
    assert grader.row("ada").reviewed.who == "grace"
    book = GradeBook(folder / "gradebook.db")
    run = book.begin(SET, 6.0, "others", seed=1)
    book.record(run, [Graded(entry("ada", "ada.ipynb"), "another digest")])
    book.close()
    assert grader.row("ada").reviewed is None

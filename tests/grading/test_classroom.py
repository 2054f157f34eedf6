"""Whose submission is whose, and when it came: submissions, rosters and times brought together."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest

from coursekit.errors import CallError
from coursekit.grading.submissions.classroom import People, assign, with_times
from coursekit.grading.submissions.finding import Submission, find
from coursekit.grading.submissions.roster import Person, read_people
from coursekit.grading.submissions.times import read_time

SET = "03_convolution_2d"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def hand_in(student, number=None, order=None, **more):
    path = PurePosixPath(f"{student}-{order}.ipynb")
    return Submission(student, number, path, None, (), lambda: b"", order, **more)


def person(key, number=None, name=None, email=None, handed_in=None):
    return Person(key, number, name, email, handed_in)


ADA = person("al1815", "77", "Ada King Lovelace", "a.lovelace@example.org")


@pytest.mark.parametrize(
    "called",
    ["al1815", "AL1815", "Ada King Lovelace", "lovelaceadaking", "kinglovelaceada",
     "Lovelace, Ada King", "a.lovelace", "a.lovelace@example.org", "ADA KING LOVELACE"],
)  # fmt: skip
def test_a_hand_in_finds_its_person_however_it_writes_the_name(called):
    assert People([ADA, person("bob")]).find(called, None) is ADA


def test_accents_and_spaces_do_not_matter():
    zoe = person("z1", name="Zoë  Müller-Weiß")
    people = People([zoe])
    assert people.find("mullerweisszoe", None) is zoe
    assert people.find("Zoë Müller-Weiß", None) is zoe


def test_a_number_decides_between_two_of_one_name_and_never_against_the_name():
    one, two = person("a1", "1", "Ada"), person("a2", "2", "Ada")
    bob = person("bob", "3", "Bob")
    people = People([one, two, bob])
    assert people.find("Ada", None) is None
    assert people.find("Ada", "2") is two
    assert people.find("Ada (2)", "2") is two
    assert people.find("Somebody", "3") is bob  # the number alone
    assert people.find("Bob", "1") is None  # the name says Bob, the number says Ada
    assert people.find("Bob", "9") is bob  # a number that the roster does not know


def test_hand_ins_get_the_rosters_names_in_their_order_and_strangers_are_told():
    given = [hand_in("lovelaceadaking", "77"), hand_in("bob"), hand_in("eve")]
    assigned = assign(given, [ADA, person("zz", name="Bob")])
    assert [one.student for one in assigned.submissions] == ["al1815", "eve", "zz"]
    assert assigned.renamed == {"lovelaceadaking": "al1815", "bob": "zz"}
    assert assigned.strangers == ("eve",)
    assert [code for code, _ in assigned.submissions[1].events] == ["not_on_roster"]


def test_of_two_hand_ins_of_one_person_the_later_counts():
    given = [hand_in("lovelaceadaking", "77", 5), hand_in("Ada King Lovelace", None, 3)]
    (one,) = assign(given, [ADA]).submissions
    assert one.order == 5
    assert [code for code, _ in one.events] == ["second_file"]


def test_times_of_a_list_come_before_those_of_the_hand_in():
    given = [hand_in("al1815", "77", handed_in=None), hand_in("bob", handed_in=NOON)]
    ada, bob = with_times(given, [person("al1815", handed_in=NOON)])
    assert (ada.handed_in, bob.handed_in) == (NOON, NOON)


def rosters(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_people(path, with_times=False)


def test_the_roster_that_canvas_exports(tmp_path):
    (ada,) = rosters(
        tmp_path,
        "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (5)\n"
        "    Points Possible,,,,,6\n"
        '"Lovelace, Ada",12,s1,al1815,A,\n',
    )
    assert ada == person("al1815", "12", "Lovelace, Ada")


@pytest.mark.parametrize(
    "text",
    [
        "Identifier,Full name,Email address,Status\n"
        "Participant 12,Ada Lovelace,ada@example.org,Submitted\n",
        "ID,Vollständiger Name,E-Mail-Adresse,Status\n"
        "Teilnehmer/in12,Ada Lovelace,ada@example.org,Abgegeben\n",
    ],
)
def test_the_worksheet_that_moodle_gives_out_in_two_languages(tmp_path, text):
    (ada,) = rosters(tmp_path, text)
    assert ada == person("Ada Lovelace", "12", "Ada Lovelace", "ada@example.org")


def test_the_students_that_nbgrader_exports(tmp_path):
    (ada,) = rosters(
        tmp_path, "id,first_name,last_name,email\nal1815,Ada,Lovelace,ada@example.org\n"
    )
    assert ada == person("al1815", None, "Ada Lovelace", "ada@example.org")


def test_two_of_one_name_are_told_apart_by_number_and_one_twice_is_refused(tmp_path):
    people = rosters(tmp_path, "student,number\nAda,1\nAda,2\nBob,3\n")
    assert [one.key for one in people] == ["Ada (1)", "Ada (2)", "Bob"]
    with pytest.raises(CallError, match=r"names 'Ada.*more than once"):
        rosters(tmp_path, "student\nAda\nAda\n")


TIMES = {
    "Saturday, 21 November 2026, 11:20 AM": (11, 20),
    "Samstag, 21. November 2026, 11:20": (11, 20),
    "2026-11-21 11:20": (11, 20),
    "2026-11-21T11:20:30": (11, 20),
    "21.11.2026, 11:20 Uhr": (11, 20),
    "21/11/2026 11:20": (11, 20),
    "11/21/2026 11:20 PM": (23, 20),
}


@pytest.mark.parametrize("text", list(TIMES))
def test_times_as_systems_and_people_write_them(text):
    moment = read_time(text, ZoneInfo("Europe/Vienna"), "here")
    assert (moment.year, moment.month, moment.day) == (2026, 11, 21)
    assert (moment.hour, moment.minute) == TIMES[text]
    assert moment.utcoffset().total_seconds() == 3600


def test_days_before_the_thirteenth_are_not_mixed_up_with_months():
    zone = ZoneInfo("Europe/Vienna")
    assert read_time("03.11.2026 11:20", zone, "here").month == 11
    assert read_time("2026-11-03 11:20", zone, "here").month == 11
    assert read_time("3. Jänner 2026 11:20", zone, "here").month == 1
    with pytest.raises(CallError, match="may be two days; write 2026-11-03 or 2026-03-11"):
        read_time("03/11/2026 11:20", zone, "here")


@pytest.mark.parametrize("text", ["5", "4.0", "11:20", "2026", "2026-11-21", "Saturday", "soon"])
def test_half_a_time_is_not_filled_up(text):
    with pytest.raises(CallError, match="is not a time"):
        read_time(text, UTC, "here")


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-11-21 12:00:00.000000 UTC", NOON),
        ("2026-11-21 13:00:00 Europe/Vienna", NOON),
        ("2026-11-21 12:00:00", NOON),
        ("whenever", None),
        ("x" * 10_000, None),
    ],
)
def test_the_note_of_the_time_that_nbgrader_leaves(tmp_path, stamp, expected):
    folder = tmp_path / "ada" / SET
    folder.mkdir(parents=True)
    (folder / f"{SET}.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text(stamp)
    (found,) = find(tmp_path, SET).submissions
    assert found.handed_in == expected


def test_one_hand_in_of_another_set_is_not_taken_for_a_student(tmp_path):
    folder = tmp_path / "ada" / "04_kernels"
    folder.mkdir(parents=True)
    (folder / "04_kernels.ipynb").write_text("{}")
    found = find(tmp_path, SET)
    assert found.submissions == ()
    assert found.passed_over == ("ada/04_kernels/04_kernels.ipynb belongs to another set",)

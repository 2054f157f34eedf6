"""Whose submission is whose, and when it came: submissions, rosters and times brought together."""

import csv
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.errors import CallError
from coursekit.grading.submissions.classroom import People, assign, with_times
from coursekit.grading.submissions.finding import Submission, Submissions, find
from coursekit.grading.submissions.roster import Person, read_people
from coursekit.grading.submissions.times import read_time

SET = "03_convolution_2d"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def submission(student, number=None, order=None, **more):
    path = PurePosixPath(f"{student}-{order}.ipynb")
    return Submission(student, number, path, None, (), lambda: b"", order, **more)


def found(*submissions):
    return Submissions(submissions, ())


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


def test_submissions_get_the_rosters_names_in_their_order_and_strangers_are_told():
    given = found(submission("lovelaceadaking", "77"), submission("bob"), submission("eve"))
    assigned = assign(given, [ADA, person("zz", name="Bob"), person("zoe")])
    assert [one.student for one in assigned.submissions] == ["al1815", "eve", "zz"]
    assert assigned.renamed == {"lovelaceadaking": "al1815", "bob": "zz"}
    assert (assigned.strangers, assigned.doubts) == (("eve",), ())
    assert [one.key for one in assigned.absent] == ["zoe"]
    assert [code for code, _ in assigned.submissions[1].events] == ["not_on_roster"]


SMITHS = [person("s1", "1", "Jo Smith"), person("s2", "2", "Jo Smith"), person("bob", "3", "Bob")]


@pytest.mark.parametrize(
    ("several", "named"),
    [
        ([submission("Bob", "1")], ["Bob-None.ipynb", "bob", "s1"]),  # a name and another's number
        ([submission("Jo Smith")], ["Jo Smith-None.ipynb", "s1", "s2"]),
        ([submission("bob"), submission("Bob (2)")], ["bob-None.ipynb", "s2"]),
        ([submission("bob", "3", 5), submission("BOB", None, 3)], ["bob-5.ipynb", "BOB-3.ipynb"]),
    ],
)
def test_what_may_be_two_people_s_is_a_doubt_that_names_them(several, named):
    doubts = " ".join(assign(found(*several), SMITHS).doubts)
    if "Bob (2)" not in [one.student for one in several]:
        assert all(word in doubts for word in named), doubts
        assert "--file" in doubts or "--key-column" in doubts


def test_of_two_files_of_one_person_the_instructor_says_which_counts():
    given = found(submission("bob", "3", 5), submission("BOB", None, 3))
    assigned = assign(given, SMITHS, picked=["bob-5.ipynb"])
    assert [(one.student, one.order) for one in assigned.submissions] == [("bob", 5)]
    assert assigned.doubts == ()


@pytest.mark.parametrize(
    "called", ["al1815", "77", "ada_77", "77-ada", f"{SET}_al1815", f"Ada King Lovelace {SET}"]
)
def test_a_number_or_the_set_in_a_file_name_is_understood(called):
    everybody = People([ADA, person("bob", "78"), *SMITHS], SET)
    assert everybody.find(called, None) is ADA
    assert everybody.knows(called)


NAMES = st.text("abAB'\" ,;\u00e9\u0142", min_size=1, max_size=6).filter(str.strip)
PEOPLE = st.lists(
    st.tuples(NAMES, st.text("0K1a-", min_size=1, max_size=4)),
    min_size=1, max_size=5, unique_by=(lambda one: one[0].strip(), lambda one: one[1].casefold()),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_two_rows_of_a_roster_stay_two_people_and_as_written(rows, delimiter, encoding):
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=delimiter)
    table.writerows([("student", "number"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        read = read_people(path, with_times=False)
    assert [(one.key, one.number) for one in read] == [(name.strip(), n) for name, n in rows]
    everybody = People(read)
    for one in read:  # each is found, or nobody is: never somebody else
        assert everybody.find(one.key, one.number) in (one, None)


def test_times_of_a_list_come_before_those_of_the_submission():
    several = [submission("al1815", "77", handed_in=None), submission("bob", handed_in=NOON)]
    ada, bob = with_times(several, [person("al1815", handed_in=NOON)])
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
    with pytest.raises(CallError, match="line 3 has no ';'"):  # written by another hand
        rosters(tmp_path, "student;number\nAda;1\nBob,2\n")


VIENNA = ZoneInfo("Europe/Vienna")
TIMES = {  # what stands there: the moment in UTC, worked out by hand
    "Saturday, 21 November 2026, 11:20 AM": "2026-11-21T10:20",
    "Saturday, November 21, 2026, 12:05 AM": "2026-11-20T23:05",
    "Samstag, 21. November 2026, 11:20": "2026-11-21T10:20",
    "samedi 21 novembre 2026, 11:20": "2026-11-21T10:20",
    "sábado, 21 de noviembre de 2026, 11:20": "2026-11-21T10:20",
    "3. Jänner 2026 11:20": "2026-01-03T10:20",
    "Mi., 04.11.2026, 21:20": "2026-11-04T20:20",
    "04.11.26 21:20": "2026-11-04T20:20",
    "03.11.26 23:59": "2026-11-03T22:59",
    "21.11.2026, 11:20 Uhr": "2026-11-21T10:20",
    "2026-11-21 11:20": "2026-11-21T10:20",
    "2026-11-21T11:20:30": "2026-11-21T10:20",
    "2026-11-21T11:20:30Z": "2026-11-21T11:20",
    "2026-11-21 11:20 -0500": "2026-11-21T16:20",
    "2026-11-03 23:30 GMT+1": "2026-11-03T22:30",
    "2026-11-03 23:30 UTC-05:30": "2026-11-04T05:00",
    "2026-07-21 23:30:00.000000 CEST": "2026-07-21T21:30",
    "2026-07-21 23:30 Asia/Tokyo": "2026-07-21T14:30",
    "2026-10-25 02:30 CEST": "2026-10-25T00:30",
    "2026-10-25 02:30 CET": "2026-10-25T01:30",
    "21/11/2026 11:20": "2026-11-21T10:20",
    "11/21/2026 11:20 PM": "2026-11-21T22:20",
}


@pytest.mark.parametrize("text", list(TIMES))
def test_times_as_systems_and_people_write_them(text):
    moment = read_time(text, VIENNA, "here").astimezone(UTC)
    assert moment.isoformat()[:16] == TIMES[text]


NOT_TIMES = {
    "is not a time": ["5", "4.0", "11:20", "2026", "2026-11-21", "Saturday", "soon", "0:61",
                      "2026-11-21 25:00", "21 November 2026, 13:20 PM", "1/2/3 4:5"],
    "calendar": ["2026-02-30 10:00", "31.11.2026 10:00"],
    "weekday": ["Monday, 21 November 2026, 11:20 AM"],
    "may be two days; write 2026-11-03 or 2026-03-11.*--date-format": [
        "03/11/2026 11:20", "03-11-2026 11:20", "03/11/26 11:20"],
    "offset": ["2026-07-21 23:30 EDT", "2026-07-21 23:30 CET", "2026-07-21 23:30 JST",
               "2026-07-21 23:30 BST", "2026-10-25 02:30", "2026-03-29 02:30"],
}  # fmt: skip


@pytest.mark.parametrize(("why", "text"), [(why, t) for why, ts in NOT_TIMES.items() for t in ts])
def test_half_a_time_or_one_of_two_meanings_is_refused(why, text):
    with pytest.raises(CallError, match=f"^here: .*{why}"):
        read_time(text, VIENNA, "here")


def test_the_order_of_a_date_and_the_zone_of_a_name_can_be_said():
    assert read_time("03/11/2026 11:20", UTC, "here", "dmy").month == 11
    assert read_time("03/11/26 11:20", UTC, "here", "mdy").month == 3
    with pytest.raises(CallError, match="--zone"):
        read_time("2026-07-21 23:30 CEST", None, "here")
    with pytest.raises(CallError, match="--zone"):
        read_time("2026-07-21 23:30", None, "here")


FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%A, %d %B %Y, %I:%M:%S %p",
    "%d.%m.%Y, %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
)


@settings(max_examples=80, deadline=None)
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Vienna", "America/New_York", "Asia/Tokyo", "Europe/London"]),
    st.sampled_from(FORMS),
)
def test_any_time_that_is_accepted_is_the_time_that_was_meant(moment, zone, form):
    moment = moment.replace(microsecond=0)
    local = moment.astimezone(ZoneInfo(zone))
    try:
        assert read_time(local.strftime(form), ZoneInfo(zone), "here") == moment
    except CallError as error:
        assert "was twice" in str(error)
    assert read_time(local.isoformat(" "), None, "here") == moment
    assert read_time(f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}", ZoneInfo(zone), "x") == moment


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-11-21 12:00:00.000000 UTC", NOON),
        ("2026-11-21 13:00:00 Europe/Vienna", NOON),
        ("2026-11-21 13:00:00 CET", NOON),
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
    result = find(tmp_path, SET, zone=VIENNA)
    assert result.submissions[0].handed_in == expected
    assert bool(result.doubts) is (expected is None)
    assert all("timestamp.txt" in doubt and "--times" in doubt for doubt in result.doubts)


def test_one_hand_in_of_another_set_is_not_taken_for_a_student(tmp_path):
    folder = tmp_path / "ada" / "04_kernels"
    folder.mkdir(parents=True)
    (folder / "04_kernels.ipynb").write_text("{}")
    found = find(tmp_path, SET)
    assert found.submissions == ()
    assert found.passed_over == ("ada/04_kernels/04_kernels.ipynb belongs to another set",)

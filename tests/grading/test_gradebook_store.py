"""Where a gradebook is: made whole, brought up from older layouts, shared by several graders."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from classes_at_hand import command
from sqlalchemy import event
from test_gradebook import SET, graded, run_of

from coursekit.errors import CallError, CourseError
from coursekit.grading.gradebook.book import GradeBook
from coursekit.grading.gradebook.decisions import (
    ConflictError,
    comments_used,
    decide,
    take_back,
)
from coursekit.grading.gradebook.marks import marks, record_of
from coursekit.grading.gradebook.place import place_of
from coursekit.grading.gradebook.store import is_there
from coursekit.grading.gradebook.tables import Base


def test_a_gradebook_is_made_whole_or_not_at_all(tmp_path):
    """What ends the grader between two tables leaves nothing that the next one refuses."""
    second = Base.metadata.sorted_tables[1]

    def ended(*_, **__):
        raise KeyboardInterrupt

    event.listen(second, "after_create", ended)
    try:
        with pytest.raises(KeyboardInterrupt):
            GradeBook(tmp_path / "gradebook.db")
    finally:
        event.remove(second, "after_create", ended)
    with sqlite3.connect(tmp_path / "gradebook.db") as file:
        assert file.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    GradeBook(tmp_path / "gradebook.db").close()


# As the first layout of the file was written, and two decisions in it.
LAYOUT_1 = """
CREATE TABLE student (id INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR NOT NULL UNIQUE,
    number VARCHAR, name VARCHAR, email VARCHAR);
CREATE TABLE run (id INTEGER NOT NULL PRIMARY KEY, set_name VARCHAR NOT NULL,
    max_points DOUBLE NOT NULL, fingerprint VARCHAR NOT NULL, seed INTEGER NOT NULL,
    unsafe BOOLEAN NOT NULL, whole_class BOOLEAN NOT NULL, place VARCHAR NOT NULL,
    started DATETIME NOT NULL, finished DATETIME);
CREATE INDEX ix_run_set_name ON run (set_name);
CREATE TABLE deadline (id INTEGER NOT NULL PRIMARY KEY, set_name VARCHAR NOT NULL,
    due DATETIME NOT NULL, penalty_per_day DOUBLE NOT NULL, grace_minutes DOUBLE NOT NULL,
    most_days INTEGER, who VARCHAR NOT NULL, "when" DATETIME NOT NULL);
CREATE INDEX ix_deadline_set_name ON deadline (set_name);
CREATE TABLE attempt (id INTEGER NOT NULL PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run (id),
    student_id INTEGER NOT NULL REFERENCES student (id), digest VARCHAR NOT NULL,
    handed_in DATETIME, graded DATETIME NOT NULL, points DOUBLE NOT NULL, status VARCHAR NOT NULL,
    seconds DOUBLE NOT NULL, result JSON NOT NULL, UNIQUE (run_id, student_id));
CREATE INDEX attempt_of_student ON attempt (student_id, run_id);
CREATE TABLE change (id INTEGER NOT NULL PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id), set_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, function VARCHAR, value VARCHAR, reason VARCHAR NOT NULL,
    who VARCHAR NOT NULL, "when" DATETIME NOT NULL);
CREATE INDEX change_of_student ON change (student_id, set_name);
INSERT INTO student VALUES (1, 'ada', '77', 'Ada', NULL), (2, 'bob', NULL, NULL, NULL);
INSERT INTO run VALUES (1, '03_convolution_2d', 6.0, 'f', 5, 0, 1, 'class',
    '2026-11-03 12:00:00', '2026-11-03 12:01:00');
INSERT INTO deadline VALUES (1, '03_convolution_2d', '2026-11-01 12:00:00', 0.1, 0.0, NULL, 'me',
    '2026-11-01 09:00:00');
INSERT INTO attempt
    SELECT id, 1, id, 'd', '2026-11-02 13:00:00', '2026-11-03 12:00:30', 5.0, 'graded', 0.1,
    '{"student": "' || "key" || '", "points": 5.0, "status": "graded", "functions": []}'
    FROM student;
INSERT INTO change VALUES
    (1, 1, '03_convolution_2d', 'excused', NULL, '1', 'ill', 'me', '2026-11-03 13:00:00'),
    (2, 2, '03_convolution_2d', 'points', NULL, '4.0', '', 'me', '2026-11-03 13:00:00');
PRAGMA user_version = 1;
"""


# What the second to fifth layout had more, and a row that only they can hold.
LATER = {
    1: "",
    2: """
ALTER TABLE student ADD COLUMN cells JSON;
ALTER TABLE run ADD COLUMN rules JSON;
CREATE TABLE document (id INTEGER NOT NULL PRIMARY KEY, set_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, name VARCHAR NOT NULL, content BLOB NOT NULL, encoding VARCHAR NOT NULL,
    delimiter VARCHAR NOT NULL, added DATETIME NOT NULL);
CREATE INDEX ix_document_set_name ON document (set_name);
UPDATE change SET kind = 'in_time' WHERE kind = 'excused';
UPDATE run SET rules = '{"zone": "Europe/Vienna"}';
PRAGMA user_version = 2;
""",
    3: """
ALTER TABLE attempt ADD COLUMN marked_late BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE deadline ADD COLUMN marked_late INTEGER;
PRAGMA user_version = 3;
""",
    4: """
ALTER TABLE deadline ADD COLUMN own JSON;
UPDATE deadline SET own = '{"bob": "2026-11-02T12:00:00+00:00"}';
PRAGMA user_version = 4;
""",
    5: """
ALTER TABLE change ADD COLUMN takes_back INTEGER REFERENCES change (id);
ALTER TABLE student ADD COLUMN alias VARCHAR NOT NULL DEFAULT '';
UPDATE student SET alias = "key" || '-alias';
CREATE UNIQUE INDEX student_alias ON student (alias);
PRAGMA user_version = 5;
""",
}


@pytest.mark.parametrize("layout", LATER)
def test_a_gradebook_of_an_older_layout_is_opened_with_all_that_is_in_it(tmp_path, layout):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as file:
        file.executescript(LAYOUT_1 + "".join(LATER[n] for n in LATER if n <= layout))
    with pytest.raises(CourseError, match="older version"):
        GradeBook(path, read_only=True)
    for _ in range(2):  # the second time it is of today's layout
        book = GradeBook(path)
        ada, bob = marks(book, SET)
        # What was called excused at first was an excuse from late days: two, at a tenth each.
        assert (ada.final, ada.penalty, ada.excused, ada.number) == (5.0, 0.0, False, "77")
        days = 1 if layout >= 4 else 2  # bob's own time
        assert (bob.automatic, bob.points, bob.late_days) == (5.0, 4.0, days)
        assert bob.final == pytest.approx(4 - 0.4 * days)
        run = book.last_run(SET)
        assert (run.seed, run.rules) == (5, None if layout == 1 else {"zone": "Europe/Vienna"})
        aliases = book.aliases()
        assert set(aliases) == {"ada", "bob"} and len(set(aliases.values()) - {""}) == 2
        seen = record_of(book, SET, "bob")
        decide(book, "bob", SET, "comment", "see me", who="kurt", expected=seen.version)
        run_of(book, graded("ada", 5.0), seed=5, rules=run.rules)
        book.close()
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (6,)
        assert file.execute("SELECT count(*) FROM attempt").fetchone() == (4,)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_stopped_move_to_a_new_layout_leaves_the_older_one(tmp_path):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as file:
        file.executescript(LAYOUT_1)
        before = list(file.iterdump())

    def ended(*_, **__):
        raise KeyboardInterrupt

    made = Base.metadata.tables["course_rules"]
    event.listen(made, "after_create", ended)
    try:
        with pytest.raises(KeyboardInterrupt):
            GradeBook(path)
    finally:
        event.remove(made, "after_create", ended)
    with sqlite3.connect(path) as file:
        assert list(file.iterdump()) == before
        assert file.execute("PRAGMA user_version").fetchone() == (1,)


def test_another_database_or_no_database_is_left_alone(tmp_path):
    (tmp_path / "text.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(CourseError, match="it is no gradebook"):
        GradeBook(tmp_path / "text.db")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE music (title TEXT)")
    other.close()
    with pytest.raises(CourseError, match="no gradebook of this course"):
        GradeBook(tmp_path / "other.db")


def test_a_full_disk_is_one_sentence_and_earlier_marks_stay(tmp_path):
    book = GradeBook(tmp_path / "gradebook.db")
    run = run_of(book, graded("ada", 4.0), finish=False)
    with book.store.reading() as session:
        connection = session.connection().connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CourseError, match="the disk is full"):
        book.record(run, [graded(f"student {k}", 1.0) for k in range(500)])
    again = GradeBook(tmp_path / "gradebook.db")
    assert [entry["student"] for entry in again.entries(SET)] == ["ada"]
    again.close()


def test_of_two_graders_the_second_is_told_who_was_first(place):
    one, other = GradeBook(place), GradeBook(place)
    run_of(one, graded("ada", 3.0), graded("bob", 2.0))
    seen = record_of(one, SET, "ada")
    after = decide(one, "ada", SET, "points", "4", who="grace", expected=seen.version)
    with pytest.raises(ConflictError, match="grace changed it") as told:
        decide(other, "ada", SET, "points", "5", who="kurt", expected=seen.version)
    assert [(row.who, row.value) for row in told.value.changes] == [("grace", "4")]
    assert record_of(other, SET, "ada").mark.final == 4.0
    decide(
        other, "bob", SET, "points", "5", who="kurt", expected=record_of(one, SET, "bob").version
    )
    assert record_of(one, SET, "ada").version == after  # another student's is nothing of hers
    run_of(other, graded("ada", 1.0, digest="e"))
    with pytest.raises(ConflictError, match="graded anew"):
        decide(one, "ada", SET, "comment", "well done", who="grace", expected=after)
    one.close()
    other.close()


def test_of_graders_at_one_moment_one_is_first(place):
    """Each of four tries to be the one who decides, five times over."""
    setup = GradeBook(place)
    run_of(setup, graded("ada", 3.0))
    won, lost = [], []
    together = threading.Barrier(4)

    def grader(name):
        try:
            book = GradeBook(place)
            for turn in range(5):
                version = record_of(book, SET, "ada").version
                together.wait()
                try:
                    decide(book, "ada", SET, "points", str(turn), who=name, expected=version)
                    won.append(name)
                except ConflictError:
                    lost.append(name)
                together.wait()
            book.close()
        except Exception:
            together.abort()  # the others wait for nobody
            raise

    with ThreadPoolExecutor(4) as pool:
        for ended in [pool.submit(grader, f"grader {n}") for n in range(4)]:
            with suppress(threading.BrokenBarrierError):
                ended.result()
    assert (len(won), len(lost)) == (5, 15)
    record = record_of(setup, SET, "ada")
    assert [row.who for row in record.changes] == won and record.mark.final == 4.0
    setup.close()


def test_a_decision_is_taken_back_and_given_again(place):
    book = GradeBook(place)
    run_of(book, graded("ada", 3.0))
    for value in ("4", "5"):
        decide(book, "ada", SET, "points", value, who="grace")
    decide(book, "ada", SET, "comment", "see me", who="grace", function="conv2d")
    decide(book, "ada", SET, "comment", "good", who="grace")
    four, five, comment, _ = record_of(book, SET, "ada").changes
    take_back(book, five.id, who="kurt")
    take_back(book, comment.id, who="kurt", reason="unkind")
    record = record_of(book, SET, "ada")
    assert (record.mark.final, record.mark.comments) == (4.0, ("good",))
    with pytest.raises(CallError, match="taken back already"):
        take_back(book, five.id, who="kurt")
    take_back(book, record.changes[-1].id, who="grace")  # the taking back of the comment
    take_back(book, four.id, who="grace")
    record = record_of(book, SET, "ada")
    assert (record.mark.final, record.mark.comments) == (3.0, ("conv2d: see me", "good"))
    assert [row.who for row in record.changes] == ["grace"] * 4 + ["kurt"] * 2 + ["grace"] * 2
    decide(book, "ada", SET, "comment", None, who="grace")
    assert record_of(book, SET, "ada").mark.comments == ()
    assert comments_used(book) == [("see me", 1), ("good", 1)]
    book.close()


def test_requests_are_answered(place):
    book = GradeBook(place)
    run_of(book, graded("ada", 3.0))
    for kind, value in (("request", "why?"), ("answer", "look"), ("request", "again")):
        decide(book, "ada", SET, kind, value, who="grace")
    assert record_of(book, SET, "ada").mark.requests == (("why?", "look"), ("again", ""))
    book.close()


def test_what_a_student_wrote_goes_in_and_comes_out(place):
    """Also what databases do not take: half characters, zeros, numbers that are none."""
    book = GradeBook(place)
    one = graded("Zoë ' \" %s", 3.0, number="7")
    one.entry["text"], one.entry["value"] = "a\0b\ud800 \U0001f600", float("nan")
    run = run_of(book, one, seed=2**63 - 1)
    assert book.last_run(SET).seed == 2**63 - 1
    (entry,) = book.entries(SET)
    assert entry["text"] == "a\0b\ud800 \U0001f600" and entry["student"] == "Zoë ' \" %s"
    assert book.layouts() == {entry["student"]: None}
    decide(book, entry["student"], SET, "comment", "a\0b\ud800", who="grace")
    (comment,) = record_of(book, SET, entry["student"]).mark.comments
    assert comment.startswith("a\ufffdb")
    content = b"\0\xff" * 100
    book.record(run, [type(one)(one.entry, "f" * 64, content=content)])
    assert book.submitted_file("f" * 64) == content and book.submitted_file("0") is None
    book.close()


def test_names_have_one_order_everywhere(place):
    book = GradeBook(place)
    names = ["a", "B", "ä", "_", "aa", "A b", "a-b", "Z"]
    run_of(book, *(graded(name, 1.0) for name in names))
    assert [mark.student for mark in marks(book, SET)] == sorted(names)
    assert [entry["student"] for entry in book.entries(SET)] == sorted(names)
    book.close()


def test_a_set_is_graded_by_one_at_a_time_on_a_server(postgresql):
    address = postgresql()
    one, other = GradeBook(address), GradeBook(address)
    with one.store.held_for(SET) as free:
        assert free
        with other.store.held_for(SET) as second, other.store.held_for("04_kernels") as third:
            assert (second, third) == (False, True)
    with other.store.held_for(SET) as again:
        assert again
    one.close()
    other.close()


def test_only_looked_at_nothing_is_made_on_a_server(postgresql):
    address = postgresql()
    assert not is_there(address)
    with pytest.raises(CourseError, match="no gradebook yet"):
        GradeBook(address, read_only=True)
    book = GradeBook(address)
    run_of(book, graded("ada", 4.0))
    assert is_there(address)
    looked = GradeBook(address, read_only=True)
    assert marks(looked, SET)[0].final == 4.0
    with pytest.raises(CourseError, match="may not be written to"):
        decide(looked, "ada", SET, "points", "1", who="grace")
    book.close()
    looked.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mysql://db/course", "no address of a database of PostgreSQL"),
        ("postgresql://ada:secret@db/course", "leave the password out"),
        ("postgresql://db/course?password=secret", "leave the password out"),
        ("postgresql://db", "names no database"),
        ("postgresql://db:port/course", "expected postgresql://"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(text, words):
    with pytest.raises(CallError, match=words):
        place_of(text)


def test_a_server_that_is_not_there_is_one_line(tmp_path):
    (tmp_path / "class").mkdir()
    code, _, complaint = command(
        "grade", SET, tmp_path / "class", "--out", tmp_path / "out",
        "--gradebook", f"postgresql://nobody@/course?host={tmp_path}",
    )  # fmt: skip
    assert code == 1 and complaint.count("\n") == 1 and "the server cannot be reached" in complaint


def test_another_database_on_a_server_is_left_alone(postgresql):
    import psycopg

    address = postgresql()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE music (title text)")
    with pytest.raises(CourseError, match="no gradebook of this course"):
        GradeBook(address)
    with pytest.raises(CourseError, match="no such database"):
        GradeBook(address.replace("/postgres", "/nothing"))

"""Copies in a class of honest solutions come first, and nothing of a student's is markup."""

import csv
import hashlib
import io
import re
import time

import pytest
from classes_at_hand import command
from honest_answers import HONEST, copies
from notebooks_at_hand import filled, handed_out, notebook
from similar_class import SET, handed_in, honest_class, renamed, with_other_loops

from coursekit.grading.gradebook.book import GradeBook, Graded
from coursekit.grading.gradebook.course import keep_course_rules

LONG, LOOPS, WRONG, OTHER = "student08", "student00", "student10", "student24"
COMMENTS = "# Grandmother's recipe: fold the window like dough\n", "# then let it rest, thrice\n"
COPIES = {  # in the order of their names
    ("student08", "with other names"),
    ("student00", "with other loops"),
    ("a wrong answer", "student10"),
    ("student24", "with its comments"),
}


def entry(student, mistake=None, file=None):
    """What `results.json` has of somebody."""
    function = {"name": "conv2d", "points": 0.0, "passed": mistake is None, "checks": []}
    function |= {"misconception": mistake, "max_points": 4.0, "counterexample": None}
    whole = {"student": student, "points": 0.0, "status": "graded", "seconds": 0.1, "events": []}
    submission = {"file": file or f"{student}.ipynb", "layout": "plain"}
    return whole | {"functions": [function], "submission": submission}


def graded(folder, notebooks, mistakes=None, set_name=SET, files=None):
    """A folder as `coursekit grade` leaves it, with a gradebook that holds these notebooks."""
    folder.mkdir(exist_ok=True)
    book = GradeBook(folder / "gradebook.db")
    run = book.begin(set_name, 6.0, "checks", seed=1)
    book.record(
        run,
        [
            Graded(
                entry(name, (mistakes or {}).get(name), (files or {}).get(name)),
                hashlib.sha256(content).hexdigest(),
                content=content,
            )
            for name, content in notebooks.items()
        ],
    )
    book.finish(run)
    book.close()
    return folder


def rows(folder):
    """The table that was written."""
    text = (folder / "similar.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def pairs(folder):
    return [tuple(sorted((row["first"], row["second"]))) for row in rows(folder)]


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Some forty honest solutions and four copies, compared."""
    honest = honest_class()
    with_comments = COMMENTS[0] + honest[OTHER]["conv2d"] + COMMENTS[1]
    own = honest["student30"]["conv2d"]
    notebooks = {name: handed_in(functions) for name, functions in honest.items()}
    notebooks[OTHER] = handed_in(honest[OTHER] | {"conv2d": with_comments})
    notebooks["with its comments"] = handed_in(
        {"match_score": honest["student02"]["match_score"], "conv2d": own.join(COMMENTS)}
    )
    other_score = honest["student05"]["match_score"]
    copies = {
        "with other names": [*map(renamed, (honest[LONG][n] for n in ("match_score", "conv2d")))],
        "with other loops": [
            renamed(honest[LOOPS]["match_score"]),
            with_other_loops(honest[LOOPS]["conv2d"]),
        ],
        "a wrong answer": [other_score, renamed(honest[WRONG]["conv2d"])],
    }
    for name, (score, convolution) in copies.items():
        functions = {"match_score": score, "conv2d": convolution}
        turned = name == "with other loops"
        order = ("conv2d", "match_score") if turned else ("match_score", "conv2d")
        notebooks[name] = handed_in(functions, order)
    mistakes = dict.fromkeys((WRONG, "a wrong answer", "student12"), "one_product")
    folder = graded(tmp_path_factory.mktemp("similar") / "marks", notebooks, mistakes)
    assert len(honest) >= 38  # the answers by which the checks are tested become more
    code, said, complaint = command("similar", folder)
    assert (code, complaint) == (0, "")
    return folder, said


def test_copies_come_first_however_they_were_changed(compared):
    folder, _ = compared
    assert set(pairs(folder)[: len(COPIES)]) == COPIES
    table = rows(folder)
    ranks = [float(row["rank"]) for row in table]
    assert ranks == sorted(ranks, reverse=True)
    last, next_one = ranks[len(COPIES) - 1], ranks[len(COPIES)]
    assert last > 1.2 * next_one, (last, next_one)
    by_pair = dict(zip(pairs(folder), table, strict=True))
    assert float(by_pair[LONG, "with other names"]["share"]) == 1.0
    assert by_pair["a wrong answer", WRONG]["same_wrong_answer"] == "conv2d"


@pytest.mark.parametrize("name", HONEST)
def test_copies_come_first_in_other_sets(tmp_path, name):
    """But for two who have each built a whole network in the same unusual way."""
    honest = {f"honest{number:02d}": one for number, one in enumerate(HONEST[name])}
    planted = {f"copy{n}": (f"honest{of:02d}", one) for n, (of, one) in enumerate(copies(name))}
    everybody = honest | {who: functions for who, (_, functions) in planted.items()}
    notebooks = {who: handed_in(one, tuple(one), name) for who, one in everybody.items()}
    folder = graded(tmp_path / "marks", notebooks, set_name=name)
    assert command("similar", folder)[0] == 0
    found = [pair for pair in pairs(folder) if sum(one in honest for one in pair) == 2]
    order = pairs(folder)
    last = max(order.index((who, of)) for who, (of, _) in planted.items())
    before = [pair for pair in found if order.index(pair) < last]
    assert len(before) <= (name == "12_lenet"), order[: last + 1]


def test_pages_lay_both_side_by_side_and_mark_what_is_shared(compared):
    folder, said = compared
    page = (folder / "similar.html").read_text()
    assert "Nothing here is a finding" in page and "marks stay" in said
    assert 'href="similar/001.html"' in page and (folder / "similar" / "001.html").is_file()
    place = pairs(folder).index(("student24", "with its comments")) + 1
    pair = (folder / "similar" / f"{place:03d}.html").read_text()
    marked = re.findall("<mark>(.*?)</mark>", pair, re.DOTALL)
    assert sum("fold the window like dough" in text for text in marked) == 2
    assert not any("range(height - m + 1)" in text for text in marked)  # as it was handed out


def test_what_the_course_itself_gives_is_no_likeness(tmp_path):
    same = filled(SET)
    notebooks = {"ada": same, "bob": same, "cy": handed_out(SET), "dee": b"no notebook"}
    folder = graded(tmp_path / "marks", notebooks)
    code, said, _ = command("similar", folder)
    assert code == 0 and pairs(folder) == []
    assert "ada, bob, cy." in said and "no notebooks: dee." in said
    beside = (folder / "similar.html").read_text().partition("Beside the solution")[2]
    assert "<td>ada</td><td>the solution</td>" in beside and "<td>cy</td>" not in beside


def test_last_years_are_compared_with_this_years_and_not_with_each_other(tmp_path):
    honest = honest_class()
    last_year = {"old1": honest[LONG], "old2": honest[LONG], "old3": honest[LOOPS]}
    plain = tmp_path / "2025"
    plain.mkdir()
    for name, functions in last_year.items():
        (plain / f"{name}.ipynb").write_bytes(handed_in(functions))
    book = graded(tmp_path / "2024", {"older": handed_in(honest[LOOPS])})
    copy = {name: renamed(source) for name, source in honest[LONG].items()}
    folder = graded(tmp_path / "marks", {"ada": handed_in(copy), "bob": handed_in(honest[WRONG])})
    code, said, complaint = command("similar", folder, "--against", plain, "--against", book)
    assert (code, complaint) == (0, "") and "from elsewhere: 4" in said
    found = rows(folder)
    assert {row["second"] for row in found[:2]} == {"old1 (2025)", "old2 (2025)"}
    assert {row["first"] for row in found} <= {"ada", "bob"}
    assert "older (2024)" in {row["second"] for row in found}


def test_a_group_hands_in_one_file(tmp_path):
    honest = honest_class()
    one, other = handed_in(honest[LONG]), handed_in(honest[LOOPS])
    files = {"ada": "blue.ipynb", "bob": "blue.ipynb"}
    folder = graded(tmp_path / "m", {"ada": one, "bob": one, "cy": one, "dee": other}, files=files)
    assert command("similar", folder)[0] == 0
    assert pairs(folder)[0] == ("ada, bob", "cy") and ("ada", "bob") not in pairs(folder)


def test_nothing_of_a_student_is_markup_or_a_formula(tmp_path):
    bad = '</pre></mark><script>alert(1)</script><img src="x" onerror="alert(2)">'
    cells = notebook(f"# {bad}\nx = '{bad}'\ny = x.upper() + x.lower() + x.title() + x\u202e")
    names = {"=HYPERLINK(1)": cells, bad: cells, "cy": handed_out(SET)}
    folder = graded(tmp_path / "marks", names)
    code, said, _ = command("similar", folder)
    assert code == 0 and "\x1b" not in said
    for path in (folder / "similar.html", folder / "similar" / "001.html"):
        page = path.read_text()
        assert "default-src 'none'" in page and "\u202e" not in page
        assert "<script" not in page and "<img" not in page and "&lt;" in page
    assert {rows(folder)[0]["first"], rows(folder)[0]["second"]} == {"'=HYPERLINK(1)", bad}


def test_hostile_code_costs_little(tmp_path):
    long = 59_000
    cells = ["(" * long, "f'{" * (long // 3), "'''" + "\\" * long, "a b " * (long // 4),
             "for x in y:\n" * (long // 12), "#" * long, "def " * (long // 4),
             "x" * 3 * long]  # fmt: skip
    notebooks = {f"s{n}": notebook(cell, "x = 1") for n, cell in enumerate(cells)}
    folder = graded(tmp_path / "marks", notebooks)
    begin = time.process_time()
    code, said, _ = command("similar", folder)
    assert code == 0 and "whole: s7." in said
    assert time.process_time() - begin < 30


def test_aliases_stand_in_for_names_on_the_pages_of_an_anonymous_course(tmp_path):
    honest = honest_class()
    folder = graded(tmp_path / "marks", {name: handed_in(honest[LONG]) for name in ("ada", "bob")})
    book = GradeBook(folder / "gradebook.db")
    keep_course_rules(book, {"anonymous": True}, who="grace")
    aliases = book.aliases()
    book.close()
    assert command("similar", folder)[0] == 0
    page = (folder / "similar.html").read_text() + (folder / "similar" / "001.html").read_text()
    assert all(alias in page for alias in aliases.values())
    assert ">ada<" not in page and "ada and bob" not in page
    assert pairs(folder) == [("ada", "bob")]


def test_wrong_calls_are_named(tmp_path):
    alone = graded(tmp_path / "alone", {"ada": handed_out(SET)})
    two = graded(tmp_path / "two", {"ada": handed_out(SET), "bob": handed_out(SET)})
    other = graded(tmp_path / "other", {"ada": handed_out(SET)}, set_name="04_kernels")
    totals = tmp_path / "totals"
    assert command("totals", "--gradebook", two / "gradebook.db", "--out", totals)[0] == 0
    for words, named in (
        ((tmp_path / "nowhere",), "nowhere holds no gradebook"),
        ((alone,), "two are needed"),
        ((two, "--set", "05"), "--set '05' is not known"),
        ((two, "--against", tmp_path / "gone"), "gone is not there"),
        ((two, "--against", other), "holds no 03_convolution_2d"),
        ((totals,), "holds the totals of the course"),
    ):
        code, _, complaint = command("similar", *words)
        assert code == 2 and named in complaint and complaint.count("\n") == 1, complaint

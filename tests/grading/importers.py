"""What Moodle and Canvas take from the files that marks and pages go back in.

Moodle: ``mod/assign/feedback/offline/importgradeslib.php`` and ``feedback/file/importziplib.php``.
Canvas: ``Assignment#infer_comment_context_from_filename`` for comments; its guide "How do I import
grades in the Gradebook?" for the columns: Student, ID and Section are needed, EX excuses, and the
line of points possible is no student's.
"""

import csv
import io
import re
from pathlib import Path

ENGLISH = ("Identifier", "Participant ", "Grade", "Maximum Grade", "Last modified (grade)",
           "Feedback comments")  # fmt: skip
GERMAN = ("ID", "Teilnehmer/in", "Bewertung", "Bestwertung", "Zuletzt geändert (Bewertung)",
          "Feedback als Kommentar")  # fmt: skip


def moodle_reads(content, language, encoding="utf-8", delimiter=","):
    """What Moodle's importer takes from a worksheet: grade and comment by participant."""
    identifier, participant, grade_, _, modified, comment = language
    rows = csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter)
    head = next(rows)
    number, points, said = (head.index(name) for name in (identifier, grade_, comment))
    assert modified in head
    return {int(row[number][len(participant) :]): (row[points], row[said]) for row in rows if row}


def moodle_unpacks(packed, participants):
    """Whose feedback each file of a zip is, by the importer's own way through the path."""
    found = {}
    for path in packed.namelist():
        parts = path.split("/")
        assert not parts[-1].startswith((".", "~"))
        while parts:
            info = parts.pop(0).split("_", 4)
            if len(info) < 4 or not info[1].isdigit() or int(info[1]) not in participants:
                continue
            assert info[2:4] == ["assignsubmission", "file"]
            found[int(info[1])] = "/".join([*info[4:], *parts]).strip("/")
            break
    return found


def canvas_reads(content, most=6.0):
    """What Canvas's importer takes: the assignment's cell by the user's number."""
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert {"Student", "ID", "Section"} <= set(head)
    (column,) = [number for number, name in enumerate(head) if re.search(r" \(\d+\)$", name)]
    possible = [row for row in rows if row[0].strip() == "Points Possible"]
    assert [float(row[column]) for row in possible] == [most]
    return {int(row[head.index("ID")]): row[column] for row in rows if row not in possible}


def canvas_unpacks(packed):
    """The user and the attachment that Canvas finds in each name: the first two numbers."""
    names = (Path(name).name.split("_") for name in packed.namelist())
    return {tuple([int(p) for p in parts if re.fullmatch(r"\d+", p)][:2]) for parts in names}

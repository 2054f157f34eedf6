"""A class of 60 with known people and marks, as Moodle, Canvas and plain folders give it.

What each hand-in is worth follows from the exercise itself: `match_score` 2 points, `conv2d` 4, of
which kernels that look the same from every side, flipped or not, are 2.
"""

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notebooks_at_hand import CONV, FLIPPED, IMPORTS, MATCH, SET, WRONG_MATCH, filled, handed_out
from notebooks_at_hand import notebook as cells

VIENNA = ZoneInfo("Europe/Vienna")
DUE = datetime(2026, 11, 21, 23, 59, tzinfo=VIENNA)
PENALTY = 0.1  # a day

NAMES = """
Anna Müller, Anna Müller, José García Núñez, Zoë Weiß, Seán O'Brien, Łukasz Żółć, Nguyễn Thị Hoa
Jean-Luc D'Arc, Ludwig van der Berg, Madonna Ciccone, Åsa Öström, İpek Şahin, Đorđe Petrović
Марія Коваль, 王 小明, علي حسن, Óscar de la Cruz, Chloë Saint-Exupéry, Bjørn Ærø, Iñaki Etxeberria
Ada Berg, Ada Berger, Ben Tal, Ben Talbot, Cy Young, Dee Dee Bridgewater, Eve Online, Finn Hudson
Gil Ad, Hana Kim, Ian Kim, Jun Kim, Kim Lee, Lee Kim, Max Mustermann, Mia Wallace, Noa Levi
Noah Levi, Ola Nordmann, Pia Rossi, Quinn Fabray, Rita Ora, Sam Smith, Samuel Smith, Tom Ford
Uma Thurman, Vera Wang, Will Smith, Xavier Xu, Yan Li, Yan Liu, Zed Zulu, Anne Marie Rose
Marie Anne Rose, Bo Derek, Carl XVI Gustaf, Dana White, Emil Stein, Frida Stein, Null Void
"""

WITH_LISTS = CONV.replace("return out", "return out.tolist()")
BROKEN = "def conv2d(image, kernel)\n    return 1"
MISSING = "from google.colab import drive\nimport numpy as np\ndrive.mount('/content/drive')"


def _script(*sources):
    return "\n\n# In[1]:\n\n".join(("#!/usr/bin/env python", *sources)).encode()


# What somebody hands in: the file's name (None: nothing), what is in it, its points and status.
KINDS = {
    "right": (f"{SET}.ipynb", filled(SET), 6.0, "graded"),
    "own notebook": (f"{SET}.ipynb", cells(IMPORTS, MATCH, CONV), 6.0, "graded"),
    "renamed": ("HW3 final (2).ipynb", cells(IMPORTS, MATCH, CONV), 6.0, "graded"),
    "an ending too many": (f"{SET}.ipynb.txt", cells(IMPORTS, MATCH, CONV), 6.0, "graded"),
    "script": (f"{SET}.py", _script(IMPORTS, MATCH, CONV), 6.0, "graded"),
    "flipped": (f"{SET}.ipynb", cells(IMPORTS, MATCH, FLIPPED), 4.0, "graded"),
    "sum": (f"{SET}.ipynb", cells(IMPORTS, WRONG_MATCH, CONV), 4.0, "graded"),
    "both wrong": (f"{SET}.ipynb", cells(IMPORTS, WRONG_MATCH, FLIPPED), 2.0, "graded"),
    "one function": (f"{SET}.ipynb", cells(IMPORTS, MATCH), 2.0, "graded"),
    "lists": (f"{SET}.ipynb", cells(IMPORTS, MATCH, WITH_LISTS), 6.0, "graded"),
    "a cell that fails": (f"{SET}.ipynb", cells(IMPORTS, "1 / 0", MATCH, CONV), 6.0, "graded"),
    "a cell that is cut": (f"{SET}.ipynb", cells(IMPORTS, MATCH, BROKEN), 2.0, "graded"),
    "from a cloud": (f"{SET}.ipynb", cells(MISSING, MATCH, CONV), 6.0, "graded"),
    "untouched": (f"{SET}.ipynb", handed_out(SET), 0.0, "graded"),
    "another set": (f"{SET}.ipynb", handed_out("02_convolution_1d"), 0.0, "graded"),
    "empty file": (f"{SET}.ipynb", b"", 0.0, "unreadable"),
    "a picture": ("photo.pdf", b"%PDF-1.7 not a notebook", 0.0, "unreadable"),
    "nothing": (None, b"", None, None),
}
OLD = cells(IMPORTS, MATCH)  # an earlier version, worth less, beside the one that counts


@dataclass(frozen=True)
class Person:
    """Somebody of the class, and all that is to come of it."""

    place: int
    name: str
    kind: str
    late_days: int = 0
    extension: int = 0
    resubmitted: bool = False

    @property
    def number(self):
        return 2001 + self.place

    @property
    def login(self):
        return f"k{self.place:02d}112345"

    @property
    def email(self):
        return f"{self.login}@students.example.org"

    @property
    def first_last(self):
        first, _, last = self.name.partition(" ")
        return first, last

    @property
    def file(self):
        return KINDS[self.kind][0]

    @property
    def content(self):
        return KINDS[self.kind][1]

    @property
    def points(self):
        """What the machine gives; None for nothing handed in."""
        return KINDS[self.kind][2]

    @property
    def status(self):
        return KINDS[self.kind][3]

    @property
    def final(self):
        """The mark, with late days."""
        days = max(self.late_days - self.extension, 0)
        return None if self.points is None else round(self.points * (1 - PENALTY * days), 4)

    @property
    def handed_in(self):
        """A minute after midnight of the day, or in time."""
        late = timedelta(days=self.late_days - 1, minutes=2)
        return DUE + (late if self.late_days else -timedelta(hours=3, minutes=self.place))


def people():
    """The class: each kind several times, every fifth late, every seventh resubmitted."""
    names = [name.strip() for line in NAMES.strip().splitlines() for name in line.split(",")]
    kinds = list(KINDS)
    found = []
    for place, name in enumerate(names):
        kind = kinds[place % len(kinds)]
        late = (1 + place % 3) if place % 5 == 4 else 0
        again = place % 7 == 3 and kind in ("right", "own notebook", "flipped", "sum", "lists")
        found.append(Person(place, name, kind, late, 1 if place == 19 else 0, again))
    return found


def _moodle_time(moment):
    return f"{moment:%A}, {moment.day} {moment:%B %Y}, {moment:%I:%M %p}".replace(" 0", " ")


def moodle(folder, everybody):
    """`Name_number_assignsubmission_file_/` in a zip, some with a group, and the worksheet."""
    with zipfile.ZipFile(folder / "moodle.zip", "w") as packed:
        for one in everybody:
            if one.file is None:
                continue
            group = "Gruppe 3-" if one.place % 11 == 0 else ""
            # `clean_filename` of Moodle: no apostrophes, spaces stay
            name = f"{group}{one.name}".replace("'", "")
            top = f"{name}_{one.number}_assignsubmission_file_"
            packed.writestr(f"{top}/{one.file}", one.content)
            if one.resubmitted:
                packed.writestr(f"{top}/{SET}_old.ipynb", OLD)
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(
        ["Identifier", "Full name", "Email address", "Status", "Group", "Grade", "Maximum Grade",
         "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
         "Feedback comments"]
    )  # fmt: skip
    for one in everybody:
        there = one.file is not None
        status = "Submitted for grading - " if there else "No submission - "
        when = _moodle_time(one.handed_in) if there else "-"
        table.writerow(
            [f"Participant {one.number}", one.name, one.email, status, "", "", "6.00", "Yes", when,
             "-", ""]
        )  # fmt: skip
    (folder / "worksheet.csv").write_bytes(file.getvalue().encode("utf-8-sig"))
    return folder / "moodle.zip", folder / "worksheet.csv"


def canvas(folder, everybody):
    """Flat `lastfirst_LATE_number_attachment_file-n.ipynb` in a zip, and the gradebook export."""
    with zipfile.ZipFile(folder / "canvas.zip", "w") as packed:
        for one in everybody:
            if one.file is None:
                continue
            first, last = one.first_last
            called = "".join(c for c in f"{last}{first}".lower() if c.isascii() and c.isalnum())
            late = "_LATE" if one.late_days else ""
            stem, _, ending = one.file.partition(".")
            again = "-1" if one.resubmitted else ""
            start = f"{called or 'user'}{late}_{one.number}"
            packed.writestr(f"{start}_{70000 + one.place}_{stem}{again}.{ending}", one.content)
            if one.resubmitted:
                packed.writestr(f"{start}_{60000 + one.place}_{SET}.ipynb", OLD)
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 3 (77)",
                    "Final Score"])  # fmt: skip
    table.writerow(["", "", "", "", "", "Manual Posting", ""])
    table.writerow(["    Points Possible", "", "", "", "", "6.00", "(read only)"])
    for one in everybody:
        first, last = one.first_last
        name = f"{last}, {first}" if last else first
        section = "Lecture, Group A" if one.place % 2 else "Group B"
        table.writerow([name, one.number, f"S{one.number}", one.login, section, "", ""])
    (folder / "gradebook.csv").write_bytes(file.getvalue().encode("utf-8-sig"))
    return folder / "canvas.zip", folder / "gradebook.csv"


def plain(folder, everybody):
    """A folder for each login, some with a whole workspace in it, and a spreadsheet's roster."""
    other = json.loads(handed_out("02_convolution_1d"))
    for one in everybody:
        if one.file is None:
            continue
        top = folder / "class" / one.login
        inside = top / "workspace" / "exercises" if one.kind == "right" else top
        inside.mkdir(parents=True)
        (inside / one.file).write_bytes(one.content)
        if one.kind == "right":
            (inside / "02_convolution_1d.ipynb").write_text(json.dumps(other))
    lines = ["\ufeffstudent;name;number;email"]
    lines += [f"{one.login};{one.name};{one.number};{one.email}" for one in everybody]
    (folder / "students.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "class", folder / "students.csv"

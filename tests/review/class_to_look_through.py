"""A graded class that nothing was run for: a gradebook, and the notebooks that it names."""

import hashlib
import io
import json
from base64 import b64encode

from notebooks_at_hand import CONV, FLIPPED, MATCH, ROOT, SET
from PIL import Image

from coursekit.grading.gradebook.book import Graded
from coursekit.grading.gradebook.people import enrol
from coursekit.grading.pages.out_folder import OutFolder
from coursekit.grading.submissions.roster import Person

FLIPPED_CHECK = "kernels that look different from each side"


def png(size=(4, 3)):
    """A picture as notebooks keep it."""
    made = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(made, "PNG")
    return b64encode(made.getvalue()).decode()


def cell(kind, source, *outputs, name=None):
    """A cell of a notebook."""
    made = {"cell_type": kind, "source": source, "metadata": {}}
    if name is not None:
        made["id"] = name
    return made | ({"outputs": list(outputs), "execution_count": 1} if kind == "code" else {})


def stream(text):
    """What a cell printed."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(**data):
    """What a cell showed; `image_png` stands for ``image/png``."""
    bundle = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return {"output_type": "display_data", "data": bundle, "metadata": {}}


def written(*cells):
    """The bytes of a notebook."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def handed_in(code=CONV, *more):
    """The released notebook of set 03 with functions in place of the stubs, and more cells."""
    released = json.loads((ROOT / "exercises" / f"{SET}.ipynb").read_bytes())
    for one in released["cells"]:
        source = "".join(one["source"])
        if "def conv2d" in source:
            one |= {"source": code, "outputs": [stream("[[3.]]\n")]}
        elif "def match_score" in source:
            one |= {"source": MATCH, "outputs": [display(image_png=png(), text_plain="<Figure>")]}
    released["cells"] += more
    return json.dumps(released).encode()


def entry(student, file, right=True, **more):
    """What grading would have kept of it."""
    functions = [
        {
            "name": "conv2d", "points": 4.0 if right else 2.0, "max_points": 4.0, "passed": right,
            "attempted": True,
            "checks": [
                {"name": "kernels that look the same", "points": 2.0, "passed": True,
                 "message": ""},
                {"name": FLIPPED_CHECK, "points": 2.0, "passed": right,
                 "message": "" if right else "it gave 2, not 3"},
            ],
            "message": "", "misconception": None if right else "kernel_flipped",
            "counterexample": None if right else {
                "args": [[[1, 2], [3, 4]], [[0, 1]]], "expected": [[2], [4]], "got": [[1], [3]]},
            "hint": "", "remarks": [], "code": CONV if right else FLIPPED,
        },
        {
            "name": "match_score", "points": 2.0, "max_points": 2.0, "passed": True,
            "attempted": True,
            "checks": [{"name": "patterns", "points": 2.0, "passed": True, "message": ""}],
            "message": "", "misconception": None, "counterexample": None, "hint": "",
            "remarks": [], "code": MATCH,
        },
    ]  # fmt: skip
    return {
        "student": student, "points": 6.0 if right else 4.0, "status": "graded", "seconds": 0.1,
        "functions": functions, "events": [],
        "submission": {"file": file, "layout": "plain", "label": "", "number": None, "order": None},
    } | more  # fmt: skip


def make_class(top, students, most=6.0, rules=None, address=None):
    """Write a gradebook, in a file or on a server, and return the folder that it belongs to.

    `students` maps names to (content, what grading found).
    """
    out = top / "out"
    with OutFolder(out, SET, address) as made:
        fill(made.book, students, most, rules)
    return out


def fill(book, students, most, rules):
    """Put a class into a gradebook."""
    run = book.begin(SET, most, "these checks", seed=1, rules=rules)
    graded = []
    for name, (content, found) in students.items():
        made = entry(name, f"{name}.ipynb") | found
        graded.append(Graded(made, hashlib.sha256(content).hexdigest(), content=content))
    book.record(run, graded)
    book.finish(run)
    names = {"ada": "Ada Berg", "bob": "Ben Tal", "cy": "Cy Young", "zoe": "Zoë Weiß"}
    enrol(book, [Person(key, None, name, None, None) for key, name in names.items()])


def answered_class(top, text, points=2):
    """Ada has answered the open question of set 03, which is worth something; Bob has not."""
    whole = json.loads(handed_in())
    (place,) = [one for one in whole["cells"] if "answer" in one["metadata"]]
    (name, place["source"]) = (place["metadata"]["answer"], text)
    part = {
        "name": name, "points": 0.0, "max_points": points, "passed": False, "attempted": True,
        "checks": [], "message": "", "misconception": None, "counterexample": None, "hint": "",
        "remarks": [], "code": "", "by_person": True,
    }  # fmt: skip
    functions = entry("x", "x")["functions"]
    answer = {"name": name, "title": "Why?", "text": text, "left_out": 0, "figures": 0}
    students = {
        "ada": (
            json.dumps(whole).encode(),
            {"functions": [*functions, part], "answers": [answer], "to_mark": [name]},
        ),
        "bob": (handed_in(), {"functions": [*functions, part | {"attempted": False}]}),
    }
    rules = {"worth": {"points": {name: points}}}
    return make_class(top, students, 6.0 + points, rules), name


def small_class(top, address=None):
    """Ada is right, Bob and Cy flip the kernel, Zoë handed nothing in."""
    flipped = entry("x", "x", right=False)
    wrong = {name: flipped[name] for name in ("points", "functions")}
    note = cell("markdown", "I think the *kernel* slides.\n\n<img src=x onerror=alert(1)>")
    return make_class(
        top,
        {
            "ada": (handed_in(CONV, note), {}),
            "bob": (handed_in(FLIPPED), wrong),
            "cy": (handed_in(FLIPPED.replace("out =", "result = out =")), wrong),
        },
        address=address,
    )

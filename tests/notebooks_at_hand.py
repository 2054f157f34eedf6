"""Submissions for tests of grading: handed-out notebooks with something in place of the stubs."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SET = "03_convolution_2d"

IMPORTS = "import numpy as np\nfrom coursekit import check, figures, hint"
MATCH = """
def match_score(patch, pattern):
    return np.mean(np.asarray(patch) * np.asarray(pattern))
"""
CONV = """
def conv2d(image, kernel):
    image, kernel = np.asarray(image), np.asarray(kernel)
    m, n = kernel.shape
    out = np.zeros((image.shape[0] - m + 1, image.shape[1] - n + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + m, j : j + n] * kernel)
    return out
"""
FLIPPED = CONV.replace("* kernel)", "* kernel[::-1, ::-1])")
WRONG_MATCH = MATCH.replace("np.mean", "np.sum")


def notebook(*cells, **top):
    """The bytes of a notebook with these code cells."""
    code = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [],
         "execution_count": None, "id": f"c{number}"}
        for number, source in enumerate(cells)
    ]  # fmt: skip
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code} | top
    return json.dumps(whole).encode()


def right(*more, before=()):
    """A submission of set 03 with both functions right, and further cells."""
    return notebook(IMPORTS, *before, MATCH, CONV, *more)


def filled(name, change=lambda source: source):
    """The handed-out notebook of a set with the solution's cells put in, each one changed."""
    released = json.loads((ROOT / "exercises" / f"{name}.ipynb").read_bytes())
    solved = json.loads((ROOT / "solutions" / f"{name}.ipynb").read_bytes())
    by_id = {cell["id"]: cell["source"] for cell in solved["cells"]}
    for cell in released["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = change("".join(by_id[cell["id"]]))
    return json.dumps(released).encode()


def handed_out(name):
    """The notebook of a set as students get it."""
    return (ROOT / "exercises" / f"{name}.ipynb").read_bytes()


def solution(name):
    """The solution of a set."""
    return (ROOT / "solutions" / f"{name}.ipynb").read_bytes()


def codes(outcome):
    """The codes of an outcome's events."""
    return [event.code for event in outcome.events]


def marks(outcome):
    """Points by function."""
    return {function.name: function.points for function in outcome.functions}

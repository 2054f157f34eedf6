"""Every worked example of the decks: reproduced, wrong in the deck, or left out with a reason."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from deck_records import ARITHMETIC, run_record
from example_kinds import EXCLUDED, REPRODUCED, WRONG
from examples_of_kernels import KERNEL_FACTS, NAME_HERE
from worked_examples import EXAMPLES

from coursekit.scratch import kernel

RECORDS = Path(__file__).parents[3] / "shared" / "decks" / "worked_examples.json"
COMPUTED = [name for name, example in EXAMPLES.items() if example.status != EXCLUDED]


def agree(found, expected):
    """Say whether two results are the same: keys and shapes exactly, decimals to nine places."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(agree(found[k], expected[k]) for k in found)
    if np.asarray(expected).dtype.kind in "OUSb":
        return found == expected
    found, expected = np.asarray(found), np.asarray(expected)
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_the_table_has_every_example_once():
    counts = Counter(example.status for example in EXAMPLES.values())
    assert counts == {REPRODUCED: 117, WRONG: 10, EXCLUDED: 4}


@pytest.mark.parametrize("name", COMPUTED)
def test_scratch_gives_the_value(name):
    example = EXAMPLES[name]
    assert agree(example.compute(), example.expected)


@pytest.mark.parametrize("name", [n for n, e in EXAMPLES.items() if e.status == WRONG])
def test_what_the_deck_printed_differs_by_more_than_rounding(name):
    example = EXAMPLES[name]
    if isinstance(example.expected, dict):
        assert len(example.printed["terms"]) == 8 and sum(example.printed["terms"]) == 0
        return
    expected, printed = np.asarray(example.expected), np.asarray(example.printed)
    assert np.abs(expected - printed).max() > 0.0101  # cutting to two decimals loses less


@pytest.mark.parametrize("name", [n for n, e in EXAMPLES.items() if e.status == EXCLUDED])
def test_what_is_left_out_has_a_reason(name):
    assert EXAMPLES[name].compute is None
    assert len(EXAMPLES[name].reason) > 20


def records():
    if not RECORDS.is_file():
        pytest.skip("the decks' own table of worked examples does not stand beside the project")
    return {record["id"]: record for record in json.loads(RECORDS.read_text())["examples"]}


def test_the_table_agrees_with_the_decks_own_records():
    found = records()
    assert found.keys() == EXAMPLES.keys()
    for name, record in found.items():
        example = EXAMPLES[name]
        assert (record["verdict"] == "mismatch") == (example.status == WRONG), name
        if example.status == EXCLUDED:
            no_input = any(value is None for value in record["inputs"].values())
            assert no_input or record["operation"]["name"] in ARITHMETIC, name
            continue
        truth = record["recomputed_output"]
        if name.endswith(("-diff", "-two-printings")):
            truth = truth["positions"]
        assert agree(example.expected, truth), name
        if record["operation"]["name"] not in ARITHMETIC:
            assert agree(run_record(record), record["recomputed_output"]), name
    for name in KERNEL_FACTS:
        matrix = found[f"kernel-{name}"]["inputs"]["kernel"]
        assert np.array_equal(kernel(NAME_HERE.get(name, name)), matrix), name

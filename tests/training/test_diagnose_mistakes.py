"""Every mistake gets its own sentence, one, and the mend makes it go away."""

import re

import pytest
import torch
from mistakes import MISTAKES

from coursekit.training import diagnose

by_name = pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name.replace(" ", "_"))


def look(made):
    data = made.get("loader", (made["images"], made["labels"]))
    options = {name: made[name] for name in ("loss", "lr", "optimizer", "test") if name in made}
    return diagnose(made["model"], data, **options)


@by_name
def test_one_sentence_with_the_right_name(mistake):
    torch.manual_seed(0)
    found = look(mistake.make())
    assert found.codes == [mistake.code]
    (finding,) = found
    assert finding.level == mistake.level
    text = str(finding)
    for word in mistake.words:
        assert word in text


@by_name
def test_the_sentence_reads_well(mistake):
    torch.manual_seed(0)
    (finding,) = look(mistake.make())
    sentence = finding.sentence
    assert sentence[0].isupper() or sentence[0].isdigit() or sentence.startswith("model")
    assert sentence.endswith(".") and sentence.count(". ") == 0
    assert "expected" in sentence or "expects" in sentence
    assert not re.search(
        r"\b1 (images|labels|layers|scores|steps|numbers|channels|rows)\b", sentence
    )
    assert len(sentence) < 330
    compile(finding.mend, "mend", "exec") if "return" not in finding.mend else None


@pytest.mark.parametrize(
    "mistake", [m for m in MISTAKES if m.mends], ids=lambda m: m.name.replace(" ", "_")
)
def test_the_mend_works_when_pasted(mistake):
    torch.manual_seed(0)
    made = mistake.make()
    (finding,) = look(made)
    names = made | {"torch": torch}
    exec(finding.mend, names)
    if "batch_size" in names and "loader" not in made:
        pytest.fail("a mend must change something that the script has")
    assert look({name: names[name] for name in made}) == []

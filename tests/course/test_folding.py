"""Cells that hold answers are handed out folded."""

from pathlib import Path

from coursekit.course.sources import make_notebook, read_source

HEAD = """# ---
# jupyter:
#   coursekit:
#     lesson: "99"
#     title: Sample
#     topics: []
#     minutes: 5
# ---

"""
BODY = """# %%
quiz("99-q1", "Which?", [("a", True, "yes"), ("b", False, "no")])

# %%
predict("99-p1", "How many?", kind="number")

# %% tags=["reveal"]
answer = 6 * 7
reveal("99-p1", answer)

# %%
x = quiz
print("an ordinary cell")

# %%
# %time
%time x = 1
"""


def test_only_cells_with_answers_are_folded(tmp_path: Path):
    path = tmp_path / "source" / "lessons" / "99_sample.py"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + BODY)
    notebook = make_notebook(read_source(path), "lesson")
    folded = [c.metadata.get("jupyter", {}).get("source_hidden", False) for c in notebook.cells]
    assert folded == [True, True, True, False, False]

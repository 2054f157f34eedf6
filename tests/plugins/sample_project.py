"""A project with one tiny lesson and its exercise, to try the whole way from source to notebook."""

LESSON = """# ---
# jupyter:
#   coursekit:
#     lesson: "02"
#     title: Halving
#     topics: [T026]
#     minutes: 5
# ---

# %% [markdown]
# # 02 · Halving
#
# What is half of a number? **Time:** about 5 minutes.

# %% [markdown]
# ## See it: half

# %%
from IPython.display import HTML, display

for step in range(40):
    print(step, flush=True)
display(HTML('<img alt="Half of a square is shaded grey." src="data:image/png;base64,QUJD">'))
print("done")

# %% [markdown]
# ## Predict

# %%
print("half of 7?")

# %% tags=["reveal"]
7 / 2

# %% [markdown]
# ## By hand

# %%
print(3 * 2 + 1);
7;

# %% [markdown]
# ## A mistake people make

# %% tags=["banded"]
print("half of 7 at least 3.4: yes")

# %% [markdown]
# ## Quiz

# %%
def quiz(name, question, options):
    print(question)


quiz("02-q1", "half of 2?", [("1", True, "Yes."), ("2", False, "No."), ("3", False, "No.")])
quiz("02-q2", "half of 4?", [("1", False, "No."), ("2", True, "Yes."), ("3", False, "No.")])
quiz("02-q3", "half of 6?", [("1", False, "No."), ("2", False, "No."), ("3", True, "Yes.")])

# %% [markdown]
# ## Recap

# %% [markdown]
# ## Words

# %% [markdown]
# ## Further reading
"""

EXERCISE = '''# ---
# jupyter:
#   coursekit:
#     lesson: "02"
#     title: "Exercise: halving"
# ---

# %% [markdown]
# # 02 · Exercise: halving


# %%
def half(x):
    """Return half of x."""
    ### solution
    return x / 2
    ### end


def third(x):
    ### solution
    return x / 3
    ### stub
    return x  # not yet
    ### end


def check(function, x, expected):
    try:
        print("right" if function(x) == expected else "not yet right")
    except NotImplementedError:
        print("not attempted yet")


# %% tags=["student"]
print("write half first")

# %% tags=["solution"]
print("one way of many")

# %%
check(half, 8, 4)
check(third, 9, 3)
'''


def make_sample(root):
    """Write the sources of the sample below a folder; return the folder."""
    for folder, text in (("lessons", LESSON), ("exercises", EXERCISE)):
        (root / "source" / folder).mkdir(parents=True)
        (root / "source" / folder / "02_halving.py").write_text(text, encoding="utf-8")
    table = '[02]\nT026 = "Sliding sums"\n'
    (root / "source" / "topics.toml").write_text(table, encoding="utf-8")
    return root

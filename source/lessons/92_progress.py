# ---
# jupyter:
#   coursekit:
#     lesson: "92"
#     title: How far you are
#     topics: []
#     minutes: 2
#     datasets: []
# ---

# %% [markdown]
# # 92 · How far you are
#
# Run the cell below at any time. It reads `answers.json` in your course folder, where your
# predictions, quizzes and checks are kept, on this computer only. `coursekit progress` in a
# terminal says the same.

# %%
from coursekit import progress

progress()

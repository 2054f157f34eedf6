# ---
# jupyter:
#   coursekit:
#     lesson: "91"
#     title: Glossary
#     topics: []
#     minutes: 5
#     datasets: []
# ---

# %% [markdown]
# # 91 · Glossary
#
# Every word that the lessons explain, with a link to the lesson. A word that has several lines
# means something else, or something more, in a later lesson.
#
# To learn them by heart, `coursekit cards --out cards.apkg` in a terminal writes the same words as
# cards for [Anki](https://apps.ankiweb.net). Import a newer file later: cards that you have are
# updated, and what Anki knows of your learning stays.

# %%
from coursekit.learn import glossary

glossary()

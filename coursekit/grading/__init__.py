"""Grading a class: untrusted notebooks in, marks and explanations out.

Two sides. `untrusted/` runs beside a student's code, inside a sandbox, and does no more than call
a function with the arrays that it is sent. All else is the trusted side: it draws the questions,
knows the right answers and compares.

From the bottom to the top: `names`; `reading`, what a notebook says; `judging` replies; `sandbox`,
seen from outside; `submissions`; `gradebook`; `pages`. One notebook is graded in `submission`, many
in `engine`, a class in `class_run`; `commands` is what instructors call.
"""

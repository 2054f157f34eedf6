"""Grading a class: untrusted notebooks in, marks and explanations out.

Two sides. What is in this folder is the trusted side: it draws the questions, knows the right
answers and compares. What is in `untrusted/` runs beside a student's code, inside a sandbox, and
does no more than call a function with the arrays that it is sent.
"""

"""Runs beside an answer, in a notebook or in a grader's sandbox; knows nothing of what is right."""

"""The gradebook: marks by machine and by hand, late days, everything that ever was kept.

It holds any number of sets, in a file of SQLite or a database of PostgreSQL
(`coursekit grade --gradebook FILE|ADDRESS`; without it, the file is in ``--out``). Rows are added
and never changed. What is used of it from elsewhere:

=============================================  ==================================================
``place.place_of(text)``                       the file or address that a text means
``pages.out_folder.gradebook_of(folder)``      where the gradebook of an ``--out`` is
``book.GradeBook(place)``                      opens it; `close` at the end
``GradeBook.sets()``, ``.entries(set)``        the sets in it; what ``results.json`` has of one
``GradeBook.last_run(set)``                    the last run over the class: its `rules`, `place`
``GradeBook.attempts(student, set)``           every time a student's work was graded
``GradeBook.submitted_file(digest)``           the notebook itself, as it was handed in
``GradeBook.aliases()``                        names under which to mark anonymously, by student
``marks.marks(book, set)``                     everybody's `Mark`: what counts in the end
``marks.record_of(book, set, student)``        one student's `Record`, with its `version`
``people.look_up(book, text)``                 the student that a name, number or alias means
``decisions.decide(book, ..., expected=...)``  writes down points, a comment, an excuse, ...
``decisions.take_back(book, change, ...)``     undoes one decision, also another taking back
``decisions.comments_used(book)``              comments to use again, the most frequent first
``decisions.ConflictError``                    somebody was faster: nothing was written
=============================================  ==================================================

Two graders never overwrite each other: each says with `expected` which version of a student's
record was looked at, and who is second is told who was first.

>>> import tempfile
>>> from pathlib import Path
>>> from coursekit.grading.gradebook.book import GradeBook, Graded
>>> from coursekit.grading.gradebook.decisions import ConflictError, decide, take_back
>>> from coursekit.grading.gradebook.marks import record_of
>>> folder = tempfile.TemporaryDirectory()
>>> book = GradeBook(Path(folder.name) / "course.db")
>>> run = book.begin("03_convolution_2d", 6.0, "checks of today", seed=1)
>>> entry = {"student": "ada", "points": 4.0, "status": "graded", "seconds": 0.2, "functions": []}
>>> book.record(run, [Graded(entry, "digest")])
>>> seen = record_of(book, "03_convolution_2d", "ada")
>>> after = decide(book, "ada", "03_convolution_2d", "points", "5", who="grace",
...                expected=seen.version)
>>> record_of(book, "03_convolution_2d", "ada").mark.final
5.0
>>> try:
...     decide(book, "ada", "03_convolution_2d", "points", "3", who="kurt", expected=seen.version)
... except ConflictError as error:
...     print(error)
ada, 03_convolution_2d: grace changed it since you looked at it; nothing of yours was written, ...
>>> (change,) = record_of(book, "03_convolution_2d", "ada").standing
>>> _ = take_back(book, change.id, who="grace", expected=after)
>>> record_of(book, "03_convolution_2d", "ada").mark.final
4.0
>>> book.close()
>>> folder.cleanup()
"""

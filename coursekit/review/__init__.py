"""The page on which instructors look through a graded class: `coursekit review`.

It is served on this machine alone. Nothing that a student handed in is run or rendered: code and
outputs are text, pictures are PNG or WebP and nothing else.
"""

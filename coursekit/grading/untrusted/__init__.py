"""What runs beside a student's code, inside the sandbox.

These files import NumPy, IPython and each other, and nothing of the trusted side. In the sandbox
they lie in a folder of their own, beside `stand_in/coursekit`, which is all of `coursekit` that a
notebook finds there.

- `wire`: messages of plain data and arrays over a socket; nothing in them can execute
- `warm`: the process that has imported what a set needs, and makes a child for each submission
- `namespaces`: the child's own namespaces, limits and system-call filter
- `shell`: IPython's semantics for cells, without a screen
- `child`: runs the cells, then forks once for each function that is asked
- `answers`: calls a function with the arguments it is sent and says what came back
"""

"""Reading a notebook as IPython would: one reader for `coursekit check` and `coursekit grade`.

- `reading`: from bytes of any notebook format to code cells, bounded, and never run
- `ipython`: what IPython makes of a cell: magics, shell commands and `?` as plain Python
- `cell_facts`: which names a cell gives a meaning to and which it reads
"""

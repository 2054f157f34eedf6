"""Reading a notebook as IPython would: one reader for `check` and `grade`."""

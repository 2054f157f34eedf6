"""A photograph, a kernel, and what it makes of it."""

"""Whose notebooks these are: files found, names matched, times read."""

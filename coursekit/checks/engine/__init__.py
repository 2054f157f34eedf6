"""What all sets share: drawing inputs, asking, comparing, naming what went wrong, reporting."""

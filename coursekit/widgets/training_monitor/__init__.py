"""Loss and accuracy while `fit` runs, and a button that stops it."""

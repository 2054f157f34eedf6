"""A trained network on a picture: every map of it, down to the single multiplication."""

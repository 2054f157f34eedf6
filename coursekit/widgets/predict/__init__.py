"""A box in which a prediction is written down."""

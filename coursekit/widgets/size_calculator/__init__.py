"""Sizes, counts and receptive fields of layers in a row."""

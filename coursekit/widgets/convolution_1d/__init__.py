"""Convolution of a signal, with and without the flip."""

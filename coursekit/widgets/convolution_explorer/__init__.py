"""The convolution explorer."""

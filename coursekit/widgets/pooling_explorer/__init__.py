"""The pooling explorer."""

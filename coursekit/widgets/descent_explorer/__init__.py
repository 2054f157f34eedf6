"""The descent explorer."""

"""The loop of a call as source."""

"""The volume explorer."""

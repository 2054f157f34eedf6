"""What a notebook says, read without running any of it."""

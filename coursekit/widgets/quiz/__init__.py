"""A question with feedback for every option."""

"""The stored runs of the lessons: what was trained, and the command that trains it again."""

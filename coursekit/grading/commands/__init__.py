"""The commands for teachers: `grade`, `mark` and `export`."""

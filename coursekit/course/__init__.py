"""Make the course: build the notebooks from their sources, prove them, keep the table of topics."""

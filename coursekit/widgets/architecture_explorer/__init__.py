"""The architecture explorer."""

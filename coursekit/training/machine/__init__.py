"""Which device and which numbers: what a machine has, read and said."""

"""The gradebook: marks by machine and by hand, late days, everything that ever was kept."""

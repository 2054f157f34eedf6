"""What a class is given: results, pages to read, marks for other systems."""

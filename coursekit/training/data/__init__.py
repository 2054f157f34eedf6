"""Sets of images as batches on a device: read, looked at, split, shuffled, augmented."""

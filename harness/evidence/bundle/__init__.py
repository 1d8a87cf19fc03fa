"""A bundle's files: their shapes, the canonical zip, and how each is read so that everybody reads the same."""

"""The tender: the catalogue with a client's overlay laid over it."""

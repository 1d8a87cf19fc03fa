"""What leaves the bench: surrogates of the same length and kind in place of secrets and persons' names."""

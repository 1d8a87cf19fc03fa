"""Keys, the signature and what the signed statement says."""

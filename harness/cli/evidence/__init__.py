"""The commands on evidence: sealed, verified, reported, and the keys for it."""

"""The commands on the catalogue: requirements, suites, coverage and proofs."""

"""A bundle verified offline: octets, digests, chain, signature, statements and verdicts."""

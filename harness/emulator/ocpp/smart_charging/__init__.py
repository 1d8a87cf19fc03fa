"""Charging profiles, bidirectional power and DER controls (blocks K, Q, R)."""

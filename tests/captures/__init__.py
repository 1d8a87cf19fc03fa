"""Captures of others: packets, TCP put together, TLS opened, sessions judged."""

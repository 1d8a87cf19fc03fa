"""Judges of connections: who connected, how TLS ended, for how long, and what came after an outage."""

"""Cases of OCPP's block Q: bidirectional power."""

"""Cases of OCPP's block A: security."""

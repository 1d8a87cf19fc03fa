"""Cases of OCPP's block D: local authorization lists."""

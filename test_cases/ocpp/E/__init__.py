"""Cases of OCPP's block E: transactions."""

"""Cases of OCPP's block K: smart charging."""

"""Cases of OCPP's block N: diagnostics."""

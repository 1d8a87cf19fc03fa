"""Cases of OCPP's block M: certificates."""

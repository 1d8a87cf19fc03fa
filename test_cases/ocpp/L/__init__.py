"""Cases of OCPP's block L: firmware."""

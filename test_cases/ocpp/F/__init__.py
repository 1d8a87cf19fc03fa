"""Cases of OCPP's block F: remote control."""

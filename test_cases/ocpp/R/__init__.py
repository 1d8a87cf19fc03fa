"""Cases of OCPP's block R: grid-code settings."""

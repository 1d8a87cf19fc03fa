"""Cases of OCPP's block H: reservations."""

"""Rules of OCPP's functional block H."""

"""Rules of OCPP's functional block N."""

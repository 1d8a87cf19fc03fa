"""Rules of OCPP's functional block R."""

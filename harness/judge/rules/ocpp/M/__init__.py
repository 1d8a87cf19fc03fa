"""Rules of OCPP's functional block M."""

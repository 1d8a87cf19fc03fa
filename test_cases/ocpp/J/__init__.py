"""Cases of OCPP's block J: meter values."""

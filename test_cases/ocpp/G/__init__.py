"""Cases of OCPP's block G: availability."""

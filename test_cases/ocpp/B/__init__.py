"""Cases of OCPP's block B: provisioning."""

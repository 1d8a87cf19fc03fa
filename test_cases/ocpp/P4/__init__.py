"""Cases of OCPP part 4: OCPP-J."""

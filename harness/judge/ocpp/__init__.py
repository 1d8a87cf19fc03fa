"""Judges of what a charger says and answers by OCPP."""

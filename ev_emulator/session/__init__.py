"""Charging sessions of ISO 15118-20, ISO 15118-2 and DIN SPEC 70121, one step at a time."""

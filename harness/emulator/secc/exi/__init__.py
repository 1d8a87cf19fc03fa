"""The charger's own EXI codec: not the car's, so that the two share no mistake."""

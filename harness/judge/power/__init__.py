"""Judges of power against limits and setpoints, and of what the charger reports of both."""

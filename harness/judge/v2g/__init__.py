"""Judges of sessions between car and charger by ISO 15118."""

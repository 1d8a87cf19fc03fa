"""Judges of what instruments and people saw: pilot, light, inspection."""

"""Firmware updates, files and logs (blocks L and N)."""

"""Boot, reset, triggers and the device model (block B, F06)."""

"""The rules themselves, a file a block."""

"""Cases of ISO 15118-20, a file a block."""

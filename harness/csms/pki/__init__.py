"""The backend's certificates: authorities, leaves, and every wrong one that a test needs."""

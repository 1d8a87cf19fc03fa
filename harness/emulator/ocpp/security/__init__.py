"""Credentials, certificates and security events (blocks A and M)."""

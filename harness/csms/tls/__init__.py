"""TLS as the backend serves it: good, hostile and old; what a client offers, and whose alert ended a handshake."""

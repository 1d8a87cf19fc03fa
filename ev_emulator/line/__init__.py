"""The car on the wire: discovery, TCP, TLS, V2GTP frames, and each octet written down."""

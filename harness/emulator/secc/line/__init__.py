"""Where cars arrive: SDP, TCP and TLS, one conversation at a time."""

"""HTTP Basic credentials (RFC 7617), as OCPP's security profiles 1 and 2 send them."""

from __future__ import annotations

import base64


def basic_credentials(header: str) -> tuple[str, str] | None:
    """(user name, password) from an Authorization header; None when it is something else."""
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # no Base64, no ASCII, no UTF-8
        return None
    return (user, password) if colon else None

"""One network connection profile, as the station keeps it (B09)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One network connection profile."""

    url: str
    security_profile: int
    identity: str
    password: str
    subprotocols: tuple[str, ...]
    message_timeout_s: float

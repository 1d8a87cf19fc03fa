"""What one emulated station is told about its backend before it is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERSIONS = ("ocpp2.1", "ocpp2.0.1")


@dataclass(frozen=True)
class StationConfig:
    """Network configuration slot 1 and the starting values of the device model.

    `url` is the backend's endpoint without the identity. `variables` overrides starting values of the device model:
    `{"OCPPCommCtrlr.OfflineThreshold": "30", "OCPPCommCtrlr.MessageAttempts.TransactionEvent": "2"}`.
    Raises ValueError, naming what would be right, when a security profile lacks its credentials (OCPP part 2, A00).
    """

    url: str
    identity: str = "EMU-0001"
    subprotocols: tuple[str, ...] = VERSIONS
    security_profile: int = 1
    basic_auth_password: str | None = None
    ca_file: Path | None = None
    client_cert_file: Path | None = None
    client_key_file: Path | None = None
    organisation: str = "chargeproof emulation"
    message_timeout_s: float = 30.0
    connect_timeout_s: float = 10.0
    reboot_s: float = 0.5
    install_s: float = 0.5
    random_seed: int | None = None
    variables: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.security_profile not in (1, 2, 3):
            raise ValueError(f"security_profile is {self.security_profile}; OCPP knows 1, 2 and 3")
        scheme = "ws://" if self.security_profile == 1 else "wss://"
        if not self.url.startswith(scheme):
            raise ValueError(
                f"url is {self.url!r}; security profile {self.security_profile} needs {scheme}host:port/path"
            )
        if not self.identity or ":" in self.identity or "/" in self.identity:
            raise ValueError(f"identity is {self.identity!r}; it may hold neither ':' nor '/' (A00.FR.204)")
        if self.security_profile in (1, 2) and not 16 <= len(self.basic_auth_password or "") <= 64:
            raise ValueError("basic_auth_password needs 16 to 64 characters in security profiles 1 and 2 (A00.FR.205)")
        if self.security_profile in (2, 3) and self.ca_file is None:
            raise ValueError("ca_file: security profiles 2 and 3 need the backend's root certificate as a PEM file")
        if self.security_profile == 3 and (self.client_cert_file is None) != (self.client_key_file is None):
            raise ValueError("client_cert_file and client_key_file belong together; give both or neither")
        unknown = [p for p in self.subprotocols if p not in VERSIONS]
        if unknown or not self.subprotocols:
            raise ValueError(f"subprotocols {list(self.subprotocols)}: this station speaks {list(VERSIONS)}")

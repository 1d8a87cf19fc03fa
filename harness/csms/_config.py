"""What a CSMS is started with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.csms._budgets import Budgets
from harness.csms._schemas import VERSIONS


@dataclass(frozen=True)
class CsmsConfig:
    """Settings of one backend.

    `identities` maps a charging station's identity to its Basic password (None: any password, also none, is let in);
    `identities` None lets any identity in, for onboarding. `security_profile` is OCPP's: 1 Basic over ws, 2 Basic over
    wss, 3 client certificate over wss; 0 is plain ws without credentials, for simulators that know nothing else.
    `serials` and `organization` are what CN and O of a station's certificate must hold in profile 3 (A00.FR.404, .405);
    an identity without a serial may use its identity as CN. `tokens` None accepts every id token. `evse_id` is the EVSE
    that is meant where a request names none.
    `key_algorithm` "ec" or "rsa" is the kind of certificate that a station which can use both is shown; None: that of
    the root in `pki_dir`, EC with a new one.
    `tolerant` answers CALLs that break their schema as if they did not (the fault stands in the trace either way), for
    stations that could otherwise not be tested at all; by the book they get a CALLERROR.
    """

    listen_host: str = "127.0.0.1"
    port: int = 0
    identities: Mapping[str, str | None] | None = None
    security_profile: int = 1
    versions: tuple[str, ...] = VERSIONS
    heartbeat_interval_s: int = 60
    path: str = "/ocpp"
    other_path: str = ""  # where it is reached as well, as another backend would be; "" for nowhere
    pki_dir: Path | None = None
    key_algorithm: str | None = None
    host_names: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")
    serials: Mapping[str, str] = field(default_factory=dict)
    organization: str | None = None
    tokens: frozenset[str] | None = None
    allowed_energy_transfer: tuple[str, ...] = ()
    max_message_bytes: int = 1 << 20
    max_unsent_bytes: int = 4 << 20
    max_connections: int = 64
    handshake_timeout_s: float = 20.0
    ping_interval_s: float = 30.0
    ping_timeout_s: float = 30.0
    call_timeout_s: float = 30.0
    boot_grace_s: float = 3.0
    first_word_s: float = 1.0  # for so long one that was accepted before may still boot on a new connection
    evse_id: int = 1
    budgets: Budgets = field(default_factory=Budgets)
    compression: bool = True
    tolerant: bool = False

    def __post_init__(self) -> None:
        if self.security_profile not in (0, 1, 2, 3):
            raise ValueError(f"security_profile is {self.security_profile}; it must be 0, 1, 2 or 3")
        unknown = [version for version in self.versions if version not in VERSIONS]
        if unknown or not self.versions:
            raise ValueError(f"versions is {self.versions!r}; it must be one or more of {', '.join(VERSIONS)}")
        for identity in self.identities or {}:
            if not identity or ":" in identity or len(identity) > 48:
                raise ValueError(f"identity {identity!r}: 1 to 48 characters and no colon (OCPP-J Part 4, 3.1.1)")

    @property
    def secure(self) -> bool:
        """Whether the listener speaks TLS."""
        return self.security_profile >= 2

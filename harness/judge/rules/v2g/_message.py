"""What a rule sees of an ISO 15118 session: messages with the request that they answer, and where a session ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ev_emulator.exi import Deviation

CAR, CHARGER = "car", "charger"
SAP, DIN, ISO_2, ISO_20 = "SAP", "DIN 70121", "ISO 15118-2", "ISO 15118-20"


@dataclass(slots=True, eq=False)
class V2gMessage:
    """One V2GTP message. `at` is its event in a trace or its packet in a capture; times are nanoseconds.

    `name` is None where nothing could be read; `body` is its content without the header. `unreadable` says why it
    cannot be trusted. `request` is what an answer answers, None where that was not seen.
    """

    at: int
    t_ns: int
    utc_ns: int | None
    station: str
    session: int
    by: str
    protocol: str
    payload_type: int | None
    exi: bytes
    name: str | None = None
    body: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    unreadable: str = ""
    request: V2gMessage | None = None

    @property
    def code(self) -> str:
        """Its ResponseCode; empty where it has none."""
        found = self.body.get("ResponseCode")
        return found if isinstance(found, str) else ""

    @property
    def failed(self) -> bool:
        """Whether it refuses."""
        return self.code.upper().startswith("FAILED")

    @property
    def kind(self) -> str:
        """What it is about: "DC_ChargeLoop" of its request and of its answer; empty where that is not known."""
        name = self.name or ""
        return name[:-3] if name.endswith(("Req", "Res")) else ""

    @property
    def is_answer(self) -> bool:
        """Whether it is one by its name."""
        return (self.name or "").endswith("Res")

    @property
    def asked(self) -> dict[str, Any]:
        """The content of the request that it answers; empty where that was not seen."""
        return self.request.body if self.request is not None else {}

    @property
    def trigger(self) -> str:
        """By what rules are found: "res:DC_ChargeLoop" comes from the charger, "req:DC_ChargeLoop" from the car."""
        return f"{'res' if self.by == CHARGER else 'req'}:{self.kind or '?'}"

    @property
    def text(self) -> str:
        """Its octets as they were, for whoever wants to read it with another tool."""
        return f"{self.name or 'no message'} {self.exi[:400].hex()}"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session's connection opens or closes; `whole`: its beginning was seen."""

    at: int
    t_ns: int
    utc_ns: int | None
    station: str
    session: int
    kind: str  # "opened" or "closed"
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Hole:
    """Octets of a session that are missing, or that are no message: from here on nobody knows what was said."""

    at: int
    t_ns: int
    utc_ns: int | None
    station: str
    session: int
    why: str


V2gItem = V2gMessage | SessionLine | Hole

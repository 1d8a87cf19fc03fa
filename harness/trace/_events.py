"""The trace's record: one immutable event, as it stands on one line of the journal."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

SCHEMA, OLD_SCHEMA = "chargeproof/trace/2", "chargeproof/trace/1"
GENESIS = "0" * 64  # `prev` of the first event: there is nothing before it


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened.

    `t_ns` is monotonic nanoseconds since the campaign's clock started; `utc` is wall time in ISO 8601 with Z.
    `who` acted: "harness", "dut", "ev", "bench.<role>", "operator". `prev` is the SHA-256 of the previous line.
    `station` (its OCPP identity), `evse` and `connection` say what it is about, where that is one of several.
    `schema` stands in the first event of a trace alone; one without it is of chargeproof/trace/1.
    """

    seq: int
    t_ns: int
    utc: str
    kind: str
    who: str
    data: dict[str, Any]
    case: str | None = msgspec.field(default_factory=lambda: None)
    step: str | None = msgspec.field(default_factory=lambda: None)
    station: str | None = None
    evse: int | None = None
    connection: int | None = None
    schema: str | None = None
    prev: str = msgspec.field(default_factory=lambda: GENESIS)

    @property
    def t_s(self) -> float:
        """Seconds since the campaign's clock started."""
        return self.t_ns / 1e9


class Clock(Protocol):
    """The only source of time; tests inject their own."""

    def mono_ns(self) -> int:
        """Monotonic nanoseconds since this clock was made."""

    def utc(self) -> str:
        """Wall time, ISO 8601, microseconds, Z."""


class SystemClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._zero_ns = time.monotonic_ns()

    def mono_ns(self) -> int:
        """Monotonic nanoseconds since this clock was made."""
        return time.monotonic_ns() - self._zero_ns

    def utc(self) -> str:
        """Wall time, ISO 8601, microseconds, Z."""
        return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def line_hash(line: bytes) -> str:
    """SHA-256 of a journal line without its newline, as lower-case hex."""
    return hashlib.sha256(line).hexdigest()

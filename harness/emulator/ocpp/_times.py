"""The station's clock and RFC 3339 text; instants are seconds since 1970 in UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the emulator injects: wall time that can be shifted, and a monotonic count of seconds."""

    def utc(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""

    def monotonic(self) -> float:
        """Seconds that never go back."""


class SystemClock:
    """The machine's clock."""

    def utc(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


class StationTime:
    """The station's own idea of UTC: the injected clock plus what the backend taught it (B01.FR.06)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_s = 0.0

    def now(self) -> float:
        """UTC in seconds since 1970."""
        return self._clock.utc() + self._offset_s

    def monotonic(self) -> float:
        """Seconds for intervals."""
        return self._clock.monotonic()

    def text(self) -> str:
        """Now, as OCPP writes it."""
        return text_of(self.now())

    def adopt(self, backend_time: str, *, smallest_step_s: float = 1.0) -> float:
        """Follow the backend's clock unless it differs by less than a second. Returns the step in seconds."""
        step = instant_of(backend_time) - self.now()
        if abs(step) < smallest_step_s:
            return 0.0
        self._offset_s += step
        return step


def text_of(instant: float) -> str:
    """RFC 3339 with milliseconds and Z."""
    moment = datetime.fromtimestamp(instant, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def instant_of(text: str) -> float:
    """Read RFC 3339; text without a zone is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

"""What a case gets back from the wire: an answer, or the news that something did not come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.trace import Event


class NotSeen(TimeoutError):
    """Something did not arrive within its bound; the text names what was waited for."""


@dataclass(frozen=True)
class Answer:
    """The station's answer to one CALL. `event` is None when none came; judges use the events, cases the rest.

    `call` is the CALL's event, `payload` the CALLRESULT's (empty otherwise), `error_code` the CALLERROR's.
    """

    call: Event
    event: Event | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    error_code: str | None = None
    error_description: str | None = None
    sent: dict[str, Any] = field(default_factory=dict)

    @property
    def timed_out(self) -> bool:
        """Whether no answer came (in time, or at all because the connection went)."""
        return self.event is None

    @property
    def status(self) -> str | None:
        """The payload's `status`, where the action has one."""
        status = self.payload.get("status")
        return status if isinstance(status, str) else None

    @property
    def accepted(self) -> bool:
        """Whether the status is "Accepted"."""
        return self.status == "Accepted"

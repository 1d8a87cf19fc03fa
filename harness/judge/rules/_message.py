"""What a rule sees of the stream: messages with answer or call, the line coming and going, our own oddities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.ocppj import CALL, CALLERROR, CALLRESULT, SEND, Remark

STATION, CSMS = "station", "csms"
_KINDS = {
    STATION: {CALL: "call:", CALLRESULT: "result:", CALLERROR: "error:", SEND: "send:"},
    CSMS: {CALL: "asked:", CALLRESULT: "told:", CALLERROR: "denied:"},
}


@dataclass(slots=True, eq=False)
class Message:
    """One OCPP-J frame. `at` is its number in the trace or its line in a log; times are nanoseconds.

    `t_ns` is on the stream's one axis, `utc_ns` the recorder's wall clock. `call` is what an answer answers (None:
    nothing that was seen). `action` of an answer is its call's. `faults` is everything that its octets break, found
    when somebody asks; of a version that is not known, what breaks both.
    """

    at: int
    t_ns: int
    utc_ns: int | None
    station: str
    by: str
    connection: int
    version: str | None
    type: int | None
    id: str | None
    action: str | None
    payload: dict[str, Any] = field(default_factory=dict)
    call: Message | None = None
    remark: Remark | None = None
    error_code: str | None = None
    framing: tuple[str, ...] = ()
    text: str = ""
    find_faults: Callable[[Message], tuple[str, ...]] | None = None
    answered: bool = False
    memo: dict[str, Any] = field(default_factory=dict)  # what was read of it once, by whoever needed it first
    _faults: tuple[str, ...] | None = None
    _trigger: str | None = None

    @property
    def is_call(self) -> bool:
        """Whether it asks for an answer."""
        return self.type == CALL

    @property
    def is_result(self) -> bool:
        """Whether it answers a call with a payload."""
        return self.type == CALLRESULT

    @property
    def status(self) -> Any:
        """The payload's status, where there is one."""
        return self.payload.get("status")

    @property
    def asked(self) -> dict[str, Any]:
        """The payload of the call that it answers; empty where that was not seen."""
        return self.call.payload if self.call is not None else {}

    @property
    def faults(self) -> tuple[str, ...]:
        """What breaks OCPP-J, the version's actions or the schema, in plain words."""
        if self._faults is None:
            self._faults = self.framing or (self.find_faults(self) if self.find_faults is not None else ())
            self.find_faults = None
        return self._faults

    @property
    def trigger(self) -> str:
        """By what rules are found: "call:X" and "result:X" and "error:X" come from the station, "asked:X", "told:X" and
        "denied:X" from the backend; "send:X" is a SEND of the station's, "frame" anything that is no OCPP-J message."""
        if self._trigger is None:
            kind = _KINDS[self.by].get(self.type or 0)
            self._trigger = f"{kind}{self.action}" if kind is not None else "frame"
        return self._trigger


@dataclass(frozen=True, slots=True)
class Line:
    """The station's connection opens or closes; `kind` "opened" or "closed"."""

    at: int
    t_ns: int
    utc_ns: int | None
    station: str
    kind: str
    connection: int = 0
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Provoked:
    """Something odd that we did on purpose: for `for_ns` from here on what comes of it is no fault of the station's.

    `station` empty: of every station. `away`: nothing could be sent meanwhile.
    """

    at: int
    t_ns: int
    station: str
    what: str
    for_ns: int = 0
    away: bool = False


Item = Message | Line | Provoked

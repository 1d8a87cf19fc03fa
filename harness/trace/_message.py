"""One OCPP message of a trace: read from its octets, checked when somebody asks."""

from __future__ import annotations

import base64
from typing import Any

from harness.ocppj import CALLERROR, Frame, Match, Remark, faults_of, payload_of
from harness.trace._events import Event
from harness.trace._store import Store

_TOLD = {
    Remark.REUSED: "its message id was used before for another message",
    Remark.DUPLICATE: "a duplicate answer: what it answers was answered before",
    Remark.UNASKED: "an unsolicited answer: nothing was asked with its message id",
}
# what recorders of chargeproof/trace/1 knew of a message as the WebSocket brought it, and could say only so
_OLD_FACTS = ("sent as a binary WebSocket message", "not UTF-8 at byte")


class OcppMessage:
    """One frame. `direction` is the CSMS's: "in" came from the charging station, "out" went to it.

    `action` of an answer is that of its CALL (None when it answers nothing we know). `payload` is empty for an
    error frame; `error_code` then holds its code. `errors` says what is wrong with it: in its octets, and among the
    other messages of its station (`remark`). In a trace all that is read from octets, whatever the recorder wrote.
    """

    __slots__ = (
        *("_errors", "_event", "_payload", "action", "answer", "at", "direction", "error_code", "error_description"),
        *("id", "remark", "type"),
    )

    def __init__(
        self,
        event: Event,
        direction: str,
        type: int | None,
        id: str | None,
        action: str | None,
        payload: dict[str, Any],
        error_code: str | None = None,
        error_description: str | None = None,
        errors: tuple[str, ...] = (),
    ) -> None:
        self._event: Event | None = event
        self._payload: dict[str, Any] | None = payload
        self._errors: tuple[str, ...] | None = errors
        self.direction, self.type, self.id, self.action = direction, type, id, action
        self.error_code, self.error_description = error_code, error_description
        self.remark: Remark | None = None
        self.answer: OcppMessage | None = None
        self.at = -1

    @property
    def event(self) -> Event:
        """The event that holds it."""
        assert self._event is not None
        return self._event

    @property
    def seq(self) -> int:
        """That event's number."""
        return self.event.seq

    @property
    def payload(self) -> dict[str, Any]:
        """The content of a CALL, CALLRESULT or SEND."""
        assert self._payload is not None
        return self._payload

    @property
    def errors(self) -> tuple[str, ...]:
        """What breaks OCPP, in plain words."""
        assert self._errors is not None
        return self._errors

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.errors

    def __repr__(self) -> str:
        return f"OcppMessage({self.direction}, type={self.type}, id={self.id!r}, action={self.action!r})"


class Recorded(OcppMessage):
    """A message that stands in a store: payload and faults are looked for when somebody asks."""

    __slots__ = ("_frame", "_store", "_version")

    def __init__(self, store: Store, at: int, way: str, frame: Frame, match: Match, version: str | None) -> None:
        self._event = self._payload = self._errors = None
        self._store, self._frame, self._version = store, frame, version
        self.at, self.direction = at, way
        self.type, self.id, self.action = frame.type, frame.id, match.action
        self.error_code, self.error_description = frame.error_code, frame.error_description
        self.remark = match.remark
        self.answer = None

    @property
    def event(self) -> Event:
        return self._store.event(self.at)

    @property
    def seq(self) -> int:
        return self._store.seqs[self.at]

    @property
    def payload(self) -> dict[str, Any]:
        if self._payload is None:
            answered = self.type not in (None, CALLERROR)
            self._payload = payload_of(octets_of(self._store.data(self.at))) if answered else {}
        return self._payload

    @property
    def errors(self) -> tuple[str, ...]:
        if self._errors is None:
            data = self._store.data(self.at)
            faults = _faults_around(data)
            if not data.get("truncated"):
                faults += faults_of(octets_of(data), self._version, self.action, self._frame)
            if self.remark in _TOLD:
                faults.append(_TOLD[self.remark])
            self._errors = tuple(dict.fromkeys(faults))
        return self._errors


def octets_of(data: dict[str, Any]) -> bytes:
    """A frame's octets as they went over the line: `octets` where they are no text, else `raw`."""
    kept = data.get("octets")
    if isinstance(kept, str):
        try:
            return base64.b64decode(kept, validate=True)
        except ValueError:
            return b""
    raw = data.get("raw")
    return raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else b""


def _faults_around(data: dict[str, Any]) -> list[str]:
    """What is wrong with a message before it is read: how it came, and how large it was."""
    faults = []
    if data.get("truncated"):
        faults.append(f"a message of {data.get('length')} bytes, too large to be taken in")
    if data.get("opcode") == "binary":
        faults.append("sent as a binary WebSocket message; OCPP-J uses text messages (Part 4, 4.1.2)")
    told = data.get("errors")
    if isinstance(told, list) and "octets" not in data:
        faults += [str(each) for each in told if str(each).startswith(_OLD_FACTS)]
    return faults

"""OCPP seen in a trace: frames as messages, and CALLs with the answers that belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from harness.trace._events import Event

CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND = 2, 3, 4, 5, 6


@dataclass(frozen=True)
class OcppMessage:
    """One frame. `direction` is the CSMS's: "in" came from the charging station, "out" went to it.

    `action` of an answer is that of its CALL (None when it answers nothing we know). `payload` is empty for an
    error frame; `error_code` then holds its code. `event.data["errors"]` lists what schema and framing found.
    """

    event: Event
    direction: str
    type: int | None
    id: str | None
    action: str | None
    payload: dict[str, Any]
    error_code: str | None = None
    error_description: str | None = None

    @property
    def valid(self) -> bool:
        """Whether framing and schema found nothing wrong."""
        return not self.event.data.get("errors")


@dataclass(frozen=True)
class Exchange:
    """A CALL and its answer; `answer` is None while or when none came."""

    call: OcppMessage
    answer: OcppMessage | None

    @property
    def took_s(self) -> float | None:
        """Seconds from CALL to answer."""
        return None if self.answer is None else (self.answer.event.t_ns - self.call.event.t_ns) / 1e9


def message(event: Event) -> OcppMessage:
    """Read one `ocpp.frame` event; a frame that is not OCPP-J has type None and an empty payload."""
    data = event.data
    payload: dict[str, Any] = {}
    code = description = None
    try:
        frame = msgspec.json.decode(data["raw"])
    except (msgspec.DecodeError, KeyError):
        frame = None
    if isinstance(frame, list) and frame:
        kind = frame[0]
        if kind in (CALL, SEND) and len(frame) > 3 and isinstance(frame[3], dict):
            payload = frame[3]
        elif kind == CALLRESULT and len(frame) > 2 and isinstance(frame[2], dict):
            payload = frame[2]
        elif kind in (CALLERROR, CALLRESULTERROR) and len(frame) > 2:
            code = str(frame[2])
            description = str(frame[3]) if len(frame) > 3 else ""
    return OcppMessage(
        event=event,
        direction=data.get("dir", "in"),
        type=data.get("type"),
        id=data.get("id"),
        action=data.get("action"),
        payload=payload,
        error_code=code,
        error_description=description,
    )


def messages(events: Iterable[Event], *, action: str | None = None, direction: str | None = None) -> list[OcppMessage]:
    """All OCPP messages in order, optionally of one action or one direction."""
    return [
        message(e)
        for e in events
        if e.kind == "ocpp.frame"
        and (action is None or e.data.get("action") == action)
        and (direction is None or e.data.get("dir") == direction)
    ]


def exchanges(events: Iterable[Event], *, action: str | None = None, direction: str | None = None) -> list[Exchange]:
    """CALLs with their answers. `direction` is the CALL's; answers are matched by the recorder's `reply_to`."""
    calls: dict[int, OcppMessage] = {}
    answers: dict[int, OcppMessage] = {}
    for each in messages(events):
        if each.type == CALL:
            if (action is None or each.action == action) and (direction is None or each.direction == direction):
                calls[each.event.seq] = each
        elif each.type in (CALLRESULT, CALLERROR):
            asked = each.event.data.get("reply_to")
            if asked is not None and asked not in answers:
                answers[asked] = each
    return [Exchange(call, answers.get(seq)) for seq, call in calls.items()]

"""Logs of one JSON object a line: chargeproof's own simple form, and the Open OCPP Trace Format 1."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.trace.logs._record import CSMS, STATION, Record, Unreadable, subprotocol, time_ns

_KINDS = {"CALL": 2, "CALLRESULT": 3, "CALLERROR": 4}
_SENDERS = {"cp-to-csms": STATION, "csms-to-cp": CSMS}
_decode = msgspec.json.Decoder().decode


class _Quick(msgspec.Struct):
    """A line with a message, as nearly all are."""

    time: str
    station: str
    sender: str
    frame: str
    version: str = ""


_quick = msgspec.json.Decoder(_Quick)


def read_simple(line: str, at: int) -> Record:
    """{"time", "station", "sender", "frame", "version"?} or {"time", "station", "event", "version"?}."""
    try:
        quick = _quick.decode(line)
        if quick.sender in (STATION, CSMS) and quick.station:
            return Record(
                at, time_ns(quick.time), quick.station, quick.sender, quick.frame, version=subprotocol(quick.version)
            )
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeEncodeError):
        pass  # another kind of line, or one whose fault is to be named
    data = _object(line)
    utc_ns, station = time_ns(data.get("time")), _text(data, "station")
    version = subprotocol(_text(data, "version", ""))
    if "event" in data:
        event = data["event"]
        if event not in ("connected", "disconnected"):
            raise Unreadable(f'event {str(event)[:40]!r} is unknown; write "connected" or "disconnected"')
        return Record(at, utc_ns, station, event=event, version=version)
    sender = data.get("sender")
    if sender not in (STATION, CSMS):
        raise Unreadable(f'sender {str(sender)[:40]!r} is unknown; write "station" or "csms"')
    frame = data.get("frame")
    if not isinstance(frame, str):
        raise Unreadable("frame is no text; write the message as it was sent, in quotes")
    return Record(at, utc_ns, station, sender, frame, version=version)


def read_open_trace(line: str, at: int) -> Record:
    """A record of the Open OCPP Trace Format 1; without `raw` the message is put together from its parts."""
    data = _object(line)
    if data.get("transport", "json") != "json":
        raise Unreadable(f"transport {str(data['transport'])[:20]!r} is not OCPP-J")
    sender = _SENDERS.get(str(data.get("direction")))
    if sender is None:
        raise Unreadable(f"direction {str(data.get('direction'))[:40]!r} is neither cp-to-csms nor csms-to-cp")
    raw = data.get("raw")
    text = raw if isinstance(raw, str) else _put_together(data)
    station, version = _text(data, "chargePointId", "unnamed"), subprotocol(_text(data, "ocppVersion", ""))
    return Record(at, time_ns(data.get("timestamp")), station, sender, text, version=version)


def _put_together(data: dict[str, Any]) -> str:
    kind = _KINDS.get(str(data.get("messageType")))
    if kind is None:
        raise Unreadable(f"messageType {str(data.get('messageType'))[:40]!r} is unknown, and there is no raw")
    parts: list[Any] = [kind, data.get("messageId")]
    if kind == 2:
        parts += [data.get("action"), data.get("payload", {})]
    elif kind == 3:
        parts += [data.get("payload", {})]
    else:
        error = data.get("error")
        given = error if isinstance(error, dict) else {}
        parts += [given.get("code"), given.get("description", ""), given.get("details", {})]
    return msgspec.json.encode(parts).decode()


def _object(line: str) -> dict[str, Any]:
    try:
        data = _decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise Unreadable(f"not JSON: {error}") from None
    if not isinstance(data, dict):
        raise Unreadable("no JSON object")
    return data


def _text(data: dict[str, Any], key: str, default: str | None = None) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or (not value and default is None):
        raise Unreadable(f"{key} is {'missing' if value is None else 'no text'}")
    return value

"""A trace of our own as a stream of what rules look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from harness.judge.rules._message import CSMS, STATION, Item, Line, Message, Provoked
from harness.judge.rules._talk import faults_found, read_frame
from harness.trace import Event, OcppMessage, Trace, messages

_FRAMES, _CONNECTIONS, _ACTIONS, _PROVOKED = "ocpp.frame", "ocpp.connection", "bench.action", "provoked"
_NETWORK = "csms.network"


def items_of(trace: Trace) -> Iterator[Item]:
    """The trace's OCPP messages, connections and what we did wrong on purpose, in order."""
    lines: dict[Any, Event] = {}
    calls: dict[int, Message] = {}
    told = {m.seq: m for m in messages(trace)}
    for event in trace.of(_FRAMES, _CONNECTIONS, _ACTIONS, _PROVOKED):
        if event.kind == _FRAMES:
            line = lines.get(event.data.get("conn"))
            if line is not None and event.seq in told:
                yield _message(event, told[event.seq], line, calls)
        elif event.kind == _CONNECTIONS:
            yield from _connection(event, lines)
        else:
            yield from _provoked(event)


def _message(event: Event, told: OcppMessage, line: Event, calls: dict[int, Message]) -> Message:
    by = STATION if told.direction == "in" else CSMS
    data, seq = event.data, event.seq
    payload, framing = _content(data, told)
    m = Message(
        seq,
        event.t_ns,
        utc_ns_of(event.utc),
        str(line.data.get("identity")),
        by,
        int(data.get("conn") or 0),
        line.data.get("subprotocol"),
        told.type,
        told.id,
        told.action,
        payload,
        calls.pop(seq, None),
        told.remark,
        told.error_code,
        framing,
        text=str(data.get("raw", "")),
    )
    m.find_faults = faults_found
    if told.answer is not None:
        calls[told.answer.seq] = m
    return m


def _content(data: dict[str, Any], told: OcppMessage) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A frame's payload, and how it is no message of OCPP-J; what was too large to be taken in is not looked into."""
    raw = data.get("raw")
    if data.get("truncated"):
        return {}, ()
    if data.get("opcode") == "binary":
        return told.payload, ("sent as a binary WebSocket message",)
    if isinstance(raw, str) and "octets" not in data:
        frame, payload = read_frame(raw.encode("utf-8", "surrogatepass"))
        return payload, frame.faults
    return told.payload, told.errors if told.type is None else ()


def _connection(event: Event, lines: dict[Any, Event]) -> Iterator[Item]:
    data, conn = event.data, event.data.get("conn")
    if data.get("state") == "open":
        lines[conn] = event
        identity, number = str(data.get("identity")), int(conn or 0)
        yield Line(event.seq, event.t_ns, utc_ns_of(event.utc), identity, "opened", number, data.get("subprotocol"))
    elif data.get("state") == "closed" and conn in lines:
        opened = lines.pop(conn)
        identity = str(opened.data.get("identity"))
        yield Line(event.seq, event.t_ns, utc_ns_of(event.utc), identity, "closed", int(conn or 0))


def _provoked(event: Event) -> Iterator[Item]:
    data = event.data
    if event.kind == _PROVOKED:
        by_s = data.get("by_s")
        for_ns = int(by_s * 1e9) if isinstance(by_s, int | float) else 0
        yield Provoked(event.seq, event.t_ns, event.station or "", str(data.get("what")), for_ns)
    elif data.get("role") == _NETWORK:
        yield Provoked(event.seq, event.t_ns, "", str(data.get("command")), away=True)


def utc_ns_of(utc: str) -> int | None:
    """Nanoseconds since 1970 of an RFC 3339 time that names its zone; None for anything else."""
    try:
        read = datetime.fromisoformat(utc)
    except ValueError:
        return None
    if read.tzinfo is None:
        return None
    return int(read.timestamp() * 1_000_000) * 1000

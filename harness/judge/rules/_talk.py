"""From the texts that a station and its backend exchanged to messages that know what they answer."""

from __future__ import annotations

from collections import OrderedDict
from math import isinf
from typing import Any

import msgspec

from harness.judge.rules._message import STATION, Message
from harness.ocppj import CALL, CALLRESULT, V21, V201, Conversation, Frame, faults_of, is_clean, payload_of, read
from requirement_catalog import own_count

MOST_CALLS = own_count("rules.most_calls")
_MAY_BE_WHOLE = b".0"  # in a number without a fraction, and in the milliseconds of a time


def _number(text: str) -> int | float:
    """JSON knows one kind of number: 1.0 is the integer 1, as JSON Schema has it."""
    value = float(text)
    if isinf(value):
        raise ValueError("a number that is too large")
    return int(value) if value.is_integer() else value


_decode = msgspec.json.Decoder().decode
_decode_whole = msgspec.json.Decoder(float_hook=_number).decode


class Talk:
    """One station's messages in order. What it remembers of calls is bounded, and so is what it can match."""

    def __init__(self, station: str) -> None:
        self.station = station
        self._pairing = Conversation(MOST_CALLS)
        self._calls: OrderedDict[int, Message] = OrderedDict()
        self._taken = 0

    def opened(self, connection: int) -> None:
        """A connection began: what answers nothing over it answers nothing at all."""
        self._pairing.opened(connection)

    def take(
        self, at: int, t_ns: int, utc_ns: int | None, by: str, connection: int, version: str | None, text: str
    ) -> Message:
        """The next text."""
        octets = text.encode("utf-8", "surrogatepass")
        frame, payload = read_frame(octets)
        self._taken += 1
        match = self._pairing.take("in" if by == STATION else "out", connection, frame, self._taken, octets)
        m = Message(at, t_ns, utc_ns, self.station, by, connection, version, frame.type, frame.id, match.action)
        m.payload, m.error_code, m.framing, m.text, m.remark = (
            payload,
            frame.error_code,
            frame.faults,
            text,
            match.remark,
        )
        if match.call is not None:
            m.call = self._calls.pop(match.call, None)
        if frame.type == CALL:
            self._calls[self._taken] = m
            if len(self._calls) > MOST_CALLS:
                self._calls.popitem(last=False)
        if not frame.faults:
            m.find_faults = faults_found
        return m


def faults_found(m: Message) -> tuple[str, ...]:
    """Of a version that nobody tells, what breaks both that we know."""
    for version in (V21, V201) if m.version is None else (m.version,):
        if m.type is not None and m.action is not None and is_clean(m.text, version, m.type, m.action, m.payload):
            return ()
    octets = m.text.encode("utf-8", "surrogatepass")
    if m.version is not None:
        return tuple(faults_of(octets, m.version, m.action))
    newer = faults_of(octets, V21, m.action)
    return tuple(newer) if newer and faults_of(octets, V201, m.action) else ()


def read_frame(octets: bytes) -> tuple[Frame, dict[str, Any]]:
    """A frame and its payload; one that is as it should be is decoded once. A whole number is an int, also 1.0."""
    try:
        parts = _decode_whole(octets) if _MAY_BE_WHOLE in octets else _decode(octets)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return read(octets), {}
    match parts:
        case [2, str(identity), str(action), dict(payload)] if 0 < len(identity) <= 36 and parts[0] is not True:
            return Frame(CALL, identity, action), payload
        case [3, str(identity), dict(payload)] if 0 < len(identity) <= 36:
            return Frame(CALLRESULT, identity), payload
    return read(octets), payload_of(octets)

"""The journal of one WebSocket: every frame is read, matched, checked and recorded before anything reacts."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from harness.csms._schemas import V201, book_for
from harness.csms.line._frames import CALL, CALLERROR, CALLRESULT, CALLRESULTERROR, Frame, check_payload, read_frame
from harness.csms.line._ledger import Asked, Ledger
from harness.csms.line._websocket import Text
from harness.trace import Event, OcppMessage, Recorder

_KEPT_OF_HUGE = 2048  # characters kept of a frame that was too large to take in


@dataclass(slots=True)
class Received:
    """A recorded frame: what was read, its event, and the CALL of ours that it answers (if it answers one)."""

    frame: Frame
    event: Event
    asked: Asked | None
    remark: str | None
    action: str | None

    def message(self) -> OcppMessage:
        """The frame as waits and cases see it, with the payload as it came (a trace may hold it redacted)."""
        frame = self.frame
        return OcppMessage(
            event=self.event,
            direction="in",
            type=frame.type,
            id=frame.id,
            action=self.action,
            payload=frame.payload,
            error_code=frame.error_code,
            error_description=frame.error_description,
        )


class Wire:
    """Reads, checks and records the frames of connection `conn` of `station`, which speaks `version`."""

    def __init__(self, recorder: Recorder, ledger: Ledger, conn: int, version: str, station: str) -> None:
        self.conn = conn
        self.station = station
        self.version = version
        self._recorder = recorder
        self._ledger = ledger
        # a connection without an agreed version is still read by the 2.0.1 rules, so that its frames stay legible
        self._book = book_for(version or V201)

    def received(self, text: Text) -> Received:
        """Take in one message from the station."""
        raw = text.text
        frame = read_frame(raw, self.version)
        frame.errors.extend(text.faults)
        asked: Asked | None = None
        remark = action = reply_to = None
        if frame.type == CALL and frame.id is not None:
            action = frame.action
            seen = self._ledger.repeats(frame.id, raw)
            if seen == "same":
                remark = "duplicate"  # Part 4, 4.1.4 lets a retry keep its id
            elif seen == "other":
                frame.errors.append("message id was used before for another message")
        elif frame.type in (CALLRESULT, CALLERROR) and frame.id is not None:
            asked, remark = self._ledger.match(frame.id)
            if asked is not None:
                action, reply_to = asked.action, asked.seq
        elif frame.type == CALLRESULTERROR and frame.id is not None:
            heard = self._ledger.heard(frame.id)
            if heard is None:
                remark = "unsolicited"
            else:
                action, reply_to = heard.action, heard.answered_seq
        else:
            action = frame.action
        check_payload(frame, self._book, action)
        event = self._record("in", frame, action, reply_to, remark, text)
        if frame.type == CALL and frame.id is not None:
            self._ledger.hear(frame.id, event.seq, action, raw)
        return Received(frame, event, asked, remark, action)

    def sending(self, raw: str, future: asyncio.Future[Any] | None = None, checked: bool = False) -> Event:
        """Record a text that is about to go out. `future` resolves with the answer when it is a CALL.

        `checked` when the text was made here and needs no schema check; what a case sends raw is checked, so that the
        trace says what was wrong with it.
        """
        frame = read_frame(raw, self.version)
        action, reply_to = frame.action, None
        heard = None
        if frame.type in (CALLRESULT, CALLERROR) and frame.id is not None:
            heard = self._ledger.heard(frame.id)
            if heard is not None:
                action, reply_to = heard.action, heard.seq
        if not checked:
            check_payload(frame, self._book, action)
        event = self._record("out", frame, action, reply_to, None, None)
        if heard is not None:
            heard.answered_seq = event.seq
        if frame.type == CALL and frame.id is not None:
            self._ledger.ask(frame.id, Asked(event.seq, action or "", future))
        return event

    def oversize(self, head: bytes, length: int, digest: str | None, t_ns: int, limit: int) -> Event:
        """Record a frame that was too large to take in: its beginning, its length and the digest of what came."""
        return self._recorder.record(
            "ocpp.frame",
            "dut",
            {
                "conn": self.conn,
                "dir": "in",
                "raw": head[:_KEPT_OF_HUGE].decode("utf-8", "replace"),
                "octets": b64encode(head[:_KEPT_OF_HUGE]).decode(),
                "type": None,
                "id": None,
                "action": None,
                "reply_to": None,
                "errors": [f"message of {length} bytes is larger than the {limit} bytes this CSMS takes in"],
                "remark": None,
                "version": self.version,
                "truncated": True,
                "length": length,
                "sha256": digest,
            },
            t_ns=t_ns,
            station=self.station,
            connection=self.conn,
        )

    def _record(
        self, way: str, frame: Frame, action: str | None, reply_to: int | None, remark: str | None, text: Text | None
    ) -> Event:
        as_it_came: dict[str, Any] = {}
        if text is not None and text.octets is not None:
            as_it_came["octets"] = b64encode(text.octets).decode()
        if text is not None and text.binary:
            as_it_came["opcode"] = "binary"
        return self._recorder.record(
            "ocpp.frame",
            "dut" if way == "in" else "harness",
            {
                "conn": self.conn,
                "dir": way,
                "raw": frame.raw,
                "type": frame.type,
                "id": frame.id,
                "action": action,
                "reply_to": reply_to,
                "errors": frame.errors,
                "remark": remark,
                "version": self.version,
                **as_it_came,
            },
            t_ns=text.t_ns if text is not None else None,
            station=self.station,
            connection=self.conn,
        )


def digest_of(data: bytes) -> str:
    """SHA-256 as lower-case hex."""
    return sha256(data).hexdigest()

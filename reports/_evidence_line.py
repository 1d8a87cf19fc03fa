"""The evidence line: a trace event as a sentence, with an excerpt of what was on the wire."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import msgspec

from harness.evidence import by_script
from harness.trace import Event
from reports._text import number, shortened
from reports._view import EvidenceView
from reports._words import actor

EXCERPT_CHARS = 700  # of one frame
TOTAL_EXCERPT_CHARS = 900_000  # of the whole report: it stays small enough to send by mail
SHOWN_EVENTS = 8  # of one finding
PHOTO_BYTES = 400_000
TOTAL_PHOTO_BYTES = 1_200_000

_QUANTITIES = {
    "i": "current",
    "u": "voltage",
    "p": "power",
    "freq": "frequency",
    "e_import": "energy in",
    "e_export": "energy out",
    "dc_u": "DC voltage",
    "dc_i": "DC current",
    "duty": "duty cycle",
    "u_high": "high level",
    "u_low": "low level",
}
_UNITS = {"a": "A", "v": "V", "w": "W", "wh": "Wh", "hz": "Hz", "pct": "%", "s": "s"}
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True)
class EvidenceLine:
    """One event as shown: its number, wall time, who did what, and an excerpt (empty when there is nothing to add)."""

    seq: int
    at: str
    who: str
    what: str
    excerpt: str = ""
    photo: str = ""  # data URI, only of a real PNG or JPEG


class Excerpts:
    """Turns event numbers into evidence lines, within one budget for the whole report."""

    def __init__(self, view: EvidenceView) -> None:
        self._view = view
        self._left = TOTAL_EXCERPT_CHARS
        self._photo_left = TOTAL_PHOTO_BYTES

    def of(self, numbers: tuple[int, ...]) -> tuple[list[EvidenceLine], int]:
        """The lines for these events and how many were left out (the middle ones: first and last tell the story)."""
        chosen = list(dict.fromkeys(numbers))
        left_out = max(0, len(chosen) - SHOWN_EVENTS)
        if left_out:
            head = SHOWN_EVENTS - 2
            chosen = chosen[:head] + chosen[-2:]
        return [self._line(n) for n in chosen], left_out

    def _line(self, seq: int) -> EvidenceLine:
        try:
            event = self._view.trace.by_seq(seq)
        except KeyError:
            return EvidenceLine(seq, "", "", "this event is not in the trace")
        what, excerpt = describe(event)
        if len(excerpt) > self._left:
            excerpt = ""
        excerpt = shortened(excerpt, EXCERPT_CHARS)
        self._left -= len(excerpt)
        return EvidenceLine(seq, event.utc[11:23], actor(event.who), what, excerpt, self._photo(event))

    def _photo(self, event: Event) -> str:
        photo = event.data.get("photo")
        if not isinstance(photo, dict):
            return ""
        raw = self._view.attachments.get(str(photo.get("file", "")).removeprefix("attachments/"), b"")
        kind = next((mime for magic, mime in _MAGIC if raw.startswith(magic)), None)
        if kind is None or len(raw) > min(PHOTO_BYTES, self._photo_left):
            return ""
        self._photo_left -= len(raw)
        return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def describe(event: Event) -> tuple[str, str]:
    """What happened, in a few words, and an excerpt of the raw evidence."""
    data = event.data
    if event.kind == "ocpp.frame":
        return _frame(data), str(data.get("raw", ""))
    if event.kind == "bench.sample":
        return _sample(data), ""
    if event.kind == "v2g.message":
        way = "to the charger" if data.get("dir") == "out" else "from the charger"
        return f"ISO 15118 {data.get('name', 'message')} {way}", _json(data.get("payload", {}))
    if event.kind == "tls.handshake":
        return _handshake(data), _json(data)
    if event.kind == "operator.answer":
        by = f" by {data['observer']}" if data.get("observer") else ""
        by += ", a script" if by_script(event) else ""
        return f"answer{by}: {data.get('answer', '')}", str(data.get("text", ""))
    if event.kind == "ocpp.connection":
        return f"OCPP connection {data.get('state', '')}", _json(data)
    return event.kind.replace(".", " "), _json(data)


def _frame(data: dict[str, Any]) -> str:
    action = data.get("action") or "frame"
    what = {2: action, 3: f"answer to {action}", 4: f"error answer to {action}"}.get(data.get("type") or 0, action)
    way = "sent to the charger" if data.get("dir") == "out" else "from the charger"
    faults = data.get("errors")
    wrong = (
        f"; breaks the protocol: {'; '.join(str(e) for e in faults[:3])}" if isinstance(faults, list) and faults else ""
    )
    remark = f"; {data['remark']}" if data.get("remark") else ""
    return f"OCPP {what}, {way}{remark}{wrong}"


def _sample(data: dict[str, Any]) -> str:
    values = data.get("values")
    uncertainty = data.get("uncertainty")
    if not isinstance(values, dict):
        return "reading"
    parts = []
    for name, value in list(values.items())[:8]:
        head, _, tail = str(name).rpartition("_")
        if isinstance(value, (int, float)) and not isinstance(value, bool) and tail in _UNITS:
            quantity, phase = (head[:-3], head[-1]) if head[-3:] in ("_l1", "_l2", "_l3") else ("", "")
            plus = (
                uncertainty.get(name, uncertainty.get(f"{quantity}_{tail}")) if isinstance(uncertainty, dict) else None
            )
            spread = f" ± {number(float(plus))}" if isinstance(plus, (int, float)) and plus else ""
            said = _QUANTITIES.get(quantity or head, (quantity or head).replace("_", " "))
            parts.append(f"{said}{f' L{phase}' if quantity else ''} {number(float(value))}{spread} {_UNITS[tail]}")
        else:
            parts.append(f"{str(name).replace('_', ' ')} {value}")
    return "reading: " + ", ".join(parts)


def _handshake(data: dict[str, Any]) -> str:
    ended = "caller" if (data.get("ended_by"), data.get("peer")) == ("dut", "caller") else data.get("ended_by")
    alert = data.get("alert")
    by = f" by {actor(str(ended))}" if ended else ""
    said = f", alert {alert.get('name', alert.get('code'))}" if isinstance(alert, dict) else ""
    return f"TLS handshake ({data.get('scenario', 'unnamed')}): {data.get('outcome', '')}{by}{said}"


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, msgspec.MsgspecError):
        return str(value)

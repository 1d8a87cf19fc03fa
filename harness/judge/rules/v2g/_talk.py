"""From V2GTP payloads to messages: which schema they are of is agreed at the beginning, or found out."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from ev_emulator.exi import ExiError, Reading, read
from harness.judge.rules.v2g._message import CAR, CHARGER, DIN, ISO_2, ISO_20, SAP, V2gMessage
from requirement_catalog import own_count

MOST_SESSIONS = own_count("v2g.most_sessions")
MOST_OPEN = own_count("v2g.most_open")
_SAP_NS = "urn:iso:15118:2:2010:AppProtocol"
OLDER = {DIN: "urn:din:70121:2012:MsgDef", ISO_2: "urn:iso:15118:2:2013:MsgDef"}
_COMMON, _BASE_20 = "urn:iso:std:iso:15118:-20:CommonMessages", "urn:iso:std:iso:15118:-20:"
_OF_20 = {0x8002: _COMMON, 0x8003: f"{_BASE_20}AC", 0x8004: f"{_BASE_20}DC"}
_OF_20 |= {0x8005: f"{_BASE_20}ACDP", 0x8006: f"{_BASE_20}WPT"}
SAP_OR_OLDER = 0x8001


@dataclass
class Spoken:
    """One session's talk so far."""

    protocol: str = ""
    offered: dict[int, dict[str, Any]] = field(default_factory=dict)
    open: deque[V2gMessage] = field(default_factory=lambda: deque(maxlen=MOST_OPEN))


class Talk:
    """Messages of any number of sessions; what is remembered of each is bounded, and so is their number."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[int, Spoken] = OrderedDict()

    def over(self, session: int) -> None:
        """A session's connection was closed."""
        self._sessions.pop(session, None)

    def take(
        self,
        at: int,
        t_ns: int,
        utc_ns: int | None,
        station: str,
        session: int,
        by: str,
        payload_type: int | None,
        exi: bytes,
    ) -> V2gMessage:
        """The next payload; `by` empty: whoever sends such a message."""
        spoken = self._sessions.setdefault(session, Spoken())
        self._sessions.move_to_end(session)
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        protocol, found, why = _read(spoken, payload_type, exi)
        m = V2gMessage(at, t_ns, utc_ns, station, session, by, protocol, payload_type, exi, unreadable=why)
        if found is not None:
            _fill(m, found)
        if not m.by:
            m.by = CHARGER if m.is_answer else CAR
        if m.by == CAR:
            spoken.open.append(m)
        elif spoken.open:
            m.request = spoken.open.popleft()
            _misplaced(m, m.request)
        _agree(spoken, m)
        return m


def _read(spoken: Spoken, payload_type: int | None, exi: bytes) -> tuple[str, Reading | None, str]:
    """(protocol, what was read, why it could not be)."""
    if payload_type is None:
        return spoken.protocol, None, "it is no V2GTP message"
    if payload_type in _OF_20:
        return _one(ISO_20, _OF_20[payload_type], exi)
    if payload_type != SAP_OR_OLDER:
        return spoken.protocol, None, f"payload type 0x{payload_type:04x} is none that is read here"
    if spoken.protocol in OLDER:
        return _one(spoken.protocol, OLDER[spoken.protocol], exi)
    if spoken.protocol or spoken.offered:
        return _one(SAP, _SAP_NS, exi)
    tried = [_one(SAP, _SAP_NS, exi), *(_one(name, namespace, exi) for name, namespace in OLDER.items())]
    return min(tried, key=_unfit)


def _misplaced(m: V2gMessage, request: V2gMessage) -> None:
    """An answer of -20 that cannot be read under its payload type may be whole under that of its request."""
    wanted, kind = request.payload_type or 0, request.kind
    if request.protocol != ISO_20 or wanted == m.payload_type or not m.unreadable or wanted not in _OF_20:
        return
    _, found, why = _one(ISO_20, _OF_20[wanted], m.exi)
    if found is not None and not why and not found.deviations and next(iter(found.message or {}), "") == f"{kind}Res":
        m.protocol, m.unreadable = ISO_20, ""
        _fill(m, found)


def namespace_of(m: V2gMessage) -> str:
    """The namespace of a message's schema; empty where that is not known."""
    if m.protocol == ISO_20:
        return _OF_20.get(m.payload_type or 0, "")
    return _SAP_NS if m.protocol == SAP else OLDER.get(m.protocol, "")


def _unfit(tried: tuple[str, Reading | None, str]) -> tuple[bool, int]:
    found = tried[1]
    return bool(tried[2]), len(found.deviations) if found is not None else 0


def _one(protocol: str, namespace: str, exi: bytes) -> tuple[str, Reading | None, str]:
    try:
        found = read(exi, namespace)
    except ExiError as error:
        return protocol, None, str(error)
    wrong = found.unreadable
    if wrong is None and found.message is None:
        return protocol, found, "nothing of it could be read"
    return protocol, found, str(wrong) if wrong is not None else ""


def _fill(m: V2gMessage, found: Reading) -> None:
    m.deviations = found.deviations
    message = found.message or {}
    name = next(iter(message), None)
    content = message.get(name) if name is not None else None
    content = content if isinstance(content, dict) else {}
    if name == "V2G_Message":
        body = content.get("Body")
        body = body if isinstance(body, dict) else {}
        name = next(iter(body), None)
        header, content = content.get("Header"), body.get(name) if name is not None else {}
        content = content if isinstance(content, dict) else {}
    else:
        header = content.get("Header")
        content = {key: value for key, value in content.items() if key != "Header"}
    m.name, m.body, m.header = name, content, header if isinstance(header, dict) else {}


def _agree(spoken: Spoken, m: V2gMessage) -> None:
    """What the beginning of a session settles for the rest of it; in the middle of one, what was found out."""
    if m.unreadable:
        return
    if m.protocol != SAP:
        if not spoken.protocol and not m.deviations:
            spoken.protocol = m.protocol
    elif m.name == "supportedAppProtocolReq":
        listed = m.body.get("AppProtocol")
        each = [p for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []
        spoken.offered = {p["SchemaID"]: p for p in each if isinstance(p.get("SchemaID"), int)}
        spoken.protocol = ""
    elif m.name == "supportedAppProtocolRes" and m.code.startswith("OK"):
        chosen = spoken.offered.get(m.body.get("SchemaID", -1), {})
        if not chosen and len(spoken.offered) == 1:
            chosen = next(iter(spoken.offered.values()))
        spoken.protocol = protocol_of(chosen.get("ProtocolNamespace"))


def protocol_of(namespace: object) -> str:
    """The protocol that a namespace stands for; empty for one that is not known."""
    said = namespace if isinstance(namespace, str) else ""
    if said.startswith(_BASE_20):
        return ISO_20
    return next((name for name, known in OLDER.items() if known == said), "")

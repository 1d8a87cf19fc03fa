"""V2G-SES: a session from its setup to its end: one answer a request, one SessionID, and an end that is one."""

from __future__ import annotations

import re

from harness.judge.rules.v2g import DIN, SAP, Session, V2gMessage, rule

_ZERO = "0000000000000000"
_TOLD_ONCE = ("OK_NewSessionEstablished", "OK_OldSessionJoined")
_NOT_KNOWN = "ZZ00000"
_EVSE_ID = re.compile(r"[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9][A-Z0-9*]{0,30}", re.IGNORECASE)
_BEGINNINGS = ("supportedAppProtocol", "SessionSetup")
_ENDS = ("SessionStop", *_BEGINNINGS)


@rule("V2G-SES.R001", "res:*")
def answer_is_of_the_requests_kind(s: Session, m: V2gMessage) -> bool | str | None:
    """A request is answered by the message of its own kind."""
    asked = m.request
    if m.unreadable or asked is None or asked.unreadable or asked.deviations or not asked.kind or not s.fair:
        return None
    return m.name == f"{asked.kind}Res" or f"it answered {asked.name} with {m.name or 'what is no message'}"


@rule("V2G-SES.R002", "res:*")
def sends_only_answers(s: Session, m: V2gMessage) -> bool | str | None:
    """One answer a request, and none that nobody asked for."""
    if not (s.whole and s.fair) or m.unreadable:
        return None
    return m.request is not None or f"it sent {m.name} with no request open"


@rule("V2G-SES.R003", "res:*")
def answer_fits_its_schema(s: Session, m: V2gMessage) -> bool | str | None:
    """Each answer is EXI of its schema, as ISO 15118 writes it."""
    if m.unreadable:
        known = m.protocol != "" and (m.payload_type or 0) in (0x8001, 0x8002, 0x8003, 0x8004)
        return f"{m.protocol}: {m.unreadable}" if known and s.fair else None
    first = next(iter(m.deviations), None)
    return True if first is None else f"{m.name}: {first}"


@rule("V2G-SES.R004", "res:*")
def keeps_the_session_id(s: Session, m: V2gMessage) -> bool | str | None:
    """Every answer carries the SessionID that SessionSetupRes gave."""
    if s.id is None or m.kind in _BEGINNINGS or m.protocol == SAP or m.unreadable or m.failed or not s.fair:
        return None
    told = m.header.get("SessionID")
    return told == s.id or f"{m.name} with SessionID {told}; the session's is {s.id}"


@rule("V2G-SES.R005", "res:SessionSetup")
def gives_a_session_id(s: Session, m: V2gMessage) -> bool | str | None:
    """A session that is set up has a SessionID other than zero."""
    told = m.header.get("SessionID")
    if not m.code.startswith("OK") or m.unreadable:
        return None
    return (isinstance(told, str) and told.strip("0") != "") or f"{m.code} with SessionID {told}"


@rule("V2G-SES.R006", "res:SessionSetup")
def new_or_joined_as_it_says(s: Session, m: V2gMessage) -> bool | str | None:
    """OK_OldSessionJoined only with the SessionID that was asked for, OK_NewSessionEstablished with another."""
    if m.code not in _TOLD_ONCE or m.request is None or m.unreadable or m.protocol == DIN or not s.fair:
        return None
    asked, told = m.request.header.get("SessionID"), m.header.get("SessionID")
    joined, same = m.code == "OK_OldSessionJoined", asked == told and str(asked).strip("0") != ""
    return joined == same or f"{m.code} with SessionID {told}, where the car had asked for {asked}"


@rule("V2G-SES.R007", "res:*")
def ok_codes_of_the_setup_stand_there_alone(s: Session, m: V2gMessage) -> bool | str | None:
    """SessionSetupRes that agrees says whether the session is new or joined, and no other answer says so."""
    if m.unreadable or not m.code.startswith("OK") or m.protocol == SAP or not s.fair:
        return None
    return (m.code in _TOLD_ONCE) == (m.kind == "SessionSetup") or f"{m.name} with ResponseCode {m.code}"


@rule("V2G-SES.R008", "res:*")
def a_refusal_ends_the_session(s: Session, m: V2gMessage) -> bool | str | None:
    """After an answer with a FAILED code the session is over: nothing is agreed to but its end or a new beginning."""
    if m.kind in _ENDS or m.unreadable or not m.code.startswith("OK") or not s.fair:
        return None
    return s.refused is None or f"{m.name} {m.code} after {s.refused.name} {s.refused.code}"


@rule("V2G-SES.R009", "res:*")
def a_session_that_stopped_is_over(s: Session, m: V2gMessage) -> bool | str | None:
    """After SessionStopRes nothing more of that session is agreed to."""
    if m.kind in _BEGINNINGS or m.unreadable or not m.code.startswith("OK") or not s.fair:
        return None
    return s.stopped is None or f"{m.name} {m.code} after SessionStopRes"


@rule("V2G-SES.R010", "res:SessionSetup")
def evse_id_has_its_form(s: Session, m: V2gMessage) -> bool | str | None:
    """SessionSetupRes: the EVSEID is one (country, operator, E, outlet), or says that there is none."""
    told = m.body.get("EVSEID")
    if m.unreadable or m.failed or not isinstance(told, str) or m.protocol == DIN:
        return None
    return told == _NOT_KNOWN or bool(_EVSE_ID.fullmatch(told)) or f"EVSEID {told!r} is none"


@rule("V2G-SES.R011", "res:*")
def clock_runs_forward(s: Session, m: V2gMessage) -> bool | str | None:
    """The header's TimeStamp never goes back within a session."""
    told = m.header.get("TimeStamp")
    if m.unreadable or m.failed or not isinstance(told, int) or s.time_s is None:
        return None
    back = s.time_s - told
    return back <= s.limits["back"] or f"{m.name}: TimeStamp {told} after {s.time_s}, {back} s back"

"""OCPP-J, part 4: framing, schemas, message ids, calls and their answers, times."""

from __future__ import annotations

import re
from functools import lru_cache

from harness.judge.rules import CSMS, STATION, Debt, Message, Station, rule
from harness.judge.rules._transactions import number_of
from harness.ocppj import CALL, CALLERROR, CALLRESULT, V21, V201, Remark, is_known, is_readable

_TIMES = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|z|[+-]\d\d:\d\d)?"')
_WRONG_OF_VALID = frozenset(
    ("FormatViolation", "ProtocolError", "TypeConstraintViolation", "RpcFrameworkError", "MessageTypeNotSupported")
)
# of these a station may refuse one that is too long, with FormatViolation (B05, B06.FR.17, B08.FR.18, N04)
_MAY_BE_TOO_LONG = frozenset(
    ("GetVariables", "SetVariables", "GetReport", "SetVariableMonitoring", "ClearVariableMonitoring", "SendLocalList")
)
# what somebody else wrote into it is given back as it came
_HAVE_TIMES_OF_OTHERS = frozenset(
    (
        "DataTransfer",
        "GetVariables",
        "NotifyDisplayMessages",
        "NotifyReport",
        "ReportChargingProfiles",
        "ReportDERControl",
    )
)
_INVALID = re.compile("is a required property|is not of type|is not one of")


def _unknown(m: Message) -> bool:
    return not _is_known(m.version, str(m.action))


@lru_cache(maxsize=1024)
def _is_known(version: str | None, action: str) -> bool:
    return any(is_readable(v) and is_known(v, action) for v in ([V201, V21] if version is None else [version]))


def _answers_nothing(s: Station) -> str | None:
    if not s.both_sides:
        return None
    strays = s.note("P4.R005")  # what was asked before the log began may be answered once
    strays["count"] = strays.get("count", 0) + 1
    return "an answer to nothing that was asked" if s.from_start or strays["count"] > 1 else None


def _times(m: Message) -> list[tuple[str, str]]:
    """(decimals with their point, zone) of every time in a message, read once for two rules."""
    found: list[tuple[str, str]] | None = m.memo.get("times")
    if found is None:
        not_its_own = m.action in _HAVE_TIMES_OF_OTHERS or '"customData"' in m.text
        found = m.memo["times"] = [] if not_its_own else _TIMES.findall(m.text)
    return found


@rule("OCPP-P4.R001", "sent")
def is_well_formed(s: Station, m: Message) -> bool | str:
    """Part 4, 4.1 and 4.2: a message is a JSON array of the elements that its type has."""
    return f"{m.action or 'a frame'}: {m.framing[0]}" if m.framing else True


@rule("OCPP-P4.R002", "call:*")
def action_exists(s: Station, m: Message) -> bool | str | None:
    """Part 4, 4.1.6: the action of a call is one of its version's messages."""
    if m.framing or (m.version is not None and not is_readable(m.version)) or str(m.action).endswith("-Signed"):
        return None  # signed messages (part 4, 7.1) have names of their own
    return f"action {str(m.action)[:60]} does not exist in {m.version or 'OCPP 2.0.1 and 2.1'}" if _unknown(m) else True


@rule("OCPP-P4.R003", "sent")
def fits_its_schema(s: Station, m: Message) -> bool | str | None:
    """Part 4, 4.1.2 and 4.1.7: a payload fits the schema of its message."""
    if m.framing or m.action is None or m.type == CALLERROR or _unknown(m):
        return None
    what = "request" if m.type == CALL else "response" if m.type == CALLRESULT else "message"
    return f"{m.action} {what}: {'; '.join(m.faults[:3])}" if m.faults else True


@rule("OCPP-P4.R004", "call:*")
def message_id_is_new(s: Station, m: Message) -> bool | str | None:
    """Part 4, 4.1.4: a message id is used for one call, and for its retries."""
    if m.remark != Remark.REUSED:
        return True
    tx, number = s.transaction(m), number_of(m)
    if tx is not None and tx.seq_no is not None and number is not None and number <= tx.seq_no:
        return None  # sent again, and marked offline meanwhile (E11.FR.07)
    return f"{m.action} has a message id that was used for another message before"


@rule("OCPP-P4.R005", "answer:*", "asked:*")
def answers_what_was_asked(s: Station, m: Message) -> bool | str | None:
    """Part 4, 4.1.4: an answer has the id of a call that was not answered yet."""
    if m.is_call:
        if m.remark is not None:
            s.note("P4.R005 again")[m.id] = True  # asked again under its id, it is answered again
        return None
    if m.remark == Remark.DUPLICATE:
        return None if m.id in s.note("P4.R005 again") else f"a second answer to the same {m.action or 'call'}"
    if m.remark == Remark.UNASKED:
        return _answers_nothing(s)
    return True if m.call is not None else None


@rule("OCPP-P4.R006", "call:*")
def one_call_at_a_time(s: Station, m: Message) -> bool | str | Debt | None:
    """Part 4, 4.1.1: no call before the one before it was answered or given up."""
    if m.remark == Remark.RETRY:
        return None
    since = m.t_ns - int(s.limits["soon"] * 1e9)
    for call in s.open_calls[STATION].values():
        if call.connection == m.connection and call.t_ns > since and not call.framing and call.id != m.id:
            seen = f"{m.action} was sent while {call.action} waited for its answer"
            return seen if s.tells_answers_of(CSMS) else _if_answered(s, call, seen, s.limits["soon"])
    return True if s.tells_answers_of(CSMS) else None


def _if_answered(s: Station, call: Message, seen: str, within_s: float) -> Debt:
    """What is wrong once the call's answer is seen: only then the log is known to tell answers."""

    def was_answered(x: Message) -> str | None:
        answered = s.tells_answers_of(CSMS) and call.id not in s.open_calls[STATION]
        return seen if answered and x.connection == call.connection else None

    return Debt("", within_s, lambda _: False, was_answered)


@rule("OCPP-P4.R007", "asked:*")
def every_call_is_answered(s: Station, m: Message) -> Debt | None:
    """Part 2, FR.02 and FR.03: each request is answered."""
    if m.framing or m.remark is not None or m.faults or s.reset is not None or not s.tells_answers_of(STATION):
        return None
    return Debt(f"{m.action} was never answered", s.limits["answered"], lambda answer: answer.call is m)


@rule("OCPP-P4.R008", "answer:*")
def valid_requests_are_not_called_invalid(s: Station, m: Message) -> bool | str | None:
    """Part 2, FR.02: a valid request gets a result, not an error that calls it malformed."""
    if m.call is None or m.call.faults or _unknown(m.call) or m.call.remark is not None:
        return None
    wrong = m.type == CALLERROR and m.error_code in _WRONG_OF_VALID and m.action not in _MAY_BE_TOO_LONG
    return f"a valid {m.action} was answered {m.error_code}" if wrong else True


@rule("OCPP-P4.R009", "answer:*")
def unknown_actions_are_not_implemented(s: Station, m: Message) -> bool | str | None:
    """Part 4, 4.3: a request with an action that nobody knows is answered NotImplemented."""
    if m.call is None or m.call.framing or not _unknown(m.call) or m.error_code == "SecurityError":
        return None
    if m.type == CALLERROR and m.error_code in ("NotImplemented", "NotSupported"):
        return True
    return f"the unknown action {str(m.action)[:60]} was answered with {m.error_code or 'a result'}"


@rule("OCPP-P4.R010", "answer:*")
def malformed_requests_get_an_error(s: Station, m: Message) -> bool | str | None:
    """Part 2, FR.03; part 4, 4.1.7: a request that lacks a field or has one of a wrong type gets a CALLERROR."""
    if m.call is None or _unknown(m.call) or not any(_INVALID.search(fault) for fault in m.call.faults):
        return None  # of what else does not fit its schema, part 4, 4.1.2 says that it may be refused
    return True if m.type == CALLERROR else f"a malformed {m.action} was answered with a result"


@rule("OCPP-P4.R012", "sent")
def times_have_three_decimals(s: Station, m: Message) -> bool | str | None:
    """Part 2, 3.1: a time has at most three decimals of a second."""
    times = _times(m)
    if not times:
        return None
    longest = max([len(decimals) for decimals, _ in times]) - 1
    return f"{m.action} has a time with {longest} decimals" if longest > 3 else True


@rule("OCPP-P4.R013", "sent")
def times_name_their_zone(s: Station, m: Message) -> bool | str | None:
    """Part 2, 3.1 and RFC 3339: a time names its zone."""
    times = _times(m)
    if not times:
        return None
    return True if all(zone for _, zone in times) else f"{m.action} has a time that names no zone"


@rule("OCPP-P4.R014", "answer:*")
def answers_over_the_same_connection(s: Station, m: Message) -> bool | str | None:
    """Part 4, 4.1.1: a call is answered over the connection by which it came."""
    if m.call is None or not s.connections_known:
        return None
    return f"{m.action} was answered over another connection" if m.remark == Remark.ELSEWHERE else True


@rule("OCPP-P4.R015", "sent")
def speaks_the_agreed_version(s: Station, m: Message) -> bool | str | None:
    """Part 4, 3.3: a connection keeps to the version that was agreed; CALLRESULTERROR and SEND are of 2.1."""
    if m.version != V201 or m.type is None:
        return None
    return True if m.type in (CALL, CALLRESULT, CALLERROR) else f"message type {m.type} over OCPP 2.0.1"

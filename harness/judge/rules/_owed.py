"""Duties that several use cases share: a report that was promised, its numbers and its request."""

from __future__ import annotations

from typing import Any, NamedTuple

from harness.judge.rules._message import Message
from harness.judge.rules._read import part, told_at_s
from harness.judge.rules._registry import Debt, Passed
from harness.judge.rules._station import ACCEPTED, STOPS, UNANSWERED, Station, Transaction

LASTING = frozenset(("UpdateFirmware", "PublishFirmware", "GetLog"))  # what they begin may outlive a boot
_IN_ROWS = frozenset(
    (
        *("NotifyReport", "NotifyMonitoringReport", "ReportChargingProfiles", "NotifyCustomerInformation"),
        *("StatusNotification", "NotifyEvent", "NotifyDisplayMessages", "ReportDERControl"),
    )
)
_CAUSED_BY = {"Reset": ("ResetCommand",), "UnlockConnector": ("UnlockCommand",)}


class _Part(NamedTuple):
    number: int
    more: bool
    connection: int
    content: int


def report_owed(s: Station, m: Message, action: str, *requests: str) -> Debt | None:
    """The next part of a report: the first one after an accepted request, another one after each with `tbc`."""
    asked, within_s = m.asked if m.is_result else m.payload, s.limits["part"]
    identity, owes = asked.get("requestId"), m.status == "Accepted" and m.call is not None
    if m.action == action:
        known = any(s.requests.get((request, identity)) == "Accepted" for request in requests)
        owes = bool(m.payload.get("tbc")) and known

    def is_part(later: Message) -> bool:
        return later.action == action and later.is_call and later.payload.get("requestId") == identity

    what = "the rest of " if m.action == action else f"it accepted {m.action}, and "
    seen = f"{what}{action} for request {identity} did not come within {within_s:g} s"
    ends, over = (lambda x: x.action == "BootNotification"), passed_over(s)
    return Debt(seen, within_s, is_part, ends_by=ends, passed=over) if owes else None


def passed_over(s: Station) -> Passed | None:
    """Where its row says so: what else it sends of now, so many calls (`others`) and so long (`meanwhile`). Reports and
    states come in rows, of as many as it has connectors and variables, and show nothing."""
    if "others" not in s.limits:
        return None
    return Passed(int(s.limits["others"]), s.limits["meanwhile"], lambda x: x.action not in _IN_ROWS)


def was_requested(s: Station, m: Message, *requests: str) -> bool | str | None:
    """Whether a report's requestId is one that was asked for.

    Unknown where the request may have been made before the log began: what was begun before a reconnection goes on, so
    either the station's boot was seen, or (for what outlives a boot, `LASTING`) an earlier request of its kind.
    """
    identity: Any = m.payload.get("requestId")
    answered = [s.requests.get((request, identity)) for request in requests]
    if any(status in ACCEPTED for status in answered):
        return True
    if UNANSWERED in answered:
        return None
    if any(status is not None for status in answered):
        return f"{m.action} for request {identity}, which it had answered {next(a for a in answered if a)}"
    before = any(request in requests and status in ACCEPTED for (request, _), status in s.requests.items())
    if not before and (LASTING.intersection(requests) or not (s.from_start and s.booted)):
        return None
    return f"{m.action} for request {identity}, which nobody made"


def parts_are_numbered(s: Station, m: Message) -> bool | str | None:
    """Whether the parts of a report are numbered from 0 by ones; unknown where parts may have been lost."""
    number, kept, key = m.payload.get("seqNo"), s.note(f"parts of {m.action}"), m.payload.get("requestId")
    if not isinstance(number, int) or m.remark is not None:
        return None
    before: _Part | None = kept.get(key)
    kept[key] = _Part(number, bool(m.payload.get("tbc")), m.connection, content_of(m))
    if before is not None and (before.content == kept[key].content or before.connection != m.connection):
        return None  # sent again, or what came between them was lost with the line
    if before is None and number > 0 and not (s.from_start and s.booted):
        return None
    wanted = before.number + 1 if before is not None and before.more else 0
    return True if number == wanted else f"{m.action}: part {number} came where part {wanted} was due"


def is_supported(s: Station, m: Message) -> bool | str | None:
    """Whether what every station has to support is answered at all, and not with an error that says it cannot."""
    if m.call is None or not (m.is_result or m.error_code in ("NotSupported", "NotImplemented")):
        return None
    if m.is_result:
        return True
    if m.call.faults or s.registration == "Rejected":
        return None  # told to keep away, it owes another error (B03.FR.08)
    return f"it answered {m.action} with the error {m.error_code}"


def content_of(m: Message) -> int:
    """A number by which a report's part that is sent again is known; its length and first items will do."""
    seen = [(len(v), v[:1]) if isinstance(v, list) else (k, v) for k, v in m.payload.items() if k != "generatedAt"]
    return hash(str(seen))


def still_ran(s: Station, m: Message, seen: str, *running: Transaction) -> Debt:
    """What is wrong if transactions still ran when `m` was said: the end of one, or of its authorization, may have been
    on its way. Its time by the station's clock tells, and so does what the station says or does later."""
    ids, ahead_s, crossing_s = {tx.id for tx in running}, s.ahead_s or 0.0, s.limits["crossing"]

    def happened_before(x: Message) -> bool:
        at = told_at_s(x)
        return at is None or m.utc_ns is None or at - ahead_s <= m.utc_ns / 1e9 + crossing_s

    def is_of_one(x: Message) -> bool:
        return x.is_call and part(x.payload, "transactionInfo", "transactionId") in ids

    def ran(x: Message) -> str | None:
        stopped = x.action == "RequestStopTransaction" and x.call is not None and x.status == "Accepted"
        if stopped and x.asked.get("transactionId") in ids and x.call is not None and x.call.t_ns >= m.t_ns:
            return seen  # asked later, it said so itself
        caused = x.payload.get("triggerReason") in _CAUSED_BY.get(m.action or "", ())
        return seen if is_of_one(x) and (caused or not happened_before(x)) else None

    def had_ended(x: Message) -> bool:
        return is_of_one(x) and (x.payload.get("eventType") == "Ended" or x.payload.get("triggerReason") in STOPS)

    return Debt(seen, s.limits["ends"], lambda x: False, ran, had_ended, survives=True)


def wants_register(s: Station, list_of: str) -> bool:
    """Whether one of the station's lists of sampled measurands names the register, which every meter has."""
    wanted = s.variables.get(f"sampleddatactrlr.{list_of}", "")
    switched_on = s.variables.get("sampleddatactrlr.enabled", "true").lower() == "true"
    return switched_on and "Energy.Active.Import.Register" in [each.strip() for each in wanted.split(",")]

"""OCPP Core as it shows on the wire: boot, status, transactions, variables, and whether every frame is valid."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.line._attribution import callers_of
from harness.judge.ocpp._heartbeats import keeps_the_heartbeat_interval
from harness.judge.ocpp._transactions import told_that_it_charges, transaction_ended, transaction_in_sequence
from harness.judge.ocpp._variables import (
    fitting_value_taken,
    full_report,
    known_variable_told,
    name_of,
    unfit_value_refused,
    unknown_variable_refused,
    variable_set_and_read_back,
)
from harness.trace import Event, OcppMessage, Trace, exchanges, faulty_messages, messages

__all__ = [
    "boots_in_order",
    "connector_states",
    "every_frame_valid",
    "fitting_value_taken",
    "full_report",
    "is_its_connections_beginning",
    "keeps_the_heartbeat_interval",
    "known_variable_told",
    "reports_status",
    "reports_status_once_accepted",
    "told_that_it_charges",
    "transaction_ended",
    "transaction_in_sequence",
    "unfit_value_refused",
    "unknown_variable_refused",
    "variable_set_and_read_back",
]

_CALL = 2


@judge("core_ocpp.boots_in_order")
def boots_in_order(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` (a reset or a first connection) it announces itself first, and then waits to be accepted.

    On the connection from before a reset it may still say goodbye (B11.FR.03, B12): only connections opened after
    `since` count. `reasons`, if given, are the boot reasons that fit what happened. While its boot is answered Pending
    or Rejected it asks again, at most `early` seconds before the interval is over (B02.FR.04), and still says nothing
    else (B02.FR.02).
    An accepted Reset after which it stays connected for `boot_s` seconds, if given, was none (B11.FR.03).
    """
    reasons: list[str] = claim.params.get("reasons", [])
    why = f" with reason {' or '.join(reasons)}" if reasons else ""
    expected = f"it connects again, sends a BootNotification{why} first, and nothing else until it was accepted"
    clause = "OCPP 2.0.1 B01.FR.03, B01.FR.08, B01.FR.09; B02.FR.02, B02.FR.04, B02.FR.08"
    part = trace.after(claim.params.get("since", -1)).up_to(claim.seq)
    asked = exchanges(part, direction="in")
    boots = [e for e in asked if e.call.action == "BootNotification"]
    fresh = {e.data.get("conn") for e in part.of("ocpp.connection") if e.data.get("state") == "open"}
    # one sent before it answered the Reset belongs to the connection's beginning, not to the reset
    answered_at = _reset_answered(part)
    boots = [e for e in boots if e.call.event.data.get("conn") in fresh or e.call.event.seq > answered_at]
    if any(e.call.event.data.get("conn") in fresh for e in boots):  # so does one that crossed the answer
        begun = max(answered_at, claim.params.get("since", -1))
        boots = [e for e in boots if not is_its_connections_beginning(trace, e.call.event, begun)]
    if not boots:
        spoke = [e.call for e in asked if e.call.event.data.get("conn") in fresh]
        if spoke:
            seen = f"connected again, it sent {spoke[0].action} and no BootNotification"
            return holds(False, expected, seen, spoke[0].event, spoke[-1].event, clause=clause)
        if (answer := _never_reset(trace, part, claim)) is not None:
            seen = f"it accepted the reset, and stayed connected without booting for {claim.params['boot_s']:g} s"
            return holds(False, expected, seen, answer.event, clause=f"{clause}; B11.FR.03, B11.FR.04")
        return unseen(expected, f"no BootNotification was seen{_refused(part)}", acted="dut", clause=clause)
    boot, said = boots[0], boots[0].call.event
    # a lost connection may have eaten the first answer
    answer = next((e.answer for e in boots if e.answer is not None and not _has_it_wait(e.answer)), None)
    if said.data.get("conn") not in fresh and _was_open_before(trace, said, claim.params.get("since", -1)):
        return holds(False, expected, "it announced itself without connecting again", said, clause=clause)
    others = [e.call for e in asked if e.call.event.data.get("conn") in fresh and e.call.action != "BootNotification"]
    if early := [m for m in others if m.event.seq < said.seq]:
        return holds(False, expected, f"it sent {early[0].action} first", early[0].event, said, clause=clause)
    answered = answer.event.seq if answer is not None else claim.seq
    if hasty := [m for m in others if m.event.seq < answered]:
        before = (
            "it was accepted" if any(_has_it_wait(e.answer) for e in boots) else "its BootNotification was answered"
        )
        return holds(False, expected, f"it sent {hasty[0].action} before {before}", said, hasty[0].event, clause=clause)
    for told, again in pairwise(boots):
        if (wait_s := _has_it_wait(told.answer)) and told.answer is not None:
            after_s = (again.call.event.t_ns - told.answer.event.t_ns) / 1e9
            if after_s < wait_s - limits["early"].value:
                seen = f"told to wait {wait_s:g} s, it asked again after {after_s:.1f} s"
                return holds(False, expected, seen, told.answer.event, again.call.event, clause=clause)
    if answer is None and any(_has_it_wait(e.answer) for e in boots):
        seen = "told to wait, it did not ask again while we watched"
        return unseen(expected, seen, acted="dut", clause=clause)
    station = boot.call.payload.get("chargingStation") or {}
    missing = [k for k in ("vendorName", "model") if not station.get(k)]
    if missing or not boot.call.valid:
        return holds(
            False, expected, f"the boot lacks {', '.join(missing) or boot.call.errors[0]}", said, clause=clause
        )
    seen = f"{station['vendorName']} {station['model']}, reason {boot.call.payload.get('reason')}"
    fits = not reasons or boot.call.payload.get("reason") in reasons
    return holds(fits, expected, seen, said, clause=clause)


def _reset_answered(part: Trace) -> int:
    """The number of the event in which the first Reset of this part was answered, or of its call; -1 without one."""
    reset = next((e for e in exchanges(part, direction="out") if e.call.action == "Reset"), None)
    if reset is None:
        return -1
    return (reset.answer or reset.call).event.seq


def _refused(part: Trace) -> str:
    """How the Reset of this part was refused, for a sentence; "" without one, or where it was accepted."""
    answers = [e.answer for e in exchanges(part, direction="out") if e.call.action == "Reset" and e.answer is not None]
    said = [str(a.payload.get("status") or a.error_code) for a in answers]
    return f": it answered the Reset with {said[0]}" if said and said[0] not in ("Accepted", "Scheduled") else ""


def _never_reset(trace: Trace, part: Trace, claim: Claim) -> OcppMessage | None:
    """The answer that accepted a Reset, where the connection then stood for `boot_s` seconds without a break."""
    answers = [e.answer for e in exchanges(part, direction="out") if e.call.action == "Reset"]
    accepted = next((a for a in answers if a is not None and a.payload.get("status") == "Accepted"), None)
    if accepted is None or "boot_s" not in claim.params:
        return None
    closed = (e for e in part.of("ocpp.connection") if e.data.get("state") == "closed")
    broke = any(callers_of(trace).was_connected(e) for e in closed)
    watched_s = (part.by_seq(claim.seq).t_ns - accepted.event.t_ns) / 1e9
    return None if broke or watched_s < float(claim.params["boot_s"]) else accepted


def _has_it_wait(answer: OcppMessage | None) -> float:
    """The seconds that an answer Pending or Rejected has it wait; 0 for one that accepts, or leaves the time to it."""
    if answer is None or answer.payload.get("status") not in ("Pending", "Rejected"):
        return 0.0
    interval = answer.payload.get("interval")
    return float(interval) if isinstance(interval, int | float) else 0.0


def _was_open_before(trace: Trace, said: Event, since: int) -> bool:
    """Whether the connection that `said` came by was there before event `since`."""
    wire = trace.of("ocpp.connection", "ocpp.frame").up_to(since - 1)
    return any(e.data.get("conn") == said.data.get("conn") for e in reversed(wire))


def is_its_connections_beginning(events: Iterable[Event], said: Event, since: int) -> bool:
    """Whether `said`, a BootNotification, is the first one over a connection that was there before event `since`.

    It began that connection, and only crossed what was asked: no answer to a reset that came meanwhile.
    """
    before = [e for e in events if e.seq < said.seq and e.data.get("conn") == said.data.get("conn")]
    told = any(e.data.get("action") == "BootNotification" and e.data.get("dir") == "in" for e in before)
    return not told and any(e.seq < since and e.kind in ("ocpp.connection", "ocpp.frame") for e in before)


@judge("core_ocpp.reports_status")
def reports_status(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The states in `states` (Available, Occupied …) were reported for `evse_id`, in this order, since event `since`.

    2.0.1 reports with StatusNotification (G01); 2.1 may use NotifyEvent on Connector.AvailabilityState instead.
    """
    wanted: list[str] = list(claim.params["states"])
    evse = int(claim.params["evse_id"])
    expected = f"it reports its connector as {', then '.join(wanted)}"
    clause = "OCPP 2.0.1 B01.FR.05, G01.FR.03, G01.FR.04"
    states = _states(trace.after(claim.params.get("since", -1)).up_to(claim.seq), evse)
    position, evidence = 0, []
    for state, event in states:
        if position < len(wanted) and state == wanted[position]:
            position += 1
            evidence.append(event)
    said = ", ".join(s for s, _ in states) or "nothing"
    return holds(position == len(wanted), expected, f"it reported {said}", *evidence, clause=clause)


@judge("core_ocpp.reports_status_once_accepted")
def reports_status_once_accepted(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """As `reports_status`, owed to a boot (B01.FR.05): where none was accepted since `since`, nothing is shown."""
    part = trace.after(claim.params.get("since", -1)).up_to(claim.seq)
    boots = [e.answer for e in exchanges(part, direction="in") if e.call.action == "BootNotification"]
    if not any(answer is not None and answer.payload.get("status") == "Accepted" for answer in boots):
        expected = "accepted after a start, it reports its connectors"
        seen = f"no boot of it was accepted{_refused(part)}"
        return unseen(expected, seen, acted="dut", clause="OCPP 2.0.1 B01.FR.05")
    return reports_status(trace, claim, limits)


def _states(trace: Trace, evse: int) -> list[tuple[str, Event]]:
    return [(state, m.event) for m in messages(trace, direction="in") for state in connector_states(m, evse)]


def connector_states(message: OcppMessage, evse: int) -> list[str]:
    """The connector states of this EVSE that a StatusNotification or NotifyEvent tells, in order."""
    if message.action == "StatusNotification" and message.type == _CALL and message.payload.get("evseId") == evse:
        return [str(message.payload.get("connectorStatus"))]
    if message.action != "NotifyEvent":
        return []
    states = []
    for data in message.payload.get("eventData", []):
        component = data.get("component") or {}
        at = (component.get("evse") or {}).get("id")
        if name_of(data) == "connector.availabilitystate" and at == evse:
            states.append(str(data.get("actualValue")))
    return states


@judge("core_ocpp.every_frame_valid", whole=True)
def every_frame_valid(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every frame the DUT sent in this campaign is well-formed, fits its schema and answers what was asked, once.

    All of that is read from the octets in the trace, whatever their recorder thought of them. A CALL that comes again
    with its id is a retry, which Part 4, 4.1.4 allows (2.1, and erratum 4.6 to 2.0.1).
    """
    expected = "every message it sends is valid OCPP"
    mine, bad = messages(trace, direction="in"), faulty_messages(trace, direction="in")
    if not mine:
        return unseen(expected, "it sent nothing", acted="dut")
    if not bad:
        return holds(True, expected, f"{len(mine)} messages, all valid", mine[-1].event, clause="OCPP-J Part 4")
    first = bad[0]
    seen = f"{len(bad)} of {len(mine)} messages; the first: {first.action or 'a frame'}: {'; '.join(first.errors)}"
    return holds(False, expected, seen, *(m.event for m in bad[:5]), clause="OCPP-J Part 4")

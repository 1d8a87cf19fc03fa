"""ISO 15118-20 sessions: the service and control mode asked for, power to the grid, within the car's limits."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, within
from harness.judge.line._tls_versions import is_new
from harness.judge.line._tls_versions import named as tls_named
from harness.judge.power._follow import just_before
from harness.judge.v2g._v2g_amperes import within_the_cars_amperes
from harness.judge.v2g._v2g_certificate import certificate_in_date
from harness.judge.v2g._v2g_ends import distrusts_the_car, lost_in_the_loop, unheard_notification, what_it_allowed
from harness.judge.v2g._v2g_limits import within_the_cars_limits
from harness.judge.v2g._v2g_messages import body, named, session_messages, sessions
from harness.judge.v2g._v2g_needs import needs_fault
from harness.trace import Event, Trace, alert_sent, messages

__all__ = [
    "certificate_in_date",
    "discharges",
    "tells_the_backend",
    "tls_1_3",
    "within_the_cars_amperes",
    "within_the_cars_limits",
]

_NO_TLS = 0x10  # the security byte of SDP
_SERVICES = {"AC": 1, "DC": 2, "AC_BPT": 5, "DC_BPT": 6}  # ISO 15118-20 Table 204
_CONTROL_MODES = {"Scheduled": 1, "Dynamic": 2}  # ISO 15118-20, parameter ControlMode


@judge("v2g.discharges", reads=("meter",))
def discharges(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A session with `service` and `control` ran without a failed answer, and power flowed to the grid meanwhile.

    Power to the grid is what the meter saw beyond `export` for at least `for_s` seconds.
    """
    service, control = str(claim.params["service"]), str(claim.params["control"])
    floor = limits["export"]
    expected = f"the car discharges to the grid in a {service} session with {control.lower()} control"
    clause = "ISO 15118-20:2022, bidirectional power transfer"
    events = session_messages(trace, claim)
    if not events:
        return unseen(expected, "no ISO 15118-20 session took place", acted="dut", clause=clause)
    failed = [e for e in events if str(body(e).get("ResponseCode", "")).startswith("FAILED")]
    if failed:
        seen = f"{failed[0].data['name']} was answered {body(failed[0])['ResponseCode']}"
        before = [e for e in named(events, "ChargeLoopRes") if e.seq < failed[0].seq]
        if wish := unheard_notification(before):
            return unseen(expected, f"{seen}; it had asked for {wish}, which our car does not follow", acted="ev")
        return holds(False, expected, seen, failed[0], clause=clause)
    chosen, loops = named(events, "ServiceSelectionReq"), named(events, "ChargeLoopRes")
    if not chosen or not loops:
        return _broken_off(trace, events, service, control, expected, clause)
    selected = (body(chosen[-1]).get("SelectedEnergyTransferService") or {}).get("ServiceID")
    modes = [next((k for k in body(loop) if "CLResControlMode" in k), "none") for loop in loops]
    if selected != _SERVICES[service]:
        return unseen(expected, f"our car chose service {selected}", acted="ev", clause=clause)
    if other := next((m for m in modes if control not in m or "BPT" not in m), None):
        return holds(False, expected, f"it answered with {other}", chosen[-1], loops[-1], clause=clause)
    if lost := lost_in_the_loop(trace, events, claim.seq, limits["message"]):
        return holds(False, expected, lost[1], chosen[-1], lost[0], clause=clause)
    every = series(trace, "p_w")
    points = within(every, loops[0].t_ns, loops[-1].t_ns)
    exporting = [p for p in points if p.value + p.uncertainty < -floor.value]
    longest_s = _longest_run_s(points, exporting)
    if longest_s < float(claim.params.get("for_s", 1.0)):
        seen = f"power flowed to the grid for {longest_s:.1f} s only{what_it_allowed(loops)}"
        if not points or longest_gap_s(points, loops[0].t_ns, loops[-1].t_ns) > MOST_GAP_S:
            return unseen(expected, f"{seen}, but the meter was silent for a while", acted="bench.meter", clause=clause)
        if wish := unheard_notification(loops):
            return unseen(expected, f"{seen}; it asked for {wish}, which our car does not follow", acted="ev")
        return holds(False, expected, seen, chosen[-1], loops[-1], clause=clause)
    if exporting[0] is points[0] and any(p.value < -floor.value for p in just_before(every, loops[0].t_ns)):
        return unseen(expected, "power flowed to the grid before the charge loop had begun", acted="bench.meter")
    most = min(exporting, key=lambda p: p.value)
    seen = f"{len(loops)} charge loops; {-most.value:.0f} W to the grid, {longest_s:.1f} s without a break"
    return found(Verdict.PASS, expected, seen, chosen[-1], loops[-1], trace.by_seq(most.seq), clause=clause)


def _broken_off(trace: Trace, events: list[Event], service: str, control: str, expected: str, clause: str) -> Finding:
    """A session that never reached the charge loop: the charger's doing, unless it had answered and the car stopped."""
    last = events[-1]
    name = str(last.data.get("name"))
    seen = f"the session got no further than {name}"
    if distrust := distrusts_the_car(trace, events):
        return found(Verdict.INCONCLUSIVE, expected, distrust[1], distrust[0], acted="ev", clause=clause)
    if name == "supportedAppProtocolRes" and str(body(last).get("ResponseCode")).startswith("Failed"):
        seen = f"it takes no ISO 15118-20 for {service[:2]}: {body(last)['ResponseCode']}"
        return holds(False, expected, seen, last, clause=clause)
    offers = named(events, "ServiceDiscoveryRes")
    if offers and not (named(events, "ServiceSelectionReq")):
        listed = (body(offers[-1]).get("EnergyTransferServiceList") or {}).get("Service") or []
        ids = [s.get("ServiceID") for s in (listed if isinstance(listed, list) else [listed]) if isinstance(s, dict)]
        if _SERVICES[service] not in ids:
            seen = f"it offers services {ids}, not {service} ({_SERVICES[service]})"
            return holds(False, expected, seen, offers[-1], clause=clause)
    details = [e for e in named(events, "ServiceDetailRes") if body(e).get("ServiceID") == _SERVICES[service]]
    if details and not named(events, "ServiceSelectionReq"):
        modes = _control_modes(body(details[-1]))
        if modes and _CONTROL_MODES[control] not in modes:
            seen = f"it offers {service} with control modes {sorted(modes)}, not {control} ({_CONTROL_MODES[control]})"
            return holds(False, expected, seen, details[-1], clause=clause)
    if last.data.get("dir") == "in" and "Ongoing" not in str(body(last).get("EVSEProcessing", "")):
        return found(Verdict.INCONCLUSIVE, expected, f"{seen}, where our car stopped", last, acted="ev", clause=clause)
    return holds(False, expected, seen, last, clause=clause)


def _control_modes(detail: dict[str, Any]) -> set[int]:
    """The values of ControlMode in the parameter sets of a ServiceDetailRes."""
    sets = (detail.get("ServiceParameterList") or {}).get("ParameterSet") or []
    parameters = [p for each in (sets if isinstance(sets, list) else [sets]) for p in each.get("Parameter") or []]
    return {p["intValue"] for p in parameters if p.get("Name") == "ControlMode" and "intValue" in p}


def _longest_run_s(points: list[Point], inside: list[Point]) -> float:
    """For how long without a break, and without a silence of the meter, the readings were among `inside`."""
    wanted = {p.seq for p in inside}
    best_ns = start_ns = before_ns = 0
    for p in points:
        if p.seq in wanted:
            if not before_ns or p.t_ns - before_ns > MOST_GAP_S * 1e9:
                start_ns = p.t_ns
            before_ns = p.t_ns
            best_ns = max(best_ns, p.t_ns - start_ns)
        else:
            before_ns = 0
    return best_ns / 1e9


@judge("v2g.tls_1_3")
def tls_1_3(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every connection that carried an ISO 15118-20 session ran TLS 1.3 (`least_tls`), as read at the socket."""
    least = limits["least_tls"]
    expected = f"the session is encrypted with {tls_named(least)} or newer"
    clause = "ISO 15118-20:2022, TLS 1.3 for every session"
    since = int(claim.params.get("since", -1))
    held = sessions(trace, claim)
    numbers = [events[0].data.get("session") for events in held]
    if not numbers and (refusals := _denials_of_tls(trace, since, claim.seq)):
        return holds(False, expected, refusals[0][1], *(e for e, _ in refusals[:3]), clause=clause)
    if not numbers:
        return unseen(expected, "no ISO 15118-20 session took place", acted="dut", clause=clause)
    seen = ""
    for number in numbers:
        lines = trace.of("v2g.connection").after(since).up_to(claim.seq)
        of_it = [e for e in lines if e.data.get("session") == number]
        secured = [e for e in of_it if e.data.get("what") == "tls" and e.data.get("tls")]
        if not of_it:
            return unseen(expected, f"how session {number} was connected was not recorded", acted="ev", clause=clause)
        if not secured:
            asked = [e.data.get("security") for e in of_it if e.data.get("state") == "asked"]
            if asked and all(byte == _NO_TLS for byte in asked):
                return unseen(expected, "our car asked for a session without TLS", acted="ev", clause=clause)
            return holds(False, expected, "the session ran without TLS", *of_it[:2], clause=clause)
        tls = secured[-1].data["tls"]
        seen = f"{tls.get('version')}, {tls.get('cipher')}"
        if not is_new(tls.get("version"), least):
            return holds(False, expected, seen, secured[-1], clause=clause)
    if not any(named(events, "SessionSetupRes") for events in held):
        return unseen(expected, f"{seen}, but no ISO 15118-20 session began over it", acted="dut", clause=clause)
    return holds(True, expected, seen, secured[-1], clause=clause)


def _denials_of_tls(trace: Trace, since: int, until: int) -> list[tuple[Event, str]]:
    """Where the charger itself said that it has no TLS, or none of version 1.3: other failures may be the bench's."""
    found_: list[tuple[Event, str]] = []
    for event in trace.of("v2g.connection").after(since).up_to(until):
        if event.data.get("what") == "sdp" and event.data.get("state") == "answered":
            if event.data.get("security") == _NO_TLS:
                found_.append((event, "asked for a connection with TLS, the charger offered one without"))
        elif event.data.get("what") == "tls" and alert_sent(event) == "protocol_version":
            found_.append((event, "the charger turned TLS 1.3 away: protocol_version"))
    return found_


@judge("v2g.tells_the_backend")
def tells_the_backend(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """During the session the charger told the backend what the car needs (NotifyEVChargingNeeds), as the car put it."""
    expected = "the charger passes the car's needs on to the backend"
    clause = "OCPP 2.0.1 K15.FR.01; OCPP 2.1 K18.FR.01, K19.FR.01"
    events = session_messages(trace, claim)
    if not events:
        return unseen(expected, "no ISO 15118 session took place", acted="dut", clause=clause)
    told = [
        m
        for m in messages(trace.after(events[0].seq), action="NotifyEVChargingNeeds", direction="in")
        if m.type == 2 and m.event.seq <= claim.seq
    ]
    if not told and not (named(events, "ScheduleExchangeReq") or named(events, "ChargeParameterDiscoveryReq")):
        return unseen(expected, "the car never got to say what it needs", acted="dut", clause=clause)
    if not told:
        return holds(False, expected, "no NotifyEVChargingNeeds came", events[0], events[-1], clause=clause)
    needs = told[0].payload.get("chargingNeeds") or {}
    if isinstance(needs, dict) and (fault := needs_fault(needs, [e for e in events if e.seq <= claim.seq])):
        return holds(False, expected, fault, told[0].event, clause=clause)
    return holds(
        told[0].valid, expected, f"requested {needs.get('requestedEnergyTransfer')}", told[0].event, clause=clause
    )

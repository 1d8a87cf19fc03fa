"""ISO 15118-20 sessions: the service and control mode asked for, power to the grid, within the car's limits."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, ResolvedLimit, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import series, within
from harness.trace import Event, Trace
from requirement_catalog import Sense

_NO_TLS = 0x10  # the security byte of SDP
_SERVICES = {"AC": 1, "DC": 2, "AC_BPT": 5, "DC_BPT": 6}  # ISO 15118-20 Table 204


def session_messages(trace: Trace, claim: Claim) -> list[Event]:
    """The V2G messages between event `since` and the claim, of the newest session in them."""
    since = int(claim.params.get("since", -1))
    mine = [e for e in trace if e.kind == "v2g.message" and since < e.seq <= claim.seq]
    return [e for e in mine if e.data.get("session") == mine[-1].data.get("session")] if mine else []


def body(event: Event) -> dict[str, Any]:
    """A message's content, with or without its outer name."""
    payload = event.data.get("payload") or {}
    inner = payload.get(event.data.get("name"))
    return inner if isinstance(inner, dict) else payload


def number(value: Any) -> float | None:
    """A RationalNumber, or a plain number, as float."""
    if isinstance(value, dict) and "Value" in value:
        return float(value["Value"]) * 10.0 ** int(value.get("Exponent", 0))
    return float(value) if isinstance(value, int | float) else None


@judge("v2g.discharges")
def discharges(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A session with `service` and `control` ran without a failed answer, and power flowed to the grid meanwhile.

    Power to the grid is what the meter saw beyond light.export_power for at least `for_s` seconds.
    """
    service, control = str(claim.params["service"]), str(claim.params["control"])
    floor = limits["light.export_power"]
    expected = f"the car discharges to the grid in a {service} session with {control.lower()} control"
    clause = "ISO 15118-20:2022, bidirectional power transfer"
    events = session_messages(trace, claim)
    if not events:
        return unseen(expected, "no ISO 15118-20 session took place", acted="dut", clause=clause)
    failed = [e for e in events if str(body(e).get("ResponseCode", "")).startswith("FAILED")]
    if failed:
        seen = f"{failed[0].data['name']} was answered {body(failed[0])['ResponseCode']}"
        return holds(False, expected, seen, failed[0], clause=clause)
    chosen = next((e for e in events if e.data.get("name") == "ServiceSelectionReq"), None)
    loops = [e for e in events if str(e.data.get("name")).endswith("ChargeLoopRes")]
    if chosen is None or not loops:
        last = events[-1]
        return holds(False, expected, f"the session got no further than {last.data.get('name')}", last, clause=clause)
    selected = (body(chosen).get("SelectedEnergyTransferService") or {}).get("ServiceID")
    mode = next((k for k in body(loops[-1]) if "CLResControlMode" in k), "")
    if selected != _SERVICES[service] or control not in mode or "BPT" not in mode:
        seen = f"service {selected} with {mode} was run instead"
        return holds(False, expected, seen, chosen, loops[-1], clause=clause)
    points = within(series(trace, "p_w"), events[0].t_ns, events[-1].t_ns)
    exporting = [p for p in points if p.value < -floor.value]
    longest_s = _longest_run_s([p.value < -floor.value for p in points], [p.t_ns for p in points])
    if longest_s < float(claim.params.get("for_s", 1.0)):
        seen = f"power flowed to the grid for {longest_s:.1f} s only"
        return holds(False, expected, seen, chosen, loops[-1], clause=clause)
    most = min(exporting, key=lambda p: p.value)
    seen = f"{len(loops)} charge loops; {-most.value:.0f} W to the grid, {longest_s:.1f} s without a break"
    return found(Verdict.PASS, expected, seen, chosen, loops[-1], trace.by_seq(most.seq), clause=clause)


def _longest_run_s(inside: list[bool], times_ns: list[int]) -> float:
    best = start = 0
    for n, (is_in, t_ns) in enumerate(zip(inside, times_ns, strict=True)):
        if is_in:
            start = start if n and inside[n - 1] else t_ns
            best = max(best, t_ns - start)
    return best / 1e9


@judge("v2g.tls_1_3")
def tls_1_3(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every connection that carried an ISO 15118-20 session ran TLS 1.3, as read at the socket."""
    expected = "the session is encrypted with TLS 1.3"
    clause = "ISO 15118-20:2022 [V2G20-2356] and clause 7.7"
    since = int(claim.params.get("since", -1))
    sessions = {e.data.get("session") for e in session_messages(trace, claim)}
    if not sessions and (refusals := _denials_of_tls(trace, since, claim.seq)):
        return holds(False, expected, refusals[0][1], *(e for e, _ in refusals[:3]), clause=clause)
    if not sessions:
        return unseen(expected, "no ISO 15118-20 session took place", acted="dut", clause=clause)
    shakes = [
        e
        for e in trace
        if e.kind == "v2g.connection" and since < e.seq <= claim.seq and e.data.get("session") in sessions
    ]
    secured = [e for e in shakes if e.data.get("what") == "tls" and e.data.get("tls")]
    if not secured:
        return holds(False, expected, "the session ran without TLS", *shakes[:2], clause=clause)
    version = secured[-1].data["tls"].get("version")
    return holds(version == "TLSv1.3", expected, f"{version}, {secured[-1].data['tls'].get('cipher')}", secured[-1])


def _denials_of_tls(trace: Trace, since: int, until: int) -> list[tuple[Event, str]]:
    """Where the charger itself said that it has no TLS, or none of version 1.3: other failures may be the bench's."""
    found_: list[tuple[Event, str]] = []
    for event in trace:
        if event.kind != "v2g.connection" or not since < event.seq <= until:
            continue
        if event.data.get("what") == "sdp" and event.data.get("state") == "answered":
            if event.data.get("security") == _NO_TLS:
                found_.append((event, "asked for a connection with TLS, the charger offered one without"))
        elif event.data.get("what") == "tls" and "the charger sent the alert protocol_version" in str(
            event.data.get("detail")
        ):
            found_.append((event, "the charger turned TLS 1.3 away: protocol_version"))
    return found_


@judge("v2g.within_the_cars_limits")
def within_the_cars_limits(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The power at the meter never went beyond the charge and discharge power that the car declared."""
    expected = "never more power than the car declared, in either direction"
    clause = "ISO 15118-20:2022, ChargeParameterDiscovery and charge loop"
    events = session_messages(trace, claim)
    declared = next((e for e in events if str(e.data.get("name")).endswith("ChargeParameterDiscoveryReq")), None)
    loops = [e for e in events if str(e.data.get("name")).endswith("ChargeLoopRes")]
    if declared is None or not loops:
        return unseen(expected, "no session with declared limits took place", acted="dut", clause=clause)
    charge_w = _power(body(declared), "EVMaximumChargePower")
    discharge_w = _power(body(declared), "EVMaximumDischargePower")
    if charge_w is None:
        return unseen(expected, "the car declared no limit", acted="ev", clause=clause)
    points = within(series(trace, "p_w"), loops[0].t_ns, loops[-1].t_ns)
    if not points:
        return unseen(expected, "the meter gave no reading during the session", acted="bench.meter")
    tolerance_w = limits["BI-19.8"].tolerance
    verdicts = []
    for name, value, bound in (
        ("charging", max(p.value for p in points), charge_w),
        ("discharging", -min(p.value for p in points), discharge_w or 0.0),
    ):
        limit = ResolvedLimit(
            name=name, value=bound, unit="W", sense=Sense.AT_MOST, tolerance=tolerance_w, source="declared by the car"
        )
        uncertainty = max(p.uncertainty for p in points)
        verdicts.append(held_against(f"most power {name}", value, limit, uncertainty=uncertainty))
    seen = ", ".join(f"{m.value:.0f} W {m.name.split()[-1]} of {m.limit:.0f} W" for _, m in verdicts)
    order = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)
    verdict = next(v for v in order if v in [x for x, _ in verdicts])
    return found(verdict, expected, seen, declared, loops[-1], clause=clause, measurements=[m for _, m in verdicts])


def _power(content: dict[str, Any], field: str) -> float | None:
    """A declared power summed over phases, wherever the message's transfer mode holds it."""
    for value in content.values():
        if isinstance(value, dict) and field in value:
            total = number(value[field]) or 0.0
            return total + sum(number(value.get(f"{field}_{phase}")) or 0.0 for phase in ("L2", "L3"))
    return None


@judge("v2g.tells_the_backend")
def tells_the_backend(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """During the session the charger told the backend what the car needs (NotifyEVChargingNeeds)."""
    from harness.trace import messages

    expected = "the charger passes the car's needs on to the backend"
    clause = "OCPP 2.0.1 K15.FR.03; OCPP 2.1 K18.FR.03, K19.FR.03"
    events = session_messages(trace, claim)
    if not events:
        return unseen(expected, "no ISO 15118 session took place", acted="dut", clause=clause)
    told = [
        m
        for m in messages(trace.after(events[0].seq), action="NotifyEVChargingNeeds", direction="in")
        if m.type == 2 and m.event.seq <= claim.seq
    ]
    if not told:
        return holds(False, expected, "no NotifyEVChargingNeeds came", events[0], events[-1], clause=clause)
    needs = told[0].payload.get("chargingNeeds") or {}
    return holds(
        told[0].valid, expected, f"requested {needs.get('requestedEnergyTransfer')}", told[0].event, clause=clause
    )

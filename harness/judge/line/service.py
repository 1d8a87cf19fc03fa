"""Out of service and back: each connector of an EVSE goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.ocpp._variables import name_of
from harness.trace import Event, OcppMessage, Trace, messages

_CLAUSE = "OCPP 2.0.1 G03.FR.04, G03.FR.07; G04.FR.07"


@judge("service.all_back")
def all_back(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each connector of `evse_id` that was told as Unavailable after `down` is told in another state after `up`."""
    expected = "each of its connectors that was told as unavailable is told as in service again"
    down, up = int(claim.params["down"]), int(claim.params["up"])
    out: dict[object, Event] = {}
    last: dict[object, tuple[str, Event]] = {}
    for connector, state, event in _told(trace.after(down).up_to(claim.seq), int(claim.params["evse_id"])):
        if event.seq < up and state == "Unavailable":
            out[connector] = event
        last[connector] = state, event
    if not out:
        return unseen(expected, "it told of none that was unavailable", acted="dut", clause=_CLAUSE)
    left = [(connector, *last[connector]) for connector in out if last[connector][0] == "Unavailable"]
    if left:
        seen = f"connector {', '.join(str(connector) for connector, _, _ in left)} stayed unavailable"
        return holds(False, expected, seen, *(event for _, _, event in left), clause=_CLAUSE)
    return holds(True, expected, f"{len(out)} of them were", *(event for _, event in last.values()), clause=_CLAUSE)


def _told(trace: Trace, evse: int) -> Iterator[tuple[object, str, Event]]:
    """Connector, state and message of each state told of a connector of this EVSE."""
    for message in messages(trace, action=("StatusNotification", "NotifyEvent"), direction="in"):
        if message.type == 2:
            for connector, state in _states(message, evse):
                yield connector, state, message.event


def _states(message: OcppMessage, evse: int) -> Iterator[tuple[object, str]]:
    told: dict[str, Any] = message.payload
    if message.action == "StatusNotification" and told.get("evseId") == evse:
        yield told.get("connectorId"), str(told.get("connectorStatus"))
    for data in told.get("eventData") or []:
        at = (data.get("component") or {}).get("evse") or {}
        if name_of(data) == "connector.availabilitystate" and at.get("id") == evse:
            yield at.get("connectorId"), str(data.get("actualValue"))

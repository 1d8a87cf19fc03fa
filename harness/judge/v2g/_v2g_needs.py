"""What the backend was told of a car's needs, held against what the car itself said by ISO 15118-20."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.judge.v2g._v2g_messages import body, named, number
from harness.trace import Event
from requirement_catalog import own_number

# OCPP's names of a car's bounds, and the end of ISO 15118-20's (with EV or EVSE before it)
_BOUNDS = {
    "dcChargingParameters": {"evMaxPower": "MaximumChargePower", "evMaxCurrent": "MaximumChargeCurrent"},
    "v2xChargingParameters": {
        "maxChargePower": "MaximumChargePower",
        "maxDischargePower": "MaximumDischargePower",
        "maxChargeCurrent": "MaximumChargeCurrent",
        "maxDischargeCurrent": "MaximumDischargeCurrent",
    },
}
_SHARE, _UNIT = own_number("v2g.share"), own_number("v2g.unit")


def needs_fault(needs: Mapping[str, Any], session: list[Event]) -> str | None:
    """What `needs` (OCPP's ChargingNeedsType) says that the car of this session did not; None when it fits.

    A highest value lies between the car's own and the lower of car and charger, which OCPP 2.1 wants for bidirectional
    transfer. What is left out is no fault, and nothing is where the car declared nothing.
    """
    asked, answered = (named(session, f"ChargeParameterDiscovery{end}") for end in ("Req", "Res"))
    if not asked:
        return None
    family, mode = str(asked[-1].data.get("name"))[:2], str(needs.get("requestedEnergyTransfer"))
    if not mode.startswith(family):
        return f"it told of a transfer {mode}, the car asked for {family}"
    for group, fields in _BOUNDS.items():
        told = needs.get(group)
        if not isinstance(told, Mapping):
            continue
        for field, ending in fields.items():
            value = _total(told, field)
            every = [v for e in asked if (v := _declared(e, f"EV{ending}")) is not None]
            if value is None or not every:
                continue
            own = [v for e in answered if (v := _declared(e, f"EVSE{ending}")) is not None]
            low, high = min([*every, *own]) if own else 0.0, max(every)
            if not low * (1 - _SHARE) - _UNIT <= abs(value) <= high * (1 + _SHARE) + _UNIT:
                said = "/".join(f"{each:g}" for each in dict.fromkeys(every))
                return f"it told of {field} {value:g}, the car had said {said}"
    return None


def _declared(event: Event, field: str) -> float | None:
    """A bound without its sign, summed over phases, wherever the message's transfer mode holds it."""
    for value in body(event).values():
        if isinstance(value, Mapping) and (total := _total(value, field)) is not None:
            return abs(total)
    return None


def _total(holder: Mapping[str, Any], field: str) -> float | None:
    """A number with those of phases L2 and L3, where they are told apart."""
    first = number(holder.get(field))
    return None if first is None else first + sum(number(holder.get(f"{field}_{p}")) or 0.0 for p in ("L2", "L3"))

"""What the charger reports of its ratings, held against those that its profile gives: the tests were sized by these."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from harness.decision.identity._declared import name_of
from harness.judge import Reason, Verdict
from harness.plan import DeclaredRating, Plan
from harness.trace import Trace, messages
from requirement_catalog import own_number

_ROUNDING = own_number("identity.rating_rounding")
_WATTS = {"w": 1.0, "kw": 1000.0}
_AC_PHASES = (1, 2, 3)  # a DC EVSE reports 0, or what feeds it


def reasons_of_ratings(plan: Plan, trace: Trace) -> Iterator[Reason]:
    """Why the profile's ratings are not to be relied on; no fault of the charger, which may well be as it reports."""
    for line in dict.fromkeys(_differing(plan, trace)):
        yield Reason(
            criterion="",
            verdict=Verdict.INCONCLUSIVE,
            why=f"{line}, so that it is not known up to what it had to be tested",
            who="supplier",
            what="give each EVSE's rating as it is (rated_charge_w, rated_discharge_w, phases under pixit), or correct "
            "what the charger reports, and run a new campaign",
        )


def _differing(plan: Plan, trace: Trace) -> Iterator[str]:
    declared = {each.evse: each for each in plan.dut.ratings}
    for message in messages(trace, action="NotifyReport", direction="in"):
        if message.type != 2 or message.event.who == "stranger" or not isinstance(message.payload, dict):
            continue
        for item in _dicts(message.payload.get("reportData")):
            rating = declared.get(_evse_of(item))
            if rating is not None:
                yield from _of_item(rating, item)


def _of_item(rating: DeclaredRating, item: dict[str, Any]) -> Iterator[str]:
    name = name_of(item).lower()
    if name in ("evse.power", "evse.dischargepower"):
        way, watts = ("charge", rating.charge_w) if name == "evse.power" else ("discharge", rating.discharge_w)
        told_w = _most_w(item.get("variableCharacteristics"))
        if watts > 0 and told_w is not None and not math.isclose(told_w, watts, rel_tol=_ROUNDING):
            yield (
                f"EVSE {rating.evse} is declared to {way} with {watts / 1000:g} kW, and the charger reports "
                f"{told_w / 1000:g} kW there as the most (maxLimit of {name_of(item)})"
            )
    if name == "evse.supplyphases" and rating.phases in _AC_PHASES:
        for attribute in _dicts(item.get("variableAttribute")):
            told = str(attribute.get("value", "")).strip()
            if (
                attribute.get("type", "Actual") == "Actual"
                and told in map(str, _AC_PHASES)
                and int(told) != rating.phases
            ):
                yield (
                    f"EVSE {rating.evse} is declared to have {rating.phases} phases, and the charger reports {told} "
                    f"there ({name_of(item)})"
                )


def _most_w(characteristics: object) -> float | None:
    """`maxLimit` in W; None where it is not told, 0, or in what unit is not told: that is another judge's business."""
    told = characteristics if isinstance(characteristics, dict) else {}
    limit, unit = told.get("maxLimit"), str(told.get("unit", "")).strip().lower()
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or unit not in _WATTS or limit <= 0:
        return None
    return float(limit) * _WATTS[unit]


def _evse_of(item: dict[str, Any]) -> int:
    """The EVSE that an item is about as a whole; 0 where it is about another thing."""
    component = item.get("component")
    evse = component.get("evse") if isinstance(component, dict) else None
    number = evse.get("id") if isinstance(evse, dict) and evse.get("connectorId") is None else None
    return number if isinstance(number, int) else 0


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

"""The EVSEs that the charger tells of, held against those that its profile names: one left out makes no GO easier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from harness.decision.identity._declared import name_of, says
from harness.judge import Reason, Verdict
from harness.plan import DeclaredEvse, Plan
from harness.trace import Trace, messages
from requirement_catalog import Depth

_DC_CONNECTORS = frozenset({"cccs1", "cccs2", "cg105", "cgbt", "cchaoji", "oppcharge"})
_AC_CONNECTORS = frozenset({"ctype1", "ctype2", "stype2", "stype3", "sbs1361", "scee-7-7"})


class _Variable(NamedTuple):
    evse: int
    name: str  # "Component.Variable"
    value: str


def reasons_of_evses(plan: Plan, trace: Trace) -> Iterator[Reason]:
    """Why the profile's word on its EVSEs is not to be relied on."""
    told = list(_variables(trace))
    if plan.depth is Depth.THOROUGH and not plan.narrowed:
        named = {each.number for each in plan.dut.evses} or {run.conditions.evse for run in plan.runs}
        for evse in sorted((_seen(trace) | {each.evse for each in told}) - named - {0}):
            yield Reason(
                criterion="",
                verdict=Verdict.INCONCLUSIVE,
                why=f"the charger tells of EVSE {evse}, which the profile does not name and no test was run at",
                who="test engineer",
                what="name every EVSE of the charger under pixit.evses, and run a new campaign",
            )
    for line in dict.fromkeys(_contradicted(plan, told)):
        yield Reason(
            criterion="",
            verdict=Verdict.INCONCLUSIVE,
            why=f"{line}, so that it is not known what had to be tested there",
            who="supplier",
            what="declare what each EVSE has as it is (`evses` in the profile), and run a new campaign",
        )


def _contradicted(plan: Plan, told: list[_Variable]) -> Iterator[str]:
    declared = {each.number: each for each in plan.dut.evses}
    for evse, name, value in told:
        here = declared.get(evse, DeclaredEvse(number=evse))
        kinds = here.current
        found = value.strip().lower()
        kind = "DC" if found in _DC_CONNECTORS else "AC" if found in _AC_CONNECTORS else ""
        if name.lower() == "connector.connectortype" and kinds and kind and kind not in kinds:
            yield f"EVSE {evse} is declared to be for {' and '.join(kinds)}, and the charger reports {value!r} there"
        for feature in plan.features:
            denied = feature.name in here.denied
            named = name.lower() in (each.lower() for each in feature.told_by)
            if denied and named and feature.told_when is not None and says(value, feature.told_when):
                what = feature.name.replace("_", " ")
                yield f"EVSE {evse} is declared not to support {what}, and the charger reports {name} = {value!r} there"


def _seen(trace: Trace) -> set[int]:
    """The EVSEs of which a message of the charger's is about."""
    found: set[int] = set()
    for message in messages(trace, direction="in"):
        if message.type == 2 and message.event.who == "dut" and isinstance(message.payload, dict):
            at = message.payload.get("evse")
            found |= _number(message.payload.get("evseId")) | (_number(at.get("id")) if isinstance(at, dict) else set())
            for event in _dicts(message.payload.get("eventData")):
                found |= _number(_evse_of(event))
    return found


def _variables(trace: Trace) -> Iterator[_Variable]:
    """Every variable that the device model reports at an EVSE."""
    for message in messages(trace, action="NotifyReport", direction="in"):
        if message.type != 2 or message.event.who == "stranger":
            continue
        for item in _dicts(message.payload.get("reportData")):
            for evse in _number(_evse_of(item)):
                for attribute in _dicts(item.get("variableAttribute")):
                    if attribute.get("type", "Actual") == "Actual":
                        yield _Variable(evse, name_of(item), str(attribute.get("value", "")))


def _evse_of(item: dict[str, Any]) -> object:
    component = item.get("component")
    evse = component.get("evse") if isinstance(component, dict) else None
    return evse.get("id") if isinstance(evse, dict) else None


def _number(value: object) -> set[int]:
    return {value} if isinstance(value, int) and not isinstance(value, bool) and value > 0 else set()


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

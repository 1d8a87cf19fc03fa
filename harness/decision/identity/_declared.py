"""What the charger itself says, in its device model, of a feature that its supplier did not declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harness.plan import Plan, PlannedCriterion
from harness.trace import Event, Trace, messages
from requirement_catalog import evaluate

# what tells how our backend had it connect, and a switch by the standard: they say nothing of what it could do
_DENY_NOTHING = ("securityctrlr.securityprofile", "smartchargingctrlr.externalcontrolsignalsenabled")


class Reported(NamedTuple):
    """A variable ("Component.Variable") that the charger reported, and the event in which it did."""

    event: Event
    name: str
    value: str
    switch: bool = False  # it was reported as one that can be written


class DeviceModel:
    """Every "Component.Variable" that a trace reports, with the values that were told."""

    def __init__(self, trace: Trace) -> None:
        self._values: dict[str, list[tuple[str, str]]] = {}
        self._settable = set(_DENY_NOTHING)
        for _, name, value, switch in reported(trace, instances=True):
            self._values.setdefault(name.lower(), []).append((name, value))  # identifierStrings have no case
            if switch:
                self._settable.add(name.lower())

    def tells(self, told_by: tuple[str, ...], told_when: str | None) -> tuple[str, str] | None:
        """("yes" or "no", and on what that rests); None when the charger does not tell.

        A switch that is off, and what the bench itself chose, say nothing against it.
        """
        values = [found for path in told_by for found in self._values.get(path.lower(), [])]
        if told_when is None or not values:
            return None
        name, value = next(((n, v) for n, v in values if says(v, told_when)), values[-1])
        answer = "yes" if says(value, told_when) else "no"
        if answer == "no" and all(path.lower() in self._settable for path in told_by if path.lower() in self._values):
            return None
        return answer, f"the supplier did not declare it; the charger reports {name} = {value!r}"

    def of_criterion(self, planned: PlannedCriterion) -> tuple[str, str] | None:
        """What it tells of a criterion's undeclared feature."""
        if planned.declared != "undeclared":
            return None
        return self.tells(planned.told_by, planned.told_when)

    def of_expression(self, plan: Plan, expression: str) -> tuple[str, str] | None:
        """What it tells of a PICS expression that the declarations leave open; None when it stays open."""
        declared: dict[str, str] = {f.name: f.declared for f in plan.features}
        if evaluate(expression, declared).answer != "undeclared":
            return None
        told = {f.name: self.tells(f.told_by, f.told_when) for f in plan.features if f.declared == "undeclared"}
        answer, decided_by = evaluate(expression, {**declared, **_answers(told)})
        texts = [found[1] for name in decided_by if (found := told.get(name)) is not None]
        return None if answer == "undeclared" or not texts else (answer, "; ".join(texts))


def _answers(told: Mapping[str, tuple[str, str] | None]) -> dict[str, str]:
    return {name: found[0] for name, found in told.items() if found is not None}


def says(value: str, wanted: str) -> bool:
    """Whether a reported value says what a feature's `told_when` wants."""
    verb, _, what = wanted.partition(" ")
    if verb == "reported":
        return True
    if verb == "is":
        return value.strip() == what
    if verb == "contains":
        return what in value
    return value.strip().lower() == wanted.lower()


def reported(trace: Trace, *, instances: bool = False) -> Iterator[Reported]:
    """Every variable with its actual value, from NotifyReport and GetVariables; what has another shape is skipped.

    With `instances`, one that is an instance comes once more under "Component.Variable[instance]".
    """
    for told, item in _told(trace):
        yield told
        instance = item["variable"].get("instance") if isinstance(item.get("variable"), dict) else None
        if instances and instance:
            yield told._replace(name=f"{told.name}[{instance}]")


def _told(trace: Trace) -> Iterator[tuple[Reported, dict[str, Any]]]:
    for message in messages(trace, action=("NotifyReport", "GetVariables"), direction="in"):
        if message.action == "NotifyReport" and message.type == 2:
            for item in _dicts(message.payload.get("reportData")):
                for attribute in _dicts(item.get("variableAttribute")):
                    if attribute.get("type", "Actual") == "Actual" and attribute.get("value") is not None:
                        switch = attribute.get("mutability") == "ReadWrite"
                        yield Reported(message.event, name_of(item), str(attribute["value"]), switch), item
        elif message.action == "GetVariables" and message.type == 3:
            for item in _dicts(message.payload.get("getVariableResult")):
                told = item.get("attributeValue")  # without it the variable is unset, which denies nothing
                if told is not None and item.get("attributeStatus") == "Accepted" and _is_actual(item):
                    yield Reported(message.event, name_of(item), str(told)), item


def _dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a list that may be anything: the charger's schema errors are another judge's business."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _is_actual(item: dict[str, Any]) -> bool:
    return bool(item.get("attributeType", "Actual") == "Actual")


def name_of(item: dict[str, Any]) -> str:
    """ "Component.Variable" of a reported item, whatever its shape."""
    parts = (item.get("component"), item.get("variable"))
    return ".".join(str(part.get("name")) if isinstance(part, dict) else "" for part in parts)

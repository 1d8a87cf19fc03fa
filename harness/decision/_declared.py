"""What the charger itself says, in its device model, of a feature that its supplier did not declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.plan import PlannedCriterion
from harness.trace import Trace, messages


def looked_up(planned: PlannedCriterion, trace: Trace) -> tuple[str, str] | None:
    """("yes" or "no", and on what that rests) for an undeclared feature; None when the charger does not tell."""
    if planned.declared != "undeclared" or not planned.told_by or planned.told_when is None:
        return None
    wanted = {path.lower() for path in planned.told_by}  # names are identifierStrings, which have no case
    values = [(name, value) for name, value in _reported(trace) if name.lower() in wanted]
    if not values:
        return None
    name, value = next(((n, v) for n, v in values if _says(v, planned.told_when)), values[-1])
    answer = "yes" if _says(value, planned.told_when) else "no"
    return answer, f"the supplier did not declare it; the charger reports {name} = {value!r}"


def _says(value: str, wanted: str) -> bool:
    verb, _, what = wanted.partition(" ")
    if verb == "reported":
        return True
    if verb == "is":
        return value.strip() == what
    if verb == "contains":
        return what in value
    return value.strip().lower() == wanted.lower()


def _reported(trace: Trace) -> Iterator[tuple[str, str]]:
    """Every "Component.Variable" with its actual value, from NotifyReport and GetVariables."""
    for message in messages(trace, action=("NotifyReport", "GetVariables"), direction="in"):
        if message.action == "NotifyReport" and message.type == 2:
            for item in _objects(message.payload.get("reportData")):
                for attribute in _objects(item.get("variableAttribute")):
                    if attribute.get("type", "Actual") == "Actual" and attribute.get("value") is not None:
                        yield _name(item), str(attribute["value"])
        elif message.action == "GetVariables" and message.type == 3:
            for item in _objects(message.payload.get("getVariableResult")):
                told = item.get("attributeValue")  # without it the variable is unset, which denies nothing
                if told is not None and item.get("attributeStatus") == "Accepted" and _is_actual(item):
                    yield _name(item), str(told)


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects of what should be a list of them: what a charger sends may be anything, and a judge says so."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _is_actual(item: dict[str, Any]) -> bool:
    return bool(item.get("attributeType", "Actual") == "Actual")


def _name(item: dict[str, Any]) -> str:
    parts = (item.get("component"), item.get("variable"))
    return ".".join(str(part.get("name")) if isinstance(part, dict) else "None" for part in parts)

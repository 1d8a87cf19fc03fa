"""What the charger itself says, in its device model, of a feature that its supplier did not declare."""

from __future__ import annotations

from collections.abc import Iterator

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
    for message in messages(trace, direction="in"):
        if message.action == "NotifyReport" and message.type == 2:
            for item in message.payload.get("reportData") or []:
                for attribute in item.get("variableAttribute") or []:
                    if attribute.get("type", "Actual") == "Actual" and attribute.get("value") is not None:
                        yield _name(item), str(attribute["value"])
        elif message.action == "GetVariables" and message.type == 3:
            for item in message.payload.get("getVariableResult") or []:
                told = item.get("attributeValue")  # without it the variable is unset, which denies nothing
                if told is not None and item.get("attributeStatus") == "Accepted" and _is_actual(item):
                    yield _name(item), str(told)


def _is_actual(item: dict[str, object]) -> bool:
    return item.get("attributeType", "Actual") == "Actual"


def _name(item: dict[str, dict[str, object]]) -> str:
    return f"{(item.get('component') or {}).get('name')}.{(item.get('variable') or {}).get('name')}"

"""The device model: components, variables, attributes, and what may be read and written (use cases B05, B06)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.emulator.ocpp._times import instant_of

Json = dict[str, Any]
Key = tuple[str, str, int, int, str, str]


@dataclass
class Variable:
    """One variable of one component; `value` is the Actual attribute, or `read` computes it on each access."""

    component: str
    name: str
    value: str = ""
    kind: str = "string"
    mutability: str = "ReadOnly"
    instance: str = ""
    component_instance: str = ""
    evse: int = 0
    connector: int = 0
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    persistent: bool = True
    constant: bool = False
    reboot: bool = False
    since: str = "ocpp2.0.1"
    read: Callable[[], str] | None = None

    @property
    def key(self) -> Key:
        """What identifies it; names are case-insensitive (part 2, 1.2 primitive datatypes)."""
        return _key(self.component, self.component_instance, self.evse, self.connector, self.name, self.instance)

    @property
    def monitored(self) -> bool:
        """Whether a monitor can be set on it: on numbers (N04)."""
        return self.kind in ("integer", "decimal")

    def component_json(self) -> Json:
        """ComponentType."""
        out: Json = {"name": self.component}
        if self.component_instance:
            out["instance"] = self.component_instance
        if self.evse:
            out["evse"] = {"id": self.evse, **({"connectorId": self.connector} if self.connector else {})}
        return out

    def variable_json(self) -> Json:
        """VariableType."""
        return {"name": self.name, **({"instance": self.instance} if self.instance else {})}

    def characteristics_json(self) -> Json:
        """VariableCharacteristicsType."""
        out: Json = {"dataType": self.kind, "supportsMonitoring": self.monitored}
        if self.unit:
            out["unit"] = self.unit
        if self.low is not None:
            out["minLimit"] = self.low
        if self.high is not None:
            out["maxLimit"] = self.high
        if self.choices:
            out["valuesList"] = ",".join(self.choices)
        return out

    def fault(self, value: str) -> str | None:
        """Why `value` is not a value of this variable, or None (B05.FR.07, B05.FR.08)."""
        try:
            if self.kind in ("integer", "decimal"):
                number = int(value) if self.kind == "integer" else float(value)
                if self.low is not None and number < self.low:
                    return "ValueTooLow"
                if self.high is not None and number > self.high:
                    return "ValueTooHigh"
            elif self.kind == "boolean":
                return None if value.lower() in ("true", "false") else "InvalidValue"
            elif self.kind == "dateTime":
                instant_of(value)
            elif self.kind == "OptionList":
                return None if value in self.choices else "InvalidValue"
            elif self.kind in ("MemberList", "SequenceList"):
                members = [m.strip() for m in value.split(",") if m.strip()]
                if len(set(members)) != len(members) or any(m not in self.choices for m in members):
                    return "InvalidValue"
            elif self.low is not None and len(value) < self.low:
                return "ValueTooLow"
            elif self.high is not None and len(value) > self.high:
                return "ValueTooHigh"
        except ValueError:
            return "InvalidValue"
        return None


@dataclass
class DeviceModel:
    """All variables of the station. `version` hides what an older OCPP version does not know."""

    version: str = "ocpp2.1"
    _variables: dict[Key, Variable] = field(default_factory=dict)
    _guards: dict[tuple[str, str], Callable[[Variable, str], str | None]] = field(default_factory=dict)
    _listeners: dict[tuple[str, str], Callable[[Variable], None]] = field(default_factory=dict)
    on_change: Callable[[], None] | None = None

    def add(self, variables: Iterable[Variable]) -> None:
        """Put variables into the model."""
        for each in variables:
            self._variables[each.key] = each

    def remove(self, component: str) -> None:
        """Take a whole component out of the model (a car that left)."""
        self._variables = {k: v for k, v in self._variables.items() if v.component != component}

    def __iter__(self) -> Iterator[Variable]:
        return (v for v in self._variables.values() if v.since <= self.version)

    def guard(self, component: str, name: str, check: Callable[[Variable, str], str | None]) -> None:
        """Ask `check` before a write: it answers a reason code to reject, or None."""
        self._guards[component, name] = check

    def listen(self, component: str, name: str, listener: Callable[[Variable], None]) -> None:
        """Be told after a write."""
        self._listeners[component, name] = listener

    def find(
        self,
        component: str,
        name: str,
        instance: str = "",
        evse: int = 0,
        connector: int = 0,
        component_instance: str = "",
    ) -> Variable | None:
        """A variable this version knows, or None."""
        found = self._variables.get(_key(component, component_instance, evse, connector, name, instance))
        return found if found is not None and found.since <= self.version else None

    def text(self, component: str, name: str, instance: str = "") -> str:
        """The value now; KeyError when the variable does not exist at all."""
        variable = self._variables[_key(component, "", 0, 0, name, instance)]
        return variable.read() if variable.read else variable.value

    def integer(self, component: str, name: str, instance: str = "") -> int:
        return int(self.text(component, name, instance))

    def decimal(self, component: str, name: str, instance: str = "") -> float:
        return float(self.text(component, name, instance))

    def flag(self, component: str, name: str, instance: str = "") -> bool:
        return self.text(component, name, instance).lower() == "true"

    def members(self, component: str, name: str, instance: str = "") -> list[str]:
        return [m.strip() for m in self.text(component, name, instance).split(",") if m.strip()]

    def put(self, component: str, name: str, value: str, instance: str = "") -> None:
        """Change a value from inside the station, whatever its mutability."""
        self._variables[_key(component, "", 0, 0, name, instance)].value = value
        if self.on_change:
            self.on_change()

    def locate(self, item: Json) -> Variable | str:
        """The variable that a Get/SetVariableData names, or the attributeStatus that says what is unknown."""
        component, variable = item["component"], item["variable"]
        where = component.get("evse", {})
        place = (str(component.get("instance", "")), int(where.get("id", 0)), int(where.get("connectorId", 0)))
        found = self.find(
            component["name"], variable["name"], str(variable.get("instance", "")), place[1], place[2], place[0]
        )
        if found is not None:
            return found
        name = component["name"].lower()
        same = any((v.component.lower(), v.component_instance, v.evse, v.connector) == (name, *place) for v in self)
        return "UnknownVariable" if same else "UnknownComponent"

    def read(self, item: Json) -> Json:
        """One GetVariableResult."""
        wanted = item.get("attributeType", "Actual")
        out: Json = {"component": item["component"], "variable": item["variable"], "attributeType": wanted}
        found = self.locate(item)
        if isinstance(found, str):
            return {**out, "attributeStatus": found}
        if wanted != "Actual":
            return {**out, "attributeStatus": "NotSupportedAttributeType"}
        if found.mutability == "WriteOnly":
            return {**out, "attributeStatus": "Rejected", "attributeStatusInfo": {"reasonCode": "WriteOnly"}}
        return {**out, "attributeStatus": "Accepted", "attributeValue": found.read() if found.read else found.value}

    def write(self, item: Json) -> tuple[Json, Variable | None]:
        """One SetVariableResult, and the variable when it was changed."""
        wanted = item.get("attributeType", "Actual")
        out: Json = {"component": item["component"], "variable": item["variable"], "attributeType": wanted}
        found = self.locate(item)
        if isinstance(found, str):
            return {**out, "attributeStatus": found}, None
        if wanted != "Actual":
            return {**out, "attributeStatus": "NotSupportedAttributeType"}, None
        value = item["attributeValue"]
        guard = self._guards.get((found.component, found.name))
        fault = "ReadOnly" if found.mutability == "ReadOnly" else found.fault(value)
        fault = fault or (guard(found, value) if guard else None)
        if fault:
            return {**out, "attributeStatus": "Rejected", "attributeStatusInfo": {"reasonCode": fault}}, None
        found.value = value
        if self.on_change:
            self.on_change()
        return {**out, "attributeStatus": "RebootRequired" if found.reboot else "Accepted"}, found

    def announce(self, variable: Variable) -> None:
        """Tell whoever listens that the backend wrote `variable`; called once its answer is sent."""
        listener = self._listeners.get((variable.component, variable.name))
        if listener is not None:
            listener(variable)


def _key(component: str, component_instance: str, evse: int, connector: int, name: str, instance: str) -> Key:
    return component.lower(), component_instance.lower(), evse, connector, name.lower(), instance.lower()

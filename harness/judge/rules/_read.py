"""Reading payloads that nobody has checked: what is not there or of another type is simply not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from harness.judge.rules._message import Message

# what TriggerMessage asks for -> the actions that give it
TRIGGERED = {
    "BootNotification": ("BootNotification",),
    "FirmwareStatusNotification": ("FirmwareStatusNotification",),
    "Heartbeat": ("Heartbeat",),
    "LogStatusNotification": ("LogStatusNotification",),
    "MeterValues": ("MeterValues",),
    "PublishFirmwareStatusNotification": ("PublishFirmwareStatusNotification",),
    "SignChargingStationCertificate": ("SignCertificate",),
    "SignCombinedCertificate": ("SignCertificate",),
    "SignV2G20Certificate": ("SignCertificate",),
    "SignV2GCertificate": ("SignCertificate",),
    "StatusNotification": ("StatusNotification", "NotifyEvent"),
    "TransactionEvent": ("TransactionEvent",),
}


def items(value: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def part(value: object, *names: str) -> Any:
    """What stands at a path of names, None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def number(value: object) -> float | None:
    """A number, and no boolean."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text_of(value: object) -> str | None:
    """A text."""
    return value if isinstance(value, str) else None


def moment_s(text: object) -> float | None:
    """An RFC 3339 time as seconds since 1970; None for what is none or names no zone."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
        return read.timestamp() if read.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def variable_name(item: dict[str, Any]) -> str | None:
    """ "component.variable" of the whole station, lower case; None for one of an EVSE, a connector or an instance."""
    component, variable = part(item, "component", "name"), part(item, "variable", "name")
    if not isinstance(component, str) or not isinstance(variable, str):
        return None
    if part(item, "component", "evse") is not None or part(item, "component", "instance") is not None:
        return None
    return f"{component}.{variable}".lower() if part(item, "variable", "instance") is None else None


def full_name(item: dict[str, Any]) -> tuple[Any, ...]:
    """Component and variable with their EVSE, connector and instances; names do not differ by case."""
    component, variable = part(item, "component") or {}, part(item, "variable") or {}
    evse = part(component, "evse") or {}
    names = (part(component, "name"), part(component, "instance"), part(variable, "name"), part(variable, "instance"))
    return (
        *(str(name).lower() if name not in (None, "") else None for name in names),
        part(evse, "id"),
        part(evse, "connectorId"),
    )


def named(item: dict[str, Any]) -> str:
    """Component and variable for people."""
    return f"{part(item, 'component', 'name')}.{part(item, 'variable', 'name')}"


def reported_states(m: Message) -> list[tuple[int, int, str]]:
    """(EVSE, connector, state) that a StatusNotification or a NotifyEvent tells."""
    if m.action == "StatusNotification":
        evse, connector, state = (m.payload.get(k) for k in ("evseId", "connectorId", "connectorStatus"))
        told = isinstance(evse, int) and isinstance(connector, int) and isinstance(state, str)
        return [(evse, connector, state)] if told else []  # type: ignore[list-item]
    found = []
    for event in items(m.payload.get("eventData")) if m.action == "NotifyEvent" else ():
        if (part(event, "component", "name"), part(event, "variable", "name")) == ("Connector", "AvailabilityState"):
            evse, connector = part(event, "component", "evse", "id"), part(event, "component", "evse", "connectorId")
            if isinstance(evse, int) and isinstance(connector, int):
                found.append((evse, connector, str(event.get("actualValue"))))
    return found


def meter_values(m: Message) -> Iterator[tuple[float | None, dict[str, Any]]]:
    """(moment in s since 1970, sampled value) of a TransactionEvent or MeterValues."""
    for value in items(m.payload.get("meterValue")):
        at = moment_s(value.get("timestamp"))
        for sample in items(value.get("sampledValue")):
            yield at, sample


def measurand(sample: dict[str, Any]) -> str:
    """What a sampled value measures."""
    return str(sample.get("measurand", "Energy.Active.Import.Register"))


def what_measured(sample: dict[str, Any]) -> tuple[Any, ...]:
    """What a sampled value measures, and where."""
    return (measurand(sample), sample.get("phase"), sample.get("location", "Outlet"))


def base_value(sample: dict[str, Any]) -> float | None:
    """A sampled value in its unit without kilo and multiplier (Wh, W, A, V); None where it cannot be told."""
    value = number(sample.get("value"))
    unit = part(sample, "unitOfMeasure", "unit") or ""
    power = number(part(sample, "unitOfMeasure", "multiplier")) or 0.0
    if value is None or not isinstance(unit, str) or abs(power) > 12:
        return None
    return value * 10**power * (1000.0 if unit.startswith("k") else 1.0)


def registers(m: Message) -> list[tuple[float, tuple[Any, ...], float, str]]:
    """(moment s, what, Wh, context) of every energy register that a message tells, in order of time."""
    found = []
    for at, sample in meter_values(m):
        value = base_value(sample) if measurand(sample).endswith(".Register") else None
        if at is not None and value is not None and "signedMeterValue" not in sample:
            found.append((at, what_measured(sample), value, str(sample.get("context", "Sample.Periodic"))))
    return sorted(found, key=lambda each: each[0])


def power_and_energy(m: Message) -> tuple[float, float, float] | None:
    """(moment s, W, Wh) where one moment of a message tells the import's power and its register, over all phases."""
    for value in items(m.payload.get("meterValue")):
        at = moment_s(value.get("timestamp"))
        told = {measurand(x): base_value(x) for x in items(value.get("sampledValue")) if "phase" not in x}
        power, energy = told.get("Power.Active.Import"), told.get("Energy.Active.Import.Register")
        if at is not None and power is not None and energy is not None:
            return at, power, energy
    return None

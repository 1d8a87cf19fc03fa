"""Reading payloads that nobody has checked: what is not there or of another type is simply not there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from harness.judge.rules._message import Message

if TYPE_CHECKING:
    from harness.judge.rules._station import Station

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
        if type(value) is not dict:
            return None
        value = value.get(name)
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
        if named(event).lower() == "connector.availabilitystate":
            evse, connector = part(event, "component", "evse", "id"), part(event, "component", "evse", "connectorId")
            if isinstance(evse, int) and isinstance(connector, int):
                found.append((evse, connector, str(event.get("actualValue"))))
    return found


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One sampled value. `value` is in its unit without kilo and multiplier (Wh, W, A, V); None: it cannot be told."""

    at_s: float | None  # since 1970
    measurand: str
    phase: Any
    location: Any
    context: str
    unit: Any
    value: float | None
    signed: bool

    @property
    def what(self) -> tuple[Any, ...]:
        """What it measures, and where."""
        return self.measurand, self.phase, self.location


def samples(m: Message) -> list[Sample]:
    """Every sampled value of a TransactionEvent or MeterValues, read once."""
    found: list[Sample] | None = m.memo.get("samples")
    if found is None:
        found = m.memo["samples"] = []
        for value in items(m.payload.get("meterValue")):
            at_s = moment_s(value.get("timestamp"))
            found += [_sample(at_s, sample) for sample in items(value.get("sampledValue"))]
    return found


def _sample(at_s: float | None, sample: dict[str, Any]) -> Sample:
    told, unit, name, power = sample.get("value"), sample.get("unitOfMeasure"), None, None
    value = told if type(told) is float else number(told)
    if type(unit) is dict:
        name, power = unit.get("unit"), number(unit.get("multiplier"))
    if value is not None:
        if power:
            value = value * 10**power if abs(power) <= 12 else None
        if type(name) is str and value is not None and name.startswith("k"):
            value *= 1000.0
    return Sample(
        at_s,
        str(sample.get("measurand", "Energy.Active.Import.Register")),
        sample.get("phase"),
        sample.get("location", "Outlet"),
        str(sample.get("context", "Sample.Periodic")),
        name,
        value,
        "signedMeterValue" in sample,
    )


def registers(m: Message) -> list[tuple[float, tuple[Any, ...], float, str]]:
    """(moment s, what, Wh, context) of every energy register that a message tells, in order of time."""
    found: list[tuple[float, tuple[Any, ...], float, str]] | None = m.memo.get("registers")
    if found is None:
        found = [
            (x.at_s, x.what, x.value, x.context)
            for x in samples(m)
            if x.at_s is not None and x.value is not None and not x.signed and x.measurand.endswith(".Register")
        ]
        found.sort(key=_moment)
        m.memo["registers"] = found
    return found


def _moment(register: tuple[float, tuple[Any, ...], float, str]) -> float:
    return register[0]


def power_and_energy(m: Message) -> tuple[float, float, float] | None:
    """(moment s, W, Wh) where one moment of a message tells the import's power and its register, over all phases."""
    if "power" not in m.memo:
        power: dict[float, float] = {}
        energy: dict[float, float] = {}
        for x in samples(m):
            if x.phase is None and x.at_s is not None and x.value is not None:
                if x.measurand == "Power.Active.Import":
                    power[x.at_s] = x.value
                elif x.measurand == "Energy.Active.Import.Register":
                    energy[x.at_s] = x.value
        both = next((at for at in power if at in energy), None)
        m.memo["power"] = None if both is None else (both, power[both], energy[both])
    found: tuple[float, float, float] | None = m.memo["power"]
    return found


def told_at_s(m: Message) -> float | None:
    """When what a call tells happened, or when it was made, by the station's clock; s since 1970."""
    if "told" not in m.memo:
        m.memo["told"] = moment_s(m.payload.get("timestamp") or m.payload.get("generatedAt"))
    found: float | None = m.memo["told"]
    return found


def is_old(s: Station, m: Message, seconds: float) -> bool:
    """Whether what a call tells is from an offline time, or older than so long by the station's own clock."""
    at, now_ns = told_at_s(m), m.utc_ns
    if m.payload.get("offline"):
        return True
    return at is not None and now_ns is not None and now_ns / 1e9 - (at - (s.ahead_s or 0.0)) > seconds

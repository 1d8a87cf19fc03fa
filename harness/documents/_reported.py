"""What the charging station said of itself before anything changed it: model, firmware and hardware."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.trace import OcppMessage, Trace, messages

_REPORTED = {"model": "model", "firmwareversion": "firmware", "serialnumber": "serial", "vendorname": "vendor"}
_MOST_AT_BOOT = {"model": 20, "firmware": 50, "serial": 25, "vendor": 50}  # characters a BootNotification has room for


@dataclass(frozen=True)
class Reported:
    """Values by kind ("model", "firmware", "serial", "vendor"), each with its event; [] when never said."""

    said: dict[str, list[tuple[str, int]]]

    def values(self, kind: str) -> list[str]:
        """The different values reported of that kind, in order; one that a BootNotification cut short is no other."""
        found = list(dict.fromkeys(value for value, _ in self.said.get(kind, [])))
        room = _MOST_AT_BOOT.get(kind)
        return [v for v in found if len(v) != room or not any(o != v and o.startswith(v) for o in found)]

    def events(self) -> tuple[int, ...]:
        """The events the values came from."""
        return tuple(sorted({seq for group in self.said.values() for _, seq in group}))


def reported_by_station(trace: Trace) -> Reported:
    """Read BootNotification and NotifyReport up to the first boot with another firmware.

    A campaign may install newer firmware on purpose (GEN-03); what counts for certificates is the product as delivered.
    """
    heard = messages(trace, action=("BootNotification", "NotifyReport"), direction="in")
    if not heard:
        return Reported({})
    newest: dict[tuple[int, int], Reported] = trace.once("reported", dict)
    key = (heard[0].seq, heard[-1].seq)
    if key not in newest:
        newest.clear()  # a campaign asks for many papers at one time, hardly ever for an earlier one
        newest[key] = _reported(heard)
    return newest[key]


def _reported(heard: list[OcppMessage]) -> Reported:
    said: dict[str, list[tuple[str, int]]] = {}
    delivered: str | None = None
    for message in heard:
        if message.type != 2:
            continue
        if message.action == "BootNotification":
            station = message.payload.get("chargingStation")
            station = station if isinstance(station, dict) else {}
            firmware = station.get("firmwareVersion")
            if isinstance(firmware, str):
                if delivered is not None and firmware != delivered:
                    break
                delivered = firmware
            for key, kind in (("model", "model"), ("firmwareVersion", "firmware"), ("vendorName", "vendor")):
                _say(said, kind, station.get(key), message)
            _say(said, "serial", station.get("serialNumber"), message)
        elif message.action == "NotifyReport":
            _report(said, message)
    return Reported(said)


def _report(said: dict[str, list[tuple[str, int]]], message: OcppMessage) -> None:
    for item in _dicts(message.payload.get("reportData")):
        component, variable = item.get("component"), item.get("variable")
        if not isinstance(component, dict) or not isinstance(variable, dict):
            continue
        kind = _REPORTED.get(str(variable.get("name")).lower())  # identifierStrings have no case
        if str(component.get("name")).lower() != "chargingstation" or kind is None:
            continue
        for attribute in _dicts(item.get("variableAttribute")):
            if attribute.get("type", "Actual") == "Actual":
                _say(said, kind, attribute.get("value"), message)


def _dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a list that may be anything: the station's schema errors are another judge's business."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _say(said: dict[str, list[tuple[str, int]]], kind: str, value: object, message: OcppMessage) -> None:
    if isinstance(value, str) and value:
        said.setdefault(kind, []).append((value, message.event.seq))

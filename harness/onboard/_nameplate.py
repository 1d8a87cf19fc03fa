"""What a first profile needs to know of a charger, gathered from its boot and its device model; the rest is marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.onboard._inventory import Inventory, Reported

NOMINAL_V = 230.0
_DC_TYPES = ("ccs", "g105", "chademo", "mcs", "tesla", "nacs", "ultracharge", "gbt-dc")


@dataclass
class Nameplate:
    """Powers in W, currents in A per phase, voltage in V. `guessed` names the fields that nobody told."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    current: tuple[str, ...] = ("AC",)
    bidirectional: bool = False
    evse_id: int = 1
    evses: tuple[int, ...] = (1,)
    ac_connector: int = 1
    dc_connector: int = 2
    phases: int = 3
    nominal_v: float = NOMINAL_V
    charge_w: float = 22000.0
    discharge_w: float = 0.0
    current_a: float = 32.0
    guessed: set[str] = field(default_factory=set)


def nameplate(boot: dict[str, Any] | None, inventory: Inventory) -> Nameplate:
    """Read the nameplate. What is not told keeps its default and stands in `guessed`."""
    plate = Nameplate()
    station = (boot or {}).get("chargingStation") or {}
    for name, key, variable in (
        ("manufacturer", "vendorName", "VendorName"),
        ("model", "model", "Model"),
        ("serial", "serialNumber", "SerialNumber"),
        ("firmware", "firmwareVersion", "FirmwareVersion"),
    ):
        said = str(station.get(key) or inventory.value(f"ChargingStation.{variable}") or "")
        _set(plate, name, said or None)
    evses = inventory.evses()
    _set(plate, "evse_id", evses[0] if evses else None)
    plate.evses = tuple(evses) or (plate.evse_id,)
    _connectors(plate, inventory)
    _powers(plate, inventory)
    modes = (inventory.value("V2XChargingCtrlr.SupportedEnergyTransferModes") or "").upper()
    available = (inventory.value("V2XChargingCtrlr.Available") or "").lower()
    told = "BPT" in modes or available == "true" or plate.discharge_w > 0
    _set(plate, "bidirectional", told if told or available else None)
    return plate


def _connectors(plate: Nameplate, inventory: Inventory) -> None:
    kinds = inventory.of("Connector.ConnectorType", plate.evse_id)
    dc = [c for c in kinds if any(t in c.value.lower() for t in _DC_TYPES)]
    ac = [c for c in kinds if c not in dc and c.value]
    _set(plate, "current", (("AC",) if ac else ()) + (("DC",) if dc else ()) or None)
    _set(plate, "ac_connector", ac[0].connector if ac else None)
    _set(plate, "dc_connector", dc[0].connector if dc else None)


def _powers(plate: Nameplate, inventory: Inventory) -> None:
    evse = plate.evse_id
    counts = [*inventory.of("EVSE.SupplyPhases", evse), *inventory.of("ChargingStation.SupplyPhases")]
    phases = [int(v.value) for v in counts if v.value in ("1", "2", "3")]
    _set(plate, "phases", phases[0] if phases else None)
    volts = [float(v.value) for v in inventory.of("DCDERCtrlr.VNom") if _number(v.value)]
    _set(plate, "nominal_v", volts[0] if volts else None)
    _set(plate, "charge_w", _watts(inventory.of("EVSE.Power", evse)))
    discharge = _watts(inventory.of("EVSE.DischargePower", evse))
    _set(plate, "discharge_w", discharge)
    amps = [v.maximum for v in inventory.of("EVSE.ACCurrent", evse) if v.maximum]
    if amps or "charge_w" not in plate.guessed:
        plate.current_a = amps[0] if amps else round(plate.charge_w / (plate.phases * plate.nominal_v), 1)
    else:
        plate.guessed.add("current_a")


def _watts(found: list[Reported]) -> float | None:
    for each in found:
        if each.maximum:
            return each.maximum * (1000.0 if each.unit.lower() == "kw" else 1.0)
    return None


def _number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _set(plate: Nameplate, name: str, value: object) -> None:
    if value is None:
        plate.guessed.add(name)
    else:
        setattr(plate, name, value)

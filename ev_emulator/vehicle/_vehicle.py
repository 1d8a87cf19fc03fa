"""Vehicles as data: what a car is, has and wants, read from YAML and checked."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ev_emulator.vehicle import _yaml
from ev_emulator.vehicle._yaml import VehicleError

Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Percent = Annotated[float, Meta(ge=0, le=100)]
ProtocolName = Literal["ISO 15118-20 DC", "ISO 15118-20 AC", "ISO 15118-2", "DIN 70121"]
ServiceName = Literal["AC", "DC", "AC_BPT", "DC_BPT"]
ControlMode = Literal["Dynamic", "Scheduled"]


class BatteryData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The battery, how full its owner wants it, and between which states of charge the grid may use it (V2X)."""

    capacity_wh: Positive
    soc_pct: Percent
    minimum_soc_pct: Percent = 20
    target_soc_pct: Percent = 80
    maximum_soc_pct: Percent = 100
    v2x_minimum_soc_pct: Percent | None = None
    v2x_maximum_soc_pct: Percent | None = None
    empty_v: Positive = 350
    full_v: Positive = 420


class AcData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The on-board charger. Powers are sums over its phases, discharge powers are given positive.

    It moves in steps of `step_a` per phase (0: as finely as asked), and below its least power it rests.
    """

    phases: Literal[1, 3]
    max_charge_power_w: Positive
    min_charge_power_w: NotNegative = 0
    max_discharge_power_w: NotNegative = 0
    min_discharge_power_w: NotNegative = 0
    nominal_voltage_v: Positive = 230
    step_a: NotNegative = 0


class DcData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The DC inlet's limits; discharge values are given positive. Its pre-charge takes at least `pre_charge_s`."""

    max_charge_power_w: Positive
    max_charge_current_a: Positive
    max_voltage_v: Positive
    min_voltage_v: Positive
    min_charge_power_w: NotNegative = 0
    min_charge_current_a: NotNegative = 0
    max_discharge_power_w: NotNegative = 0
    min_discharge_power_w: NotNegative = 0
    max_discharge_current_a: NotNegative = 0
    min_discharge_current_a: NotNegative = 0
    pre_charge_s: NotNegative = 0


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One car. `protocols`, `services` and `control_modes` are in the car's order of preference."""

    name: str
    evccid: Annotated[str, Meta(min_length=1, max_length=255)]
    mac: Annotated[str, Meta(pattern="^([0-9A-F]{2}:){5}[0-9A-F]{2}$")]
    battery: BatteryData
    protocols: Annotated[tuple[ProtocolName, ...], Meta(min_length=1, max_length=20)]
    services: Annotated[tuple[ServiceName, ...], Meta(min_length=1)]
    control_modes: Annotated[tuple[ControlMode, ...], Meta(min_length=1)] = ("Dynamic", "Scheduled")
    ac: AcData | None = None
    dc: DcData | None = None
    departure_in_s: Annotated[int, Meta(ge=0, le=0xFFFFFFFF)] = 7200
    # The standard leaves the sign of discharge limits open and cars on the road differ; positive is usual.
    discharge_limits: Literal["positive", "negative"] = "positive"


def load_vehicle(name_or_path: str | Path) -> Vehicle:
    """A vehicle of ours by name ("bidirectional_dc_400v") or any YAML file by path.

    Raises VehicleError with file, line, what is wrong.
    """
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        path = _folder() / f"{name_or_path}.yaml"
        if not path.is_file():
            raise VehicleError(f"no vehicle named {str(name_or_path)!r}; there are: {', '.join(vehicle_names())}")
    vehicle = _yaml.load(path, Vehicle)
    for kind, data in (("ac", vehicle.ac), ("dc", vehicle.dc)):
        for service in vehicle.services:
            if not service.lower().startswith(kind):
                continue
            if data is None:
                raise _yaml.fault(path, ["services"], f"services has {service}, so the file needs a part {kind!r}")
            if service.endswith("_BPT") and data.max_discharge_power_w <= 0:
                text = f"services has {service}, so {kind}.max_discharge_power_w must be above 0"
                raise _yaml.fault(path, [kind, "max_discharge_power_w"], text)
    if (vehicle.battery.v2x_minimum_soc_pct is None) != (vehicle.battery.v2x_maximum_soc_pct is None):
        text = "battery: v2x_minimum_soc_pct and v2x_maximum_soc_pct go together [V2G20-2681]"
        raise _yaml.fault(path, ["battery"], text)
    if vehicle.dc and vehicle.dc.min_voltage_v >= vehicle.dc.max_voltage_v:
        raise _yaml.fault(path, ["dc", "min_voltage_v"], "dc.min_voltage_v must be below dc.max_voltage_v")
    return vehicle


def vehicle_names() -> list[str]:
    """Names of the vehicles that come with the program."""
    return sorted(file.stem for file in _folder().glob("*.yaml"))


def _folder() -> Path:
    return Path(str(resources.files("ev_emulator"))) / "vehicles"

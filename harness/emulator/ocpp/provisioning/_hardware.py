"""The physical components in the device model: station, EVSEs, their connectors, the inverter's nameplate."""

from __future__ import annotations

from typing import Any

from harness.emulator._ports import Ratings
from harness.emulator.ocpp._config import StationConfig
from harness.emulator.ocpp.provisioning._model import Variable
from harness.emulator.ocpp.provisioning._variable_kinds import RO, RW, flag, members, plain, whole

AVAILABILITY = ("Available", "Occupied", "Reserved", "Unavailable", "Faulted")
DER_MODES = (
    "EnterService",
    "FreqDroop",
    "FreqWatt",
    "FixedPFAbsorb",
    "FixedPFInject",
    "FixedVar",
    "Gradients",
    "HFMustTrip",
    "HVMustTrip",
    "LFMustTrip",
    "LVMustTrip",
    "LimitMaxDischarge",
    "VoltVar",
    "VoltWatt",
    "WattVar",
)


def connectors_of(evse: int) -> tuple[int, ...]:
    """An AC socket (1) and a DC cable (2) at EVSE 1, where the ISO 15118 side is; an AC socket at each further one."""
    return (1, 2) if evse == 1 else (1,)


def hardware(ratings: Ratings, config: StationConfig, evses: int = 1) -> list[Variable]:
    """The physical components: station, EVSEs, their connectors, and the nameplate of EVSE 1's inverter."""
    c = "ChargingStation"
    out = [
        flag(f"{c}.Available", True),
        plain(f"{c}.AvailabilityState", "Available", "OptionList", choices=AVAILABILITY, persistent=False),
        plain(f"{c}.Model", ratings.model),
        plain(f"{c}.VendorName", ratings.vendor),
        plain(f"{c}.SerialNumber", ratings.serial),
        plain(f"{c}.FirmwareVersion", ratings.firmware, persistent=False),
        whole(f"{c}.SupplyPhases", ratings.phases, RO),
        flag(f"{c}.AllowNewSessionsPendingFirmwareUpdate", False, RW),
    ]
    for number in range(1, evses + 1):
        out += _evse(ratings, config, number)
    return out + _inverter(ratings)


def _evse(ratings: Ratings, config: StationConfig, evse: int) -> list[Variable]:
    """One EVSE and its connectors."""
    e = "EVSE"
    out = [
        flag(f"{e}.Available", True, evse=evse),
        plain(f"{e}.AvailabilityState", "Available", "OptionList", choices=AVAILABILITY, evse=evse, persistent=False),
        plain(f"{e}.EvseId", f"NL*CHP*E{config.identity}*{evse}", evse=evse),
        plain(f"{e}.ISO15118EvseId", f"NL*CHP*E{config.identity}*{evse}", evse=evse, since="ocpp2.1"),
        whole(f"{e}.SupplyPhases", ratings.phases, RO, evse=evse),
        flag(f"{e}.AllowReset", False, evse=evse),
        plain(f"{e}.Power", "0", "decimal", high=ratings.max_charge_w, unit="W", evse=evse, persistent=False),
        plain(
            f"{e}.DischargePower", "0", "decimal", high=ratings.max_discharge_w, unit="W", evse=evse, since="ocpp2.1"
        ),
        flag(f"{e}.DCInputPhaseControl", False, evse=evse, since="ocpp2.1"),
    ]
    kinds = {1: ("cType2", ratings.phases), 2: ("cCCS2", 0)}
    for number in connectors_of(evse):
        kind, phases = kinds[number]
        at: dict[str, Any] = {"evse": evse, "connector": number}
        out += [
            flag("Connector.Available", True, **at),
            plain(
                "Connector.AvailabilityState", "Available", "OptionList", choices=AVAILABILITY, persistent=False, **at
            ),
            plain("Connector.ConnectorType", kind, **at),
            plain("Connector.ChargeProtocol", "ISO15118" if evse == 1 else "CPPWM", **at),
            whole("Connector.SupplyPhases", phases, RO, **at),
        ]
    return out


def _inverter(ratings: Ratings) -> list[Variable]:
    new: dict[str, Any] = {"since": "ocpp2.1", "evse": 1}
    watts = ratings.max_discharge_w
    numbers = {
        "MaxW": (watts, "W"),
        "OverExcitedW": (watts * 0.9, "W"),
        "OverExcitedPF": (0.9, ""),
        "UnderExcitedW": (watts * 0.9, "W"),
        "UnderExcitedPF": (0.9, ""),
        "MaxVA": (watts, "VA"),
        "MaxVar": (watts * 0.44, "Var"),
        "MaxVarNeg": (watts * 0.44, "Var"),
        "MaxChargeRateW": (ratings.max_charge_w, "W"),
        "MaxChargeRateVA": (ratings.max_charge_w, "VA"),
        "VNom": (ratings.nominal_v, "V"),
        "ReactiveSusceptance": (0.0, "s"),
    }
    out = [
        plain(f"DCDERCtrlr.{name}", f"{value:g}", "decimal", unit=unit, **new)
        for name, (value, unit) in numbers.items()
    ]
    for component in ("DCDERCtrlr", "ACDERCtrlr"):
        out += [
            flag(f"{component}.Enabled", True, **new),
            members(f"{component}.ModesSupported", ",".join(DER_MODES), DER_MODES, RO, **new),
        ]
    names = {
        "InverterManufacturer": ratings.vendor,
        "InverterModel": ratings.model,
        "InverterSerialNumber": ratings.serial,
    }
    names |= {"InverterSwVersion": ratings.firmware, "InverterHwVersion": "A1"}
    return out + [plain(f"DCDERCtrlr.{name}", value, **new) for name, value in names.items()]

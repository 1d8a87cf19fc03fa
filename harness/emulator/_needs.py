"""What a car said it needs over ISO 15118, as OCPP's ChargingNeedsType (K15 to K18, Q01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.emulator._ports import Ratings

V2X_FIELDS = {
    "max_charge_w": "maxChargePower",
    "min_charge_w": "minChargePower",
    "max_discharge_w": "maxDischargePower",
    "min_discharge_w": "minDischargePower",
    "max_charge_a": "maxChargeCurrent",
    "max_discharge_a": "maxDischargeCurrent",
    "max_u_v": "maxVoltage",
    "min_u_v": "minVoltage",
}


def charging_needs(
    service: str, control_mode: str, ev: Mapping[str, Any], soc_pct: float | None, ratings: Ratings, *, v21: bool
) -> dict[str, Any]:
    """The needs for OCPP 2.1, or what 2.0.1 has words for: it knows no bidirectional transfer and whole numbers only.

    `ev` holds the SECC's EV bounds (W, A, V; None where the car did not say).
    """
    number = float if v21 else int
    known = {name: abs(float(value)) for name, value in ev.items() if value is not None}
    volts = known.get("max_u_v", ratings.dc_max_v if service.startswith("DC") else ratings.nominal_v)
    power_w = known.get("max_charge_w", ratings.max_charge_w)
    bidirectional = service.endswith("BPT")
    if service.startswith("DC"):
        mode = "DC"
        details: dict[str, Any] = {"evMaxCurrent": number(known.get("max_charge_a", power_w / volts))}
        details |= {"evMaxVoltage": number(volts), "evMaxPower": number(power_w)}
        if soc_pct is not None:
            details["stateOfCharge"] = int(soc_pct)
        needs: dict[str, Any] = {"dcChargingParameters": details}
    else:
        mode = "AC_three_phase" if ratings.phases == 3 else "AC_single_phase"
        amps = known.get("max_charge_a", power_w / (ratings.phases * ratings.nominal_v))
        details = {"energyAmount": number(0), "evMinCurrent": number(6), "evMaxCurrent": number(amps)}
        needs = {"acChargingParameters": details | {"evMaxVoltage": number(ratings.nominal_v * 1.15)}}
    if not v21:
        return {"requestedEnergyTransfer": mode, **needs}
    if bidirectional:
        needs = {"v2xChargingParameters": {ours: known[name] for name, ours in V2X_FIELDS.items() if name in known}}
        mode = service
    needs["controlMode"] = "ScheduledControl" if control_mode == "scheduled" else "DynamicControl"
    return {"requestedEnergyTransfer": mode, **needs}

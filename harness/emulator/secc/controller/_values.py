"""Numbers as the three protocols write them, and the car's numbers read back out of the package's data context."""

from __future__ import annotations

from typing import Any

from iso15118.secc.controller.ev_data import (
    EVACCLLimits,
    EVACCPDLimits,
    EVDataContext,
    EVDCCLLimits,
    EVDCCPDLimits,
    EVRatedLimits,
    EVSessionLimits,
)
from iso15118.shared.messages.iso15118_20.common_types import RationalNumber

from harness.emulator.secc.controller._limits import EvBounds, scaled


def limit(value: float) -> Any:
    """A limit as an ISO 15118-20 RationalNumber, never rounded up."""
    exponent, raw = scaled(value, towards_zero=True)
    return RationalNumber(exponent=exponent, value=raw)


def measured(value: float) -> Any:
    """A measured value as an ISO 15118-20 RationalNumber, rounded to the nearest."""
    exponent, raw = scaled(value)
    return RationalNumber(exponent=exponent, value=raw)


def physical(kind: Any, value: float, unit: str, *, towards_zero: bool = True) -> Any:
    """A value as one of the PhysicalValue types that ISO 15118-2 and DIN 70121 share."""
    exponent, raw = scaled(value, towards_zero=towards_zero)
    return kind(multiplier=exponent, value=raw, unit=unit)


def fresh_ev_context() -> Any:
    """A data context that knows nothing; the package's own defaults are objects shared by all sessions."""
    return EVDataContext(
        rated_limits=EVRatedLimits(EVACCPDLimits(), EVDCCPDLimits()),
        session_limits=EVSessionLimits(EVACCLLimits(), EVDCCLLimits()),
    )


def ac_bounds(context: Any, nominal_v: float, phases: int) -> EvBounds:
    """The car's AC bounds as totals over the phases.

    ISO 15118-20: without values for L2 and L3 the first one is the total, else it is L1's. ISO 15118-2 knows only a
    current per phase.
    """
    now, rated = context.session_limits.ac_limits, context.rated_limits.ac_limits
    if rated.max_charge_current is not None:
        return EvBounds(
            max_charge_w=rated.max_charge_current * nominal_v * phases,
            min_charge_w=(rated.min_charge_current or 0.0) * nominal_v * phases,
            max_charge_a=rated.max_charge_current,
            max_u_v=rated.max_voltage,
        )
    return EvBounds(
        max_charge_w=_total(now, "max_charge_power"),
        min_charge_w=_total(now, "min_charge_power"),
        max_discharge_w=_total(now, "max_discharge_power"),
        min_discharge_w=_total(now, "min_discharge_power"),
    )


def dc_bounds(context: Any) -> EvBounds:
    """The car's DC bounds."""
    now, rated = context.session_limits.dc_limits, context.rated_limits.dc_limits
    return EvBounds(
        max_charge_w=now.max_charge_power,
        min_charge_w=now.min_charge_power,
        max_discharge_w=now.max_discharge_power,
        min_discharge_w=now.min_discharge_power,
        max_charge_a=now.max_charge_current,
        max_discharge_a=now.max_discharge_current,
        max_u_v=now.max_voltage,
        min_u_v=now.min_voltage if now.min_voltage is not None else rated.min_voltage,
    )


def ac_present_w(context: Any) -> float | None:
    """The car's own reading of its AC power, as a total."""
    return _total(context, "present_active_power")


def _total(limits: Any, name: str) -> float | None:
    first = getattr(limits, name)
    if first is None:
        return None
    return float(first) + sum(getattr(limits, f"{name}_{phase}") or 0.0 for phase in ("l2", "l3"))


def display_parameters(request: Any) -> dict[str, Any]:
    """What the car offers to show, by the standard's names in our units; empty when it offers nothing."""
    shown = getattr(request, "display_parameters", None)
    if shown is None:
        return {}
    names = {
        "present_soc": "soc_pct",
        "min_soc": "min_soc_pct",
        "target_soc": "target_soc_pct",
        "max_soc": "max_soc_pct",
        "remaining_time_to_min_soc": "to_min_soc_s",
        "remaining_time_to_target_soc": "to_target_soc_s",
        "remaining_time_to_max_soc": "to_max_soc_s",
        "charging_complete": "complete",
        "inlet_hot": "inlet_hot",
    }
    found = {ours: getattr(shown, theirs) for theirs, ours in names.items() if getattr(shown, theirs) is not None}
    if shown.battery_energy_capacity is not None:
        found["capacity_wh"] = shown.battery_energy_capacity.get_decimal_value()
    return found

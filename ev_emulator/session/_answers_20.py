"""What ISO 15118-20 responses mean for the car: offered services, parameter sets, targets and limits; no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ev_emulator._errors import NotOffered
from ev_emulator._names import CONTROL_MODES, MOBILITY_NEEDS, SERVICE_NAMES
from ev_emulator._values import number, phases_sum
from ev_emulator.session._schedule import as_list


@dataclass(frozen=True)
class ParameterSet:
    """One way of running a service, as the charger offers it."""

    id: int
    values: dict[str, Any]

    @property
    def control_mode(self) -> str | None:
        """ "Scheduled" or "Dynamic"."""
        return next((name for name, code in CONTROL_MODES.items() if code == self.values.get("ControlMode")), None)


@dataclass(frozen=True)
class Target:
    """What one charge loop response asks and allows. Powers in W, + charging, − discharging; limits are magnitudes.

    `power_w` is what the car's converter shall carry: in AC what the EVSE asks (None when it leaves it to the car,
    Scheduled mode only); in DC what the EVSE itself delivers now. `reactive_power_var` is AC only.
    """

    power_w: float | None
    voltage_v: float | None = None
    current_a: float | None = None
    reactive_power_var: float | None = None
    max_charge_power_w: float | None = None
    max_discharge_power_w: float | None = None
    max_charge_current_a: float | None = None
    max_discharge_current_a: float | None = None


def offered_services(service_discovery_res: dict[str, Any]) -> list[str]:
    """Names of the energy services offered, in the charger's order; an unknown id stays a number in text."""
    services = as_list((service_discovery_res.get("EnergyTransferServiceList") or {}).get("Service"))
    return [SERVICE_NAMES.get(each["ServiceID"], str(each["ServiceID"])) for each in services]


def parameter_sets(service_detail_res: dict[str, Any]) -> list[ParameterSet]:
    """The parameter sets of a ServiceDetailRes."""
    found = []
    for each in as_list((service_detail_res.get("ServiceParameterList") or {}).get("ParameterSet")):
        values: dict[str, Any] = {}
        for parameter in as_list(each.get("Parameter")):
            value = next((v for k, v in parameter.items() if k != "Name"), None)
            values[parameter["Name"]] = number(value) if isinstance(value, dict) else value
        found.append(ParameterSet(each["ParameterSetID"], values))
    return found


def choose_parameter_set(
    sets: list[ParameterSet], *, control_mode: str, mobility_needs: str | None, phases: int | None
) -> ParameterSet:
    """The first set with this control mode; among those, one whose mobility needs and AC connector suit the car.

    `mobility_needs` is "EVCC", "SECC" or None (the car's own needs preferred). Raises NotOffered.
    """
    wanted = MOBILITY_NEEDS[mobility_needs or "EVCC"]
    suiting = [each for each in sets if each.control_mode == control_mode]
    if mobility_needs is not None:
        suiting = [each for each in suiting if each.values.get("MobilityNeedsMode") == wanted]
    if not suiting:
        offered = sorted({str(each.control_mode) for each in sets}) or ["nothing"]
        needs = f" with mobility needs provided by the {mobility_needs}" if mobility_needs else ""
        raise NotOffered(f"no parameter set with control mode {control_mode}{needs}; offered: {', '.join(offered)}")

    def rank(each: ParameterSet) -> int:
        connector = {1: 1, 2: 3}.get(each.values.get("Connector", 0))  # Table 205: 1 single phase, 2 three-phase
        misfit = phases is not None and connector not in (None, phases)
        return 2 * int(misfit) + int(each.values.get("MobilityNeedsMode", wanted) != wanted)

    return min(suiting, key=rank)


def read_target(response: dict[str, Any]) -> Target:
    """The target in an AC_ or DC_ChargeLoopRes."""
    control = next((v for k, v in response.items() if k.endswith("CLResControlMode") and isinstance(v, dict)), {})
    voltage_v, current_a = number(response.get("EVSEPresentVoltage")), number(response.get("EVSEPresentCurrent"))
    if voltage_v is None or current_a is None:
        return Target(
            power_w=phases_sum(control, "EVSETargetActivePower"),
            reactive_power_var=phases_sum(control, "EVSETargetReactivePower"),
        )
    return Target(
        power_w=voltage_v * current_a,
        voltage_v=voltage_v,
        current_a=current_a,
        max_charge_power_w=magnitude(control, "EVSEMaximumChargePower"),
        max_discharge_power_w=magnitude(control, "EVSEMaximumDischargePower"),
        max_charge_current_a=magnitude(control, "EVSEMaximumChargeCurrent"),
        max_discharge_current_a=magnitude(control, "EVSEMaximumDischargeCurrent"),
    )


def magnitude(block: dict[str, Any], name: str) -> float | None:
    """A limit without its sign: chargers differ in the sign they give discharge limits."""
    value = phases_sum(block, name)
    return None if value is None else abs(value)


def notification(response: dict[str, Any]) -> str | None:
    """What the EVSE asks for in EVSEStatus: "Terminate", "Pause", "ScheduleRenegotiation" …; None when nothing."""
    status = response.get("EVSEStatus")
    return status.get("EVSENotification") if isinstance(status, dict) else None


def failed(response: dict[str, Any]) -> bool:
    """Whether the ResponseCode is one of the FAILED ones."""
    return str(response.get("ResponseCode", "")).startswith("FAILED")


def voltage(response: dict[str, Any]) -> float:
    """EVSEPresentVoltage in volts; 0 when it is missing."""
    return number(response.get("EVSEPresentVoltage")) or 0.0

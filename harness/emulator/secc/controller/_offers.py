"""What the charger offers: energy services with their parameter sets, energy transfer modes and power schedules."""

from __future__ import annotations

import time
from typing import Any

from iso15118.shared.messages.datatypes import PVPMax
from iso15118.shared.messages.din_spec.datatypes import PMaxScheduleEntry as PMaxScheduleDin
from iso15118.shared.messages.din_spec.datatypes import PMaxScheduleEntryDetails as PMaxEntryDin
from iso15118.shared.messages.din_spec.datatypes import RelativeTimeInterval as IntervalDin
from iso15118.shared.messages.din_spec.datatypes import SAScheduleTupleEntry as ScheduleDin
from iso15118.shared.messages.enums import EnergyTransferModeEnum, ParameterName, Protocol, ServiceV20
from iso15118.shared.messages.iso15118_2.datatypes import (
    PMaxSchedule,
    PMaxScheduleEntry,
    RelativeTimeInterval,
    SAScheduleTuple,
)
from iso15118.shared.messages.iso15118_20.common_messages import (
    ChargingSchedule,
    DischargingSchedule,
    DynamicScheduleExchangeResParams,
    Parameter,
    ParameterSet,
    PowerSchedule,
    PowerScheduleEntry,
    PowerScheduleEntryList,
    PriceLevelSchedule,
    PriceLevelScheduleEntry,
    PriceLevelScheduleEntryList,
    ScheduledScheduleExchangeResParams,
    ScheduleTuple,
    Service,
    ServiceList,
    ServiceParameterList,
)

from harness.emulator.secc._messages import SeccConfig, StationLimits
from harness.emulator.secc.controller._limits import scaled
from harness.emulator.secc.controller._values import limit

DAY_S = 86400


def offered_services(config: SeccConfig, station: StationLimits, protocol: Any) -> list[str]:
    """Services by name for the chosen ISO 15118-20 protocol: those of its connector that the station offers now."""
    family = "AC" if protocol == Protocol.ISO_15118_20_AC else "DC"
    allowed = config.services if station.services is None else station.services
    return [s for s in config.services if s in allowed and s.startswith(family)]


def service_list(names: list[str]) -> Any:
    """The EnergyTransferServiceList of these services."""
    return ServiceList(services=[Service(service_id=ServiceV20[n].id, free_service=False) for n in names])


def parameter_sets(config: SeccConfig, station: StationLimits, service_id: int) -> Any:
    """The parameter sets of one service (ISO 15118-20, Tables 205 to 208), one for each control mode, in our order.

    Mobility needs come from the car; schedules carry price levels; power goes both ways over one channel, the
    charger's inverter follows the grid and detects islanding actively.
    """
    name = ServiceV20.get_by_id(service_id).name
    modes = config.control_modes if station.control_modes is None else station.control_modes
    common = {ParameterName.CONNECTOR: 2 if config.phases == 3 or name.startswith("DC") else 1}
    if name.startswith("AC"):
        common[ParameterName.EVSE_NOMINAL_VOLTAGE] = round(config.nominal_v)
    if name.endswith("BPT"):
        common |= {ParameterName.BPT_CHANNEL: 1, ParameterName.GENERATOR_MODE: 1}
    if name == "AC_BPT":
        common[ParameterName.GRID_CODE_ISLANDING_DETECTION_MODE] = 1
    sets = []
    for number, mode in enumerate(modes, start=1):
        scheduled = mode == "scheduled"
        own = {
            ParameterName.CONTROL_MODE: 1 if scheduled else 2,
            ParameterName.MOBILITY_NEEDS_MODE: 1,
            ParameterName.PRICING: 2 if scheduled else 0,
        }
        values = {**common, **own}
        sets.append(ParameterSet(id=number, parameters=[Parameter(name=k, int_value=v) for k, v in values.items()]))
    return ServiceParameterList(parameter_sets=sets)


def energy_transfer_modes(config: SeccConfig, station: StationLimits, protocol: Any) -> list[Any]:
    """The modes of ISO 15118-2 and DIN 70121 at the connector in use; the first one is the most capable."""
    dc = EnergyTransferModeEnum.DC_EXTENDED
    if protocol == Protocol.DIN_SPEC_70121:
        return [dc]
    three, one = EnergyTransferModeEnum.AC_THREE_PHASE_CORE, EnergyTransferModeEnum.AC_SINGLE_PHASE_CORE
    ac = [three, one] if config.phases == 3 else [one]
    if station.connector == "ac":
        return ac
    return [dc] if station.connector == "dc" else [dc, *ac]


def schedule_exchange(config: SeccConfig, *, dynamic: bool, bidirectional: bool, departure_s: int | None) -> Any:
    """The answer to ScheduleExchangeReq.

    In Scheduled mode one tuple up to the nameplate in each direction: what binds within it is said in the charge loop
    (EVSETargetActivePower, EVSE…Power), because a schedule cannot be raised again without a renegotiation.
    In Dynamic mode nothing: the mobility needs are the car's.
    """
    if dynamic:
        return DynamicScheduleExchangeResParams()
    span = max(DAY_S, departure_s or 0)
    charging = ChargingSchedule(
        power_schedule=_power_schedule(config.max_charge_w, span), price_level_schedule=_prices(1, span)
    )
    discharging = None
    if bidirectional:
        discharging = DischargingSchedule(
            power_schedule=_power_schedule(config.max_discharge_w, span), price_level_schedule=_prices(2, span)
        )
    one = ScheduleTuple(schedule_tuple_id=1, charging_schedule=charging, discharging_schedule=discharging)
    return ScheduledScheduleExchangeResParams(schedule_tuples=[one])


def _power_schedule(power_w: float, span_s: int) -> Any:
    entries = PowerScheduleEntryList(entries=[PowerScheduleEntry(duration=span_s, power=limit(power_w))])
    return PowerSchedule(time_anchor=int(time.time()), schedule_entry_list=entries)


def _prices(schedule_id: int, span_s: int) -> Any:
    entries = PriceLevelScheduleEntryList(entries=[PriceLevelScheduleEntry(duration=span_s, price_level=0)])
    return PriceLevelSchedule(
        id=f"price{schedule_id}",
        time_anchor=int(time.time()),
        schedule_id=schedule_id,
        num_price_levels=1,
        schedule_entries=entries,
    )


def sa_schedules(config: SeccConfig, departure_s: int) -> list[Any]:
    """ISO 15118-2's SAScheduleList: one tuple without tariff up to the nameplate ([V2G2-303], [V2G2-304])."""
    exponent, raw = scaled(config.max_charge_w, towards_zero=True)
    entry = PMaxScheduleEntry(
        p_max=PVPMax(multiplier=exponent, value=raw, unit="W"),
        time_interval=RelativeTimeInterval(start=0, duration=departure_s or DAY_S),
    )
    return [SAScheduleTuple(sa_schedule_tuple_id=1, p_max_schedule=PMaxSchedule(schedule_entries=[entry]))]


def sa_schedules_din(config: SeccConfig) -> list[Any]:
    """DIN 70121's schedule: one entry for a day; its PMax is a plain 16-bit number of watts."""
    details = PMaxEntryDin(
        p_max=min(32767, int(config.max_charge_w)), time_interval=IntervalDin(start=0, duration=DAY_S)
    )
    return [
        ScheduleDin(
            sa_schedule_tuple_id=1, p_max_schedule=PMaxScheduleDin(p_max_schedule_id=0, entry_details=[details])
        )
    ]

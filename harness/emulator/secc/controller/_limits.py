"""Arithmetic of power: what the station permits, what the car permits, and where between them the power should be."""

from __future__ import annotations

from dataclasses import dataclass

from harness.emulator.secc._messages import SeccConfig, StationLimits


@dataclass(frozen=True)
class EvBounds:
    """What the car said it can do (W, A, V; magnitudes); None where it did not say."""

    max_charge_w: float | None = None
    min_charge_w: float | None = None
    max_discharge_w: float | None = None
    min_discharge_w: float | None = None
    max_charge_a: float | None = None
    max_discharge_a: float | None = None
    max_u_v: float | None = None
    min_u_v: float | None = None


@dataclass(frozen=True)
class Bounds:
    """Power permitted in each direction now, both >= 0 (W)."""

    charge_w: float
    discharge_w: float


def station_bounds(config: SeccConfig, station: StationLimits, *, ac: bool, bidirectional: bool) -> Bounds:
    """What the station itself permits: smart charging's limits, never above the nameplate."""
    charge = [config.max_charge_w, station.max_charge_w]
    discharge = [config.max_discharge_w, station.max_discharge_w]
    if ac:
        charge.append(config.max_a * config.nominal_v * config.phases)
        if station.per_phase_a is not None:
            charge.append(station.per_phase_a * config.nominal_v * config.phases)
    if station.fault:
        return Bounds(0.0, 0.0)
    return Bounds(max(0.0, min(charge)), max(0.0, min(discharge)) if bidirectional else 0.0)


def common_bounds(
    config: SeccConfig, station: Bounds, ev: EvBounds, *, bidirectional: bool, dc_u_v: float | None = None
) -> Bounds:
    """What station and car both permit. A car that names no discharge power in a bidirectional session has none.

    `dc_u_v` is the output's voltage in a DC session (None for AC): there the currents of both bind too, and a battery
    above its highest voltage takes nothing, one below its lowest gives nothing.
    """
    if config.ignores_ev_limits:
        return station
    charge = station.charge_w if ev.max_charge_w is None else min(station.charge_w, abs(ev.max_charge_w))
    discharge = min(station.discharge_w, abs(ev.max_discharge_w or 0.0)) if bidirectional else 0.0
    if dc_u_v:
        charge = min(charge, dc_u_v * _least(config.dc_max_a, ev.max_charge_a))
        discharge = min(discharge, dc_u_v * _least(config.dc_max_a, ev.max_discharge_a))
        if ev.max_u_v is not None and dc_u_v > ev.max_u_v:
            charge = 0.0
        if ev.min_u_v is not None and dc_u_v < ev.min_u_v:
            discharge = 0.0
    return Bounds(charge, discharge)


def _least(own: float, other: float | None) -> float:
    return own if other is None else min(own, abs(other))


def wanted_power(config: SeccConfig, setpoint_w: float | None, bounds: Bounds, ev: EvBounds) -> float:
    """The power to run at (+ charging): the setpoint within `bounds`, or all the car may have when there is none.

    A power below the least the car can hold in that direction becomes 0: going up to it would break the setpoint.
    """
    wanted = bounds.charge_w if setpoint_w is None or config.ignores_setpoint else setpoint_w
    wanted = min(bounds.charge_w, max(-bounds.discharge_w, wanted))
    least = abs((ev.min_charge_w if wanted > 0 else ev.min_discharge_w) or 0.0)
    return 0.0 if abs(wanted) < least and not config.ignores_ev_limits else wanted


def narrowed(bounds: Bounds, setpoint_w: float | None, config: SeccConfig) -> Bounds:
    """The bounds told to a DC car: a setpoint narrows its own direction and closes the other.

    DC has no target field; the power stage in the station runs at the setpoint, and the bounds let the car see it.
    """
    if setpoint_w is None or config.ignores_setpoint:
        return bounds
    if setpoint_w >= 0:
        return Bounds(min(bounds.charge_w, setpoint_w), 0.0)
    return Bounds(0.0, min(bounds.discharge_w, -setpoint_w))


def dc_current(config: SeccConfig, power_w: float, present_u_v: float) -> float:
    """The current limit that goes with a power limit at the present voltage, never above the nameplate."""
    if power_w <= 0.0:
        return 0.0
    if present_u_v < config.dc_min_v:
        return config.dc_max_a
    return min(config.dc_max_a, power_w / present_u_v)


def scaled(value: float, *, towards_zero: bool = False) -> tuple[int, int]:
    """A number as (exponent, 16-bit value) with exponent -3..3, the best that fits; limits round towards zero."""
    if float(value).is_integer() and abs(value) <= 32767:
        return 0, int(value)
    for exponent in range(-3, 4):
        raw = value / 10.0**exponent
        if abs(raw) < 32767:
            return exponent, int(raw + (1e-6 if raw > 0 else -1e-6)) if towards_zero else round(raw)
    raise ValueError(f"{value} does not fit a physical value")

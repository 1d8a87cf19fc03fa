"""Where the emulated station's rooms meet: the electrical plant below, OCPP above, the car's talk beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Ratings:
    """Nameplate of each EVSE: connector 1 is AC (Type 2), connector 2 is DC (CCS 2); one car at a time."""

    model: str = "Emulated-BiDi-22"
    vendor: str = "chargeproof emulation"
    serial: str = "EMU-0001"
    firmware: str = "1.4.2"
    phases: int = 3
    nominal_v: float = 230.0
    max_a: float = 32.0
    max_charge_w: float = 22080.0
    max_discharge_w: float = 11040.0
    dc_min_v: float = 150.0
    dc_max_v: float = 500.0
    dc_max_a: float = 60.0


@dataclass(frozen=True)
class PowerLimits:
    """What the station allows at its EVSE now: the outcome of smart charging and local limits.

    `charge_w` >= 0 and `discharge_w` >= 0 bound the power in each direction; `per_phase_a` bounds charging per phase;
    `setpoint_w` is a wanted power (+ to the car, - to the grid) or None when the car decides within the bounds.
    """

    charge_w: float
    discharge_w: float
    per_phase_a: float
    setpoint_w: float | None = None
    phases: int = 3


@dataclass(frozen=True)
class Readings:
    """What the station's own meter sees at the grid side. Power + is import (charging), - is export."""

    t_ns: int
    p_w: float
    i_a: tuple[float, float, float]
    u_v: tuple[float, float, float]
    freq_hz: float
    import_wh: float
    export_wh: float
    dc_u_v: float | None = None
    dc_i_a: float | None = None
    soc_pct: float | None = None


@dataclass(frozen=True)
class PlantEvent:
    """Something physical happened: "plugged", "unplugged", "pilot", "contactor", "power_on", "power_off", "fault"."""

    what: str
    connector: int = 1
    value: str = ""


class PlantPort(Protocol):
    """The electrical plant as OCPP and the SECC see it."""

    @property
    def ratings(self) -> Ratings:
        """The nameplate."""

    @property
    def pilot(self) -> str:
        """Control-pilot state "A".."F" of the connected car (A when none)."""

    @property
    def plugged_connector(self) -> int | None:
        """1 (AC), 2 (DC) or None."""

    @property
    def contactor_closed(self) -> bool:
        """Whether voltage stands at the car's contacts."""

    def readings(self) -> Readings:
        """The station meter's present values."""

    def allow(self, limits: PowerLimits) -> None:
        """Set the bounds; the pilot's duty cycle and the power stage follow with the plant's ramp."""

    def enable(self, on: bool) -> None:
        """Authorise delivery (a transaction is running) or withdraw it."""

    def subscribe(self, listener: Callable[[PlantEvent], None]) -> None:
        """Be told of physical events, on the event loop."""


class EnergyPort(Protocol):
    """The OCPP side as plant, panel and SECC see it."""

    @property
    def limits(self) -> PowerLimits:
        """The limits now in force."""

    @property
    def transaction_id(self) -> str | None:
        """The running transaction, if any."""

    def set_external_limit(self, charge_w: float | None, discharge_w: float | None = None) -> None:
        """A limit from the local energy manager's port (None clears it): ChargingStationExternalConstraints."""

    def car_session(self, event: str, data: dict[str, object]) -> None:
        """ISO 15118 news from the SECC: session started, service selected, charging needs, power delivery, stopped."""

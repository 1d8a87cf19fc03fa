"""The car at the outlet, as the control-pilot box plays it: what it shows on the pilot and what it draws."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.emulator.plant._battery import Battery

CABLE_RATINGS_A = (13.0, 20.0, 32.0, 63.0)  # by the proximity resistor, IEC 61851-1 Annex B


@dataclass
class Car:
    """What the bench has set. `state` is the pilot state the car's resistor and switch would give, "A".."E".

    `max_a` is the most its AC charger draws per phase. `power_w` is what its AC charger is told to do while it talks
    ISO 15118 (+ charges, - discharges).
    """

    connector: int | None = None
    state: str = "A"
    diode_ok: bool = True
    max_a: float = 32.0
    phases: int = 3
    cable_a: float = 32.0
    power_w: float = 0.0
    obeys_duty_to: float = 0.995  # a real charger stays a little below what it is offered
    efficiency: float = 0.95
    battery: Battery = field(default_factory=Battery)


@dataclass(frozen=True)
class HlcRequest:
    """What the car has agreed with the SECC: energy transfer on or off, and its target on the DC side.

    `output_on` without `charging` puts the DC output on the cable for cable check and pre-charge, at `target_u_v`.
    `target_i_a` and `target_p_w` are + to the car, - from the car. With neither, the station's set point rules.
    `max_charge_w`/`max_discharge_w` are the car's own limits, both >= 0, None when it gave none.
    """

    charging: bool
    output_on: bool
    target_u_v: float | None = None
    target_i_a: float | None = None
    target_p_w: float | None = None
    max_charge_w: float | None = None
    max_discharge_w: float | None = None

"""Between SECC and plant: the SECC hears the station's state, the plant and OCPP hear what the car agreed."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.emulator._needs import charging_needs
from harness.emulator._ports import EnergyPort
from harness.emulator.plant import Plant, dc_side_w
from harness.emulator.secc import Secc, SeccConfig, SeccEvent, StationLimits

FEED_S = 0.05
ISOLATION_NS = 300_000_000  # how long the insulation is measured
SECC_CONNECTORS = {1: "ac", 2: "dc"}
log = logging.getLogger("station.car")


class CarLink:
    """Feeds `secc` every 50 ms and at every physical event, and follows its events.

    In DC the car hears powers at its own terminals, not the grid's.
    `speaks_2_1` tells how OCPP wants the car's needs. Defects may replace `state` or `heard`.
    """

    def __init__(self, plant: Plant, energy: EnergyPort, secc: Secc, speaks_2_1: Callable[[], bool]) -> None:
        self.plant, self.energy, self.secc = plant, energy, secc
        self._speaks_2_1 = speaks_2_1
        self._service = ""
        self._control_mode = ""
        self._needs_told = False
        self._precharge_v: float | None = None
        self._check_since_ns: int | None = None
        secc.on_event = self._safely
        plant.subscribe(lambda _: secc.feed(self.state()))  # a car may talk within milliseconds of being plugged in

    def config(self, interface: str) -> SeccConfig:
        """The SECC's nameplate, from the plant's."""
        ratings = self.plant.ratings
        return SeccConfig(
            interface=interface,
            phases=ratings.phases,
            nominal_v=ratings.nominal_v,
            max_a=ratings.max_a,
            max_charge_w=ratings.max_charge_w,
            max_discharge_w=ratings.max_discharge_w,
            dc_min_v=ratings.dc_min_v,
            dc_max_v=ratings.dc_max_v,
            dc_max_a=ratings.dc_max_a,
        )

    async def start(self, interface: str, state_dir: Path) -> None:
        """Start the SECC process. Raises SeccError."""
        await self.secc.start(self.config(interface), state_dir / "secc")

    async def run(self) -> None:
        """Feed the SECC until cancelled."""
        while True:
            self.secc.feed(self.state())
            await asyncio.sleep(FEED_S)

    def facts(self) -> dict[str, Any]:
        """What the ready line says of the SECC."""
        return dataclasses.asdict(self.secc.ready)

    def state(self) -> StationLimits:
        """The station as the SECC has to see it now."""
        plant, limits = self.plant, self.plant.limits
        now = plant.readings()
        dc = plant.plugged_connector == 2
        convert: Callable[[float], float] = dc_side_w if dc else lambda power_w: power_w
        volts = (now.dc_u_v or 0.0) if dc else now.u_v[0]
        amps = (now.dc_i_a or 0.0) if dc else now.p_w / volts if volts else 0.0
        request = plant.dc.request
        stop = request is not None and request.output_on and not plant.enabled
        return StationLimits(
            authorised=plant.enabled,
            connector=SECC_CONNECTORS.get(plant.plugged_connector or 0),
            max_charge_w=convert(limits.charge_w),
            max_discharge_w=-convert(-limits.discharge_w),
            setpoint_w=None if limits.setpoint_w is None else convert(limits.setpoint_w),
            per_phase_a=None if dc else limits.per_phase_a,
            u_v=round(volts, 2),
            i_a=round(amps, 2),
            p_w=round(convert(now.p_w), 1),
            contactor_closed=plant.contactor_closed,
            cp_state=plant.pilot,
            isolation=self._isolation(),
            import_wh=round(now.import_wh, 1),
            export_wh=round(now.export_wh, 1),
            notification="stop" if stop else "none",
            fault=plant.fault,
        )

    def heard(self, event: SeccEvent) -> None:
        """News of the car: the plant follows, then OCPP is told."""
        data, plant = event.data, self.plant
        match event.what:
            case "session_started":
                self._needs_told, self._precharge_v, self._check_since_ns = False, None, None
                plant.hlc(charging=False)
                self.energy.car_session("session", {"evccid": data["evccid"], "protocol": data["protocol"]})
            case "service_selected":
                self._service, self._control_mode = data["service"], data["control_mode"]
            case "charge_parameters" if not self._needs_told:
                self._needs_told = True
                soc = plant.readings().soc_pct
                needs = charging_needs(
                    self._service, self._control_mode, data["ev"], soc, plant.ratings, v21=self._speaks_2_1()
                )
                self.energy.car_session("needs", {"chargingNeeds": needs})
            case "cable_check":
                self._check_since_ns = plant.now_ns
                plant.hlc(charging=False, output_on=True, target_u_v=plant.ratings.dc_max_v)
            case "precharge":
                self._precharge_v = data["u_v"]
                plant.car.battery.rests_at(data["u_v"])
                plant.hlc(charging=False, output_on=True, target_u_v=data["u_v"])
            case "power_on":
                plant.hlc(charging=True, target_u_v=self._precharge_v, target_p_w=0.0)
            case "loop":
                bounds = data["ev"]
                plant.hlc(
                    charging=True,
                    target_u_v=data["ev_target_u_v"],
                    target_p_w=data["wanted_w"],
                    max_charge_w=bounds["max_charge_w"],
                    max_discharge_w=bounds["max_discharge_w"],
                )
            case "power_off":
                self._check_since_ns = None
                plant.hlc(charging=False)
            case "session_stopped":
                self._check_since_ns = None
                plant.hlc_end()
                self.energy.car_session("stopped", {})

    def _safely(self, event: SeccEvent) -> None:
        if event.what != "loop":
            log.info("%s %s", event.what, event.data)
        try:
            self.heard(event)
        except Exception:
            log.exception("the car's news could not be followed: %s", event.what)

    def _isolation(self) -> str:
        """Unknown while the cable check measures, then valid."""
        if self._check_since_ns is None:
            return "valid"
        measured = self.plant.contactor_closed and self.plant.now_ns - self._check_since_ns > ISOLATION_NS
        return "valid" if measured else ""

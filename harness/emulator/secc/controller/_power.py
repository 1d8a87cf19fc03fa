"""The controller's DC answers, and with them the whole controller: limits and present values in all three protocols."""

from __future__ import annotations

from typing import Any

from iso15118.secc.controller.common import UnknownEnergyService
from iso15118.shared.messages.datatypes import (
    DCEVSEChargeParameter,
    DCEVSEStatus,
    DCEVSEStatusCode,
    PVEVSEMaxCurrent,
    PVEVSEMaxCurrentLimit,
    PVEVSEMaxPowerLimit,
    PVEVSEMaxVoltageLimit,
    PVEVSEMinCurrentLimit,
    PVEVSEMinVoltageLimit,
    PVEVSEPeakCurrentRipple,
    PVEVSEPresentCurrent,
    PVEVSEPresentVoltage,
)
from iso15118.shared.messages.enums import ControlMode, IsolationLevel, Protocol, ServiceV20
from iso15118.shared.messages.iso15118_20.dc import (
    BPTDCChargeParameterDiscoveryResParams,
    BPTDynamicDCChargeLoopRes,
    BPTScheduledDCChargeLoopResParams,
    DCChargeParameterDiscoveryResParams,
    DynamicDCChargeLoopRes,
    ScheduledDCChargeLoopResParams,
)

from harness.emulator.secc.controller._ac import AcController
from harness.emulator.secc.controller._limits import dc_current, narrowed
from harness.emulator.secc.controller._values import limit, measured, physical

_OLD = (Protocol.DIN_SPEC_70121, Protocol.ISO_15118_2)
_ISOLATION = {
    "": IsolationLevel.INVALID,
    "valid": IsolationLevel.VALID,
    "warning": IsolationLevel.WARNING,
    "fault": IsolationLevel.FAULT,
}


class EvseController(AcController):
    """The whole controller."""

    async def get_dc_evse_status(self) -> Any:
        """ISO 15118-2 and DIN 70121, DC_EVSEStatus."""
        code = DCEVSEStatusCode.EVSE_READY if self.charging or self.cable_checked else DCEVSEStatusCode.EVSE_NOT_READY
        if self.cable_checked and not self.station.isolation:
            code = DCEVSEStatusCode.EVSE_ISOLATION_MONITORING_ACTIVE
        if self.station.notification in ("stop", "pause"):
            code = DCEVSEStatusCode.EVSE_SHUTDOWN
        if self.station.fault:
            code = DCEVSEStatusCode.EVSE_MALFUNCTION
        return DCEVSEStatus(
            notification_max_delay=self.station.notification_max_delay_s,
            evse_notification=self.notification_v2(),
            evse_isolation_status=_ISOLATION[self.station.isolation],
            evse_status_code=code,
        )

    async def get_dc_charge_parameters(self) -> Any:
        """ISO 15118-2 and DIN 70121: the nameplate."""
        cfg = self.config
        return DCEVSEChargeParameter(
            dc_evse_status=await self.get_dc_evse_status(),
            evse_maximum_power_limit=physical(PVEVSEMaxPowerLimit, cfg.max_charge_w, "W"),
            evse_maximum_current_limit=physical(PVEVSEMaxCurrentLimit, cfg.dc_max_a, "A"),
            evse_maximum_voltage_limit=physical(PVEVSEMaxVoltageLimit, cfg.dc_max_v, "V"),
            evse_minimum_current_limit=physical(PVEVSEMinCurrentLimit, 0.0, "A"),
            evse_minimum_voltage_limit=physical(PVEVSEMinVoltageLimit, cfg.dc_min_v, "V"),
            evse_peak_current_ripple=physical(PVEVSEPeakCurrentRipple, 1.0, "A"),
        )

    async def get_dc_charge_params_v20(self, energy_service: Any) -> Any:
        """ISO 15118-20: the nameplate."""
        cfg = self.config
        common = {
            "evse_max_charge_power": limit(cfg.max_charge_w),
            "evse_min_charge_power": limit(0.0),
            "evse_max_charge_current": limit(cfg.dc_max_a),
            "evse_min_charge_current": limit(0.0),
            "evse_max_voltage": limit(cfg.dc_max_v),
            "evse_min_voltage": limit(cfg.dc_min_v),
        }
        if energy_service == ServiceV20.DC:
            return DCChargeParameterDiscoveryResParams(**common)
        if energy_service == ServiceV20.DC_BPT:
            return BPTDCChargeParameterDiscoveryResParams(
                **common,
                evse_max_discharge_power=limit(cfg.max_discharge_w),
                evse_min_discharge_power=limit(0.0),
                evse_max_discharge_current=limit(cfg.dc_max_a),
                evse_min_discharge_current=limit(0.0),
            )
        raise UnknownEnergyService(f"no DC service: {energy_service}")

    async def get_dc_charge_loop_params_v20(self, control_mode: Any, selected_service: Any) -> Any:
        """The bounds in force, narrowed to the setpoint's direction when there is one."""
        now = narrowed(self.own_bounds(), self.station.setpoint_w, self.config)
        u_v = self.station.u_v
        values = {
            "evse_maximum_charge_power": limit(now.charge_w),
            "evse_minimum_charge_power": limit(0.0),
            "evse_maximum_charge_current": limit(dc_current(self.config, now.charge_w, u_v)),
            "evse_maximum_voltage": limit(self.config.dc_max_v),
        }
        dynamic = control_mode == ControlMode.DYNAMIC
        if selected_service == ServiceV20.DC:
            return (DynamicDCChargeLoopRes if dynamic else ScheduledDCChargeLoopResParams)(**values)
        values |= {
            "evse_max_discharge_power": limit(now.discharge_w),
            "evse_min_discharge_power": limit(0.0),
            "evse_max_discharge_current": limit(dc_current(self.config, now.discharge_w, u_v)),
            "evse_min_voltage": limit(self.config.dc_min_v),
        }
        return (BPTDynamicDCChargeLoopRes if dynamic else BPTScheduledDCChargeLoopResParams)(**values)

    async def get_evse_present_voltage(self, protocol: Any) -> Any:
        """The output's voltage."""
        if protocol in _OLD:
            return physical(PVEVSEPresentVoltage, max(0.0, self.station.u_v), "V", towards_zero=False)
        return measured(self.station.u_v)

    async def get_evse_present_current(self, protocol: Any) -> Any:
        """The output's current, negative while discharging."""
        if protocol in _OLD:
            return physical(PVEVSEPresentCurrent, self.station.i_a, "A", towards_zero=False)
        return measured(self.station.i_a)

    async def get_evse_max_voltage_limit(self) -> Any:
        """ISO 15118-2 and DIN 70121."""
        return physical(PVEVSEMaxVoltageLimit, self.config.dc_max_v, "V")

    async def get_evse_max_current_limit(self) -> Any:
        """ISO 15118-2 and DIN 70121: AC per phase, DC at the present voltage."""
        if self.ac:
            return physical(PVEVSEMaxCurrent, self.line_current_a(), "A")
        return physical(PVEVSEMaxCurrentLimit, dc_current(self.config, self._charge_only_w(), self.station.u_v), "A")

    async def get_evse_max_power_limit(self) -> Any:
        """ISO 15118-2 and DIN 70121."""
        return physical(PVEVSEMaxPowerLimit, self._charge_only_w(), "W")

    def _charge_only_w(self) -> float:
        return narrowed(self.own_bounds(), self.station.setpoint_w, self.config).charge_w

    async def get_cable_check_status(self) -> Any:
        """None while it is being measured."""
        return _ISOLATION[self.station.isolation] if self.station.isolation else None

    async def send_charging_command(
        self, ev_target_voltage: float | None, ev_target_current: float | None, *_: Any, **__: Any
    ) -> None:
        """Precharge voltage. Inside the loop the session reports; the package's precharge flag is wrong for BPT."""
        if not self.charging and ev_target_voltage is not None:
            self.tell("precharge", u_v=min(ev_target_voltage, self.config.dc_max_v))

    def asked_w(self) -> float:
        """What a car that commands current and voltage gets: its current at the present voltage, capped by us."""
        asked, wanted = self._commanded_w(), self.wanted_w()
        now = self.bounds()
        low, high = -now.discharge_w, now.charge_w
        if self.station.setpoint_w is not None and not self.config.ignores_setpoint:
            low, high = min(0.0, wanted), max(0.0, wanted)
        return min(high, max(low, asked))

    def _commanded_w(self) -> float:
        context = self.ev_data_context
        u_v = self.station.u_v if self.station.u_v >= self.config.dc_min_v else context.target_voltage or 0.0
        return float((context.target_current or 0.0) * u_v)

    async def is_evse_power_limit_achieved(self) -> bool:
        """Whether the car asks for as much as is permitted, or more."""
        asked = self.wanted_w() if self.control_mode == "dynamic" else self._commanded_w()
        now = narrowed(self.own_bounds(), self.station.setpoint_w, self.config)
        return bool(asked >= now.charge_w if asked >= 0 else -asked >= now.discharge_w)

    async def is_evse_current_limit_achieved(self) -> bool:
        """Whether the car asks for the nameplate's current or more."""
        return bool(abs(self.ev_data_context.target_current or 0.0) >= self.config.dc_max_a)

    async def is_evse_voltage_limit_achieved(self) -> bool:
        """Whether the car asks for the nameplate's voltage or more."""
        return bool((self.ev_data_context.target_voltage or 0.0) >= self.config.dc_max_v)

"""The controller's AC answers: line current in ISO 15118-2, target power in ISO 15118-20."""

from __future__ import annotations

from typing import Any

from iso15118.secc.controller.common import UnknownEnergyService
from iso15118.shared.messages.datatypes import EVSENotification as NotificationV2
from iso15118.shared.messages.enums import ControlMode, ServiceV20
from iso15118.shared.messages.iso15118_2.datatypes import (
    ACEVSEChargeParameter,
    ACEVSEStatus,
    PVEVSEMaxCurrent,
    PVEVSENominalVoltage,
)
from iso15118.shared.messages.iso15118_20.ac import (
    ACChargeParameterDiscoveryResParams,
    BPTACChargeParameterDiscoveryResParams,
    BPTDynamicACChargeLoopResParams,
    BPTScheduledACChargeLoopResParams,
    DynamicACChargeLoopResParams,
    ScheduledACChargeLoopResParams,
)

from harness.emulator.secc.controller._controller import Controller
from harness.emulator.secc.controller._values import limit, measured, physical

_NOTIFICATION_V2 = {
    "none": NotificationV2.NONE,
    "stop": NotificationV2.STOP_CHARGING,
    "pause": NotificationV2.STOP_CHARGING,
    "renegotiate_service": NotificationV2.RE_NEGOTIATION,
    "renegotiate_schedule": NotificationV2.RE_NEGOTIATION,
}


class AcController(Controller):
    """Controller with its AC half."""

    def notification_v2(self) -> Any:
        """What ISO 15118-2 and DIN 70121 put into EVSENotification."""
        return _NOTIFICATION_V2["stop" if self.station.fault else self.station.notification]

    def line_current_a(self) -> float:
        """What each phase may carry now; a unidirectional car that should discharge may carry nothing."""
        setpoint = self.station.setpoint_w
        charge = self.own_bounds().charge_w
        if setpoint is not None and not self.config.ignores_setpoint:
            charge = min(charge, max(0.0, setpoint))
        return charge / (self.phases * self.config.nominal_v)

    async def get_ac_evse_status(self) -> Any:
        """ISO 15118-2, AC_EVSEStatus."""
        return ACEVSEStatus(
            notification_max_delay=self.station.notification_max_delay_s,
            evse_notification=self.notification_v2(),
            rcd="rcd" in self.station.fault.lower(),
        )

    async def get_ac_charge_params_v2(self) -> Any:
        """ISO 15118-2: the present current limit already binds here, before the first ChargingStatusRes."""
        self.service = "AC"
        return ACEVSEChargeParameter(
            ac_evse_status=await self.get_ac_evse_status(),
            evse_nominal_voltage=physical(PVEVSENominalVoltage, self.config.nominal_v, "V"),
            evse_max_current=physical(PVEVSEMaxCurrent, self.line_current_a(), "A"),
        )

    async def get_ac_charge_params_v20(self, energy_service: Any) -> Any:
        """ISO 15118-20: the nameplate, as totals over the phases."""
        cfg = self.config
        common = {
            "evse_max_charge_power": limit(min(cfg.max_charge_w, cfg.max_a * cfg.nominal_v * cfg.phases)),
            "evse_min_charge_power": limit(0.0),
            "evse_nominal_frequency": measured(cfg.frequency_hz),
            "evse_present_active_power": measured(self.station.p_w),
        }
        if energy_service == ServiceV20.AC:
            return ACChargeParameterDiscoveryResParams(**common)
        if energy_service == ServiceV20.AC_BPT:
            return BPTACChargeParameterDiscoveryResParams(
                **common,
                evse_max_discharge_power=limit(cfg.max_discharge_w),
                evse_min_discharge_power=limit(0.0),
            )
        raise UnknownEnergyService(f"no AC service: {energy_service}")

    async def get_ac_charge_loop_params_v20(self, control_mode: Any, selected_service: Any) -> Any:
        """EVSETargetActivePower: in Dynamic the power to run at; in Scheduled only when something binds now."""
        bidirectional = selected_service == ServiceV20.AC_BPT
        present = {"evse_present_active_power": measured(self.station.p_w)}
        target = {"evse_target_active_power": limit(self.wanted_w())}
        if control_mode == ControlMode.DYNAMIC:
            kind = BPTDynamicACChargeLoopResParams if bidirectional else DynamicACChargeLoopResParams
            return kind(**target, **present)
        binds = self.station.setpoint_w is not None or self.own_bounds().charge_w < self.config.max_charge_w
        kind = BPTScheduledACChargeLoopResParams if bidirectional else ScheduledACChargeLoopResParams
        return kind(**(target if binds else {}), **present)

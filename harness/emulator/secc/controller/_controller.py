"""Our EVSE controller behind the package's state machines: what all protocols share."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from iso15118.secc.controller.interface import (
    AuthorizationResponse,
    ServiceStatus,
)
from iso15118.shared.messages.enums import AuthorizationStatus, ControlMode, CpState, Protocol, ServiceV20
from iso15118.shared.messages.iso15118_2.datatypes import MeterInfo as MeterInfoV2
from iso15118.shared.messages.iso15118_20.common_types import EVSENotification, EVSEStatus
from iso15118.shared.messages.iso15118_20.common_types import MeterInfo as MeterInfoV20
from iso15118.shared.messages.iso15118_20.common_types import ResponseCode as ResponseCodeV20

from harness.emulator.secc.controller import _offers
from harness.emulator.secc.controller._station_side import StationSide

_CONTACTOR_S = 1.2  # within V2G_SECC_Msg_Performance_Time of 1.5 s (ISO 15118-20, Table 215)
_IDLE_A = 5.0  # below this the car counts as not drawing power any more

_NOTIFICATION_V20 = {
    "stop": EVSENotification.TERMINATE,
    "pause": EVSENotification.PAUSE,
    "renegotiate_service": EVSENotification.SERVICE_RENEGOTIATION,
    "renegotiate_schedule": EVSENotification.SCHEDULE_RENEGOTIATION,
}


class Controller(StationSide):
    """Answers the state machines from the station's last word, and tells the station what the car does."""

    # --- the package's side: identity, authorisation, offers ----------------------------------------------------

    async def set_status(self, status: ServiceStatus) -> None:
        """Our listener reports readiness itself."""

    async def get_evse_id(self, protocol: Any) -> str:
        """DIN 70121 wants the identifier as hex digits."""
        return self.config.evse_id_din_hex if protocol == Protocol.DIN_SPEC_70121 else self.config.evse_id

    async def get_supported_energy_transfer_modes(self, protocol: Any) -> list[Any]:
        """Modes of the connector in use."""
        return _offers.energy_transfer_modes(self.config, self.station, protocol)

    async def get_energy_service_list(self) -> Any:
        """Services of the connector in use."""
        return _offers.service_list(_offers.offered_services(self.config, self.station, self.get_selected_protocol()))

    async def get_service_parameter_list(self, service_id: int) -> Any:
        """Parameter sets of one service."""
        return _offers.parameter_sets(self.config, self.station, service_id)

    async def get_schedule_exchange_params(self, selected: Any, control_mode: Any, request: Any) -> Any:
        """Schedules for the selected service."""
        return _offers.schedule_exchange(
            self.config,
            dynamic=control_mode == ControlMode.DYNAMIC,
            bidirectional=selected.service in (ServiceV20.AC_BPT, ServiceV20.DC_BPT),
            departure_s=self.ev_data_context.departure_time,
        )

    async def get_sa_schedule_list(self, context: Any, free: bool, most: int | None, departure_time: int = 0) -> Any:
        """Schedules of ISO 15118-2."""
        return _offers.sa_schedules(self.config, departure_time)

    async def get_sa_schedule_list_dinspec(self, most: int | None, departure_time: int = 0) -> Any:
        """Schedules of DIN 70121."""
        return _offers.sa_schedules_din(self.config)

    def is_eim_authorized(self) -> bool:
        """Only external identification is offered (no contract certificates)."""
        return True

    async def is_authorized(self, *_: Any, **__: Any) -> Any:
        """Accepted, rejected, or waiting for the driver, as the station says."""
        if self.station.rejected:
            v20 = str(self.get_selected_protocol().ns).startswith("urn:iso:std:iso:15118:-20")
            code = ResponseCodeV20.WARN_EIM_AUTH_FAILED if v20 else ResponseCodeV20.FAILED
            return AuthorizationResponse(AuthorizationStatus.REJECTED, code)
        status = AuthorizationStatus.ACCEPTED if self.station.authorised else AuthorizationStatus.ONGOING
        return AuthorizationResponse(status)

    async def get_supported_providers(self) -> None:
        """Contract certificates are not supported."""

    async def get_15118_ev_certificate(self, request: str, namespace: str) -> str:
        """Certificate installation is not offered; a car that asks for it all the same gets a FAILED response."""
        raise NotImplementedError("certificate installation is not offered")

    async def service_renegotiation_supported(self) -> bool:
        """Not supported, and said so in ServiceDiscoveryRes."""
        return False

    def ready_to_charge(self) -> bool:
        """Whether the station is."""
        return self.station.ready

    # --- the package's side: the physical world -----------------------------------------------------------------

    async def set_hlc_charging(self, is_ongoing: bool) -> None:
        """PowerDelivery: the car starts or ends the energy transfer."""
        if is_ongoing and not self.charging:
            self.charging = True
            self.tell("power_on", service=self.service, control_mode=self.control_mode)
        elif not is_ongoing:
            self.power_off()

    def power_off(self) -> None:
        """Tell the station once that the energy transfer or the preparation of it has ended."""
        if self.charging or self.cable_checked:
            self.charging = self.cable_checked = False
            self.tell("power_off")

    async def stop_charger(self) -> None:
        """Ramp down."""
        self.power_off()

    async def get_cp_state(self) -> Any:
        """The pilot's state with PWM on."""
        letter = self.station.cp_state[:1].upper()
        return CpState(letter) if letter in "EF" else CpState(f"{letter}2")

    async def is_contactor_closed(self) -> bool | None:
        """For AC wait within the response's time; for DC (cable check) None while it has not closed yet."""
        if self.ac:
            return await self.until(lambda: self.station.contactor_closed, _CONTACTOR_S)
        if self.charging:
            return await self.until(lambda: self.station.contactor_closed, _CONTACTOR_S)
        return True if self.station.contactor_closed else None

    async def is_contactor_opened(self) -> bool:
        """Open, or at least without current: an AC contactor may wait for the car to leave state C."""
        await self.until(lambda: not self.station.contactor_closed, _CONTACTOR_S)
        return not self.station.contactor_closed or abs(self.station.i_a) < _IDLE_A

    async def start_cable_check(self) -> None:
        """DC: close the output contactor and measure the isolation."""
        if not self.cable_checked:
            self.cable_checked = True
            self.tell("cable_check")

    async def get_evse_status(self) -> Any:
        """ISO 15118-20's EVSEStatus; None when there is nothing to notify."""
        notification = "stop" if self.station.fault else self.station.notification
        if notification == "none":
            return None
        return EVSEStatus(
            notification_max_delay=self.station.notification_max_delay_s,
            evse_notification=_NOTIFICATION_V20[notification],
        )

    async def get_meter_info_v2(self) -> Any:
        """The station meter's import register."""
        return MeterInfoV2(
            meter_id=self.config.meter_id, meter_reading=int(self.station.import_wh), t_meter=int(time.time())
        )

    async def get_meter_info_v20(self) -> Any:
        """The station meter's registers."""
        return MeterInfoV20(
            meter_id=self.config.meter_id,
            charged_energy_reading_wh=int(self.station.import_wh),
            bpt_discharged_energy_reading_wh=int(self.station.export_wh) if self.bidirectional else None,
            meter_timestamp=int(time.time()),
        )

    async def send_rated_limits(self) -> None:
        """ChargeParameterDiscovery was read: pass the car's bounds on."""
        mode = self.ev_data_context.selected_energy_mode
        if mode is not None:
            self.single_phase = "single" in mode.value
            self.select("AC" if mode.value.startswith("AC") else "DC", "scheduled")
        self.tell("charge_parameters", ev=asdict(self.ev_bounds()))

    async def send_display_params(self) -> None:
        """Read from the request itself (AC would lose them here)."""

    async def set_present_protocol_state(self, state: Any) -> None:
        """Of no interest to the station."""

    async def update_data_link(self, action: Any) -> None:
        """Our session tells how it ended."""

    async def session_ended(self, current_state: str, reason: str) -> None:
        """Our session tells how it ended."""

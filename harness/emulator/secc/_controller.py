"""Our EVSE controller behind the package's state machines: what all protocols share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from iso15118.secc.controller.interface import (
    AuthorizationResponse,
    EVSEControllerInterface,
    ServiceStatus,
)
from iso15118.shared.messages.enums import AuthorizationStatus, ControlMode, CpState, Protocol, ServiceV20
from iso15118.shared.messages.iso15118_2.datatypes import MeterInfo as MeterInfoV2
from iso15118.shared.messages.iso15118_20.common_types import EVSENotification, EVSEStatus
from iso15118.shared.messages.iso15118_20.common_types import MeterInfo as MeterInfoV20
from iso15118.shared.messages.iso15118_20.common_types import ResponseCode as ResponseCodeV20

from harness.emulator.secc import _offers
from harness.emulator.secc._limits import Bounds, EvBounds, common_bounds, station_bounds, wanted_power
from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits
from harness.emulator.secc._values import ac_bounds, dc_bounds, fresh_ev_context

_CONTACTOR_S = 1.2  # within V2G_SECC_Msg_Performance_Time of 1.5 s (ISO 15118-20, Table 215)
_IDLE_A = 5.0  # below this the car counts as not drawing power any more

_NOTIFICATION_V20 = {
    "stop": EVSENotification.TERMINATE,
    "pause": EVSENotification.PAUSE,
    "renegotiate_service": EVSENotification.SERVICE_RENEGOTIATION,
    "renegotiate_schedule": EVSENotification.SCHEDULE_RENEGOTIATION,
}


class Controller(EVSEControllerInterface):  # type: ignore[misc]
    """Answers the state machines from the station's last word, and tells the station what the car does.

    `send` takes every event. One session at a time: `begin` starts with a blank memory of the car.
    """

    def __init__(self, config: SeccConfig, send: Callable[[SeccEvent], None]) -> None:
        super().__init__()
        self.config = config
        self.station = StationLimits()
        self.session = 0
        self.service = ""
        self.control_mode = ""
        self.single_phase = False
        self.charging = False
        self._cable_checked = False
        self._send = send
        self._changed = asyncio.Event()
        self.begin(0)

    # --- the station's side -------------------------------------------------------------------------------------

    def feed(self, station: StationLimits) -> None:
        """Take the station's word; whoever waits for a contactor looks again."""
        self.station = station
        self._changed.set()

    def begin(self, session: int) -> None:
        """A new car: forget the last one."""
        self.session = session
        self.service = self.control_mode = ""
        self.single_phase = self.charging = self._cable_checked = False
        self.ev_data_context = fresh_ev_context()
        self.set_selected_protocol(Protocol.UNKNOWN)

    def tell(self, what: str, **data: Any) -> None:
        """Send an event of the current session."""
        self._send(SeccEvent(what, self.session, data))

    def select(self, service: str, control_mode: str, parameter_set: int | None = None) -> None:
        """The car chose its service; said once."""
        if (service, control_mode) != (self.service, self.control_mode):
            self.service, self.control_mode = service, control_mode
            self.tell("service_selected", service=service, control_mode=control_mode, parameter_set=parameter_set)

    @property
    def ac(self) -> bool:
        """Whether the selected service is an AC one."""
        return self.service.startswith("AC")

    @property
    def bidirectional(self) -> bool:
        """Whether the selected service lets power flow back."""
        return self.service.endswith("BPT")

    @property
    def phases(self) -> int:
        """Phases the car uses."""
        return 1 if self.single_phase else self.config.phases

    def ev_bounds(self) -> EvBounds:
        """What the car last said it can do."""
        if self.ac:
            return ac_bounds(self.ev_data_context, self.config.nominal_v, self.phases)
        return dc_bounds(self.ev_data_context)

    def own_bounds(self) -> Bounds:
        """What the station permits now."""
        return station_bounds(self.config, self.station, ac=self.ac, bidirectional=self.bidirectional)

    def bounds(self) -> Bounds:
        """What station and car both permit now."""
        return common_bounds(self.config, self.own_bounds(), self.ev_bounds(), bidirectional=self.bidirectional)

    def wanted_w(self) -> float:
        """Power to run at now, + to the car."""
        return wanted_power(self.config, self.station.setpoint_w, self.bounds(), self.ev_bounds())

    async def until(self, reached: Callable[[], bool], bound_s: float) -> bool:
        """Wait until the station's word makes `reached` true; False when it does not within the bound."""
        deadline = time.monotonic() + bound_s
        while not reached():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return reached()
        return True

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
        if self.charging or self._cable_checked:
            self.charging = self._cable_checked = False
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
        if not self._cable_checked:
            self._cable_checked = True
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

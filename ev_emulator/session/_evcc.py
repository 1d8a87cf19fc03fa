"""The car's side of ISO 15118-20, one step at a time; every octet can be edited, replaced or left out."""

from __future__ import annotations

import asyncio
from typing import Literal, Unpack

from ev_emulator import _names
from ev_emulator._errors import V2gError, V2gTimeout
from ev_emulator.line._contact import AfterSend, Body, Contact, How
from ev_emulator.session import _answers_20 as answers
from ev_emulator.session._requests_20 import Requests20
from ev_emulator.session._schedule import Offer, offers

NO_SESSION = "0" * 16
PRE_CHARGE_PACE_S = 0.1  # between two requests of a car that only lets time pass


class Evcc(Contact):
    """One car; one V2G session at a time.

    Steps return the response's body as a dict, whatever its ResponseCode: judging is for judges. They raise V2gTimeout
    when nothing came within `patience_s`, ConnectionLost, or UnexpectedMessage. The standard's own time limits are not
    enforced here; what came late is in the trace with its time.
    """

    def _begin(self) -> None:
        self.session_id = NO_SESSION
        self.evse_id: str | None = None
        self.service: str | None = None
        self.control_mode: str | None = None
        self.parameter_set: answers.ParameterSet | None = None
        self.offered_services: list[str] = []
        self.offers: list[Offer] = []
        self.evse_limits: Body = {}
        self.requests = Requests20(self.vehicle, self.battery)
        self._sets: dict[str, list[answers.ParameterSet]] = {}

    # --- setting up ---

    async def session_setup(self, **how: Unpack[How]) -> Body:
        """SessionSetup; a new session unless `session_id` names one to resume."""
        how.setdefault("session_id", NO_SESSION)
        response = await self._ask("SessionSetupReq", {"EVCCID": self.vehicle.evccid}, how)
        self.session_id = response["Header"]["SessionID"]
        self.evse_id = response.get("EVSEID")
        return response

    async def authorization_setup(self, **how: Unpack[How]) -> Body:
        """AuthorizationSetup."""
        return await self._ask("AuthorizationSetupReq", {}, how)

    async def authorize(self, *, ongoing_s: float = 60.0, **how: Unpack[How]) -> Body:
        """Authorization by external means, repeated while the charger is Ongoing."""
        body = {"SelectedAuthorizationService": "EIM", "EIM_AReqAuthorizationMode": {}}
        return await self._until_finished("AuthorizationReq", body, ongoing_s, how)

    async def service_discovery(self, **how: Unpack[How]) -> Body:
        """ServiceDiscovery; fills `offered_services`."""
        response = await self._ask("ServiceDiscoveryReq", {}, how)
        self.offered_services = answers.offered_services(response)
        return response

    async def service_detail(self, service: str, **how: Unpack[How]) -> Body:
        """ServiceDetail of "AC", "DC", "AC_BPT" or "DC_BPT"."""
        response = await self._ask("ServiceDetailReq", {"ServiceID": _names.SERVICES[service]}, how)
        self._sets[service] = answers.parameter_sets(response)
        return response

    async def service_selection(
        self,
        service: str,
        control_mode: str | None = None,
        *,
        mobility_needs: Literal["EVCC", "SECC"] | None = None,
        **how: Unpack[How],
    ) -> Body:
        """ServiceSelection of a parameter set with this control mode. Raises NotOffered when there is none."""
        phases = self.vehicle.ac.phases if self.vehicle.ac and service.startswith("AC") else None
        chosen = answers.choose_parameter_set(
            self._sets.get(service, []),
            control_mode=control_mode or self.vehicle.control_modes[0],
            mobility_needs=mobility_needs,
            phases=phases,
        )
        self.service, self.parameter_set, self.control_mode = service, chosen, chosen.control_mode
        selected = {"ServiceID": _names.SERVICES[service], "ParameterSetID": chosen.id}
        return await self._ask("ServiceSelectionReq", {"SelectedEnergyTransferService": selected}, how)

    async def charge_parameter_discovery(self, **how: Unpack[How]) -> Body:
        """AC or DC ChargeParameterDiscovery; fills `evse_limits`."""
        service, _ = self._agreed()
        name = f"{service[:2]}_ChargeParameterDiscoveryReq"
        response = await self._ask(name, self.requests.charge_parameters(service), how)
        self.evse_limits = next((v for k, v in response.items() if k.endswith("CPDResEnergyTransferMode")), {})
        return response

    async def schedule_exchange(self, *, ongoing_s: float = 60.0, **how: Unpack[How]) -> Body:
        """ScheduleExchange, repeated while Ongoing; fills `offers` in Scheduled mode. Prices may be missing."""
        body = self.requests.schedule_exchange(*self._agreed())
        response = await self._until_finished("ScheduleExchangeReq", body, ongoing_s, how)
        self.offers = offers(response)
        return response

    # --- transferring energy ---

    async def cable_check(self, *, ongoing_s: float = 40.0, **how: Unpack[How]) -> Body:
        """DC CableCheck, repeated while Ongoing."""
        return await self._until_finished("DC_CableCheckReq", {}, ongoing_s, how)

    async def pre_charge(
        self, *, tolerance_v: float = 20.0, ongoing_s: float = 10.0, hold_s: float = 0.0, **how: Unpack[How]
    ) -> Body:
        """DC PreCharge until the charger's voltage is within `tolerance_v` of the battery's. Raises V2gTimeout.

        A vehicle that takes its time (`pre_charge_s`, or `hold_s`) goes on asking until that is over.
        """
        inlet_v, deadline = 0.0, self._deadline(ongoing_s)
        dc = self.vehicle.dc
        not_before = self._deadline(max(hold_s, dc.pre_charge_s if dc is not None else 0.0))
        while True:
            target_v = self.battery.voltage_v
            near = abs(inlet_v - target_v) <= tolerance_v
            if near and self._clock.mono_ns() < not_before:
                near = False
                await asyncio.sleep(PRE_CHARGE_PACE_S)
            response = await self._ask("DC_PreChargeReq", self.requests.pre_charge(inlet_v, done=near), how)
            if near or answers.failed(response):
                return response
            inlet_v = answers.voltage(response)
            if self._clock.mono_ns() > deadline:
                text = f"pre-charge: {inlet_v:g} V after {ongoing_s:g} s, wanted {target_v:g} V ± {tolerance_v:g} V"
                raise V2gTimeout(text)

    async def power_delivery(
        self,
        progress: Literal["Start", "Stop", "Standby", "ScheduleRenegotiation"],
        *,
        discharge: bool = False,
        after_send: AfterSend | None = None,
        **how: Unpack[How],
    ) -> Body:
        """PowerDelivery. `after_send` runs once the request is out (pilot to C within 250 ms of it [V2G20-847]).

        `discharge` chooses the discharging schedule in Scheduled mode and the discharge channel when they are separate.
        """
        body: Body = {"EVProcessing": "Finished", "ChargeProgress": progress}
        if progress != "Stop":
            service, mode = self._agreed()
            offer, now = (self.offers[0] if self.offers else None), int(self.epoch_s())
            body["EVPowerProfile"] = self.requests.power_profile(service, mode, offer, discharge=discharge, epoch_s=now)
            channels = self.parameter_set.values.get("BPTChannel") if self.parameter_set else None
            if service.endswith("_BPT") and channels == _names.SEPARATED_CHANNELS:
                body["BPT_ChannelSelection"] = "Discharge" if discharge else "Charge"
        return await self._ask("PowerDeliveryReq", body, how, after_send=after_send)

    async def charge_loop(
        self, *, present_w: float = 0.0, target_a: float = 0.0, target_v: float | None = None, **how: Unpack[How]
    ) -> Body:
        """One AC or DC ChargeLoop exchange.

        `present_w`: what the car's AC charger does now; `target_a`, `target_v`: what it asks for in DC Scheduled mode
        (current negative to discharge). Powers and currents are + charging, − discharging.
        """
        service, mode = self._agreed()
        volts = self.battery.voltage_v if target_v is None else target_v
        body = self.requests.charge_loop(service, mode, present_w=present_w, target_a=target_a, target_v=volts)
        return await self._ask(f"{service[:2]}_ChargeLoopReq", body, how, named=False)

    # --- ending ---

    async def welding_detection(self, *, below_v: float = 60.0, ongoing_s: float = 5.0, **how: Unpack[How]) -> Body:
        """DC WeldingDetection until the voltage is below `below_v` or the time is over; the response tells which."""
        deadline, done = self._deadline(ongoing_s), False
        while True:
            body = {"EVProcessing": "Finished" if done else "Ongoing"}
            response = await self._ask("DC_WeldingDetectionReq", body, how)
            if done or answers.failed(response):
                return response
            done = answers.voltage(response) < below_v or self._clock.mono_ns() > deadline

    async def session_stop(
        self, ending: Literal["Terminate", "Pause", "ServiceRenegotiation"] = "Terminate", **how: Unpack[How]
    ) -> Body:
        """SessionStop. The connection stays open; `close` closes it."""
        return await self._ask("SessionStopReq", {"ChargingSession": ending}, how)

    async def _until_finished(self, name: str, body: Body, ongoing_s: float, how: How) -> Body:
        deadline = self._deadline(ongoing_s)
        while True:
            response = await self._ask(name, body, how)
            if response.get("EVSEProcessing", "Finished") == "Finished" or answers.failed(response):
                return response
            if self._clock.mono_ns() > deadline:
                still = response["EVSEProcessing"]
                raise V2gTimeout(f"{name.removesuffix('Req')} was still {still} after {ongoing_s:g} s")

    async def _ask(
        self, name: str, body: Body, how: How, *, named: bool = True, after_send: AfterSend | None = None
    ) -> Body:
        header = {"SessionID": how.get("session_id") or self.session_id, "TimeStamp": int(self.epoch_s())}
        message = {name: {"Header": header} | body}
        return await self._exchange(message, _names.namespace_of(name), how, named=named, after_send=after_send)

    def _agreed(self) -> tuple[str, str]:
        if self.service is None or self.control_mode is None:
            raise V2gError("no service selected: call service_selection() first")
        return self.service, self.control_mode

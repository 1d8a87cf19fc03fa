"""The car's side of ISO 15118-2 and DIN 70121: a DC charging session with external payment, step by step."""

from __future__ import annotations

from typing import Any, Literal, Unpack

from ev_emulator import _names
from ev_emulator._errors import V2gTimeout
from ev_emulator._values import SHORT_MAX
from ev_emulator.line._contact import AfterSend, Body, Contact, How
from ev_emulator.session import _answers_20 as answers
from ev_emulator.session._schedule import as_list

NO_SESSION = "00" * 8


def physical(value: float, unit: str) -> Body:
    """PhysicalValueType: a short, a multiplier of -3 to 3 and a unit."""
    for multiplier in range(-1, 4):
        short = round(value / 10.0**multiplier)
        if abs(short) <= SHORT_MAX:
            return {"Multiplier": multiplier, "Unit": unit, "Value": short}
    raise ValueError(f"{value} {unit} does not fit a PhysicalValue")


class OlderEvcc(Contact):
    """One car that speaks ISO 15118-2 or DIN 70121 over DC, whichever `negotiate` settled on.

    Steps and errors are as in `Evcc`; charging only, since neither protocol can discharge.
    """

    def _begin(self) -> None:
        self.session_id = NO_SESSION
        self.schedule_tuple_id = 1

    @property
    def din(self) -> bool:
        """Whether DIN 70121 was agreed on."""
        return self.protocol == "DIN 70121"

    async def session_setup(self, **how: Unpack[How]) -> Body:
        """SessionSetup; the EVCCID is the car's MAC address."""
        how.setdefault("session_id", NO_SESSION)
        mac = self.vehicle.mac.replace(":", "")
        response = await self._ask("SessionSetupReq", {"EVCCID": mac}, how)
        self.session_id = str(response["Header"]["SessionID"])
        return response

    async def service_discovery(self, **how: Unpack[How]) -> Body:
        """ServiceDiscovery."""
        return await self._ask("ServiceDiscoveryReq", {}, how)

    async def payment_selection(self, service_id: int = 1, **how: Unpack[How]) -> Body:
        """PaymentServiceSelection (DIN: ServicePaymentSelection) of external payment."""
        name = "ServicePaymentSelectionReq" if self.din else "PaymentServiceSelectionReq"
        services = {"SelectedService": [{"ServiceID": service_id}]}
        body = {"SelectedPaymentOption": "ExternalPayment", "SelectedServiceList": services}
        return await self._ask(name, body, how)

    async def authorize(self, *, ongoing_s: float = 60.0, **how: Unpack[How]) -> Body:
        """Authorization (DIN: ContractAuthentication), repeated while Ongoing."""
        name = "ContractAuthenticationReq" if self.din else "AuthorizationReq"
        return await self._until_finished(name, {}, ongoing_s, how)

    async def charge_parameter_discovery(self, *, ongoing_s: float = 60.0, **how: Unpack[How]) -> Body:
        """ChargeParameterDiscovery for DC_extended, repeated while Ongoing; keeps the first schedule's id."""
        battery = self.vehicle.battery
        parameter = {
            "DC_EVStatus": self._status(),
            **self._limits(),
            "EVEnergyCapacity": physical(battery.capacity_wh, "Wh"),
            "EVEnergyRequest": physical(max(0.0, self.battery.energy_to_wh(battery.target_soc_pct)), "Wh"),
            "FullSOC": round(battery.maximum_soc_pct),
            "BulkSOC": round(battery.target_soc_pct),
        }
        mode = "EVRequestedEnergyTransferType" if self.din else "RequestedEnergyTransferMode"
        body = {mode: "DC_extended", "DC_EVChargeParameter": parameter}
        response = await self._until_finished("ChargeParameterDiscoveryReq", body, ongoing_s, how)
        offered = as_list((response.get("SAScheduleList") or {}).get("SAScheduleTuple"))
        self.schedule_tuple_id = int(offered[0]["SAScheduleTupleID"]) if offered else 1
        return response

    async def cable_check(self, *, ongoing_s: float = 40.0, **how: Unpack[How]) -> Body:
        """CableCheck, repeated while Ongoing."""
        return await self._until_finished("CableCheckReq", {"DC_EVStatus": self._status()}, ongoing_s, how)

    async def pre_charge(self, *, tolerance_v: float = 20.0, ongoing_s: float = 7.0, **how: Unpack[How]) -> Body:
        """PreCharge until the charger's voltage is within `tolerance_v` of the battery's. Raises V2gTimeout."""
        deadline, target_v = self._deadline(ongoing_s), self.battery.voltage_v
        while True:
            target = {"EVTargetVoltage": physical(target_v, "V"), "EVTargetCurrent": physical(2, "A")}
            response = await self._ask("PreChargeReq", {"DC_EVStatus": self._status()} | target, how)
            if abs(answers.voltage(response) - target_v) <= tolerance_v or answers.failed(response):
                return response
            if self._clock.mono_ns() > deadline:
                text = f"pre-charge: {answers.voltage(response):g} V after {ongoing_s:g} s, wanted {target_v:g} V"
                raise V2gTimeout(text)

    async def power_delivery(
        self, progress: Literal["Start", "Stop"], *, after_send: AfterSend | None = None, **how: Unpack[How]
    ) -> Body:
        """PowerDelivery; in ISO 15118-2 with the offered schedule's id."""
        parameter = {"DC_EVPowerDeliveryParameter": {"DC_EVStatus": self._status(), "ChargingComplete": False}}
        body: Body = {"ChargeProgress": progress, "SAScheduleTupleID": self.schedule_tuple_id} | parameter
        if self.din:
            body = {"ReadyToChargeState": progress == "Start"} | parameter
        return await self._ask("PowerDeliveryReq", body, how, after_send=after_send)

    async def current_demand(self, target_a: float, **how: Unpack[How]) -> Body:
        """One CurrentDemand exchange: the charge loop of both protocols."""
        body = {
            "DC_EVStatus": self._status(),
            "EVTargetCurrent": physical(target_a, "A"),
            **self._limits(),
            "ChargingComplete": False,
            "EVTargetVoltage": physical(self.vehicle.battery.full_v, "V"),
        }
        return await self._ask("CurrentDemandReq", body, how, named=False)

    async def welding_detection(self, **how: Unpack[How]) -> Body:
        """One WeldingDetection exchange."""
        return await self._ask("WeldingDetectionReq", {"DC_EVStatus": self._status()}, how)

    async def session_stop(self, ending: Literal["Terminate", "Pause"] = "Terminate", **how: Unpack[How]) -> Body:
        """SessionStop; DIN 70121 knows no pause."""
        return await self._ask("SessionStopReq", {} if self.din else {"ChargingSession": ending}, how)

    def _status(self) -> Body:
        return {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": int(self.battery.soc_pct)}

    def _limits(self) -> Body:
        dc = self.vehicle.dc
        if dc is None:
            raise ValueError(f"{self.vehicle.name} has no DC inlet")
        return {
            "EVMaximumCurrentLimit": physical(dc.max_charge_current_a, "A"),
            "EVMaximumPowerLimit": physical(dc.max_charge_power_w, "W"),
            "EVMaximumVoltageLimit": physical(dc.max_voltage_v, "V"),
        }

    async def _until_finished(self, name: str, body: Body, ongoing_s: float, how: How) -> Body:
        deadline = self._deadline(ongoing_s)
        while True:
            response = await self._ask(name, body, how)
            if response.get("EVSEProcessing", "Finished") == "Finished" or answers.failed(response):
                return response
            if self._clock.mono_ns() > deadline:
                raise V2gTimeout(f"{name.removesuffix('Req')} was still Ongoing after {ongoing_s:g} s")

    async def _ask(
        self, name: str, body: Body, how: How, *, named: bool = True, after_send: AfterSend | None = None
    ) -> Body:
        header = {"SessionID": how.get("session_id") or self.session_id}
        message: dict[str, Any] = {"V2G_Message": {"Header": header, "Body": {name: body}}}
        namespace = _names.DIN if self.din else _names.ISO_2
        return await self._exchange(message, namespace, how, named=named, after_send=after_send)

"""Bidirectional sessions: what the car says over ISO 15118, and what the CSMS may tell it (block Q, K15 to K20)."""

from __future__ import annotations

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer
from harness.emulator.ocpp.provisioning._model import Json, Variable
from harness.emulator.ocpp.smart_charging._composite import transaction_slot


class V2x:
    """Keeps the connected car's data in the device model and passes its needs on."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.evccid: str | None = None
        self.allowed: list[str] = []

    def car_session(self, event: str, data: Json) -> None:
        """News from the SECC.

        "session": {"evccid", "protocol"} · "needs": {"chargingNeeds": ChargingNeedsType, "maxScheduleTuples"?} ·
        "schedule": {"timeBase", "chargingSchedule", "selectedChargingScheduleId"?} · "stopped": {}.
        Other events are noted in the ConnectedEV component by their string values.
        """
        if event == "session":
            self.evccid = str(data["evccid"]) if "evccid" in data else None
            self._connected(VehicleID=self.evccid or "", ProtocolAgreed=str(data.get("protocol", "")))
        elif event == "needs" and isinstance(data.get("chargingNeeds"), dict):
            self._needs(data)
        elif event == "schedule" and isinstance(data.get("chargingSchedule"), dict):
            self._schedule(data)
        elif event == "stopped":
            self.evccid = None
            self._client.model.remove("ConnectedEV")

    def with_vehicle(self, token: Json) -> Json:
        """Q01.FR.02: the idToken of a Started event names the car too, when ISO 15118 told it."""
        if self.evccid is None or self._client.model.version == "ocpp2.0.1":
            return token
        return {**token, "additionalInfo": [{"additionalIdToken": self.evccid, "type": "EVCCID"}]}

    @answers("NotifyAllowedEnergyTransfer")
    def notify_allowed_energy_transfer(self, request: Json) -> Answer | Json:
        """Q02: what the car may do from now on."""
        tx = self._client.transactions.current
        if tx is None or tx.id != request["transactionId"]:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "TxNotFound"}}
        supported = self._client.model.members("V2XChargingCtrlr", "SupportedEnergyTransferModes")
        if not set(request["allowedEnergyTransfer"]) & set(supported):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "UnsupportedParam"}}
        self.allowed = list(request["allowedEnergyTransfer"])
        return {"status": "Accepted"}

    @answers("AFRRSignal")
    def afrr_signal(self, request: Json) -> Json:
        """Q08.FR.10, .11: an automatic frequency restoration signal shifts the setpoint."""
        client = self._client
        slot = transaction_slot(client.smart_charging.active(), client.time.now(), client.smart_charging.situation())
        if slot is None or slot[2].mode != "LocalFrequency" or not slot[2].signal_watt:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "NoSignalWattCurve"}}
        client.smart_charging.signal = float(request["signal"])
        client.smart_charging.refresh()
        return {"status": "Accepted"}

    def _needs(self, data: Json) -> None:
        payload: Json = {"evseId": 1, "chargingNeeds": data["chargingNeeds"]}
        if "maxScheduleTuples" in data:
            payload["maxScheduleTuples"] = data["maxScheduleTuples"]
        if self._client.model.version == "ocpp2.1":
            payload["timestamp"] = self._client.time.text()
        v2x = data["chargingNeeds"].get("v2xChargingParameters", {})
        for name, field in (("Power.maxSet", "maxChargePower"), ("DischargePower.maxSet", "maxDischargePower")):
            if field in v2x:
                self._connected(**{name: f"{v2x[field]:g}"})
        self._client.outbox.put("NotifyEVChargingNeeds", payload)

    def _schedule(self, data: Json) -> None:
        payload: Json = {"evseId": 1, "timeBase": data.get("timeBase", self._client.time.text())}
        payload["chargingSchedule"] = data["chargingSchedule"]
        if "selectedChargingScheduleId" in data:
            self._client.smart_charging.schedule_id = int(data["selectedChargingScheduleId"])
            if self._client.model.version == "ocpp2.1":
                payload["selectedChargingScheduleId"] = self._client.smart_charging.schedule_id
            self._client.smart_charging.refresh()
        self._client.outbox.put("NotifyEVChargingSchedule", payload)

    def _connected(self, **values: str) -> None:
        self._client.model.add(
            Variable("ConnectedEV", name, value, evse=1, since="ocpp2.1", persistent=False)
            for name, value in values.items()
        )

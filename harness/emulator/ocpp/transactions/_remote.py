"""Remote start and stop, unlocking, and what the station does not offer (block F)."""

from __future__ import annotations

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, rejected
from harness.emulator.ocpp.provisioning._hardware import connectors_of
from harness.emulator.ocpp.provisioning._model import Json


class Remote:
    """What the CSMS asks for on behalf of a driver."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @answers("RequestStartTransaction")
    def request_start_transaction(self, request: Json) -> Answer | Json:
        """F01 and F02."""
        if self._client.provisioning.status != "Accepted":
            return rejected("CSNotAccepted")
        client = self._client.evses.get(request.get("evseId") or self._free())
        if client is None:
            return rejected("UnknownEvse")
        tx, plugged = client.transactions.current, client.plant.plugged_connector
        if not client.status.operative(plugged or 1):
            return rejected("NotEnabled")
        if tx is not None and tx.authorized:
            return rejected("TxInProgress")
        if not self._client.reservations.admits(client.evse, request["idToken"], request):
            return rejected("Reserved")
        profile = request.get("chargingProfile")
        if profile is not None:
            reason = client.smart_charging.fault_of_start_profile(profile)
            if reason:
                return rejected(reason)
        out: Json = {"status": "Accepted"}
        if tx is not None:
            out["transactionId"] = tx.id

        async def start() -> None:
            info: Json = {"status": "Accepted"}
            if client.model.flag("AuthCtrlr", "AuthorizeRemoteStart"):
                info = await client.authorization.ask(request["idToken"])
            if info["status"] == "Accepted":
                if profile is not None:
                    client.smart_charging.keep_for_start(profile)
                client.transactions.authorized(request["idToken"], info, remote_start_id=request["remoteStartId"])

        return Answer(out, start)

    @answers("RequestStopTransaction")
    def request_stop_transaction(self, request: Json) -> Answer | Json:
        """F03."""
        if self._client.provisioning.status != "Accepted":
            return rejected("CSNotAccepted")
        at = self._client.evses.where(request["transactionId"])
        if at is None:
            return rejected("TxNotFound")
        return Answer({"status": "Accepted"}, lambda: at.transactions.stop_authorized("RemoteStop", "Remote"))

    @answers("UnlockConnector")
    def unlock_connector(self, request: Json) -> Json:
        """F05; connector 1 has a socket with a lock, connector 2 a fixed cable."""
        at = self._client.evses.get(request["evseId"])
        if at is None or request["connectorId"] not in connectors_of(at.evse):
            return {"status": "UnknownConnector"}
        tx = at.transactions.current
        if tx is not None and tx.authorized:
            return {"status": "OngoingAuthorizedTransaction"}
        if request["connectorId"] == 2:
            return {"status": "UnlockFailed", "statusInfo": {"reasonCode": "FixedCable"}}
        return {"status": "Unlocked"}

    def _free(self) -> int:
        """The EVSE for a request that names none: where a car waits for it, else the first (F01.FR.20)."""
        for number, at in self._client.evses.items():
            tx = at.transactions.current
            if at.plant.plugged_connector is not None and (tx is None or not tx.authorized):
                return number
        return 1

    @answers("DataTransfer")
    def data_transfer(self, _: Json) -> Json:
        """P01: no vendor's extension is known here."""
        return {"status": "UnknownVendorId"}

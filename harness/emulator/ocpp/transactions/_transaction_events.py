"""TransactionEvent messages: built in sequence, queued, and their answers taken to heart (E01.FR.07, E05)."""

from __future__ import annotations

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.transactions._charging_state import Transaction


class TransactionEvents:
    """Tells the CSMS what happened to a transaction."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def event(self, tx: Transaction, kind: str, trigger: str) -> Json:
        """A TransactionEventRequest without values; takes the next sequence number."""
        client = self._client
        payload: Json = {
            "eventType": kind,
            "timestamp": client.time.text(),
            "triggerReason": trigger,
            "seqNo": tx.seq_no,
            "transactionInfo": {"transactionId": tx.id, "chargingState": tx.charging_state},
        }
        tx.seq_no, tx.told = tx.seq_no + 1, True
        if not client.connection.online.is_set():
            payload["offline"] = True
        if tx.charged_s:
            payload["transactionInfo"]["timeSpentCharging"] = round(tx.charged_s)
        if client.model.version == "ocpp2.1" and (trigger == "OperationModeChanged" or kind == "Started"):
            payload["transactionInfo"]["operationMode"] = client.smart_charging.mode
        return payload

    def tell(
        self,
        tx: Transaction,
        kind: str,
        trigger: str,
        values: list[Json] | None,
        *,
        stopped_reason: str = "",
        id_token: Json | None = None,
    ) -> None:
        """Queue an event with its meter values; adds what the CSMS has not been told yet: token, EVSE, remote start."""
        client = self._client
        payload = self.event(tx, kind, trigger)
        if stopped_reason:
            payload["transactionInfo"]["stoppedReason"] = stopped_reason
        if tx.remote_start_id is not None and not tx.remote_told:
            payload["transactionInfo"]["remoteStartId"] = tx.remote_start_id
            tx.remote_told = True
        if tx.connector is not None and (not tx.evse_told or trigger == "Trigger"):  # asked about it, it names it
            payload["evse"] = {"id": client.evse, "connectorId": tx.connector}
            tx.evse_told = True
        elif tx.connector is None and (kind, trigger) == ("Started", "RemoteStart"):
            payload["evse"] = {"id": client.evse}
        if tx.reservation_id is not None:
            payload["reservationId"], tx.reservation_id = tx.reservation_id, None
        token = id_token
        if token is None and tx.id_token is not None and tx.authorized and not tx.token_told:
            token, tx.token_told = tx.id_token, True
        if token is not None:
            speaks_iso15118 = client.evse == 1  # the only one with an SECC
            payload["idToken"] = client.v2x.with_vehicle(token) if kind == "Started" and speaks_iso15118 else token
        phases = self._client.smart_charging.limits.phases
        if tx.connector == 1 and tx.charging_state == "Charging" and phases != tx.phases_told:
            payload["numberOfPhasesUsed"] = tx.phases_told = phases
        if values:
            payload["meterValue"] = values
        self._client.outbox.put(
            "TransactionEvent", payload, keep=True, on_reply=lambda reply: self._replied(tx, token, reply)
        )

    def _replied(self, tx: Transaction, token: Json | None, reply: Json) -> None:
        info = reply.get("idTokenInfo")
        if info is None or token is None:
            return
        self._client.authorization.learn(token, info)
        if info["status"] == "Accepted":
            tx.group = info.get("groupIdToken", tx.group)
        elif tx is self._client.transactions.current and token == tx.id_token:
            self._client.transactions.refused_by_csms(tx)

    @answers("GetTransactionStatus")
    def get_transaction_status(self, request: Json) -> Json:
        """E14."""
        wanted = request.get("transactionId")
        out: Json = {"messagesInQueue": self._client.outbox.holds_transaction(wanted)}
        if wanted is not None:
            out["ongoingIndicator"] = self._client.evses.where(wanted) is not None
        return out

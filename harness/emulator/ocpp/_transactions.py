"""Transactions: when they start and end, and every event told about them in sequence (block E)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.emulator._ports import PlantEvent

from ._model import Json

if TYPE_CHECKING:
    from ._client import OcppClient

FLOWING_W = 100.0
TICK_S = 0.2
START_PATIENCE_S = 8.0
PAUSE_PATIENCE_S = 1.0


@dataclass
class Transaction:
    """The one transaction of EVSE 1."""

    id: str
    connector: int | None = None
    seq_no: int = 0
    authorized: bool = False
    id_token: Json | None = None
    token_told: bool = False
    group: Json | None = None
    remote_start_id: int | None = None
    remote_told: bool = True
    charging_state: str = "Idle"
    power_path_at: float | None = None
    ready_at: float | None = None
    flowed_at: float | None = None
    charged_s: float = 0.0
    phases_told: int | None = None
    evse_told: bool = False
    suspended_by_id: bool = False
    begin_values: list[Json] = field(default_factory=list)


class Transactions:
    """Starts and ends transactions by TxStartPoint and TxStopPoint and reports their life."""

    def __init__(self, client: OcppClient) -> None:
        self._client = client
        self.current: Transaction | None = None
        self._waiting_token: tuple[Json, Json, int | None] | None = None

    # --- what happens at the station -------------------------------------------------------------------------------

    def on_plant(self, event: PlantEvent) -> None:
        """A cable came or went, or something broke."""
        if event.what == "plugged":
            self.plugged(event.connector)
        elif event.what == "unplugged":
            self.unplugged()
        elif event.what == "fault" and self.current is not None and event.value not in ("", "cleared", "none"):
            self.end("AbnormalCondition", "GroundFault" if "ground" in event.value.lower() else "Other")
        else:
            self.watch_charging_state()

    def plugged(self, connector: int) -> None:
        """The cable is in at both ends."""
        tx = self.current
        if tx is not None:
            tx.connector = connector
            tx.charging_state = "EVConnected"
            if tx.authorized:
                self._close_power_path(tx)
            self.trigger("CablePluggedIn")
        elif self._client.status.operative(connector) and (
            "EVConnected" in self._start_points() or self._waiting_token is not None
        ):
            self.start("CablePluggedIn")
        if not self._client.model.flag("AuthCtrlr", "Enabled"):
            self.authorized({"idToken": "", "type": "NoAuthorization"}, {"status": "Accepted"})

    def unplugged(self) -> None:
        """The cable left the car (E06.FR.02, E09, E10)."""
        tx = self.current
        if tx is None:
            self._client.plant.enable(False)
            return
        tx.charging_state = "Idle"
        if {"EVConnected", "PowerPathClosed", "EnergyTransfer"} & set(self._stop_points()):
            self.end("EVCommunicationLost", "EVDisconnected")
            return
        deauthorize = self._client.model.flag("TxCtrlr", "StopTxOnEVSideDisconnect")
        if deauthorize and "Authorized" in self._stop_points():
            self.end("EVCommunicationLost", "EVDisconnected")
            return
        if deauthorize:
            self._withdraw(tx)
        self._client.plant.enable(False)
        self.trigger("EVCommunicationLost")

    async def present(self, id_token: Json) -> Json:
        """A driver holds a token to the reader: starts or ends, by what it is. Returns the idTokenInfo."""
        tx = self.current
        if tx is not None and tx.authorized and tx.id_token is not None:
            same = id_token == tx.id_token
            info = {"status": "Accepted"} if same else await self._client.authorization.ask(id_token)
            group = info.get("groupIdToken")
            if same or (info["status"] == "Accepted" and group is not None and group == tx.group):
                self.stop_authorized("StopAuthorized", "Local", id_token)
            return info
        info = await self._client.authorization.ask(id_token)
        if info["status"] == "Accepted":
            self.authorized(id_token, info)
        return info

    def authorized(self, id_token: Json, info: Json, *, remote_start_id: int | None = None) -> None:
        """Somebody may charge here now; without a car the station waits EVConnectionTimeOut for one."""
        trigger = "Authorized" if remote_start_id is None else "RemoteStart"
        tx = self.current
        if tx is None:
            if "Authorized" not in self._start_points() and self._client.plant.plugged_connector is None:
                self._waiting_token = (id_token, info, remote_start_id)
                self._client.spawn(self._give_up_waiting(), "connection timeout")
                return
            tx = self._new()
            self._bind(tx, id_token, info, remote_start_id)
            self._announce_start(tx, trigger)
        else:
            self._bind(tx, id_token, info, remote_start_id)
            self.trigger(trigger)
        if tx.connector is None:
            self._client.spawn(self._give_up_waiting(), "connection timeout")

    def stop_authorized(self, trigger: str, reason: str, id_token: Json | None = None) -> None:
        """The permission ends: the transaction ends too when TxStopPoint says so (E07, F03)."""
        tx = self.current
        if tx is None:
            return
        if {"Authorized", "PowerPathClosed", "EnergyTransfer"} & set(self._stop_points()):
            self.end(trigger, reason, id_token)
            return
        self._withdraw(tx)
        tx.charging_state = "EVConnected" if tx.connector is not None else "Idle"
        self.trigger(trigger, id_token=id_token)

    # --- the life of one transaction -------------------------------------------------------------------------------

    def start(self, trigger: str) -> Transaction:
        """A transaction begins with what is known now; tells Started."""
        tx = self._new()
        if self._waiting_token is not None:
            self._bind(tx, *self._waiting_token)
            self._waiting_token = None
            trigger = "RemoteStart" if tx.remote_start_id is not None else trigger
        self._announce_start(tx, trigger)
        return tx

    def end(self, trigger: str, stopped_reason: str, id_token: Json | None = None) -> None:
        """The transaction is over; energy stops before the Ended event is told."""
        tx = self.current
        if tx is None:
            return
        client = self._client
        client.plant.enable(False)
        tx.charging_state = "EVConnected" if client.plant.plugged_connector is not None else "Idle"
        last = client.metering.sample(
            "Transaction.End", client.metering.measurands("SampledDataCtrlr", "TxEndedMeasurands")
        )
        values = [*tx.begin_values, *([last] if last else [])]
        self._tell("Ended", trigger, values, stopped_reason=stopped_reason, id_token=id_token)
        self.current = None
        client.smart_charging.transaction_ended(tx.id)
        client.status.changed()
        client.provisioning.idle()
        client.firmware.idle()

    def end_for_reset(self) -> None:
        """B12.FR.04."""
        self.end("ResetCommand", "ImmediateReset")
        self._waiting_token = None

    def trigger(
        self, reason: str, *, context: str = "", meter_value: list[Json] | None = None, id_token: Json | None = None
    ) -> None:
        """Tell an Updated event of the running transaction, with the trigger reason it happened for."""
        if self.current is None:
            return
        values = meter_value
        if values is None and context:
            measurands = self._client.metering.measurands("SampledDataCtrlr", "TxUpdatedMeasurands")
            sample = self._client.metering.sample(context, measurands)
            values = [sample] if sample else None
        self._tell("Updated", reason, values, id_token=id_token)

    async def run(self) -> None:
        """Watch the charging state and take samples at TxUpdatedInterval, for ever."""
        next_sample = self._client.time.monotonic()
        running: str | None = None
        while True:
            await asyncio.sleep(TICK_S)
            now, tx = self._client.time.monotonic(), self.current
            interval = self._client.model.integer("SampledDataCtrlr", "TxUpdatedInterval")
            if tx is None or tx.id != running:
                running, next_sample = (tx.id if tx else None), now + interval
                continue
            if tx.charging_state == "Charging":
                tx.charged_s += TICK_S
            self.watch_charging_state()
            if self.current is not None and interval > 0 and now >= next_sample:
                next_sample += interval * max(1, int((now - next_sample) // interval) + 1)
                self.trigger("MeterValuePeriodic", context="Sample.Periodic")

    def watch_charging_state(self) -> None:
        """Tell when the charging state is another than the one told last (E01.FR.18)."""
        tx = self.current
        if tx is None or tx.connector is None:
            return
        state = self.charging_state(tx)
        if state == tx.charging_state:
            return
        before, tx.charging_state = tx.charging_state, state
        if before == "Charging" and "EnergyTransfer" in self._stop_points():
            self.end("ChargingStateChanged", "StoppedByEV" if state == "SuspendedEV" else "Other")
            return
        self.trigger("ChargingStateChanged")

    def charging_state(self, tx: Transaction) -> str:
        """ChargingStateEnumType of the plant now."""
        plant, limits = self._client.plant, self._client.smart_charging.limits
        if plant.plugged_connector is None:
            return "Idle"
        if not tx.authorized:
            return "EVConnected"
        now = self._client.time.monotonic()
        if abs(plant.readings().p_w) >= FLOWING_W and plant.contactor_closed:
            tx.flowed_at = now
            return "Charging"
        offered = max(limits.charge_w, limits.discharge_w) >= FLOWING_W and limits.setpoint_w != 0
        if tx.suspended_by_id or not offered:
            return "SuspendedEVSE"
        # the car gets a while to start, and power that crosses zero is no suspension
        patience = START_PATIENCE_S if tx.flowed_at is None else PAUSE_PATIENCE_S
        since = tx.flowed_at if tx.flowed_at is not None else tx.ready_at
        if since is not None and now - since < patience:
            return tx.charging_state if tx.charging_state in ("EVConnected", "Charging") else "SuspendedEV"
        return "SuspendedEV"

    # --- telling ---------------------------------------------------------------------------------------------------

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
        tx.seq_no += 1
        if not client.connection.online.is_set():
            payload["offline"] = True
        if tx.charged_s:
            payload["transactionInfo"]["timeSpentCharging"] = round(tx.charged_s)
        if client.model.version == "ocpp2.1" and (trigger == "OperationModeChanged" or kind == "Started"):
            payload["transactionInfo"]["operationMode"] = client.smart_charging.mode
        return payload

    def _tell(
        self,
        kind: str,
        trigger: str,
        values: list[Json] | None,
        *,
        stopped_reason: str = "",
        id_token: Json | None = None,
    ) -> None:
        tx = self.current
        if tx is None:
            return
        payload = self.event(tx, kind, trigger)
        if stopped_reason:
            payload["transactionInfo"]["stoppedReason"] = stopped_reason
        if tx.remote_start_id is not None and not tx.remote_told:
            payload["transactionInfo"]["remoteStartId"] = tx.remote_start_id
            tx.remote_told = True
        if tx.connector is not None and not tx.evse_told:
            payload["evse"] = {"id": 1, "connectorId": tx.connector}
            tx.evse_told = True
        token = id_token
        if token is None and tx.id_token is not None and tx.authorized and not tx.token_told:
            token, tx.token_told = tx.id_token, True
        if token is not None:
            payload["idToken"] = self._client.v2x.with_vehicle(token) if kind == "Started" else token
        phases = self._client.smart_charging.limits.phases
        if tx.charging_state == "Charging" and phases != tx.phases_told:
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
        elif tx is self.current and token == tx.id_token:
            self.refused_by_csms(tx)

    def refused_by_csms(self, tx: Transaction) -> None:
        """E05: the CSMS does not know the token after all."""
        if not self._client.model.flag("TxCtrlr", "StopTxOnInvalidId"):
            tx.suspended_by_id = True
            self._client.plant.enable(False)
            self.watch_charging_state()
        elif {"Authorized", "PowerPathClosed", "EnergyTransfer"} & set(self._stop_points()):
            self.end("Deauthorized", "DeAuthorized")
        else:
            self._withdraw(tx)
            tx.charging_state = "EVConnected"
            self.trigger("Deauthorized")

    def get_transaction_status(self, request: Json) -> Json:
        """E14."""
        wanted = request.get("transactionId")
        out: Json = {"messagesInQueue": self._client.outbox.holds_transaction(wanted)}
        if wanted is not None:
            out["ongoingIndicator"] = self.current is not None and self.current.id == wanted
        return out

    # --- details ---------------------------------------------------------------------------------------------------

    def _new(self) -> Transaction:
        tx = Transaction(str(uuid.uuid4()), self._client.plant.plugged_connector)
        tx.charging_state = "Idle" if tx.connector is None else "EVConnected"
        self.current = tx
        return tx

    def _announce_start(self, tx: Transaction, trigger: str) -> None:
        client = self._client
        first = client.metering.sample(
            "Transaction.Begin", client.metering.measurands("SampledDataCtrlr", "TxStartedMeasurands")
        )
        tx.begin_values = [first] if first else []
        self._tell("Started", trigger, tx.begin_values)

    def _bind(self, tx: Transaction, id_token: Json, info: Json, remote_start_id: int | None) -> None:
        tx.authorized, tx.id_token, tx.group = True, id_token, info.get("groupIdToken")
        tx.token_told = False
        if remote_start_id is not None:
            tx.remote_start_id, tx.remote_told = remote_start_id, False
        if tx.connector is not None:
            self._close_power_path(tx)

    def _close_power_path(self, tx: Transaction) -> None:
        tx.power_path_at = self._client.time.now()
        tx.ready_at = self._client.time.monotonic()
        self._client.smart_charging.transaction_started(tx.id)
        self._client.plant.enable(True)

    def _withdraw(self, tx: Transaction) -> None:
        tx.authorized, tx.id_token = False, None
        self._client.plant.enable(False)

    def _start_points(self) -> list[str]:
        return self._client.model.members("TxCtrlr", "TxStartPoint")

    def _stop_points(self) -> list[str]:
        return self._client.model.members("TxCtrlr", "TxStopPoint")

    async def _give_up_waiting(self) -> None:
        mine, waiting = self.current, self._waiting_token
        await asyncio.sleep(self._client.model.integer("TxCtrlr", "EVConnectionTimeOut"))
        if waiting is not None and self._waiting_token is waiting:
            self._waiting_token = None
        if mine is not None and mine is self.current and mine.connector is None:
            self.end("EVConnectTimeout", "Timeout")

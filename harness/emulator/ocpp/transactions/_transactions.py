"""Transactions: when they start and end, and every event told about them in sequence (block E)."""

from __future__ import annotations

import asyncio
import uuid

from harness.emulator._ports import PlantEvent
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.transactions._charging_state import Transaction, observe

TICK_S = 0.2


class Transactions:
    """Starts and ends transactions by TxStartPoint and TxStopPoint and reports their life."""

    def __init__(self, client: Client) -> None:
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
        if not self._may_begin():
            return
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
        if not self._client.reservations.admits(self._client.evse, id_token, info):
            return {"status": "NotAtThisLocation"}
        if info["status"] == "Accepted":
            self.authorized(id_token, info)
        return info

    def authorized(self, id_token: Json, info: Json, *, remote_start_id: int | None = None) -> None:
        """Somebody may charge here now; without a car the station waits EVConnectionTimeOut for one."""
        if not self._may_begin():
            return
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
        self._client.transaction_events.tell(
            tx, "Ended", trigger, values, stopped_reason=stopped_reason, id_token=id_token
        )
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
        """Tell an Updated event of the running transaction, with the trigger reason it happened for.

        Before Started was told there is nothing to update: Started tells how things stand (E01.FR.01).
        """
        tx = self.current
        if tx is None or not tx.told:
            return
        values = meter_value
        if values is None and context:
            measurands = self._client.metering.measurands("SampledDataCtrlr", "TxUpdatedMeasurands")
            sample = self._client.metering.sample(context, measurands)
            values = [sample] if sample else None
        self._client.transaction_events.tell(tx, "Updated", reason, values, id_token=id_token)

    async def run(self) -> None:
        """Watch the charging state and take samples at TxUpdatedInterval, for ever."""
        sampled_at, running = self._client.time.monotonic(), ""
        while True:
            await asyncio.sleep(TICK_S)
            now, tx = self._client.time.monotonic(), self.current
            interval = self._client.model.integer("SampledDataCtrlr", "TxUpdatedInterval")
            if tx is None or tx.id != running:
                running, sampled_at = (tx.id if tx else ""), now
                continue
            if tx.charging_state == "Charging":
                tx.charged_s += TICK_S
            self.watch_charging_state()
            if self.current is not None and interval > 0 and now >= sampled_at + interval:
                sampled_at += (now - sampled_at) // interval * interval
                self.trigger("MeterValuePeriodic", context="Sample.Periodic")

    def watch_charging_state(self) -> None:
        """Tell when the charging state is another than the one told last (E01.FR.18)."""
        tx = self.current
        if tx is None or tx.connector is None:
            return
        client = self._client
        state = observe(tx, client.plant, client.smart_charging.limits, client.time.monotonic())
        if state == tx.charging_state:
            return
        before, tx.charging_state = tx.charging_state, state
        if before == "Charging" and "EnergyTransfer" in self._stop_points():
            self.end("ChargingStateChanged", "StoppedByEV" if state == "SuspendedEV" else "Other")
            return
        self.trigger("ChargingStateChanged")

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
        self._client.transaction_events.tell(tx, "Started", trigger, tx.begin_values)

    def _bind(self, tx: Transaction, id_token: Json, info: Json, remote_start_id: int | None) -> None:
        tx.authorized, tx.id_token, tx.group = True, id_token, info.get("groupIdToken")
        tx.token_told = False
        tx.reservation_id = self._client.reservations.use(self._client.evse)
        if remote_start_id is not None:
            tx.remote_start_id, tx.remote_told = remote_start_id, False
        if tx.connector is not None:
            self._close_power_path(tx)

    def _close_power_path(self, tx: Transaction) -> None:
        tx.power_path_at = self._client.time.now()
        self._client.smart_charging.transaction_started(tx.id)
        self._client.plant.enable(True)

    def _withdraw(self, tx: Transaction) -> None:
        tx.authorized, tx.id_token = False, None
        self._client.plant.enable(False)

    def _may_begin(self) -> bool:
        # B02.FR.03, B03.FR.01: nothing begins before the CSMS accepted this boot, unless that is configured
        accepted = self._client.provisioning.status == "Accepted"
        return accepted or self.current is not None or self._client.model.flag("TxCtrlr", "TxBeforeAcceptedEnabled")

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
